// The tab that tries a state by itself: what it gets, what answers it, and what becomes of it.
import type { Api, Refused, Tested } from "../api";
import { isHuman } from "../edit/human";
import { h, icon } from "./dom";
import { more, numberField, parseJSON, row, selectField, setError, textField } from "./fields";
import type { Form } from "./form";
import { type Answers, answersOf, request } from "./test-request";
import { failureNote, resultParts } from "./test-result";
import { type AnswerKind, type Trial, Trials, untried } from "./trials";

/** What a test came to, and the text of the definition it was about. */
interface Outcome {
  tested: Tested;
  text: string;
}

export interface Testing {
  api: Pick<Api, "testState">;
  storage: Pick<Storage, "getItem" | "setItem">;
  /** The sample input of the workflow: what a state is tried with at first. */
  sample(): string;
}

export class TestTab {
  #trials: Trials;
  #outcomes = new Map<string, Outcome>();
  #running: { state: string; stop: AbortController } | null = null;
  /** The part below the button, while it is on the page. */
  #below: { state: string; host: HTMLElement; status: HTMLElement; button: HTMLButtonElement } | null = null;

  constructor(
    workflow: string,
    readonly parts: Testing,
  ) {
    this.#trials = new Trials(workflow, parts.storage);
  }

  renamed(from: string, to: string): void {
    this.#trials.rename(from, to);
    const outcome = this.#outcomes.get(from);
    if (outcome) this.#outcomes.set(to, outcome);
  }

  fields(form: Form): HTMLElement[] {
    const who = answersOf(form.json);
    const kept = this.#trials.of(form.id) ?? { ...untried, input: this.parts.sample() };
    const answer: AnswerKind = who === "stand-in" && kept.answer === "real" ? "result" : kept.answer;
    const trial: Trial = { ...kept, answer };
    const set = (change: Partial<Trial>): void => {
      Object.assign(trial, change);
      this.#trials.keep(form.id, trial);
    };
    const root = h("form", { class: "trial", novalidate: true, "aria-label": `Test of ${form.state.name}` });
    root.addEventListener("submit", (e) => {
      e.preventDefault();
      if (this.#running?.state === form.id) this.#running.stop.abort();
      else void this.#run(form, root, trial, who);
    });
    root.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
      e.preventDefault();
      root.requestSubmit();
    });
    root.append(
      json(
        "test:input",
        "Input",
        trial.input,
        3,
        "{}",
        (t) => set({ input: t }),
        "What the state gets. Kept in this browser, not in the workflow.",
      ),
      ...this.#answer(form, trial, who, set),
      this.#around(form, trial, who, set),
      this.#button(form),
    );
    return [root, this.#result(form)];
  }

