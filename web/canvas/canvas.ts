/**
 * The one picture of the house: the designer and the execution page draw with it. It shows a graph in its
 * layout, moves and zooms, says what lies under the pointer, and is an outline for keyboard and screen reader.
 */
import type { Graph, StateId } from "../asl/model";
import type { Box, Layout, Point } from "../geom/types";
import type { Overlay } from "../live/overlay";
import { nameFont } from "./draw";
import { type CanvasEvents, type CanvasPointer, Emitter } from "./events";
import { listen, typing } from "./gestures";
import { type Hit, hitTest } from "./hit";
import { Scene } from "./scene";
import { forgetWidths } from "./svg";
import { Tree } from "./tree";
import { firstView, fitView, reveal, type View, visible, zoomAt } from "./view";
import { type ZoomBar, zoomBar } from "./zoombar";

export type { CanvasEvents, CanvasPointer } from "./events";
export type { Hit } from "./hit";

export interface CanvasOptions {
  editable: boolean;
  /** Name of the outline: "Order review, steps". */
  label?: string;
  /** The time that running states count up to; Date.now when absent. */
  clock?: () => number;
}

const tween = 150;

export class Canvas {
  readonly el: HTMLElement;
  selected: StateId | null = null;
  private layout: Layout | null = null;
  private view: View = { x: 0, y: 0, zoom: 1 };
  private glide: { from: View; to: View; began: number } | null = null;
  private size = { w: 0, h: 0 };
  private readonly ground: HTMLElement;
  private readonly layer: HTMLElement;
  private readonly scene: Scene;
  private readonly tree: Tree;
  private readonly news: HTMLElement;
  private readonly bar: ZoomBar;
  private readonly listeners = new Emitter();
  private readonly stop = new AbortController();
  private readonly resized: ResizeObserver | null;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private sharpen: ReturnType<typeof setTimeout> | null = null;
  private placed = false;
  /** Somebody moved the view: from now on it stays where it is. */
  private touched = false;
  private claimed = false;

