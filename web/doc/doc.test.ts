import { describe, expect, it } from "vitest";
import { catalog } from "../edit/catalog";
import { setField } from "../edit/fields";
import { insert, insertProblem } from "../edit/insert";
import { addCatcher, addRetrier } from "../edit/lists";
import { wrap } from "../edit/nest";
import { duplicate, move, remove, rename } from "../edit/state";
import { Doc, StaleError } from "./doc";
import { apply, removeEdits, setEdits } from "./json";

const text = `{
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Result": {"n": 1.500, "list": [1,2,  3]}, "Next": "B"},
        "B": {
            "Type": "Choice",
            "Choices": [ { "Variable": "$.x", "IsPresent": true, "Next": "C" } ],
            "Default": "D"
        },
        "C": { "Type": "Wait", "Seconds": 1, "Next": "D" },
        "D": { "Type": "Succeed" }
    }
}`;

/** Small numbers that follow from a seed. */
function dice(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    return (x >>> 8) % below;
  };
}

function randomEdit(doc: Doc, roll: (below: number) => number): void {
  const ids = [...doc.graph!.states.keys()];
  const id = ids[roll(ids.length)];
  const other = ids[roll(ids.length)];
  const item = catalog[roll(catalog.length)]!;
  if (id === undefined || other === undefined) {
    insert(doc, { kind: "start", block: "" }, item);
    return;
  }
  const place = { kind: roll(2) ? "after" : "before", state: other } as const;
  const edits: (() => unknown)[] = [
    () => rename(doc, id, `State ${roll(1e6)}`),
    () => remove(doc, id),
    () => duplicate(doc, id),
    () => move(doc, id, place),
    () => wrap(doc, [id], roll(2) ? "Map" : "Parallel"),
    () => setField(doc, id, ["Comment"], `note ${roll(1e6)}`),
    () => (doc.graph!.states.get(id)?.type === "Task" ? addRetrier(doc, id) : addCatcher(doc, id)),
    () => doc.type([{ from: doc.text.length, to: doc.text.length, insert: "\n" }]),
  ];
  const edit = edits[roll(edits.length + 2)];
  if (edit) edit();
  else if (!insertProblem(doc.graph!, place, item)) insert(doc, place, item);
}

describe("undo", () => {
  it("takes 50 random edits back, byte for byte, and does them again", { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 4; seed++) {
      const roll = dice(seed * 7919);
      let now = 0;
      const doc = new Doc(text, () => (now += 10_000));
      const versions: string[] = [doc.text];
      for (let tries = 0; doc.undoNames.length < 50 && tries < 1000; tries++) {
        const before = doc.undoNames.length;
        try {
          randomEdit(doc, roll);
        } catch (e) {
          expect((e as Error).constructor.name).toBe("EditError");
        }
        expect(doc.stale, `seed ${seed}\n${doc.text}`).toBe(false);
        if (doc.undoNames.length > before) versions.push(doc.text);
      }
      expect(doc.undoNames).toHaveLength(50);
      for (let i = 49; i >= 0; i--) {
        doc.undo();
        expect(doc.text).toBe(versions[i]);
      }
      expect(doc.text).toBe(text);
      for (let i = 1; i <= 50; i++) {
        doc.redo();
        expect(doc.text).toBe(versions[i]);
      }
    }
  });

  it("joins keystrokes that follow each other", () => {
    let now = 0;
    const doc = new Doc(text, () => now);
    for (const letter of "abc") doc.type([{ from: 0, to: 0, insert: letter === "c" ? " " : " " }]);
    expect(doc.undoNames).toEqual(["Edit code"]);
    now += 5000;
    doc.type([{ from: 0, to: 0, insert: "\n" }]);
    expect(doc.undoNames).toHaveLength(2);
    doc.undo();
    doc.undo();
    expect(doc.text).toBe(text);
  });

  it("joins the typing in one field, and not in two", () => {
    const doc = new Doc(text, () => 0);
    setField(doc, "A", ["Comment"], "a", "A/Comment");
    setField(doc, "A", ["Comment"], "ab", "A/Comment");
    setField(doc, "C", ["Comment"], "x", "C/Comment");
    expect(doc.undoNames).toEqual(["Change Comment of A", "Change Comment of C"]);
    doc.mark();
    setField(doc, "C", ["Comment"], "xy", "C/Comment");
    expect(doc.undoNames).toHaveLength(3);
  });

  it("comes back after a reload when the text is the same", () => {
    const doc = new Doc(text);
    rename(doc, "A", "First");
    const kept = JSON.parse(JSON.stringify(doc.history()));
    const again = new Doc(doc.text);
    expect(again.restore(kept)).toBe(true);
    expect(again.undo()).toBe("Rename A to First");
    expect(again.text).toBe(text);
    expect(new Doc(text).restore(kept)).toBe(false);
  });
});

describe("broken code", () => {
  it("keeps the last good graph and lets the canvas wait", () => {
    const doc = new Doc(text);
    doc.type([{ from: text.length - 1, to: text.length, insert: "" }]);
    expect(doc.stale).toBe(true);
    expect(doc.graph?.states.size).toBe(4);
    expect(() => rename(doc, "A", "B2")).toThrow(StaleError);
    doc.type([{ from: text.length - 1, to: text.length - 1, insert: "}" }]);
    expect(doc.stale).toBe(false);
    rename(doc, "A", "A2");
    expect(doc.graph?.states.has("A2")).toBe(true);
  });
});

describe("text edits", () => {
  const run = (t: string, edits: ReturnType<typeof setEdits>): string =>
    edits.toSorted((a, b) => b.from - a.from).reduce(apply, t);

  it.each([
    ['{"a": 1, "b": 2}', ["a"], '{"b": 2}'],
    ['{"a": 1, "b": 2}', ["b"], '{"a": 1}'],
    ['{"a": 1}', ["a"], "{}"],
    ['{\n  "a": 1,\n  "b": 2\n}', ["a"], '{\n  "b": 2\n}'],
    ['{\n  "a": 1,\n  "b": 2\n}', ["b"], '{\n  "a": 1\n}'],
    ["[1, 2, 3]", [1], "[1, 3]"],
    ['{"l": [{"a": 1}, {"b": 2}]}', ["l", 1], '{"l": [{"a": 1}]}'],
  ])("removes from %j", (t, path, want) => {
    expect(run(t, removeEdits(t, path))).toBe(want);
  });

  it.each([
    ["{}", ["a"], 1, '{\n  "a": 1\n}'],
    ['{"a": 1}', ["b"], [1, 2], '{"a": 1, "b": [1, 2]}'],
    ['{\r\n\t"a": 1\r\n}', ["b"], { c: 2 }, '{\r\n\t"a": 1,\r\n\t"b": {\r\n\t\t"c": 2\r\n\t}\r\n}'],
    ['{\n  "a": []\n}', ["a", 0], "x", '{\n  "a": [\n    "x"\n  ]\n}'],
    ['{"a": 1.0}', ["a"], "é\n", '{"a": "é\\n"}'],
  ])("sets in %j", (t, path, value, want) => {
    expect(run(t, setEdits(t, path, value))).toBe(want);
  });
});
