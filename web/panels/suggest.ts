// The list of what can be typed, beside the caret of the code editor.
import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { EditorState, Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { Completion } from "../api";

type Ask = (line: string, column: number, pos: number, state: EditorState) => Promise<Completion | null>;

/** The kinds of options, as the editor draws them. */
const kinds: Record<string, string> = {
  function: "function",
  variable: "variable",
  field: "property",
  word: "constant",
};

export function suggestions(ask: Ask): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const line = context.state.doc.lineAt(context.pos);
    const column = context.pos - line.from;
    if (!context.explicit && !/[\w$.`"]/.test(line.text.charAt(column - 1))) return null;
    const found = await ask(line.text, column, context.pos, context.state);
    if (found === null || context.aborted) return null;
    return {
      from: line.from + found.from,
      options: found.options.map((o) => ({
        label: o.label,
        apply: o.apply,
        type: kinds[o.kind] ?? "text",
        detail: o.detail.startsWith(o.label) ? o.detail.slice(o.label.length) : ` ${o.detail}`, // how it is called, or what it is
        ...(o.help === "" ? {} : { info: o.help }),
      })),
      validFor: /^[$\w]*$/,
    };
  };
  // Options are offered inside of strings alone, where Enter can mean nothing else: it need not wait.
  return autocompletion({
    override: [source],
    icons: false,
    maxRenderedOptions: 60,
    interactionDelay: 0,
    positionInfo: (_view, list, option, info, space) => placeHelp(list, option, info, space),
  });
}

/** A rectangle on the screen, in pixels. */
interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The line of help stands beside its option, and where a narrow window has no room for that, after the list: never on other options. */
export function placeHelp(list: Box, option: Box, info: Box, space: Box): { style: string; class: string } {
  const [width, height] = [info.right - info.left, info.bottom - info.top];
  const beside = Math.max(space.top, Math.min(option.top, space.bottom - height)) - list.top;
  if (width <= space.right - list.right) return { style: `top: ${beside}px`, class: "cm-completionInfo-right" };
  if (width <= list.left - space.left) return { style: `top: ${beside}px`, class: "cm-completionInfo-left" };
  const side = list.bottom + height <= space.bottom ? "top" : "bottom";
  const most = Math.floor(space.right - list.left);
  return {
    style: `${side}: ${list.bottom - list.top}px; left: 0; max-width: ${most}px`,
    class: "cm-completionInfo-after",
  };
}

export const suggestionsLook = EditorView.theme({
  ".cm-tooltip.cm-tooltip-autocomplete": { overflow: "visible" }, // the line of help stands beside it
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "min(232px, 26vh)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 10px", lineHeight: "18px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--text)" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)", fontWeight: "600" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--muted)", marginLeft: "0.2em" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 12px", fontFamily: "var(--font)", maxWidth: "300px" },
});
