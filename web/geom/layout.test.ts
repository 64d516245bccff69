import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Graph, StateId } from "../asl/model";
import { parseDefinition } from "../asl/parse";
import { type Layout, layout } from "./layout";
import { longDefinition, randomDefinition } from "./sample";
import type { Box, Point } from "./types";

const folder = new URL("../asl/testdata/", import.meta.url);

function graphOf(definition: unknown): Graph {
  const { graph } = parseDefinition(JSON.stringify(definition));
  if (graph === null) throw new Error("no graph");
  return graph;
}

/** The containers around a state, itself included. */
function around(graph: Graph, id: StateId): Set<StateId> {
  const out = new Set<StateId>();
  for (let at: StateId | null | undefined = id; at; at = graph.blocks.get(graph.states.get(at)?.block ?? "")?.owner)
    out.add(at);
  return out;
}

function overlap(a: Box, b: Box, gap = 0): boolean {
  return a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap;
}

function crosses(a: Point, b: Point, box: Box): boolean {
  return (
    Math.min(a.x, b.x) < box.x + box.w &&
    Math.max(a.x, b.x) > box.x &&
    Math.min(a.y, b.y) < box.y + box.h &&
    Math.max(a.y, b.y) > box.y
  );
}

function lies(p: Point, line: Point[]): boolean {
  return line.some((b, i) => {
    const a = line[i - 1];
    if (a === undefined) return false;
    const [dx, dy] = [
      Math.max(Math.min(a.x, b.x) - p.x, 0, p.x - Math.max(a.x, b.x)),
      Math.max(Math.min(a.y, b.y) - p.y, 0, p.y - Math.max(a.y, b.y)),
    ];
    return Math.hypot(dx, dy) < 0.5;
  });
}

/** Everything that a layout promises; returns what is broken. */
function broken(graph: Graph, l: Layout): string[] {
  const bad: string[] = [];
  const boxes = [...l.nodes.values()];
  const ring = new Map(boxes.map((b) => [b.id, around(graph, b.id)]));
  const has = (of: StateId, id: StateId): boolean => ring.get(of)?.has(id) ?? false;
  for (const [i, a] of boxes.entries()) {
    if (a.x < 0 || a.y < 0 || a.x + a.w > l.width || a.y + a.h > l.height) bad.push(`${a.id} lies outside`);
    for (const b of boxes.slice(i + 1))
      if (!has(a.id, b.id) && !has(b.id, a.id) && overlap(a, b)) bad.push(`${a.id} over ${b.id}`);
  }
  for (const r of l.edges) {
    for (let i = 1; i < r.points.length; i++) {
      const a = r.points[i - 1] as Point;
      const b = r.points[i] as Point;
      if (a.x !== b.x && a.y !== b.y) bad.push(`${r.id} runs aslant`);
      for (const box of boxes) {
        const own = has(r.edge.from, box.id) || has(r.edge.to, box.id);
        if (!own && crosses(a, b, box)) bad.push(`${r.id} → ${r.edge.to} crosses ${box.id}`);
      }
    }
    for (const mark of [r.label, r.plus])
      if (mark !== undefined && !lies(mark, r.points)) bad.push(`words or + of ${r.id} stand beside it`);
    const end = r.points.at(-1);
    const to = l.nodes.get(r.edge.to);
    if (
      to === undefined ||
      end === undefined ||
      Math.abs(end.y - to.y) > 0.01 ||
      Math.abs(end.x - to.x - to.w / 2) > 0.01
    )
      bad.push(`${r.id} does not end at ${r.edge.to}`);
  }
  const labels = l.edges.flatMap((r) =>
    r.label === undefined ? [] : [{ id: r.id, x: r.label.x - r.label.w / 2, y: r.label.y - 8, w: r.label.w, h: 16 }],
  );
  labels.sort((a, b) => a.y - b.y);
  for (const [i, a] of labels.entries()) {
    for (let k = i + 1; k < labels.length; k++) {
      const b = labels[k];
      if (b === undefined || b.y > a.y + a.h) break;
      if (overlap(a, b)) bad.push(`words of ${a.id} over those of ${b.id}`);
    }
    for (const box of boxes) if (!box.container && overlap(a, box)) bad.push(`words of ${a.id} over ${box.id}`);
  }
  return bad;
}

