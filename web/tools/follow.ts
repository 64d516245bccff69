import type { StateId } from "../asl/model";
import type { Canvas } from "../canvas/canvas";
import { outline } from "../canvas/outline";
import type { Place } from "../edit/place";
import type { Layout, Tail } from "../geom/types";
import type { Session } from "../panels/session";
import type { Commands } from "./commands";
import type { Pointer } from "./pointer";

export interface FollowParts {
  canvas: Canvas;
  session: Session;
  commands: Commands;
  pointer: Pointer;
  layoutOf(): Layout | null;
  openInspector(): void;
  /** A state was chosen in the picture. */
  selected(id: StateId | null): void;
}

/** Canvas and selection follow each other; gestures of the canvas become commands. */
export function followCanvas(parts: FollowParts): void {
  const { canvas, session, commands, pointer, layoutOf } = parts;
  canvas.on("select", (id) => {
    session.select(id, "canvas");
    parts.selected(id);
  });
  canvas.on("open", (id) => {
    session.select(id, "canvas");
    parts.openInspector();
  });
  canvas.on("plus", (e) => {
    if (e.kind === "route") commands.pickAt({ kind: "edge", edge: e.route.edge }, e.route.plus ?? e.route.points[0]!);
    else if (e.kind === "tail") commands.pickAt(placeOf(e.tail), e.tail);
    else {
      const slot = layoutOf()?.slots.find((s) => s.block === e.block);
      commands.pickAt(
        { kind: "empty", block: e.block },
        slot ? { x: slot.x + slot.w / 2, y: slot.y + slot.h / 2 } : { x: 0, y: 0 },
      );
    }
  });
  let last = { x: 0, y: 0 };
  canvas.el.addEventListener(
    "pointerup",
    (e) => {
      last = { x: e.clientX, y: e.clientY };
    },
    { capture: true },
  );
  canvas.on("edge", (route) => commands.edgeMenu(route, last));
  canvas.on("contextmenu", ({ event, hit }) => {
    if (hit.kind === "state") {
      event.preventDefault();
      canvas.select(hit.id, { focus: true });
      session.select(hit.id, "canvas");
      commands.stateMenu({ x: event.clientX, y: event.clientY });
    } else if (hit.kind === "edge" || hit.kind === "plus") {
      event.preventDefault();
      commands.edgeMenu(hit.route, { x: event.clientX, y: event.clientY });
    }
  });
  // Focus that comes by Tab or by a screen reader selects, as an arrow key does.
  canvas.el.addEventListener("focusin", (e) => {
    if (!(e.target instanceof HTMLElement) || e.target.getAttribute("role") !== "treeitem" || !session.graph) return;
    const items = [...canvas.el.querySelectorAll('[role="treeitem"]')];
    const id = outline(session.graph)[items.indexOf(e.target)]?.id;
    if (id === undefined || id === session.selected) return;
    canvas.select(id);
    session.select(id, "canvas");
  });
  session.on("select", ({ id, by, focus, reveal }) => {
    if (by !== "canvas") canvas.select(id, { focus, reveal });
    pointer.place();
  });
  session.on("problems", (all) => {
    const counts = new Map<string, number>();
    for (const p of all)
      if (p.state !== "" && p.severity === "ERROR") counts.set(p.state, (counts.get(p.state) ?? 0) + 1);
    canvas.setProblems(counts);
  });
}

function placeOf(tail: Tail): Place {
  return tail.kind === "after" ? { kind: "after", state: tail.state } : { kind: "start", block: tail.block };
}
