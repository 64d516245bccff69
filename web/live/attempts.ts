/** The attempts at a task, as its events tell of them; lists are made anew, never changed. */
import type { HistoryEvent } from "./events";
import type { Attempt } from "./run";

/** An attempt begins. */
export function begun(attempts: Attempt[], at: number): Attempt[] {
  return [...attempts, { startedAt: at, endedAt: null, status: "running", output: null, error: null, cause: null }];
}

/** The last attempt answers. */
export function finished(attempts: Attempt[], e: HistoryEvent, status: Attempt["status"]): Attempt[] {
  const last = attempts.at(-1);
  if (last === undefined) return attempts;
  return [
    ...attempts.slice(0, -1),
    { ...last, endedAt: e.at, status, output: e.output, error: e.error, cause: e.cause },
  ];
}

/** Attempts that nobody answers end with their state. */
export function ended(attempts: Attempt[], at: number): Attempt[] {
  return attempts.some((a) => a.endedAt === null)
    ? attempts.map((a) => (a.endedAt === null ? { ...a, endedAt: at } : a))
    : attempts;
}
