// The list that opens on "+": type, choose, Enter. A combobox in a popover.
import { type Item, searchItems } from "../edit/catalog";
import { h, icon, tile } from "./dom";
import { recentItems } from "./recent";

export interface PickerRequest {
  /** Where it opens, in the window. */
  x: number;
  y: number;
  title: string;
  /** Why an item cannot stand there, or null. */
  problem(item: Item): string | null;
  pick(item: Item): void;
  /** Gives the focus back. */
  cancel(): void;
}

export class Picker {
  #request: PickerRequest | null = null;
  #items: Item[] = [];
  #at = 0;
  #input = h("input", {
    class: "input",
    type: "text",
    role: "combobox",
    "aria-label": "Find a step to add",
    "aria-expanded": "true",
    "aria-controls": "picker-list",
    "aria-autocomplete": "list",
    placeholder: "Find a step",
    autocomplete: "off",
    spellcheck: "false",
  });
  #list = h("ul", { class: "picker-list scroll", id: "picker-list", role: "listbox", "aria-label": "Steps" });
  #title = h("p", { class: "menu-label" });
  #why = h("p", { class: "picker-why hint", "aria-live": "polite", hidden: true });
  #root = h(
    "div",
    { class: "picker menu", popover: "manual", role: "dialog", "aria-label": "Add a step" },
    this.#title,
    h("div", { class: "search" }, icon("search"), this.#input),
    this.#list,
    this.#why,
  );

  constructor() {
    (document.querySelector("main") ?? document.body).append(this.#root);
    this.#input.addEventListener("input", () => {
      this.#at = 0;
      this.#draw();
    });
    this.#input.addEventListener("keydown", (e) => this.#key(e));
    this.#root.addEventListener("focusout", (e) => {
      const to = e.relatedTarget;
      if (this.#request && !(to instanceof Node && this.#root.contains(to))) this.close(false);
    });
    // Without this a press on the list would take the focus away before the click.
    this.#root.addEventListener("pointerdown", (e) => {
      if (e.target !== this.#input) e.preventDefault();
    });
  }

  get isOpen(): boolean {
    return this.#request !== null;
  }

  open(request: PickerRequest): void {
    this.#request = request;
    this.#input.value = "";
    this.#at = 0;
    this.#title.textContent = request.title;
    this.#root.showPopover();
    this.#draw();
    const box = this.#root.getBoundingClientRect();
    const left = Math.max(8, Math.min(request.x - 24, window.innerWidth - box.width - 8));
    const below = request.y + 16;
    const top = below + box.height > window.innerHeight - 8 ? Math.max(8, request.y - box.height - 16) : below;
    this.#root.style.left = `${left}px`;
    this.#root.style.top = `${top}px`;
    this.#input.focus();
  }

  close(refocus: boolean): void {
    const request = this.#request;
    this.#request = null;
    if (this.#root.matches(":popover-open")) this.#root.hidePopover();
    if (refocus) request?.cancel();
  }

  #draw(): void {
    const request = this.#request;
    if (!request) return;
    const found = searchItems(this.#input.value, recentItems());
    // What cannot stand here is shown, last, with the reason: it would be looked for otherwise.
    this.#items = [
      ...found.filter((i) => request.problem(i) === null),
      ...found.filter((i) => request.problem(i) !== null),
    ];
    this.#at = Math.min(this.#at, Math.max(0, this.#items.length - 1));
    this.#list.replaceChildren(
      ...this.#items.map((item, i) => {
        const problem = request.problem(item);
        const option = h(
          "li",
          {
            role: "option",
            id: `picker-${item.id}`,
            class: "picker-item",
            "aria-selected": i === this.#at ? "true" : "false",
            "aria-disabled": problem === null ? null : "true",
          },
          tile(item.icon, item.tone, true),
          h(
            "span",
            { class: "picker-words" },
            h("span", { class: "picker-label" }, item.label),
            h("span", { class: "hint truncate" }, item.hint),
          ),
        );
        option.addEventListener("click", () => this.#choose(i));
        option.addEventListener("pointermove", () => this.#mark(i));
        return option;
      }),
    );
    if (this.#items.length === 0)
      this.#list.append(
        h(
          "li",
          { class: "hint palette-none", role: "option", "aria-disabled": "true", "aria-selected": "false" },
          `Nothing is called “${this.#input.value}”.`,
        ),
      );
    this.#mark(this.#at);
  }

  #mark(at: number): void {
    this.#at = at;
    [...this.#list.children].forEach((el, i) => void el.setAttribute("aria-selected", i === at ? "true" : "false"));
    const item = this.#items[at];
    if (item) this.#input.setAttribute("aria-activedescendant", `picker-${item.id}`);
    else this.#input.removeAttribute("aria-activedescendant");
    const why = item ? (this.#request?.problem(item) ?? null) : null;
    this.#why.hidden = why === null;
    this.#why.textContent = why ?? "";
    this.#list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  #choose(at: number): void {
    const item = this.#items[at];
    const request = this.#request;
    if (!item || !request || request.problem(item) !== null) return;
    this.close(false);
    request.pick(item);
  }

  #key(e: KeyboardEvent): void {
    const last = this.#items.length - 1;
    switch (e.key) {
      case "ArrowDown":
        this.#mark(this.#at >= last ? 0 : this.#at + 1);
        break;
      case "ArrowUp":
        this.#mark(this.#at <= 0 ? last : this.#at - 1);
        break;
      case "Enter":
        if (e.isComposing) return;
        this.#choose(this.#at);
        break;
      case "Escape":
      case "Tab":
        this.close(true);
        break;
      default:
        return;
    }
    e.preventDefault();
    e.stopPropagation();
  }
}
