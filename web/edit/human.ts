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

export function payloadOf(graph: Graph, id: StateId): Json {
  const json = stateOf(graph, id).json;
  const payload = usesJSONata(graph, id) ? json.Arguments : json.Parameters;
  return isObject(payload) ? payload : {};
}

export function outcomesOf(graph: Graph, id: StateId): string[] {
  const list = payloadOf(graph, id).Outcomes;
  return Array.isArray(list) ? list.filter((o): o is string => typeof o === "string") : [...defaultOutcomes];
}

/** Where each outcome goes, when a choice on the outcome follows the task. */
export interface Way {
  outcome: string;
  to: string;
  /** What to set to lead it elsewhere. */
  path: JsonPath;
}

export function waysOf(graph: Graph, id: StateId): Way[] | null {
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
