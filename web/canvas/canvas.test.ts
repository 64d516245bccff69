// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Graph } from "../asl/model";
import { parseDefinition } from "../asl/parse";
import { layout } from "../geom/layout";
import { longDefinition } from "../geom/sample";
import { noRun, overlayOf, parseEvents, reduce } from "../live/overlay";
import { Canvas } from "./canvas";

function graphOf(definition: unknown): Graph {
  const { graph } = parseDefinition(JSON.stringify(definition));
  if (graph === null) throw new Error("no graph");
  return graph;
}

const small = {
  StartAt: "A",
  States: {
    A: { Type: "Choice", Choices: [{ Variable: "$.n", NumericEquals: 1, Next: "B" }], Default: "C" },
    B: { Type: "Pass", Next: "C" },
    C: {
      Type: "Parallel",
      End: true,
      Branches: [{ StartAt: "D", States: { D: { Type: "Pass", End: true } } }, { States: {} }],
    },
  },
};

let host: HTMLElement;

/** Lets the frames that were asked for be drawn. */
function frames(): void {
  vi.advanceTimersByTime(400);
}

function show(definition: unknown, editable = true): Canvas {
  const canvas = new Canvas(host, { editable });
  const graph = graphOf(definition);
  canvas.setGraph(graph, layout(graph));
  frames();
  return canvas;
}

const drawn = (): string[] => [...host.querySelectorAll<SVGElement>(".node")].map((n) => n.dataset.state ?? "");
const items = (): HTMLElement[] => [...host.querySelectorAll<HTMLElement>("[role=treeitem]")];

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["requestAnimationFrame", "cancelAnimationFrame", "setTimeout", "clearTimeout", "performance", "Date"],
  });
  host = document.createElement("section");
  document.body.append(host);
  host.getBoundingClientRect = () => new DOMRect(0, 0, 1000, 700);
});

afterEach(() => {
  vi.useRealTimers();
  host.remove();
});

