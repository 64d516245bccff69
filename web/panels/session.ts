// What the panels of one designer share: the document, what is selected, what
// is wrong, and one way to say things to the person.
import type { Graph, StateId, StateRec } from "../asl/model";
import { type Doc, type DocChange, StaleError } from "../doc/doc";
import { EditError } from "../edit/error";

export interface Problem {
  severity: "ERROR" | "WARNING";
  code: string;
  message: string;
  /** JSON pointer: /States/A/Next */
  location: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  state: string;
  field: string;
}

/** Who asks: whoever asked is not told to follow its own selection. */
export type Asker = "canvas" | "code" | "panel" | "edit";

export interface Notice {
  text: string;
  tone: "plain" | "failed" | "succeeded";
  action?: { label: string; run(): void };
}

interface Events {
  change: DocChange;
  select: { id: StateId | null; by: Asker; focus: boolean; reveal: boolean };
  problems: readonly Problem[];
  notice: Notice;
  /** A field of the inspector asked for: "Next", "Retry/0/ErrorEquals". */
  field: { id: StateId | null; field: string };
  /** Asks for the caret of the code editor. */
  caret: { offset: number };
}

export class Session {
  selected: StateId | null = null;
  problems: readonly Problem[] = [];
  #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  constructor(
    readonly name: string,
    readonly doc: Doc,
  ) {
    doc.on((change) => {
      if (this.selected !== null && !doc.graph?.states.has(this.selected)) this.select(null, "edit");
      this.#emit("change", change);
    });
  }

  get graph(): Graph | null {
    return this.doc.graph;
  }

  on<K extends keyof Events>(event: K, listen: (event: Events[K]) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(listen as (event: never) => void);
    return () => set.delete(listen as (event: never) => void);
  }

  select(id: StateId | null, by: Asker, opts: { focus?: boolean; reveal?: boolean } = {}): void {
    const known = id !== null && this.doc.graph?.states.has(id) ? id : null;
    if (known === this.selected && !opts.focus && !opts.reveal) return;
    if (known !== this.selected) this.doc.mark();
    this.selected = known;
    this.#emit("select", { id: known, by, focus: opts.focus ?? false, reveal: opts.reveal ?? by !== "canvas" });
  }

  setProblems(problems: readonly Problem[]): void {
    this.problems = problems;
    this.#emit("problems", problems);
  }

  get errorCount(): number {
    return this.problems.filter((p) => p.severity === "ERROR").length;
  }

  say(text: string, tone: Notice["tone"] = "plain", action?: Notice["action"]): void {
    this.#emit("notice", { text, tone, ...(action ? { action } : {}) });
  }

  /** Makes an edit; when it cannot be made, says why. */
  attempt<T>(edit: () => T): T | undefined {
    try {
      return edit();
    } catch (e) {
      if (e instanceof StaleError) {
        const at = this.doc.mistakes[0];
        this.say(e.message, "failed", { label: "Show the mistake", run: () => this.showCode(at?.offset ?? 0) });
      } else if (e instanceof EditError) {
        this.say(e.message, "failed");
      } else {
        throw e;
      }
      return undefined;
    }
  }

  /** The same for an edit that has no answer: says whether it was made. */
  make(edit: () => void): boolean {
    return (
      this.attempt(() => {
        edit();
        return true;
      }) ?? false
    );
  }

  showCode(offset: number): void {
    this.#emit("caret", { offset });
  }

  showField(id: StateId | null, field: string): void {
    this.#emit("field", { id, field });
  }

  #emit<K extends keyof Events>(event: K, detail: Events[K]): void {
    for (const listen of this.#listeners.get(event) ?? []) (listen as (event: Events[K]) => void)(detail);
  }
}

/** The field that a problem is about, as the inspector names fields: the pointer after the state's own. */
export function fieldOf(problem: Problem): string {
  const parts = problem.location.split("/").map((p) => p.replaceAll("~1", "/").replaceAll("~0", "~"));
  const at = problem.state === "" ? 0 : parts.lastIndexOf(problem.state);
  const rest = parts.slice(at + 1).join("/");
  return rest === "" ? problem.field : rest;
}

/** The innermost state around an offset of the text. */
export function stateAt(session: Session, offset: number): StateId | null {
  let best: StateRec | null = null;
  for (const state of session.graph?.states.values() ?? []) {
    const [from, to] = state.range;
    if (offset < from || offset > to) continue;
    if (!best || to - from < best.range[1] - best.range[0]) best = state;
  }
  return best?.id ?? null;
}
