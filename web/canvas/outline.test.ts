import { describe, expect, it } from "vitest";
import type { Graph } from "../asl/model";
import { parseDefinition } from "../asl/parse";
import { type Direction, labelOf, outline, Walker } from "./outline";

const definition = {
  StartAt: "Check",
  States: {
    Check: { Type: "Pass", Next: "Large?" },
    "Large?": {
      Type: "Choice",
      Choices: [{ Variable: "$.total", NumericGreaterThan: 500, Next: "Approve" }],
      Default: "Fulfil",
    },
    Approve: { Type: "Task", Resource: "arn:aws:states:::human:createTask.sync", Next: "Fulfil", Retry: [{}] },
    Fulfil: {
      Type: "Parallel",
      Next: "Done",
      Catch: [{ ErrorEquals: ["E"], Next: "Refund" }],
      Branches: [
        { StartAt: "Charge", States: { Charge: { Type: "Pass", Next: "Mail" }, Mail: { Type: "Pass", End: true } } },
        { StartAt: "Ship", States: { Ship: { Type: "Pass", End: true } } },
      ],
    },
    Refund: { Type: "Pass", End: true },
    Done: { Type: "Succeed" },
    Lost: { Type: "Pass", End: true },
  },
};

function graph(): Graph {
  const g = parseDefinition(JSON.stringify(definition)).graph;
  if (g === null) throw new Error("no graph");
  return g;
}

describe("outline", () => {
  it("lists every state along the flow, containers before what is in them", () => {
    expect(outline(graph()).map((e) => `${e.level} ${e.position}/${e.size} ${e.id}`)).toEqual([
      "1 1/7 Check",
      "1 2/7 Large?",
      "1 3/7 Approve",
      "1 4/7 Fulfil",
      "2 1/2 Charge",
      "2 2/2 Mail",
      "2 1/1 Ship",
      "1 5/7 Done",
      "1 6/7 Refund",
      "1 7/7 Lost",
    ]);
  });

  it("says what a state is, where it leads and what is wrong with it", () => {
    const g = graph();
    const say = (id: string, problems = 0, status = ""): string => {
      const entry = outline(g).find((e) => e.id === id);
      const rec = g.states.get(id);
      return entry === undefined || rec === undefined ? "" : labelOf(g, rec, entry, problems, status);
    };
    expect(say("Approve", 1)).toBe("Approve, Human task, step 3 of 7, next Fulfil, 1 retrier, 1 problem");
    expect(say("Large?")).toBe("Large?, Choice, step 2 of 7, total > 500 goes to Approve, otherwise goes to Fulfil");
    expect(say("Fulfil", 0, "running")).toBe(
      "Fulfil, Parallel, running, step 4 of 7, next Done, catch E goes to Refund, 2 branches",
    );
    expect(say("Ship")).toBe("Ship, Pass, step 1 of 1, in Fulfil, branch 2 of 2, end");
  });
});

describe("Walker", () => {
  it.each<[string, Direction, string | null]>([
    ["Check", "down", "Large?"],
    ["Large?", "down", "Approve"],
    ["Approve", "down", "Fulfil"],
    ["Approve", "up", "Large?"],
    ["Approve", "right", "Fulfil"],
    ["Fulfil", "right", "Charge"],
    ["Charge", "down", "Mail"],
    ["Charge", "right", "Ship"],
    ["Ship", "left", "Charge"],
    ["Charge", "left", "Fulfil"],
    ["Charge", "up", "Fulfil"],
    ["Mail", "down", "Done"],
    ["Refund", "left", "Fulfil"],
    ["Refund", "up", "Fulfil"],
    ["Refund", "down", "Lost"],
    ["Lost", "up", "Refund"],
    ["Lost", "down", null],
    ["Done", "first", "Check"],
    ["Check", "last", "Lost"],
  ])("%s %s is %s", (from, direction, to) => {
    const g = graph();
    expect(new Walker(g, outline(g)).go(from, direction)).toBe(to);
  });
});
