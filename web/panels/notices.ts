// Short words about what just happened, in the corner.
import { h, icon } from "./dom";
import type { Notice } from "./session";

const stay = 7000;

export class Notices {
  #box: HTMLElement;

  constructor() {
    const found = document.getElementById("toasts");
    this.#box = found ?? h("div", { class: "toasts", id: "toasts", role: "status", "aria-live": "polite" });
    if (!found) document.body.append(this.#box);
  }

  /** Takes away what offers something about a text that has changed since. */
  outdated(): void {
    for (const toast of this.#box.querySelectorAll(".toast-offer")) toast.remove();
  }

  show(notice: Notice): void {
    const name = notice.tone === "failed" ? "circle-alert" : notice.tone === "succeeded" ? "circle-check" : "info";
    const toast = h(
      "div",
      { class: `toast${notice.tone === "plain" ? "" : ` toast-${notice.tone}`}` },
      icon(name),
      h("span", { class: "grow" }, notice.text),
    );
    const { action } = notice;
    if (action) {
      toast.classList.add("toast-offer");
      toast.append(
        h(
          "button",
          {
            type: "button",
            class: "btn btn-s",
            onclick: () => {
              toast.remove();
              action.run();
            },
          },
          action.label,
        ),
      );
    }
    toast.append(
      h(
        "button",
        {
          type: "button",
          class: "btn btn-ghost btn-icon btn-s",
          "aria-label": "Dismiss",
          onclick: () => toast.remove(),
        },
        icon("x", "s"),
      ),
    );
    for (const old of this.#box.querySelectorAll<HTMLElement>(".toast"))
      if (old.dataset.words === notice.text) old.remove();
    toast.dataset.words = notice.text;
    while (this.#box.childElementCount >= 3) this.#box.firstElementChild?.remove();
    this.#box.append(toast);
    let left = setTimeout(() => toast.remove(), stay);
    // Whoever reads or aims at it has the time.
    toast.addEventListener("pointerenter", () => clearTimeout(left));
    toast.addEventListener("focusin", () => clearTimeout(left));
    toast.addEventListener("pointerleave", () => {
      left = setTimeout(() => toast.remove(), 2000);
    });
  }
}
