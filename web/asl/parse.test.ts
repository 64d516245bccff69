import { describe, expect, it } from "vitest";
import { type Edge, type Graph, routeId } from "./model";
import { parseDefinition } from "./parse";

function graphOf(text: string): Graph {
  const { graph } = parseDefinition(text);
  if (graph === null) throw new Error("no graph");
  return graph;
}

const states = (s: Record<string, unknown>, start = "A"): string => JSON.stringify({ StartAt: start, States: s });

function ways(g: Graph, id: string): string[] {
  return (g.states.get(id)?.edges ?? []).map((e: Edge) => `${e.kind}${e.index} ${e.label} → ${e.to}`);
}

describe("parseDefinition", () => {
  it("reads states, blocks and edges", () => {
    const g = graphOf(
      states({
        A: {
          Type: "Parallel",
          Next: "B",
          Branches: [
            { StartAt: "X", States: { X: { Type: "Pass", End: true } } },
            {
              StartAt: "Y",
              States: { Y: { Type: "Map", End: true, Iterator: { StartAt: "Z", States: { Z: { Type: "Succeed" } } } } },
            },
          ],
        },
        B: {
          Type: "Task",
          Resource: "arn:aws:states:::http:invoke",
          End: true,
          Retry: [{}, {}],
          Catch: [{ ErrorEquals: ["States.Timeout", "E"], Next: "A" }],
        },
      }),
    );
    expect([...g.blocks.values()].map((b) => [b.id, b.owner, b.startAt, b.states, b.pointer])).toEqual([
      ["", null, "A", ["A", "B"], []],
      ["A/0", "A", "X", ["X"], ["States", "A", "Branches", 0]],
      ["A/1", "A", "Y", ["Y"], ["States", "A", "Branches", 1]],
      ["Y/items", "Y", "Z", ["Z"], ["States", "A", "Branches", 1, "States", "Y", "Iterator"]],
    ]);
    expect(ways(g, "A")).toEqual(["next0  → B"]);
    expect(ways(g, "B")).toEqual(["catch0 catch Timeout + 1 → A"]);
    expect(g.states.get("B")).toMatchObject({ retriers: 2, end: true, block: "" });
    expect(g.states.get("Z")?.end).toBe(true);
  });

  it("says where a state stands in the text", () => {
    const text = '{"StartAt": "A", "States": {  "A": {"Type": "Pass", "End": true}}}';
    const [from, to] = graphOf(text).states.get("A")?.range ?? [0, 0];
    expect(text.slice(from, to)).toBe('"A": {"Type": "Pass", "End": true}');
  });

  it.each([
    ["", "Value expected"],
    ['{"StartAt": "A",', "Property name expected"],
    ['{"a": 1 /* no */}', "Invalid comment token"],
    ["[1]", "A definition is a JSON object"],
    ["[".repeat(100_000), "Nested too deeply"],
  ])("gives no graph for %.20s", (text, message) => {
    const { graph, errors } = parseDefinition(text);
    expect(graph).toBeNull();
    expect(errors.map((e) => e.message)).toContain(message);
    expect(errors.every((e) => e.kind === "syntax")).toBe(true);
  });

  it("reports an edge to nowhere, and does not draw it", () => {
    const { graph, errors } = parseDefinition(
      states({
        A: { Type: "Pass", Next: "Gone" },
        B: { Type: "Choice", Choices: [{ Variable: "$.x", IsNull: true, Next: "Away" }], Default: "A" },
      }),
    );
    expect(errors.map((e) => e.message)).toEqual([
      '"A" goes to "Gone", which does not exist here',
      '"B" goes to "Away", which does not exist here',
    ]);
    expect(graph?.states.get("A")?.edges).toEqual([]);
    expect(graph?.states.get("B")?.edges.map((e) => e.kind)).toEqual(["default"]);
  });

  it("does not reach into another block", () => {
    const { errors } = parseDefinition(
      states({
        A: { Type: "Map", Next: "Y", ItemProcessor: { StartAt: "X", States: { X: { Type: "Pass", Next: "A" } } } },
        Y: { Type: "Succeed" },
      }),
    );
    expect(errors.map((e) => e.message)).toEqual(['"X" goes to "A", which does not exist here']);
  });

  it("keeps both of two states with one name", () => {
    const { graph, errors } = parseDefinition(
      '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"},"A":{"Type":"Wait","Seconds":1}}}',
    );
    expect([...(graph?.states.keys() ?? [])]).toEqual(["A", "A (2)"]);
    expect(graph?.states.get("A (2)")).toMatchObject({ name: "A", type: "Wait", meaning: "Wait · 1 s" });
    expect(errors.map((e) => e.message)).toEqual(['The name "A" is used twice']);
  });

  it("takes names that objects have anyway", () => {
    const text =
      '{"StartAt":"__proto__","States":{"__proto__":{"Type":"Pass","Next":"constructor"},"constructor":{"Type":"Pass","Next":"toString"}}}';
    const { graph, errors } = parseDefinition(text);
    expect(graph?.startAt).toBe("__proto__");
    expect(graph?.states.get("__proto__")?.edges.map((e) => e.to)).toEqual(["constructor"]);
    expect(errors.map((e) => e.message)).toEqual(['"constructor" goes to "toString", which does not exist here']);
    expect(({} as Record<string, unknown>).Type).toBeUndefined();
  });

  it("draws what is half written", () => {
    for (const text of [
      "{}",
      '{"States":[]}',
      '{"States":{"A":null}}',
      '{"StartAt":1,"States":{"A":{}}}',
      '{"States":{"A":{"Type":"Map"},"B":{"Type":"Parallel","Branches":[null,1]},"C":{"Type":"Choice","Choices":[1,null]},"D":{"Type":"Task","Catch":{}}}}',
    ]) {
      expect(parseDefinition(text).graph).not.toBeNull();
    }
    expect(graphOf('{"States":{"A":{"Type":"Odd"}}}').states.get("A")).toMatchObject({ type: "Unknown", tone: "pass" });
  });
});

describe("routeId", () => {
  it("tells all edges of a definition apart", () => {
    const g = graphOf(
      states({
        A: {
          Type: "Choice",
          Choices: [
            { Variable: "$.x", IsNull: true, Next: "B" },
            { Variable: "$.y", IsNull: true, Next: "B" },
          ],
          Default: "B",
        },
        B: { Type: "Succeed" },
      }),
    );
    const ids = (g.states.get("A")?.edges ?? []).map(routeId);
    expect(new Set(ids).size).toBe(3);
  });
});
