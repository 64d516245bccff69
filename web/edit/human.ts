// Human tasks: the fields of their form and the ways on from their outcomes.
import type { Graph, StateId } from "../asl/model";
import type { Doc } from "../doc/doc";
import type { JsonPath } from "../doc/json";
import { freeName } from "./names";
import { setNext, writeStates } from "./place";
import { blockOf, type Json, refsIn, stateOf, statePath, usesJSONata } from "./refs";

export const defaultOutcomes: readonly string[] = ["Approve", "Reject"];

export function isHuman(json: Json): boolean {
  return typeof json.Resource === "string" && /:states:::human:/.test(json.Resource);
}

function payloadOf(graph: Graph, id: StateId): Json {
  const json = stateOf(graph, id).json;
  const payload = usesJSONata(graph, id) ? json.Arguments : json.Parameters;
  return isObject(payload) ? payload : {};
}

export function outcomesOf(graph: Graph, id: StateId): string[] {
  const list = payloadOf(graph, id).Outcomes;
  return Array.isArray(list) ? list.filter((o): o is string => typeof o === "string") : [...defaultOutcomes];
}

/** Where an outcome goes. */
export interface Way {
  outcome: string;
  /** Empty when it fails the workflow. */
  to: string;
  /** What to set to lead it elsewhere; null when a catcher has to be made for that. */
  path: JsonPath | null;
}

/** The ways on, when outcomes go different ones: by a choice behind the task, or because some of them fail it. */
export function waysOf(graph: Graph, id: StateId): Way[] | null {
  return waysByChoice(graph, id) ?? waysByError(graph, id);
}

/** Outcomes of FailOn go to the catcher of `Human.<Outcome>`, the others to Next. */
function waysByError(graph: Graph, id: StateId): Way[] | null {
  const { json } = stateOf(graph, id);
  const fails = payloadOf(graph, id).FailOn;
  const next = refsIn(json).find((r) => r.kind === "next")?.to;
  if (!Array.isArray(fails) || fails.length === 0 || next === undefined) return null;
  const home = statePath(graph, id);
  const catchers: unknown[] = Array.isArray(json.Catch) ? json.Catch : [];
  const caughtBy = (error: string): number =>
    catchers.findIndex(
      (c) =>
        isObject(c) &&
        Array.isArray(c.ErrorEquals) &&
        [error, "States.TaskFailed", "States.ALL"].some((e) => (c.ErrorEquals as unknown[]).includes(e)),
    );
  return outcomesOf(graph, id).map((outcome) => {
    if (!fails.includes(outcome)) return { outcome, to: next, path: [...home, "Next"] };
    const at = caughtBy(`Human.${outcome}`);
    const to = (catchers[at] as Json | undefined)?.Next;
    return typeof to === "string"
      ? { outcome, to, path: [...home, "Catch", at, "Next"] }
      : { outcome, to: "", path: null };
  });
}

/** Leads an outcome that fails the task to a state: by a catcher of its own, tried first. */
export function catchOutcome(doc: Doc, id: StateId, outcome: string, to: StateId): void {
  const graph = doc.graph!;
  const path = [...statePath(graph, id), "Catch"];
  const kept = usesJSONata(graph, id) ? {} : { ResultPath: "$.error" };
  doc.transact(`Lead ${outcome} to ${to}`, (tx) => {
    const catcher = { ErrorEquals: [`Human.${outcome}`], ...kept, Next: to };
    const list = tx.get(path);
    if (Array.isArray(list) && list.length > 0) tx.insertBefore([...path, 0], catcher, 0);
    else tx.set(path, [catcher]);
  });
}

function waysByChoice(graph: Graph, id: StateId): Way[] | null {
  const state = stateOf(graph, id);
  const next = refsIn(state.json).find((r) => r.kind === "next")?.to;
  const choice = next === undefined ? undefined : graph.states.get(next);
  if (choice?.type !== "Choice" || !Array.isArray(choice.json.Choices)) return null;
  const place = typeof state.json.ResultPath === "string" ? state.json.ResultPath : "$";
  const home = statePath(graph, choice.id);
  const ways: Way[] = [];
  choice.json.Choices.forEach((rule: unknown, i) => {
    if (!isObject(rule) || typeof rule.Next !== "string") return;
    const jsonata =
      typeof rule.Condition === "string"
        ? /\.Outcome\s*=\s*['"]([^'"]*)['"]\s*%\}$/.exec(rule.Condition)?.[1]
        : undefined;
    const plain =
      rule.Variable === `${place}.Outcome` && typeof rule.StringEquals === "string" ? rule.StringEquals : undefined;
    const outcome = plain ?? jsonata;
    if (outcome !== undefined) ways.push({ outcome, to: rule.Next, path: [...home, "Choices", i, "Next"] });
  });
  if (ways.length === 0) return null;
  const otherwise = choice.json.Default;
  if (typeof otherwise === "string") {
    for (const outcome of outcomesOf(graph, id)) {
      if (!ways.some((w) => w.outcome === outcome)) ways.push({ outcome, to: otherwise, path: [...home, "Default"] });
    }
  }
  return ways;
}

