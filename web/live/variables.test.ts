import { describe, expect, it } from "vitest";
import { parseEvents } from "./events";
import { noRun, reduce, type Visit } from "./overlay";
import { after, jsonOf } from "./variables";

type Raw = [type: string, previous: number, name: string, assigned?: Record<string, string>];

/** Events with ids from 1 on, in the form that the server sends. */
function events(...list: Raw[]) {
  return parseEvents(
    list.map(([type, previousEventId, name, assignedVariables], i) => ({
      id: i + 1,
      type,
      previousEventId,
      timestamp: i,
      [`${type.replace(/^.*State(?=Entered|Exited)/, "state").replace(/^[A-Z]/, (c) => c.toLowerCase())}EventDetails`]:
        {
          name,
          ...(assignedVariables === undefined ? {} : { assignedVariables }),
        },
    })),
  );
}

function visit(all: ReadonlyMap<number, Visit>, name: string, nth = 0): Visit {
  const v = [...all.values()].filter((x) => x.name === name)[nth];
  if (v === undefined) throw new Error(`no visit ${nth} of ${name}`);
  return v;
}

describe("variables", () => {
  it("are seen by the states after the one that set them, and changed by those", () => {
    const run = reduce(
      noRun,
      events(
        ["ExecutionStarted", 0, ""],
        ["PassStateEntered", 0, "A"],
        ["PassStateExited", 2, "A", { rate: "0.19", who: '"Ann"' }],
        ["PassStateEntered", 3, "B"],
        ["PassStateExited", 4, "B", { rate: "0.20" }],
        ["PassStateEntered", 5, "C"],
      ),
    );
    const [a, b, c] = ["A", "B", "C"].map((n) => visit(run.visits, n)) as [Visit, Visit, Visit];
    expect(jsonOf(a.variables)).toBe("{}");
    expect(jsonOf(a.assigned)).toBe('{"rate":0.19,"who":"Ann"}');
    expect(jsonOf(b.variables)).toBe('{"rate":0.19,"who":"Ann"}');
    expect(jsonOf(after(b))).toBe('{"rate":0.20,"who":"Ann"}');
    expect(jsonOf(c.variables)).toBe('{"rate":0.20,"who":"Ann"}');
    expect(jsonOf(c.assigned)).toBe("{}");
  });

  it("stay within an iteration, and the next one does not see them", () => {
    const run = reduce(
      noRun,
      events(
        ["ExecutionStarted", 0, ""],
        ["PassStateEntered", 0, "A"],
        ["PassStateExited", 2, "A", { rate: "2" }],
        ["MapStateEntered", 3, "Map"],
        ["MapStateStarted", 4, "Map"],
        ["MapIterationStarted", 5, "Map"],
        ["PassStateEntered", 6, "In"],
        ["PassStateExited", 7, "In", { net: "10" }],
        ["PassStateEntered", 8, "Next"],
        ["PassStateExited", 9, "Next"],
        ["MapIterationSucceeded", 10, "Map"],
        ["MapIterationStarted", 11, "Map"],
        ["PassStateEntered", 12, "In"],
        ["PassStateExited", 13, "In", { net: "20" }],
        ["MapIterationSucceeded", 14, "Map"],
        ["MapStateSucceeded", 15, "Map"],
        ["MapStateExited", 16, "Map", { total: "30" }],
        ["PassStateEntered", 17, "Z"],
      ),
    );
    expect(jsonOf(visit(run.visits, "In").variables)).toBe('{"rate":2}');
    expect(jsonOf(visit(run.visits, "Next").variables)).toBe('{"net":10,"rate":2}');
    expect(jsonOf(visit(run.visits, "In", 1).variables)).toBe('{"rate":2}');
    expect(jsonOf(visit(run.visits, "Z").variables)).toBe('{"rate":2,"total":30}');
  });
});
