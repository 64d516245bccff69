// What is asked of the server when a state is tried.
import type { Json } from "../edit/refs";
import type { Form } from "./form";
import type { Trial } from "./trials";

/** Who answers the state when nobody stands in. */
export type Answers = "nobody" | "world" | "stand-in";

/** Whether the state asks anybody, and whether that can be done for real in a test. */
export function answersOf(json: Record<string, unknown>): Answers {
  if (json.Type === "Parallel" || json.Type === "Map") return "stand-in";
  if (json.Type !== "Task") return "nobody";
  const resource = typeof json.Resource === "string" ? json.Resource : "";
  const waits = /\.(sync(:2)?|waitForTaskToken)$/.test(resource) || /:activity:/.test(resource);
  return waits ? "stand-in" : "world";
}

/** What is asked of the server. While the workflow has mistakes elsewhere the state goes alone. */
export function request(form: Form, trial: Trial, who: Answers): Record<string, unknown> {
  const whole = form.session.errorCount === 0 && !form.doc.stale;
  const alone = form.jsonata && form.json.QueryLanguage === undefined ? inJSONata(form.json) : form.json;
  const { input, variables, context, attempts, failures, items, ...answered } = trial;
  return {
    definition: whole ? form.doc.text : JSON.stringify(alone),
    state: whole ? form.id : "",
    input: input.trim(),
    variables: variables.trim(),
    attempts,
    failures,
    items,
    ...(who === "nobody" ? {} : { ...answered, context: context.trim(), result: answered.result.trim() || "{}" }),
  };
}

/** A state of a JSONata workflow as it is outside of it: it and all states inside say their language. */
export function inJSONata(state: Json): Json {
  const out: Json = { QueryLanguage: "JSONata", ...state };
  for (const name of ["ItemProcessor", "Iterator"]) if (isObject(state[name])) out[name] = block(state[name]);
  if (Array.isArray(state.Branches)) out.Branches = state.Branches.map((b) => (isObject(b) ? block(b) : b));
  return out;
}

function block(of: Json): Json {
  if (!isObject(of.States)) return of;
  const states = Object.entries(of.States).map(([name, s]) => [name, isObject(s) ? inJSONata(s) : s]);
  return { ...of, States: Object.fromEntries(states) };
}

function isObject(v: unknown): v is Json {
  return typeof v === "object" && v !== null && !Array.isArray(v);
}
