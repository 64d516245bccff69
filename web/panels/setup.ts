// Which fields a state has, by its type and by tab.
import { isHuman } from "../edit/human";
import { h, icon } from "./dom";
import type { Form } from "./form";
import { fieldOf, type Problem } from "./session";
import { choiceSetup } from "./setup-choice";
import { failSetup, mapSetup, parallelSetup, passSetup, succeedSetup, waitSetup } from "./setup-flow";
import { humanSetup } from "./setup-human";
import { taskSetup } from "./setup-task";

export const tabs = ["Setup", "Data", "Errors", "Test"] as const;
export type Tab = (typeof tabs)[number];

const dataNames = new Set(["InputPath", "OutputPath", "ResultPath", "ResultSelector", "Assign", "Output"]);
const errorNames = new Set([
  "Retry",
  "Catch",
  "TimeoutSeconds",
  "TimeoutSecondsPath",
  "HeartbeatSeconds",
  "HeartbeatSecondsPath",
]);

/** The first tab: what a state of this type does. */
export function setupFields(form: Form): HTMLElement[] {
  switch (form.state.type) {
    case "Task":
      return isHuman(form.json) ? humanSetup(form) : taskSetup(form);
    case "Choice":
      return choiceSetup(form);
    case "Wait":
      return waitSetup(form);
    case "Pass":
      return passSetup(form);
    case "Succeed":
      return succeedSetup();
    case "Fail":
      return failSetup(form);
    case "Parallel":
      return parallelSetup(form);
    case "Map":
      return mapSetup(form);
    case "Unknown":
      return [typeField(form)];
  }
}

function typeField(form: Form): HTMLElement {
  const types = ["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"];
  return form.selectAt(
    ["Type"],
    "Type",
    types.map((t) => ({ value: t, label: t })),
  );
}

/** What every state has. */
export function common(form: Form): HTMLElement {
  const languages = [
    { value: "", label: "As the workflow" },
    { value: "JSONPath", label: "JSONPath" },
    { value: "JSONata", label: "JSONata" },
  ];
  const known = form.json.Comment !== undefined || form.json.QueryLanguage !== undefined;
  const body = h(
    "div",
    { class: "inspect-more-body" },
    form.textAt(["Comment"], "Comment", { long: true }),
    form.selectAt(["QueryLanguage"], "Query language", languages),
  );
  if (isHuman(form.json)) body.append(form.textAt(["Resource"], "Resource", { mono: true }));
  return h(
    "details",
    { class: "inspect-more", open: known },
    h("summary", null, icon("chevron-right", "s"), "Comment and language"),
    body,
  );
}

export function tabOf(problem: Problem): Tab {
  return tabOfField(fieldOf(problem));
}

/** The tab on which a field stands. */
export function tabOfField(field: string): Tab {
  const [first = "", second = ""] = field.split("/");
  if (errorNames.has(first)) return "Errors";
  if (dataNames.has(first)) return "Data";
  return (first === "Parameters" || first === "Arguments") && second === "" ? "Data" : "Setup";
}
