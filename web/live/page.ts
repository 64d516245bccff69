/** What the server puts into the execution page for its scripts. */
import { isObject, own } from "../asl/choice";
import { type ExecutionStatus, type HistoryEvent, parseEvents, statusOf } from "./events";
import { type Limits, parseLimits } from "./limits";

export interface PageData {
  machine: string;
  name: string;
  status: ExecutionStatus;
  startedAt: number | null;
  stoppedAt: number | null;
  /** The server's clock when it jumps (--skip-time), null when it is the wall's. */
  virtualNow: number | null;
  definition: string;
  events: HistoryEvent[];
  last: number;
  live: string;
  limits: Limits;
  /** How many events there are, of which the page holds the first ones. */
  total: number;
}

/** Reads the data that the server put into the page. */
export function parseData(u: unknown): PageData | null {
  if (!isObject(u)) return null;
  const words = (k: string): string => {
    const v = own(u, k);
    return typeof v === "string" ? v : "";
  };
  const date = (k: string): number | null => {
    const ms = Date.parse(words(k));
    return Number.isNaN(ms) ? null : ms;
  };
  const definition = own(u, "definition");
  const last = own(u, "last");
  const total = own(u, "total");
  const events = parseEvents(own(u, "events"));
  return {
    machine: words("machine"),
    name: words("name"),
    status: statusOf(own(u, "status")),
    startedAt: date("startedAt"),
    stoppedAt: date("stoppedAt"),
    virtualNow: date("virtualNow"),
    definition: typeof definition === "string" ? definition : JSON.stringify(definition),
    events,
    last: typeof last === "number" ? last : (events.at(-1)?.id ?? 0),
    live: words("live"),
    limits: parseLimits(own(u, "limits")),
    total: typeof total === "number" ? total : events.length,
  };
}
