/** What a run looks like on the picture: the status of each state, and the edges that were taken. */
import type { StateId } from "../asl/model";

export type StateStatus = "idle" | "running" | "waiting" | "succeeded" | "failed" | "caught" | "retrying" | "cancelled";

/** One time that a state was entered. */
export interface Visit {
  entered: number;
  status: StateStatus;
  /** Epoch milliseconds. */
  enteredAt: number;
  exitedAt: number | null;
  input: string | null;
  output: string | null;
  error: string | null;
  cause: string | null;
  attempts: Attempt[];
  taskId: string | null;
}

/** One try of a task. */
export interface Attempt {
  startedAt: number;
  endedAt: number | null;
  status: "running" | "succeeded" | "failed" | "timedOut";
  output: string | null;
  error: string | null;
  cause: string | null;
}

export interface StateRun {
  id: StateId;
  status: StateStatus;
  /** Tries of the last visit. */
  attempts: number;
  enteredAt: number;
  exitedAt: number | null;
  visits: Visit[];
  input: string | null;
  output: string | null;
  error: string | null;
  cause: string | null;
  /** The human task that a person has to decide. */
  taskId: string | null;
  /** Of a Map: iterations that are over, and all. */
  iterations: { done: number; total: number; failed: number } | null;
}

export interface Overlay {
  states: Map<StateId, StateRun>;
  /** Ids of the routes that were taken. */
  edges: Set<string>;
}
