// The inspector: everything about the selected state, or about the machine.

import { title } from "../asl/title";
import { isHuman } from "../edit/human";
import { nameProblem } from "../edit/names";
import { rename } from "../edit/state";
import { dataFields } from "./data";
import { h, icon, iconButton, tile } from "./dom";
import { errorFields } from "./errors";
import { Form } from "./form";
import { machineFields } from "./machine";
import { fieldOf, type Session } from "./session";
import { common, setupFields, type Tab, tabOf, tabOfField, tabs } from "./setup";
import { type Testing, TestTab } from "./test-tab";

const words: Record<string, string> = {
  Task: "Task",
  Pass: "Pass · shapes the data",
  Choice: "Choice · goes one way or another",
  Wait: "Wait · pauses the flow",
  Succeed: "Succeed · ends well",
  Fail: "Fail · ends with an error",
  Parallel: "Parallel · all branches at once",
  Map: "Map · the same for each item",
  Unknown: "No type yet",
};

export interface InspectorActions {
  /** Back to the picture, with the selected state in focus. */
  leave(): void;
  menu(anchor: HTMLElement): void;
  close(): void;
  open(): void;
}

export class Inspector {
  #tab: Tab = "Setup";
  #pending = new Map<string, string>();
  #quiet = false;
  /** State and tab that are shown now. */
  #shown = "";
  #test: TestTab;
  #foot = h("div", { class: "inspect-foot", hidden: true });
  #body = h("div", { class: "inspect-body scroll" });

