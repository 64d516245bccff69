// A task other than a human one: which service, and what it is given.
import { httpInvoke } from "../edit/catalog";
import { h } from "./dom";
import { more, selectField } from "./fields";
import { followField } from "./follow";
import type { Form } from "./form";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].map((m) => ({ value: m, label: m }));

export function taskSetup(form: Form): HTMLElement[] {
  const resource = form.text(["Resource"]);
  return [...serviceFields(form, resource), ...resourceFields(form, resource), followField(form)!];
}

function serviceFields(form: Form, resource: string): HTMLElement[] {
  const p = form.payload;
  if (resource === httpInvoke) {
    return [
      form.dynamicAt([p], "ApiEndpoint", "Address", {
        required: true,
        mono: true,
        placeholder: "https://api.example.com/orders",
      }),
      form.selectAt([p, "Method"], "Method", methods),
      form.jsonAt([p, "RequestBody"], "Body", { placeholder: '{ "id.$": "$.id" }' }),
      more(
        "Headers and query",
        form.at([p, "Headers"]) !== undefined || form.at([p, "QueryParameters"]) !== undefined,
        form.jsonAt([p, "Headers"], "Headers", { placeholder: '{ "accept": "application/json" }' }),
        form.jsonAt([p, "QueryParameters"], "Query parameters", { placeholder: '{ "page": 1 }' }),
        form.jsonAt([p, "Transform"], "Encoding of the body"),
      ),
    ];
  }
  if (/:states:::lambda:invoke/.test(resource)) {
    return [
      form.dynamicAt([p], "FunctionName", "Function", { required: true, mono: true, placeholder: "Name or ARN" }),
      form.dynamicAt([p], "Payload", "Payload", {
        mono: true,
        placeholder: "$",
        hint: "A path; objects are edited as parameters in Data.",
      }),
      waitField(form, resource),
    ];
  }
  if (/:states:::states:startExecution/.test(resource)) {
    return [
      form.dynamicAt([p], "StateMachineArn", "Workflow", {
        required: true,
        mono: true,
        placeholder: "ARN of the state machine",
      }),
      form.dynamicAt([p], "Name", "Name of the execution", { mono: true, placeholder: "made up when empty" }),
      waitField(form, resource),
    ];
  }
  if (/:activity:/.test(resource)) {
    return [
      h(
        "p",
        { class: "hint" },
        "A worker asks for this activity with GetActivityTask and answers with SendTaskSuccess or SendTaskFailure.",
      ),
    ];
  }
  return resource.includes(":::") ? [waitField(form, resource)] : [];
}

/** How long a service task waits: for the request, the job, or a callback. */
function waitField(form: Form, resource: string): HTMLElement {
  const found = /^(.*?)(\.sync:2|\.sync|\.waitForTaskToken)?$/.exec(resource)!;
  const base = found[1]!;
  const choices = [
    { value: "", label: "For the request only" },
    { value: ".sync", label: "Until the job is done" },
    ...(base.endsWith("states:startExecution")
      ? [{ value: ".sync:2", label: "Until it is done, output as JSON" }]
      : []),
    { value: ".waitForTaskToken", label: "Until it is called back" },
  ];
  return selectField({ key: "Resource/pattern", label: "Wait", value: found[2] ?? "", choices }, (v) =>
    form.set(["Resource"], base + v),
  );
}

function resourceFields(form: Form, resource: string): HTMLElement[] {
  const plain = !resource.includes(":::") || /:activity:/.test(resource);
  const own = form.textAt(["Resource"], plain && resource.includes(":activity:") ? "Activity" : "Resource", {
    mono: true,
    placeholder: "arn:aws:states:::http:invoke",
    required: true,
    check: (t) =>
      t === "" || t.startsWith("arn:") || t.startsWith("{%")
        ? null
        : "A resource is an ARN, such as arn:aws:states:::http:invoke.",
  });
  const credentials = form.jsonAt(["Credentials"], "Credentials", { placeholder: '{ "RoleArn": "arn:aws:iam::…" }' });
  if (plain) return [own, more("Credentials", form.at(["Credentials"]) !== undefined, credentials)];
  return [more("Resource and credentials", form.error("Resource") !== undefined, own, credentials)];
}