describe("layout", () => {
  it.each(readdirSync(folder).filter((f) => f.endsWith(".json")))("keeps its promises for %s", (name) => {
    const { graph, errors } = parseDefinition(readFileSync(new URL(name, folder), "utf8"));
    if (graph === null) throw new Error("no graph");
    expect(errors).toEqual([]);
    const l = layout(graph);
    expect(l.nodes.size).toBe(graph.states.size);
    expect(broken(graph, l)).toEqual([]);
  });

  it("keeps its promises for definitions of any shape", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const graph = graphOf(randomDefinition(seed, 3 + (seed % 30)));
      const l = layout(graph);
      expect({ seed, broken: broken(graph, l) }).toEqual({ seed, broken: [] });
      expect(l.nodes.size).toBe(graph.states.size);
      // Every edge is drawn, and one leads from Start.
      const edges = [...graph.states.values()].reduce((n, s) => n + s.edges.length, 1);
      expect(new Set(l.edges.map((r) => r.id)).size).toBe(edges);
    }
  }, 60_000);

  it("gives the same picture every time", () => {
    const definition = randomDefinition(7, 40);
    expect(layout(graphOf(definition))).toEqual(layout(graphOf(definition)));
  });

  it("puts the branches of a Choice side by side and joins them below", () => {
    const l = layout(
      graphOf({
        StartAt: "C",
        States: {
          C: { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 1, Next: "A" }], Default: "B" },
          A: { Type: "Pass", Next: "J" },
          B: { Type: "Pass", Next: "J" },
          J: { Type: "Succeed" },
        },
      }),
    );
    const [c, a, b, j] = ["C", "A", "B", "J"].map((id) => l.nodes.get(id));
    expect(a?.y).toBe(b?.y);
    expect(a?.x).toBeLessThan(b?.x ?? 0);
    expect(j?.x).toBe(c?.x);
    expect(j?.y).toBeGreaterThan((a?.y ?? 0) + 56);
  });

  it("puts what only a catcher reaches at the right, below what it catches from", () => {
    const l = layout(
      graphOf({
        StartAt: "T",
        States: {
          T: { Type: "Task", Resource: "x", Catch: [{ ErrorEquals: ["E"], Next: "R" }], Next: "D" },
          D: { Type: "Succeed" },
          R: { Type: "Fail" },
        },
      }),
    );
    const [t, r] = ["T", "R"].map((id) => l.nodes.get(id));
    expect(r?.x).toBeGreaterThan((t?.x ?? 0) + 220);
    expect(r?.y).toBeGreaterThan(t?.y ?? 0);
  });

  it("shows an empty branch as a slot", () => {
    const l = layout(
      graphOf({
        StartAt: "P",
        States: {
          P: {
            Type: "Parallel",
            Branches: [{ StartAt: "A", States: { A: { Type: "Pass", End: true } } }, { States: {} }],
            End: true,
          },
        },
      }),
    );
    expect(l.slots.map((s) => s.block)).toEqual(["P/1"]);
    expect(l.nodes.get("P")?.container).toBe(true);
  });

  it("lays out a line of thousands of states", () => {
    const l = layout(graphOf(longDefinition(5000)));
    expect(l.nodes.size).toBe(5000);
  });

  it("lays out thousands of states that jump to one end", () => {
    const states: Record<string, unknown> = { Bad: { Type: "Fail" } };
    for (let i = 0; i < 3000; i++)
      states[`S${i}`] = {
        Type: "Choice",
        Choices: [{ Variable: "$.x", IsNull: true, Next: "Bad" }],
        Default: i < 2999 ? `S${i + 1}` : "Bad",
      };
    const l = layout(graphOf({ StartAt: "S0", States: states }));
    expect(l.nodes.size).toBe(3001);
    expect(l.width).toBeLessThan(2000);
  });
});
