// What became of a state that was tried: status, error, output, and its data on the way.
import type { Message, Tested } from "../api";
import { difference, type Json, lines, readJson, same } from "../live/json";
import { listing } from "../live/listing";
import { h, icon } from "./dom";

/** One stop of the data on its way through the state. */
export interface Stop {
  label: string;
  data: Json;
  /** What it is compared with; undefined where it is new. */
  before: Json | undefined;
}

const labels: Record<string, string> = {
  afterInputPath: "After InputPath",
  afterParameters: "After Parameters",
  afterArguments: "After Arguments",
  afterItemsPath: "Items",
  afterItemsPointer: "Items, after ItemsPointer",
  afterItemSelector: "After ItemSelector",
  afterItemBatcher: "After ItemBatcher",
  result: "Result",
  afterResultSelector: "After ResultSelector",
  afterResultPath: "After ResultPath",
};

/** What is new at its stop rather than made from the one before. */
const fresh = new Set(["afterArguments", "afterItemsPath", "afterItemSelector", "afterItemBatcher", "result"]);

/** The way of the data, in order, each stop with what it is made from. */
export function stopsOf(t: Tested): Stop[] {
  const input = readJson(t.input);
  const stops: Stop[] = [{ label: "Input", data: input, before: undefined }];
  for (const stage of t.stages) {
    // ResultPath puts the result into the input.
    const before = stage.name === "afterResultPath" ? input : stops.at(-1)!.data;
    stops.push({
      label: labels[stage.name] ?? stage.name,
      data: readJson(stage.data),
      before: fresh.has(stage.name) ? undefined : before,
    });
  }
  // A catcher puts the error into the input.
  const last = t.status === "CAUGHT_ERROR" ? input : stops.at(-1)!.data;
  if (t.output !== "") stops.push({ label: "Output", data: readJson(t.output), before: last });
  return stops;
}

export function resultParts(t: Tested, outdated: boolean): HTMLElement[] {
  const parts: HTMLElement[] = [
    h("h3", { class: "sr-only" }, "Result of the test"),
    h("p", { class: "trial-status" }, badge(t), h("span", { class: "small" }, ...nextWords(t))),
  ];
  if (outdated) parts.push(h("p", { class: "hint" }, "The workflow has changed since. Run the test again."));
  if (t.error !== "" || t.cause !== "") parts.push(failureNote(t.error || "An error without a name", t.cause));
  parts.push(
    h("h4", { class: "label" }, "The way of the data"),
    h("ol", { class: "trial-stops" }, stopsOf(t).map(stop)),
  );
  if (t.variables !== "") parts.push(fold("Variables", "", box(listing(lines(readJson(t.variables))), "Variables")));
  if (t.request) parts.push(fold("Request", t.request.line, message(t.request, "Request")));
  if (t.response) parts.push(fold("Response", t.response.line, message(t.response, "Response")));
  return parts;
}

/** A sentence that something went wrong, with what there is to say about it. */
export function failureNote(heading: string, detail: string): HTMLElement {
  return h(
    "div",
    { class: "banner banner-failed trial-failure" },
    icon("circle-alert"),
    h("div", { class: "grow" }, h("p", { class: "strong" }, heading), detail === "" ? null : h("p", null, detail)),
  );
}

const badges = {
  SUCCEEDED: ["succeeded", "circle-check", "Succeeded"],
  FAILED: ["failed", "circle-x", "Failed"],
  RETRIABLE: ["retrying", "rotate-cw", "Would try again"],
  CAUGHT_ERROR: ["caught", "shield-alert", "Caught"],
} as const;

function badge(t: Tested): HTMLElement {
  const [tone, name, word] = badges[t.status];
  return h("span", { class: `badge badge-${tone}` }, icon(name), word);
}

function nextWords(t: Tested): (Node | string)[] {
  const which = (kind: string, i: number | null): string => (i === null ? "" : `${kind} ${i + 1}`);
  switch (t.status) {
    case "SUCCEEDED":
      return t.next === "" ? ["and the flow ends here"] : ["goes on to ", h("strong", null, t.next)];
    case "CAUGHT_ERROR":
      return [`by ${which("catcher", t.catcher)}, goes on to `, h("strong", null, t.next)];
    case "RETRIABLE":
      return [`in ${seconds(t.backoff ?? 0)}, by ${which("retrier", t.retrier)}`];
    case "FAILED":
      return t.retrier === null ? [] : [`${which("retrier", t.retrier)} has no attempts left`];
  }
}

function seconds(n: number): string {
  const rounded = Math.round(n * 10) / 10;
  return `${rounded} ${rounded === 1 ? "second" : "seconds"}`;
}

function stop(s: Stop): HTMLElement {
  const unchanged = s.before !== undefined && same(s.before, s.data);
  const word = s.before === undefined ? "" : unchanged ? "unchanged" : "changed";
  const shown = s.before === undefined || unchanged ? lines(s.data) : difference(s.before, s.data);
  return h("li", null, fold(s.label, word, box(listing(shown), s.label), !unchanged && shown.length <= mostOpen));
}

/** Longer values are shown when somebody asks. */
const mostOpen = 30;

function fold(label: string, word: string, body: HTMLElement, open = false): HTMLElement {
  return h(
    "details",
    { class: "inspect-more trial-stop", open },
    h(
      "summary",
      { "data-field": `stop:${label}` },
      icon("chevron-right", "s"),
      h("span", { class: "trial-stop-name" }, label),
      word === "" ? null : h("span", { class: "trial-word truncate" }, word),
    ),
    body,
  );
}

/** A frame that scrolls, also by keyboard. */
function box(body: HTMLElement, label: string): HTMLElement {
  return h("div", { class: "trial-data", tabindex: 0, role: "group", "aria-label": label }, body);
}

function message(m: Message, label: string): HTMLElement {
  const headers = m.headers.replace(/^\[|\]$/g, "").replaceAll(/, (?=[A-Za-z0-9-]+: )/g, "\n");
  const text = h("pre", { class: "trial-message" }, [m.line, headers].filter((t) => t !== "").join("\n"));
  return box(m.body === "" ? text : h("div", null, text, listing(lines(readJson(m.body)))), label);
}
