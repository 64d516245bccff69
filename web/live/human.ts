/** What history says about a human task: who is asked, until when, and which task it is. */
import { isObject } from "../asl/choice";
import type { HistoryEvent } from "./events";

/** The id of the task that was made, from what the integration answered. */
export function taskId(output: string | null): string | null {
  const id = read(output).TaskId;
  return typeof id === "string" ? id : null;
}

/** Who is asked, and until when, as the task was scheduled. */
export function asked(e: HistoryEvent): { due: number | null; who: string | null } {
  const p = read(e.details.parameters);
  const lists = [p.CandidateGroups, p.CandidateUsers].filter((l) => Array.isArray(l)).flat();
  const names = [p.Assignee, ...lists].filter((n) => typeof n === "string");
  const due = p.Due;
  return { who: names.length === 0 ? null : names.join(", "), due: typeof due === "string" ? dueAt(due, e.at) : null };
}

/** An ISO 8601 length of time from `at`, or a moment. */
export function dueAt(due: string, at: number): number | null {
  const m = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(due);
  if (m === null) {
    const moment = Date.parse(due);
    return Number.isNaN(moment) ? null : moment;
  }
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = m.slice(1).map((x) => Number(x ?? 0));
  return at + ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function read(u: unknown): Record<string, unknown> {
  if (isObject(u)) return u;
  try {
    const value: unknown = typeof u === "string" ? JSON.parse(u) : null;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
