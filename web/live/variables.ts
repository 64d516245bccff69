/**
 * The variables of a run, as its history tells of them: a state reads what was set before it on its way and
 * around it, and sets its own on leaving. What is set within a Parallel or a Map stays within it.
 */
import { isObject } from "../asl/choice";
import type { HistoryEvent } from "./events";
import { noVariables, type Variables, type Visit } from "./run";

export { noVariables } from "./run";

/** Events of a container, whose variables are those that it was entered with: ways within it begin and end here. */
const ofContainer = /^(ParallelState|MapState|MapIteration|MapRun)(?!Entered|Exited)/;

/** What a state sees that is entered after this event's forerunner, or what holds after this event. */
export function seenBy(e: HistoryEvent, within: Visit | undefined, known: ReadonlyMap<number, Variables>): Variables {
  if (within !== undefined && ofContainer.test(e.type)) return within.variables;
  return known.get(e.previousId) ?? noVariables;
}

/** What holds after a state was left. */
export function after(v: Visit): Variables {
  return v.assigned.size === 0 ? v.variables : new Map([...v.variables, ...v.assigned]);
}

/** What an event says was set. */
export function assignedBy(e: HistoryEvent): Variables {
  const { assignedVariables: set } = e.details;
  if (!isObject(set)) return noVariables;
  return new Map(Object.entries(set).filter((one): one is [string, string] => typeof one[1] === "string"));
}

/** Variables as one JSON object, in the order of their names. */
export function jsonOf(variables: Variables): string {
  const sorted = [...variables].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

/** Bytes of the values of variables. */
export function sizeOf(variables: Variables): number {
  let bytes = 0;
  for (const value of variables.values()) bytes += utf8(value);
  return bytes;
}

const encoder = new TextEncoder();

/** Length of a text as AWS counts: its bytes in UTF-8. */
export function utf8(text: string): number {
  return encoder.encode(text).length;
}
