/** Layout of one block, in its own coordinates: regions, plans, sizes, places, and then lines. */
import type { Block, Graph, StateId } from "../asl/model";
import { measure, place } from "./measure";
import { type Plan, Planner } from "./plans";
import { type Column, type Regions, regionsOf, type Seq } from "./regions";
import { labelWidth } from "./text";
import {
  type Box,
  type Label,
  NODE_H,
  NODE_W,
  type Point,
  type Route,
  routeName,
  START_H,
  START_W,
  type Tail,
} from "./types";

export interface Drawn {
  width: number;
  height: number;
  nodes: (Box & { id: StateId })[];
  routes: Route[];
  tails: Tail[];
  start: Box | null;
  slot: Box | null;
}

/** Lays out a block whose containers have their sizes already. */
export function layoutBlock(graph: Graph, block: Block, size: (id: StateId) => { w: number; h: number }): Drawn {
  const top = block.id === "" ? START_H : 0;
  if (block.states.length === 0) return empty(top);
  const regions = regionsOf(graph, block, size);
  const plans = new Planner(graph, block, regions).run();
  measure(regions);
  return new Drawing(graph, block, regions, plans, top).draw();
}

function empty(top: number): Drawn {
  const y = top === 0 ? 0 : top + 44;
  return {
    width: NODE_W,
    height: y + NODE_H,
    nodes: [],
    routes: [],
    tails: [],
    start: top === 0 ? null : { x: (NODE_W - START_W) / 2, y: 0, w: START_W, h: START_H },
    slot: { x: 0, y, w: NODE_W, h: NODE_H },
  };
}

class Drawing {
  private channelX = 0;
  private readonly straight = new Set<Plan>();

  constructor(
    private readonly graph: Graph,
    private readonly block: Block,
    private readonly regions: Regions,
    private readonly plans: Plan[],
    private readonly top: number,
  ) {}

  draw(): Drawn {
    const { main, groups, all } = this.regions;
    if (main !== null) {
      main.x = Math.max(main.left, START_W / 2);
      main.y = this.top;
    }
    place(all);
    this.groups();
    place(all);
    const width = Math.max(...[main, ...groups].map((s) => (s === null ? 0 : s.x + s.right)));
    const height = Math.max(...[main, ...groups].map((s) => (s === null ? 0 : s.y + s.height)));
    return {
      width,
      height,
      nodes: this.nodes(),
      routes: this.plans.flatMap((p) => this.routes(p)),
      tails: this.tails(),
      slot: null,
      start: this.block.id === "" ? { x: (main?.x ?? START_W / 2) - START_W / 2, y: 0, w: START_W, h: START_H } : null,
    };
  }

  /** Stacks the groups at the right, each below the states that catch into it, and gives the channel its columns. */
  private groups(): void {
    const { main, groups } = this.regions;
    const right = main === null ? 0 : main.x + main.right;
    if (groups.length === 0) return;
    const wanted = new Map<Seq, number>();
    for (const plan of this.plans) {
      if (plan.channel < 0 || rootOf(plan.from?.seq) !== main) continue;
      const root = rootOf(plan.to.seq);
      if (root !== null) wanted.set(root, Math.max(wanted.get(root) ?? 0, this.arrival(plan)));
    }
    const order = groups
      .map((seq, i) => ({ seq, i, y: wanted.get(seq) }))
      .sort((a, b) => (a.y ?? 1e9) - (b.y ?? 1e9) || a.i - b.i);
    let bottom = -44;
    const above = new Map<Seq, number>();
    for (const { seq, y } of order) {
      above.set(seq, bottom);
      const lead = seq.gaps[0]?.height ?? 0;
      seq.y = Math.max(bottom + 44, y === undefined ? this.top : y + (lead > 60 ? 8 : 24));
      bottom = seq.y + seq.height;
    }
    for (const plan of this.plans) {
      if (plan.channel !== 0 || plan.mark.at !== "gap") continue;
      const root = rootOf(plan.to.seq);
      if (root === null || this.arrival(plan) < (above.get(root) ?? 0) + 8 || this.arrival(plan) > root.y) continue;
      plan.first = root.axis;
      plan.steps = [];
      this.straight.add(plan);
    }
    place(this.regions.all);
    this.channelX = right;
    const count = this.columns();
    const axis = right + (count === 0 ? 40 : 24 + count * 14) + Math.max(...groups.map((g) => g.left));
    for (const seq of groups) seq.x = axis;
  }

  /** Where a plan leaves for the channel. */
  private arrival(plan: Plan): number {
    const step = plan.channel > 0 ? plan.steps[plan.channel - 1] : undefined;
    return step === undefined ? this.portY(plan) : step.seq.y + step.gap.y + step.rail.y;
  }

  /** Ways to one target share a column; columns whose stretches overlap stand side by side. Returns how many there are. */
  private columns(): number {
    const spans = new Map<Column, { from: number; to: number }>();
    for (const plan of this.plans) {
      if (plan.channel < 0 || this.straight.has(plan)) continue;
      const column = plan.channel === 0 ? plan.first : plan.steps[plan.channel - 1]?.column;
      const next = plan.steps[plan.channel];
      if (column == null || next === undefined) continue;
      const ys = [this.arrival(plan), next.seq.y + next.gap.y + next.rail.y];
      const known = spans.get(column);
      spans.set(column, { from: Math.min(...ys, known?.from ?? 1e9), to: Math.max(...ys, known?.to ?? -1e9) });
    }
    const ends: number[] = [];
    for (const [column, span] of [...spans].sort((a, b) => a[1].from - b[1].from)) {
      const free = ends.findIndex((end) => end + 8 < span.from);
      const slot = free < 0 ? ends.length : free;
      ends[slot] = span.to;
      column.dx = 18 + slot * 14;
    }
    return ends.length;
  }

