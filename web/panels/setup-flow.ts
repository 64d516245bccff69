// Setup of the states that steer: Wait, Pass, Succeed, Fail, Parallel, Map.
import { swapField } from "../edit/fields";
import { addBranch, branchNames, removeBranch } from "../edit/nest";
import { h, icon, iconButton } from "./dom";
import { type Choice, more, row, section, selectField, setError } from "./fields";
import { followField } from "./follow";
import type { Form } from "./form";
import { timeProblem } from "./setup-choice";

const waitForms = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"] as const;

export function waitSetup(form: Form): HTMLElement[] {
  const kind = waitForms.find((f) => form.at([f]) !== undefined) ?? "Seconds";
  const choices: Choice[] = [
    { value: "Seconds", label: "For a number of seconds" },
    { value: "Timestamp", label: "Until a moment" },
    ...(form.jsonata
      ? []
      : [
          { value: "SecondsPath", label: "For as many seconds as the input says" },
          { value: "TimestampPath", label: "Until the moment that the input says" },
        ]),
  ];
  const how = selectField({ key: "wait", label: "Wait", value: kind, choices }, (v) => {
    const start: Record<string, unknown> = {
      Seconds: 60,
      SecondsPath: "$.seconds",
      Timestamp: "2026-12-24T18:00:00Z",
      TimestampPath: "$.until",
    };
    form.edit(() => swapField(form.doc, form.id, waitForms, v, start[v]));
  });
  return [how, waitValue(form, kind), followField(form)!];
}

function waitValue(form: Form, kind: (typeof waitForms)[number]): HTMLElement {
  switch (kind) {
    case "Seconds":
      return form.jsonata && typeof form.at(["Seconds"]) === "string"
        ? form.textAt(["Seconds"], "Seconds", { mono: true })
        : form.numberAt(["Seconds"], "Seconds", { min: 0, max: 99_999_999, whole: true });
    case "Timestamp":
      return form.textAt(["Timestamp"], "Moment", {
        mono: true,
        placeholder: "2026-12-24T18:00:00Z",
        check: (t) => (t.startsWith("{%") ? null : timeProblem(t)),
      });
    default:
      return form.pathAt([kind], kind === "SecondsPath" ? "Seconds at" : "Moment at", {
        placeholder: kind === "SecondsPath" ? "$.seconds" : "$.until",
      });
  }
}

export function passSetup(form: Form): HTMLElement[] {
  const result = form.jsonata
    ? form.jsonAt(["Output"], "Output", { rows: 3, placeholder: '{ "total": "{% $states.input.a + 1 %}" }' })
    : form.jsonAt(["Result"], "Result", {
        rows: 3,
        placeholder: '{ "greeting": "hello" }',
        hint: "Put at ResultPath (see Data) as it stands here.",
      });
  return [result, followField(form)!];
}

export function succeedSetup(): HTMLElement[] {
  return [h("p", { class: "hint" }, "The flow ends here, well. What comes in is the output; Data can narrow it.")];
}

export function failSetup(form: Form): HTMLElement[] {
  return [
    eitherField(form, "Error", "Error", "Rejected", "The name that a catcher matches."),
    eitherField(form, "Cause", "Cause", "The request was not approved.", "A sentence for people."),
  ];
}

/** A text, or a path that says where the text is: `Error` or `ErrorPath`. */
function eitherField(
  form: Form,
  key: "Error" | "Cause",
  label: string,
  placeholder: string,
  hint: string,
): HTMLElement {
  const path = `${key}Path`;
  const byPath = form.at([path]) !== undefined;
  const own = byPath
    ? form.textAt([path], `${label} at`, {
        mono: true,
        placeholder: `$.${key.toLowerCase()}`,
        check: (t) => (/^(\$|States\.)/.test(t) || t === "" ? null : "A path begins with $, a function with States."),
      })
    : form.textAt([key], label, { placeholder, hint, long: key === "Cause" });
  if (form.jsonata) return own;
  const source = selectField(
    {
      key: `${key}/source`,
      label: `${label} from`,
      quiet: true,
      value: byPath ? path : key,
      choices: [
        { value: key, label: `${label}: these words` },
        { value: path, label: `${label}: from the input` },
      ],
    },
    (v) => form.edit(() => swapField(form.doc, form.id, [key, path], v, v === key ? "" : `$.${key.toLowerCase()}`)),
  );
  return h("div", { class: "stack-s" }, own, source);
}

