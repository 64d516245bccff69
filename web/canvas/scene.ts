/**
 * The drawing itself: keeps the SVG of what is seen, and no more. Far away, states become plain boxes that
 * share a few paths, so that thousands cost as much as dozens.
 */
import type { Graph, StateId } from "../asl/model";
import type { Box, Layout, NodeBox, Route, Tail } from "../geom/types";
import type { Overlay, StateRun, StateStatus } from "../live/overlay";
import { clock, drawLabel, drawNode, drawPlus, drawRoute, drawSlot, drawStart, lookKey, type NodeLook } from "./draw";
import { tailSpot } from "./hit";
import { svg } from "./svg";
import { intersects } from "./view";

/** Below this zoom words cannot be read. */
const farZoom = 0.3;

export interface Marks {
  selected: StateId | null;
  focused: StateId | null;
  hovered: StateId | null;
  /** The route or slot that would take what is dragged. */
  drop: string | null;
  problems: Map<StateId, number>;
}

interface DrawnNode {
  el: SVGGElement;
  key: string;
  box: NodeBox | null;
}

export class Scene {
  readonly el: SVGSVGElement;
  readonly marks: Marks = { selected: null, focused: null, hovered: null, drop: null, problems: new Map() };
  private graph: Graph | null = null;
  private layout: Layout | null = null;
  private overlay: Overlay | null = null;
  private order = new Map<StateId, number>();
  private bounds = new Map<Route, Box>();
  private readonly layers: Record<"far" | "containers" | "routes" | "nodes" | "labels" | "marks", SVGGElement>;
  private readonly nodes = new Map<StateId, DrawnNode>();
  private readonly routes = new Map<
    string,
    { el: SVGGElement; label: SVGGElement | null; plus: SVGGElement | null; route: Route; key: string }
  >();
  private readonly extras = new Map<string, SVGGElement>();
  private moving: { from: Map<StateId, Box>; began: number } | null = null;
  private farKey = "";

  constructor(private readonly editable: boolean) {
    const layer = (name: string): SVGGElement => svg("g", { class: `layer-${name}` });
    this.layers = {
      far: layer("far"),
      containers: layer("containers"),
      routes: layer("routes"),
      nodes: layer("nodes"),
      labels: layer("labels"),
      marks: layer("marks"),
    };
    this.el = svg(
      "svg",
      { class: "canvas-drawing", width: 1, height: 1, "aria-hidden": "true", focusable: "false" },
      ...Object.values(this.layers),
    );
  }

  setGraph(graph: Graph, layout: Layout, moveFrom: Map<StateId, Box> | null, now: number): void {
    this.graph = graph;
    this.layout = layout;
    this.order = new Map([...graph.states.keys()].map((id, i) => [id, i]));
    this.bounds = new Map(layout.edges.map((r) => [r, boundsOf(r)]));
    this.moving = moveFrom === null ? null : { from: moveFrom, began: now };
    this.farKey = "";
    for (const el of this.extras.values()) el.remove();
    this.extras.clear();
  }

  setOverlay(overlay: Overlay | null): void {
    this.overlay = overlay;
    this.farKey = "";
  }

  /** What a state's box had to cut; empty when all of it is seen. */
  hidden(id: StateId): string {
    const words = this.nodes.get(id)?.el.querySelectorAll(".node-name, .node-line") ?? [];
    const rec = this.graph?.states.get(id);
    return rec !== undefined && [...words].some((w) => w.textContent?.endsWith("…"))
      ? `${rec.name}\n${rec.meaning}`
      : "";
  }

  /** Throws the drawing away; the next frame makes it anew. */
  redraw(): void {
    for (const [id, node] of this.nodes) this.drop(id, node);
    for (const id of [...this.routes.keys()]) this.erase(id);
  }

  /** Draws what stands in `window`. Returns true while something still moves. */
  draw(window: Box, zoom: number, now: number, wall: number): boolean {
    const { graph, layout } = this;
    if (graph === null || layout === null) return false;
    const far = zoom < farZoom;
    this.el.classList.toggle("far", far);
    const moved = this.moved(now);
    const seen = new Set<StateId>();
    if (far) this.drawFar(layout);
    else {
      this.layers.far.replaceChildren();
      this.farKey = "";
      for (const box of layout.nodes.values())
        if (intersects(box, window) || box.id === this.marks.selected) seen.add(box.id);
    }
    for (const [id, node] of this.nodes) if (!seen.has(id)) this.drop(id, node);
    let added = false;
    for (const id of seen) added = this.drawOne(graph, layout, id, moved, wall) || added;
    if (added) this.sortContainers();
    this.drawRoutes(layout, window, far);
    this.drawExtras(layout, window, far);
    return this.moving !== null;
  }

  /** True while a time on the picture ticks. */
  ticking(): boolean {
    if (this.overlay === null) return false;
    for (const run of this.overlay.states.values()) if (run.exitedAt === null) return true;
    return false;
  }

