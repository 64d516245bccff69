// Settings of the whole machine: the inspector when nothing is selected.
import { setMachineField } from "../edit/fields";
import type { Json } from "../edit/refs";
import { h } from "./dom";
import { numberField, selectField, textField } from "./fields";
import type { Session } from "./session";
import { fieldOf } from "./session";

export function machineFields(session: Session, quietly: (edit: () => unknown) => void): HTMLElement[] {
  const graph = session.graph;
  const json = (graph?.json ?? {}) as Json;
  const text = (key: string): string => (typeof json[key] === "string" ? json[key] : "");
  const error = (key: string): string | undefined =>
    session.problems.find((p) => p.state === "" && p.severity === "ERROR" && fieldOf(p) === key)?.message;
  const set = (key: string, value: unknown): void =>
    quietly(() => setMachineField(session.doc, [key], value, `machine/${key}`));
  const states = graph?.blocks.get("")?.states ?? [];
  const language = text("QueryLanguage") || "JSONPath";
  return [
    textField(
      {
        key: "Comment",
        label: "Comment",
        value: text("Comment"),
        long: true,
        placeholder: "What this workflow is for",
        error: error("Comment"),
      },
      (t) => set("Comment", t === "" ? undefined : t),
    ),
    selectField(
      {
        key: "StartAt",
        label: "Starts at",
        value: text("StartAt"),
        choices: states.map((s) => ({ value: s, label: s })),
        error: error("StartAt"),
      },
      (v) => {
        session.attempt(() => setMachineField(session.doc, ["StartAt"], v));
      },
    ),
    numberField(
      {
        key: "TimeoutSeconds",
        label: "Time limit of an execution, seconds",
        value: json.TimeoutSeconds,
        min: 1,
        max: 99_999_999,
        whole: true,
        placeholder: "none",
        error: error("TimeoutSeconds"),
      },
      (n) => set("TimeoutSeconds", n),
    ),
    textField(
      {
        key: "Version",
        label: "Version of the language",
        value: text("Version"),
        placeholder: "1.0",
        error: error("Version"),
      },
      (t) => set("Version", t === "" ? undefined : t),
    ),
    h(
      "dl",
      { class: "facts" },
      h("dt", null, "Query language"),
      h("dd", null, language),
      h("dt", null, "States"),
      h("dd", null, String(graph?.states.size ?? 0)),
    ),
  ];
}
