import type { Edge, Graph, StateId } from "../asl/model";
import type { Doc } from "../doc/doc";
import type { JsonPath } from "../doc/json";
import type { Tx } from "../doc/tx";
import { EditError } from "./error";
import { setNext } from "./place";
import { isTerminal, refOfEdge, stateOf, statePath, usesJSONata } from "./refs";

/** Says why two states cannot be joined, or null. */
export function connectProblem(graph: Graph, from: StateId, to: StateId): string | null {
  const a = stateOf(graph, from);
  const b = stateOf(graph, to);
  if (isTerminal(a.type)) return `“${from}” ends the flow. Change its type, or connect from another state.`;
  if (a.block !== b.block) return `“${to}” is in another block. Connections stay inside their branch.`;
  if (from === to && a.type !== "Choice") return `“${from}” would repeat itself for ever. Put a Choice between.`;
  return null;
}

/** Joins two states: `from` goes on to `to`; a choice gets one more rule. */
export function connect(doc: Doc, from: StateId, to: StateId): void {
  const graph = doc.graph!;
  const problem = connectProblem(graph, from, to);
  if (problem) throw new EditError(problem);
  const path = statePath(graph, from);
  doc.transact(`Connect ${from} to ${to}`, (tx) => {
    if (stateOf(graph, from).type !== "Choice") setNext(tx, path, to);
    else if (tx.has([...path, "Default"])) tx.push([...path, "Choices"], newRule(graph, from, to));
    else tx.set([...path, "Default"], to);
  });
}

/** A choice rule that is valid and easy to see through. */
export function newRule(graph: Graph, id: StateId, to: StateId): Record<string, unknown> {
  return usesJSONata(graph, id)
    ? { Condition: "{% $exists($states.input.value) %}", Next: to }
    : { Variable: "$.value", IsPresent: true, Next: to };
}

/** Leads an edge to another state. */
export function reconnect(doc: Doc, edge: Edge, to: StateId): void {
  const graph = doc.graph!;
  if (edge.kind !== "start" && stateOf(graph, edge.from).block !== stateOf(graph, to).block) {
    throw new EditError(`“${to}” is in another block. Connections stay inside their branch.`);
  }
  const ref = refOfEdge(graph, edge);
  if (ref) doc.transact(`Connect ${edge.from} to ${to}`, (tx) => tx.set(ref.path, to));
}

/** Takes an edge away: the state ends there, or loses that rule, default or catcher. */
export function disconnect(doc: Doc, edge: Edge): void {
  const graph = doc.graph!;
  if (edge.kind === "start")
    throw new EditError("A workflow starts somewhere. Lead the start to another state instead.");
  const path = statePath(graph, edge.from);
  const rules = stateOf(graph, edge.from).json.Choices;
  if (edge.kind === "choice" && Array.isArray(rules) && rules.length < 2) {
    throw new EditError(`“${edge.from}” needs at least one rule. Lead this one elsewhere, or delete the choice.`);
  }
  doc.transact(`Disconnect ${edge.from} from ${edge.to}`, (tx) => drop(tx, path, edge));
}

function drop(tx: Tx, path: JsonPath, edge: Pick<Edge, "kind" | "index">): void {
  switch (edge.kind) {
    case "next":
      setNext(tx, path, null);
      break;
    case "default":
      tx.remove([...path, "Default"]);
      break;
    case "choice":
      dropItem(tx, [...path, "Choices"], edge.index);
      break;
    case "catch":
      dropItem(tx, [...path, "Catch"], edge.index);
      break;
    case "start":
      break;
  }
}

/** Removes an item of a list, and the list with its last item. */
export function dropItem(tx: Tx, list: JsonPath, index: number): void {
  const items = tx.get(list);
  if (Array.isArray(items) && items.length === 1) tx.remove(list);
  else tx.remove([...list, index]);
}
