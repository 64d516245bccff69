// The lists that states carry: rules of a choice, retriers, catchers.
import type { Graph, StateId } from "../asl/model";
import type { Doc } from "../doc/doc";
import { dropItem, newRule } from "./connect";
import { EditError } from "./error";
import { blockOf, stateOf, statePath, usesJSONata } from "./refs";

export type ListName = "Choices" | "Retry" | "Catch";

const words: Record<ListName, string> = { Choices: "rule", Retry: "retrier", Catch: "catcher" };

/** Adds a rule that leads to `to`, or to where the choice leads otherwise. */
export function addRule(doc: Doc, id: StateId, to?: StateId): void {
  const graph = doc.graph!;
  const state = stateOf(graph, id);
  const fallback = typeof state.json.Default === "string" ? state.json.Default : anyOther(graph, id);
  const target = to ?? fallback;
  if (!target) throw new EditError("There is no other state to go to. Add one first.");
  doc.transact(`Add rule to ${id}`, (tx) => tx.push([...statePath(graph, id), "Choices"], newRule(graph, id, target)));
}

function anyOther(graph: Graph, id: StateId): StateId | undefined {
  const others = blockOf(graph, id).states.filter((s) => s !== id);
  const at = blockOf(graph, id).states.indexOf(id);
  return others[at] ?? others.at(-1);
}

export function addRetrier(doc: Doc, id: StateId): void {
  const graph = doc.graph!;
  const list = stateOf(graph, id).json.Retry;
  // States.ALL has to stand alone and last, so a second retrier names something else and goes before it.
  const all = Array.isArray(list) && list.some((r) => JSON.stringify(r?.ErrorEquals) === '["States.ALL"]');
  const retrier = {
    ErrorEquals: [all ? "States.Timeout" : "States.ALL"],
    IntervalSeconds: 1,
    MaxAttempts: 3,
    BackoffRate: 2,
  };
  const path = [...statePath(graph, id), "Retry"];
  doc.transact(`Add retrier to ${id}`, (tx) => {
    if (all) tx.insertBefore([...path, list.length - 1], retrier, list.length - 1);
    else tx.push(path, retrier);
  });
}

/** Adds a catcher that leads to `to`, or to another state of the block. */
export function addCatcher(doc: Doc, id: StateId, to?: StateId): void {
  const graph = doc.graph!;
  const others = blockOf(graph, id).states.filter((s) => s !== id);
  const target = to ?? others.find((s) => graph.states.get(s)?.type === "Fail") ?? anyOther(graph, id);
  if (!target) throw new EditError("There is no other state to go to. Add one that handles the error first.");
  const list = stateOf(graph, id).json.Catch;
  const all = Array.isArray(list) && list.some((c) => JSON.stringify(c?.ErrorEquals) === '["States.ALL"]');
  const kept = usesJSONata(graph, id) ? {} : { ResultPath: "$.error" };
  const catcher = { ErrorEquals: [all ? "States.Timeout" : "States.ALL"], ...kept, Next: target };
  const path = [...statePath(graph, id), "Catch"];
  doc.transact(`Add catcher to ${id}`, (tx) => {
    if (all) tx.insertBefore([...path, list.length - 1], catcher, list.length - 1);
    else tx.push(path, catcher);
  });
}

export function removeListItem(doc: Doc, id: StateId, list: ListName, index: number): void {
  const graph = doc.graph!;
  const items = stateOf(graph, id).json[list];
  if (list === "Choices" && Array.isArray(items) && items.length < 2) {
    throw new EditError(`“${id}” needs at least one rule. Change this one, or delete the choice.`);
  }
  doc.transact(`Remove ${words[list]} of ${id}`, (tx) => dropItem(tx, [...statePath(graph, id), list], index));
}

/** Moves an item up (-1) or down (1): rules, retriers and catchers are tried in their order. */
export function moveListItem(doc: Doc, id: StateId, list: ListName, index: number, by: -1 | 1): void {
  const graph = doc.graph!;
  const path = [...statePath(graph, id), list];
  doc.transact(`Move ${words[list]} of ${id}`, (tx) => {
    const items = tx.get(path);
    const other = index + by;
    if (!Array.isArray(items) || other < 0 || other >= items.length) return;
    const a = tx.raw([...path, index]);
    const b = tx.raw([...path, other]);
    tx.set([...path, index], b);
    tx.set([...path, other], a);
  });
}
