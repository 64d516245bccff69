/**
 * Layout of a whole definition in O(n log n): blocks from the inside out, then everything at its place. The
 * same definition always gets the same picture.
 */
import type { BlockId, Graph, StateRec } from "../asl/model";
import { type Drawn, layoutBlock } from "./blocks";
import { textWidth } from "./text";
import { type Layout, NODE_H, NODE_W, type Point, type Route, START_H, START_W, TITLE_H } from "./types";

export type { BlockArea, Box, Label, Layout, NodeBox, Point, Route, Slot, Tail } from "./types";

const pad = 24;
const between = 40;

/** Lays out a definition. Total: any graph gets a picture. */
export function layout(graph: Graph): Layout {
  const drawn = new Map<BlockId, Drawn>();
  for (const block of [...graph.blocks.values()].reverse()) {
    drawn.set(
      block.id,
      layoutBlock(graph, block, (id) => sizeOf(graph.states.get(id), drawn)),
    );
  }
  const all: Layout = {
    nodes: new Map(),
    start: { x: 0, y: 0, w: START_W, h: START_H },
    edges: [],
    slots: [],
    tails: [],
    areas: [],
    width: 0,
    height: 0,
  };
  const at = new Map<BlockId, Point>([["", { x: 0, y: 0 }]]);
  for (const block of graph.blocks.values()) {
    const d = drawn.get(block.id);
    const o = at.get(block.id);
    if (d === undefined || o === undefined) continue;
    if (d.start !== null) all.start = moved(d.start, o);
    if (d.slot !== null) all.slots.push({ ...moved(d.slot, o), block: block.id });
    all.areas.push({ x: o.x, y: o.y, w: d.width, h: d.height, block: block.id });
    for (const node of d.nodes) {
      const rec = graph.states.get(node.id);
      const inner = rec?.blocks ?? [];
      all.nodes.set(node.id, { ...moved(node, o), container: inner.length > 0 });
      placeBlocks(inner, drawn, { x: o.x + node.x, y: o.y + node.y, w: node.w }, at);
    }
    for (const route of d.routes) all.edges.push(movedRoute(route, o));
    for (const tail of d.tails) all.tails.push(moved(tail, o));
    if (block.id === "") {
      all.width = d.width;
      all.height = d.height;
    }
  }
  return all;
}

function sizeOf(rec: StateRec | undefined, drawn: Map<BlockId, Drawn>): { w: number; h: number } {
  const ports = new Set(rec?.edges.filter((e) => e.kind === "catch").map((e) => e.to)).size;
  if (rec === undefined || rec.blocks.length === 0) return { w: NODE_W, h: Math.max(NODE_H, ports * 20) };
  const inner = rec.blocks.map((b) => drawn.get(b));
  const title = 60 + textWidth(rec.name, 14) + textWidth(rec.meaning, 12.5) + pad;
  const widths = inner.reduce((sum, d) => sum + (d?.width ?? 0), 0) + between * (inner.length - 1);
  const tallest = Math.max(...inner.map((d) => d?.height ?? 0));
  return { w: Math.max(widths + 2 * pad, Math.min(title, 460)), h: TITLE_H + tallest + pad };
}

function placeBlocks(
  blocks: BlockId[],
  drawn: Map<BlockId, Drawn>,
  box: { x: number; y: number; w: number },
  at: Map<BlockId, Point>,
): void {
  const total = blocks.reduce((sum, b) => sum + (drawn.get(b)?.width ?? 0), 0) + between * (blocks.length - 1);
  let x = box.x + (box.w - total) / 2;
  for (const b of blocks) {
    at.set(b, { x, y: box.y + TITLE_H });
    x += (drawn.get(b)?.width ?? 0) + between;
  }
}

function moved<T extends Point>(p: T, by: Point): T {
  if (by.x === 0 && by.y === 0) return p;
  return { ...p, x: p.x + by.x, y: p.y + by.y };
}

function movedRoute(route: Route, by: Point): Route {
  if (by.x === 0 && by.y === 0) return route;
  const out: Route = { ...route, points: route.points.map((p) => moved(p, by)) };
  if (route.label !== undefined) out.label = moved(route.label, by);
  if (route.plus !== undefined) out.plus = moved(route.plus, by);
  return out;
}
