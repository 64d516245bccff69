/**
 * The way of every edge, before anything has a coordinate: from column to column over the rails in gaps.
 * A way leaves a lane at its bottom and enters one at its top, and runs past items only in side tracks, so
 * that it cannot meet a state.
 */
import type { Block, Edge, Graph, StateId } from "../asl/model";
import { START } from "../asl/model";
import type { Gap, Rail } from "./gap";
import { type Column, join, type Place, type Regions, type Seq, type Track } from "./regions";
import { labelWidth } from "./text";

export interface Step {
  seq: Seq;
  gap: Gap;
  rail: Rail;
  column: Column;
}

/** Where the words and "+" of a plan stand. */
export type Mark =
  | { at: "gap"; seq: Seq; gap: Gap; column: Column }
  | { at: "rail"; seq: Seq; gap: Gap; rail: Rail; side: 1 | -1 }
  | { at: "beside" }
  | { at: "lane"; seq: Seq; gap: Gap; item: number; lane: number }
  | { at: "none" };

export interface Plan {
  edges: Edge[];
  label: string;
  from: Place | null;
  to: Place;
  /** Catch edges leave at the right side: their place among those of the same state. */
  port: number;
  ports: number;
  first: Column | null;
  steps: Step[];
  mark: Mark;
  /** A way through the channel between the main sequence and the groups: the place in `steps` where it enters. */
  channel: number;
}

export class Planner {
  private readonly plans: Plan[] = [];
  private readonly channels = new Map<StateId, Column>();
  private readonly rootOf = new Map<Seq, Seq>();

  constructor(
    private readonly graph: Graph,
    private readonly block: Block,
    private readonly regions: Regions,
  ) {
    for (const seq of regions.all)
      this.rootOf.set(seq, seq.parent === null ? seq : (this.rootOf.get(seq.parent) ?? seq));
  }

  run(): Plan[] {
    const incoming = this.incoming();
    if (this.block.id === "" && this.block.startAt !== null) this.start(this.block.startAt);
    for (const id of this.block.states) {
      const from = this.regions.where.get(id);
      const edges = this.graph.states.get(id)?.edges ?? [];
      if (from === undefined) continue;
      for (const list of grouped(edges.filter((e) => e.kind !== "catch"))) this.flow(from, list);
      const catches = grouped(edges.filter((e) => e.kind === "catch"));
      catches.forEach((list, i) => {
        this.caught(from, list, i, catches.length, incoming.get(list[0]?.to ?? "") === 1);
      });
    }
    return this.plans;
  }

  /** From how many states each state is reached. */
  private incoming(): Map<StateId, number> {
    const count = new Map<StateId, number>();
    for (const id of this.block.states) {
      const edges = this.graph.states.get(id)?.edges ?? [];
      for (const list of grouped(edges)) count.set(list[0]?.to ?? "", (count.get(list[0]?.to ?? "") ?? 0) + 1);
    }
    return count;
  }

  private start(to: StateId): void {
    const place = this.regions.where.get(to);
    const gap = place?.seq.gaps[0];
    if (place === undefined || gap === undefined) return;
    gap.plus = true;
    gap.arrow = true;
    const edge: Edge = { from: START, to, kind: "start", index: 0, label: "" };
    this.plans.push({
      ...blank([edge], null, place),
      mark: { at: "gap", seq: place.seq, gap, column: place.seq.axis },
    });
  }

  private flow(from: Place, edges: Edge[]): void {
    const to = this.regions.where.get(edges[0]?.to ?? "");
    if (to === undefined) return;
    const plan = blank(edges, from, to);
    this.plans.push(plan);
    const gap = gapOf(from.seq, from.item + 1);
    if (this.intoLane(plan, from, gap)) return;
    this.way(plan, from.seq, from.item + 1, from.seq.axis);
    const first = plan.steps[0];
    if (first === undefined || first.gap !== gap || first.rail === gap.into.get(edges[0]?.to ?? "")) {
      gap.plus = true;
      if (plan.label !== "") {
        gap.words = true;
        widen(gap, labelWidth(plan.label) / 2 + 8, 0);
      }
      plan.mark = { at: "gap", seq: from.seq, gap, column: from.seq.axis };
      return;
    }
    first.rail.busy = true;
    const side = this.leftwards(from.seq, first.column) ? -1 : 1;
    widen(gap, labelWidth(plan.label) + 52, side);
    plan.mark = { at: "rail", seq: from.seq, gap, rail: first.rail, side };
  }

  private leftwards(seq: Seq, column: Column): boolean {
    if (column.seq === null) return this.rootOf.get(seq) !== this.regions.main;
    return isTrack(column) && column.side === "left";
  }

