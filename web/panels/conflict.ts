// Two people changed one draft: both versions are shown, and none is lost.
import type { Keeper } from "../doc/keeper";
import { h } from "./dom";

let dialog: HTMLDialogElement | null = null;

export function showConflict(keeper: Keeper, mine: string, done: () => void): void {
  if (keeper.state.kind !== "conflict" || dialog) return;
  const { theirs } = keeper.state;
  const pick = (choose: () => void): void => {
    dialog?.close();
    choose();
    done();
  };
  const side = (title: string, text: string, other: string): HTMLElement =>
    h(
      "section",
      { class: "conflict-side" },
      h("h3", { class: "label" }, title),
      h("pre", { class: "code conflict-code", tabindex: 0, "aria-label": title }, ...lines(text, other)),
    );
  dialog = h(
    "dialog",
    { class: "dialog conflict", "aria-labelledby": "conflict-title" },
    h("div", { class: "dialog-head" }, h("h2", { id: "conflict-title" }, "This draft was changed elsewhere")),
    h(
      "div",
      { class: "dialog-body" },
      h(
        "p",
        { class: "muted" },
        "Another window or person saved it first. Choose a version; the other one stays one undo away here.",
      ),
      h("div", { class: "conflict-sides" }, side("Here", mine, theirs), side("Saved elsewhere", theirs, mine)),
    ),
    h(
      "div",
      { class: "dialog-foot" },
      h("button", { type: "button", class: "btn", onclick: () => dialog?.close() }, "Decide later"),
      h("button", { type: "button", class: "btn", onclick: () => pick(() => keeper.takeTheirs()) }, "Take the other"),
      h(
        "button",
        { type: "button", class: "btn btn-primary", onclick: () => pick(() => keeper.keepMine()) },
        "Keep this one",
      ),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog?.remove();
    dialog = null;
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** A text's lines; those that the other text does not have stand out. */
function lines(text: string, other: string): HTMLElement[] {
  const known = new Set(other.split("\n"));
  return text
    .split("\n")
    .map((l) =>
      h("span", { class: known.has(l) ? "conflict-line" : "conflict-line conflict-own" }, l === "" ? " " : l),
    );
}