/** Puts a choice behind a task, with a way for each outcome: the first goes on, the others to a Fail of their own. */
export function splitByOutcome(doc: Doc, id: StateId): StateId {
  const graph = doc.graph!;
  const state = stateOf(graph, id);
  const jsonata = usesJSONata(graph, id);
  const block = blockOf(graph, id);
  const outcomes = outcomesOf(graph, id);
  const next = refsIn(state.json).find((r) => r.kind === "next")?.to ?? null;
  const taken = new Set<string>();
  const name = (wish: string): string => {
    const free = freeName(graph, wish, taken);
    taken.add(free);
    return free;
  };
  const choice = name(`${id.replace(/\?$/, "")}: outcome`);
  const on = next ?? name("Done");
  const place = typeof state.json.ResultPath === "string" ? state.json.ResultPath : "$";
  const rule = (outcome: string, to: string): Json =>
    jsonata
      ? { Condition: `{% $states.input.Outcome = '${outcome}' %}`, Next: to }
      : { Variable: `${place}.Outcome`, StringEquals: outcome, Next: to };
  const added: [string, Json][] = [];
  const rules = outcomes.map((outcome, i) => {
    if (i === 0) return rule(outcome, on);
    const fail = name(`${outcome}: stopped`);
    added.push([fail, { Type: "Fail", Error: outcome, Cause: `${id} was decided with ${outcome}.` }]);
    return rule(outcome, fail);
  });
  const states: [string, Json][] = [[choice, { Type: "Choice", Choices: rules, Default: on }]];
  if (next === null) states.push([on, { Type: "Succeed" }]);
  doc.transact(`Split ${id} by outcome`, (tx) => {
    writeStates(tx, block.pointer, id, [...states, ...added]);
    setNext(tx, statePath(graph, id), choice);
  });
  return choice;
}

/** One field of a form, as the builder shows it. */
export interface FormField {
  key: string;
  title: string;
  kind: FieldKind;
  required: boolean;
  schema: Json;
}

export type FieldKind = "text" | "long" | "number" | "integer" | "boolean" | "date" | "choice" | "other";

export function formFields(schema: unknown): FormField[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).map(([key, value]) => {
    const s = isObject(value) ? value : {};
    return {
      key,
      title: typeof s.title === "string" ? s.title : key,
      kind: kindOf(s),
      required: required.includes(key),
      schema: s,
    };
  });
}

function kindOf(s: Json): FieldKind {
  if (Array.isArray(s.enum)) return "choice";
  switch (s.type) {
    case "string":
      if (s.format === "date") return "date";
      return typeof s.maxLength === "number" && s.maxLength > 200 ? "long" : "text";
    case "number":
    case "integer":
    case "boolean":
      return s.type;
    default:
      return "other";
  }
}

/** The schema of a kind, with what it can keep of the old one. */
export function schemaOf(kind: FieldKind, title: string, old: Json = {}): Json {
  const limits = Object.fromEntries(["minimum", "maximum"].filter((k) => k in old).map((k) => [k, old[k]]));
  const described = typeof old.description === "string" ? { description: old.description } : {};
  switch (kind) {
    case "text":
      return { type: "string", title, ...described };
    case "long":
      return { type: "string", title, ...described, maxLength: 2000 };
    case "date":
      return { type: "string", title, ...described, format: "date" };
    case "number":
    case "integer":
      return { type: kind, title, ...described, ...limits };
    case "boolean":
      return { type: "boolean", title, ...described };
    case "choice":
      return { type: "string", title, ...described, enum: Array.isArray(old.enum) ? old.enum : ["First", "Second"] };
    case "other":
      return { ...old, title };
  }
}

/** "text, required", "number, 0 to 30". */
export function describeField(f: FormField): string {
  const s = f.schema;
  const names: Record<FieldKind, string> = {
    text: "text",
    long: "long text",
    number: "number",
    integer: "whole number",
    boolean: "yes or no",
    date: "date",
    choice: "choice",
    other: String(s.type ?? "any"),
  };
  const parts = [names[f.kind]];
  if (typeof s.minimum === "number" && typeof s.maximum === "number") parts.push(`${s.minimum} to ${s.maximum}`);
  else if (typeof s.minimum === "number") parts.push(`from ${s.minimum}`);
  else if (typeof s.maximum === "number") parts.push(`up to ${s.maximum}`);
  if (f.kind === "choice" && Array.isArray(s.enum)) parts.push(`${s.enum.length} options`);
  if (f.required) parts.push("required");
  return parts.join(", ");
}

/** A key for a title: "Budget code" → "budgetCode", free among `taken`. */
export function keyFor(title: string, taken: readonly string[]): string {
  const words = title
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  const stem =
    words.map((w, i) => (i === 0 ? w.toLowerCase() : w[0]!.toUpperCase() + w.slice(1).toLowerCase())).join("") ||
    "field";
  let key = stem;
  for (let n = 2; taken.includes(key); n++) key = `${stem}${n}`;
  return key;
}

function isObject(v: unknown): v is Json {
  return typeof v === "object" && v !== null && !Array.isArray(v);
}