  /** From a fork's owner into one of its lanes. */
  private intoLane(plan: Plan, from: Place, gap: Gap): boolean {
    const fork = from.seq.items[from.item + 1];
    if (fork?.kind !== "fork") return false;
    const target = plan.edges[0]?.to;
    const lane = fork.lanes.findIndex((l) => l.to === target);
    const port = fork.lanes[lane]?.port;
    if (lane < 0 || port === undefined || target === undefined) return false;
    gap.bus ??= { y: 0, busy: false };
    plan.steps.push({ seq: from.seq, gap, rail: gap.bus, column: port });
    if (fork.lanes[lane]?.seq === null) {
      const after = gapOf(from.seq, from.item + 2);
      plan.steps.push({ seq: from.seq, gap: after, rail: after.rail("into", target), column: from.seq.axis });
      after.arrow = true;
    }
    plan.mark = { at: "lane", seq: from.seq, gap, item: from.item + 1, lane };
    return true;
  }

  private caught(from: Place, edges: Edge[], port: number, ports: number, alone: boolean): void {
    const target = edges[0]?.to ?? "";
    const to = this.regions.where.get(target);
    const item = from.seq.items[from.item];
    if (to === undefined || item?.kind !== "node") return;
    const plan: Plan = { ...blank(edges, from, to), port, ports, mark: { at: "beside" } };
    this.plans.push(plan);
    const { seq } = from;
    const home = this.rootOf.get(seq);
    const away = this.rootOf.get(to.seq);
    const head = to.seq === away && to.item === 0;
    if (alone && home !== away && head) {
      const gap = gapOf(to.seq, 0);
      gap.lead = true;
      gap.words = true;
      gap.plus = true;
      widen(gap, labelWidth(plan.label) / 2 + 8, 0);
      plan.mark = { at: "gap", seq: to.seq, gap, column: to.seq.axis };
    } else {
      item.beside = Math.max(item.beside, labelWidth(plan.label) + 40);
    }
    if (home !== away && home === this.regions.main && this.open(seq)) {
      plan.first = this.channel(target);
      plan.channel = 0;
      this.arrive(plan, away ?? to.seq, target);
      return;
    }
    const here = seq === this.meeting(seq, to.seq);
    const last = here ? this.indexIn(seq, to) : home !== away && seq === home ? from.item + 1 : seq.items.length;
    const track = trackOf(
      seq,
      "right",
      target,
      Math.min(2 * from.item + 1, 2 * last),
      Math.max(2 * from.item + 1, 2 * last),
    );
    plan.first = track;
    if (here) this.across(plan, seq, last, track, target, true);
    else if (seq === home) this.way(plan, seq, from.item + 1, track);
    else this.way(plan, seq.parent ?? seq, seq.at + 1, track);
  }

  /** No state stands between the right of this sequence and the groups. */
  private open(seq: Seq): boolean {
    for (let s = seq; s.parent !== null; s = s.parent) {
      const fork = s.parent.items[s.at];
      const lane = s.lane;
      if (fork?.kind === "fork" && fork.lanes.some((l, i) => i > lane && l.seq !== null)) return false;
    }
    return true;
  }

  /** Plans the way from a column that ends in gap `at` of `from` to the plan's target. */
  private way(plan: Plan, from: Seq, at: number, column: Column): void {
    const target = plan.edges[0]?.to ?? "";
    const meet = this.meeting(from, plan.to.seq);
    let seq = from;
    let gap = at;
    let now = column;
    while (seq !== meet && seq.parent !== null) {
      now = this.leave(plan, seq, gap, now, target);
      gap = seq.at + 1;
      seq = seq.parent;
    }
    if (meet !== null) {
      this.across(plan, meet, gap, now, target, false);
      return;
    }
    const g = gapOf(seq, gap);
    const channel = this.channel(target);
    plan.steps.push({ seq, gap: g, rail: g.rail("out", target), column: channel });
    plan.channel = plan.steps.length;
    this.arrive(plan, this.rootOf.get(plan.to.seq) ?? plan.to.seq, target);
  }

  /** Down to the bottom of a lane, and out. */
  private leave(plan: Plan, seq: Seq, at: number, column: Column, target: StateId): Column {
    const gap = gapOf(seq, at);
    const bottom = at === seq.items.length;
    if (bottom && (seq.exit === null || seq.exit === target)) {
      seq.exit = target;
      if (column !== seq.axis) plan.steps.push({ seq, gap, rail: gap.rail("out", target), column: seq.axis });
      return seq.axis;
    }
    const track = trackOf(seq, "right", target, 2 * at, 2 * seq.items.length);
    plan.steps.push({ seq, gap, rail: gap.rail("out", target), column: track });
    return track;
  }

