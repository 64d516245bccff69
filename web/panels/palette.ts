// What can be added, to be dragged onto a line or added after the selected state.
import { catalog, type Group, type Item, searchItems } from "../edit/catalog";
import { h, icon, kbd, tile } from "./dom";
import { recentItems } from "./recent";

const groups: { id: Group; label: string }[] = [
  { id: "flow", label: "Flow" },
  { id: "actions", label: "Actions" },
  { id: "patterns", label: "Patterns" },
];

export interface PaletteActions {
  /** Adds after the selected state, or at the end. */
  add(item: Item): void;
  /** A press on an item that may become a drag. */
  grab(item: Item, event: PointerEvent, from: HTMLElement): void;
}

export class Palette {
  #group: Group = "flow";
  #search = h("input", {
    class: "input",
    type: "search",
    placeholder: "Find a step",
    "aria-label": "Find a step",
    id: "palette-search",
    autocomplete: "off",
    spellcheck: "false",
  });
  #list = h("ul", { class: "palette-list scroll", id: "palette-list" });
  #tabs = h("div", { class: "tabs palette-tabs", role: "group", "aria-label": "Kinds of steps" });
  #count = h("p", { class: "sr-only", "aria-live": "polite" });

  constructor(
    readonly host: HTMLElement,
    readonly actions: PaletteActions,
  ) {
    host.classList.add("palette");
    this.#search.addEventListener("input", () => this.#draw());
    this.#search.addEventListener("keydown", (e) => {
      if (e.key === "Enter") this.#list.querySelector<HTMLElement>("button")?.click();
      else if (e.key === "ArrowDown") this.#list.querySelector<HTMLElement>("button")?.focus();
      else if (e.key === "Escape" && this.#search.value !== "") {
        e.stopPropagation();
        this.#search.value = "";
        this.#draw();
      } else return;
      e.preventDefault();
    });
    this.#list.addEventListener("keydown", (e) => this.#walk(e));
    for (const g of groups) {
      this.#tabs.append(
        h(
          "button",
          {
            type: "button",
            class: "tab",
            "data-group": g.id,
            onclick: () => {
              this.#group = g.id;
              this.#draw();
            },
          },
          g.label,
        ),
      );
    }
    host.replaceChildren(
      h("div", { class: "search" }, icon("search"), this.#search, ...kbd("/")),
      this.#tabs,
      this.#list,
      this.#count,
      h("p", { class: "palette-hint" }, "Drag onto a line, or press ", ...kbd("A"), " to add after the selected step."),
    );
    this.#draw();
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  #draw(): void {
    const query = this.#search.value.trim();
    const items = query === "" ? catalog.filter((i) => i.group === this.#group) : searchItems(query, recentItems());
    for (const tab of this.#tabs.querySelectorAll<HTMLElement>("button")) {
      tab.setAttribute("aria-pressed", query === "" && tab.dataset.group === this.#group ? "true" : "false");
    }
    this.#list.replaceChildren(...items.map((item) => this.#item(item)));
    if (items.length === 0)
      this.#list.append(
        h("li", { class: "hint palette-none" }, `Nothing is called “${query}”. Try “http”, “wait” or “approve”.`),
      );
    this.#count.textContent = query === "" ? "" : `${items.length} found`;
  }

  #item(item: Item): HTMLElement {
    const button = h(
      "button",
      {
        type: "button",
        class: "palette-item",
        title: item.hint,
        "data-item": item.id,
        onclick: () => this.actions.add(item),
      },
      tile(item.icon, item.tone, true),
      h("span", { class: "truncate" }, item.label),
    );
    button.addEventListener("pointerdown", (e) => {
      if (e.button === 0) this.actions.grab(item, e, button);
    });
    return h("li", null, button);
  }

  #walk(e: KeyboardEvent): void {
    const buttons = [...this.#list.querySelectorAll<HTMLElement>("button")];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const to =
      e.key === "ArrowDown"
        ? at + 1
        : e.key === "ArrowUp"
          ? at - 1
          : e.key === "Home"
            ? 0
            : e.key === "End"
              ? buttons.length - 1
              : -2;
    if (to === -2) return;
    e.preventDefault();
    if (to < 0) this.#search.focus();
    else buttons[to]?.focus();
  }
}