  constructor(
    host: HTMLElement,
    private readonly opts: CanvasOptions,
  ) {
    this.el = host;
    host.classList.add("canvas");
    host.classList.toggle("editable", opts.editable);
    this.scene = new Scene(opts.editable);
    this.tree = new Tree(opts.label ?? "Steps", {
      move: (id) => {
        this.select(id, { focus: true, reveal: true });
        this.emit("select", id);
      },
      open: (id) => this.emit("open", id),
      focus: (id) => {
        this.scene.marks.focused = id;
        if (id !== null) this.reveal(id);
        this.ask();
      },
    });
    this.ground = make("div", "canvas-ground");
    this.layer = make("div", "canvas-layer");
    this.layer.append(this.scene.el);
    this.news = make("div", "canvas-news");
    this.news.setAttribute("aria-live", "polite");
    this.bar = zoomBar({ out: () => this.zoomBy(1 / 1.2), in: () => this.zoomBy(1.2), fit: () => this.fit() });
    host.append(this.ground, this.layer, this.tree.el, this.news, this.bar.el);
    this.hands();
    this.resized = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.measure());
    this.resized?.observe(host);
    this.measure();
    // Words were cut by the widths of another font until ours is here; asking for it waits also when the page has not begun to load it.
    void document.fonts?.load(nameFont).then(() => {
      forgetWidths();
      this.scene.redraw();
      this.ask();
    });
  }

  /** Shows a definition. With `animate`, states glide from where they were. */
  setGraph(graph: Graph, layout: Layout, opts: { animate?: boolean } = {}): void {
    const before = this.layout;
    this.layout = layout;
    const glide = opts.animate === true && before !== null && !still() && layout.nodes.size < 400;
    const from =
      glide && before !== null ? new Map<StateId, Box>([...before.nodes].map(([id, box]) => [id, box])) : null;
    // The axis stays where it is on the screen, so that an edit far away moves nothing here.
    if (before !== null && this.placed) {
      const drift = before.start.x + before.start.w / 2 - (layout.start.x + layout.start.w / 2);
      if (drift !== 0) {
        this.view = { ...this.view, x: this.view.x + drift * this.view.zoom };
        if (from !== null) for (const [id, box] of from) from.set(id, { ...box, x: box.x - drift });
      }
    }
    this.scene.setGraph(graph, layout, from, performance.now());
    this.tree.setGraph(graph);
    if (this.selected !== null && !graph.states.has(this.selected)) this.select(null);
    if (!this.placed) this.home();
    this.ask();
  }

  /** Colours the picture by a run; null takes the colours away. */
  setOverlay(overlay: Overlay | null): void {
    this.scene.setOverlay(overlay);
    this.tree.setRuns(overlay?.states ?? null);
    this.ask();
  }

  select(id: StateId | null, opts: { focus?: boolean; reveal?: boolean } = {}): void {
    this.selected = id;
    this.scene.marks.selected = id;
    this.tree.select(id, opts.focus === true);
    if (opts.reveal === true && id !== null) this.reveal(id);
    this.ask();
  }

  setProblems(problems: Map<StateId, number>): void {
    this.scene.marks.problems = problems;
    this.tree.setProblems(problems);
    this.ask();
  }

  /** Marks the route, tail ("tail:after:Ship") or slot ("slot:Fulfil/0") that would take what is dragged. */
  showDrop(id: string | null): void {
    this.scene.marks.drop = id;
    this.ask();
  }

  /** Tells what changed to those who cannot see it. */
  announce(words: string): void {
    this.news.textContent = words;
  }

  /** All of the picture. */
  fit(): void {
    if (this.layout !== null) this.moveTo(fitView({ w: this.layout.width, h: this.layout.height }, this.size));
  }

  /** The first look again: readable, from the top. */
  home(): void {
    if (this.layout === null || this.size.w === 0) return;
    this.view = firstView({ w: this.layout.width, h: this.layout.height }, this.layout.start, this.size);
    this.glide = null;
    this.placed = true;
    this.ask();
  }

  zoomBy(factor: number, at: Point = { x: this.size.w / 2, y: this.size.h / 2 }): void {
    this.glide = null;
    this.touched = true;
    this.view = zoomAt(this.view, factor, at);
    this.ask();
  }

  pan(dx: number, dy: number): void {
    this.glide = null;
    this.touched = true;
    const next = { ...this.view, x: this.view.x + dx, y: this.view.y + dy };
    this.view = this.kept(next);
    this.ask();
  }

  /** Brings a state into view, moving as little as needed. */
  reveal(id: StateId): void {
    const box = this.layout?.nodes.get(id);
    if (box === undefined || this.size.w === 0) return;
    const target = box.container ? { ...box, h: Math.min(box.h, 200) } : box;
    this.moveTo(reveal(this.glide?.to ?? this.view, target, this.size));
  }

  /** From the window's coordinates to the picture's. */
  toWorld(clientX: number, clientY: number): Point {
    const box = this.el.getBoundingClientRect();
    return {
      x: (clientX - box.left - this.view.x) / this.view.zoom,
      y: (clientY - box.top - this.view.y) / this.view.zoom,
    };
  }

  /** From the picture's coordinates to the host's, for things that stand above the canvas. */
  toHost(p: Point): Point {
    return { x: p.x * this.view.zoom + this.view.x, y: p.y * this.view.zoom + this.view.y };
  }

  get zoom(): number {
    return this.view.zoom;
  }

  hit(p: Point): Hit {
    if (this.layout === null) return { kind: "none" };
    return hitTest(this.layout, p, {
      reach: Math.min(28, 12 / this.view.zoom),
      plus: this.opts.editable,
      tails: this.scene.tails(this.layout),
    });
  }

  on<K extends keyof CanvasEvents>(event: K, fn: (e: CanvasEvents[K]) => void): () => void {
    return this.listeners.on(event, fn);
  }

  destroy(): void {
    this.stop.abort();
    this.resized?.disconnect();
    cancelAnimationFrame(this.frame);
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.sharpen !== null) clearTimeout(this.sharpen);
    this.el.replaceChildren();
  }

  private emit<K extends keyof CanvasEvents>(event: K, e: CanvasEvents[K]): void {
    this.listeners.emit(event, e);
  }

  private measure(): void {
    const box = this.el.getBoundingClientRect();
    this.size = { w: box.width, h: box.height };
    if (!this.touched) this.home();
    this.ask();
  }

  /** At least a corner of the picture stays in view. */
  private kept(view: View): View {
    if (this.layout === null) return view;
    const edge = 80;
    const w = this.layout.width * view.zoom;
    const h = this.layout.height * view.zoom;
    return {
      ...view,
      x: Math.min(this.size.w - edge, Math.max(edge - w, view.x)),
      y: Math.min(this.size.h - edge, Math.max(edge - h, view.y)),
    };
  }

  private moveTo(to: View): void {
    this.touched = true;
    if (still()) this.view = to;
    else this.glide = { from: this.view, to, began: performance.now() };
    this.ask();
  }

  /** Draws with the next frame; once, however often it is asked. */
  private ask(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame((now) => this.draw(now));
  }

  private draw(now: number): void {
    this.frame = 0;
    if (this.glide !== null) {
      const { from, to, began } = this.glide;
      const t = Math.min(1, Math.max(0, (now - began) / tween));
      const e = 1 - (1 - t) ** 3;
      const mix = (a: number, b: number): number => a + (b - a) * e;
      this.view = { x: mix(from.x, to.x), y: mix(from.y, to.y), zoom: mix(from.zoom, to.zoom) };
      if (t >= 1) this.glide = null;
    }
    const { x, y, zoom } = this.view;
    const place = `translate(${x}px, ${y}px) scale(${zoom})`;
    if (place !== this.layer.style.transform) {
      this.layer.style.transform = place;
      this.layer.classList.add("moving");
    }
    const dots = 24 * zoom * (zoom < 0.5 ? (zoom < 0.2 ? 8 : 3) : 1);
    // Only this element's own style: a property that is inherited would touch the whole outline.
    this.ground.style.backgroundPosition = `${x % dots}px ${y % dots}px`;
    this.ground.style.backgroundSize = `${dots}px ${dots}px`;
    this.bar.show(zoom);
    const moving = this.scene.draw(visible(this.view, this.size, 240), zoom, now, (this.opts.clock ?? Date.now)());
    this.emit("view", this.view);
    if (moving || this.glide !== null) this.ask();
    else this.tick();
  }

  /** Times that run on the picture move a few times a second. */
  private tick(): void {
    this.settle();
    if (this.timer !== null || !this.scene.ticking()) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.ask();
    }, 500);
  }

  /** While the view moves the drawing is a picture that is shifted; a moment later it is drawn sharp again. */
  private settle(): void {
    if (this.sharpen !== null) clearTimeout(this.sharpen);
    this.sharpen = setTimeout(() => this.layer.classList.remove("moving"), 160);
  }

  private hands(): void {
    const pointer = (e: PointerEvent, pressed: boolean, moved: boolean): CanvasPointer => {
      const point = this.toWorld(e.clientX, e.clientY);
      return {
        event: e,
        point,
        hit: this.hit(point),
        pressed,
        moved,
        claim: () => {
          this.claimed = true;
        },
      };
    };
    listen(
      this.el,
      {
        pan: (dx, dy) => this.pan(dx, dy),
        zoom: (factor, at) => this.zoomBy(factor, at),
        down: (e) => {
          this.claimed = false;
          this.emit("pointerdown", pointer(e, true, false));
          return this.claimed;
        },
        move: (e, pressed) => {
          const p = pointer(e, pressed, pressed);
          this.hover(p.hit);
          this.emit("pointermove", p);
        },
        up: (e, moved) => {
          const p = pointer(e, false, moved);
          this.emit("pointerup", p);
          if (!moved && e.button === 0) this.click(p.hit, e.detail);
        },
        cancel: (e) => this.emit("pointercancel", pointer(e, false, true)),
      },
      this.stop.signal,
    );
    this.el.addEventListener("pointerleave", () => this.hover({ kind: "none" }), { signal: this.stop.signal });
    this.el.addEventListener(
      "dblclick",
      (e) => {
        const hit = this.hit(this.toWorld(e.clientX, e.clientY));
        if (hit.kind === "state") this.emit("open", hit.id);
      },
      { signal: this.stop.signal },
    );
    this.el.addEventListener(
      "contextmenu",
      (e) => {
        const point = this.toWorld(e.clientX, e.clientY);
        this.emit("contextmenu", { event: e, point, hit: this.hit(point) });
      },
      { signal: this.stop.signal },
    );
    this.el.addEventListener(
      "keydown",
      (e) => {
        if (e.key !== "0" || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || typing(e.target)) return;
        e.preventDefault();
        this.fit();
      },
      { signal: this.stop.signal },
    );
  }

  private hover(hit: Hit): void {
    const id = hit.kind === "state" ? hit.id : hit.kind === "tail" ? hit.tail.state : null;
    this.el.dataset.over = hit.kind;
    if (this.scene.marks.hovered === id) return;
    this.el.title = id === null ? "" : this.scene.hidden(id);
    this.scene.marks.hovered = id;
    this.ask();
  }

  private click(hit: Hit, _count: number): void {
    switch (hit.kind) {
      case "state":
        this.select(hit.id, { focus: true });
        this.emit("select", hit.id);
        return;
      case "plus":
        this.emit("plus", { kind: "route", route: hit.route });
        return;
      case "tail":
        this.emit("plus", { kind: "tail", tail: hit.tail });
        return;
      case "slot":
        if (this.opts.editable) this.emit("plus", { kind: "slot", block: hit.slot.block });
        return;
      case "edge":
        this.emit("edge", hit.route);
        return;
      case "start":
      case "none":
        this.select(null);
        this.emit("select", null);
    }
  }
}

function make(tag: string, name: string): HTMLElement {
  const el = document.createElement(tag);
  el.className = name;
  return el;
}

function still(): boolean {
  return typeof matchMedia !== "undefined" && matchMedia("(prefers-reduced-motion: reduce)").matches;
}
