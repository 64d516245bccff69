// The code editor itself, loaded when the code is opened first.
//
// CodeMirror writes its styles into a <style> element, which our content policy
// forbids, unless its root is a shadow root: then it adopts a style sheet, which
// is allowed. So the editor lives in a shadow root; our tokens reach into it.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorSelection, EditorState, type Range, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Completion } from "../api";
import type { Patch } from "../doc/doc";
import type { Edit } from "../doc/json";
import { suggestions, suggestionsLook } from "./suggest";

export interface CodeMark {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: "error" | "warning";
  message: string;
}

export interface CodeHooks {
  edit(edits: Edit[]): void;
  caret(offset: number): void;
  undo(): void;
  redo(): void;
  leave(): void;
  /** What can be typed at a column of a line, which stands at an offset of the text. */
  complete(line: string, column: number, offset: number): Promise<Completion | null>;
}

export interface CodeEditor {
  patch(patches: readonly Patch[]): void;
  tint(range: readonly [number, number] | null, tone: string): void;
  marks(marks: readonly CodeMark[]): void;
  caret(offset: number, focus: boolean): void;
  focus(): void;
  readonly focused: boolean;
}

const external = Annotation.define<boolean>();
const setTint = StateEffect.define<{ from: number; to: number; tone: string } | null>();

const tintField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    let now = set.map(tr.changes);
    for (const effect of tr.effects) {
      if (!effect.is(setTint)) continue;
      now = Decoration.none;
      const v = effect.value;
      if (v === null) continue;
      const lines: Range<Decoration>[] = [];
      const last = tr.state.doc.lineAt(Math.min(v.to, tr.state.doc.length)).number;
      for (let n = tr.state.doc.lineAt(Math.min(v.from, tr.state.doc.length)).number; n <= last; n++) {
        lines.push(Decoration.line({ class: `cm-tint cm-tint-${v.tone}` }).range(tr.state.doc.line(n).from));
      }
      now = Decoration.set(lines);
    }
    return now;
  },
  provide: (f) => EditorView.decorations.from(f),
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--text)" },
  { tag: tags.string, color: "var(--succeeded)" },
  { tag: tags.number, color: "var(--caught)" },
  { tag: [tags.bool, tags.null], color: "var(--waiting)" },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: "var(--muted)" },
  { tag: tags.invalid, color: "var(--failed)" },
]);

const tones = ["task", "human", "choice", "parallel", "map", "wait", "pass", "succeed", "fail"];
const soft: Record<string, string> = {
  human: "--waiting-soft",
  choice: "--caught-soft",
  succeed: "--succeeded-soft",
  fail: "--failed-soft",
  wait: "--idle-soft",
  pass: "--idle-soft",
};

const look = EditorView.theme({
  "&": { height: "100%", fontSize: "12.5px", backgroundColor: "var(--surface)", color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    lineHeight: "19px",
    overscrollBehavior: "contain",
    fontFeatureSettings: '"zero" 0, "calt" 0',
  },
  ".cm-content": { padding: "4px 0 40px", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 12px 0 4px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 4px 0 2px", minWidth: "28px" },
  ".cm-foldGutter .cm-gutterElement": { padding: "0 2px", color: "var(--muted)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent) 24%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--failed-soft)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunken)", border: "1px solid var(--line)", color: "var(--muted)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-panels input, .cm-panels button": {
    font: "inherit",
    color: "inherit",
    backgroundColor: "var(--surface)",
    backgroundImage: "none",
    border: "1px solid var(--control)",
    borderRadius: "6px",
    padding: "3px 8px",
  },
  ".cm-searchMatch": { backgroundColor: "var(--caught-soft)", outline: "1px solid var(--caught)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in oklab, var(--caught) 30%, transparent)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
    boxShadow: "var(--shadow-pop)",
    overflow: "hidden",
    maxWidth: "420px",
  },
  ".cm-diagnostic": { padding: "6px 10px", fontFamily: "var(--font)", fontSize: "12.5px", lineHeight: "18px" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--failed)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--caught)" },
  // The editor draws these with pictures in data: addresses, which our content policy forbids.
  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--failed)", textDecorationSkipInk: "none" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--caught)", textDecorationSkipInk: "none" },
  ".cm-gutter-lint": { width: "10px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": {
    content: "normal !important",
    width: "8px",
    height: "8px",
    borderRadius: "50%",
    margin: "6px 0 0 3px",
  },
  ".cm-lint-marker-error": { backgroundColor: "var(--failed)" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--caught)" },
  ...Object.fromEntries(
    tones.map((t) => [`.cm-tint-${t}`, { backgroundColor: `var(${soft[t] ?? "--running-soft"})` }]),
  ),
});

