// One showing of a state in the inspector: what the parts of the form read from
// and write to.
import type { Graph, StateId, StateRec } from "../asl/model";
import type { JsonPath } from "../doc/json";
import { isExpression, setDynamic, setField } from "../edit/fields";
import { blockOf, type Json, usesJSONata } from "../edit/refs";
import { type Choice, jsonField, numberField, pathProblem, selectField, textField } from "./fields";
import { fieldOf, type Session } from "./session";

type Extra = { hint?: string; placeholder?: string; required?: boolean; quiet?: boolean };

export class Form {
  readonly graph: Graph;
  readonly state: StateRec;
  readonly json: Json;
  readonly jsonata: boolean;
  /** The payload's field in this query language. */
  readonly payload: "Parameters" | "Arguments";

  constructor(
    readonly session: Session,
    readonly id: StateId,
    /** JSON fields whose text is not JSON yet, by key. */
    readonly pending: Map<string, string>,
    /** Runs an edit of a control: without drawing the form again, so that the caret stays. */
    readonly quietly: (edit: () => unknown) => void,
  ) {
    this.graph = session.graph!;
    this.state = this.graph.states.get(id)!;
    this.json = this.state.json;
    this.jsonata = usesJSONata(this.graph, id);
    this.payload = this.jsonata ? "Arguments" : "Parameters";
  }

  get doc(): Session["doc"] {
    return this.session.doc;
  }

  at(path: JsonPath): unknown {
    let value: unknown = this.json;
    for (const key of path) {
      if (typeof value !== "object" || value === null) return undefined;
      value = (value as Record<string | number, unknown>)[key];
    }
    return value;
  }

  text(path: JsonPath): string {
    const value = this.at(path);
    return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  }

  list(path: JsonPath): unknown[] {
    const value = this.at(path);
    return Array.isArray(value) ? value : [];
  }

  object(path: JsonPath): Json {
    const value = this.at(path);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
  }

  /** What the server says about a field. */
  error(key: string): string | undefined {
    return this.session.problems.find((p) => p.state === this.id && p.severity === "ERROR" && fieldOf(p) === key)
      ?.message;
  }

  /** Sets a value while it is typed; keystrokes join into one entry. */
  type(path: JsonPath, value: unknown): void {
    this.quietly(() => setField(this.doc, this.id, path, value, `${this.id}/${path.join("/")}`));
  }

  /** Makes an edit after which the form is drawn again. */
  edit(change: () => unknown): void {
    this.session.attempt(change);
  }

  set(path: JsonPath, value: unknown): void {
    this.edit(() => setField(this.doc, this.id, path, value));
  }

  textAt(
    path: JsonPath,
    label: string,
    o: Extra & { long?: boolean; mono?: boolean; list?: string; check?: (t: string) => string | null } = {},
  ): HTMLElement {
    const key = path.join("/");
    return textField({ ...o, key, label, value: this.text(path), error: this.error(key) }, (t) =>
      this.type(path, t === "" ? undefined : t),
    );
  }

  /** A path, or null where the field knows null. */
  pathAt(path: JsonPath, label: string, o: Extra = {}): HTMLElement {
    const key = path.join("/");
    const value = this.at(path);
    const shown = value === null ? "null" : this.text(path);
    return textField(
      { ...o, key, label, mono: true, value: shown, check: pathProblem, error: this.error(key) },
      (t) => {
        const text = t.trim();
        this.type(path, text === "" ? undefined : text === "null" ? null : text);
      },
    );
  }

  /** Words, or a path or function: written as `key` or as `key.$`. */
  dynamicAt(
    parent: JsonPath,
    key: string,
    label: string,
    o: Extra & { long?: boolean; mono?: boolean } = {},
  ): HTMLElement {
    const dynamic = this.at([...parent, `${key}.$`]);
    const value = typeof dynamic === "string" ? dynamic : this.text([...parent, key]);
    const name = [...parent, key].join("/");
    const root = textField(
      { ...o, key: name, label, value, error: this.error(name) ?? this.error(`${name}.$`) },
      (t) => {
        this.quietly(() => setDynamic(this.doc, this.id, parent, key, t, this.jsonata, `${this.id}/${name}`));
        mono(t);
      },
    );
    const control = root.querySelector(".input");
    const mono = (t: string): void =>
      void control?.classList.toggle("input-mono", o.mono === true || isExpression(t) || t.includes("{%"));
    mono(value);
    return root;
  }

  jsonAt(path: JsonPath, label: string, o: Extra & { rows?: number } = {}): HTMLElement {
    const key = path.join("/");
    return jsonField(
      { ...o, key, label, value: this.at(path), pending: this.pending, error: this.error(key), jsonata: this.jsonata },
      (v) => this.type(path, v),
    );
  }

  numberAt(
    path: JsonPath,
    label: string,
    o: Extra & { min?: number; max?: number; whole?: boolean } = {},
  ): HTMLElement {
    const key = path.join("/");
    return numberField({ ...o, key, label, value: this.at(path), error: this.error(key) }, (v) => this.type(path, v));
  }

  selectAt(path: JsonPath, label: string, choices: readonly Choice[], o: Extra = {}): HTMLElement {
    const key = path.join("/");
    return selectField({ ...o, key, label, choices, value: this.text(path), error: this.error(key) }, (v) =>
      this.set(path, v === "" ? undefined : v),
    );
  }

  /** The states that a reference of this state may name. */
  targets(self = false): Choice[] {
    return blockOf(this.graph, this.id)
      .states.filter((s) => self || s !== this.id)
      .map((s) => ({ value: s, label: s }));
  }
}
