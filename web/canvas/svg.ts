/** SVG elements, and the shapes that routes are drawn with. */
import type { Point } from "../geom/types";

const space = "http://www.w3.org/2000/svg";

export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attrs: Record<string, string | number> = {},
  ...children: Node[]
): SVGElementTagNameMap[K] {
  const el = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attrs)) el.setAttribute(key, String(value));
  el.append(...children);
  return el;
}

export function text(words: string, attrs: Record<string, string | number>): SVGTextElement {
  const el = svg("text", attrs);
  el.textContent = words;
  return el;
}

/** An icon of the sprite, `size` wide, its left top at x, y. */
export function icon(name: string, x: number, y: number, size: number): SVGUseElement {
  return svg("use", { href: `${sprite()}#${name}`, x, y, width: size, height: size, class: "canvas-icon" });
}

let sprites: string | null = null;

function sprite(): string {
  sprites ??= document.documentElement.dataset.icons ?? "/static/icons.svg";
  return sprites;
}

const head = 7;

/** A polyline with round corners that stops where its arrow head begins. */
export function routePath(points: readonly Point[], radius = 9): string {
  const line = points.slice();
  const end = line.at(-1);
  const before = line.at(-2);
  if (end === undefined || before === undefined) return "";
  line[line.length - 1] = shift(end, before, head - 1);
  let d = "";
  line.forEach((p, i) => {
    const a = line[i - 1];
    const b = line[i + 1];
    if (a === undefined) d += `M${round(p.x)} ${round(p.y)}`;
    else if (b === undefined) d += `L${round(p.x)} ${round(p.y)}`;
    else {
      const r = Math.min(radius, distance(a, p) / 2, distance(p, b) / 2);
      const s = shift(p, a, r);
      const e = shift(p, b, r);
      d += `L${round(s.x)} ${round(s.y)}Q${round(p.x)} ${round(p.y)} ${round(e.x)} ${round(e.y)}`;
    }
  });
  return d;
}

/** The arrow head at the end of a route. */
export function headPath(points: readonly Point[]): string {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return "";
  const base = shift(end, before, head);
  const dx = (end.y - base.y) / head;
  const dy = (base.x - end.x) / head;
  const half = 3.6;
  return `M${round(end.x)} ${round(end.y)}L${round(base.x + dx * half)} ${round(base.y + dy * half)}L${round(base.x - dx * half)} ${round(base.y - dy * half)}Z`;
}

/** The point `by` away from `p` towards `to`. */
function shift(p: Point, to: Point, by: number): Point {
  const d = distance(p, to);
  if (d === 0) return p;
  return { x: p.x + ((to.x - p.x) / d) * by, y: p.y + ((to.y - p.y) / d) * by };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}

let context: CanvasRenderingContext2D | null | undefined;
const widths = new Map<string, number>();

/** Cuts words to a width, with "…", by the real font where there is one. */
export function fitText(words: string, font: string, width: number): string {
  if (measured(words, font) <= width) return words;
  let lo = 0;
  let hi = words.length;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (measured(`${words.slice(0, mid).trimEnd()}…`, font) <= width) lo = mid;
    else hi = mid - 1;
  }
  return `${words.slice(0, lo).trimEnd()}…`;
}

/** Measures everything anew: the fonts have come. */
export function forgetWidths(): void {
  widths.clear();
}

/** Width of words in a font, remembered. */
export function measured(words: string, font: string): number {
  const key = `${font}|${words}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (context === undefined)
    context =
      typeof CanvasRenderingContext2D === "undefined" ? null : document.createElement("canvas").getContext("2d");
  let w = words.length * 7;
  if (context) {
    context.font = font;
    w = context.measureText(words).width;
  }
  if (widths.size > 20_000) widths.clear();
  widths.set(key, w);
  return w;
}
