import type { BlockId, Graph, StateId } from "../asl/model";
import type { Doc } from "../doc/doc";
import { type Item, spot as itemSpot } from "./catalog";
import { EditError } from "./error";
import { lead, type Place, resolve, terminalProblem, writeStates } from "./place";
import { refsOfBlock, usesJSONata } from "./refs";

/** Says why an item cannot be put at a place, or null. */
export function insertProblem(graph: Graph, place: Place, item: Pick<Item, "terminal">): string | null {
  try {
    if (item.terminal) return terminalProblem(graph, place);
    resolve(graph, place);
    return null;
  } catch (e) {
    if (e instanceof EditError) return e.message;
    throw e;
  }
}

/** Puts an item at a place and leads the flow through it; returns its first state. */
export function insert(doc: Doc, place: Place, item: Item): StateId {
  const graph = doc.graph!;
  const problem = insertProblem(graph, place, item);
  if (problem) throw new EditError(problem);
  const spot = resolve(graph, place);
  const { states } = item.make(itemSpot(graph, spot.next, usesJSONata(graph)));
  const first = states[0]![0];
  doc.transact(`Add ${item.label}`, (tx) => {
    writeStates(tx, spot.pointer, spot.after, states);
    lead(tx, graph, spot, first);
  });
  return first;
}

/** The place at the end of a block, for adding with nothing selected. */
export function placeAtEnd(graph: Graph, block: BlockId = ""): Place {
  const states = graph.blocks.get(block)?.states ?? [];
  if (states.length === 0) return { kind: "empty", block };
  const open = states.findLast((id) => {
    const s = graph.states.get(id)!;
    const goes = refsOfBlock(graph, block).some((r) => r.from === id && r.kind === "next");
    return !goes && !["Succeed", "Fail", "Choice"].includes(s.type);
  });
  if (open !== undefined) return { kind: "after", state: open };
  const done = states.find((id) => graph.states.get(id)!.type === "Succeed");
  return done === undefined ? { kind: "start", block } : { kind: "before", state: done };
}
