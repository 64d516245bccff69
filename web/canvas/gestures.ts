/** Hands on the canvas: wheel, drag, pinch and keys become movements of the view. */
import type { Point } from "../geom/types";

export interface Hands {
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
  /** Returns true when somebody else takes the pointer. */
  down(e: PointerEvent): boolean;
  move(e: PointerEvent, pressed: boolean): void;
  up(e: PointerEvent, moved: boolean): void;
  cancel(e: PointerEvent): void;
}

const slack = 4;

/** Listens on the host until `signal` aborts. */
export function listen(host: HTMLElement, hands: Hands, signal: AbortSignal): void {
  const fingers = new Map<number, Point>();
  let start: Point | null = null;
  let panning = false;
  let moved = false;
  let claimed = false;

  const at = (e: { clientX: number; clientY: number }): Point => {
    const box = host.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  };

  host.addEventListener(
    "wheel",
    (e) => {
      e.preventDefault();
      const unit = e.deltaMode === 1 ? 16 : e.deltaMode === 2 ? 400 : 1;
      if (e.ctrlKey || e.metaKey) hands.zoom(Math.exp(-Math.max(-60, Math.min(60, e.deltaY * unit)) * 0.01), at(e));
      else if (e.shiftKey && e.deltaX === 0) hands.pan(-e.deltaY * unit, 0);
      else hands.pan(-e.deltaX * unit, -e.deltaY * unit);
    },
    { passive: false, signal },
  );

  host.addEventListener(
    "pointerdown",
    (e) => {
      if (ours(e.target)) return;
      fingers.set(e.pointerId, at(e));
      if (fingers.size === 2) {
        hands.cancel(e);
        panning = true;
        moved = true;
        return;
      }
      if (fingers.size > 2) return;
      start = at(e);
      moved = false;
      claimed = e.button === 0 && hands.down(e);
      panning = !claimed && (e.button === 0 || e.button === 1);
      if (e.button === 1) e.preventDefault();
      if (panning || claimed) host.setPointerCapture(e.pointerId);
    },
    { signal },
  );

  host.addEventListener(
    "pointermove",
    (e) => {
      const p = at(e);
      const before = fingers.get(e.pointerId);
      if (before === undefined) {
        hands.move(e, false);
        return;
      }
      const other = [...fingers].find(([id]) => id !== e.pointerId)?.[1];
      fingers.set(e.pointerId, p);
      if (other !== undefined) {
        const was = Math.hypot(before.x - other.x, before.y - other.y);
        const is = Math.hypot(p.x - other.x, p.y - other.y);
        hands.pan((p.x - before.x) / 2, (p.y - before.y) / 2);
        if (was > 0) hands.zoom(is / was, { x: (p.x + other.x) / 2, y: (p.y + other.y) / 2 });
        return;
      }
      if (start !== null && !moved && Math.hypot(p.x - start.x, p.y - start.y) < slack) return;
      if (!moved && panning) host.classList.add("grabbing");
      moved = true;
      if (panning) hands.pan(p.x - before.x, p.y - before.y);
      else hands.move(e, true);
    },
    { signal },
  );

  const end = (e: PointerEvent): void => {
    if (!fingers.delete(e.pointerId)) return;
    if (fingers.size > 0) return;
    host.classList.remove("grabbing");
    if (e.type === "pointercancel") hands.cancel(e);
    else if (claimed || !moved) hands.up(e, moved);
    start = null;
    panning = false;
    claimed = false;
  };
  host.addEventListener("pointerup", end, { signal });
  host.addEventListener("pointercancel", end, { signal });

  host.addEventListener(
    "keydown",
    (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || typing(e.target)) return;
      const box = host.getBoundingClientRect();
      const middle = { x: box.width / 2, y: box.height / 2 };
      if (e.key === "+" || e.key === "=") hands.zoom(1.2, middle);
      else if (e.key === "-") hands.zoom(1 / 1.2, middle);
      else return;
      e.preventDefault();
    },
    { signal },
  );
}

/** Buttons and fields that stand on the canvas keep their pointer. */
function ours(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("button, input, select, textarea, a, dialog, [popover], [data-canvas-ignore]") !== null
  );
}

/** Letters belong to the field. */
export function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select") !== null)
  );
}