  /** What stands in for the work of the state. */
  #answer(form: Form, trial: Trial, who: Answers, set: (change: Partial<Trial>) => void): HTMLElement[] {
    if (who === "nobody") return [];
    const choices = [
      ...(who === "world" ? [{ value: "real", label: "The real thing: it is called" }] : []),
      { value: "result", label: "A result that I give" },
      { value: "error", label: "An error that I give" },
    ];
    const body = h("div", { class: "stack-s" });
    const draw = (): void => {
      if (trial.answer === "real") body.replaceChildren();
      else if (trial.answer === "result") {
        const like = resultLike(form);
        body.replaceChildren(
          json("test:result", "Result", trial.result, 3, like, (t) => set({ result: t }), resultHint(form)),
        );
      } else
        body.replaceChildren(
          row(
            text("test:error", "Error", trial.error, "States.TaskFailed", (t) => set({ error: t }), true),
            text("test:cause", "Cause", trial.cause, "", (t) => set({ cause: t })),
          ),
        );
    };
    draw();
    const select = selectField(
      { key: "test:answer", label: "Answered by", hint: whyStandIn(form, who), value: trial.answer, choices },
      (v) => {
        set({ answer: v as AnswerKind });
        draw();
      },
    );
    return [select, body];
  }

  /** What few tests need. */
  #around(form: Form, trial: Trial, who: Answers, set: (change: Partial<Trial>) => void): HTMLElement {
    const type = form.state.type;
    const used = trial.variables !== "" || trial.context !== "" || trial.attempts > 0 || trial.failures > 0;
    const whole = { min: 0, max: 99_999_999, whole: true };
    return more(
      "Variables and what came before",
      used || trial.items !== "",
      json("test:variables", "Variables", trial.variables, 1, '{ "name": "value" }', (t) => set({ variables: t })),
      who !== "nobody" &&
        json(
          "test:context",
          "Context object",
          trial.context,
          1,
          '{ "Execution": { "Name": "…" } }',
          (t) => set({ context: t }),
          "Only with a result or an error that you give.",
        ),
      form.list(["Retry"]).length > 0 &&
        numberField(
          { ...whole, key: "test:attempts", label: "Attempts made again so far", value: trial.attempts },
          (n) => set({ attempts: n ?? 0 }),
        ),
      type === "Map" &&
        numberField({ ...whole, key: "test:failures", label: "Items that failed", value: trial.failures }, (n) =>
          set({ failures: n ?? 0 }),
        ),
      form.at(["ItemReader"]) !== undefined &&
        text("test:items", "What the reader finds", trial.items, "[1, 2, 3]", (t) => set({ items: t }), false, true),
      who !== "nobody" &&
        type === "Task" &&
        selectField(
          {
            key: "test:mode",
            label: "Hold the result against the service",
            value: trial.mode,
            choices: [
              { value: "STRICT", label: "All of it" },
              { value: "PRESENT", label: "What is there" },
              { value: "NONE", label: "Not at all" },
            ],
          },
          (v) => set({ mode: v }),
        ),
    );
  }

  #button(form: Form): HTMLElement {
    const status = h("p", { class: "hint grow", role: "status" });
    const button = h("button", { type: "submit", class: "btn btn-primary", "data-field": "test:run" });
    const host = h("div", { class: "trial-result" });
    this.#below = { state: form.id, host, status, button };
    this.#look();
    return h("div", { class: "trial-run" }, button, status);
  }

  #result(form: Form): HTMLElement {
    const host = this.#below!.host;
    const outcome = this.#outcomes.get(form.id);
    if (outcome) host.replaceChildren(...resultParts(outcome.tested, outcome.text !== form.doc.text));
    return host;
  }

  /** The button runs, and stops what runs. */
  #look(): void {
    const below = this.#below;
    if (!below) return;
    const busy = this.#running?.state === below.state;
    below.button.classList.toggle("btn-primary", !busy);
    below.button.replaceChildren(icon(busy ? "circle-stop" : "play"), busy ? "Stop" : "Run test");
    below.button.title = busy ? "" : "Ctrl Enter";
  }

  async #run(form: Form, root: HTMLElement, trial: Trial, who: Answers): Promise<void> {
    if (this.#running) this.#running.stop.abort();
    if (!check(root)) return;
    this.#trials.keep(form.id, trial);
    const stop = new AbortController();
    const mine = { state: form.id, stop };
    this.#running = mine;
    this.#look();
    this.#say(form.id, "Testing");
    const text = form.doc.text;
    const answer = await this.parts.api.testState(request(form, trial, who), stop.signal);
    if (this.#running === mine) this.#running = null;
    this.#look();
    if (answer === null) return this.#say(form.id, "Stopped");
    if (answer.kind === "away") return this.#say(form.id, "The server is away. Try again soon.");
    if (answer.kind === "refused") return this.#refused(form.id, answer);
    this.#outcomes.set(form.id, { tested: answer, text });
    const below = this.#below;
    if (below?.state === form.id) {
      below.host.replaceChildren(...resultParts(answer, false));
      // Whoever pressed the button looks at what comes below it; whoever types stays where they type.
      if (document.activeElement === below.button) below.button.scrollIntoView({ block: "start" });
    }
    this.#say(form.id, words(answer));
  }

  #say(state: string, message: string): void {
    if (this.#below?.state === state) this.#below.status.textContent = message;
  }

  /** Shows why nothing was tested, at the field that is wrong where there is one. */
  #refused(state: string, answer: Refused): void {
    const below = this.#below;
    if (below?.state !== state) return;
    this.#outcomes.delete(state);
    below.host.replaceChildren();
    below.status.textContent = "";
    const root = below.button.form;
    const control = fieldsOf[answer.field]
      ?.map((key) => root?.querySelector<HTMLElement>(`[data-field="${key}"]`) ?? null)
      .find((el) => el !== null);
    if (!control) {
      below.host.replaceChildren(failureNote("This cannot be tested", answer.message));
      below.status.textContent = "Not tested";
      return;
    }
    const fold = control.closest("details");
    if (fold) fold.open = true;
    setError(control, answer.message);
    control.focus();
  }
}

