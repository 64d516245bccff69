// A human task: what a person sees and what they may decide.
import { addFormField, changeFormField, moveFormField, removeFormField } from "../edit/form";
import {
  catchOutcome,
  defaultOutcomes,
  describeField,
  type FieldKind,
  type FormField,
  formFields,
  outcomesOf,
  splitByOutcome,
  waysOf,
} from "../edit/human";
import { h, icon, iconButton } from "./dom";
import {
  type Choice,
  checkField,
  more,
  numberField,
  row,
  section,
  selectField,
  setError,
  textField,
  wordsField,
} from "./fields";
import { followField } from "./follow";
import type { Form } from "./form";

const kinds: Choice[] = [
  { value: "text", label: "Text" },
  { value: "long", label: "Long text" },
  { value: "number", label: "Number" },
  { value: "integer", label: "Whole number" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "choice", label: "Choice of options" },
];

/** The field of each task's form whose details are open, kept over drawing again. */
const opened = new Map<string, string>();

export function humanSetup(form: Form): HTMLElement[] {
  const p = form.payload;
  return [
    form.dynamicAt([p], "Title", "Title", {
      required: true,
      placeholder: "Approve order",
      ...(form.jsonata ? {} : { hint: "Words, or States.Format('Order {}', $.id)" }),
    }),
    form.dynamicAt([p], "Description", "Description", {
      long: true,
      placeholder: "What the person should look at. Markdown.",
    }),
    words(form, "CandidateGroups", "Who may decide: groups", "+ group", "human"),
    row(
      words(form, "CandidateUsers", "or people", "+ person", "idle"),
      form.dynamicAt([p], "Assignee", "Given to", { placeholder: "nobody yet" }),
    ),
    row(
      dueField(form),
      form.numberAt([p, "Priority"], "Priority", { min: 0, max: 100, whole: true, placeholder: "0 to 100" }),
    ),
    formBuilder(form),
    outcomes(form),
    ...followers(form),
    summary(form),
    more(
      "More about the form",
      false,
      form.jsonAt([p, "Defaults"], "Values filled in", { placeholder: '{ "budgetCode.$": "$.code" }' }),
      form.jsonAt([p, "UISchema"], "How it is drawn (UI schema)"),
      form.jsonAt([p, "Form"], "The whole form as JSON Schema", { rows: 3 }),
    ),
  ];
}

function words(form: Form, key: string, label: string, add: string, tone: string): HTMLElement {
  const path = [form.payload, key];
  const value = form.list(path).filter((w): w is string => typeof w === "string");
  return wordsField(
    { key: path.join("/"), label, value, add, tone: () => tone, error: form.error(path.join("/")) },
    (list) => {
      form.set(path, list.length === 0 ? undefined : list);
    },
  );
}

/** "24 hours", "2 d", "90 min" as an ISO 8601 duration; other texts as they are. */
export function duration(text: string): string {
  const t = text.trim();
  const found = /^(\d+)\s*(minutes?|mins?|m|hours?|h|days?|d|weeks?|w)$/i.exec(t);
  if (!found) return t;
  const n = found[1]!;
  switch (found[2]![0]!.toLowerCase()) {
    case "m":
      return `PT${n}M`;
    case "h":
      return `PT${n}H`;
    case "d":
      return `P${n}D`;
    default:
      return `P${n}W`;
  }
}

