import { getNodeValue, type Node } from "jsonc-parser";
import type { Patch } from "./doc";
import {
  apply,
  type Edit,
  indentAt,
  type JsonPath,
  nodeAt,
  Raw,
  removeEdits,
  renameEdits,
  setEdits,
  treeOf,
} from "./json";

/** The hands of one transaction: reads and writes values of the text by their path. */
export class Tx {
  text: string;
  patches: Patch[] = [];
  #tree: Node | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get(path: JsonPath): unknown {
    const node = nodeAt(this.#root(), path);
    return node && getNodeValue(node);
  }

  /** The keys of the object at `path`, in the order of the text. */
  keys(path: JsonPath): string[] {
    const node = nodeAt(this.#root(), path);
    return node?.type === "object" ? (node.children ?? []).map((p) => String(p.children?.[0]?.value)) : [];
  }

  /** The text of the value at `path`, to be put somewhere else. */
  raw(path: JsonPath): Raw {
    const node = nodeAt(this.#root(), path);
    if (!node) throw new Error(`nothing stands at ${JSON.stringify(path)}`);
    const home = node.parent?.type === "property" ? node.parent.offset : node.offset;
    return new Raw(this.text.slice(node.offset, node.offset + node.length), indentAt(this.text, home));
  }

  /** The whole text, to be put somewhere else. */
  rawWhole(lead = ""): Raw {
    return new Raw(this.text, lead);
  }

  has(path: JsonPath): boolean {
    return nodeAt(this.#root(), path) !== undefined;
  }

  /** Sets the value at `path`; undefined removes it. A value that is equal already is left as it is written. */
  set(path: JsonPath, value: unknown): void {
    if (value === undefined) {
      this.remove(path);
    } else if (value instanceof Raw || !same(this.get(path), value)) {
      this.#make(setEdits(this.text, path, value, undefined, this.#root()));
    }
  }

  /** Adds a member or item before another one. */
  insertBefore(path: JsonPath, value: unknown, before: string | number): void {
    this.#make(setEdits(this.text, path, value, before, this.#root()));
  }

  /** Adds an item at the end of the list at `path`, which is made when it is not there. */
  push(path: JsonPath, value: unknown): void {
    const list = this.get(path);
    if (Array.isArray(list)) this.#make(setEdits(this.text, [...path, list.length], value, undefined, this.#root()));
    else this.set(path, [value]);
  }

  remove(path: JsonPath): void {
    this.#make(removeEdits(this.text, path, this.#root()));
  }

  rename(path: JsonPath, key: string): void {
    this.#make(renameEdits(this.text, path, key, this.#root()));
  }

  /** Sets many existing values with one reading of the text. */
  setAll(changes: { path: JsonPath; value: unknown }[]): void {
    this.#make(changes.flatMap((c) => setEdits(this.text, c.path, c.value, undefined, this.#root())));
  }

  /** The tree of the text as it is now; parsed once between two edits. */
  #root(): Node | undefined {
    this.#tree ??= treeOf(this.text);
    return this.#tree;
  }

  #make(edits: Edit[]): void {
    for (const e of edits.toSorted((a, b) => b.from - a.from || b.to - a.to)) {
      const removed = this.text.slice(e.from, e.to);
      if (removed === e.insert) continue;
      this.patches.push({ at: e.from, removed, inserted: e.insert });
      this.text = apply(this.text, e);
      this.#tree = undefined;
    }
  }
}

/** Compares two JSON values; members in any order. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const ka = Object.keys(a);
  if (ka.length !== Object.keys(b).length) return false;
  return ka.every((k) => k in b && same((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]));
}
