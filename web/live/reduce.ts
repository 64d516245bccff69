/**
 * A run, built from its history. Every event belongs to a visit of a state: the way back over
 * previousEventId leads to its …StateEntered. Pure: the same events give the same run, in whatever portions
 * they come.
 */
import { begun, ended, finished } from "./attempts";
import type { ExecutionStatus, HistoryEvent } from "./events";
import { asked, taskId } from "./human";
import { noVariables, type Run, type Transition, type Variables, type Visit } from "./run";
import { after, assignedBy, seenBy } from "./variables";

/** The run after some more events. Events that it has already are left out. */
export function reduce(prev: Run, events: readonly HistoryEvent[]): Run {
  const fresh = events.filter((e) => e.id > prev.last);
  if (fresh.length === 0) return prev;
  const next = new Reducer(prev);
  for (const e of fresh) next.add(e);
  return next.run();
}

class Reducer {
  private readonly visits: Map<number, Visit>;
  private readonly byState: Map<string, readonly number[]>;
  private readonly lists = new Map<string, number[]>();
  private readonly scopes: Map<number, number>;
  private readonly exits: Map<number, number>;
  private readonly transitions: Map<string, Transition>;
  private readonly variables: Map<number, Variables>;
  private readonly head: Omit<Run, "visits" | "byState" | "scopes" | "exits" | "transitions" | "variables">;

  constructor(prev: Run) {
    this.visits = new Map(prev.visits);
    this.byState = new Map(prev.byState);
    this.scopes = new Map(prev.scopes);
    this.exits = new Map(prev.exits);
    this.transitions = new Map(prev.transitions);
    this.variables = new Map(prev.variables);
    const { status, last, startedAt, endedAt, error, cause, output, first, failed, redrives } = prev;
    this.head = { status, last, startedAt, endedAt, error, cause, output, first, failed, redrives };
  }

  run(): Run {
    const { visits, byState, scopes, exits, transitions, variables } = this;
    return { ...this.head, visits, byState, scopes, exits, transitions, variables };
  }

  add(e: HistoryEvent): void {
    if (e.id <= this.head.last) return;
    this.head.last = e.id;
    const scope = this.scopes.get(e.previousId) ?? 0;
    const now = this.apply(e, scope);
    this.scopes.set(e.id, now);
    const left = this.visits.get(this.exits.get(e.id) ?? 0);
    const variables = left !== undefined ? after(left) : seenBy(e, this.visits.get(now), this.variables);
    if (variables.size > 0) this.variables.set(e.id, variables);
  }

  /** Takes one event in; returns the visit in which the run is after it. */
  private apply(e: HistoryEvent, scope: number): number {
    if (e.type.startsWith("Execution")) return this.execution(e, scope);
    if (e.type.endsWith("StateEntered")) return this.entered(e, scope);
    if (e.type.endsWith("StateExited")) return this.exited(e, scope);
    if (e.type.endsWith("StateAborted")) return this.aborted(e, scope);
    if (/^(Parallel|Map)State/.test(e.type)) return this.container(e, scope);
    if (e.type.startsWith("MapIteration")) return this.iteration(e, scope);
    if (e.type === "MapRunStarted") return this.mapRun(e, scope);
    if (e.type === "EvaluationFailed") return this.evaluation(e, scope);
    if (/^(Task|LambdaFunction|Activity)/.test(e.type)) this.task(e, scope);
    return scope;
  }

  private execution(e: HistoryEvent, scope: number): number {
    switch (e.type) {
      case "ExecutionStarted":
        this.head.startedAt = e.at;
        return 0;
      case "ExecutionRedriven":
        this.head.redrives = [...this.head.redrives, { id: e.id, at: e.at, steps: this.reopen() }];
        this.head.status = "RUNNING";
        this.head.endedAt = null;
        this.head.error = this.head.cause = this.head.failed = null;
        return scope;
      case "ExecutionSucceeded":
        this.head.output = e.output;
        this.close("SUCCEEDED", e);
        return 0;
      case "ExecutionFailed":
        this.head.failed = this.fail(scope, e);
        this.explain(this.head.failed ?? 0, e);
        this.close("FAILED", e);
        return 0;
      case "ExecutionTimedOut":
        this.close("TIMED_OUT", e);
        return 0;
      case "ExecutionAborted":
        this.close("ABORTED", e);
        return 0;
      default:
        return scope;
    }
  }

  private close(status: ExecutionStatus, e: HistoryEvent): void {
    this.head.status = status;
    this.head.endedAt = e.at;
    this.head.error = e.error;
    this.head.cause = e.cause;
    this.cancelOpen(() => true, e.at);
  }

