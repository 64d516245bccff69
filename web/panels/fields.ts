// Controls of the inspector. Each one shows a value, says what is wrong with
// what was typed and what to do, and hands a good value to its `commit`.
import { freshId, h, icon } from "./dom";

export interface FieldOptions {
  /** The path of the value inside the state, joined by "/": problems find their control by it. */
  key: string;
  label: string;
  hint?: string | undefined;
  placeholder?: string | undefined;
  mono?: boolean | undefined;
  /** What the server says about this value. */
  error?: string | undefined;
  /** The label is for screen readers only. */
  quiet?: boolean | undefined;
  required?: boolean | undefined;
}

export interface Choice {
  value: string;
  label: string;
  group?: string;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A label, a control, a hint and a place for its error, wired for screen readers. */
export function field(o: FieldOptions, control: Control): HTMLElement {
  const id = freshId("field");
  control.id = id;
  control.dataset.field = o.key;
  const hint = o.hint ? h("p", { class: "hint", id: `${id}-hint` }, o.hint) : null;
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const described = [hint?.id, error.id].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", described);
  const label = h(
    "label",
    { for: id, class: o.quiet ? "sr-only" : "label" },
    o.label,
    o.required ? h("span", { class: "required" }, " required") : null,
  );
  const root = h("div", { class: "field", "data-field-root": o.key }, label, control, hint, error);
  setError(control, o.error ?? null);
  return root;
}

/** Shows or takes away the message at a control. */
export function setError(control: Element, message: string | null): void {
  const error = control.closest(".field")?.querySelector<HTMLElement>(".error");
  if (!error) return;
  error.hidden = message === null;
  error.replaceChildren(...(message === null ? [] : [icon("circle-alert"), h("span", null, message)]));
  if (message === null) control.removeAttribute("aria-invalid");
  else control.setAttribute("aria-invalid", "true");
}

/** One line of text. `check` says what is wrong; a wrong text is shown as wrong and, unless `strict`, kept. */
export function textField(
  o: FieldOptions & {
    value: string;
    check?: (text: string) => string | null;
    strict?: boolean;
    on?: "input" | "change";
    list?: string | undefined;
    long?: boolean;
  },
  commit: (text: string) => void,
): HTMLElement {
  const attributes = {
    class: `input${o.mono ? " input-mono" : ""}`,
    placeholder: o.placeholder,
    autocomplete: "off",
    spellcheck: o.long && !o.mono ? "true" : "false",
    list: o.list,
  };
  const control = o.long ? h("textarea", { ...attributes, rows: 2 }) : h("input", { ...attributes, type: "text" });
  control.value = o.value;
  control.addEventListener(o.on ?? "input", () => {
    const problem = o.check?.(control.value) ?? null;
    setError(control, problem);
    if (problem === null || !o.strict) commit(control.value);
  });
  return field(o, control);
}

/** A number; empty takes the field away. */
export function numberField(
  o: FieldOptions & { value: unknown; min?: number; max?: number; whole?: boolean },
  commit: (n: number | undefined) => void,
): HTMLElement {
  const value = o.value === undefined ? "" : typeof o.value === "number" ? String(o.value) : JSON.stringify(o.value);
  const root = textField({ ...o, value, strict: true, check: (t) => numberProblem(t, o) }, (t) =>
    commit(t.trim() === "" ? undefined : Number(t)),
  );
  root.querySelector("input")?.setAttribute("inputmode", o.whole ? "numeric" : "decimal");
  return root;
}

export function numberProblem(text: string, o: { min?: number; max?: number; whole?: boolean }): string | null {
  if (text.trim() === "") return null;
  const n = Number(text);
  const kind = o.whole ? "a whole number" : "a number";
  if (Number.isNaN(n)) return `“${text}” is not a number. Type ${kind}.`;
  if (o.whole && !Number.isInteger(n)) return `${text} is not whole. Type a number without a fraction.`;
  if (o.min !== undefined && n < o.min) return `${text} is too small. Type ${kind} from ${o.min}.`;
  if (o.max !== undefined && n > o.max) return `${text} is too large. Type ${kind} up to ${o.max}.`;
  return null;
}

export function selectField(
  o: FieldOptions & { value: string; choices: readonly Choice[] },
  commit: (value: string) => void,
): HTMLElement {
  const control = h("select", { class: "input" });
  const groups = new Map<string, HTMLElement>();
  const known = o.choices.some((c) => c.value === o.value);
  const choices = known
    ? o.choices
    : [{ value: o.value, label: o.value === "" ? "Choose one" : `${o.value} (not there)` }, ...o.choices];
  for (const c of choices) {
    const option = h("option", { value: c.value }, c.label);
    if (c.group === undefined) {
      control.append(option);
      continue;
    }
    const group = groups.get(c.group) ?? h("optgroup", { label: c.group });
    if (!groups.has(c.group)) control.append(group);
    groups.set(c.group, group);
    group.append(option);
  }
  control.value = o.value;
  control.addEventListener("change", () => commit(control.value));
  return field(o, control);
}

export function checkField(
  o: { key: string; label: string; value: boolean },
  commit: (on: boolean) => void,
): HTMLElement {
  const box = h("input", { type: "checkbox", "data-field": o.key });
  box.checked = o.value;
  box.addEventListener("change", () => commit(box.checked));
  return h("label", { class: "check" }, box, h("span", null, o.label));
}

/** JSON as text. What is not JSON (yet) is kept in the control, and says where it went wrong. */
export function jsonField(
  o: FieldOptions & { value: unknown; pending?: Map<string, string>; rows?: number; jsonata?: boolean },
  commit: (value: unknown) => void,
): HTMLElement {
  // In a JSONata state a value that is one expression needs no quotes.
  const read = (text: string): Parsed =>
    o.jsonata === true && isExpression(text.trim()) ? { value: text.trim(), problem: null } : parseJSON(text);
  const shown = (value: unknown): string =>
    o.jsonata === true && typeof value === "string" && isExpression(value) ? value : JSON.stringify(value, null, 2);
  const control = h("textarea", {
    class: "input input-mono",
    spellcheck: "false",
    autocomplete: "off",
    rows: o.rows ?? 1,
    placeholder: o.placeholder,
  });
  const waiting = o.pending?.get(o.key);
  control.value = waiting ?? (o.value === undefined ? "" : shown(o.value));
  control.addEventListener("input", () => {
    const text = control.value;
    if (text.trim() === "") {
      o.pending?.delete(o.key);
      setError(control, null);
      commit(undefined);
      return;
    }
    const parsed = read(text);
    setError(control, parsed.problem);
    if (parsed.problem !== null) {
      o.pending?.set(o.key, text);
      return;
    }
    o.pending?.delete(o.key);
    commit(parsed.value);
  });
  const root = field(o, control);
  if (waiting !== undefined) setError(control, read(waiting).problem);
  return root;
}

/** {% … %}: one JSONata expression, and never JSON by itself. */
function isExpression(text: string): boolean {
  return text.length >= 4 && text.startsWith("{%") && text.endsWith("%}");
}

export type Parsed = { value: unknown; problem: null } | { value: undefined; problem: string; offset: number };

/** Parses JSON and says in words, with line and column, what is wrong. */
export function parseJSON(text: string): Parsed {
  try {
    return { value: JSON.parse(text), problem: null };
  } catch (e) {
    const message = e instanceof Error ? e.message : "";
    const found = /position (\d+)/.exec(message);
    const offset = found ? Number(found[1]) : text.trimEnd().length;
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    const column = offset - before.lastIndexOf("\n");
    const near = text
      .slice(offset, offset + 12)
      .split("\n")[0]
      ?.trim();
    const what = near ? `“${near}” is not expected there` : "it ends too early";
    return { value: undefined, offset, problem: `Not JSON yet: line ${line}, column ${column}: ${what}.` };
  }
}

/** A list of words as removable chips, with a field that adds one. */
export function wordsField(
  o: FieldOptions & {
    value: readonly string[];
    add: string;
    tone?: (word: string) => string;
    suggestions?: readonly string[];
  },
  commit: (words: string[]) => void,
): HTMLElement {
  const id = freshId("words");
  const list = o.suggestions
    ? h(
        "datalist",
        { id: `${id}-list` },
        o.suggestions.map((s) => h("option", { value: s })),
      )
    : null;
  const input = h("input", {
    class: "words-input",
    type: "text",
    placeholder: o.add,
    "aria-label": o.add.replace(/^\+ /, "Add "),
    id,
    "data-field": o.key,
    autocomplete: "off",
    spellcheck: "false",
    list: list?.id,
    size: Math.max(8, o.add.length),
  });
  const take = (): boolean => {
    const words = input.value
      .split(",")
      .map((w) => w.trim())
      .filter((w) => w !== "" && !o.value.includes(w));
    input.value = "";
    if (words.length === 0) return false;
    commit([...o.value, ...words]);
    return true;
  };
  input.addEventListener("keydown", (e) => {
    if (e.key === "Enter" || e.key === ",") {
      if (take() || e.key === ",") e.preventDefault();
    } else if (e.key === "Backspace" && input.value === "" && o.value.length > 0) {
      commit(o.value.slice(0, -1));
    }
  });
  input.addEventListener("change", take);
  const chips = o.value.map((word, i) =>
    h(
      "span",
      { class: `badge words-chip tone-${o.tone?.(word) ?? "idle"}` },
      word,
      h(
        "button",
        {
          type: "button",
          class: "words-remove",
          "aria-label": `Remove ${word}`,
          onclick: () => commit(o.value.filter((_, j) => j !== i)),
        },
        icon("x", "s"),
      ),
    ),
  );
  const error = h("p", { class: "error", hidden: true });
  const root = h(
    "div",
    { class: "field", role: "group", "aria-label": o.label, "data-field-root": o.key },
    h("label", { class: o.quiet ? "sr-only" : "label", for: id }, o.label),
    h("div", { class: "words" }, chips, input),
    list,
    o.hint ? h("p", { class: "hint" }, o.hint) : null,
    error,
  );
  setError(input, o.error ?? null);
  return root;
}

/** Several fields beside each other. */
export function row(...fields: (HTMLElement | null)[]): HTMLElement {
  return h("div", { class: "inspect-row" }, fields);
}

/** A titled part of the inspector. */
export function section(title: string, ...body: (HTMLElement | null | false)[]): HTMLElement {
  return h("section", { class: "inspect-section" }, h("h3", { class: "label" }, title), body);
}

/** What few people need, behind a word. */
export function more(title: string, open: boolean, ...body: (HTMLElement | null | false)[]): HTMLElement {
  return h(
    "details",
    { class: "inspect-more", open },
    h("summary", null, icon("chevron-right", "s"), title),
    h("div", { class: "inspect-more-body" }, body),
  );
}

export function pathProblem(text: string): string | null {
  const t = text.trim();
  if (t === "" || t === "null" || t.startsWith("$")) return null;
  return "A path begins with $, such as $.order.total. $ alone is everything.";
}
