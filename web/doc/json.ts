// Edits of JSON text that touch nothing but the place they mean. jsonc-parser's
// own `modify` formats whole lines around an edit and so rewrites `["a", "b"]`
// beside it; these functions keep every byte outside the edited value, and write
// new values with the document's own indentation and line ends.
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

export type JsonPath = readonly (string | number)[];

/** One replacement of `text[from, to)` by `insert`. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** How a document is laid out: one step of indentation and its line end. */
export interface Style {
  indent: string;
  eol: string;
}

export function apply(text: string, edit: Edit): string {
  return text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
}

/** Reads indentation and line ends from the text; two spaces when it has neither. */
export function styleOf(text: string): Style {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const first = /(?:^|\n)([ \t]+)\S/.exec(text);
  return { indent: first?.[1] ?? "  ", eol };
}

/** The parse tree of a text, tolerant of mistakes; undefined for an empty one. */
export function treeOf(text: string): Node | undefined {
  return parseTree(text, [], { allowTrailingComma: true });
}

export function nodeAt(tree: Node | undefined, path: JsonPath): Node | undefined {
  return tree && findNodeAtLocation(tree, [...path]);
}

/** The indentation of the line on which `offset` stands. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** JSON text that is kept as its author wrote it, only indented anew, when it moves. */
export class Raw {
  constructor(
    readonly text: string,
    readonly lead = "",
  ) {}

  at(lead: string): string {
    return this.text
      .split("\n")
      .map((line, i) => (i === 0 || line.trim() === "" ? line : lead + deprived(line, this.lead)))
      .join("\n");
  }
}

function deprived(line: string, lead: string): string {
  return line.startsWith(lead) ? line.slice(lead.length) : line.trimStart();
}

/** Writes a value as it is written at a place that is indented by `lead`. */
export function print(value: unknown, lead: string, style: Style): string {
  if (value instanceof Raw) return value.at(lead);
  const raws: Raw[] = [];
  const text = printPlain(value, lead, style, raws);
  if (raws.length === 0) return text;
  return text.replace(/^([ \t]*)(.*?)"\uE000(\d+)"/gm, (_, own: string, head: string, n: string) => {
    return own + head + raws[Number(n)]!.at(own);
  });
}

function printPlain(value: unknown, lead: string, style: Style, raws: Raw[]): string {
  if (Array.isArray(value) && value.length > 0 && value.every(isScalar)) {
    const line = `[${value.map((v) => JSON.stringify(v)).join(", ")}]`;
    if (line.length <= 80) return line;
  }
  const keep = (_: string, v: unknown): unknown => (v instanceof Raw ? `\uE000${raws.push(v) - 1}` : v);
  return JSON.stringify(value, keep, style.indent).replaceAll("\n", style.eol + lead);
}

function isScalar(v: unknown): boolean {
  return v === null || typeof v !== "object";
}

/** Replaces the value at `path`, or adds it to the object or array that holds it. */
export function setEdits(
  text: string,
  path: JsonPath,
  value: unknown,
  before?: string | number,
  tree = treeOf(text),
): Edit[] {
  const style = styleOf(text);
  const node = nodeAt(tree, path);
  if (node && before === undefined) {
    const lead = indentAt(text, lineHome(node));
    return [{ from: node.offset, to: node.offset + node.length, insert: print(value, lead, style) }];
  }
  const parent = nodeAt(tree, path.slice(0, -1));
  const key = path.at(-1);
  if (parent?.type === "object" && typeof key === "string") {
    const at = typeof before === "string" ? memberIndex(parent, before) : -1;
    return insertEdits(text, parent, at, (lead) => `${JSON.stringify(key)}: ${print(value, lead, style)}`, style);
  }
  if (parent?.type === "array" && typeof key === "number") {
    const at = typeof before === "number" ? before : key;
    const end = parent.children?.length ?? 0;
    return insertEdits(text, parent, at < end ? at : -1, (lead) => print(value, lead, style), style);
  }
  throw new Error(`there is no place for ${JSON.stringify(path)}`);
}

/** A member's value hangs from the line of its key, an item's from its own. */
function lineHome(node: Node): number {
  return node.parent?.type === "property" ? node.parent.offset : node.offset;
}

