import { setField, setFollower } from "../edit/fields";
import { isTerminal } from "../edit/refs";
import { selectField } from "./fields";
import type { Form } from "./form";

const end = "\u0000end";

/** "Then go to": the next state, or the end of the flow. */
export function followField(form: Form): HTMLElement | null {
  if (isTerminal(form.state.type) || form.state.type === "Choice") return null;
  const next = form.at(["Next"]);
  const value = typeof next === "string" ? next : form.at(["End"]) === true ? end : "";
  const choices = [
    ...form.targets(),
    { value: end, label: form.state.block === "" ? "End the workflow" : "End this branch" },
  ];
  const error = form.error("Next") ?? form.error("End");
  return selectField({ key: "Next", label: "Then go to", value, choices, error }, (v) => {
    form.edit(() => setFollower(form.doc, form.id, v === end ? null : v));
  });
}

/** "Otherwise go to": a choice's default, which may be left out. */
export function defaultField(form: Form): HTMLElement {
  const choices = [{ value: "", label: "Nowhere: fail with States.NoChoiceMatched" }, ...form.targets(true)];
  return selectField(
    { key: "Default", label: "Otherwise go to", value: form.text(["Default"]), choices, error: form.error("Default") },
    (v) => {
      form.edit(() => setField(form.doc, form.id, ["Default"], v === "" ? undefined : v));
    },
  );
}
