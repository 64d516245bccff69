import { beforeEach, describe, expect, it } from "vitest";
import { Doc } from "../doc/doc";
import { catalog } from "../edit/catalog";
import type { Place } from "../edit/place";
import { layout } from "../geom/layout";
import type { Layout } from "../geom/types";
import { allDrops, distance, dropAt, stateAt } from "./drop";
import { Connecting, Dragging, type Gesture, Idle, Pressing, type Stage, type Where } from "./gesture";

const text = JSON.stringify({
  StartAt: "A",
  States: {
    A: { Type: "Pass", Next: "Both" },
    Both: {
      Type: "Parallel",
      Branches: [
        { StartAt: "X", States: { X: { Type: "Pass", End: true } } },
        { StartAt: "", States: {} },
      ],
      Next: "End",
    },
    End: { Type: "Succeed" },
  },
});

const doc = new Doc(text);
const picture: Layout = layout(doc.graph!);
const middle = (id: string): { x: number; y: number } => {
  const b = picture.nodes.get(id)!;
  return { x: b.x + b.w / 2, y: b.y + b.h / 2 };
};
const between = (from: string): { x: number; y: number } => picture.edges.find((e) => e.edge.from === from)!.plus!;
const at = (p: { x: number; y: number } | null): Where => ({ x: p?.x ?? -1, y: p?.y ?? -1, point: p });

let log: string[] = [];
const stage: Stage = {
  graph: doc.graph!,
  layout: picture,
  zoom: 1,
  showDrop: (id) => log.push(`drop ${id}`),
  showGhost: (what) => log.push(what ? `ghost ${what.label}` : "no ghost"),
  showLine: (from, _, target) => log.push(`line ${from} ${target}`),
  insert: (item, place) => log.push(`insert ${item.id} ${words(place)}`),
  move: (id, place) => log.push(`move ${id} ${words(place)}`),
  connect: (from, to) => log.push(`connect ${from} ${to}`),
  connectNew: (from) => log.push(`new after ${from}`),
  canConnect: (from, to) => from !== to,
  say: (words) => log.push(`say ${words}`),
};

function words(place: Place): string {
  return place.kind === "edge" ? `${place.edge.from}>${place.edge.to}` : JSON.stringify(place);
}

beforeEach(() => {
  log = [];
});

describe("drops", () => {
  it("are every line, every end and every empty block", () => {
    const ids = allDrops(picture).map((d) => d.drop.id);
    expect(ids).toContain("slot:Both/1");
    expect(ids.filter((id) => id.startsWith("next:"))).toHaveLength(2);
  });
  it("take the nearest that allows it, within reach", () => {
    expect(dropAt(picture, between("A"), 40, () => true)?.words).toBe("between A and Both");
    expect(dropAt(picture, between("A"), 40, () => false)).toBeNull();
    expect(dropAt(picture, { x: -500, y: -500 }, 40, () => true)).toBeNull();
  });
  it("measure distance to bent lines", () => {
    const line = [
      { x: 0, y: 0 },
      { x: 0, y: 10 },
      { x: 10, y: 10 },
    ];
    expect(distance(line, { x: 5, y: 13 })).toBe(3);
    expect(distance(line, { x: 3, y: 5 })).toBe(3);
  });
  it("find the innermost state", () => {
    expect(stateAt(picture, doc.graph!, middle("X"))).toBe("X");
  });
});

const item = (id: string) => catalog.find((i) => i.id === id)!;

describe("gestures", () => {
  const wait = { kind: "item", item: item("wait") } as const;

  it("a press that does not move is no drag", () => {
    let g: Gesture = new Pressing(stage, wait, at({ x: 0, y: 0 }));
    g = g.onMove(at({ x: 2, y: 2 })).onUp(at({ x: 2, y: 2 }));
    expect(g).toBeInstanceOf(Idle);
    expect(log).toEqual([]);
  });

  it("an item dragged onto a line is put there", () => {
    let g: Gesture = new Pressing(stage, wait, at({ x: -100, y: 0 }));
    g = g.onMove(at(between("A")));
    expect(g.name).toBe("dragging");
    g.onUp(at(between("A")));
    expect(log).toEqual([
      "ghost Wait",
      `drop ${picture.edges.find((e) => e.edge.from === "A")!.id}`,
      "no ghost",
      "drop null",
      "insert wait A>Both",
    ]);
  });

  it("Escape leaves no trace", () => {
    const g = new Dragging(stage, wait).onMove(at(between("A")));
    expect(g.onCancel()).toBeInstanceOf(Idle);
    expect(log.slice(-2)).toEqual(["no ghost", "drop null"]);
    expect(log.some((l) => l.startsWith("insert"))).toBe(false);
  });

  it("what cannot stand there is refused with the reason", () => {
    new Dragging(stage, { kind: "item", item: item("fail") }).onMove(at(between("A"))).onUp(at(between("A")));
    expect(log.at(-1)).toMatch(/^say It would end the flow before “Both”/);
  });

  it("a state moves to another line, and not onto its own", () => {
    new Dragging(stage, { kind: "state", id: "A" }).onMove(at(between("A"))).onUp(at(between("A")));
    expect(log.some((l) => l.startsWith("move"))).toBe(false);
    new Dragging(stage, { kind: "state", id: "A" }).onMove(at(between("Both"))).onUp(at(between("Both")));
    expect(log.at(-1)).toBe("move A Both>End");
  });

  it("a line from a state's port connects, or adds", () => {
    new Connecting(stage, "A").onMove(at(middle("End"))).onUp(at(middle("End")));
    expect(log.at(-1)).toBe("connect A End");
    new Connecting(stage, "A").onMove(at({ x: -900, y: 0 })).onUp(at({ x: -900, y: 0 }));
    expect(log.at(-1)).toBe("new after A");
    new Connecting(stage, "A").onMove(at(null)).onUp(at(null));
    expect(log.at(-1)).toBe("line null null");
  });
});