  private moved(now: number): ((box: NodeBox) => Box) | null {
    if (this.moving === null) return null;
    const t = Math.min(1, (now - this.moving.began) / 150);
    if (t >= 1) {
      this.moving = null;
      return (box) => box;
    }
    const eased = 1 - (1 - t) ** 3;
    const { from } = this.moving;
    return (box) => {
      const old = from.get(box.id);
      if (old === undefined) return box;
      const mix = (a: number, b: number): number => a + (b - a) * eased;
      return { x: mix(old.x, box.x), y: mix(old.y, box.y), w: box.w, h: box.h };
    };
  }

  private drawOne(
    graph: Graph,
    layout: Layout,
    id: StateId,
    moved: ((box: NodeBox) => Box) | null,
    wall: number,
  ): boolean {
    const rec = graph.states.get(id);
    const box = layout.nodes.get(id);
    if (rec === undefined || box === undefined) return false;
    const run = this.overlay?.states.get(id);
    const look: NodeLook = {
      rec,
      box,
      run,
      problems: this.marks.problems.get(id) ?? 0,
      time: run === undefined ? "" : elapsed(run, wall),
    };
    const key = lookKey(look);
    let drawn = this.nodes.get(id);
    let added = false;
    if (drawn === undefined || drawn.key !== key) {
      const el = drawNode(look);
      if (drawn === undefined) {
        (box.container ? this.layers.containers : this.layers.nodes).append(el);
        added = true;
      } else if (drawn.box?.container === box.container) drawn.el.replaceWith(el);
      else {
        drawn.el.remove();
        (box.container ? this.layers.containers : this.layers.nodes).append(el);
        added = true;
      }
      drawn = { el, key, box: null };
      this.nodes.set(id, drawn);
    }
    if (run !== undefined) {
      const time = drawn.el.querySelector(".node-time");
      if (time !== null && time.textContent !== look.time) time.textContent = look.time;
    }
    const at = moved === null ? box : moved(box);
    if (drawn.box !== box || moved !== null) {
      drawn.el.setAttribute("transform", `translate(${at.x} ${at.y})`);
      drawn.box = box;
    }
    drawn.el.classList.toggle("selected", id === this.marks.selected);
    drawn.el.classList.toggle("focused", id === this.marks.focused);
    drawn.el.classList.toggle("hovered", id === this.marks.hovered);
    return added;
  }

  /** A container stands below what is in it. */
  private sortContainers(): void {
    const all = [...this.layers.containers.children];
    all.sort((a, b) => this.rank(a) - this.rank(b));
    this.layers.containers.append(...all);
  }

  private rank(el: Element): number {
    return el instanceof SVGElement ? (this.order.get(el.dataset.state ?? "") ?? 0) : 0;
  }

  private drop(id: StateId, node: DrawnNode): void {
    node.el.remove();
    this.nodes.delete(id);
  }

  private statusOf(route: Route): StateStatus | null {
    if (this.overlay === null || !this.overlay.edges.has(route.id)) return null;
    return this.overlay.states.get(route.edge.to)?.status ?? "succeeded";
  }

  private drawRoutes(layout: Layout, window: Box, far: boolean): void {
    const seen = new Set<string>();
    if (!far) {
      for (const route of layout.edges) {
        const bounds = this.bounds.get(route);
        if (bounds === undefined || !intersects(bounds, window)) continue;
        seen.add(route.id);
        const status = this.statusOf(route);
        const key = status ?? "";
        let drawn = this.routes.get(route.id);
        if (drawn === undefined || drawn.route !== route || drawn.key !== key) {
          this.erase(route.id);
          const label = drawLabel(route, this.depth(route));
          const plus =
            this.editable && route.plus !== undefined
              ? drawPlus(route.plus.x, route.plus.y, `on-${route.edge.kind}`)
              : null;
          drawn = { el: drawRoute(route, status), label, plus, route, key };
          // What was taken lies above what was not.
          if (status === null) this.layers.routes.prepend(drawn.el);
          else this.layers.routes.append(drawn.el);
          if (label !== null) this.layers.labels.append(label);
          if (plus !== null) this.layers.marks.append(plus);
          this.routes.set(route.id, drawn);
        }
        const drop = this.marks.drop === route.id;
        drawn.el.classList.toggle("drop", drop);
        drawn.plus?.classList.toggle("drop", drop);
      }
    }
    for (const id of [...this.routes.keys()]) if (!seen.has(id)) this.erase(id);
  }

  /** How many containers a route lies in. */
  private depth(route: Route): number {
    let depth = 0;
    for (let owner = this.owner(route.edge.to); owner !== null; owner = this.owner(owner)) depth++;
    return depth;
  }

  private owner(id: StateId): StateId | null {
    const block = this.graph?.states.get(id)?.block;
    return block === undefined ? null : (this.graph?.blocks.get(block)?.owner ?? null);
  }

  private erase(id: string): void {
    const drawn = this.routes.get(id);
    drawn?.el.remove();
    drawn?.label?.remove();
    drawn?.plus?.remove();
    this.routes.delete(id);
  }