export function createEditor(host: HTMLElement, text: string, indent: string, hooks: CodeHooks): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const crlf = text.includes("\r\n");
  // With \r\n the editor counts one character for each line end, and the document two.
  const toDoc = (state: EditorState, pos: number): number => (crlf ? pos + state.doc.lineAt(pos).number - 1 : pos);
  const fromDoc = (full: string, offset: number): number =>
    crlf ? full.slice(0, offset).replaceAll("\r\n", "\n").length : offset;
  let mirror = text;
  const done = (run: () => void) => (): boolean => {
    run();
    return true;
  };

  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lintGutter(),
        lineNumbers(),
        foldGutter(),
        highlightSpecialChars(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        indentUnit.of(indent),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        search({ top: true }),
        json(),
        syntaxHighlighting(colours),
        tintField,
        suggestions((line, column, pos, state) => hooks.complete(line, column, toDoc(state, pos))),
        look,
        suggestionsLook,
        EditorView.contentAttributes.of({ "aria-label": "Definition as code", spellcheck: "false", tabindex: "0" }),
        keymap.of([
          { key: "Mod-z", run: done(hooks.undo), preventDefault: true },
          { key: "Mod-Shift-z", run: done(hooks.redo), preventDefault: true },
          { key: "Mod-y", run: done(hooks.redo), preventDefault: true },
          ...completionKeymap,
          ...closeBracketsKeymap,
          ...searchKeymap,
          ...foldKeymap,
          ...lintKeymap.filter((k) => k.key !== "F8"),
          { key: "Escape", run: done(hooks.leave) },
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.transactions.some((tr) => tr.annotation(external))) return;
          if (update.docChanged) {
            const edits: Edit[] = [];
            update.changes.iterChanges((from, to, _a, _b, inserted) => {
              const insert = inserted.toString();
              edits.push({
                from: toDoc(update.startState, from),
                to: toDoc(update.startState, to),
                insert: crlf ? insert.replaceAll("\n", "\r\n") : insert,
              });
            });
            mirror = crlf ? update.state.doc.toString().replaceAll("\n", "\r\n") : update.state.doc.toString();
            hooks.edit(edits);
          }
          if (update.selectionSet && !update.docChanged)
            hooks.caret(toDoc(update.state, update.state.selection.main.head));
        }),
      ],
    }),
  });

  return {
    patch(patches) {
      for (const p of patches) {
        const from = fromDoc(mirror, p.at);
        const to = fromDoc(mirror, p.at + p.removed.length);
        const insert = p.inserted.replaceAll("\r\n", "\n");
        mirror = mirror.slice(0, p.at) + p.inserted + mirror.slice(p.at + p.removed.length);
        view.dispatch({ changes: { from, to, insert }, annotations: external.of(true) });
      }
    },
    tint(range, tone) {
      const value = range === null ? null : { from: fromDoc(mirror, range[0]), to: fromDoc(mirror, range[1]), tone };
      view.dispatch({ effects: setTint.of(value), annotations: external.of(true) });
    },
    marks(marks) {
      const doc = view.state.doc;
      const at = (line: number, column: number): number => {
        const l = doc.line(Math.min(Math.max(1, line), doc.lines));
        return Math.min(l.to, l.from + Math.max(0, column - 1));
      };
      const found: Diagnostic[] = marks.map((m) => {
        const from = at(m.line, m.column);
        return {
          from,
          to: Math.max(from, at(m.endLine || m.line, m.endColumn || m.column)),
          severity: m.severity,
          message: m.message,
        };
      });
      view.dispatch({ ...setDiagnostics(view.state, found), annotations: external.of(true) });
    },
    caret(offset, focus) {
      const pos = Math.min(fromDoc(mirror, offset), view.state.doc.length);
      view.dispatch({
        selection: EditorSelection.cursor(pos),
        effects: EditorView.scrollIntoView(pos, { y: focus ? "center" : "start", yMargin: 96 }),
        annotations: external.of(true),
      });
      if (focus) view.focus();
      else
        view.requestMeasure({
          read: () => undefined,
          write: () => {
            view.scrollDOM.scrollLeft = 0;
          },
        });
    },
    focus: () => view.focus(),
    get focused() {
      return view.hasFocus;
    },
  };
}
