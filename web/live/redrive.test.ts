import { describe, expect, it } from "vitest";
import { parseEvents } from "./events";
import { noRun, reduce } from "./overlay";

const line = (id: number, previousEventId: number, type: string, details: object = {}): unknown => ({
  id,
  previousEventId,
  type,
  timestamp: id,
  xEventDetails: details,
});

describe("a redriven run", () => {
  const before = [
    line(1, 0, "ExecutionStarted"),
    line(2, 0, "PassStateEntered", { name: "First" }),
    line(3, 2, "PassStateExited", { name: "First" }),
    line(4, 3, "TaskStateEntered", { name: "Call" }),
    line(5, 4, "TaskScheduled"),
    line(6, 5, "TaskFailed", { error: "Boom" }),
    line(7, 6, "ExecutionFailed", { error: "Boom" }),
  ];
  const after = [line(8, 7, "ExecutionRedriven", { redriveCount: 1 }), line(9, 6, "TaskScheduled")];

  it("goes on with what failed, and leaves what was done", () => {
    const run = reduce(noRun, parseEvents([...before, ...after]));
    expect(run).toMatchObject({ status: "RUNNING", endedAt: null, error: null, failed: null });
    expect(run.visits.get(2)).toMatchObject({ status: "succeeded" });
    expect(run.visits.get(4)).toMatchObject({ status: "running", exitedAt: null, error: null });
    expect(run.visits.get(4)?.attempts).toHaveLength(2);
    expect(run.redrives).toEqual([{ id: 8, at: 8000, steps: ["Call"] }]);
    expect([...run.visits.values()].map((v) => v.redriven)).toEqual([0, 1]);
  });

  it("ends like any other", () => {
    const run = reduce(
      noRun,
      parseEvents([
        ...before,
        ...after,
        line(10, 9, "TaskSucceeded"),
        line(11, 10, "TaskStateExited", { name: "Call" }),
        line(12, 11, "ExecutionSucceeded"),
      ]),
    );
    expect(run.status).toBe("SUCCEEDED");
    expect(run.visits.get(4)).toMatchObject({ status: "succeeded", exitedAt: 11_000 });
  });
});