  /** Start, empty blocks, separators between branches, and the "+" of tails. */
  private drawExtras(layout: Layout, window: Box, far: boolean): void {
    const seen = new Set<string>();
    const show = (key: string, layer: SVGGElement, make: () => SVGGElement): void => {
      seen.add(key);
      let el = this.extras.get(key);
      if (el === undefined) {
        el = make();
        this.extras.set(key, el);
        layer.append(el);
      }
      el.classList.toggle("drop", this.marks.drop === key);
    };
    if (intersects(layout.start, window)) show("start", this.layers.nodes, () => drawStart(layout.start));
    if (!far) {
      for (const slot of layout.slots)
        if (intersects(slot, window)) show(`slot:${slot.block}`, this.layers.nodes, () => drawSlot(slot));
      for (const line of separators(this.graph, layout))
        if (intersects(line, window)) show(`line:${line.key}`, this.layers.routes, () => drawSeparator(line));
      for (const tail of this.tails(layout)) {
        const at = tailSpot(tail);
        show(`tail:${tail.kind}:${tail.state}`, this.layers.marks, () => drawPlus(at.x, at.y, "on-tail"));
      }
    }
    for (const [key, el] of this.extras) {
      if (seen.has(key)) continue;
      el.remove();
      this.extras.delete(key);
    }
  }

  /** The tails that are shown: those of the selected and of the hovered state. */
  tails(layout: Layout): Tail[] {
    if (!this.editable) return [];
    const { selected, hovered } = this.marks;
    if (selected === null && hovered === null) return [];
    return layout.tails.filter((t) => t.state === selected || t.state === hovered);
  }

  /** All states as plain boxes: one path for each colour. */
  private drawFar(layout: Layout): void {
    const { selected, focused } = this.marks;
    const key = `${selected ?? ""}|${focused ?? ""}`;
    if (this.farKey === key) return;
    this.farKey = key;
    const boxes = new Map<string, string[]>();
    const add = (name: string, d: string): void => {
      const list = boxes.get(name);
      if (list === undefined) boxes.set(name, [d]);
      else list.push(d);
    };
    for (const route of layout.edges)
      add(
        this.statusOf(route) === null ? "far-route" : `far-route taken status-${this.statusOf(route)}`,
        route.points.map((p, i) => `${i === 0 ? "M" : "L"}${p.x} ${p.y}`).join(""),
      );
    for (const box of layout.nodes.values()) {
      const rec = this.graph?.states.get(box.id);
      const status = this.overlay?.states.get(box.id)?.status;
      const shape = `M${box.x} ${box.y}h${box.w}v${box.h}h${-box.w}z`;
      const colour = status === undefined ? `tone-${rec?.tone ?? "pass"}` : `status-${status}`;
      add(box.container ? `far-container ${colour}` : `far-node ${colour}`, shape);
      if (box.id === selected || box.id === focused) add("far-selected", shape);
    }
    const rank = (name: string): number => ["far-c", "far-r", "far-n", "far-s"].findIndex((p) => name.startsWith(p));
    const paths = [...boxes]
      .sort((a, b) => rank(a[0]) - rank(b[0]))
      .map(([name, ds]) => svg("path", { class: name, d: ds.join("") }));
    this.layers.far.replaceChildren(...paths);
  }
}

function elapsed(run: StateRun, wall: number): string {
  return clock((run.exitedAt ?? wall) - run.enteredAt);
}

function boundsOf(route: Route): Box {
  const xs = route.points.map((p) => p.x);
  const ys = route.points.map((p) => p.y);
  const pad = route.label === undefined ? 12 : Math.max(12, route.label.w / 2);
  const x = Math.min(...xs) - pad;
  const y = Math.min(...ys) - 12;
  return { x, y, w: Math.max(...xs) + pad - x, h: Math.max(...ys) + 12 - y };
}

interface Separator extends Box {
  key: string;
}

/** The dashed lines between the branches of each container. */
function separators(graph: Graph | null, layout: Layout): Separator[] {
  const lines: Separator[] = [];
  const known = separatorCache.get(layout);
  if (known !== undefined) return known;
  const areas = new Map(layout.areas.map((a) => [a.block, a]));
  for (const rec of graph?.states.values() ?? []) {
    const box = layout.nodes.get(rec.id);
    rec.blocks.forEach((b, i) => {
      const left = areas.get(b);
      const right = areas.get(rec.blocks[i + 1] ?? "");
      if (box === undefined || left === undefined || right === undefined || i === rec.blocks.length - 1) return;
      lines.push({ key: b, x: (left.x + left.w + right.x) / 2, y: box.y + 44, w: 0, h: box.h - 64 });
    });
  }
  separatorCache.set(layout, lines);
  return lines;
}

const separatorCache = new WeakMap<Layout, Separator[]>();

function drawSeparator(line: Separator): SVGGElement {
  return svg("g", { class: "separator" }, svg("path", { d: `M${line.x} ${line.y}v${line.h}` }));
}
