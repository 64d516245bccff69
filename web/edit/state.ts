// Changes of one state as a whole: its name, its place, its end.

import type { BlockId, Graph, StateId } from "../asl/model";
import { parseDefinition } from "../asl/parse";
import type { Doc } from "../doc/doc";
import type { JsonPath, Raw } from "../doc/json";
import { Tx } from "../doc/tx";
import { dropItem } from "./connect";
import { EditError } from "./error";
import { freeName, nameProblem } from "./names";
import { lead, type Place, resolve, setNext, terminalProblem, writeStates } from "./place";
import { blockOf, isTerminal, type Json, type Ref, refsIn, refsTo, stateOf, statePath } from "./refs";

/** Gives a state another name, everywhere it is named. */
export function rename(doc: Doc, id: StateId, name: string): void {
  const graph = doc.graph!;
  if (name === id) return;
  const problem = nameProblem(graph, id, name);
  if (problem) throw new EditError(problem);
  doc.transact(`Rename ${id} to ${name}`, (tx) => renameIn(tx, graph, id, name));
}

/** The same inside a transaction, or inside a copied fragment. */
function renameIn(tx: Tx, graph: Graph, id: StateId, name: string): void {
  tx.setAll(refsTo(graph, id).map((r) => ({ path: r.path, value: name })));
  tx.rename(statePath(graph, id), name);
}

/** The state that takes over when `id` goes: its Next, a choice's Default or first rule. */
export function successor(graph: Graph, id: StateId): StateId | null {
  const refs = refsIn(stateOf(graph, id).json).filter((r) => r.to !== id && graph.states.has(r.to));
  const pick = (kind: Ref["kind"]): StateId | undefined => refs.find((r) => r.kind === kind)?.to;
  return pick("next") ?? pick("default") ?? pick("choice") ?? null;
}

/** Deletes a state and joins what led to it with what followed. */
export function remove(doc: Doc, id: StateId): void {
  const graph = doc.graph!;
  doc.transact(`Delete ${id}`, (tx) => removeIn(tx, graph, id));
}

function removeIn(tx: Tx, graph: Graph, id: StateId): void {
  const next = successor(graph, id);
  const refs = refsTo(graph, id).filter((r) => r.from !== id);
  if (next !== null) {
    // A choice whose rule and default now lead to the same state keeps both: the rule may carry an Assign.
    tx.setAll(refs.map((r) => ({ path: r.path, value: next })));
  } else {
    // Later items first, so that the indices of the earlier ones hold.
    for (const ref of refs.toSorted((a, b) => b.index - a.index)) cut(tx, graph, ref, id);
  }
  tx.remove(statePath(graph, id));
}

/** Takes away a reference to a state that ended the flow. */
function cut(tx: Tx, graph: Graph, ref: Ref, gone: StateId): void {
  if (ref.from === null) {
    const others = blockOf(graph, gone).states.filter((s) => s !== gone);
    tx.set(ref.path, others[0] ?? "");
    return;
  }
  const path = statePath(graph, ref.from);
  switch (ref.kind) {
    case "catch":
      dropItem(tx, [...path, "Catch"], ref.index);
      break;
    case "default":
      tx.remove(ref.path);
      break;
    case "choice":
      cutRule(tx, path, ref, gone);
      break;
    default:
      setNext(tx, path, null);
  }
}

function cutRule(tx: Tx, path: JsonPath, ref: Ref, gone: StateId): void {
  const rules = tx.get([...path, "Choices"]);
  const other = tx.get([...path, "Default"]);
  if (Array.isArray(rules) && rules.length > 1) tx.remove([...path, "Choices", ref.index]);
  else if (typeof other === "string" && other !== gone) tx.set(ref.path, other);
  // Nothing is left to choose: the step stays, as a Pass that ends the flow.
  else tx.set(path, { Type: "Pass", End: true });
}

/** Puts a copy of a state after it; returns the copy's name. */
export function duplicate(doc: Doc, id: StateId): StateId {
  const graph = doc.graph!;
  const state = stateOf(graph, id);
  const path = statePath(graph, id);
  let name = "";
  doc.transact(`Duplicate ${id}`, (tx) => {
    const copy = copyOf(tx.raw(path), id, graph);
    name = copy.name;
    writeStates(tx, blockOf(graph, id).pointer, id, [[name, copy.json]]);
    if (state.type === "Choice") {
      for (const ref of refsTo(graph, id).filter((r) => r.from !== id)) tx.set(ref.path, name);
      tx.set([...blockOf(graph, id).pointer, "States", name, "Default"], id);
    } else if (!isTerminal(state.type)) {
      setNext(tx, path, name);
    }
  });
  return name;
}

