/** What lies under a point of the picture. */
import type { StateId } from "../asl/model";
import type { Layout, Point, Route, Slot, Tail } from "../geom/types";

export type Hit =
  | { kind: "state"; id: StateId; part: "body" | "title" }
  | { kind: "plus"; route: Route }
  | { kind: "tail"; tail: Tail }
  | { kind: "edge"; route: Route }
  | { kind: "slot"; slot: Slot }
  | { kind: "start" }
  | { kind: "none" };

export interface HitOptions {
  /** Radius of a "+" and reach of an edge, in world units. */
  reach: number;
  plus: boolean;
  /** Tails that are shown. */
  tails: readonly Tail[];
}

/** The topmost thing at `p`: "+" first, then states from the inside out, slots, edges. */
export function hitTest(layout: Layout, p: Point, opts: HitOptions): Hit {
  if (opts.plus) {
    for (const route of layout.edges) {
      if (route.plus !== undefined && near(route.plus, p, Math.max(12, opts.reach))) return { kind: "plus", route };
    }
    for (const tail of opts.tails) if (near(tailSpot(tail), p, Math.max(12, opts.reach))) return { kind: "tail", tail };
  }
  let found: StateId | null = null;
  let area = Number.POSITIVE_INFINITY;
  let title = false;
  for (const box of layout.nodes.values()) {
    if (p.x < box.x || p.y < box.y || p.x > box.x + box.w || p.y > box.y + box.h || box.w * box.h >= area) continue;
    area = box.w * box.h;
    found = box.id;
    title = !box.container || p.y < box.y + 44;
  }
  const box = found === null ? undefined : layout.nodes.get(found);
  if (found !== null && box?.container !== true) return { kind: "state", id: found, part: "body" };
  for (const slot of layout.slots)
    if (p.x >= slot.x && p.y >= slot.y && p.x <= slot.x + slot.w && p.y <= slot.y + slot.h)
      return { kind: "slot", slot };
  const route = nearest(layout.edges, p, Math.max(5, opts.reach / 2));
  if (route !== null) return { kind: "edge", route };
  if (found !== null) return { kind: "state", id: found, part: title ? "title" : "body" };
  const s = layout.start;
  if (p.x >= s.x && p.y >= s.y && p.x <= s.x + s.w && p.y <= s.y + s.h) return { kind: "start" };
  return { kind: "none" };
}

/** Where the "+" of a tail is drawn. */
export function tailSpot(tail: Tail): Point {
  return { x: tail.x, y: tail.kind === "after" ? tail.y + 15 : tail.y - 15 };
}

/** The route that comes closest to `p`, within `reach`. */
export function nearest(routes: readonly Route[], p: Point, reach: number): Route | null {
  let best: Route | null = null;
  let least = reach;
  for (const route of routes) {
    if (
      route.label !== undefined &&
      Math.abs(route.label.x - p.x) < route.label.w / 2 &&
      Math.abs(route.label.y - p.y) < 9
    )
      return route;
    for (let i = 1; i < route.points.length; i++) {
      const a = route.points[i - 1];
      const b = route.points[i];
      if (a === undefined || b === undefined) continue;
      const dx = Math.max(Math.min(a.x, b.x) - p.x, 0, p.x - Math.max(a.x, b.x));
      const dy = Math.max(Math.min(a.y, b.y) - p.y, 0, p.y - Math.max(a.y, b.y));
      const d = Math.hypot(dx, dy);
      if (d < least) {
        least = d;
        best = route;
      }
    }
  }
  return best;
}

function near(a: Point, b: Point, reach: number): boolean {
  return Math.abs(a.x - b.x) <= reach && Math.abs(a.y - b.y) <= reach;
}
