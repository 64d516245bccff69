/** What a run looks like on the picture: the status of each state, and the edges that were taken. */
import { type Graph, routeId, type StateId } from "../asl/model";
import type { Run, StateStatus, Visit } from "./run";

export { type HistoryEvent, parseEvent, parseEvents } from "./events";
export { reduce } from "./reduce";
export { type Attempt, noRun, type Run, type StateStatus, type Visit } from "./run";

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

const urgent: readonly StateStatus[] = ["failed", "waiting", "retrying", "running"];

/** Lays a run over a definition. */
export function overlayOf(run: Run, graph: Graph): Overlay {
  const states = new Map<StateId, StateRun>();
  for (const id of graph.states.keys()) {
    const visits = (run.byState.get(id) ?? []).map((v) => run.visits.get(v)).filter((v) => v !== undefined);
    const state = stateRun(id, visits);
    if (state !== null) states.set(id, state);
  }
  return { states, edges: taken(run, graph) };
}

/** The visits of one state as one status: of several at once, the one that needs attention. */
function stateRun(id: StateId, visits: Visit[]): StateRun | null {
  const last = visits.at(-1);
  if (last === undefined) return null;
  const together = visits.filter((v) => v.parent === last.parent);
  const shown =
    urgent
      .map((s) => together.findLast((v) => v.status === s && (s !== "failed" || last.parent !== 0 || v === last)))
      .find((v) => v !== undefined) ?? last;
  const { status, enteredAt, exitedAt, input, output, error, cause, taskId, iterations } = shown;
  return {
    id,
    status,
    attempts: shown.attempts.length,
    enteredAt,
    exitedAt,
    visits,
    input,
    output,
    error,
    cause,
    taskId,
    iterations,
  };
}

function taken(run: Run, graph: Graph): Set<string> {
  const edges = new Set<string>();
  if (run.first !== null && run.first === graph.startAt) edges.add(routeId({ from: "", kind: "start", index: 0 }));
  for (const t of run.transitions.values()) {
    const edge = graph.states.get(t.from)?.edges.find((e) => e.to === t.to && (e.kind === "catch") === t.caught);
    if (edge !== undefined) edges.add(routeId(edge));
  }
  return edges;
}
