/**
 * The structure of one block. A sequence is a column of items: states, and forks whose lanes are sequences
 * again. A state that several ways lead to stands below all of them (under its dominator), so forward edges
 * always go down. What only catchers reach becomes a group beside the main sequence.
 */
import type { Block, Graph, StateId } from "../asl/model";
import { type Flow, flowFrom } from "./flow";
import { Gap } from "./gap";

/** A vertical line: x is `dx` from the axis of `seq`, or from the left of the block. */
export interface Column {
  seq: Seq | null;
  dx: number;
}

export interface NodeItem {
  kind: "node";
  id: StateId;
  w: number;
  h: number;
  /** Room at the right for the words on catch edges. */
  beside: number;
}

export interface Lane {
  /** Null: an edge alone runs here, past the other lanes. */
  seq: Seq | null;
  to: StateId;
  label: string;
  port: Column;
  /** Of the lane's axis from that of the sequence around it. */
  offset: number;
  /** Words on the drop rather than on the horizontal. */
  drop: boolean;
}

export interface ForkItem {
  kind: "fork";
  owner: StateId;
  lanes: Lane[];
  /** The lane that stands straight below the owner; -1: the middle of all. */
  spine: number;
  h: number;
  /** Extents from the axis. */
  left: number;
  right: number;
}

export type Item = NodeItem | ForkItem;

export interface Track extends Column {
  side: "left" | "right";
  from: number;
  to: number;
}

/** A column of items with gaps around them: gap i stands above item i, the last below all. */
export class Seq {
  readonly items: Item[] = [];
  gaps: Gap[] = [];
  readonly tracks = new Map<string, Track>();
  readonly axis: Column;
  readonly depth: number;
  /** The target outside that leaves straight down from the bottom. */
  exit: StateId | null = null;
  left = 0;
  right = 0;
  height = 0;
  x = 0;
  y = 0;
  /** Number of states, lanes included. */
  size = 0;

  constructor(
    readonly parent: Seq | null,
    /** Index of the fork in the parent. */
    readonly at: number,
    readonly lane: number,
  ) {
    this.axis = { seq: this, dx: 0 };
    this.depth = parent === null ? 0 : parent.depth + 1;
  }
}

export interface Place {
  seq: Seq;
  item: number;
}

export interface Regions {
  main: Seq | null;
  groups: Seq[];
  /** All sequences, parents before children. */
  all: Seq[];
  where: Map<StateId, Place>;
}

/** Finds the structure of a block. `size` gives the box of a state. */
export function regionsOf(graph: Graph, block: Block, size: (id: StateId) => { w: number; h: number }): Regions {
  return new Finder(graph, block, size).find();
}

class Finder {
  private readonly all: Seq[] = [];
  private readonly where = new Map<StateId, Place>();
  private readonly number: Map<StateId, number>;
  private readonly next: number[][];
  private readonly caught: number[][];
  private readonly taken: Uint8Array;
  /** Where a region's sequences begin in `all`. */
  private readonly begin = new Map<Seq, number>();

  constructor(
    private readonly graph: Graph,
    private readonly block: Block,
    private readonly size: (id: StateId) => { w: number; h: number },
  ) {
    this.number = new Map(block.states.map((id, i) => [id, i]));
    const targets = (id: StateId, want: boolean): number[] => {
      const out = new Set<number>();
      for (const e of graph.states.get(id)?.edges ?? []) {
        const to = this.number.get(e.to);
        if (to !== undefined && (e.kind === "catch") === want) out.add(to);
      }
      return [...out];
    };
    this.next = block.states.map((id) => targets(id, false));
    this.caught = block.states.map((id) => targets(id, true));
    this.taken = new Uint8Array(block.states.length);
  }

  find(): Regions {
    const { block } = this;
    const first = block.startAt === null ? undefined : this.number.get(block.startAt);
    const head = first ?? (block.states.length > 0 ? 0 : undefined);
    const main = head === undefined ? null : this.region(head);
    const groups: Seq[] = [];
    // Catch targets, in the order of the states that catch; a group's own catchers come after it.
    const queue = main === null ? [] : this.members(main);
    for (let i = 0; i < queue.length; i++) {
      for (const to of this.caught[queue[i] ?? 0] ?? []) {
        if (this.taken[to] === 1) continue;
        const group = this.region(to);
        groups.push(group);
        for (const n of this.members(group)) queue.push(n);
      }
    }
    groups.push(...this.lost());
    return { main, groups, all: this.all, where: this.where };
  }

  /** What nothing reaches: heads first, then what is only in circles. */
  private lost(): Seq[] {
    const reached = new Uint8Array(this.block.states.length);
    this.next.forEach((list, from) => {
      if (this.taken[from] === 0) for (const to of list) if (to !== from) reached[to] = 1;
    });
    const groups: Seq[] = [];
    for (const heads of [true, false]) {
      this.block.states.forEach((_, n) => {
        if (this.taken[n] === 0 && (!heads || reached[n] === 0)) groups.push(this.region(n));
      });
    }
    return groups;
  }

