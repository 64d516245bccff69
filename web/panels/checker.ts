// Asks the server's validator while the text changes. JSON that cannot be read
// is told at once, from here, without asking.
import type { Api } from "../api";
import { positionOf } from "./problems";
import type { Problem, Session } from "./session";

const pause = 120;

export class Checker {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly session: Session,
    readonly api: Pick<Api, "validate">,
  ) {
    session.on("change", () => {
      clearTimeout(this.#timer);
      if (session.doc.stale) session.setProblems(mistakes(session));
      else this.#timer = setTimeout(() => void this.#ask(), pause);
    });
  }

  now(): void {
    if (this.session.doc.stale) this.session.setProblems(mistakes(this.session));
    else void this.#ask();
  }

  async #ask(): Promise<void> {
    const { text } = this.session.doc;
    const problems = await this.api.validate(text);
    // A newer text has its own question under way.
    if (problems !== null && text === this.session.doc.text) this.session.setProblems(problems);
  }
}

function mistakes(session: Session): Problem[] {
  const { doc } = session;
  return doc.mistakes.map((m) => {
    const from = positionOf(doc.text, m.offset);
    const to = positionOf(doc.text, m.offset + Math.max(1, m.length));
    return {
      severity: "ERROR",
      code: "INVALID_JSON",
      message: `${m.message}, line ${from.line}, column ${from.column}`,
      location: "",
      ...from,
      endLine: to.line,
      endColumn: to.column,
      state: "",
      field: "",
    };
  });
}
