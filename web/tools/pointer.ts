// Brings the pointer of the page to the gestures, and their signs to the page.
import type { StateId } from "../asl/model";
import type { Canvas } from "../canvas/canvas";
import type { Item } from "../edit/catalog";
import { isTerminal } from "../edit/refs";
import type { Point } from "../geom/types";
import { h, tile } from "../panels/dom";
import type { Session } from "../panels/session";
import { Connecting, type Gesture, Idle, Pressing, type Stage, type Where } from "./gesture";

export type StageVerbs = Pick<Stage, "insert" | "move" | "connect" | "connectNew" | "canConnect" | "say">;

const svgNS = "http://www.w3.org/2000/svg";

export class Pointer {
  #gesture: Gesture = new Idle();
  #ghost: HTMLElement | null = null;
  #line = document.createElementNS(svgNS, "svg");
  #path = document.createElementNS(svgNS, "path");
  #target = h("div", { class: "connect-target", hidden: true });
  #port = h("button", {
    type: "button",
    class: "connect-port",
    hidden: true,
    tabindex: -1,
    "aria-hidden": "true",
    title: "Drag to connect",
    "data-canvas-ignore": true,
  });
  readonly stage: Stage;

  constructor(
    readonly canvas: Canvas,
    readonly session: Session,
    readonly layoutOf: () => Stage["layout"] | null,
    verbs: StageVerbs,
  ) {
    const self = this;
    this.stage = {
      ...verbs,
      get graph() {
        return session.graph!;
      },
      get layout() {
        return self.layoutOf()!;
      },
      get zoom() {
        return canvas.zoom;
      },
      showDrop: (id) => canvas.showDrop(id),
      showGhost: (what, where) => this.#showGhost(what, where),
      showLine: (from, where, target) => this.#showLine(from, where, target),
    };
    this.#line.setAttribute("class", "connect-line");
    this.#line.setAttribute("aria-hidden", "true");
    this.#line.append(this.#path);
    canvas.el.append(this.#line, this.#target, this.#port);
    canvas.on("pointerdown", ({ event, hit, claim }) => {
      if (hit.kind !== "state" || event.pointerType === "touch" || event.button !== 0 || session.doc.stale) return;
      const box = this.layoutOf()?.nodes.get(hit.id);
      if (!box || (box.container && hit.part !== "title")) return;
      claim();
      this.#gesture = new Pressing(this.stage, { kind: "state", id: hit.id }, this.#where(event));
    });
    canvas.on("pointermove", ({ event }) => this.#move(event));
    canvas.on("pointerup", ({ event }) => this.#up(event));
    canvas.on("pointercancel", () => this.cancel());
    canvas.on("view", () => this.place());
    session.on("select", () => this.place());
    this.#port.addEventListener("pointerdown", (e) => this.#fromPort(e));
  }

  /** Whether a drag is under way; Escape then cancels it. */
  get busy(): boolean {
    return this.#gesture.name === "dragging" || this.#gesture.name === "connecting";
  }

  cancel(): void {
    this.#gesture = this.#gesture.onCancel();
    document.documentElement.classList.remove("dragging");
  }

  /** A press on an item of the palette. */
  grab(item: Item, event: PointerEvent, from: HTMLElement): void {
    if (event.pointerType === "touch" || !this.session.graph || this.session.doc.stale) return;
    this.#gesture = new Pressing(this.stage, { kind: "item", item }, this.#where(event));
    let dragged = false;
    const move = (e: PointerEvent): void => {
      this.#move(e);
      dragged ||= this.busy;
    };
    this.#follow(from, event, move, () => {
      if (!dragged) return;
      // The click that ends a drag is not a click on the item.
      const swallow = (e: Event): void => e.stopImmediatePropagation();
      from.addEventListener("click", swallow, { capture: true });
      setTimeout(() => from.removeEventListener("click", swallow, { capture: true }), 0);
    });
  }

  /** Puts the port beside the selected state. */
  place(): void {
    const id = this.session.selected;
    const state = id === null ? undefined : this.session.graph?.states.get(id);
    const box = id === null ? undefined : this.layoutOf()?.nodes.get(id);
    this.#port.hidden = !state || !box || isTerminal(state.type) || this.session.doc.stale || this.canvas.zoom < 0.3;
    if (!box || this.#port.hidden) return;
    const at = this.canvas.toHost({ x: box.x + box.w, y: box.y + (box.container ? 24 : box.h / 2) });
    this.#port.style.transform = `translate(${at.x}px, ${at.y}px)`;
  }

  #fromPort(e: PointerEvent): void {
    const id = this.session.selected;
    if (id === null || e.button !== 0) return;
    e.preventDefault();
    this.#gesture = new Connecting(this.stage, id);
    this.#follow(
      this.#port,
      e,
      (m) => this.#move(m),
      () => undefined,
    );
  }

  #follow(from: HTMLElement, down: PointerEvent, move: (e: PointerEvent) => void, done: () => void): void {
    from.setPointerCapture(down.pointerId);
    const stop = new AbortController();
    const end = (): void => {
      stop.abort();
      done();
    };
    from.addEventListener("pointermove", move, { signal: stop.signal });
    from.addEventListener(
      "pointerup",
      (e) => {
        done();
        this.#up(e);
        stop.abort();
      },
      { signal: stop.signal },
    );
    from.addEventListener(
      "pointercancel",
      () => {
        this.cancel();
        end();
      },
      { signal: stop.signal },
    );
  }

  #move(e: PointerEvent): void {
    if (this.#gesture.name === "idle") return;
    this.#gesture = this.#gesture.onMove(this.#where(e));
    document.documentElement.classList.toggle("dragging", this.busy);
    if (this.busy) this.#nudge(e);
  }

  #up(e: PointerEvent): void {
    const gesture = this.#gesture;
    this.#gesture = new Idle();
    document.documentElement.classList.remove("dragging");
    if (gesture.name !== "idle") this.#gesture = gesture.onUp(this.#where(e));
  }

  /** Near the edge of the canvas the picture comes along. */
  #nudge(e: PointerEvent): void {
    const box = this.canvas.el.getBoundingClientRect();
    const edge = 36;
    const step = (at: number, low: number, high: number): number =>
      at < low || at > high ? 0 : at < low + edge ? 10 : at > high - edge ? -10 : 0;
    const dx = step(e.clientX, box.left, box.right);
    const dy = step(e.clientY, box.top, box.bottom);
    if ((dx !== 0 || dy !== 0) && this.#where(e).point) this.canvas.pan(dx, dy);
  }

  #where(e: PointerEvent): Where {
    const box = this.canvas.el.getBoundingClientRect();
    const over = e.clientX >= box.left && e.clientX <= box.right && e.clientY >= box.top && e.clientY <= box.bottom;
    return { x: e.clientX, y: e.clientY, point: over ? this.canvas.toWorld(e.clientX, e.clientY) : null };
  }

  #showGhost(what: { label: string; icon: string; tone: string } | null, where: Where): void {
    if (what === null) {
      this.#ghost?.remove();
      this.#ghost = null;
      return;
    }
    if (!this.#ghost) {
      this.#ghost = h(
        "div",
        { class: "drag-ghost", "aria-hidden": "true" },
        tile(what.icon, what.tone, true),
        what.label,
      );
      document.body.append(this.#ghost);
    }
    this.#ghost.style.transform = `translate(${where.x + 12}px, ${where.y + 8}px)`;
  }

  #showLine(from: StateId | null, where: Where, target: StateId | null): void {
    const box = from === null ? undefined : this.layoutOf()?.nodes.get(from);
    this.#line.classList.toggle("shown", box !== undefined);
    const hit = target === null ? undefined : this.layoutOf()?.nodes.get(target);
    this.#target.hidden = hit === undefined;
    if (hit) {
      const at = this.canvas.toHost(hit);
      this.#target.style.transform = `translate(${at.x}px, ${at.y}px)`;
      this.#target.style.width = `${hit.w * this.canvas.zoom}px`;
      this.#target.style.height = `${hit.h * this.canvas.zoom}px`;
    }
    if (!box) return;
    const a = this.canvas.toHost({ x: box.x + box.w, y: box.y + (box.container ? 24 : box.h / 2) });
    const host = this.canvas.el.getBoundingClientRect();
    const b: Point = { x: where.x - host.left, y: where.y - host.top };
    const bend = Math.max(30, Math.abs(b.x - a.x) / 2);
    this.#path.setAttribute("d", `M${a.x} ${a.y} C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}`);
  }
}
