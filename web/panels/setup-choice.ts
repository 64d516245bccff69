// The rules of a choice.
import type { JsonPath } from "../doc/json";
import { renameKey, setField } from "../edit/fields";
import { addRule, moveListItem, removeListItem } from "../edit/lists";
import type { Json } from "../edit/refs";
import { h, icon, iconButton } from "./dom";
import { type Choice, jsonField, more, pathProblem, row, selectField, textField } from "./fields";
import { defaultField } from "./follow";
import type { Form } from "./form";

const relations: [string, string][] = [
  ["Equals", "is"],
  ["LessThan", "is less than"],
  ["LessThanEquals", "is at most"],
  ["GreaterThan", "is greater than"],
  ["GreaterThanEquals", "is at least"],
];

/** Every comparator with the words that people read. The Path forms are the same with "compare with: a field". */
export const comparators: readonly Choice[] = [
  ...["Numeric", "String", "Timestamp"].flatMap((kind) =>
    relations.map(([key, words]) => ({ value: kind + key, label: wordsFor(kind, words), group: groupOf(kind) })),
  ),
  { value: "StringMatches", label: "matches the pattern", group: "Text" },
  { value: "BooleanEquals", label: "is true or false", group: "True or false" },
  { value: "IsPresent", label: "is present", group: "Kind" },
  { value: "IsNull", label: "is null", group: "Kind" },
  { value: "IsNumeric", label: "is a number", group: "Kind" },
  { value: "IsString", label: "is text", group: "Kind" },
  { value: "IsBoolean", label: "is true or false (kind)", group: "Kind" },
  { value: "IsTimestamp", label: "is a time", group: "Kind" },
];

function groupOf(kind: string): string {
  return kind === "Numeric" ? "Number" : kind === "String" ? "Text" : "Time";
}

function wordsFor(kind: string, words: string): string {
  if (kind === "Timestamp")
    return words
      .replace("less than", "before")
      .replace("greater than", "after")
      .replace("at most", "at or before")
      .replace("at least", "at or after");
  return kind === "String" && words !== "is" ? `${words} (in the alphabet)` : words;
}

const known = new Set(
  comparators.flatMap((c) => (/^(Is|StringMatches)/.test(c.value) ? [c.value] : [c.value, `${c.value}Path`])),
);

export function comparatorOf(test: Json): string | undefined {
  return Object.keys(test).find((k) => known.has(k));
}

export function choiceSetup(form: Form): HTMLElement[] {
  const rules = form.list(["Choices"]);
  return [
    h("p", { class: "hint" }, "The first rule that holds is followed."),
    ...rules.map((rule, i) => ruleCard(form, isObject(rule) ? rule : {}, i, rules.length)),
    h(
      "button",
      {
        type: "button",
        class: "btn btn-ghost inspect-add",
        "data-field": "add:Choices",
        onclick: () => form.edit(() => addRule(form.doc, form.id)),
      },
      icon("plus"),
      "Add rule",
    ),
    defaultField(form),
  ];
}

function ruleCard(form: Form, rule: Json, i: number, count: number): HTMLElement {
  const path: JsonPath = ["Choices", i];
  const tools = h(
    "span",
    { class: "inspect-tools" },
    i > 0
      ? iconButton("arrow-up", `Move rule ${i + 1} up`, () =>
          form.edit(() => moveListItem(form.doc, form.id, "Choices", i, -1)),
        )
      : null,
    i < count - 1
      ? iconButton("arrow-down", `Move rule ${i + 1} down`, () =>
          form.edit(() => moveListItem(form.doc, form.id, "Choices", i, 1)),
        )
      : null,
    iconButton("trash-2", `Remove rule ${i + 1}`, () =>
      form.edit(() => removeListItem(form.doc, form.id, "Choices", i)),
    ),
  );
  return h(
    "fieldset",
    { class: "inspect-card" },
    h("legend", { class: "sr-only" }, `Rule ${i + 1}`),
    h(
      "div",
      { class: "inspect-card-head" },
      h("span", { class: "strong", "aria-hidden": "true" }, `Rule ${i + 1}`),
      tools,
    ),
    form.jsonata
      ? form.textAt([...path, "Condition"], "When", {
          long: true,
          mono: true,
          placeholder: "{% $states.input.total > 500 %}",
        })
      : testEditor(form, path, rule, 0),
    form.selectAt([...path, "Next"], "Go to", form.targets(true)),
    more(
      "Comment and variables",
      rule.Comment !== undefined || rule.Assign !== undefined || rule.Output !== undefined,
      form.textAt([...path, "Comment"], "Comment"),
      form.jsonAt([...path, "Assign"], "Variables to assign", { placeholder: '{ "name.$": "$.path" }' }),
      form.jsonata && form.jsonAt([...path, "Output"], "Output"),
    ),
  );
}

