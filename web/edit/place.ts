// A place where states can be put, and how the flow is led through them.
import type { BlockId, Edge, Graph, StateId } from "../asl/model";
import type { JsonPath } from "../doc/json";
import type { Tx } from "../doc/tx";
import { EditError } from "./error";
import { blockOf, isTerminal, type Ref, refOfEdge, refsOfBlock, refsTo, stateOf, statePath } from "./refs";

export type Place =
  | { kind: "start"; block: BlockId }
  | { kind: "edge"; edge: Pick<Edge, "from" | "to" | "kind" | "index"> }
  | { kind: "after"; state: StateId }
  | { kind: "before"; state: StateId }
  | { kind: "empty"; block: BlockId };

/** A place, worked out: what is turned to the new state, and what follows it. */
export interface Spot {
  block: BlockId;
  pointer: JsonPath;
  refs: Ref[];
  /** A state that ended the flow (or led nowhere) and now goes on. */
  ended: StateId | null;
  next: StateId | null;
  /** The neighbour in the text. */
  after: StateId | null;
}

export function resolve(graph: Graph, place: Place): Spot {
  switch (place.kind) {
    case "empty":
    case "start": {
      const block = graph.blocks.get(place.block);
      if (!block) throw new EditError("This block is gone. Choose another place.");
      const refs = refsOfBlock(graph, place.block).filter((r) => r.kind === "start");
      const first = block.startAt && graph.states.has(block.startAt) ? block.startAt : null;
      return { block: block.id, pointer: block.pointer, refs, ended: null, next: first, after: null };
    }
    case "edge": {
      if (place.edge.kind === "start")
        return resolve(graph, { kind: "start", block: stateOf(graph, place.edge.to).block });
      const ref = refOfEdge(graph, place.edge);
      if (!ref) return resolve(graph, { kind: "after", state: place.edge.from });
      const block = blockOf(graph, place.edge.from);
      const known = graph.states.has(ref.to) ? ref.to : null;
      return { block: block.id, pointer: block.pointer, refs: [ref], ended: null, next: known, after: place.edge.from };
    }
    case "before": {
      const block = blockOf(graph, place.state);
      const refs = refsTo(graph, place.state).filter((r) => r.from !== place.state);
      const at = block.states.indexOf(place.state);
      const after = block.states[at - 1] ?? null;
      return { block: block.id, pointer: block.pointer, refs, ended: null, next: place.state, after };
    }
    case "after":
      return resolveAfter(graph, place.state);
  }
}

function resolveAfter(graph: Graph, id: StateId): Spot {
  const state = stateOf(graph, id);
  const block = blockOf(graph, id);
  if (isTerminal(state.type)) {
    throw new EditError(`“${id}” ends the flow, so nothing can follow it. Add the step before it instead.`);
  }
  const refs = refsOfBlock(graph, block.id).filter((r) => r.from === id);
  const base = { block: block.id, pointer: block.pointer, after: id };
  if (state.type === "Choice") {
    const ref = refs.find((r) => r.kind === "default") ?? refs.find((r) => r.kind === "choice");
    if (!ref) throw new EditError(`“${id}” has no rule to follow. Add one in its Setup.`);
    return { ...base, refs: [ref], ended: null, next: graph.states.has(ref.to) ? ref.to : null };
  }
  const next = refs.find((r) => r.kind === "next");
  if (!next) return { ...base, refs: [], ended: id, next: null };
  return { ...base, refs: [next], ended: null, next: graph.states.has(next.to) ? next.to : null };
}

/** Says why something after which nothing follows cannot stand here, or null. */
export function terminalProblem(graph: Graph, place: Place): string | null {
  const spot = resolve(graph, place);
  if (!spot.next) return null;
  const others = refsTo(graph, spot.next).filter((r) => !spot.refs.some((s) => String(s.path) === String(r.path)));
  if (others.length > 0) return null;
  return `It would end the flow before “${spot.next}”, which would never run. Add it at an end, or on one way of a choice.`;
}

/** Leads the flow at `spot` to the state `to`. */
export function lead(tx: Tx, graph: Graph, spot: Spot, to: StateId): void {
  for (const ref of spot.refs) tx.set(ref.path, to);
  if (spot.refs.length === 0 && !spot.ended) tx.set([...spot.pointer, "StartAt"], to);
  if (spot.ended) setNext(tx, statePath(graph, spot.ended), to);
}

/** Makes a state go on to `to`, or end with null; End and Next change places in the text. */
export function setNext(tx: Tx, path: JsonPath, to: StateId | null): void {
  const had = tx.has([...path, "Next"]);
  const ended = tx.has([...path, "End"]);
  if (to !== null) {
    if (!had && ended) tx.rename([...path, "End"], "Next");
    tx.set([...path, "Next"], to);
    if (had && ended) tx.remove([...path, "End"]);
  } else {
    if (had && !ended) tx.rename([...path, "Next"], "End");
    else if (had) tx.remove([...path, "Next"]);
    tx.set([...path, "End"], true);
  }
}

/** Writes states into a block, after one of its states or at its beginning. */
export function writeStates(
  tx: Tx,
  pointer: JsonPath,
  after: StateId | null,
  states: readonly (readonly [string, unknown])[],
): void {
  const home = [...pointer, "States"];
  if (!tx.has(home)) tx.set(home, {});
  const keys = tx.keys(home);
  const before = after === null ? keys[0] : keys[keys.indexOf(after) + 1];
  for (const [name, json] of states) {
    if (before === undefined) tx.set([...home, name], json);
    else tx.insertBefore([...home, name], json, before);
  }
}
