/** Data of a state on lines: JSON, what differs, and tries. */
import { badge, type Child, h } from "./dom";
import { type Line, lines, readJson } from "./json";
import type { Redrive, Visit } from "./run";
import { clock, plural, took } from "./words";

/** Longer values are cut: nobody reads more, and the page stays quick. */
export const mostText = 256 * 1024;
const mostLines = 3000;

export function nothing(words: string): HTMLElement {
  return h("p", { class: "state-note muted" }, words);
}

/** JSON on lines. */
export function code(text: string | null): HTMLElement {
  if (text === null) return nothing("Nothing.");
  if (text.length > mostText)
    return h(
      "div",
      {},
      nothing(`${Math.round(text.length / 1024)} KB of JSON. These are the first ${mostText / 1024}.`),
      h("pre", { class: "state-code" }, text.slice(0, mostText)),
    );
  return listing(lines(readJson(text)));
}

export function listing(all: readonly Line[]): HTMLElement {
  const pre = h("div", { class: "state-code", role: "group" });
  for (const l of all.slice(0, mostLines)) {
    const kind = l.sign === "+" ? " line-added" : l.sign === "-" ? " line-removed" : "";
    const said = l.sign === "+" ? "added: " : l.sign === "-" ? "removed: " : null;
    const words = h("span", { class: "line-text" }, ...coloured(l.text));
    words.style.paddingInlineStart = `${l.depth * 2}ch`;
    pre.append(
      h(
        "div",
        { class: `line${kind}` },
        h("span", { class: "line-sign", "aria-hidden": "true" }, l.sign),
        said === null ? null : h("span", { class: "sr-only" }, said),
        words,
      ),
    );
  }
  if (all.length > mostLines) pre.append(nothing(plural(all.length - mostLines, "more line")));
  return pre;
}

/** Keys and strings in their colours. */
function coloured(text: string): Child[] {
  const key = /^("(?:[^"\\]|\\.)*"): /.exec(text);
  const rest = key === null ? text : text.slice(key[0].length);
  const comma = rest.startsWith('"') && rest.endsWith(",") ? "," : "";
  const words = comma === "" ? rest : rest.slice(0, -1);
  const value = rest.startsWith('"') ? h("span", { class: "json-string" }, words) : rest;
  return key === null ? [value, comma] : [h("span", { class: "json-key" }, key[1] ?? ""), ": ", value, comma];
}

const tryWords = { running: "Running", succeeded: "Succeeded", failed: "Failed", timedOut: "Timed out" } as const;
const tryTones = { running: "running", succeeded: "succeeded", failed: "failed", timedOut: "failed" } as const;
const tryIcons = { running: "refresh-cw", succeeded: "check", failed: "x", timedOut: "timer" } as const;

/** The tries of a visit; `redrives` are when the run was redriven. */
export function attempts(v: Visit, since: number, redrives: readonly Redrive[]): HTMLElement {
  if (v.attempts.length === 0) return nothing("This step calls nothing, so there is nothing to try again.");
  const list = h("ol", { class: "attempts" });
  v.attempts.forEach((a, i) => {
    const before = v.attempts[i - 1];
    const waited = before?.endedAt == null ? null : a.startedAt - before.endedAt;
    const redriven = before !== undefined && redrives.some((r) => r.at >= before.startedAt && r.at <= a.startedAt);
    list.append(
      h(
        "li",
        { class: `attempt tone-${tryTones[a.status]}` },
        h(
          "div",
          { class: "attempt-head" },
          badge(tryTones[a.status], tryIcons[a.status], tryWords[a.status]),
          h("span", { class: "attempt-time mono" }, clock(since, a.startedAt)),
          h("span", { class: "attempt-took mono" }, a.endedAt === null ? "" : took(a.endedAt - a.startedAt)),
        ),
        waited === null
          ? null
          : h("p", { class: "muted small" }, redriven ? "after the redrive" : `after waiting ${took(waited)}`),
        a.error === null ? null : h("p", { class: "strong" }, a.error),
        a.cause === null || a.cause === "" ? null : h("p", { class: "state-cause" }, a.cause),
      ),
    );
  });
  return list;
}