  private x(column: Column): number {
    return (column.seq?.x ?? this.channelX) + column.dx;
  }

  private portY(plan: Plan): number {
    const { from } = plan;
    if (from === null) return 0;
    const item = from.seq.items[from.item];
    const h = item?.h ?? 0;
    const step = Math.min(20, h / plan.ports);
    return itemTop(from.seq, from.item) + h / 2 + (plan.port - (plan.ports - 1) / 2) * step;
  }

  private points(plan: Plan): Point[] {
    const { from, to } = plan;
    const end = itemTop(to.seq, to.item);
    const points: Point[] = [];
    let x = to.seq.x;
    if (from === null) {
      points.push({ x, y: this.top });
    } else if (plan.first !== null) {
      const item = from.seq.items[from.item];
      const y = this.portY(plan);
      x = this.x(plan.first);
      points.push({ x: from.seq.x + (item?.kind === "node" ? item.w / 2 : 0), y }, { x, y });
    } else {
      x = from.seq.x;
      points.push({ x, y: itemTop(from.seq, from.item) + (from.seq.items[from.item]?.h ?? 0) });
    }
    for (const step of plan.steps) {
      const y = step.seq.y + step.gap.y + step.rail.y;
      points.push({ x, y });
      x = this.x(step.column);
      points.push({ x, y });
    }
    points.push({ x, y: end });
    return tidy(points);
  }

  private routes(plan: Plan): Route[] {
    const points = this.points(plan);
    const { label, plus } = this.marks(plan);
    return plan.edges.map((edge, i) => {
      const route: Route = { id: routeName(edge), edge, points };
      if (i === 0 && label !== undefined) route.label = label;
      if (i === 0 && plus !== undefined) route.plus = plus;
      return route;
    });
  }

  private marks(plan: Plan): { label?: Label; plus?: Point } {
    const { mark } = plan;
    const w = labelWidth(plan.label);
    const words = (x: number, y: number): { label?: Label } =>
      plan.label === "" ? {} : { label: { x, y, text: plan.label, w } };
    switch (mark.at) {
      case "none":
        return {};
      case "gap": {
        const y = mark.seq.y + mark.gap.y;
        const x = this.x(mark.column);
        return { ...words(x, y + mark.gap.wordsY), plus: { x, y: y + mark.gap.plusY } };
      }
      case "rail": {
        const y = mark.seq.y + mark.gap.y + mark.rail.y;
        const x = mark.seq.x;
        return { ...words(x + mark.side * (14 + w / 2), y), plus: { x: x + mark.side * (w === 0 ? 26 : w + 30), y } };
      }
      case "beside": {
        const { from } = plan;
        const item = from?.seq.items[from.item];
        const x = (from?.seq.x ?? 0) + (item?.kind === "node" ? item.w / 2 : 0);
        const y = this.portY(plan);
        return { ...words(x + 10 + w / 2, y), plus: { x: x + w + 24, y } };
      }
      case "lane": {
        const fork = mark.seq.items[mark.item];
        const lane = fork?.kind === "fork" ? fork.lanes[mark.lane] : undefined;
        if (lane === undefined) return {};
        const top = mark.seq.y + mark.gap.y;
        const x = this.x(lane.port);
        const plus = { x, y: top + mark.gap.plusY };
        if (lane.drop) return { ...words(x, top + mark.gap.wordsY), plus };
        return { ...words((x + mark.seq.x) / 2, top + (mark.gap.bus?.y ?? 0)), plus };
      }
    }
  }

  private nodes(): (Box & { id: StateId })[] {
    return this.block.states.flatMap((id) => {
      const at = this.regions.where.get(id);
      const item = at?.seq.items[at.item];
      if (at === undefined || item?.kind !== "node") return [];
      return [{ id, x: at.seq.x - item.w / 2, y: itemTop(at.seq, at.item), w: item.w, h: item.h }];
    });
  }

  private tails(): Tail[] {
    const { main } = this.regions;
    const tails: Tail[] = [];
    const block = this.block.id;
    if (block !== "" && main !== null && this.block.startAt !== null)
      tails.push({ kind: "first", block, state: this.block.startAt, x: main.x, y: itemTop(main, 0) });
    for (const box of this.nodes()) {
      const rec = this.graph.states.get(box.id);
      if (rec === undefined || rec.type === "Choice" || rec.type === "Succeed" || rec.type === "Fail") continue;
      if (!rec.edges.some((e) => e.kind === "next"))
        tails.push({ kind: "after", block, state: box.id, x: box.x + box.w / 2, y: box.y + box.h });
    }
    return tails;
  }
}

function itemTop(seq: Seq, i: number): number {
  const gap = seq.gaps[i];
  return seq.y + (gap?.y ?? 0) + (gap?.height ?? 0);
}

function rootOf(seq: Seq | undefined): Seq | null {
  let s = seq ?? null;
  while (s !== null && s.parent !== null) s = s.parent;
  return s;
}

/** Drops points that change nothing: doubles, and middles of a straight line. */
function tidy(points: Point[]): Point[] {
  const out: Point[] = [];
  for (const p of points) {
    const last = out.at(-1);
    if (last !== undefined && last.x === p.x && last.y === p.y) continue;
    const before = out.at(-2);
    const on =
      last !== undefined &&
      before !== undefined &&
      ((before.x === last.x && last.x === p.x) || (before.y === last.y && last.y === p.y));
    if (on && between(before, last, p)) out[out.length - 1] = p;
    else out.push(p);
  }
  return out;
}

function between(a: Point, b: Point, c: Point): boolean {
  return (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) >= 0;
}
