// What goes into a state and what comes out of it, in the order in which it happens.
import { dataFields as table } from "../asl/fields";
import { h } from "./dom";
import type { Form } from "./form";

export function dataFields(form: Form): HTMLElement[] {
  const names = (form.jsonata ? table.jsonata : table.jsonpath)[form.state.type] ?? [];
  // A field that does not belong here but stands in the text can still be seen and taken away.
  const all = new Set([...Object.values(table.jsonpath), ...Object.values(table.jsonata)].flat());
  const strays = [...all].filter(
    (f) => !names.includes(f) && form.at([f]) !== undefined && !(form.state.type === "Pass" && f === "Output"),
  );
  if (names.length === 0 && strays.length === 0)
    return [h("p", { class: "hint" }, "A Fail has no data: it ends with its error and cause.")];
  return [...names, ...strays].map((name) => dataField(form, name));
}

/** Only what calls or gathers something has a $states.result. */
function hasResult(form: Form): boolean {
  return ["Task", "Parallel", "Map"].includes(form.state.type);
}

function dataField(form: Form, name: string): HTMLElement {
  switch (name) {
    case "InputPath":
      return form.pathAt([name], "InputPath: take only", {
        placeholder: "$",
        hint: "A path. $ is everything, null gives {}.",
      });
    case "Parameters":
      return form.jsonAt([name], "Parameters: give", {
        rows: 3,
        placeholder: '{ "id.$": "$.order.id" }',
        hint: "A key that ends in .$ takes a path or a States. function.",
      });
    case "ResultSelector":
      return form.jsonAt([name], "ResultSelector: keep of the result", { placeholder: '{ "code.$": "$.StatusCode" }' });
    case "ResultPath":
      return form.pathAt([name], "ResultPath: put the result at", {
        placeholder: "$",
        hint: "$ replaces the input, $.name adds to it, null drops the result.",
      });
    case "OutputPath":
      return form.pathAt([name], "OutputPath: hand on only", { placeholder: "$" });
    case "Assign":
      return form.jsonAt([name], "Assign: variables to set", {
        placeholder: form.jsonata ? '{ "total": "{% $states.input.total %}" }' : '{ "total.$": "$.total" }',
        ...(form.state.type === "Choice" ? { hint: "Used when no rule holds." } : {}),
      });
    case "Arguments":
      return form.jsonAt([name], "Arguments: give", { rows: 3, placeholder: '{ "id": "{% $states.input.id %}" }' });
    default:
      return form.jsonAt([name], "Output: hand on", {
        rows: 2,
        placeholder: hasResult(form) ? "{% $states.result %}" : "{% $states.input %}",
        ...(form.state.type === "Choice" ? { hint: "Used when no rule holds." } : {}),
      });
  }
}
