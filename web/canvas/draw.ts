/** Draws one state, one route, one "+": records in, SVG out. Colours are classes. */
import type { StateRec } from "../asl/model";
import type { Box, NodeBox, Route, Slot } from "../geom/types";
import type { StateRun, StateStatus } from "../live/overlay";
import { fitText, headPath, icon, measured, routePath, svg, text } from "./svg";

/** Of a digit in .node-time, in pixels. */
const digitWidth = 7.3;
export const nameFont = '600 14px "Inter Variable", Inter, sans-serif';
const lineFont = '400 12.5px "Inter Variable", Inter, sans-serif';

export interface NodeLook {
  rec: StateRec;
  box: NodeBox;
  run: StateRun | undefined;
  problems: number;
  /** Time shown beside the meaning, "212 ms". */
  time: string;
}

/** What a look depends on: drawn again when it changes. */
export function lookKey(look: NodeLook): string {
  const { rec, box, run } = look;
  return [
    rec.name,
    rec.meaning,
    rec.icon,
    rec.tone,
    box.w,
    box.h,
    box.container,
    run?.status ?? "",
    run?.attempts ?? 0,
    run?.iterations?.done ?? "",
    look.problems,
  ].join("\u0001");
}

/** The icon of each status; the same as on the server. */
export const statusIcons: Record<StateStatus, string> = {
  idle: "circle-dashed",
  running: "refresh-cw",
  waiting: "user",
  succeeded: "check",
  failed: "x",
  caught: "triangle-alert",
  retrying: "rotate-cw",
  cancelled: "ban",
};

export const statusWords: Record<StateStatus, string> = {
  idle: "Not entered",
  running: "Running",
  waiting: "Waiting for a person",
  succeeded: "Succeeded",
  failed: "Failed",
  caught: "Failed, caught",
  retrying: "Waits to try again",
  cancelled: "Cancelled",
};

/** A state: the soft square is how people recognise it. */
export function drawNode(look: NodeLook): SVGGElement {
  const { rec, box, run } = look;
  const status = run?.status ?? "none";
  const g = svg("g", { class: `node tone-${rec.tone} status-${status}${box.container ? " container" : ""}` });
  g.dataset.state = rec.id;
  if (!box.container) g.append(svg("rect", { class: "node-shade", y: 1.5, width: box.w, height: box.h, rx: 11.5 }));
  g.append(svg("rect", { class: "node-box", width: box.w, height: box.h, rx: box.container ? 14 : 11 }));
  if (box.container) title(g, look);
  else body(g, look);
  if (run !== undefined && run.status !== "idle")
    badge(g, run, box.w - (box.container ? 26 : 20), box.container ? 24 : box.h / 2);
  if (look.problems > 0) problem(g, look.problems, box.w);
  return g;
}

function body(g: SVGGElement, look: NodeLook): void {
  const { rec, box, run } = look;
  const mid = box.h / 2;
  const room = box.w - 56 - (run === undefined || run.status === "idle" ? 12 : 33);
  g.append(
    svg("rect", { class: "node-tile", x: 11, y: mid - 17, width: 34, height: 34, rx: 8 }),
    svg("g", { class: "node-icon" }, icon(rec.icon, 19, mid - 9, 18)),
    text(fitText(rec.name, nameFont, room), { class: "node-name", x: 55, y: mid - 4 }),
    line(look, 55, mid + 14, room),
  );
}

function title(g: SVGGElement, look: NodeLook): void {
  const { rec, box } = look;
  const room = box.w - 80;
  const name = fitText(rec.name, nameFont, room);
  const after = 42 + measured(name, nameFont) + 10;
  g.append(
    svg("g", { class: "node-icon" }, icon(rec.icon, 17, 15, 16)),
    text(name, { class: "node-name", x: 42, y: 28 }),
  );
  if (box.w - after > 90) g.append(line(look, after, 28, box.w - after - 44));
}