  /**
   * A redrive goes on with the visits that ended together with the run; a Fail state is entered anew. It
   * answers the names of those that hold no other.
   */
  private reopen(): string[] {
    const open: Visit[] = [];
    for (const v of this.visits.values()) {
      if (v.exitedAt !== this.head.endedAt || v.type === "Fail") continue;
      if (v.status !== "cancelled" && v.status !== "failed") continue;
      const n = v.iterations;
      const iterations = n === null ? null : { done: n.done - n.failed, total: n.total, failed: 0 };
      const redriven = v.redriven + 1;
      this.put({ ...v, status: "running", exitedAt: null, error: null, cause: null, iterations, redriven });
      open.push(v);
    }
    return [...new Set(open.filter((v) => !open.some((x) => x.parent === v.id)).map((v) => v.name))];
  }

  private cancelOpen(which: (v: Visit) => boolean, at: number): void {
    for (const v of this.visits.values()) {
      if (v.exitedAt === null && which(v))
        this.put({ ...v, status: "cancelled", exitedAt: at, attempts: ended(v.attempts, at) });
    }
  }

  private entered(e: HistoryEvent, scope: number): number {
    const name = e.name ?? "";
    const type = e.type.replace(/StateEntered$/, "");
    const left = this.visits.get(this.exits.get(e.previousId) ?? 0);
    if (left !== undefined) {
      const t = { from: left.name, to: name, caught: left.status === "caught" };
      this.transitions.set(`${t.from}\u0000${t.to}\u0000${t.caught}`, t);
    } else if (this.head.first === null) this.head.first = name;
    const fails = type === "Fail";
    this.put({
      id: e.id,
      name,
      type,
      parent: scope,
      status: fails ? "failed" : "running",
      enteredAt: e.at,
      exitedAt: fails ? e.at : null,
      input: e.input,
      output: null,
      variables: seenBy(e, this.visits.get(scope), this.variables),
      assigned: noVariables,
      error: null,
      cause: null,
      attempts: [],
      redriven: 0,
      taskId: null,
      due: null,
      who: null,
      iterations: null,
      mapRun: null,
    });
    let list = this.lists.get(name);
    if (list === undefined) {
      list = [...(this.byState.get(name) ?? [])];
      this.lists.set(name, list);
      this.byState.set(name, list);
    }
    list.push(e.id);
    return e.id;
  }

  private exited(e: HistoryEvent, scope: number): number {
    const v = this.climb(scope, (x) => x.name === e.name && x.exitedAt === null);
    if (v === undefined) return scope;
    // Left after a failure: a catcher took over. A container says nothing but that it did not succeed.
    const caught = v.status === "retrying" || (holds(v) && v.attempts.at(-1)?.status !== "succeeded");
    if (caught && holds(v)) this.broke(v, scope, e);
    const attempts =
      caught && holds(v) ? finished(v.attempts, { ...e, output: null }, "failed") : ended(v.attempts, e.at);
    const assigned = assignedBy(e);
    this.put({ ...v, status: caught ? "caught" : "succeeded", exitedAt: e.at, output: e.output, assigned, attempts });
    this.exits.set(e.id, v.id);
    return v.parent;
  }

  private aborted(e: HistoryEvent, scope: number): number {
    const v = this.climb(scope, (x) => e.name === null || x.name === e.name);
    if (v === undefined || v.exitedAt !== null) return scope;
    this.put({
      ...v,
      status: v.status === "retrying" ? "failed" : "cancelled",
      exitedAt: e.at,
      attempts: ended(v.attempts, e.at),
    });
    return scope;
  }

  /** A Distributed Map has a run, where its items can be seen: they are no iterations here. */
  private mapRun(e: HistoryEvent, scope: number): number {
    const v = this.climb(scope, (x) => x.type === "Map" && x.exitedAt === null);
    const arn = e.details.mapRunArn;
    if (v !== undefined && typeof arn === "string") this.put({ ...v, iterations: null, mapRun: arn });
    return scope;
  }

  private container(e: HistoryEvent, scope: number): number {
    const kind = e.type.startsWith("Parallel") ? "Parallel" : "Map";
    const v = this.climb(scope, (x) => x.type === kind && x.exitedAt === null);
    if (v === undefined) return scope;
    switch (e.type.slice(`${kind}State`.length)) {
      case "Started": {
        // Once more: what was tried before came to nothing.
        const again = v.attempts.some((a) => a.endedAt === null);
        if (again) this.broke(v, scope, e);
        const iterations = e.length === null ? v.iterations : { done: 0, total: e.length, failed: 0 };
        this.put({
          ...v,
          status: "running",
          iterations,
          attempts: begun(again ? finished(v.attempts, e, "failed") : v.attempts, e.at),
        });
        break;
      }
      case "Succeeded":
        this.put({ ...v, attempts: finished(v.attempts, e, "succeeded") });
        break;
      case "Failed":
        this.broke(v, scope, e);
        this.put({
          ...v,
          status: "retrying",
          error: e.error,
          cause: e.cause,
          attempts: finished(v.attempts, e, "failed"),
        });
        break;
      default:
    }
    return v.id;
  }

