// The document of the designer.
//
// Context: a definition is written by people. Its comments, the order of its
// keys and the way its numbers are written are theirs, and the code editor shows
// them beside the canvas. ARCHITECTURE speaks of a flat map of records; a map
// that is printed back to JSON would lose all of that.
//
// Choice: the text is the document. Records (`graph`) are read from it after
// every change; a change is a list of small replacements of text, made inside
// one `transact`. Undo puts the replaced text back, last first.
//
// Price: every change parses the text again (about 15 ms for 1,000 states).

import type { Graph } from "../asl/model";
import { parseDefinition } from "../asl/parse";
import { apply, type Edit } from "./json";
import { Tx } from "./tx";

export interface Mistake {
  offset: number;
  length: number;
  message: string;
}

/** Text that was replaced, and by what: enough to go both ways. */
export interface Patch {
  at: number;
  removed: string;
  inserted: string;
}

/** One intention of the person: what one undo takes back. */
export interface Entry {
  name: string;
  patches: Patch[];
  at: number;
  /** Entries with the same key that follow each other closely are one intention. */
  merge?: string;
}

export type Origin = "edit" | "code" | "field" | "undo" | "load";
export interface DocChange {
  origin: Origin;
  name: string;
  patches: Patch[];
  merge?: string;
}

/** Thrown when a change is asked for while the text is not valid JSON. */
export class StaleError extends Error {}

const mergeWindow = 1500;
const maxEntries = 500;

export class Doc {
  text: string;
  /** Read from the last text that could be read; see `stale`. */
  graph: Graph | null = null;
  mistakes: Mistake[] = [];
  stale = false;
  #undo: Entry[] = [];
  #redo: Entry[] = [];
  #listeners = new Set<(change: DocChange) => void>();
  #now: () => number;

  constructor(text: string, now: () => number = Date.now) {
    this.text = text;
    this.#now = now;
    this.#read();
  }

  /** Runs `change` as one entry that can be undone. Nothing happens when it throws. */
  transact(name: string, change: (tx: Tx) => void, opts: { merge?: string; origin?: Origin } = {}): boolean {
    if (this.stale || !this.graph)
      throw new StaleError("The code has a mistake, so changes in the picture wait until it is mended.");
    const tx = new Tx(this.text);
    change(tx);
    if (tx.text === this.text) return false;
    this.#commit(name, tx.patches, opts.origin ?? "edit", opts.merge);
    return true;
  }

  /** Takes over what was typed in the code editor; edits are in the coordinates of the text before. */
  type(edits: Edit[], name = "Edit code"): void {
    const patches: Patch[] = [];
    let text = this.text;
    for (const e of [...edits].sort((a, b) => b.from - a.from)) {
      const removed = text.slice(e.from, e.to);
      if (removed === e.insert) continue;
      patches.push({ at: e.from, removed, inserted: e.insert });
      text = apply(text, e);
    }
    if (patches.length) this.#commit(name, patches, "code", "code");
  }

  /** Replaces the whole text, as one entry. */
  replace(text: string, name: string): void {
    const patch = between(this.text, text);
    if (patch) this.#commit(name, [patch], "load");
  }

  undo(): string | null {
    const entry = this.#undo.pop();
    if (!entry) return null;
    const back = entry.patches.toReversed().map((p) => ({ at: p.at, removed: p.inserted, inserted: p.removed }));
    this.#redo.push(entry);
    this.#play(back, `Undo ${entry.name}`, "undo");
    return entry.name;
  }

  redo(): string | null {
    const entry = this.#redo.pop();
    if (!entry) return null;
    this.#undo.push(entry);
    this.#play(entry.patches, `Redo ${entry.name}`, "undo");
    return entry.name;
  }

  get undoNames(): string[] {
    return this.#undo.map((e) => e.name);
  }

  get redoNames(): string[] {
    return this.#redo.map((e) => e.name);
  }

  /** Ends the intention in hand: what comes next is an entry of its own. */
  mark(): void {
    const last = this.#undo.at(-1);
    if (last) last.merge = undefined;
  }

  on(listener: (change: DocChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The undo history, to be kept over a reload. */
  history(): { text: string; undo: Entry[]; redo: Entry[] } {
    return { text: this.text, undo: this.#undo, redo: this.#redo };
  }

  /** Takes a kept history back when it belongs to exactly this text. */
  restore(kept: { text: string; undo: Entry[]; redo: Entry[] }): boolean {
    if (kept.text !== this.text) return false;
    this.#undo = kept.undo;
    this.#redo = kept.redo;
    return true;
  }

  #commit(name: string, patches: Patch[], origin: Origin, merge?: string): void {
    const at = this.#now();
    const last = this.#undo.at(-1);
    if (merge && last?.merge === merge && at - last.at < mergeWindow && this.#redo.length === 0) {
      last.patches.push(...patches);
      last.at = at;
    } else {
      this.#undo.push({ name, patches: [...patches], at, ...(merge ? { merge } : {}) });
      if (this.#undo.length > maxEntries) this.#undo.shift();
    }
    this.#redo = [];
    this.#play(patches, name, origin, merge);
  }

  #play(patches: Patch[], name: string, origin: Origin, merge?: string): void {
    for (const p of patches) {
      this.text = apply(this.text, { from: p.at, to: p.at + p.removed.length, insert: p.inserted });
    }
    this.#read();
    for (const listen of this.#listeners) listen({ origin, name, patches, ...(merge ? { merge } : {}) });
  }

  #read(): void {
    const { graph, errors } = parseDefinition(this.text);
    this.mistakes = errors;
    this.stale = graph === null;
    if (graph) this.graph = graph;
  }
}

/** The one patch that turns `a` into `b`, without their common ends. */
export function between(a: string, b: string): Patch | null {
  if (a === b) return null;
  let head = 0;
  const max = Math.min(a.length, b.length);
  while (head < max && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < max - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return { at: head, removed: a.slice(head, a.length - tail), inserted: b.slice(head, b.length - tail) };
}