/** A state's text with free names for itself and for all states inside it. */
function copyOf(raw: Raw, id: StateId, graph: Graph): { name: string; json: Raw } {
  const freed = freeNames(wrapText(id, raw), graph);
  return { name: freed.names.get(id) ?? id, json: freed.tx.raw(["States", freed.names.get(id) ?? id]) };
}

function wrapText(id: string, raw: Raw): string {
  return `{"StartAt": ${JSON.stringify(id)}, "States": {\n${JSON.stringify(id)}: ${raw.at("")}\n}}`;
}

/** Renames the states of a fragment so that `graph` has none of their names. */
export function freeNames(text: string, graph: Graph | null): { tx: Tx; names: Map<string, string> } {
  const tx = new Tx(text);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const own = parseDefinition(text).graph;
  for (const id of own?.states.keys() ?? []) {
    taken.add(id);
  }
  for (const id of own?.states.keys() ?? []) {
    if (!graph?.states.has(id)) continue;
    const now = parseDefinition(tx.text).graph;
    if (!now?.states.has(id)) continue;
    const name = freeName(graph, id, taken);
    taken.add(name);
    names.set(id, name);
    renameIn(tx, now, id, name);
  }
  return { tx, names };
}

/** Says why a state cannot be moved to a place, or null. */
export function moveProblem(graph: Graph, id: StateId, place: Place): string | null {
  const state = stateOf(graph, id);
  const block = placeBlock(graph, place);
  if (block === null || inside(graph, id, block)) return `“${id}” cannot be put into itself.`;
  if (block !== state.block) {
    if (state.type === "Choice")
      return `The rules of “${id}” lead to states of its block, so it stays there. Add a new Choice instead.`;
    if (Array.isArray(state.json.Catch))
      return `The error handlers of “${id}” are in its block. Remove its catchers first, then move it.`;
  }
  if (!touches(graph, id, place) && isTerminal(state.type)) return terminalProblem(graph, place);
  return null;
}

/** Whether a move to this place would change nothing. */
export function touches(graph: Graph, id: StateId, place: Place): boolean {
  if (place.kind === "edge") return place.edge.from === id || place.edge.to === id;
  if (place.kind === "after" || place.kind === "before") return place.state === id;
  return place.kind === "start" && graph.blocks.get(place.block)?.startAt === id;
}

function placeBlock(graph: Graph, place: Place): BlockId | null {
  if (place.kind === "start" || place.kind === "empty") return place.block;
  return graph.states.get(place.kind === "edge" ? place.edge.from : place.state)?.block ?? null;
}

/** Whether a block is inside a state, at any depth. */
function inside(graph: Graph, id: StateId, block: BlockId): boolean {
  let owner = graph.blocks.get(block)?.owner ?? null;
  while (owner !== null) {
    if (owner === id) return true;
    owner = graph.blocks.get(graph.states.get(owner)?.block ?? "")?.owner ?? null;
  }
  return false;
}

/** Takes a state out of its place and puts it into another, as it is written. */
export function move(doc: Doc, id: StateId, place: Place): void {
  const graph = doc.graph!;
  if (touches(graph, id, place)) return;
  const problem = moveProblem(graph, id, place);
  if (problem) throw new EditError(problem);
  doc.transact(`Move ${id}`, (tx) => {
    const raw = tx.raw(statePath(graph, id));
    removeIn(tx, graph, id);
    const between = parseDefinition(tx.text).graph;
    if (!between) throw new EditError(`“${id}” cannot be moved there.`);
    const spot = resolve(between, place);
    writeStates(tx, spot.pointer, spot.after, [[id, raw]]);
    const path = [...spot.pointer, "States", id];
    const json = tx.get(path) as Json;
    if (json.Type === "Choice") {
      if (spot.next !== null) tx.set([...path, "Default"], spot.next);
    } else if (!isTerminal(String(json.Type))) {
      setNext(tx, path, spot.next);
    }
    lead(tx, between, spot, id);
  });
}