/** The second line: the meaning, or its first word and the time. */
function line(look: NodeLook, x: number, y: number, room: number): SVGTextElement {
  const { rec, run, time } = look;
  const el = text("", { class: "node-line", x, y });
  if (run === undefined || run.status === "idle") {
    el.textContent = fitText(rec.meaning, lineFont, room);
    return el;
  }
  const word = rec.meaning.split(" · ")[0] ?? "";
  const parts = run.iterations === null ? word : `${word} · ${run.iterations.done} of ${run.iterations.total}`;
  const tries = run.attempts > 1 ? ` · try ${run.attempts}` : "";
  const words = `${parts}${tries}`;
  // Where both find no room, how far it is says more than how long it took.
  if (measured(`${words} · `, lineFont) + time.length * digitWidth > room) {
    el.textContent = fitText(words, lineFont, room);
    return el;
  }
  const span = svg("tspan", { class: "node-time" });
  span.textContent = time;
  el.append(`${words} · `, span);
  return el;
}

function badge(g: SVGGElement, run: StateRun, x: number, y: number): void {
  g.append(
    svg("circle", { class: "node-badge", cx: x, cy: y, r: 11 }),
    svg("g", { class: "node-badge-icon" }, icon(statusIcons[run.status], x - 6.5, y - 6.5, 13)),
  );
}

function problem(g: SVGGElement, count: number, w: number): void {
  const label = text(count > 9 ? "9+" : String(count), { class: "node-problem-count", x: w - 2, y: 4 });
  g.append(svg("circle", { class: "node-problem", cx: w - 2, cy: 0, r: 9 }), label);
}

/** A line with its head; the words are drawn above the states. */
export function drawRoute(route: Route, status: StateStatus | null): SVGGElement {
  const kind = route.edge.kind === "catch" ? " catch" : "";
  const taken = status === null ? "" : ` taken status-${status}`;
  return svg(
    "g",
    { class: `route${kind}${taken}` },
    svg("path", { class: "route-line", d: routePath(route.points) }),
    svg("path", { class: "route-head", d: headPath(route.points) }),
  );
}

/** The words on a route, on the colour of their ground: the canvas, or the container `depth` deep. */
export function drawLabel(route: Route, depth: number): SVGGElement | null {
  const { label } = route;
  if (label === undefined) return null;
  const w = measured(label.text, lineFont) + 12;
  return svg(
    "g",
    { class: `route-label ground-${Math.min(depth, 4)}` },
    svg("rect", { x: label.x - w / 2, y: label.y - 9, width: w, height: 18, rx: 5 }),
    text(label.text, { x: label.x, y: label.y + 4.2 }),
  );
}

/** A "+" of 18 pixels. */
export function drawPlus(x: number, y: number, kind: string): SVGGElement {
  return svg(
    "g",
    { class: `plus ${kind}`, transform: `translate(${x} ${y})` },
    svg("circle", { class: "plus-target", r: 12 }),
    svg("circle", { class: "plus-ring", r: 9 }),
    svg("path", { class: "plus-cross", d: "M-3.6 0H3.6M0-3.6V3.6" }),
  );
}

export function drawSlot(slot: Slot): SVGGElement {
  return svg(
    "g",
    { class: "slot", transform: `translate(${slot.x} ${slot.y})` },
    svg("rect", { width: slot.w, height: slot.h, rx: 11 }),
    text("Drop a step here", { x: slot.w / 2, y: slot.h / 2 + 4.5 }),
  );
}

export function drawStart(box: Box): SVGGElement {
  return svg(
    "g",
    { class: "start", transform: `translate(${box.x} ${box.y})` },
    svg("rect", { width: box.w, height: box.h, rx: box.h / 2 }),
    text("Start", { x: box.w / 2, y: box.h / 2 + 4.5 }),
  );
}

/** "212 ms", "4.2 s", "04:12", "1:04:12", "10 d 2 h". */
export function clock(ms: number): string {
  if (ms < 1) return "< 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 100) / 10} s`;
  const s = Math.floor(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const h = Math.floor(s / 3600);
  if (h >= 24) return h % 24 === 0 ? `${h / 24} d` : `${Math.floor(h / 24)} d ${h % 24} h`;
  return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}