export function parallelSetup(form: Form): HTMLElement[] {
  const names = branchNames(form.graph, form.id);
  const rows = names.map((name, i) => {
    const block = form.graph.blocks.get(form.state.blocks[i] ?? "");
    const count = block?.states.length ?? 0;
    return h(
      "div",
      { class: "form-row" },
      h(
        "button",
        {
          type: "button",
          class: "linkish truncate",
          onclick: () => block?.states[0] && form.session.select(block.startAt ?? block.states[0], "panel"),
        },
        name,
      ),
      h("span", { class: "muted nowrap" }, `${count} ${count === 1 ? "step" : "steps"}`),
      iconButton("trash-2", `Remove branch ${name}`, () => form.edit(() => removeBranch(form.doc, form.id, i))),
    );
  });
  const add = h(
    "button",
    {
      type: "button",
      class: "form-row form-add",
      "data-field": "add:Branches",
      onclick: () => form.edit(() => addBranch(form.doc, form.id)),
    },
    icon("plus"),
    "Add branch",
  );
  return [section("Branches", h("div", { class: "form-list" }, ...rows, add)), followField(form)!];
}

export function mapSetup(form: Form): HTMLElement[] {
  const processor =
    form.at(["ItemProcessor"]) !== undefined || form.at(["Iterator"]) === undefined ? "ItemProcessor" : "Iterator";
  const config = [processor, "ProcessorConfig"];
  const mode = form.text([...config, "Mode"]) || "INLINE";
  const items = form.jsonata
    ? form.jsonAt(["Items"], "Items", { placeholder: "{% $states.input.items %}" })
    : form.pathAt(["ItemsPath"], "List at", { placeholder: "$", hint: "A path to an array. $ when empty." });
  const modes = [
    { value: "INLINE", label: "Inside this execution" },
    { value: "DISTRIBUTED", label: "As executions of their own" },
  ];
  const fields = [
    items,
    numberOrPath(form, "MaxConcurrency", "At once, at most", "0: no limit", { min: 0, whole: true }),
    form.jsonAt(["ItemSelector"], "What each item is given", { placeholder: '{ "line.$": "$$.Map.Item.Value" }' }),
    selectField({ key: [...config, "Mode"].join("/"), label: "Items are handled", value: mode, choices: modes }, (v) =>
      form.set([...config, "Mode"], v),
    ),
  ];
  return [...fields, ...(mode === "DISTRIBUTED" ? [distributed(form, config)] : []), followField(form)!];
}

function distributed(form: Form, config: string[]): HTMLElement {
  const kinds = [
    { value: "STANDARD", label: "Standard" },
    { value: "EXPRESS", label: "Express" },
  ];
  return more(
    "Distributed map",
    true,
    row(form.selectAt([...config, "ExecutionType"], "Kind of execution", kinds), form.textAt(["Label"], "Label")),
    row(
      numberOrPath(form, "ToleratedFailureCount", "Failures allowed", "0", { min: 0, whole: true }),
      numberOrPath(form, "ToleratedFailurePercentage", "or in percent", "0", { min: 0, max: 100 }),
    ),
    form.jsonAt(["ItemReader"], "Read items from"),
    form.jsonAt(["ItemBatcher"], "Batches"),
    form.jsonAt(["ResultWriter"], "Write results to"),
  );
}

/** A number, or a path that says where it is: `Field` or `FieldPath`, decided by what is typed. */
export function numberOrPath(
  form: Form,
  key: string,
  label: string,
  placeholder: string,
  o: { min?: number; max?: number; whole?: boolean; hint?: string },
): HTMLElement {
  const path = `${key}Path`;
  const byPath = form.at([path]) !== undefined;
  const expression = typeof form.at([key]) === "string";
  const root = byPath
    ? form.pathAt([path], label, { placeholder: "$.path", ...(o.hint ? { hint: o.hint } : {}) })
    : expression
      ? form.textAt([key], label, { mono: true })
      : form.numberAt([key], label, { ...o, placeholder });
  const control = root.querySelector("input")!;
  control.addEventListener("change", () => {
    const t = control.value.trim();
    const isPath = t.startsWith("$") && !form.jsonata;
    const isNumber = t !== "" && !Number.isNaN(Number(t));
    if (isPath && !byPath) form.edit(() => swapField(form.doc, form.id, [key, path], path, t));
    else if (form.jsonata && t.startsWith("{%") && !expression) form.set([key], t);
    else if (isNumber && (byPath || expression))
      form.edit(() => swapField(form.doc, form.id, [key, path], key, Number(t)));
    else return;
    setError(control, null);
  });
  return root;
}