/** The other way round, for reading. */
export function durationWords(iso: string): string {
  const found = /^P(?:(\d+)([DW])|T(\d+)([HM]))$/.exec(iso);
  if (!found) return iso;
  const n = Number(found[1] ?? found[3]);
  const unit = { D: "day", W: "week", H: "hour", M: "minute" }[found[2] ?? found[4] ?? "H"] ?? "hour";
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

function dueProblem(text: string): string | null {
  const t = duration(text);
  if (t === "" || /^(\$|States\.|\{%)/.test(t)) return null;
  if (/^P(?=.)(\d+[YMWD])*(T(?=.)(\d+[HMS])*)?$/.test(t) || /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(t))
    return null;
  return "Type a time such as 24 hours or 2 days, PT30M, or a moment such as 2026-12-24T18:00:00Z.";
}

function dueField(form: Form): HTMLElement {
  const p = form.payload;
  const root = form.dynamicAt([p], "Due", "Due in", { placeholder: "24 hours" });
  const control = root.querySelector("input")!;
  control.value = durationWords(control.value);
  // Words are turned into a duration before the field itself hears of them.
  control.addEventListener(
    "input",
    (e) => {
      const problem = dueProblem(control.value);
      setError(control, problem);
      const iso = duration(control.value);
      if (iso === control.value || problem !== null) return;
      e.stopImmediatePropagation();
      form.type([p, "Due"], iso);
    },
    { capture: true },
  );
  return root;
}

function formBuilder(form: Form): HTMLElement {
  const fields = formFields(form.at([form.payload, "Form"]));
  const rows = fields.map((f, i) => fieldRow(form, f, i, fields.length));
  const add = h(
    "button",
    {
      type: "button",
      class: "form-row form-add",
      "data-field": `add:${form.payload}/Form`,
      onclick: () => form.edit(() => opened.set(form.id, addFormField(form.doc, form.id, nextTitle(fields), "text"))),
    },
    icon("plus"),
    "Add field",
  );
  const root = section("Form", h("div", { class: "form-list" }, ...rows, add));
  root.dataset.fieldRoot = `${form.payload}/Form`;
  return root;
}

function nextTitle(fields: readonly FormField[]): string {
  const titles = fields.map((f) => f.title);
  if (!titles.includes("New field")) return "New field";
  for (let n = 2; ; n++) if (!titles.includes(`New field ${n}`)) return `New field ${n}`;
}

function fieldRow(form: Form, f: FormField, i: number, count: number): HTMLElement {
  const key = `form/${f.key}`;
  const base = [form.payload, "Form", "properties", f.key];
  const details = h(
    "details",
    { class: "form-row-more", open: opened.get(form.id) === f.key },
    h(
      "summary",
      { class: "form-row", "data-field": key },
      h("span", { class: "truncate" }, f.title),
      h("span", { class: "muted truncate" }, describeField(f)),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open) opened.set(form.id, f.key);
    else if (opened.get(form.id) === f.key) opened.delete(form.id);
  });
  const change = (c: Parameters<typeof changeFormField>[3]): void =>
    form.edit(() => changeFormField(form.doc, form.id, f, c));
  const body = h("div", { class: "form-row-body" });
  body.append(
    textField(
      {
        key: `${key}/title`,
        label: "Name",
        value: f.title,
        check: (t) => (t.trim() === "" ? "A field needs a name." : null),
        strict: true,
      },
      (title) => form.quietly(() => changeFormField(form.doc, form.id, f, { title })),
    ),
    row(
      selectField(
        {
          key: `${key}/kind`,
          label: "Kind",
          value: f.kind,
          choices: f.kind === "other" ? [...kinds, { value: "other", label: "Something else" }] : kinds,
        },
        (kind) => change({ kind: kind as FieldKind }),
      ),
      textField(
        {
          key: `${key}/key`,
          label: "Key in the result",
          mono: true,
          value: f.key,
          on: "change",
          strict: true,
          check: (t) => keyProblem(t, f, form),
        },
        (t) => {
          opened.set(form.id, t);
          change({ key: t });
        },
      ),
    ),
  );
  if (f.kind === "number" || f.kind === "integer") {
    const limit = (name: string, label: string): HTMLElement =>
      numberField({ key: [...base, name].join("/"), label, value: f.schema[name] }, (n) =>
        form.type([...base, name], n),
      );
    body.append(row(limit("minimum", "From"), limit("maximum", "To")));
  }
  if (f.kind === "choice") {
    const options = (Array.isArray(f.schema.enum) ? f.schema.enum : []).map(String);
    body.append(
      wordsField({ key: [...base, "enum"].join("/"), label: "Options", value: options, add: "+ option" }, (list) =>
        form.set([...base, "enum"], list),
      ),
    );
  }
  body.append(
    form.textAt([...base, "description"], "Help below the field"),
    checkField({ key: `${key}/required`, label: "Required", value: f.required }, (required) => change({ required })),
    h(
      "div",
      { class: "row" },
      i > 0
        ? iconButton("arrow-up", `Move ${f.title} up`, () => form.edit(() => moveFormField(form.doc, form.id, i, -1)))
        : null,
      i < count - 1
        ? iconButton("arrow-down", `Move ${f.title} down`, () =>
            form.edit(() => moveFormField(form.doc, form.id, i, 1)),
          )
        : null,
      iconButton("trash-2", `Remove field ${f.title}`, () =>
        form.edit(() => removeFormField(form.doc, form.id, f.key)),
      ),
    ),
  );
  details.append(body);
  return details;
}

function keyProblem(key: string, f: FormField, form: Form): string | null {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return "A key has letters, digits, - and _, and begins with a letter.";
  const others = formFields(form.at([form.payload, "Form"])).filter((o) => o.key !== f.key);
  return others.some((o) => o.key === key) ? "Another field has this key." : null;
}

function outcomes(form: Form): HTMLElement {
  const path = [form.payload, "Outcomes"];
  const value = outcomesOf(form.graph, form.id);
  const fails = form.list([form.payload, "FailOn"]).filter((w): w is string => typeof w === "string");
  const tone = (o: string): string =>
    /^(reject|deny|decline|refuse|no|cancel)/i.test(o)
      ? "failed"
      : /^(approve|accept|yes|ok|confirm)/i.test(o)
        ? "succeeded"
        : "idle";
  const list = wordsField(
    { key: path.join("/"), label: "Outcomes", value, add: "+ outcome", tone, error: form.error(path.join("/")) },
    (words) => {
      const same = words.length === defaultOutcomes.length && words.every((w, i) => w === defaultOutcomes[i]);
      form.set(path, same && form.at(path) === undefined ? undefined : words);
    },
  );
  const failing = h(
    "fieldset",
    { class: "field" },
    h("legend", { class: "label" }, "Outcomes that fail the step"),
    ...value.map((o) =>
      checkField(
        { key: `${form.payload}/FailOn/${o}`, label: `${o} fails it with Human.${o}`, value: fails.includes(o) },
        (on) => {
          const next = on ? [...fails, o] : fails.filter((f) => f !== o);
          form.set([form.payload, "FailOn"], next.length === 0 ? undefined : next);
        },
      ),
    ),
  );
  return h("div", { class: "stack-s" }, list, more("When an outcome is an error", fails.length > 0, failing));
}

function followers(form: Form): HTMLElement[] {
  const ways = waysOf(form.graph, form.id);
  if (ways === null) {
    const follow = followField(form);
    const split = h(
      "button",
      {
        type: "button",
        class: "btn btn-ghost btn-s inspect-add",
        "data-field": "split",
        onclick: () => form.edit(() => splitByOutcome(form.doc, form.id)),
      },
      icon("split"),
      "Go different ways by outcome",
    );
    return follow ? [follow, split] : [split];
  }
  const rows = ways.map((way) => {
    const { outcome, path } = way;
    const choices = path === null ? [{ value: "", label: "Fails the workflow" }, ...form.targets()] : form.targets();
    const select = selectField(
      { key: `way/${outcome}`, label: `After ${outcome}`, quiet: true, value: way.to, choices },
      (to) => {
        form.edit(() => {
          if (path === null) catchOutcome(form.doc, form.id, outcome, to);
          else form.doc.transact(`Lead ${outcome} to ${to}`, (tx) => tx.set(path, to));
        });
      },
    );
    const bad = /^(reject|deny|decline|refuse|no|cancel)/i.test(way.outcome);
    return h(
      "div",
      { class: "way" },
      h("span", { class: `way-word tone-${bad ? "failed" : "succeeded"}`, "aria-hidden": "true" }, way.outcome),
      icon("arrow-right", "s"),
      select,
    );
  });
  return [section("Then go to", ...rows)];
}

function summary(form: Form): HTMLElement {
  const path = [form.payload, "Summary"];
  const items = form.list(path);
  const rows = items.map((_, i) =>
    h(
      "div",
      { class: "summary-row" },
      form.dynamicAt([...path, i], "Label", `Label ${i + 1}`, { quiet: true, placeholder: "Total" }),
      form.dynamicAt([...path, i], "Value", `Value ${i + 1}`, { quiet: true, placeholder: "$.total" }),
      iconButton("x", `Remove line ${i + 1}`, () => form.set(items.length === 1 ? path : [...path, i], undefined)),
    ),
  );
  const add = h(
    "button",
    {
      type: "button",
      class: "btn btn-ghost btn-s inspect-add",
      "data-field": `add:${path.join("/")}`,
      onclick: () =>
        form.set(
          [...path, items.length],
          form.jsonata ? { Label: "Label", Value: "" } : { Label: "Label", "Value.$": "$.value" },
        ),
    },
    icon("plus"),
    "Add line",
  );
  return section("What decides, shown in the inbox", ...rows, add);
}
