// Nothing is lost: every change is written into this browser at once and to the
// server within a second. What the server has not acknowledged stays here, and
// is there again after a reload, a crash, or a server that was away.
import type { Doc } from "./doc";

export interface Answer {
  kind: "saved" | "conflict" | "refused" | "away";
}

export interface SavedAnswer extends Answer {
  kind: "saved";
  revision: number;
}

export interface ConflictAnswer extends Answer {
  kind: "conflict";
  revision: number;
  text: string;
}

export interface RefusedAnswer extends Answer {
  kind: "refused";
  message: string;
}

export type SaveAnswer = SavedAnswer | ConflictAnswer | RefusedAnswer | (Answer & { kind: "away" });

export type Send = (draft: { text: string; input: string; base: number }, keepalive: boolean) => Promise<SaveAnswer>;

export type KeepState =
  | { kind: "saved" }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "refused"; message: string }
  | { kind: "conflict"; theirs: string; revision: number };

/** What is kept in this browser for one workflow. */
export interface Kept {
  text: string;
  input: string;
  base: number;
  /** Not acknowledged by the server. */
  open: boolean;
  /** The text that was on its way to the server when the page went, if any. */
  sent?: string;
}

export interface Clock {
  after(ms: number, run: () => void): () => void;
}

const pause = 600;
const backoff = [1000, 2000, 4000, 8000, 15_000];

export class Keeper {
  state: KeepState = { kind: "saved" };
  input: string;
  #revision: number;
  #acknowledged: string;
  #acknowledgedInput: string;
  #cancel: (() => void) | null = null;
  #cancelUndo: (() => void) | null = null;
  #sending = false;
  #failures = 0;
  #sent: string | null = null;
  #listeners = new Set<(state: KeepState, answer?: SaveAnswer) => void>();