const modes: Choice[] = [
  { value: "test", label: "One test" },
  { value: "And", label: "All of these hold (And)" },
  { value: "Or", label: "Any of these holds (Or)" },
  { value: "Not", label: "This does not hold (Not)" },
];

/** The condition of a rule, as deep as it goes. */
function testEditor(form: Form, path: JsonPath, test: Json, depth: number): HTMLElement {
  const mode = "And" in test ? "And" : "Or" in test ? "Or" : "Not" in test ? "Not" : "test";
  const key = path.join("/");
  const kind = selectField(
    { key: `${key}/mode`, label: "When", value: mode, choices: modes, quiet: depth > 0 },
    (v) => {
      form.set(path, remodel(test, mode, v));
    },
  );
  const body: HTMLElement[] = [];
  if (mode === "And" || mode === "Or") {
    const items = Array.isArray(test[mode]) ? (test[mode] as unknown[]) : [];
    items.forEach((item, i) => {
      const remove =
        items.length > 1
          ? iconButton("x", `Remove test ${i + 1}`, () => form.set([...path, mode, i], undefined))
          : null;
      body.push(
        h(
          "div",
          { class: "inspect-nested" },
          testEditor(form, [...path, mode, i], isObject(item) ? item : {}, depth + 1),
          remove,
        ),
      );
    });
    body.push(
      h(
        "button",
        {
          type: "button",
          class: "btn btn-ghost btn-s inspect-add",
          "data-field": `add:${key}`,
          onclick: () => form.set([...path, mode], [...items, fresh()]),
        },
        icon("plus"),
        "Add test",
      ),
    );
  } else if (mode === "Not") {
    body.push(
      h(
        "div",
        { class: "inspect-nested" },
        testEditor(form, [...path, "Not"], isObject(test.Not) ? test.Not : {}, depth + 1),
      ),
    );
  } else {
    body.push(...compare(form, path, test));
  }
  return h("div", { class: "inspect-test" }, kind, ...body);
}

function fresh(): Json {
  return { Variable: "$.value", IsPresent: true };
}

/** A condition in another form, with what can be kept; Next and the like stay on the rule. */
export function remodel(test: Json, from: string, to: string): Json {
  const own = (k: string): boolean => ["Next", "Comment", "Assign", "Output"].includes(k);
  const rest = Object.fromEntries(Object.entries(test).filter(([k]) => own(k)));
  const inner = Object.fromEntries(Object.entries(test).filter(([k]) => !own(k)));
  const first = (): Json => {
    if (from === "test") return Object.keys(inner).length ? inner : fresh();
    const held = inner[from];
    const one: unknown = Array.isArray(held) ? held[0] : held;
    return isObject(one) ? one : fresh();
  };
  if (to === "test") return { ...first(), ...rest };
  if (to === "Not") return { Not: from === "And" || from === "Or" ? inner : first(), ...rest };
  const many = from === "And" || from === "Or" ? inner[from] : [first()];
  return { [to]: many, ...rest };
}

