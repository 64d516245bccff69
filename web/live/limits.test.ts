import { describe, expect, it } from "vitest";
import { type HistoryEvent, parseEvents } from "./events";
import { Usage } from "./limits";
import { noRun, reduce } from "./overlay";

const limits = { events: 100, variables: 4096, payload: 2048 };

function titles(events: HistoryEvent[]): string[] {
  const usage = new Usage(limits);
  let run = noRun;
  for (const e of events) {
    run = reduce(run, [e]);
    usage.add([e], run);
  }
  return usage.notes().map((n) => n.title);
}

function entered(id: number, input: string) {
  return {
    id,
    previousEventId: id - 1,
    type: "PassStateEntered",
    timestamp: id,
    stateEnteredEventDetails: { name: "A", input },
  };
}

function exited(id: number, assignedVariables: Record<string, string>) {
  const stateExitedEventDetails = { name: "A", output: "{}", assignedVariables };
  return { id, previousEventId: id - 1, type: "PassStateExited", timestamp: id, stateExitedEventDetails };
}

describe("limits", () => {
  it("are no matter far from them", () => {
    expect(titles(parseEvents(Array.from({ length: 79 }, (_, i) => entered(i + 1, "{}"))))).toEqual([]);
  });

  it("are told when the history is four fifths full", () => {
    expect(titles(parseEvents(Array.from({ length: 80 }, (_, i) => entered(i + 1, "{}"))))).toEqual([
      "80 of 100 events",
    ]);
  });

  it("count the bytes of a payload, not its letters", () => {
    expect(titles(parseEvents([entered(1, `"${"a".repeat(850)}"`)]))).toEqual([]);
    expect(titles(parseEvents([entered(1, `"${"ä".repeat(850)}"`)]))).toEqual(["A got 2 of 2 KiB"]);
  });

  it("count what variables hold together, as long as they hold it", () => {
    const big = JSON.stringify("v".repeat(1200));
    const set = [entered(1, "{}"), exited(2, { x: big }), entered(3, "{}"), exited(4, { y: big })];
    expect(titles(parseEvents(set))).toEqual([]);
    const more = [...set, entered(5, "{}"), exited(6, { z: big })];
    expect(titles(parseEvents(more))).toEqual(["Variables hold 4 of 4 KiB"]);
    expect(titles(parseEvents([...more, entered(7, "{}"), exited(8, { y: "1" })]))).toEqual([]);
  });
});