function memberIndex(object: Node, key: string): number {
  return object.children?.findIndex((p) => p.children?.[0]?.value === key) ?? -1;
}

function insertEdits(text: string, parent: Node, at: number, write: (lead: string) => string, style: Style): Edit[] {
  const kids = parent.children ?? [];
  const open = parent.offset;
  const close = parent.offset + parent.length - 1;
  const home = indentAt(text, lineHome(parent));
  const first = kids[0];
  if (!first) {
    const inner = home + style.indent;
    return [{ from: open + 1, to: close, insert: `${style.eol}${inner}${write(inner)}${style.eol}${home}` }];
  }
  const multiline = text.slice(open, first.offset).includes("\n");
  const lead = multiline ? indentAt(text, first.offset) : home;
  const gap = multiline ? style.eol + lead : " ";
  const next = at >= 0 ? kids[at] : undefined;
  if (next) return [{ from: next.offset, to: next.offset, insert: `${write(lead)},${gap}` }];
  const last = kids.at(-1)!;
  const end = last.offset + last.length;
  const rest = text.slice(end, close);
  const tail = close - (rest.length - rest.trimEnd().length);
  const comma = /^\s*,/.test(rest) ? [] : [{ from: end, to: end, insert: "," }];
  const grown = { from: tail, to: tail, insert: `${gap}${write(lead)}` };
  return tail === end && comma.length ? [{ from: end, to: end, insert: `,${grown.insert}` }] : [grown, ...comma];
}

/** Takes out the member or item at `path`, with its comma and, when it stood alone there, its line. */
export function removeEdits(text: string, path: JsonPath, tree = treeOf(text)): Edit[] {
  const value = nodeAt(tree, path);
  if (!value) return [];
  const node = value.parent?.type === "property" ? value.parent : value;
  const parent = node.parent;
  if (!parent) return [];
  const kids = parent.children ?? [];
  const at = kids.indexOf(node);
  const next = kids[at + 1];
  const before = kids[at - 1];
  if (next) {
    const end = commaAfter(text, node.offset + node.length, next.offset);
    return [ownLine(text, node.offset, end) ?? { from: node.offset, to: skipBlank(text, end), insert: "" }];
  }
  if (!before) {
    return [{ from: parent.offset + 1, to: parent.offset + parent.length - 1, insert: "" }];
  }
  const beforeEnd = before.offset + before.length;
  const comma = commaAfter(text, beforeEnd, node.offset);
  let end = node.offset + node.length;
  const close = parent.offset + parent.length - 1;
  if (/^\s*,/.test(text.slice(end, close))) end = commaAfter(text, end, close);
  const between = text.slice(comma, node.offset);
  if (between.trim() === "") return [{ from: beforeEnd, to: end, insert: text.slice(beforeEnd, comma - 1) }];
  const own = ownLine(text, node.offset, end) ?? { from: node.offset, to: end, insert: "" };
  return [own, { from: comma - 1, to: comma, insert: "" }];
}

/** The offset just after the comma that stands in `text[from, to)`, past comments. */
function commaAfter(text: string, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const two = text.slice(i, i + 2);
    if (two === "//") i = Math.min(...[text.indexOf("\n", i), to].filter((n) => n >= 0));
    else if (two === "/*") i = text.indexOf("*/", i + 2) + 1;
    else if (text[i] === ",") return i + 1;
  }
  return to;
}

function skipBlank(text: string, from: number): number {
  let i = from;
  while (text[i] === " " || text[i] === "\t") i++;
  return i;
}

/** The whole line(s) of `[from, to)` when nothing but a comment shares them. */
function ownLine(text: string, from: number, to: number): Edit | null {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  if (text.slice(start, from).trim() !== "") return null;
  const eol = text.indexOf("\n", to);
  if (eol < 0) return null;
  const rest = text.slice(to, eol).trim();
  if (rest !== "" && !rest.startsWith("//")) return null;
  return { from: start, to: eol + 1, insert: "" };
}

/** Gives the member at `path` another key, in place. */
export function renameEdits(text: string, path: JsonPath, key: string, tree = treeOf(text)): Edit[] {
  const name = nodeAt(tree, path)?.parent?.children?.[0];
  if (name?.type !== "string") return [];
  return [{ from: name.offset, to: name.offset + name.length, insert: JSON.stringify(key) }];
}
