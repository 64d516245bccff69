// What can be typed at the caret of the code: names of states and of fields from here, JSONata from the server.
import type { Api, Completion, Option } from "../api";
import { fieldsOf } from "../asl/fields";
import { type StateRec, stateTypes } from "../asl/model";
import { usesJSONata } from "../edit/refs";
import { type Session, stateAt } from "./session";

/** A JSON string around a column of a line, without its quotes. */
export interface Spot {
  from: number;
  /** The property whose value it is, when that stands in the line; null for a name of a property, or an item. */
  key: string | null;
  /** Whether it is a name of a property, or may become one. */
  name: boolean;
  raw: string;
}

/** The string that a column of a line is in. JSON strings do not go over lines. */
export function spotAt(line: string, column: number): Spot | null {
  const string = /"((?:[^"\\]|\\.)*)("|$)/g;
  for (let m = string.exec(line); m !== null; m = string.exec(line)) {
    const from = m.index + 1;
    const raw = m[1] ?? "";
    if (column < from) return null;
    if (column <= from + raw.length) {
      const key = /"((?:[^"\\]|\\.)*)"\s*:\s*$/.exec(line.slice(0, m.index))?.[1] ?? null;
      const after = line.slice(string.lastIndex);
      return {
        from,
        key,
        name: key === null && (/^\s*:/.test(after) || /^[\s{]*$|,\s*$/.test(line.slice(0, m.index))),
        raw,
      };
    }
    if (m[0].length === 0) string.lastIndex++;
  }
  return null;
}

/** The text of a JSON string, and where each of its units begins in what is written. */
export function unescaped(raw: string): { text: string; at: number[] } {
  let text = "";
  const at: number[] = [];
  const part = /\\u[0-9a-fA-F]{4}|\\.|[^\\]|\\$/gs;
  for (const m of raw.matchAll(part)) {
    at.push(m.index);
    text += m[0].length === 1 ? m[0] : (JSON.parse(`"${known(m[0])}"`) as string);
  }
  at.push(raw.length);
  return { text, at };
}

const known = (pair: string): string => (/^\\(u|["\\/bfnrt])/.test(pair) ? pair : "?");

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

export class Completer {
  constructor(
    readonly session: Session,
    readonly api: Pick<Api, "complete">,
  ) {}

  /** What can be typed at a column of a line, which stands at `offset` of the text; null for nothing. */
  async at(line: string, column: number, offset: number): Promise<Completion | null> {
    const spot = spotAt(line, column);
    if (spot === null) return null;
    const id = stateAt(this.session, offset);
    const state = id === null ? undefined : this.session.graph?.states.get(id);
    const { text, at } = unescaped(spot.raw);
    if (/^\{%/.test(text)) {
      const caret = at.findIndex((a) => a >= column - spot.from);
      return this.#expression(state, text, caret, offset, (unit) => spot.from + (at[unit] ?? 0));
    }
    const names = spot.name ? this.#fields(state, spot, offset) : this.#values(state, spot.key);
    return names.length === 0 ? null : { from: spot.from, options: names };
  }

  #fields(state: StateRec | undefined, spot: Spot, position: number): Option[] {
    if (state === undefined || depth(this.session.doc.text.slice(state.range[0], position)) !== 1) return [];
    const fields = fieldsOf(state.type, this.#jsonata(state));
    return fields
      .filter((f) => f === spot.raw || !(f in state.json))
      .map((f) => option(f, "field", state.type === "Unknown" ? "" : `of ${state.type}`));
  }

  #values(state: StateRec | undefined, key: string | null): Option[] {
    if (key === "Type") return stateTypes.map((t) => option(t, "word", "type of a state"));
    if (key === "QueryLanguage") return ["JSONPath", "JSONata"].map((t) => option(t, "word", ""));
    if (key !== "Next" && key !== "Default" && key !== "StartAt") return [];
    const { graph } = this.session;
    const block = graph?.blocks.get(state?.block ?? "");
    return (block?.states ?? []).flatMap((s) => {
      const other = graph?.states.get(s);
      return other === undefined || (other === state && key !== "StartAt")
        ? []
        : [option(other.name, "word", other.meaning)];
    });
  }

  async #expression(
    state: StateRec | undefined,
    expression: string,
    offset: number,
    position: number,
    column: (unit: number) => number,
  ): Promise<Completion | null> {
    const answer = await this.api.complete({
      state: state?.name ?? "",
      expression,
      offset,
      members: this.#members(state, position),
      variables: variablesOf(this.session.graph?.json),
    });
    if (answer === null || answer.options.length === 0) return null;
    const options = answer.options.map((o) => ({ ...o, apply: escaped(o.apply) }));
    return { from: column(answer.from), options };
  }

  /** What $states has at a place of a state. */
  #members(state: StateRec | undefined, position: number): string[] {
    const members = ["input", "context"];
    if (state === undefined) return members;
    if (["Task", "Parallel", "Map"].includes(state.type)) members.push("result");
    const before = this.session.doc.text.slice(state.range[0], position);
    if (before.includes('"Catch"')) members.push("errorOutput");
    return members;
  }

  #jsonata(state: StateRec): boolean {
    const { graph } = this.session;
    return graph !== null && usesJSONata(graph, state.id);
  }
}

/** How many objects and lists are open at the end of a part of a definition. */
function depth(part: string): number {
  const marks = part.replaceAll(/"(?:[^"\\\n]|\\.)*("|$)/gm, "").match(/[{}[\]]/g) ?? [];
  return marks.reduce((n, mark) => n + (mark === "{" || mark === "[" ? 1 : -1), 0);
}

function option(label: string, kind: string, detail: string): Option {
  return { label, apply: escaped(label), kind, detail, help: "" };
}

/** The names of all variables that a definition assigns. */
export function variablesOf(json: unknown): string[] {
  const names = new Set<string>();
  const walk = (v: unknown): void => {
    if (Array.isArray(v)) for (const item of v) walk(item);
    else if (typeof v === "object" && v !== null)
      for (const [key, inner] of Object.entries(v)) {
        if (key === "Assign" && typeof inner === "object" && inner !== null)
          for (const name of Object.keys(inner)) names.add(name.replace(/\.\$$/, ""));
        else walk(inner);
      }
  };
  walk(json);
  return [...names].sort();
}
