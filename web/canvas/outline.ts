/**
 * The picture as an outline: a tree that assistive technology reads and the keyboard walks. Every state is in
 * it, drawn or not; focus is here, and the canvas draws the ring.
 */
import type { BlockId, Graph, StateId, StateRec } from "../asl/model";
import { flowFrom } from "../geom/flow";

export interface Entry {
  id: StateId;
  level: number;
  position: number;
  size: number;
  /** Place in the whole outline. */
  index: number;
}

/** States in reading order: along the flow, a container before what is in it. */
export function outline(graph: Graph): Entry[] {
  const entries: Entry[] = [];
  const stack: { block: BlockId; level: number; ids: StateId[]; next: number }[] = [];
  const open = (block: BlockId, level: number): void => {
    const ids = inFlow(graph, block);
    if (ids.length > 0) stack.push({ block, level, ids, next: 0 });
  };
  open("", 1);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const id = top.ids[top.next++];
    if (id === undefined) {
      stack.pop();
      continue;
    }
    entries.push({ id, level: top.level, position: top.next, size: top.ids.length, index: entries.length });
    for (const inner of (graph.states.get(id)?.blocks ?? []).toReversed()) open(inner, top.level + 1);
  }
  return entries;
}

/** The states of a block along its flow; what is reached by no edge comes last. */
function inFlow(graph: Graph, id: BlockId): StateId[] {
  const block = graph.blocks.get(id);
  if (block === undefined) return [];
  const number = new Map(block.states.map((s, i) => [s, i]));
  const next = block.states.map((s) => {
    const edges = graph.states.get(s)?.edges ?? [];
    const flow = edges.filter((e) => e.kind !== "catch");
    const caught = edges.filter((e) => e.kind === "catch");
    return [...new Set([...flow, ...caught].flatMap((e) => number.get(e.to) ?? []))];
  });
  const seen = new Uint8Array(block.states.length);
  const order: StateId[] = [];
  const heads = [block.startAt === null ? undefined : number.get(block.startAt), ...block.states.keys()];
  for (const head of heads) {
    if (head === undefined || seen[head] === 1) continue;
    for (const n of flowFrom(
      head,
      (k) => next[k] ?? [],
      (k) => seen[k] === 0,
    ).order) {
      seen[n] = 1;
      order.push(block.states[n] ?? "");
    }
  }
  return order;
}

const typeWords: Record<StateRec["type"], string> = {
  Task: "Task",
  Pass: "Pass",
  Choice: "Choice",
  Wait: "Wait",
  Succeed: "Succeed",
  Fail: "Fail",
  Parallel: "Parallel",
  Map: "Map",
  Unknown: "no type",
};

/** "Charge card, Task, step 3 of 9, next Ship, 1 retrier, 1 problem". */
export function labelOf(graph: Graph, rec: StateRec, entry: Entry, problems: number, status: string): string {
  const parts = [rec.name, rec.tone === "human" ? "Human task" : typeWords[rec.type]];
  if (status !== "") parts.push(status);
  parts.push(`step ${entry.position} of ${entry.size}`);
  const owner = graph.blocks.get(rec.block)?.owner;
  if (owner != null) {
    const blocks = graph.states.get(owner)?.blocks ?? [];
    parts.push(
      blocks.length > 1 ? `in ${owner}, branch ${blocks.indexOf(rec.block) + 1} of ${blocks.length}` : `in ${owner}`,
    );
  }
  const name = (id: StateId): string => graph.states.get(id)?.name ?? id;
  for (const e of rec.edges) {
    if (e.kind === "catch") parts.push(`${e.label} goes to ${name(e.to)}`);
    else parts.push(e.label === "" ? `next ${name(e.to)}` : `${e.label} goes to ${name(e.to)}`);
  }
  if (rec.end && rec.type !== "Succeed" && rec.type !== "Fail") parts.push("end");
  if (rec.blocks.length > 1) parts.push(`${rec.blocks.length} branches`);
  if (rec.retriers > 0) parts.push(rec.retriers === 1 ? "1 retrier" : `${rec.retriers} retriers`);
  if (problems > 0) parts.push(problems === 1 ? "1 problem" : `${problems} problems`);
  return parts.join(", ");
}