function compare(form: Form, path: JsonPath, test: Json): HTMLElement[] {
  const key = comparatorOf(test);
  const full = key ?? "";
  const base = full.replace(/Path$/, "");
  const byPath = full.endsWith("Path");
  const at = path.join("/");
  const variable = textField(
    {
      key: `${at}/Variable`,
      label: "Value at",
      mono: true,
      value: form.text([...path, "Variable"]),
      check: pathProblem,
      error: form.error(`${at}/Variable`),
      placeholder: "$.order.total",
    },
    (t) => form.type([...path, "Variable"], t),
  );
  const comparator = selectField(
    {
      key: `${at}/comparator`,
      label: "Compare",
      quiet: true,
      value: base,
      choices: comparators,
      error: key ? form.error(`${at}/${key}`) : undefined,
    },
    (v) => {
      form.edit(() => {
        const value = valueFor(v, test[full]);
        const rest = Object.fromEntries(Object.entries(test).filter(([k]) => k !== full));
        const order = Object.entries(rest);
        const after = order.findIndex(([k]) => k === "Variable") + 1;
        order.splice(after, 0, [v, value]);
        return setField(form.doc, form.id, path, Object.fromEntries(order));
      });
    },
  );
  if (/^Is/.test(base) || base === "BooleanEquals") {
    const choices = [
      { value: "true", label: "yes, true" },
      { value: "false", label: "no, false" },
    ];
    if (!byPath) {
      const value = selectField(
        { key: `${at}/${full}`, label: "Answer", quiet: true, value: String(test[full]), choices },
        (v) => form.set([...path, full], v === "true"),
      );
      return [variable, comparator, value];
    }
  }
  const withPath = base !== "StringMatches" && base !== "";
  const source = withPath
    ? selectField(
        {
          key: `${at}/source`,
          label: "Compare with",
          quiet: true,
          value: byPath ? "path" : "value",
          choices: [
            { value: "value", label: "this value" },
            { value: "path", label: "another field" },
          ],
        },
        (v) => form.edit(() => renameKey(form.doc, form.id, [...path, full], v === "path" ? `${base}Path` : base)),
      )
    : null;
  const other = operand(form, path, full, test[full]);
  return [variable, comparator, source ? row(source, other) : other];
}

function operand(form: Form, path: JsonPath, key: string, value: unknown): HTMLElement {
  const at = [...path, key].join("/");
  const common = { key: at, label: "Value", quiet: true, error: form.error(at) };
  if (key === "")
    return jsonField({ ...common, value: form.at(path), pending: form.pending }, (v) => form.type(path, v));
  if (key.endsWith("Path")) return form.pathAt([...path, key], "Other field", { quiet: true, placeholder: "$.limit" });
  if (key.startsWith("Numeric")) return form.numberAt([...path, key], "Value", { quiet: true, placeholder: "500" });
  const check = key.startsWith("Timestamp") ? timeProblem : undefined;
  return textField(
    {
      ...common,
      value: typeof value === "string" ? value : "",
      ...(check ? { check } : {}),
      placeholder: key.startsWith("Timestamp") ? "2026-12-24T18:00:00Z" : "",
    },
    (t) => form.type([...path, key], t),
  );
}

export function timeProblem(text: string): string | null {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text.trim())) return null;
  return "A time looks like 2026-12-24T18:00:00Z.";
}

/** A value that fits a comparator, as near to the old one as it can be. */
function valueFor(comparator: string, old: unknown): unknown {
  if (/^Is/.test(comparator) || comparator === "BooleanEquals") return typeof old === "boolean" ? old : true;
  if (comparator.startsWith("Numeric")) {
    const n = Number(old);
    return typeof old === "boolean" || Number.isNaN(n) ? 0 : n;
  }
  if (comparator.startsWith("Timestamp"))
    return typeof old === "string" && timeProblem(old) === null ? old : "2026-01-01T00:00:00Z";
  return typeof old === "boolean" ? "" : String(old ?? "");
}

function isObject(v: unknown): v is Json {
  return typeof v === "object" && v !== null && !Array.isArray(v);
}
