import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDefinition } from "../asl/parse";
import { type HistoryEvent, parseEvent, parseEvents, parseFrame } from "./events";
import { dueAt } from "./human";
import { noRun, type Overlay, overlayOf, type Run, reduce } from "./overlay";
import { mapRunPath } from "./words";

const folder = new URL("testdata/", import.meta.url);

const names = readdirSync(folder)
  .filter((f) => f.endsWith(".json"))
  .map((f) => f.replace(".json", ""));

interface Recorded {
  definition: unknown;
  status: string;
  events: unknown[];
}

/** A history recorded on AWS; its times are not, so every event comes a second after the one before. */
function recorded(name: string): { events: HistoryEvent[]; run: Run; overlay: Overlay; status: string } {
  const data = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Recorded;
  const events = parseEvents(data.events).map((e) => ({ ...e, at: e.id * 1000 }));
  const run = reduce(noRun, events);
  const { graph } = parseDefinition(JSON.stringify(data.definition));
  if (graph === null) throw new Error("no graph");
  return { events, run, overlay: overlayOf(run, graph), status: data.status };
}

function statuses(overlay: Overlay): Record<string, string> {
  return Object.fromEntries([...overlay.states].map(([id, s]) => [id, s.status]));
}

describe("reduce", () => {
  it.each(names)("ends as AWS did: %s", (name) => {
    const { run, status } = recorded(name);
    expect(run.status).toBe(status);
    expect([...run.visits.values()].filter((v) => v.exitedAt === null)).toEqual([]);
  });

  it.each(names)("gives the same in portions, and takes nothing twice: %s", (name) => {
    const { events, run } = recorded(name);
    let bit: Run = noRun;
    for (const e of events) bit = reduce(reduce(bit, [e]), [e]);
    expect(bit).toEqual(run);
  });

  it("does not change the run it began with", () => {
    const { events } = recorded("map");
    const half = reduce(noRun, events.slice(0, 8));
    const before = structuredClone(half);
    reduce(half, events.slice(8));
    expect(half).toEqual(before);
  });

  it("follows an activity", () => {
    const { overlay } = recorded("activity");
    const task = overlay.states.get("ActivityTask");
    expect(task).toMatchObject({ status: "succeeded", attempts: 1, enteredAt: 2000, exitedAt: 6000 });
    expect([...overlay.edges]).toEqual(["start:0:"]);
  });

  it("counts the tries of a task that is retried, then caught", () => {
    const { overlay } = recorded("task-catch");
    expect(statuses(overlay)).toEqual({ Task: "caught", Fallback: "succeeded" });
    expect(overlay.states.get("Task")).toMatchObject({ attempts: 2, error: "Exception" });
    expect(overlay.edges).toEqual(new Set(["start:0:", "catch:0:Task"]));
  });

  it("says which state made a run fail", () => {
    const { run, overlay } = recorded("retry-fail");
    expect(run.visits.get(run.failed ?? 0)?.name).toBe("LambdaTask");
    expect(overlay.states.get("LambdaTask")).toMatchObject({ status: "failed", attempts: 3 });
    expect(overlay.states.get("LambdaTask")?.visits[0]?.attempts.map((a) => a.status)).toEqual([
      "failed",
      "failed",
      "failed",
    ]);
  });

  it("shows a task that waits to be tried again", () => {
    const { events } = recorded("retry-fail");
    const run = reduce(noRun, events.slice(0, 5));
    expect([...run.visits.values()][0]?.status).toBe("retrying");
  });

  it("keeps the visits of a Map's states, and its iterations", () => {
    const { overlay } = recorded("map-catch");
    expect(overlay.states.get("ProcessItems")).toMatchObject({
      status: "succeeded",
      iterations: { done: 3, total: 3, failed: 0 },
    });
    expect(overlay.states.get("ProcessItem")?.visits.map((v) => v.status)).toEqual(["caught", "caught", "caught"]);
    expect(overlay.edges).toEqual(new Set(["start:0:", "catch:0:ProcessItem"]));
  });

  it("gives an expression that failed to the state that it names, not to the one before", () => {
    const event = (id: number, previousEventId: number, type: string, details: Record<string, unknown>): unknown => ({
      id,
      type,
      previousEventId,
      timestamp: id,
      xEventDetails: details,
    });
    const wrong = { error: "States.QueryEvaluationError", cause: "no number" };
    const events = [
      event(1, 0, "ExecutionStarted", {}),
      event(2, 0, "PassStateEntered", { name: "First" }),
      event(3, 2, "PassStateExited", { name: "First", output: "1" }),
      event(4, 3, "PassStateEntered", { name: "Then" }),
      event(5, 3, "EvaluationFailed", { state: "Then", ...wrong }),
    ].flatMap((e) => parseEvent(e) ?? []);
    const caught = parseEvent(event(6, 5, "PassStateExited", { name: "Then", output: "2" }));
    const failed = parseEvent(event(6, 5, "ExecutionFailed", wrong));
    const then = (last: ReturnType<typeof parseEvent>) => {
      const run = reduce(noRun, [...events, ...(last === null ? [] : [last])]);
      return { failed: run.failed, ...run.visits.get(4) };
    };
    expect(then(failed)).toMatchObject({ failed: 4, status: "failed", ...wrong });
    expect(then(caught)).toMatchObject({ failed: null, status: "caught", ...wrong });
  });

  it("knows the run of a Distributed Map, which has no iterations of its own", () => {
    const event = (id: number, type: string, details: Record<string, unknown>): unknown => ({
      id,
      type,
      previousEventId: id - 1,
      timestamp: id,
      xEventDetails: details,
    });
    const arn = "arn:aws:states:us-east-1:0:mapRun:m a/l:u";
    const events = [
      event(1, "ExecutionStarted", {}),
      event(2, "MapStateEntered", { name: "M" }),
      event(3, "MapStateStarted", { length: 9 }),
      event(4, "MapRunStarted", { mapRunArn: arn }),
    ].flatMap((e) => parseEvent(e) ?? []);
    const visit = [...reduce(noRun, events).visits.values()][0];
    expect(visit).toMatchObject({ status: "running", iterations: null, mapRun: arn });
    expect(mapRunPath(arn)).toBe("/map-runs/m%20a/l/u");
    expect(mapRunPath("arn:aws:states:us-east-1:0:execution:m:e")).toBeNull();
  });

  it("leads from a failed Map to the state inside", () => {
    const { run, overlay } = recorded("map-break");
    expect(statuses(overlay)).toMatchObject({ MapState: "failed", Break: "failed", Pass: "succeeded" });
    expect(overlay.states.get("Break")).toMatchObject({ error: "SomeFailure" });
    expect(run.visits.get(run.failed ?? 0)?.name).toBe("MapState");
  });

  it("counts how often a Map was tried", () => {
    const { overlay } = recorded("map-retry");
    expect(overlay.states.get("MapState")).toMatchObject({ status: "failed", attempts: 3 });
    expect(overlay.states.get("HandleItemFail")?.visits).toHaveLength(3);
  });

  it("colours a Parallel that failed inside and was caught", () => {
    const { overlay } = recorded("parallel-callback");
    expect(statuses(overlay)).toEqual({
      ParallelJob: "caught",
      SendMessageWithWait: "failed",
      CaughtStatesALL: "succeeded",
    });
  });

  it("waits for a person, and names the task", () => {
    const e = (id: number, type: string, details: object = {}): unknown => ({
      id,
      previousEventId: id - 1,
      type,
      timestamp: id,
      xEventDetails: details,
    });
    const run = reduce(
      noRun,
      parseEvents([
        e(1, "ExecutionStarted"),
        e(2, "TaskStateEntered", { name: "Approve", input: "{}" }),
        e(3, "TaskScheduled", { resourceType: "human", parameters: '{"CandidateGroups":["finance"],"Due":"PT1H"}' }),
        e(4, "TaskStarted"),
        e(5, "TaskSubmitted", { resourceType: "human", output: '{"TaskId":"t-1"}' }),
      ]).map((x) => (x.id === 2 ? { ...x, previousId: 0 } : x)),
    );
    expect(run.visits.get(2)).toMatchObject({ status: "waiting", taskId: "t-1", who: "finance", due: 3_603_000 });
    const stopped = reduce(run, parseEvents([e(6, "ExecutionAborted")]));
    expect(stopped.visits.get(2)?.status).toBe("cancelled");
  });
});

describe("dueAt", () => {
  it.each([
    ["PT24H", 86_400_000],
    ["P1DT30M", 88_200_000],
    ["P2W", 1_209_600_000],
    ["1970-01-01T00:01:00Z", 60_000],
    ["soon", null],
  ])("reads %s", (due, want) => expect(dueAt(due, 0)).toBe(want));
});

describe("the door", () => {
  it("lets in what it knows", () => {
    expect(parseFrame('{"type":"inbox","open":3,"overdue":1}')).toEqual({ type: "inbox", open: 3, overdue: 1 });
    expect(parseFrame('{"type":"closed","status":"FAILED"}')).toEqual({ type: "closed", status: "FAILED" });
    expect(
      parseFrame(
        '{"type":"events","events":[{"id":1,"type":"ExecutionStarted","timestamp":1.5},7,null,{}],"status":"RUNNING","last":1}',
      ),
    ).toMatchObject({ last: 1, events: [{ id: 1, at: 1500 }] });
  });

  it("keeps out what it does not", () => {
    for (const text of ["", "null", "[]", "{}", '{"type":"other"}', "{"]) expect(parseFrame(text)).toBeNull();
  });
});
