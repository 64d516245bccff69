// What people try a state with. It belongs to the person, not to the workflow: it is kept
// in this browser, state by state.

export type AnswerKind = "real" | "result" | "error";

export interface Trial {
  input: string;
  answer: AnswerKind;
  result: string;
  error: string;
  cause: string;
  variables: string;
  context: string;
  attempts: number;
  failures: number;
  items: string;
  mode: string;
}

export const untried: Trial = {
  input: "",
  answer: "real",
  result: "",
  error: "",
  cause: "",
  variables: "",
  context: "",
  attempts: 0,
  failures: 0,
  items: "",
  mode: "STRICT",
};

/** Browsers keep about five million characters for a whole site. */
const most = 400_000;

export class Trials {
  #all: Map<string, Trial>;

  constructor(
    readonly workflow: string,
    readonly storage: Pick<Storage, "getItem" | "setItem">,
  ) {
    this.#all = read(storage, this.#key);
  }

  get #key(): string {
    return `statehouse.trials.${this.workflow}`;
  }

  of(state: string): Trial | undefined {
    return this.#all.get(state);
  }

  keep(state: string, trial: Trial): void {
    this.#all.delete(state);
    this.#all.set(state, trial);
    let text = JSON.stringify([...this.#all]);
    // The states that were tried last stay.
    for (const old of [...this.#all.keys()]) {
      if (text.length <= most || old === state) break;
      this.#all.delete(old);
      text = JSON.stringify([...this.#all]);
    }
    try {
      this.storage.setItem(this.#key, text);
    } catch {
      // A full or forbidden storage: it holds for this page.
    }
  }

  /** A state has another name now. */
  rename(from: string, to: string): void {
    const trial = this.#all.get(from);
    if (!trial) return;
    this.#all.delete(from);
    this.keep(to, trial);
  }
}

function read(storage: Pick<Storage, "getItem">, key: string): Map<string, Trial> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? "[]");
    if (!Array.isArray(kept)) return new Map();
    return new Map(
      kept
        .filter((e): e is [string, object] => Array.isArray(e) && typeof e[0] === "string" && isObject(e[1]))
        .map(([state, trial]) => [state, checked(trial as Record<string, unknown>)]),
    );
  } catch {
    return new Map();
  }
}

function checked(from: Record<string, unknown>): Trial {
  const trial: Record<string, unknown> = { ...untried };
  for (const [key, value] of Object.entries(untried)) if (typeof from[key] === typeof value) trial[key] = from[key];
  return trial as unknown as Trial;
}

function isObject(v: unknown): boolean {
  return typeof v === "object" && v !== null;
}