/** The field that a parameter of the request comes from. */
const fieldsOf: Record<string, string[]> = {
  input: ["test:input"],
  mock: ["test:result", "test:error"],
  variables: ["test:variables"],
  context: ["test:context"],
  stateConfiguration: ["test:failures", "test:attempts"],
};

function words(t: Tested): string {
  switch (t.status) {
    case "SUCCEEDED":
      return t.next === "" ? "Succeeded" : `Succeeded, goes on to ${t.next}`;
    case "CAUGHT_ERROR":
      return `Caught, goes on to ${t.next}`;
    case "RETRIABLE":
      return "Failed, would try again";
    case "FAILED":
      return "Failed";
  }
}

/** Whether every field that must be JSON is JSON; the first one that is not gets the caret. */
function check(root: HTMLElement): boolean {
  for (const control of root.querySelectorAll<HTMLTextAreaElement>("textarea[data-json]")) {
    if (control.value.trim() === "") continue;
    const parsed = parseJSON(control.value);
    if (parsed.problem === null) continue;
    setError(control, parsed.problem);
    const fold = control.closest("details");
    if (fold) fold.open = true;
    control.focus();
    control.setSelectionRange(parsed.offset, Math.min(control.value.length, parsed.offset + 1));
    return false;
  }
  return true;
}

/** A field for JSON that is kept as text. */
function json(
  key: string,
  label: string,
  value: string,
  rows: number,
  placeholder: string,
  commit: (text: string) => void,
  hint?: string,
): HTMLElement {
  const root = textField(
    {
      key,
      label,
      hint,
      placeholder,
      value,
      mono: true,
      long: true,
      check: (t) => (t.trim() === "" ? null : parseJSON(t).problem),
    },
    commit,
  );
  const control = root.querySelector("textarea")!;
  control.rows = rows;
  control.dataset.json = "";
  return root;
}

function text(
  key: string,
  label: string,
  value: string,
  placeholder: string,
  commit: (text: string) => void,
  required = false,
  long = false,
): HTMLElement {
  return textField({ key, label, value, placeholder, required, long, mono: long }, commit);
}

function whyStandIn(form: Form, who: Answers): string | undefined {
  if (who === "world") return undefined;
  if (isHuman(form.json)) return "Nobody is asked in a test, so say how they decide.";
  switch (form.state.type) {
    case "Parallel":
      return "Branches do not run in a test, so say what they come to.";
    case "Map":
      return "Items do not run in a test, so say what they come to.";
    default:
      return "A test does not wait for this, so say what it comes to.";
  }
}

/** What a result of this state looks like. */
function resultLike(form: Form): string {
  if (isHuman(form.json)) return '{ "Outcome": "Approve", "Form": {} }';
  if (form.state.type === "Parallel")
    return `[${form
      .list(["Branches"])
      .map(() => "{}")
      .join(", ")}]`;
  return form.state.type === "Map" ? "[1, 2, 3]" : "{}";
}

function resultHint(form: Form): string | undefined {
  if (form.state.type === "Parallel") return "A list with one value for each branch.";
  return form.state.type === "Map" ? "A list with one value for each item." : undefined;
}
