/** JSON for people: keys keep their order, numbers their digits, and two values show what differs. */

export type Json =
  | { kind: "object"; members: [string, Json][] }
  | { kind: "array"; items: Json[] }
  | { kind: "leaf"; text: string };

export interface Line {
  sign: " " | "+" | "-";
  depth: number;
  text: string;
}

/** Reads JSON text without touching its literals; what is not JSON becomes one leaf. */
export function readJson(text: string): Json {
  const r = new Reader(text);
  try {
    return r.whole();
  } catch {
    return { kind: "leaf", text };
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): Json {
    const v = this.value(0);
    this.space();
    if (this.at < this.text.length) throw new Error("trailing text");
    return v;
  }

  private value(depth: number): Json {
    if (depth > 500) throw new Error("too deep");
    this.space();
    const c = this.text[this.at];
    if (c === "{") {
      const members: [string, Json][] = [];
      this.list("}", () => {
        const key = this.literal();
        this.space();
        if (this.text[this.at++] !== ":") throw new Error("no colon");
        members.push([key, this.value(depth + 1)]);
      });
      return { kind: "object", members };
    }
    if (c === "[") {
      const items: Json[] = [];
      this.list("]", () => items.push(this.value(depth + 1)));
      return { kind: "array", items };
    }
    return { kind: "leaf", text: this.literal() };
  }

  private list(end: string, each: () => void): void {
    this.at++;
    this.space();
    if (this.text[this.at] === end) {
      this.at++;
      return;
    }
    for (;;) {
      this.space();
      each();
      this.space();
      const c = this.text[this.at++];
      if (c === end) return;
      if (c !== ",") throw new Error("no comma");
    }
  }

  private literal(): string {
    const pattern = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw new Error("no value");
    this.at += found.length;
    return found;
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at++;
  }
}

/** A value on lines, two spaces a level. */
export function lines(value: Json): Line[] {
  const out: Line[] = [];
  print(out, value, " ", 0, "", "");
  return out;
}

/** What changed from one value to the other. Unchanged lists and objects are folded: "[ 3 items ]". */
export function difference(before: Json, after: Json, fold = true): Line[] {
  const out: Line[] = [];
  compare(out, before, after, 0, "", "", fold);
  return out;
}

/** Whether two values say the same; objects without order. */
export function same(a: Json, b: Json): boolean {
  if (a.kind === "leaf" || b.kind === "leaf")
    return a.kind === b.kind && a.kind === "leaf" && b.kind === "leaf" && equalLeaf(a.text, b.text);
  if (a.kind === "array" && b.kind === "array")
    return a.items.length === b.items.length && a.items.every((x, i) => samePair(x, b.items[i]));
  if (a.kind === "object" && b.kind === "object") {
    const other = new Map(b.members);
    return a.members.length === b.members.length && a.members.every(([k, v]) => samePair(v, other.get(k)));
  }
  return false;
}

function samePair(a: Json, b: Json | undefined): boolean {
  return b !== undefined && same(a, b);
}

function equalLeaf(a: string, b: string): boolean {
  return (
    a === b ||
    (/^-?\d/.test(a) && /^-?\d/.test(b) && Number(a) === Number(b) && Math.abs(Number(a)) < Number.MAX_SAFE_INTEGER)
  );
}

function compare(out: Line[], a: Json, b: Json, depth: number, key: string, comma: string, fold: boolean): void {
  if (same(a, b)) {
    const short = fold && depth > 0 ? folded(b) : null;
    if (short === null) print(out, b, " ", depth, key, comma);
    else out.push({ sign: " ", depth, text: `${key}${short}${comma}` });
    return;
  }
  if (a.kind === "object" && b.kind === "object") {
    const old = new Map(a.members);
    const now = new Map(b.members);
    const gone = a.members.filter(([k]) => !now.has(k));
    out.push({ sign: " ", depth, text: `${key}{` });
    for (const [k, v] of gone) print(out, v, "-", depth + 1, `${k}: `, ",");
    b.members.forEach(([k, v], i) => {
      const end = i === b.members.length - 1 ? "" : ",";
      const was = old.get(k);
      if (was === undefined) print(out, v, "+", depth + 1, `${k}: `, end);
      else compare(out, was, v, depth + 1, `${k}: `, end, fold);
    });
    out.push({ sign: " ", depth, text: `}${comma}` });
    return;
  }
  if (a.kind === "array" && b.kind === "array") {
    compareItems(out, a.items, b.items, depth, key, comma, fold);
    return;
  }
  print(out, a, "-", depth, key, comma);
  print(out, b, "+", depth, key, comma);
}

/** Items that are the same at both ends stay; between them they are compared in order. */
function compareItems(
  out: Line[],
  a: Json[],
  b: Json[],
  depth: number,
  key: string,
  comma: string,
  fold: boolean,
): void {
  let head = 0;
  while (head < a.length && head < b.length && samePair(a[head] as Json, b[head])) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    samePair(a[a.length - 1 - tail] as Json, b[b.length - 1 - tail])
  )
    tail++;
  const sep = (i: number): string => (i === b.length - 1 ? "" : ",");
  const kept = (from: number, to: number): void => {
    if (fold && to - from > 3) out.push({ sign: " ", depth: depth + 1, text: `… ${to - from} items` });
    else for (const [i, v] of b.slice(from, to).entries()) compare(out, v, v, depth + 1, "", sep(from + i), fold);
  };
  out.push({ sign: " ", depth, text: `${key}[` });
  kept(0, head);
  const was = a.slice(head, a.length - tail);
  const now = b.slice(head, b.length - tail);
  for (const v of was.slice(now.length)) print(out, v, "-", depth + 1, "", ",");
  now.forEach((v, i) => {
    const old = was[i];
    if (old === undefined) print(out, v, "+", depth + 1, "", sep(head + i));
    else compare(out, old, v, depth + 1, "", sep(head + i), fold);
  });
  kept(b.length - tail, b.length);
  out.push({ sign: " ", depth, text: `]${comma}` });
}

function folded(v: Json): string | null {
  if (v.kind === "leaf") return null;
  const n = v.kind === "array" ? v.items.length : v.members.length;
  if (n === 0) return null;
  const noun = v.kind === "array" ? "item" : "field";
  const [open, close] = v.kind === "array" ? "[]" : "{}";
  return `${open} ${n} ${noun}${n === 1 ? "" : "s"} ${close}`;
}

function print(out: Line[], v: Json, sign: Line["sign"], depth: number, key: string, comma: string): void {
  if (v.kind === "leaf") {
    out.push({ sign, depth, text: `${key}${v.text}${comma}` });
    return;
  }
  const [open, close] = v.kind === "array" ? "[]" : "{}";
  const parts: [string, Json][] =
    v.kind === "array" ? v.items.map((x) => ["", x]) : v.members.map(([k, x]) => [`${k}: `, x]);
  if (parts.length === 0) {
    out.push({ sign, depth, text: `${key}${open}${close}${comma}` });
    return;
  }
  out.push({ sign, depth, text: `${key}${open}` });
  for (const [i, [k, x]] of parts.entries()) print(out, x, sign, depth + 1, k, i === parts.length - 1 ? "" : ",");
  out.push({ sign, depth, text: `${close}${comma}` });
}
