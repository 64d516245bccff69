// Blocks inside states: branches of a Parallel, and wrapping what stands there already.
import type { Graph, StateId } from "../asl/model";
import type { Doc } from "../doc/doc";
import { Tx } from "../doc/tx";
import { EditError } from "./error";
import { freeName } from "./names";
import { setNext, writeStates } from "./place";
import { blockOf, isTerminal, type Json, refsIn, refsTo, stateOf, statePath } from "./refs";

/** Adds a branch with one Pass to a Parallel. */
export function addBranch(doc: Doc, id: StateId): StateId {
  const graph = doc.graph!;
  const path = [...statePath(graph, id), "Branches"];
  const count = stateOf(graph, id).blocks.length;
  const name = freeName(graph, `Branch ${count + 1}`);
  doc.transact(`Add branch to ${id}`, (tx) => {
    tx.push(path, { StartAt: name, States: { [name]: { Type: "Pass", End: true } } });
  });
  return name;
}

/** Takes a branch and its states away. */
export function removeBranch(doc: Doc, id: StateId, index: number): void {
  const graph = doc.graph!;
  const branches = stateOf(graph, id).json.Branches;
  if (Array.isArray(branches) && branches.length < 2) {
    throw new EditError(`“${id}” needs at least one branch. Delete the whole state instead.`);
  }
  doc.transact(`Remove branch of ${id}`, (tx) => tx.remove([...statePath(graph, id), "Branches", index]));
}

export type Wrapper = "Parallel" | "Map";

/** The states of a chain in their order, when each goes on to the next one and nobody else comes in between. */
function chainOf(graph: Graph, ids: readonly StateId[]): StateId[] {
  const set = new Set(ids);
  const entries = ids.filter((id) => refsTo(graph, id).some((r) => r.from === null || !set.has(r.from)));
  const first = entries[0] ?? ids[0];
  if (first === undefined) throw new EditError("Select a state to wrap first.");
  if (entries.length > 1) throw new EditError("These states have more than one way in. Wrap them one by one.");
  const chain: StateId[] = [];
  for (let id: StateId | undefined = first; id !== undefined && set.has(id) && !chain.includes(id); ) {
    chain.push(id);
    const refs: { kind: string; to: string }[] = refsIn(stateOf(graph, id).json);
    id = refs.find((r) => r.kind === "next")?.to;
  }
  if (chain.length !== set.size) throw new EditError("These states do not follow each other. Wrap them one by one.");
  return chain;
}

/** Puts states that follow each other into a new Parallel or Map; returns its name. */
export function wrap(doc: Doc, ids: readonly StateId[], kind: Wrapper): StateId {
  const graph = doc.graph!;
  const chain = chainOf(graph, ids);
  for (const id of chain) {
    const state = stateOf(graph, id);
    if (state.type === "Choice")
      throw new EditError(`The rules of “${id}” lead outside. Wrap the states behind it instead.`);
    if (chain.length > 1 && Array.isArray(state.json.Catch)) {
      throw new EditError(`The error handlers of “${id}” lead outside. Wrap it alone.`);
    }
  }
  const first = chain[0]!;
  const last = chain.at(-1)!;
  const block = blockOf(graph, first);
  const name = freeName(graph, kind === "Map" ? "For each item" : "Parallel");
  const next = refsIn(stateOf(graph, last).json).find((r) => r.kind === "next")?.to ?? null;
  doc.transact(`Wrap ${chain.join(", ")} in ${kind}`, (tx) => {
    const caught = chain.length === 1 ? tx.get([...statePath(graph, first), "Catch"]) : undefined;
    const states: Json = {};
    for (const id of chain) {
      const raw = tx.raw(statePath(graph, id));
      const own = new Tx(raw.text);
      if (caught !== undefined) own.remove(["Catch"]);
      if (id === last && !isTerminal(stateOf(graph, id).type)) setNext(own, [], null);
      states[id] = own.rawWhole(raw.lead);
    }
    const body = { StartAt: first, States: states };
    const shell =
      kind === "Parallel"
        ? { Type: kind, Branches: [body] }
        : { Type: kind, ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...body } };
    const rest = {
      ...(caught === undefined ? {} : { Catch: caught }),
      ...(next === null ? { End: true } : { Next: next }),
    };
    tx.setAll(
      refsTo(graph, first)
        .filter((r) => r.from === null || !chain.includes(r.from))
        .map((r) => ({ path: r.path, value: name })),
    );
    writeStates(tx, block.pointer, last, [[name, { ...shell, ...rest }]]);
    for (const id of chain) tx.remove([...block.pointer, "States", id]);
  });
  return name;
}

/** The names of a Parallel's branches for people: their first state. */
export function branchNames(graph: Graph, id: StateId): string[] {
  return stateOf(graph, id).blocks.map((b, i) => graph.blocks.get(b)?.startAt || `Branch ${i + 1}`);
}
