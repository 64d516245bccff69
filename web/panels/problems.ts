// The bar below the picture: how many problems there are, and, opened, which.
import { h, icon } from "./dom";
import { fieldOf, type Problem, type Session } from "./session";

export class Problems {
  #open = false;
  #at = -1;
  #bar = h("button", {
    type: "button",
    class: "problems-bar",
    "aria-expanded": "false",
    "aria-controls": "problems-list",
  });
  #list = h("ul", { class: "problems-list scroll", id: "problems-list", hidden: true });
  #news = h("p", { class: "sr-only", role: "status" });

  constructor(
    readonly host: HTMLElement,
    readonly session: Session,
  ) {
    host.classList.add("problems");
    this.#bar.addEventListener("click", () => this.show(!this.#open));
    host.replaceChildren(this.#bar, this.#list, this.#news);
    session.on("problems", () => this.#draw());
    this.#draw();
  }

  show(open: boolean): void {
    this.#open = open && this.session.problems.length > 0;
    this.#bar.setAttribute("aria-expanded", String(this.#open));
    this.#list.hidden = !this.#open;
    if (this.#open) this.#list.querySelector<HTMLElement>("button")?.focus();
  }

  /** Goes to the next problem (F8), or the one before. */
  next(step: 1 | -1): void {
    const all = this.session.problems;
    if (all.length === 0) {
      this.session.say("There are no problems.", "succeeded");
      return;
    }
    this.#at = (this.#at + step + all.length) % all.length;
    this.go(all[this.#at]!);
  }

  go(problem: Problem): void {
    const { session } = this;
    const known = problem.state === "" || session.graph?.states.has(problem.state);
    if (session.doc.stale || !known) {
      session.showCode(offsetOf(session.doc.text, problem.line, problem.column));
      return;
    }
    session.showField(problem.state === "" ? null : problem.state, fieldOf(problem));
  }

  #draw(): void {
    const all = this.session.problems;
    const errors = this.session.errorCount;
    const words = countWords(errors, all.length - errors);
    const tone = errors > 0 ? "failed" : all.length > 0 ? "caught" : "succeeded";
    this.#bar.className = `problems-bar tone-${tone}`;
    this.#bar.replaceChildren(
      icon(errors > 0 ? "circle-alert" : all.length > 0 ? "triangle-alert" : "circle-check"),
      h("span", null, words),
      ...(all.length > 0 ? [icon("chevron-up", "s")] : []),
    );
    this.#bar.toggleAttribute("aria-disabled", all.length === 0);
    if (this.#news.textContent !== words) this.#news.textContent = words;
    this.#list.replaceChildren(...all.map((p) => this.#row(p)));
    if (this.#open && all.length === 0) this.show(false);
  }

  #row(problem: Problem): HTMLElement {
    const error = problem.severity === "ERROR";
    const place = problem.state === "" ? (problem.line > 0 ? `line ${problem.line}` : "the workflow") : problem.state;
    const field = fieldOf(problem);
    return h(
      "li",
      null,
      h(
        "button",
        { type: "button", class: `problem tone-${error ? "failed" : "caught"}`, onclick: () => this.go(problem) },
        icon(error ? "circle-alert" : "triangle-alert"),
        h(
          "span",
          { class: "problem-words" },
          h("span", { class: "sr-only" }, error ? "Error: " : "Advice: "),
          problem.message,
        ),
        h(
          "span",
          { class: "problem-place muted" },
          field === "" || problem.state === "" ? place : `${place} · ${field}`,
        ),
      ),
    );
  }
}

export function countWords(errors: number, advice: number): string {
  const parts: string[] = [];
  if (errors > 0) parts.push(`${errors} ${errors === 1 ? "problem" : "problems"}`);
  if (advice > 0) parts.push(`${advice} ${advice === 1 ? "piece" : "pieces"} of advice`);
  return parts.length === 0 ? "No problems" : parts.join(", ");
}

/** The offset of a line and column, both from 1. */
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const eol = text.indexOf("\n", at);
    if (eol < 0) return text.length;
    at = eol + 1;
  }
  return Math.min(text.length, at + Math.max(0, column - 1));
}

export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