describe("Canvas", () => {
  it("draws states, edges, words, places to add and empty blocks", () => {
    show(small);
    expect(drawn().sort()).toEqual(["A", "B", "C", "D"]);
    expect(host.querySelectorAll(".route").length).toBe(4);
    expect([...host.querySelectorAll(".route-label")].map((l) => l.textContent)).toEqual(
      expect.arrayContaining(["n = 1", "otherwise"]),
    );
    expect(host.querySelectorAll(".plus").length).toBeGreaterThan(2);
    expect(host.querySelectorAll(".slot").length).toBe(1);
  });

  it("has no places to add where nothing is edited", () => {
    show(small, false);
    expect(host.querySelectorAll(".plus").length).toBe(0);
  });

  it("uses no style attribute in its markup", () => {
    show(small);
    expect(host.querySelectorAll("svg [style]").length).toBe(0);
  });

  it("draws what is seen, and lists everything", () => {
    show(longDefinition(800));
    expect(drawn().length).toBeGreaterThan(3);
    expect(drawn().length).toBeLessThan(80);
    expect(items().length).toBe(800);
    expect(host.querySelectorAll("*").length).toBeLessThan(2000);
  }, 30_000);

  it("draws hundreds from far away with a few paths", () => {
    const canvas = show(longDefinition(700));
    canvas.fit();
    frames();
    expect(host.querySelectorAll("svg *").length).toBeLessThan(60);
    expect(drawn()).toEqual([]);
  }, 30_000);

  it("finds what lies under a point", () => {
    const canvas = show(small);
    const l = layout(graphOf(small));
    const a = l.nodes.get("A");
    const d = l.nodes.get("D");
    const c = l.nodes.get("C");
    if (a === undefined || d === undefined || c === undefined) throw new Error("not laid out");
    expect(canvas.hit({ x: a.x + 5, y: a.y + 5 })).toEqual({ kind: "state", id: "A", part: "body" });
    expect(canvas.hit({ x: d.x + 5, y: d.y + 5 })).toMatchObject({ kind: "state", id: "D" });
    expect(canvas.hit({ x: c.x + 9, y: c.y + 9 })).toEqual({ kind: "state", id: "C", part: "title" });
    const plus = l.edges.find((e) => e.edge.kind === "start")?.plus;
    expect(plus && canvas.hit(plus)).toMatchObject({ kind: "plus", route: { id: "start:0:" } });
    const slot = l.slots[0];
    expect(slot && canvas.hit({ x: slot.x + 20, y: slot.y + 20 })).toMatchObject({
      kind: "slot",
      slot: { block: "C/1" },
    });
    expect(canvas.hit({ x: -500, y: -500 })).toEqual({ kind: "none" });
  });

  it("is walked with arrow keys, one item in the tab order", () => {
    const canvas = show(small);
    const seen: unknown[] = [];
    canvas.on("select", (id) => seen.push(id));
    canvas.on("open", (id) => seen.push(`open ${id}`));
    const press = (key: string): boolean =>
      (document.activeElement ?? host).dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
      );
    expect(items().filter((i) => i.tabIndex === 0).length).toBe(1);
    items()[0]?.focus();
    press("ArrowDown");
    press("ArrowDown");
    press("ArrowRight");
    press("Enter");
    expect(seen).toEqual(["B", "C", "D", "open D"]);
    expect(canvas.selected).toBe("D");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("D, Pass, step 1 of 1, in C, branch 1 of 2, end");
    expect(items().filter((i) => i.getAttribute("aria-selected") === "true").length).toBe(1);
  });

  it("keeps focus and selection when the definition changes around them", () => {
    const canvas = show(small);
    canvas.select("B", { focus: true });
    const changed = structuredClone(small) as typeof small & { States: Record<string, unknown> };
    changed.States.E = { Type: "Succeed" };
    const graph = graphOf(changed);
    canvas.setGraph(graph, layout(graph), { animate: true });
    frames();
    expect(canvas.selected).toBe("B");
    expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^B, Pass/);
    expect(drawn()).toContain("E");
  });

  it("drops the selection of a state that is gone", () => {
    const canvas = show(small);
    canvas.select("B");
    const graph = graphOf({ StartAt: "C", States: { C: { Type: "Succeed" } } });
    canvas.setGraph(graph, layout(graph));
    frames();
    expect(canvas.selected).toBeNull();
    expect(drawn()).toEqual(["C"]);
  });

  it("colours states and the way taken, and says so", () => {
    const canvas = show(small, false);
    const run = reduce(
      noRun,
      parseEvents([
        { id: 1, type: "ExecutionStarted", timestamp: 1 },
        {
          id: 2,
          previousEventId: 0,
          type: "ChoiceStateEntered",
          timestamp: 1,
          stateEnteredEventDetails: { name: "A", input: "{}" },
        },
        {
          id: 3,
          previousEventId: 2,
          type: "ChoiceStateExited",
          timestamp: 1,
          stateExitedEventDetails: { name: "A", output: "{}" },
        },
        {
          id: 4,
          previousEventId: 3,
          type: "PassStateEntered",
          timestamp: 1,
          stateEnteredEventDetails: { name: "B", input: "{}" },
        },
      ]),
    );
    canvas.setOverlay(overlayOf(run, graphOf(small)));
    frames();
    const classOf = (id: string): string =>
      host.querySelector(`.node[data-state="${id}"]`)?.getAttribute("class") ?? "";
    expect(classOf("A")).toContain("status-succeeded");
    expect(classOf("B")).toContain("status-running");
    expect(classOf("C")).toContain("status-none");
    expect(host.querySelectorAll(".route.taken").length).toBe(2);
    expect(items()[1]?.getAttribute("aria-label")).toContain("B, Pass, running");
    canvas.setOverlay(null);
    frames();
    expect(host.querySelectorAll(".route.taken").length).toBe(0);
  });

  it("zooms around a point and stays within bounds", () => {
    const canvas = show(small);
    const before = canvas.toWorld(300, 200);
    canvas.zoomBy(1.5, { x: 300, y: 200 });
    const after = canvas.toWorld(300, 200);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
    canvas.zoomBy(1000);
    expect(canvas.zoom).toBe(2);
    canvas.pan(1e6, 1e6);
    expect(canvas.toHost({ x: 0, y: 0 }).x).toBeLessThan(1000);
  });

  it("shows problems", () => {
    const canvas = show(small);
    canvas.setProblems(new Map([["B", 2]]));
    frames();
    expect(host.querySelector(".node[data-state=B] .node-problem-count")?.textContent).toBe("2");
    expect(items()[1]?.getAttribute("aria-label")).toContain("2 problems");
  });
});
