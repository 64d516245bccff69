/** What the canvas tells: to whom, and in which words. */
import type { StateId } from "../asl/model";
import type { Point, Route, Tail } from "../geom/types";
import type { Hit } from "./hit";
import type { View } from "./view";

/** A pointer on the canvas. Whoever claims it on "pointerdown" gets the moves, and the canvas does not pan. */
export interface CanvasPointer {
  event: PointerEvent;
  point: Point;
  hit: Hit;
  pressed: boolean;
  moved: boolean;
  claim(): void;
}

export interface CanvasEvents {
  select: StateId | null;
  plus: { kind: "route"; route: Route } | { kind: "tail"; tail: Tail } | { kind: "slot"; block: string };
  open: StateId;
  /** An edge was clicked. */
  edge: Route;
  pointerdown: CanvasPointer;
  pointermove: CanvasPointer;
  pointerup: CanvasPointer;
  pointercancel: CanvasPointer;
  contextmenu: { event: MouseEvent; point: Point; hit: Hit };
  view: View;
}

type Listeners = { [K in keyof CanvasEvents]?: Set<(e: CanvasEvents[K]) => void> };

/** Keeps who listens to what. */
export class Emitter {
  private readonly listeners: Listeners = {};

  on<K extends keyof CanvasEvents>(event: K, fn: (e: CanvasEvents[K]) => void): () => void {
    const all = this.listeners as { [P in K]?: Set<(e: CanvasEvents[K]) => void> };
    const set = all[event] ?? new Set<(e: CanvasEvents[K]) => void>();
    all[event] = set;
    set.add(fn);
    return () => set.delete(fn);
  }

  emit<K extends keyof CanvasEvents>(event: K, e: CanvasEvents[K]): void {
    for (const fn of this.listeners[event] ?? []) fn(e);
  }
}