export type Direction = "up" | "down" | "left" | "right" | "first" | "last";

/** Where an arrow key leads: up and down along the flow, left and right to siblings, into and out of containers. */
export class Walker {
  private readonly byId = new Map<StateId, Entry>();
  private readonly before = new Map<StateId, StateId[]>();

  constructor(
    private readonly graph: Graph,
    readonly entries: readonly Entry[],
  ) {
    for (const e of entries) this.byId.set(e.id, e);
    for (const rec of graph.states.values()) {
      for (const e of rec.edges) {
        const list = this.before.get(e.to);
        if (list === undefined) this.before.set(e.to, [rec.id]);
        else list.push(rec.id);
      }
    }
  }

  entry(id: StateId): Entry | undefined {
    return this.byId.get(id);
  }

  go(id: StateId, direction: Direction): StateId | null {
    const rec = this.graph.states.get(id);
    const entry = this.byId.get(id);
    if (rec === undefined || entry === undefined) return this.entries[0]?.id ?? null;
    switch (direction) {
      case "first":
        return this.entries[0]?.id ?? null;
      case "last":
        return this.entries.at(-1)?.id ?? null;
      case "down":
        return this.down(rec, entry);
      case "up":
        return this.up(rec, entry);
      case "right":
        return (
          this.head(rec.blocks[0]) ?? this.sibling(rec, 1) ?? rec.edges.find((e) => e.kind === "catch")?.to ?? null
        );
      case "left":
        return this.sibling(rec, -1) ?? this.catcher(rec) ?? this.graph.blocks.get(rec.block)?.owner ?? null;
    }
  }

  private down(rec: StateRec, entry: Entry): StateId | null {
    const at = (id: StateId): number => this.byId.get(id)?.index ?? -1;
    const next = rec.edges.find((e) => e.kind !== "catch" && at(e.to) > entry.index);
    if (next !== undefined) return next.to;
    const owner = this.graph.blocks.get(rec.block)?.owner;
    const out =
      owner == null
        ? undefined
        : this.graph.states.get(owner)?.edges.find((e) => e.kind !== "catch" && at(e.to) > entry.index);
    return out?.to ?? this.entries[entry.index + 1]?.id ?? null;
  }

  private up(rec: StateRec, entry: Entry): StateId | null {
    const index = (id: StateId): number => this.byId.get(id)?.index ?? -1;
    let best: StateId | null = null;
    for (const id of this.before.get(rec.id) ?? []) {
      if (index(id) < entry.index && (best === null || index(id) > index(best))) best = id;
    }
    return best ?? this.graph.blocks.get(rec.block)?.owner ?? this.entries[entry.index - 1]?.id ?? null;
  }

  /** Beside a state: another way out of the same Choice, or the next branch of a Parallel. */
  private sibling(rec: StateRec, step: 1 | -1): StateId | null {
    for (const id of this.before.get(rec.id) ?? []) {
      const from = this.graph.states.get(id);
      if (from?.type !== "Choice") continue;
      const ways = [...new Set(from.edges.map((e) => e.to))];
      const to = ways[ways.indexOf(rec.id) + step];
      if (to !== undefined && ways.includes(rec.id)) return to;
    }
    const owner = this.graph.blocks.get(rec.block)?.owner;
    const blocks = owner == null ? [] : (this.graph.states.get(owner)?.blocks ?? []);
    return this.head(blocks[blocks.indexOf(rec.block) + step]);
  }

  private catcher(rec: StateRec): StateId | null {
    return (
      (this.before.get(rec.id) ?? []).find((id) =>
        this.graph.states.get(id)?.edges.some((e) => e.kind === "catch" && e.to === rec.id),
      ) ?? null
    );
  }

  private head(block: BlockId | undefined): StateId | null {
    const b = block === undefined ? undefined : this.graph.blocks.get(block);
    return b?.startAt ?? b?.states[0] ?? null;
  }
}