  constructor(
    readonly host: HTMLElement,
    readonly session: Session,
    readonly actions: InspectorActions,
    testing: Testing,
  ) {
    this.#test = new TestTab(session.name, testing);
    host.classList.add("inspector");
    host.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || e.defaultPrevented || e.isComposing) return;
      e.preventDefault();
      actions.leave();
    });
    session.on("select", () => {
      this.#pending.clear();
      this.#draw();
      this.#body.scrollTop = 0;
    });
    session.on("change", () => (this.#quiet ? this.#refresh() : this.#draw()));
    session.on("problems", () => this.#problems());
    session.on("field", ({ id, field }) => {
      actions.open();
      if (id !== session.selected) session.select(id, "panel");
      this.#show(field);
    });
    this.#draw();
  }

  /** Puts the caret into the name, all of it selected. */
  editName(): void {
    this.actions.open();
    const name = this.host.querySelector<HTMLInputElement>(".inspect-name");
    name?.focus();
    name?.select();
  }

  /** Shows the tab that tries the state, with the caret in its first field. */
  test(): void {
    this.actions.open();
    this.#choose("Test");
    this.focus();
  }

  /** Puts the caret into the first field. */
  focus(): void {
    this.actions.open();
    const first =
      this.#body.querySelector<HTMLElement>("[data-field]") ?? this.host.querySelector<HTMLElement>(".inspect-name");
    first?.focus();
  }

  #quietly = (edit: () => unknown): void => {
    this.#quiet = true;
    try {
      this.session.attempt(edit);
    } finally {
      this.#quiet = false;
    }
  };

  #draw(): void {
    const kept = this.#caret();
    const id = this.session.selected;
    const state = id === null ? undefined : this.session.graph?.states.get(id);
    const shown = `${state?.id ?? ""}/${this.#tab}`;
    const open = shown === this.#shown ? this.#opened() : null;
    this.#shown = shown;
    if (state === undefined) this.#drawMachine();
    else this.#drawState(state.id);
    if (open) for (const d of this.#body.querySelectorAll("details")) d.open = open.get(nameOf(d)) ?? d.open;
    // While the code has a mistake nothing can be changed from here; the picture says so.
    this.host.inert = this.session.doc.stale;
    this.#problems();
    this.#restore(kept);
  }

  /** Which parts were opened or closed by hand, by their title. */
  #opened(): Map<string, boolean> {
    return new Map([...this.#body.querySelectorAll("details")].map((d) => [nameOf(d), d.open]));
  }

  #drawMachine(): void {
    const head = h(
      "header",
      { class: "inspect-head" },
      h(
        "div",
        { class: "inspect-title" },
        tile("workflow", "task"),
        h(
          "div",
          { class: "grow" },
          h("h2", { class: "inspect-heading" }, title(this.session.name)),
          h("p", { class: "hint" }, "The workflow as a whole"),
        ),
        this.#close(),
      ),
    );
    this.#body.removeAttribute("role");
    this.#body.removeAttribute("aria-labelledby");
    this.#body.replaceChildren(...machineFields(this.session, this.#quietly));
    this.host.replaceChildren(head, this.#body, this.#foot);
  }

  #drawState(id: string): void {
    const form = new Form(this.session, id, this.#pending, this.#quietly);
    const state = form.state;
    const sub = isHuman(form.json)
      ? "Human task · waits for a decision"
      : state.type === "Task"
        ? state.meaning
        : (words[state.type] ?? state.type);
    const head = h(
      "header",
      { class: "inspect-head" },
      h("h2", { class: "sr-only" }, state.name),
      h(
        "div",
        { class: "inspect-title" },
        tile(state.icon, state.tone),
        h("div", { class: "grow" }, this.#name(form), h("p", { class: "hint truncate inspect-sub" }, sub)),
        iconButton("ellipsis", "More for this state", (e) => this.actions.menu(e.currentTarget as HTMLElement), {
          "aria-haspopup": "menu",
        }),
        this.#close(),
      ),
      this.#tabs(form),
    );
    this.#body.setAttribute("role", "tabpanel");
    this.#body.id = "inspect-panel";
    this.#body.setAttribute("aria-labelledby", `inspect-tab-${this.#tab}`);
    this.#body.replaceChildren(...this.#fields(form));
    this.host.replaceChildren(head, this.#body, this.#foot);
  }

  #close(): HTMLElement {
    return iconButton("x", "Close the inspector", () => this.actions.close(), { class: "inspect-close" });
  }

  #name(form: Form): HTMLElement {
    const input = h("input", {
      class: "inspect-name",
      type: "text",
      value: form.state.name,
      "aria-label": "Name",
      "data-field": "name",
      autocomplete: "off",
      spellcheck: "false",
    });
    const error = h("p", { class: "error", hidden: true, id: "inspect-name-error" });
    const check = (): string | null => {
      const problem = nameProblem(form.graph, form.id, input.value);
      error.hidden = problem === null;
      error.replaceChildren(...(problem === null ? [] : [icon("circle-alert"), problem]));
      input.toggleAttribute("aria-invalid", problem !== null);
      if (problem !== null) input.setAttribute("aria-invalid", "true");
      return problem;
    };
    input.setAttribute("aria-describedby", error.id);
    let done = false;
    const commit = (): boolean => {
      if (done || input.value === form.id) return true;
      if (check() !== null) return false;
      done = true;
      const name = input.value;
      this.session.attempt(() => {
        // The selection follows the state to its new name.
        const off = this.session.doc.on(() => this.session.select(name, "edit"));
        try {
          rename(this.session.doc, form.id, name);
          this.#test.renamed(form.id, name);
        } finally {
          off();
        }
      });
      return true;
    };
    input.addEventListener("input", check);
    input.addEventListener("change", commit);
    input.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.isComposing) {
        e.preventDefault();
        if (commit()) this.actions.leave();
      } else if (e.key === "Escape") {
        e.stopPropagation();
        done = true;
        input.value = form.state.name;
        this.actions.leave();
      }
    });
    return h("div", { class: "field" }, input, error);
  }

  #tabs(form: Form): HTMLElement {
    const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the state" });
    for (const tab of tabs) {
      const count = this.session.problems.filter((p) => p.state === form.id && tabOf(p) === tab).length;
      const button = h(
        "button",
        {
          type: "button",
          class: "tab",
          role: "tab",
          id: `inspect-tab-${tab}`,
          "aria-selected": tab === this.#tab ? "true" : "false",
          "aria-controls": "inspect-panel",
          tabindex: tab === this.#tab ? 0 : -1,
          "data-tab": tab,
          "data-field": `tab:${tab}`,
          onclick: () => this.#choose(tab),
        },
        tab,
        count > 0
          ? h("span", {
              class: "tab-dot",
              role: "img",
              "aria-label": `${count} ${count === 1 ? "problem" : "problems"}`,
            })
          : null,
      );
      button.addEventListener("keydown", (e) => {
        const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
        if (step === 0) return;
        e.preventDefault();
        const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]!;
        this.#choose(next);
        this.host.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
      });
      list.append(button);
    }
    return list;
  }

  #choose(tab: Tab): void {
    this.#tab = tab;
    this.#draw();
    this.#body.scrollTop = 0;
  }

  #fields(form: Form): HTMLElement[] {
    switch (this.#tab) {
      case "Data":
        return dataFields(form);
      case "Errors":
        return errorFields(form);
      case "Test":
        return this.#test.fields(form);
      case "Setup":
        return [...setupFields(form), common(form)];
    }
  }

  /** Brings a field into sight and puts the caret there. */
  #show(field: string): void {
    const tab = tabOfField(field);
    if (this.session.selected !== null && tab !== this.#tab) this.#choose(tab);
    for (let path = field; path !== ""; path = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "") {
      const root =
        marked(this.host, "field", path) ??
        marked(this.host, "field", path.replace(/\.\$$/, "")) ??
        marked(this.host, "fieldRoot", path)?.querySelector<HTMLElement>("input, select, textarea, button") ??
        null;
      if (root === null) continue;
      for (let d = root.closest("details"); d !== null; d = d.parentElement?.closest("details") ?? null) d.open = true;
      root.scrollIntoView({ block: "center" });
      root.focus();
      return;
    }
    this.focus();
  }

  /** What changed in the text while a field was typed in: only what is beside the fields. */
  #refresh(): void {
    const id = this.session.selected;
    const state = id === null ? undefined : this.session.graph?.states.get(id);
    const sub = this.host.querySelector(".inspect-sub");
    if (sub && state?.type === "Task" && !isHuman(state.json)) sub.textContent = state.meaning;
  }

  #problems(): void {
    const id = this.session.selected;
    const mine = this.session.problems.filter((p) => p.state === (id ?? ""));
    const first = mine[0];
    this.#foot.hidden = first === undefined;
    if (first !== undefined) {
      const rest = mine.length > 1 ? ` (${mine.length - 1} more)` : "";
      const error = first.severity === "ERROR";
      this.#foot.replaceChildren(
        h(
          "button",
          {
            type: "button",
            class: `inspect-problem tone-${error ? "failed" : "caught"}`,
            onclick: () => this.#show(fieldOf(first)),
          },
          icon(error ? "circle-alert" : "triangle-alert"),
          h("span", null, h("span", { class: "sr-only" }, error ? "Error: " : "Advice: "), first.message + rest),
        ),
      );
    }
    for (const control of this.#body.querySelectorAll<HTMLElement>("[data-field]")) {
      const key = control.dataset.field ?? "";
      if (this.#pending.has(key)) continue;
      const error = control.closest(".field")?.querySelector<HTMLElement>(":scope > .error");
      if (!error) continue;
      const found = mine.find((p) => p.severity === "ERROR" && (fieldOf(p) === key || fieldOf(p) === `${key}.$`));
      const own = error.dataset.server === "true";
      if (found) {
        error.dataset.server = "true";
        error.hidden = false;
        error.replaceChildren(icon("circle-alert"), h("span", null, found.message));
        control.setAttribute("aria-invalid", "true");
      } else if (own) {
        delete error.dataset.server;
        error.hidden = true;
        error.replaceChildren();
        control.removeAttribute("aria-invalid");
      }
    }
  }

  #caret(): { field: string; start: number | null; end: number | null } | null {
    const el = document.activeElement;
    if (!(el instanceof HTMLElement) || !this.host.contains(el)) return null;
    const text = el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement ? el : null;
    const field = el.dataset.field ?? "";
    return { field, start: text?.selectionStart ?? null, end: text?.selectionEnd ?? null };
  }

  #restore(kept: { field: string; start: number | null; end: number | null } | null): void {
    if (kept === null || this.host.contains(document.activeElement)) return;
    const el = kept.field === "" ? null : marked(this.host, "field", kept.field);
    const target = el ?? this.host.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
    target?.focus({ preventScroll: true });
    if ((target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && kept.start !== null) {
      try {
        target.setSelectionRange(kept.start, kept.end);
      } catch {
        // Checkboxes have no caret.
      }
    }
  }
}

function nameOf(details: HTMLDetailsElement): string {
  const summary = details.querySelector("summary");
  return summary?.dataset.field ?? summary?.textContent ?? "";
}

/** The element whose data attribute has a value; any text may stand in it. */
function marked(host: HTMLElement, name: "field" | "fieldRoot", value: string): HTMLElement | null {
  const all = host.querySelectorAll<HTMLElement>(name === "field" ? "[data-field]" : "[data-field-root]");
  return [...all].find((el) => el.dataset[name] === value) ?? null;
}