  /** From gap `at` to the gap above the target, in the sequence where both ends meet. */
  private across(plan: Plan, seq: Seq, at: number, column: Column, target: StateId, arrived: boolean): void {
    const goal = this.indexIn(seq, plan.to);
    const chain = this.chain(seq, plan.to);
    const [inner] = chain;
    const kind = this.railTo(chain, 0, plan.to);
    const end = inner === undefined ? seq.axis : this.entry(inner, chain, 0, plan.to, target);
    const last = gapOf(seq, goal);
    if (inner === undefined) last.arrow = true;
    if (at !== goal) {
      const [low, high] = at < goal ? [at, goal] : [goal, at];
      const track = trackOf(seq, at < goal ? "right" : "left", target, 2 * low, 2 * high);
      const gap = gapOf(seq, at);
      plan.steps.push({ seq, gap, rail: gap.rail("out", target), column: track });
      plan.steps.push({ seq, gap: last, rail: last.rail(kind, target), column: end });
    } else if (column !== end || arrived) {
      plan.steps.push({ seq, gap: last, rail: last.rail(kind, target), column: end });
    }
    this.descend(plan, chain, target);
  }

  /** From the channel into the root sequence of the target. */
  private arrive(plan: Plan, root: Seq, target: StateId): void {
    const goal = this.indexIn(root, plan.to);
    const chain = this.chain(root, plan.to);
    const [inner] = chain;
    const gap = gapOf(root, goal);
    const end = inner === undefined ? root.axis : this.entry(inner, chain, 0, plan.to, target);
    if (inner === undefined) gap.arrow = true;
    plan.steps.push({ seq: root, gap, rail: gap.rail(this.railTo(chain, 0, plan.to), target), column: end });
    this.descend(plan, chain, target);
  }

  private descend(plan: Plan, chain: Seq[], target: StateId): void {
    chain.forEach((seq, i) => {
      const next = chain[i + 1];
      const goal = next === undefined ? plan.to.item : next.at;
      if (goal === 0) return;
      const gap = gapOf(seq, goal);
      if (next === undefined) gap.arrow = true;
      const column = next === undefined ? seq.axis : this.entry(next, chain, i + 1, plan.to, target);
      plan.steps.push({ seq, gap, rail: gap.rail(this.railTo(chain, i + 1, plan.to), target), column });
    });
  }

  /** What arrives at the item below, or at the head of a lane below, comes in under everything else in the gap. */
  private railTo(chain: Seq[], i: number, to: Place): "into" | "out" {
    return i >= chain.length || (i === chain.length - 1 && to.item === 0) ? "into" : "out";
  }

  private entry(seq: Seq, chain: Seq[], i: number, to: Place, target: StateId): Column {
    const goal = chain[i + 1]?.at ?? to.item;
    return goal === 0 ? seq.axis : trackOf(seq, "left", target, 0, 2 * goal);
  }

  /** The sequences below `seq` on the way down to a place. */
  private chain(seq: Seq, to: Place): Seq[] {
    const out: Seq[] = [];
    for (let s = to.seq; s !== seq && s.parent !== null; s = s.parent) out.push(s);
    return out.reverse();
  }

  private indexIn(seq: Seq, to: Place): number {
    if (to.seq === seq) return to.item;
    let s = to.seq;
    while (s.parent !== null && s.parent !== seq) s = s.parent;
    return s.at;
  }

  private meeting(a: Seq, b: Seq): Seq | null {
    let x: Seq | null = a;
    let y: Seq | null = b;
    while (x !== y) {
      if (x === null || y === null) return null;
      if (x.depth >= y.depth) x = x.parent;
      else y = y.parent;
    }
    return x;
  }

  private channel(target: StateId): Column {
    const known = this.channels.get(target);
    if (known !== undefined) return known;
    const column: Column = { seq: null, dx: 0 };
    this.channels.set(target, column);
    return column;
  }
}

function blank(edges: Edge[], from: Place | null, to: Place): Plan {
  const label = join(edges.map((e) => e.label).filter((l) => l !== ""));
  return { edges, label, from, to, port: 0, ports: 1, first: null, steps: [], mark: { at: "none" }, channel: -1 };
}

function grouped(edges: Edge[]): Edge[][] {
  const by = new Map<string, Edge[]>();
  for (const e of edges) {
    const key = `${e.kind === "catch" ? "c" : "n"}${e.to}`;
    const list = by.get(key);
    if (list === undefined) by.set(key, [e]);
    else list.push(e);
  }
  return [...by.values()];
}

function trackOf(seq: Seq, side: "left" | "right", target: StateId, from: number, to: number): Track {
  const key = `${side === "left" ? "l" : "r"}${target}`;
  const known = seq.tracks.get(key);
  if (known !== undefined) {
    known.from = Math.min(known.from, from);
    known.to = Math.max(known.to, to);
    return known;
  }
  const track: Track = { seq, dx: 0, side, from, to };
  seq.tracks.set(key, track);
  return track;
}

function isTrack(column: Column): column is Track {
  return "side" in column;
}

function gapOf(seq: Seq, at: number): Gap {
  const gap = seq.gaps[at];
  if (gap === undefined) throw new Error(`no gap ${at}`);
  return gap;
}

/** Keeps room for words: at one side of the axis, or at both. */
function widen(gap: Gap, room: number, side: 1 | -1 | 0): void {
  if (side >= 0) gap.right = Math.max(gap.right, room);
  if (side <= 0) gap.left = Math.max(gap.left, room);
}
