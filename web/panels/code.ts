// The code beside the picture: both show the same text, both may change it.
import type { StateId } from "../asl/model";
import { styleOf } from "../doc/json";
import type { CodeEditor, CodeHooks } from "./codemirror";
import type { Completer } from "./complete";
import { h, iconButton } from "./dom";
import { positionOf } from "./problems";
import { type Session, stateAt } from "./session";

export interface CodeActions {
  undo(): void;
  redo(): void;
  leave(): void;
  close(): void;
  open(): void;
}

export class CodePanel {
  #editor: CodeEditor | null = null;
  #loading: Promise<CodeEditor> | null = null;
  #mount = h("div", { class: "code-mount" });

  constructor(
    readonly host: HTMLElement,
    readonly session: Session,
    readonly actions: CodeActions,
    readonly completer: Completer,
  ) {
    host.classList.add("code-panel");
    host.replaceChildren(
      h(
        "header",
        { class: "code-head" },
        h("h2", { class: "label" }, "Definition"),
        h(
          "span",
          { class: "row" },
          iconButton("wand-sparkles", "Format", () => this.#format()),
          iconButton("copy", "Copy all", () => this.#copy()),
          iconButton("x", "Close the code", () => actions.close()),
        ),
      ),
      this.#mount,
    );
    session.on("change", ({ origin, patches }) => {
      if (origin !== "code") this.#editor?.patch(patches);
      this.#mark();
      this.#tint();
    });
    session.on("select", ({ id, by }) => {
      this.#tint();
      if (by !== "code") this.#toState(id);
    });
    session.on("problems", () => this.#mark());
    session.on("caret", ({ offset }) => {
      actions.open();
      void this.load().then((editor) => editor.caret(offset, true));
    });
  }

  get focused(): boolean {
    return this.#editor?.focused ?? false;
  }

  /** Loads the editor when it is wanted first. */
  load(): Promise<CodeEditor> {
    this.#loading ??= import("./codemirror").then(({ createEditor }) => {
      const text = this.session.doc.text;
      this.#editor = createEditor(this.#mount, text, styleOf(text).indent, this.#hooks());
      this.#mark();
      this.#tint();
      this.#toState(this.session.selected);
      return this.#editor;
    });
    return this.#loading;
  }

  focus(): void {
    void this.load().then((editor) => editor.focus());
  }

  #hooks(): CodeHooks {
    return {
      edit: (edits) => this.session.doc.type(edits),
      caret: (offset) => {
        if (this.session.doc.stale) return;
        this.session.select(stateAt(this.session, offset), "code");
      },
      undo: () => this.actions.undo(),
      redo: () => this.actions.redo(),
      leave: () => this.actions.leave(),
      complete: (line, column, offset) => this.completer.at(line, column, offset),
    };
  }

  #toState(id: StateId | null): void {
    const state = id === null ? undefined : this.session.graph?.states.get(id);
    if (!state || this.session.doc.stale || this.#editor?.focused) return;
    this.#editor?.caret(state.range[0] + 1, false);
  }

  #tint(): void {
    if (this.session.doc.stale) return;
    const id = this.session.selected;
    const state = id === null ? undefined : this.session.graph?.states.get(id);
    this.#editor?.tint(state?.range ?? null, state?.tone ?? "task");
  }

  #mark(): void {
    const { doc, problems } = this.session;
    const broken = doc.stale
      ? doc.mistakes.map((m) => {
          const from = positionOf(doc.text, m.offset);
          const to = positionOf(doc.text, m.offset + Math.max(1, m.length));
          return {
            line: from.line,
            column: from.column,
            endLine: to.line,
            endColumn: to.column,
            severity: "error" as const,
            message: m.message,
          };
        })
      : problems.map((p) => ({ ...p, severity: p.severity === "ERROR" ? ("error" as const) : ("warning" as const) }));
    this.#editor?.marks(broken);
  }

  #format(): void {
    const { doc } = this.session;
    this.session.attempt(() => {
      if (doc.stale)
        return this.session.say("The code has a mistake, so it cannot be formatted yet. Mend it first.", "failed");
      doc.replace(`${formatted(doc.text)}\n`, "Format code");
    });
  }

  #copy(): void {
    navigator.clipboard?.writeText(this.session.doc.text).then(
      () => this.session.say("The definition is on the clipboard.", "succeeded"),
      () => this.session.say("The browser does not let this page copy. Select the code and copy it.", "failed"),
    );
  }
}

/** Laid out anew with two spaces; numbers and strings stay as they are written. */
export function formatted(text: string): string {
  let out = "";
  let depth = 0;
  const line = (): string => `\n${"  ".repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  tokens.forEach((t, i) => {
    const next = tokens[i + 1];
    if (t === "{" || t === "[") {
      out += t;
      depth++;
      if (next !== "}" && next !== "]") out += line();
    } else if (t === "}" || t === "]") {
      depth--;
      const before = tokens[i - 1];
      out += before === "{" || before === "[" ? t : line() + t;
    } else if (t === ",") out += t + line();
    else if (t === ":") out += ": ";
    else out += t;
  });
  return out;
}
