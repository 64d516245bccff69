// Where a dragged thing would land. Pure: a layout and a point in, a place out.
import type { Graph } from "../asl/model";
import type { Place } from "../edit/place";
import type { Layout, Point, Route } from "../geom/types";

export interface Drop {
  /** What the canvas marks: a route's id, "tail:after:Ship", "slot:Fulfil/0". */
  id: string;
  place: Place;
  /** For those who listen: "between Check stock and Large order?". */
  words: string;
}

/** Every place of a picture where a state can be put. */
export function allDrops(layout: Layout): { drop: Drop; near(p: Point): number }[] {
  return [
    ...layout.slots.map((slot) => ({
      drop: {
        id: `slot:${slot.block}`,
        place: { kind: "empty", block: slot.block } as Place,
        words: "into the empty block",
      },
      near: (p: Point) =>
        Math.max(slot.x - p.x, 0, p.x - slot.x - slot.w) + Math.max(slot.y - p.y, 0, p.y - slot.y - slot.h),
    })),
    ...layout.edges.map((route) => ({
      drop: { id: route.id, place: { kind: "edge", edge: route.edge } as Place, words: edgeWords(route) },
      near: (p: Point) => distance(route.points, p),
    })),
    ...layout.tails.map((tail) => ({
      drop: {
        id: `tail:${tail.kind}:${tail.state}`,
        place: (tail.kind === "after"
          ? { kind: "after", state: tail.state }
          : { kind: "start", block: tail.block }) as Place,
        words: tail.kind === "after" ? `after ${tail.state}` : `before ${tail.state}`,
      },
      near: (p: Point) => Math.hypot(tail.x - p.x, tail.y + (tail.kind === "after" ? 15 : -15) - p.y),
    })),
  ];
}

/** The nearest place that takes what is dragged. */
export function dropAt(layout: Layout, p: Point, reach: number, takes: (place: Place) => boolean): Drop | null {
  let best: Drop | null = null;
  let least = reach;
  for (const { drop, near } of allDrops(layout)) {
    const d = near(p);
    if (d < least && takes(drop.place)) {
      least = d;
      best = drop;
    }
  }
  return best;
}

function edgeWords(route: Route): string {
  return route.edge.kind === "start" ? `before ${route.edge.to}` : `between ${route.edge.from} and ${route.edge.to}`;
}

/** How far a point is from a line of horizontal and vertical pieces. */
export function distance(points: readonly Point[], p: Point): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1]!;
    const b = points[i]!;
    const dx = Math.max(Math.min(a.x, b.x) - p.x, 0, p.x - Math.max(a.x, b.x));
    const dy = Math.max(Math.min(a.y, b.y) - p.y, 0, p.y - Math.max(a.y, b.y));
    least = Math.min(least, Math.hypot(dx, dy));
  }
  return least;
}

/** The state under a point, innermost first. */
export function stateAt(layout: Layout, graph: Graph, p: Point): string | null {
  let best: string | null = null;
  let area = Number.POSITIVE_INFINITY;
  for (const box of layout.nodes.values()) {
    if (p.x < box.x || p.y < box.y || p.x > box.x + box.w || p.y > box.y + box.h || box.w * box.h >= area) continue;
    if (!graph.states.has(box.id)) continue;
    best = box.id;
    area = box.w * box.h;
  }
  return best;
}