  /** Inside a container one visit failed, the others were cut short. */
  private broke(v: Visit, scope: number, e: HistoryEvent): void {
    if (scope !== v.id) this.fail(scope, e);
    this.cancelOpen((x) => x.id !== v.id && this.inside(x, v.id), e.at);
  }

  private iteration(e: HistoryEvent, scope: number): number {
    const v = this.climb(scope, (x) => x.type === "Map" && (e.name === null || x.name === e.name));
    if (v === undefined) return scope;
    const bad = e.type === "MapIterationFailed";
    if (bad && scope !== v.id) this.fail(scope, e);
    if ((bad || e.type === "MapIterationSucceeded") && v.iterations !== null) {
      const { done, total, failed } = v.iterations;
      this.put({ ...v, iterations: { done: done + 1, total, failed: failed + (bad ? 1 : 0) } });
    }
    return v.id;
  }

  /**
   * An expression failed. The event follows what was before the state, not its entering: the state is told by
   * name, and is the one that was entered last.
   */
  private evaluation(e: HistoryEvent, scope: number): number {
    const { state } = e.details;
    const open = (x: Visit): boolean => x.exitedAt === null && (typeof state !== "string" || x.name === state);
    const last = (this.byState.get(String(state)) ?? []).map((id) => this.visits.get(id)).findLast((x) => x && open(x));
    const v = this.climb(scope, open) ?? last;
    if (v === undefined) return scope;
    const attempts = v.attempts.some((a) => a.endedAt === null) ? finished(v.attempts, e, "failed") : v.attempts;
    this.put({ ...v, status: "retrying", error: e.error, cause: e.cause, attempts });
    return v.id;
  }

  private task(e: HistoryEvent, scope: number): void {
    const v = this.visits.get(scope);
    if (v === undefined) return;
    const what = e.type.replace(/^(Task|LambdaFunction|Activity)/, "");
    switch (what) {
      case "Scheduled":
        this.put({
          ...v,
          status: "running",
          attempts: begun(v.attempts, e.at),
          ...(e.resourceType === "human" ? asked(e) : {}),
        });
        return;
      case "Submitted":
        if (e.resourceType === "human") this.put({ ...v, status: "waiting", taskId: taskId(e.output) });
        return;
      case "Succeeded":
        this.put({ ...v, status: "running", taskId: v.taskId, attempts: finished(v.attempts, e, "succeeded") });
        return;
      case "Failed":
      case "TimedOut":
      case "ScheduleFailed":
      case "StartFailed":
      case "SubmitFailed":
        this.put({
          ...v,
          status: "retrying",
          error: e.error,
          cause: e.cause,
          attempts: finished(v.attempts, e, what === "TimedOut" ? "timedOut" : "failed"),
        });
        return;
      default:
    }
  }

  /** The visit in which something went wrong for good; containers around it are told by their own events. */
  private fail(scope: number, e: HistoryEvent): number | null {
    const v = this.visits.get(scope);
    if (v === undefined) return null;
    if (v.exitedAt === null || v.type === "Fail") {
      this.put({
        ...v,
        status: "failed",
        exitedAt: v.exitedAt ?? e.at,
        error: v.error ?? e.error,
        cause: v.cause ?? e.cause,
        attempts: ended(v.attempts, e.at),
      });
    }
    return v.id;
  }

  /** A failing state inside tells no error of its own: the end of the run does. */
  private explain(owner: number, e: HistoryEvent): void {
    for (const v of this.visits.values()) {
      if (v.status === "failed" && v.error === null && this.inside(v, owner))
        this.put({ ...v, error: e.error, cause: e.cause });
    }
  }

  private climb(scope: number, fits: (v: Visit) => boolean): Visit | undefined {
    for (let v = this.visits.get(scope); v !== undefined; v = this.visits.get(v.parent)) if (fits(v)) return v;
    return undefined;
  }

  private inside(v: Visit, owner: number): boolean {
    for (let p = v.parent; p !== 0; p = this.visits.get(p)?.parent ?? 0) if (p === owner) return true;
    return false;
  }

  private put(v: Visit): void {
    this.visits.set(v.id, v);
  }
}

function holds(v: Visit): boolean {
  return v.type === "Parallel" || v.type === "Map";
}
