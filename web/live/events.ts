/** What comes over the wire, checked at the door: unknown in, typed out. */
import { isObject, own } from "../asl/choice";

/** One history event, in the terms of the pages. */
export interface HistoryEvent {
  id: number;
  previousId: number;
  /** AWS's name: "TaskStateEntered". */
  type: string;
  /** Epoch milliseconds. */
  at: number;
  name: string | null;
  input: string | null;
  output: string | null;
  error: string | null;
  cause: string | null;
  resource: string | null;
  resourceType: string | null;
  /** Of a Map: how many items. */
  length: number | null;
  index: number | null;
  /** The event's own member, as sent. */
  details: Record<string, unknown>;
}

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export type LiveFrame =
  | { type: "events"; events: HistoryEvent[]; status: ExecutionStatus; last: number }
  | { type: "closed"; status: ExecutionStatus }
  | { type: "inbox"; open: number; overdue: number };

/** Reads one event; null when it is none. */
export function parseEvent(u: unknown): HistoryEvent | null {
  if (!isObject(u)) return null;
  const id = own(u, "id");
  const type = own(u, "type");
  if (typeof id !== "number" || typeof type !== "string") return null;
  const key = Object.keys(u).find((k) => k.endsWith("EventDetails"));
  const raw = key === undefined ? undefined : own(u, key);
  const d = isObject(raw) ? raw : {};
  const number = (k: string): number | null => {
    const v = own(d, k);
    return typeof v === "number" ? v : null;
  };
  const previous = own(u, "previousEventId");
  return {
    id,
    type,
    previousId: typeof previous === "number" ? previous : 0,
    at: time(own(u, "timestamp")),
    name: words(own(d, "name")),
    input: words(own(d, "input")),
    output: words(own(d, "output")),
    error: words(own(d, "error")),
    cause: words(own(d, "cause")),
    resource: words(own(d, "resource")),
    resourceType: words(own(d, "resourceType")),
    length: number("length"),
    index: number("index"),
    details: d,
  };
}

/** Reads a list of events, and leaves out what is none. */
export function parseEvents(u: unknown): HistoryEvent[] {
  return Array.isArray(u) ? u.map(parseEvent).filter((e) => e !== null) : [];
}

/** Reads one frame of a socket; null for what this page does not know. */
export function parseFrame(text: string): LiveFrame | null {
  let u: unknown;
  try {
    u = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(u)) return null;
  switch (own(u, "type")) {
    case "events": {
      const last = own(u, "last");
      const events = parseEvents(own(u, "events"));
      return {
        type: "events",
        events,
        status: statusOf(own(u, "status")),
        last: typeof last === "number" ? last : (events.at(-1)?.id ?? 0),
      };
    }
    case "closed":
      return { type: "closed", status: statusOf(own(u, "status")) };
    case "inbox": {
      const open = own(u, "open");
      const overdue = own(u, "overdue");
      return {
        type: "inbox",
        open: typeof open === "number" ? open : 0,
        overdue: typeof overdue === "number" ? overdue : 0,
      };
    }
    default:
      return null;
  }
}

/** The status of an execution; what is unknown still runs. */
export function statusOf(u: unknown): ExecutionStatus {
  switch (u) {
    case "SUCCEEDED":
    case "FAILED":
    case "TIMED_OUT":
    case "ABORTED":
      return u;
    default:
      return "RUNNING";
  }
}

/** AWS sends seconds; some send text. */
function time(u: unknown): number {
  if (typeof u === "number") return u * 1000;
  const ms = typeof u === "string" ? Date.parse(u) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}

function words(u: unknown): string | null {
  if (u === undefined || u === null) return null;
  return typeof u === "string" ? u : JSON.stringify(u);
}
