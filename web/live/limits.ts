/** How near a run is to the limits that end it, told before they are met. */
import { isObject, own } from "../asl/choice";
import type { HistoryEvent } from "./events";
import type { Run, Variables } from "./run";
import { assignedBy, noVariables, sizeOf, utf8 } from "./variables";
import { count } from "./words";

/** The limits of the server; 0 where it said none. */
export interface Limits {
  /** Of one history. */
  events: number;
  /** Bytes of all variables. */
  variables: number;
  /** Bytes of one input, output or Assign. */
  payload: number;
}

export interface LimitNote {
  title: string;
  text: string;
}

export function parseLimits(u: unknown): Limits {
  const number = (k: string): number => {
    const n = isObject(u) ? own(u, k) : 0;
    return typeof n === "number" ? n : 0;
  };
  return { events: number("events"), variables: number("variables"), payload: number("payload") };
}

/** The part of a limit from which people are warned, as on the server. */
export function near(used: number, limit: number): boolean {
  return limit > 0 && used >= Math.floor(limit / 100) * 80;
}

/** "230 of 256 KiB": what is used counts whole, so that nothing is said to be less than it is. */
export function ofKib(used: number, limit: number): string {
  return `${count(Math.ceil(used / 1024))} of ${count(Math.ceil(limit / 1024))} KiB`;
}

/** What a run has used up, kept as its events come. */
export class Usage {
  private events = 0;
  private largest: { bytes: number; name: string; verb: string } = { bytes: 0, name: "", verb: "" };
  private weighed: { of: Variables; bytes: number } = { of: noVariables, bytes: 0 };

  constructor(private readonly limits: Limits) {}

  add(fresh: readonly HistoryEvent[], run: Run): void {
    this.events += fresh.length;
    for (const e of fresh) {
      const name = e.name ?? run.visits.get(run.scopes.get(e.id) ?? 0)?.name ?? "The run";
      this.payload(name, "got", e.input);
      this.payload(name, "put out", e.output);
      const set = assignedBy(e);
      if (set.size > 0) this.weigh(name, "assigned", sizeOf(set));
    }
    const held = run.variables.get(run.last) ?? noVariables;
    if (held !== this.weighed.of) this.weighed = { of: held, bytes: sizeOf(held) };
  }

  /** The history alone, whose number stands at the top of the page: "20,312 of 25,000". */
  history(): string | null {
    return near(this.events, this.limits.events)
      ? `${count(this.events)} of ${count(this.limits.events)} events`
      : null;
  }

  notes(): LimitNote[] {
    const out: LimitNote[] = [];
    const history = this.history();
    if (history !== null)
      out.push({
        title: history,
        text: "The execution fails when its history is full. Let it go on in an execution of its own, started with states:startExecution.",
      });
    if (near(this.weighed.bytes, this.limits.variables))
      out.push({
        title: `Variables hold ${ofKib(this.weighed.bytes, this.limits.variables)}`,
        text: "A state that assigns more than that fails. Keep large values in a file and their address in the variable.",
      });
    if (near(this.largest.bytes, this.limits.payload))
      out.push({
        title: `${this.largest.name} ${this.largest.verb} ${ofKib(this.largest.bytes, this.limits.payload)}`,
        text: largePayload,
      });
    return out;
  }

  private payload(name: string, verb: string, text: string | null): void {
    // A character has three bytes at most: short ones need no counting.
    if (text !== null && near(text.length * 3, this.limits.payload)) this.weigh(name, verb, utf8(text));
  }

  private weigh(name: string, verb: string, bytes: number): void {
    if (bytes > this.largest.bytes) this.largest = { bytes, name, verb };
  }
}

export const largePayload =
  "A step fails with States.DataLimitExceeded when its data is larger than that. Keep large values in a file and pass on their address.";