  /** The states of a region that was just made. */
  private members(seq: Seq): number[] {
    const out: number[] = [];
    const first = this.begin.get(seq) ?? 0;
    for (let i = first; i < this.all.length; i++) {
      for (const item of this.all[i]?.items ?? []) if (item.kind === "node") out.push(this.number.get(item.id) ?? 0);
    }
    return out;
  }

  private region(head: number): Seq {
    const flow = flowFrom(
      head,
      (n) => this.next[n] ?? [],
      (n) => this.taken[n] === 0,
    );
    for (const n of flow.order) this.taken[n] = 1;
    const root = new Seq(null, 0, 0);
    this.begin.set(root, this.all.length);
    const work: { seq: Seq; head: number }[] = [{ seq: root, head }];
    const made: Seq[] = [];
    for (let job = work.pop(); job !== undefined; job = work.pop()) {
      this.all.push(job.seq);
      made.push(job.seq);
      this.fill(job.seq, job.head, flow, work);
    }
    for (const seq of made) seq.gaps = Array.from({ length: seq.items.length + 1 }, () => new Gap());
    for (const seq of made.toReversed()) {
      for (const item of seq.items) if (item.kind === "fork" && item.spine >= 0) item.spine = this.widest(item.lanes);
      if (seq.parent !== null) seq.parent.size += seq.size;
    }
    return root;
  }

  private fill(seq: Seq, head: number, flow: Flow, work: { seq: Seq; head: number }[]): void {
    const stack = [head];
    for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
      const id = this.block.states[n] ?? "";
      this.where.set(id, { seq, item: seq.items.length });
      seq.items.push({ kind: "node", id, ...this.size(id), beside: 0 });
      seq.size++;
      const own = n;
      const children = flow.children.get(n) ?? [];
      const only = (c: number): boolean => (flow.before.get(c) ?? []).every((p) => p === own);
      const branches = children.filter(only);
      const joins = children.filter((c) => !only(c));
      for (const j of joins.toReversed()) stack.push(j);
      const join = joins.find((_, i) => i === 0);
      const past = join !== undefined && !this.fails(join) && (flow.before.get(join) ?? []).includes(n);
      if (branches.length + (past ? 1 : 0) < 2) {
        if (branches[0] !== undefined) stack.push(branches[0]);
        continue;
      }
      const lanes = past && join !== undefined ? [...branches, join] : branches;
      this.fork(
        seq,
        id,
        lanes,
        past ? join : undefined,
        joins.every((j) => this.fails(j)),
        work,
      );
    }
  }

  private fork(
    seq: Seq,
    owner: StateId,
    heads: number[],
    past: number | undefined,
    straight: boolean,
    work: { seq: Seq; head: number }[],
  ): void {
    const order = new Map((this.next[this.number.get(owner) ?? 0] ?? []).map((n, i) => [n, i]));
    const at = seq.items.length;
    // In the order of the rules, failures last: errors live at the right.
    const rank = (n: number): number => (this.fails(n) ? heads.length + order.size : 0) + (order.get(n) ?? 0);
    const lanes = heads
      .toSorted((a, b) => rank(a) - rank(b))
      .map((n, i): Lane => {
        const to = this.block.states[n] ?? "";
        const inner = n === past ? null : new Seq(seq, at, i);
        return {
          seq: inner,
          to,
          label: labelTo(this.graph, owner, to),
          port: inner?.axis ?? { seq, dx: 0 },
          offset: 0,
          drop: true,
        };
      });
    seq.items.push({ kind: "fork", owner, lanes, spine: straight ? 0 : -1, h: 0, left: 0, right: 0 });
    lanes.toReversed().forEach((lane) => {
      if (lane.seq !== null) work.push({ seq: lane.seq, head: this.number.get(lane.to) ?? 0 });
    });
  }

  /** The lane that goes on longest; of equals rather one that does not fail. */
  private widest(lanes: Lane[]): number {
    const weight = (lane: Lane | undefined): number =>
      lane === undefined ? 0 : (lane.seq?.size ?? 0) - (this.graph.states.get(lane.to)?.type === "Fail" ? 0.5 : 0);
    let best = 0;
    lanes.forEach((lane, i) => {
      if (weight(lane) > weight(lanes[best])) best = i;
    });
    return best;
  }

  private fails(n: number): boolean {
    return this.graph.states.get(this.block.states[n] ?? "")?.type === "Fail";
  }
}

/** The words of all edges, catchers aside, from one state to another: "total > 500 or vip". */
function labelTo(graph: Graph, from: StateId, to: StateId): string {
  const words = (graph.states.get(from)?.edges ?? [])
    .filter((e) => e.to === to && e.kind !== "catch" && e.label !== "")
    .map((e) => e.label);
  return join(words);
}

/** Joins words and cuts them to what an edge can carry. */
export function join(words: string[]): string {
  const [first = "", ...rest] = words;
  const all = [first, ...rest.map((w) => w.replace(/^catch /, ""))].join(" or ");
  return all.length <= 34
    ? all
    : rest.length === 0
      ? `${all.slice(0, 33)}…`
      : `${first.slice(0, 24)} or ${rest.length} more`;
}
