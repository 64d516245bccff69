import { describe, expect, it } from "vitest";
import { Doc } from "./doc";
import { Keeper, keptDraft, keptHistory, type SaveAnswer } from "./keeper";

class Memory {
  map = new Map<string, string>();
  getItem = (k: string): string | null => this.map.get(k) ?? null;
  setItem = (k: string, v: string): void => void this.map.set(k, v);
  removeItem = (k: string): void => void this.map.delete(k);
}

class ManualClock {
  now = 0;
  #waiting: { at: number; run: () => void }[] = [];
  after(ms: number, run: () => void): () => void {
    const entry = { at: this.now + ms, run };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((e) => e !== entry);
    };
  }
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = this.#waiting.filter((e) => e.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.now = next.at;
      this.#waiting = this.#waiting.filter((e) => e !== next);
      next.run();
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
    this.now = end;
  }
}

const start = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}';

function setup(answers: SaveAnswer[]) {
  const doc = new Doc(start);
  const storage = new Memory();
  const clock = new ManualClock();
  const sent: { text: string; base: number }[] = [];
  const send = async (d: { text: string; base: number }): Promise<SaveAnswer> => {
    sent.push(d);
    return answers.shift() ?? { kind: "saved", revision: 100 + sent.length };
  };
  const keeper = new Keeper(doc, { name: "w", revision: 1, text: start, input: "{}", send, storage, clock });
  const edit = (n: number): void => void doc.transact(`e${n}`, (tx) => tx.set(["Comment"], `c${n}`));
  return { doc, storage, clock, sent, keeper, edit };
}

describe("keeper", () => {
  it("saves within a second, also while typing goes on", async () => {
    const { clock, sent, keeper, edit } = setup([]);
    for (let i = 0; i < 12; i++) {
      edit(i);
      await clock.pass(100);
    }
    expect(sent.length).toBeGreaterThanOrEqual(1);
    await clock.pass(1000);
    expect(sent.at(-1)?.text).toContain("c11");
    expect(keeper.state.kind).toBe("saved");
    expect(keeper.dirty).toBe(false);
  });

  it("keeps a copy until the server has it, and goes on trying", async () => {
    const { doc, storage, clock, sent, keeper, edit } = setup([{ kind: "away" }, { kind: "away" }]);
    edit(1);
    expect(keptDraft(storage, "w")?.text).toBe(doc.text);
    await clock.pass(700);
    expect(keeper.state.kind).toBe("offline");
    expect(keptDraft(storage, "w")?.text).toBe(doc.text);
    edit(2);
    await clock.pass(5000);
    expect(keeper.state.kind).toBe("saved");
    expect(sent).toHaveLength(3);
    expect(keptDraft(storage, "w")).toBeNull();
  });

  it("shows a conflict and loses neither side", async () => {
    const theirs = start.replace("Pass", "Succeed");
    const { doc, clock, sent, keeper, edit } = setup([{ kind: "conflict", revision: 7, text: theirs }]);
    edit(1);
    const mine = doc.text;
    await clock.pass(1000);
    expect(keeper.state).toEqual({ kind: "conflict", theirs, revision: 7 });
    edit(2);
    await clock.pass(5000);
    expect(sent).toHaveLength(1);
    doc.undo();
    keeper.takeTheirs();
    expect(doc.text).toBe(theirs);
    doc.undo();
    expect(doc.text).toBe(mine);
    await clock.pass(1000);
    expect(sent.at(-1)).toMatchObject({ text: mine, base: 7 });
  });

  it("lets this side win when asked", async () => {
    const { clock, sent, keeper, edit, doc } = setup([{ kind: "conflict", revision: 7, text: "{}" }]);
    edit(1);
    await clock.pass(1000);
    keeper.keepMine();
    await clock.pass(1000);
    expect(sent.at(-1)).toMatchObject({ text: doc.text, base: 7 });
    expect(keeper.state.kind).toBe("saved");
    doc.undo();
    expect(doc.text).toBe("{}");
  });

  it("takes an answer that got lost for what it was", async () => {
    const { clock, keeper, edit, doc } = setup([{ kind: "away" }]);
    edit(1);
    await clock.pass(700);
    const lost = doc.text;
    const { clock: c2, keeper: k2, doc: d2 } = setup([{ kind: "conflict", revision: 9, text: lost }]);
    d2.replace(lost, "x");
    await c2.pass(700);
    expect(k2.state.kind).toBe("saved");
    expect(k2.revision).toBe(9);
    await clock.pass(5000);
    expect(keeper.dirty).toBe(false);
  });

  it("keeps the undo history beside the text", async () => {
    const { doc, storage, clock, edit } = setup([]);
    edit(1);
    await clock.pass(300);
    const again = new Doc(doc.text);
    expect(again.restore(keptHistory(storage, "w")!)).toBe(true);
    again.undo();
    expect(again.text).toBe(start);
  });

  it("takes up what an earlier page left open", async () => {
    const mine = start.replace("Pass", "Succeed");
    const { doc, clock, sent, keeper } = setup([]);
    doc.replace(mine, "kept");
    keeper.resume({ text: mine, input: "{}", base: 1, open: true }, { text: start, revision: 1 });
    await clock.pass(1000);
    expect(sent.at(-1)).toMatchObject({ text: mine, base: 1 });
    const other = setup([]);
    other.keeper.resume({ text: mine, input: "{}", base: 1, open: true }, { text: "{}", revision: 4 });
    expect(other.keeper.state.kind).toBe("conflict");
    const lost = setup([]);
    lost.keeper.resume({ text: mine, input: "{}", base: 1, open: true, sent: "{}" }, { text: "{}", revision: 4 });
    expect(lost.keeper.state.kind).not.toBe("conflict");
  });

  it("waits for a running save before the next", async () => {
    const { clock, sent, keeper, edit } = setup([]);
    edit(1);
    await clock.pass(650);
    edit(2);
    expect(await keeper.flush()).toBe(true);
    expect(sent.at(-1)?.text).toContain("c2");
  });
});
