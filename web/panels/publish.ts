// The word beside the name (draft, saved, published, offline), and Publish.
import type { Api } from "../api";
import type { Keeper, KeepState } from "../doc/keeper";
import { countWords, type Problems } from "./problems";
import type { Session } from "./session";

export interface PublishParts {
  button: HTMLElement | null;
  badge: HTMLElement | null;
  session: Session;
  keeper: Keeper;
  api: Api;
  problems: Problems;
  publishedText: string;
  /** Asks which of two versions is right. */
  conflict(): void;
}

export class Publisher {
  #published: string;
  #busy = false;

  constructor(readonly parts: PublishParts) {
    this.#published = parts.publishedText;
    parts.button?.addEventListener("click", () => void this.#publish());
    parts.keeper.on(() => this.#draw());
    parts.session.on("change", () => this.#draw());
    this.#draw();
  }

  async #publish(): Promise<void> {
    const { session, keeper, api, problems } = this.parts;
    const errors = session.errorCount;
    if (session.doc.stale || errors > 0) {
      session.say(
        session.doc.stale
          ? "The code has a mistake. Mend it, then publish."
          : `Not published: ${countWords(errors, 0)} to mend first.`,
        "failed",
      );
      problems.show(true);
      return;
    }
    if (this.#busy) return;
    this.#busy = true;
    try {
      const text = session.doc.text;
      if (!(await keeper.flush())) {
        if (keeper.state.kind === "conflict") this.parts.conflict();
        else session.say(`Not published: ${whyNotSaved(keeper)}`, "failed");
        return;
      }
      const answer = await api.publish();
      if (answer.kind === "published") {
        this.#published = text;
        session.say("Published. New executions use this version.", "succeeded");
      } else if (answer.kind === "away") {
        session.say("Not published: the server is away. Try again soon.", "failed");
      } else {
        if (answer.problems.length > 0) session.setProblems(answer.problems);
        session.say(answer.message, "failed");
        problems.show(answer.problems.length > 0);
      }
    } finally {
      this.#busy = false;
      this.#draw();
    }
  }

  #draw(): void {
    const { badge, button, keeper, session } = this.parts;
    const published = session.doc.text === this.#published && this.#published !== "";
    button?.toggleAttribute("disabled", published);
    if (!badge) return;
    const text = words(keeper.state, published);
    if (badge.textContent !== text) badge.textContent = text;
    const tone = {
      saved: published ? "succeeded" : "idle",
      waiting: "idle",
      saving: "idle",
      offline: "caught",
      refused: "failed",
      conflict: "failed",
    }[keeper.state.kind];
    badge.className = `badge badge-${tone} save-state`;
    // Saving is the rule and is not read aloud; what is not saved is.
    badge.setAttribute("aria-live", ["saved", "waiting", "saving"].includes(keeper.state.kind) ? "off" : "polite");
  }
}

/** Why the draft did not reach the server, and what that means. */
export function whyNotSaved(keeper: Keeper): string {
  if (keeper.state.kind === "refused") return `the draft was not saved. ${keeper.state.message}`;
  return "the server is away. Your work is kept in this browser; try again soon.";
}

function words(state: KeepState, published: boolean): string {
  switch (state.kind) {
    case "saved":
      return published ? "Published" : "Draft · saved";
    case "waiting":
    case "saving":
      return "Draft · saving";
    case "offline":
      return "Draft · offline, kept in this browser";
    case "refused":
      return "Draft · not saved, kept in this browser";
    case "conflict":
      return "Draft · changed elsewhere";
  }
}
