// Where states point to each other. Everything that follows, joins or renames
// goes through these lists, so that no kind of reference is forgotten.
import type { Block, BlockId, Edge, EdgeKind, Graph, StateId, StateRec } from "../asl/model";
import type { JsonPath } from "../doc/json";

export type Json = Record<string, unknown>;

/** One reference from a state (or from the start of its block) to a state by name. */
export interface Ref {
  /** Null for the block's StartAt. */
  from: StateId | null;
  kind: EdgeKind;
  index: number;
  path: JsonPath;
  to: string;
}

export function blockOf(graph: Graph, id: StateId): Block {
  return graph.blocks.get(stateOf(graph, id).block)!;
}

export function stateOf(graph: Graph, id: StateId): StateRec {
  const state = graph.states.get(id);
  if (!state) throw new Error(`there is no state "${id}"`);
  return state;
}

export function statePath(graph: Graph, id: StateId): JsonPath {
  return [...blockOf(graph, id).pointer, "States", stateOf(graph, id).name];
}

/** The references that a state's JSON makes, with paths inside that JSON. */
export function refsIn(json: Json): Omit<Ref, "from">[] {
  const refs: Omit<Ref, "from">[] = [];
  if (typeof json.Next === "string") refs.push({ kind: "next", index: 0, path: ["Next"], to: json.Next });
  for (const [kind, field] of [
    ["choice", "Choices"],
    ["catch", "Catch"],
  ] as const) {
    const list = json[field];
    if (!Array.isArray(list)) continue;
    list.forEach((item: unknown, index) => {
      const to = (item as Json | null)?.Next;
      if (typeof to === "string") refs.push({ kind, index, path: [field, index, "Next"], to });
    });
  }
  if (typeof json.Default === "string") refs.push({ kind: "default", index: 0, path: ["Default"], to: json.Default });
  return refs;
}

/** All references inside one block. */
export function refsOfBlock(graph: Graph, id: BlockId): Ref[] {
  const block = graph.blocks.get(id);
  if (!block) return [];
  const refs: Ref[] = [];
  if (block.startAt) {
    refs.push({ from: null, kind: "start", index: 0, path: [...block.pointer, "StartAt"], to: block.startAt });
  }
  for (const name of block.states) {
    const home = [...block.pointer, "States", name];
    for (const ref of refsIn(stateOf(graph, name).json))
      refs.push({ ...ref, from: name, path: [...home, ...ref.path] });
  }
  return refs;
}

export function refsTo(graph: Graph, id: StateId): Ref[] {
  return refsOfBlock(graph, stateOf(graph, id).block).filter((r) => r.to === id);
}

/** The reference that an edge draws. */
export function refOfEdge(graph: Graph, edge: Pick<Edge, "from" | "kind" | "index" | "to">): Ref | undefined {
  if (edge.kind === "start") {
    const block = graph.states.get(edge.to)?.block;
    return block === undefined ? undefined : refsOfBlock(graph, block).find((r) => r.kind === "start");
  }
  const state = graph.states.get(edge.from);
  if (!state) return undefined;
  const refs = refsOfBlock(graph, state.block).filter((r) => r.from === edge.from && r.kind === edge.kind);
  return refs.find((r) => r.index === edge.index && r.to === edge.to) ?? refs.find((r) => r.to === edge.to);
}

/** Succeed and Fail: nothing follows them. */
export function isTerminal(type: string): boolean {
  return type === "Succeed" || type === "Fail";
}

export function usesJSONata(graph: Graph, id?: StateId | null): boolean {
  const own = id ? graph.states.get(id)?.json.QueryLanguage : undefined;
  const root = graph.json as Json | null;
  return (typeof own === "string" ? own : root?.QueryLanguage) === "JSONata";
}
