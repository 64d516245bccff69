// What may go wrong in a state: time limits, retriers, catchers.
import type { JsonPath } from "../doc/json";
import { addCatcher, addRetrier, type ListName, moveListItem, removeListItem } from "../edit/lists";
import { h, icon, iconButton } from "./dom";
import { row, section, wordsField } from "./fields";
import type { Form } from "./form";
import { numberOrPath } from "./setup-flow";

const known = [
  "States.ALL",
  "States.TaskFailed",
  "States.Timeout",
  "States.HeartbeatTimeout",
  "States.Permissions",
  "States.DataLimitExceeded",
  "States.ResultPathMatchFailure",
  "States.ParameterPathFailure",
  "States.IntrinsicFailure",
  "States.BranchFailed",
  "States.NoChoiceMatched",
  "States.QueryEvaluationError",
  "States.Http.Socket",
  "States.Http.StatusCode.500",
  "Lambda.ServiceException",
  "Lambda.TooManyRequestsException",
];

export function errorFields(form: Form): HTMLElement[] {
  const type = form.state.type;
  if (type !== "Task" && type !== "Parallel" && type !== "Map") {
    return [
      h(
        "p",
        { class: "hint" },
        type === "Fail"
          ? "A Fail is an error itself: give it a name and a cause in Setup."
          : `A ${type} calls nothing, so it has no retriers, catchers or time limits.`,
      ),
    ];
  }
  const limits =
    type === "Task"
      ? row(
          numberOrPath(form, "TimeoutSeconds", "Time limit, seconds", "none", { min: 1, max: 99_999_999, whole: true }),
          numberOrPath(form, "HeartbeatSeconds", "Heartbeat, seconds", "none", {
            min: 1,
            max: 99_999_999,
            whole: true,
          }),
        )
      : null;
  return [
    ...(limits ? [limits] : []),
    section(
      "Try again",
      ...form.list(["Retry"]).map((_, i, all) => retrier(form, i, all.length)),
      addButton(form, "Retry", "Add retrier", () => addRetrier(form.doc, form.id)),
    ),
    section(
      "Catch",
      ...form.list(["Catch"]).map((_, i, all) => catcher(form, i, all.length)),
      addButton(form, "Catch", "Add catcher", () => addCatcher(form.doc, form.id)),
    ),
  ];
}

function addButton(form: Form, list: ListName, label: string, add: () => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: "btn btn-ghost inspect-add", "data-field": `add:${list}`, onclick: () => form.edit(add) },
    icon("plus"),
    label,
  );
}

function card(form: Form, list: "Retry" | "Catch", i: number, count: number, ...body: HTMLElement[]): HTMLElement {
  const word = list === "Retry" ? "retrier" : "catcher";
  const title = `${word[0]!.toUpperCase()}${word.slice(1)} ${i + 1}`;
  return h(
    "fieldset",
    { class: "inspect-card", "data-field-root": `${list}/${i}` },
    h("legend", { class: "sr-only" }, title),
    h(
      "div",
      { class: "inspect-card-head" },
      h("span", { class: "strong", "aria-hidden": "true" }, title),
      h(
        "span",
        { class: "inspect-tools" },
        i > 0
          ? iconButton("arrow-up", `Move ${word} ${i + 1} up`, () =>
              form.edit(() => moveListItem(form.doc, form.id, list, i, -1)),
            )
          : null,
        i < count - 1
          ? iconButton("arrow-down", `Move ${word} ${i + 1} down`, () =>
              form.edit(() => moveListItem(form.doc, form.id, list, i, 1)),
            )
          : null,
        iconButton("trash-2", `Remove ${word} ${i + 1}`, () =>
          form.edit(() => removeListItem(form.doc, form.id, list, i)),
        ),
      ),
    ),
    ...body,
  );
}

function errorNames(form: Form, path: JsonPath): HTMLElement {
  const at = [...path, "ErrorEquals"];
  const value = form.list(at).filter((e): e is string => typeof e === "string");
  return wordsField(
    {
      key: at.join("/"),
      label: "On these errors",
      value,
      add: "+ error",
      suggestions: known,
      error: form.error(at.join("/")),
    },
    (words) => form.set(at, words),
  );
}

function retrier(form: Form, i: number, count: number): HTMLElement {
  const p: JsonPath = ["Retry", i];
  const jitter = [
    { value: "", label: "None" },
    { value: "FULL", label: "Full: spread at random" },
    { value: "NONE", label: "None, said outright" },
  ];
  return card(
    form,
    "Retry",
    i,
    count,
    errorNames(form, p),
    row(
      form.numberAt([...p, "MaxAttempts"], "Times at most", { min: 0, max: 99_999_999, whole: true, placeholder: "3" }),
      form.numberAt([...p, "IntervalSeconds"], "First after, s", {
        min: 1,
        max: 99_999_999,
        whole: true,
        placeholder: "1",
      }),
    ),
    row(
      form.numberAt([...p, "BackoffRate"], "Then times", { min: 1, placeholder: "2" }),
      form.numberAt([...p, "MaxDelaySeconds"], "At most after, s", {
        min: 1,
        max: 31_622_400,
        whole: true,
        placeholder: "no limit",
      }),
    ),
    form.selectAt([...p, "JitterStrategy"], "Jitter", jitter),
    form.textAt([...p, "Comment"], "Comment"),
  );
}

function catcher(form: Form, i: number, count: number): HTMLElement {
  const p: JsonPath = ["Catch", i];
  const output = form.jsonata
    ? form.jsonAt([...p, "Output"], "Output", { placeholder: "{% $states.errorOutput %}" })
    : form.pathAt([...p, "ResultPath"], "Put the error at", { placeholder: "$" });
  return card(
    form,
    "Catch",
    i,
    count,
    errorNames(form, p),
    form.selectAt([...p, "Next"], "Go to", form.targets()),
    output,
    form.jsonAt([...p, "Assign"], "Variables to assign", {
      placeholder: form.jsonata ? '{ "why": "{% $states.errorOutput.Cause %}" }' : '{ "why.$": "$.Cause" }',
    }),
    form.textAt([...p, "Comment"], "Comment"),
  );
}
