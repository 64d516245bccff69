// The clipboard is States Language: a copied state is a machine of its own that
// can be pasted here, into another window, or into AWS.

import type { Graph, StateId } from "../asl/model";
import { parseDefinition } from "../asl/parse";
import type { Doc } from "../doc/doc";
import { Tx } from "../doc/tx";
import { EditError } from "./error";
import { lead, type Place, resolve, setNext, terminalProblem, writeStates } from "./place";
import { isTerminal, type Json, refsIn, stateOf, statePath } from "./refs";
import { freeNames } from "./state";

/** A state as a definition that is valid alone: what it led to is left out. */
export function copy(doc: Doc, id: StateId): string {
  const graph = doc.graph!;
  const raw = new Tx(doc.text).raw(statePath(graph, id));
  const own = new Tx(raw.text);
  const type = stateOf(graph, id).type;
  if (!isTerminal(type) && type !== "Choice") setNext(own, [], null);
  own.remove(["Catch"]);
  const tx = new Tx("{}");
  tx.set(["StartAt"], id);
  tx.set(["States"], { [id]: own.rawWhole(raw.lead) });
  return tx.text;
}

/** Reads a machine, a map of states, `"Name": {…}` or one bare state as a machine's text. */
function asMachine(text: string): string | null {
  const trimmed = text.trim().replace(/,$/, "");
  for (const attempt of [trimmed, `{${trimmed}}`]) {
    let json: unknown;
    try {
      json = JSON.parse(attempt);
    } catch {
      continue;
    }
    if (!isObject(json)) continue;
    if (isObject(json.States)) return attempt;
    if (typeof json.Type === "string") return `{"StartAt": "Pasted", "States": {"Pasted": ${attempt}}}`;
    const values = Object.values(json);
    if (values.length > 0 && values.every((v) => isObject(v) && typeof v.Type === "string")) {
      return `{"StartAt": ${JSON.stringify(Object.keys(json)[0])}, "States": ${attempt}}`;
    }
  }
  return null;
}

function isObject(v: unknown): v is Json {
  return typeof v === "object" && v !== null && !Array.isArray(v);
}

export interface Pasted {
  first: StateId;
  count: number;
  /** What was changed so that the states fit in, in words. */
  notes: string[];
}

/** Puts states from the clipboard at a place, with names of their own and with every loose end joined. */
export function paste(doc: Doc, text: string, place: Place): Pasted {
  const graph = doc.graph!;
  const machine = asMachine(text);
  if (machine === null) throw new EditError("The clipboard holds no states. Copy a state or its JSON first.");
  const { tx: own, names } = freeNames(machine, graph);
  const spot = resolve(graph, place);
  const fragment = parseDefinition(own.text).graph;
  const block = fragment?.blocks.get("");
  if (!fragment || !block || block.states.length === 0)
    throw new EditError("The clipboard holds no states. Copy a state or its JSON first.");
  const notes = [...names].map(([from, to]) => `“${from}” is called “${to}” here`);
  const first = block.startAt && block.states.includes(block.startAt) ? block.startAt : block.states[0]!;
  const open = join(own, fragment, spot.next, notes);
  if (!open && spot.next !== null && !goesOn(own, fragment, spot.next, notes)) {
    const problem = terminalProblem(graph, place);
    if (problem) throw new EditError(problem);
  }
  doc.transact(`Paste ${block.states.length === 1 ? first : `${block.states.length} states`}`, (tx) => {
    const order = [first, ...block.states.filter((s) => s !== first)];
    writeStates(
      tx,
      spot.pointer,
      spot.after,
      order.map((id) => [id, own.raw(["States", id])] as const),
    );
    lead(tx, graph, spot, first);
  });
  return { first, count: block.states.length, notes };
}

/** Lets a machine that ends in Succeed go on instead; false when it has none. */
function goesOn(own: Tx, fragment: Graph, next: StateId, notes: string[]): boolean {
  const ends = fragment.blocks.get("")!.states.filter((id) => stateOf(fragment, id).type === "Succeed");
  for (const id of ends) {
    own.set(["States", id, "Type"], "Pass");
    setNext(own, ["States", id], next);
    notes.push(`“${id}” goes on here instead of ending`);
  }
  return ends.length > 0;
}

/** Leads every loose end of the fragment to what follows; says whether there was one. */
function join(own: Tx, fragment: Graph, next: StateId | null, notes: string[]): boolean {
  const known = new Set(fragment.blocks.get("")!.states);
  let open = false;
  for (const id of known) {
    const state = stateOf(fragment, id);
    const path = ["States", id];
    const loose = refsIn(state.json).filter((r) => !known.has(r.to));
    for (const ref of loose.toSorted((a, b) => b.index - a.index)) {
      notes.push(`“${id}” no longer leads to “${ref.to}”`);
      if (ref.kind === "next") continue;
      if (next !== null) own.set([...path, ...ref.path], next);
      else if (ref.kind === "default") own.remove([...path, "Default"]);
      else own.remove([...path, ...ref.path.slice(0, 2)]);
      open = true;
    }
    for (const list of ["Catch", "Choices"]) {
      const items = own.get([...path, list]);
      if (Array.isArray(items) && items.length === 0) own.remove([...path, list]);
    }
    if (isTerminal(state.type) || state.type === "Choice") continue;
    const ends = !refsIn(state.json).some((r) => r.kind === "next" && known.has(r.to));
    if (!ends) continue;
    open = true;
    setNext(own, path, next);
  }
  return open;
}