  constructor(
    readonly doc: Doc,
    readonly options: {
      name: string;
      revision: number;
      text: string;
      input: string;
      send: Send;
      storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
      clock: Clock;
    },
  ) {
    this.#revision = options.revision;
    this.#acknowledged = options.text;
    this.#acknowledgedInput = options.input;
    this.input = options.input;
    doc.on(() => this.#changed());
  }

  on(listen: (state: KeepState, answer?: SaveAnswer) => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  get dirty(): boolean {
    return this.doc.text !== this.#acknowledged || this.input !== this.#acknowledgedInput;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Takes up what an earlier page left open: text that the server does not have yet. */
  resume(kept: Kept, server: { text: string; revision: number }): void {
    this.input = kept.input;
    const known = kept.base === server.revision || kept.sent === server.text || kept.text === server.text;
    if (!known) {
      this.#become({ kind: "conflict", theirs: server.text, revision: server.revision });
      this.#keep(true);
    } else {
      this.#changed();
    }
  }

  /** What an earlier page left open has arrived: nothing is kept of it. */
  forget(): void {
    this.#keep(false);
  }

  setInput(input: string): void {
    if (input === this.input) return;
    this.input = input;
    this.#changed();
  }

  /** Saves now: on blur, before publishing, when the page goes. */
  async flush(keepalive = false): Promise<boolean> {
    this.#cancel?.();
    this.#cancel = null;
    if (this.state.kind === "conflict") return false;
    while (this.#sending && !keepalive) await new Promise<void>((done) => this.#once(done));
    if (this.dirty) await this.#save(keepalive);
    return !this.dirty;
  }

  /** After a conflict: this text wins over theirs, which is a step of undo away. */
  keepMine(): void {
    if (this.state.kind !== "conflict") return;
    const { theirs, revision } = this.state;
    const mine = this.doc.text;
    this.#revision = revision;
    this.#become({ kind: "waiting" });
    this.doc.replace(theirs, "The other version");
    this.doc.replace(mine, "Keep this version");
    this.#later(0);
  }

  /** After a conflict: their text, with this one a step of undo away. */
  takeTheirs(): void {
    if (this.state.kind !== "conflict") return;
    const { theirs, revision } = this.state;
    this.#revision = revision;
    this.#acknowledged = theirs;
    this.#become({ kind: "saved" });
    this.doc.replace(theirs, "Take the other version");
    this.#keep(this.dirty);
  }

  #changed(): void {
    this.#keep(true);
    if (this.state.kind === "conflict") return;
    if (!this.dirty) {
      this.#become({ kind: "saved" });
      this.#keep(false);
      return;
    }
    if (this.state.kind !== "offline" && !this.#sending) this.#become({ kind: "waiting" });
    if (!this.#sending && this.state.kind !== "offline") this.#later(pause);
  }

  #later(ms: number): void {
    // A pause that already runs is kept: a change is saved within it, however long the typing goes on.
    if (ms === pause && this.#cancel) return;
    this.#cancel?.();
    this.#cancel = this.options.clock.after(ms, () => {
      this.#cancel = null;
      void this.#save(false);
    });
  }

  async #save(keepalive: boolean): Promise<void> {
    if (this.#sending && !keepalive) return;
    const text = this.doc.text;
    const input = this.input;
    this.#sending = true;
    const before = this.#sent;
    this.#sent = text;
    this.#keep(true);
    if (this.state.kind !== "offline") this.#become({ kind: "saving" });
    const answer = await this.options.send({ text, input, base: this.#revision }, keepalive);
    this.#sending = false;
    if (answer.kind === "conflict" && before !== null && answer.text === before) {
      // The server has what this page sent just before: its answer was lost or is late.
      this.#revision = answer.revision;
      this.#acknowledged = before;
      this.#become({ kind: "waiting" });
      this.#later(0);
      return;
    }
    this.#settle(answer, text, input);
  }

  #settle(answer: SaveAnswer, text: string, input: string): void {
    switch (answer.kind) {
      case "saved":
        this.#failures = 0;
        this.#revision = answer.revision;
        this.#acknowledged = text;
        this.#acknowledgedInput = input;
        this.#keep(this.dirty);
        this.#become(this.dirty ? { kind: "waiting" } : { kind: "saved" }, answer);
        if (this.dirty) this.#later(pause);
        return;
      case "conflict":
        if (answer.text === text) {
          // The very same text was saved by an answer that got lost.
          this.#settle({ kind: "saved", revision: answer.revision }, text, input);
          return;
        }
        this.#become({ kind: "conflict", theirs: answer.text, revision: answer.revision }, answer);
        return;
      case "refused":
        this.#become({ kind: "refused", message: answer.message }, answer);
        return;
      case "away": {
        const wait = backoff[Math.min(this.#failures, backoff.length - 1)]!;
        this.#failures++;
        this.#become({ kind: "offline" }, answer);
        this.#later(wait);
      }
    }
  }

  #become(state: KeepState, answer?: SaveAnswer): void {
    this.state = state;
    for (const listen of this.#listeners) listen(state, answer);
  }

  #once(done: () => void): void {
    const off = this.on(() => {
      if (this.#sending) return;
      off();
      done();
    });
  }

  #keep(open: boolean): void {
    const { storage, name } = this.options;
    const kept: Kept = {
      text: this.doc.text,
      input: this.input,
      base: this.#revision,
      open,
      ...(this.#sent === null ? {} : { sent: this.#sent }),
    };
    try {
      if (open) storage.setItem(keptKey(name), JSON.stringify(kept));
      else storage.removeItem(keptKey(name));
    } catch {
      // A full or forbidden storage: the server still gets every change.
    }
    this.#cancelUndo ??= this.options.clock.after(250, () => this.keepHistory());
  }

  /** Writes the undo history into this browser: soon after a change, and when the page goes. */
  keepHistory(): void {
    this.#cancelUndo?.();
    this.#cancelUndo = null;
    const { storage, name } = this.options;
    try {
      storage.setItem(undoKey(name), JSON.stringify(trimmed(this.doc.history())));
    } catch {
      // Undo then ends at the reload.
    }
  }
}

function keptKey(name: string): string {
  return `statehouse.draft.${name}`;
}

function undoKey(name: string): string {
  return `statehouse.undo.${name}`;
}

type History = ReturnType<Doc["history"]>;

/** The history as far as it fits into what browsers keep. */
function trimmed(history: History): History {
  const limit = 1_000_000;
  let size = history.text.length;
  const undo: History["undo"] = [];
  for (const entry of history.undo.toReversed()) {
    size += entry.patches.reduce((sum, p) => sum + p.inserted.length + p.removed.length + 40, 60);
    if (size > limit) break;
    undo.unshift(entry);
  }
  return { text: history.text, undo, redo: size > limit ? [] : history.redo };
}

/** What this browser still has of a workflow that the server has not acknowledged. */
export function keptDraft(storage: Pick<Storage, "getItem">, name: string): Kept | null {
  const v = read(storage, keptKey(name));
  if (typeof v?.text !== "string" || typeof v.input !== "string" || typeof v.base !== "number" || v.open !== true)
    return null;
  return {
    text: v.text,
    input: v.input,
    base: v.base,
    open: true,
    ...(typeof v.sent === "string" ? { sent: v.sent } : {}),
  };
}

/** The undo history that belongs to a text, as it was kept. */
export function keptHistory(storage: Pick<Storage, "getItem">, name: string): History | null {
  const v = read(storage, undoKey(name));
  if (typeof v?.text !== "string" || !Array.isArray(v.undo) || !Array.isArray(v.redo)) return null;
  const good = (e: unknown): boolean => {
    const entry = e as { name?: unknown; patches?: unknown } | null;
    return typeof entry?.name === "string" && Array.isArray(entry.patches) && entry.patches.every(isPatch);
  };
  return v.undo.every(good) && v.redo.every(good) ? ({ text: v.text, undo: v.undo, redo: v.redo } as History) : null;
}

function isPatch(p: unknown): boolean {
  const q = p as { at?: unknown; removed?: unknown; inserted?: unknown } | null;
  return typeof q?.at === "number" && typeof q.removed === "string" && typeof q.inserted === "string";
}

function read(storage: Pick<Storage, "getItem">, key: string): Record<string, unknown> | null {
  try {
    const v: unknown = JSON.parse(storage.getItem(key) ?? "null");
    return typeof v === "object" && v !== null ? (v as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
