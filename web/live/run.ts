/** A run as its history tells it: the visits of states, and how the run went from one to the other. */
import type { ExecutionStatus } from "./events";

export type StateStatus = "idle" | "running" | "waiting" | "succeeded" | "failed" | "caught" | "retrying" | "cancelled";

/** One try of a task. */
export interface Attempt {
  startedAt: number;
  endedAt: number | null;
  status: "running" | "succeeded" | "failed" | "timedOut";
  output: string | null;
  error: string | null;
  cause: string | null;
}

/** Variables as JSON text, by name; sets are shared between events and never changed. */
export type Variables = ReadonlyMap<string, string>;

/** One time that a state was entered. */
export interface Visit {
  /** Id of the event that entered. */
  id: number;
  name: string;
  type: string;
  /** The visit of the Parallel or Map around it; 0 at the top. */
  parent: number;
  status: StateStatus;
  enteredAt: number;
  exitedAt: number | null;
  input: string | null;
  output: string | null;
  /** What the state could read when it was entered. */
  variables: Variables;
  /** What it set on leaving. */
  assigned: Variables;
  error: string | null;
  cause: string | null;
  attempts: Attempt[];
  /** How often it went on where it had ended, by a redrive. */
  redriven: number;
  /** The human task that a person decides. */
  taskId: string | null;
  /** Until when, and by whom, a person decides. */
  due: number | null;
  who: string | null;
  iterations: { done: number; total: number; failed: number } | null;
  /** Of a Distributed Map: the ARN of its run. */
  mapRun: string | null;
}

export interface Transition {
  from: string;
  to: string;
  caught: boolean;
}

export interface Run {
  status: ExecutionStatus;
  last: number;
  startedAt: number | null;
  endedAt: number | null;
  error: string | null;
  cause: string | null;
  output: string | null;
  /** In the order of entering. */
  visits: ReadonlyMap<number, Visit>;
  byState: ReadonlyMap<string, readonly number[]>;
  /** The visit in which the run is after each event; 0 outside of all. */
  scopes: ReadonlyMap<number, number>;
  /** By the id of the exit event: the visit that was left. */
  exits: ReadonlyMap<number, number>;
  /** The variables after each event; events without any are left out. */
  variables: ReadonlyMap<number, Variables>;
  /** Each redrive, in order. */
  redrives: readonly Redrive[];
  transitions: ReadonlyMap<string, Transition>;
  /** The first state that was entered. */
  first: string | null;
  /** The visit that made the run fail. */
  failed: number | null;
}

/** The run went on where it had failed: later events came after it. */
export interface Redrive {
  /** Id of its event. */
  id: number;
  at: number;
  /** The steps that it went on with. */
  steps: readonly string[];
}

export const noVariables: Variables = new Map();

export const noRun: Run = {
  status: "RUNNING",
  last: 0,
  startedAt: null,
  endedAt: null,
  error: null,
  cause: null,
  output: null,
  visits: new Map(),
  byState: new Map(),
  scopes: new Map(),
  exits: new Map(),
  variables: new Map(),
  redrives: [],
  transitions: new Map(),
  first: null,
  failed: null,
};
