// Run and Publish: the two ways in which a draft goes out.
import type { Api, Refused } from "../api";
import type { Keeper } from "../doc/keeper";
import { addressPart } from "../live/words";
import { h, icon } from "./dom";
import { parseJSON } from "./fields";
import type { Problems } from "./problems";
import { countWords } from "./problems";
import { whyNotSaved } from "./publish";
import type { Session } from "./session";

export interface RunParts {
  dialog: HTMLDialogElement;
  button: HTMLElement;
  session: Session;
  keeper: Keeper;
  api: Api;
  problems: Problems;
  go(location: string): void;
  /** Asks which of two versions is right. */
  conflict(): void;
}

export class RunDialog {
  #form: HTMLFormElement;
  #input: HTMLTextAreaElement;
  #name: HTMLInputElement | null;
  #of: HTMLSelectElement | null;
  #error = h("p", { class: "error", id: "run-input-error", role: "alert", hidden: true });
  #busy = false;

  constructor(readonly parts: RunParts) {
    const { dialog, button } = parts;
    this.#form = dialog.querySelector("form")!;
    this.#input = dialog.querySelector<HTMLTextAreaElement>("textarea[name=input]")!;
    this.#name = dialog.querySelector<HTMLInputElement>("input[name=name]");
    this.#of = dialog.querySelector<HTMLSelectElement>("select[name=of]");
    this.#input.closest(".field")?.append(this.#error);
    this.#input.setAttribute(
      "aria-describedby",
      `${this.#input.getAttribute("aria-describedby") ?? ""} run-input-error`.trim(),
    );
    button.removeAttribute("commandfor");
    button.removeAttribute("command");
    button.addEventListener("click", () => this.open());
    this.#input.addEventListener("input", () => {
      this.#check(false);
      parts.keeper.setInput(this.#input.value);
    });
    this.#form.addEventListener("submit", (e) => {
      if ((e.submitter as HTMLButtonElement | null)?.value === "cancel") return;
      e.preventDefault();
      void this.#submit();
    });
  }

  open(): void {
    const { session, problems, dialog } = this.parts;
    const errors = session.errorCount;
    if ((session.doc.stale || errors > 0) && this.#of === null) {
      const why = session.doc.stale
        ? "The code has a mistake, so this cannot start. Mend it first."
        : `This cannot start yet: ${countWords(errors, 0)} to mend first.`;
      session.say(why, "failed", { label: "Show", run: () => problems.show(true) });
      problems.show(true);
      return;
    }
    this.#refuse("");
    if (!dialog.open) dialog.showModal();
    this.#input.focus();
    this.#input.setSelectionRange(0, 0);
    this.#check(false);
  }

  #check(move: boolean): boolean {
    const text = this.#input.value;
    const parsed = text.trim() === "" ? null : parseJSON(text);
    const problem = parsed?.problem ?? null;
    this.#error.hidden = problem === null;
    this.#error.replaceChildren(...(problem === null ? [] : [icon("circle-alert"), h("span", null, problem)]));
    if (problem === null) this.#input.removeAttribute("aria-invalid");
    else this.#input.setAttribute("aria-invalid", "true");
    if (move && parsed && parsed.problem !== null) {
      this.#input.focus();
      this.#input.setSelectionRange(parsed.offset, Math.min(text.length, parsed.offset + 1));
    }
    return problem === null;
  }

  async #submit(): Promise<void> {
    const { keeper, api, session } = this.parts;
    if (this.#busy || !this.#check(true)) return;
    this.#busy = true;
    this.#refuse("");
    try {
      const input = this.#input.value.trim() === "" ? "{}" : this.#input.value;
      keeper.setInput(input);
      if (!(await keeper.flush())) {
        if (keeper.state.kind === "conflict") {
          this.parts.dialog.close();
          this.parts.conflict();
        } else {
          this.#refuse(`Not started: ${whyNotSaved(keeper)}`);
        }
        return;
      }
      const answer = await api.run(
        this.#form.getAttribute("action") || `/workflows/${addressPart(session.name)}/run`,
        input,
        this.#name?.value.trim() ?? "",
        this.#of?.value ?? "",
      );
      if (answer.kind === "started") return this.parts.go(answer.location);
      if (answer.kind === "away") this.#refuse("The server is away, so this cannot start now. Try again soon.");
      else this.#refused(answer);
    } finally {
      this.#busy = false;
    }
  }

  #refused(answer: Refused): void {
    const { session, problems, dialog } = this.parts;
    if (answer.problems.length > 0) {
      dialog.close();
      session.setProblems(answer.problems);
      session.say(answer.message, "failed");
      problems.show(true);
    } else if (answer.field === "input") {
      this.#error.hidden = false;
      this.#error.replaceChildren(icon("circle-alert"), h("span", null, answer.message));
      this.#input.setAttribute("aria-invalid", "true");
      this.#input.focus();
    } else {
      this.#refuse(answer.message);
      if (answer.field === "name") this.#name?.focus();
    }
  }

  #refuse(message: string): void {
    const box = document.getElementById("run-error");
    const text = document.getElementById("run-error-text") ?? box;
    if (!box || !text) {
      if (message !== "") this.parts.session.say(message, "failed");
      return;
    }
    box.hidden = message === "";
    text.textContent = message;
  }
}
