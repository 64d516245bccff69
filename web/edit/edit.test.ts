import { describe, expect, it } from "vitest";
import { parseDefinition } from "../asl/parse";
import { Doc } from "../doc/doc";
import { catalog, searchItems } from "./catalog";
import { copy, paste } from "./clipboard";
import { connect, disconnect, reconnect } from "./connect";
import { EditError } from "./error";
import { setField, setFollower, setMachineField, swapField } from "./fields";
import { insert, insertProblem, placeAtEnd } from "./insert";
import { addCatcher, addRetrier, addRule, moveListItem, removeListItem } from "./lists";
import { addBranch, removeBranch, wrap } from "./nest";
import { refsOfBlock } from "./refs";
import { duplicate, move, moveProblem, remove, rename } from "./state";

const order = `{
  "Comment": "Order review",
  "StartAt": "Check stock",
  "States": {
    "Check stock": {
      "Type": "Task", "Resource": "arn:aws:states:::http:invoke",
      "Parameters": { "ApiEndpoint": "https://inventory.example.com/", "Method": "GET", "Limit": 1.50 },
      "Next": "Large order?"
    },
    "Large order?": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.total", "NumericGreaterThan": 500, "Next": "Manager approves" }],
      "Default": "Done"
    },
    "Manager approves": { "Type": "Pass", "Next": "Done" },
    "Done": { "Type": "Succeed" }
  }
}
`;

const open = (text = order): Doc => new Doc(text);
const item = (id: string) => catalog.find((i) => i.id === id)!;

/** The definition holds together: every reference is known, every state is reached and goes on or ends. */
function holds(doc: Doc): void {
  const { graph, errors } = parseDefinition(doc.text);
  expect(errors).toEqual([]);
  for (const block of graph!.blocks.values()) {
    expect(block.startAt, `StartAt of ${block.id}`).not.toBeNull();
    const refs = refsOfBlock(graph!, block.id);
    for (const id of block.states) {
      const state = graph!.states.get(id)!;
      expect(
        refs.some((r) => r.to === id && r.from !== id),
        `${id} is reached`,
      ).toBe(true);
      const next = state.json.Next !== undefined;
      const end = state.json.End === true;
      if (["Succeed", "Fail", "Choice"].includes(state.type)) expect(next || end).toBe(false);
      else expect(next !== end, `${id} has either Next or End`).toBe(true);
    }
  }
}

/** The lines that two texts do not share. */
function changed(before: string, after: string): string[] {
  const old = new Set(before.split("\n"));
  return after.split("\n").filter((l) => !old.has(l));
}

describe("insert", () => {
  it("puts a state on an edge and touches only its lines", () => {
    const doc = open();
    const edge = doc.graph!.states.get("Check stock")!.edges[0]!;
    expect(insert(doc, { kind: "edge", edge }, item("wait"))).toBe("Wait");
    expect(changed(order, doc.text)).toEqual([
      '      "Next": "Wait"',
      '    "Wait": {',
      '      "Type": "Wait",',
      '      "Seconds": 60,',
    ]);
    holds(doc);
  });

  it("leaves a valid definition for every item at every place", { timeout: 30_000 }, () => {
    for (const it of catalog) {
      for (const language of ["", '"QueryLanguage": "JSONata",']) {
        const texts = [
          order.replace("{", `{${language}`),
          `{${language} "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }`,
        ];
        for (const text of texts) {
          const graph = open(text).graph!;
          for (const id of graph.states.keys()) {
            for (const kind of ["after", "before"] as const) {
              const place = { kind, state: id };
              if (insertProblem(graph, place, it)) continue;
              const doc = open(text);
              insert(doc, place, it);
              holds(doc);
            }
          }
        }
      }
    }
  });

  it("turns the end of a flow into a step on", () => {
    const doc = open('{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}');
    insert(doc, { kind: "after", state: "A" }, item("succeed"));
    expect(doc.text).toBe(
      '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Done"}, "Done": {\n  "Type": "Succeed"\n}}}',
    );
  });

  it("fills an empty block", () => {
    const doc = open('{"StartAt": "", "States": {}}');
    insert(doc, { kind: "start", block: "" }, item("pass"));
    expect(JSON.parse(doc.text)).toEqual({ StartAt: "Pass", States: { Pass: { Type: "Pass", End: true } } });
    expect(placeAtEnd(doc.graph!)).toEqual({ kind: "after", state: "Pass" });
  });

  it("fills a definition that is only braces", () => {
    const doc = open("{}");
    insert(doc, { kind: "start", block: "" }, item("human"));
    holds(doc);
  });

  it("goes before a state for all who lead to it", () => {
    const doc = open();
    insert(doc, { kind: "before", state: "Done" }, item("pass"));
    const { States } = JSON.parse(doc.text);
    expect(States["Large order?"].Default).toBe("Pass");
    expect(States["Manager approves"].Next).toBe("Pass");
    expect(States.Pass.Next).toBe("Done");
  });

  it("refuses to cut off what follows, with the reason", () => {
    const doc = open();
    expect(() => insert(doc, { kind: "after", state: "Check stock" }, item("fail"))).toThrow(
      /would end the flow before “Large order\?”/,
    );
    expect(() => insert(doc, { kind: "after", state: "Done" }, item("pass"))).toThrow(/nothing can follow it/);
    expect(insertProblem(doc.graph!, { kind: "after", state: "Manager approves" }, item("fail"))).toBeNull();
  });

  it("finds items by what people call them", () => {
    expect(searchItems("ap", [])[0]?.id).toBe("approval");
    expect(searchItems("if", [])[0]?.id).toBe("choice");
    expect(searchItems("", ["wait"])[0]?.id).toBe("wait");
  });
});

describe("connect", () => {
  it("joins two states", () => {
    const doc = open();
    connect(doc, "Check stock", "Done");
    expect(changed(order, doc.text)).toEqual(['      "Next": "Done"']);
  });
  it("gives a choice one more rule", () => {
    const doc = open();
    connect(doc, "Large order?", "Check stock");
    expect(JSON.parse(doc.text).States["Large order?"].Choices[1]).toEqual({
      Variable: "$.value",
      IsPresent: true,
      Next: "Check stock",
    });
  });
  it("leads an edge elsewhere", () => {
    const doc = open();
    const edge = doc.graph!.states.get("Large order?")!.edges.find((e) => e.kind === "default")!;
    reconnect(doc, edge, "Manager approves");
    expect(changed(order, doc.text)).toEqual(['      "Default": "Manager approves"']);
  });
  it("disconnects", () => {
    const doc = open();
    const edges = doc.graph!.states.get("Large order?")!.edges;
    expect(() => disconnect(doc, edges.find((e) => e.kind === "choice")!)).toThrow(EditError);
    disconnect(doc, edges.find((e) => e.kind === "default")!);
    expect(JSON.parse(doc.text).States["Large order?"].Default).toBeUndefined();
    disconnect(doc, doc.graph!.states.get("Check stock")!.edges[0]!);
    expect(doc.text).toContain('"Limit": 1.50 },\n      "End": true\n    }');
  });
  it("says why not", () => {
    const doc = open();
    expect(() => connect(doc, "Done", "Check stock")).toThrow(/ends the flow/);
    expect(() => connect(doc, "Check stock", "Check stock")).toThrow(/for ever/);
  });
});

describe("state", () => {
  it("renames every reference", () => {
    const doc = open();
    rename(doc, "Done", "All done");
    expect(changed(order, doc.text)).toEqual([
      '      "Default": "All done"',
      '    "Manager approves": { "Type": "Pass", "Next": "All done" },',
      '    "All done": { "Type": "Succeed" }',
    ]);
    rename(doc, "Check stock", "Look");
    expect(doc.text).toContain('"StartAt": "Look"');
    expect(() => rename(doc, "Look", "All done")).toThrow(/Another state/);
    expect(() => rename(doc, "Look", " ")).toThrow(/needs a name/);
  });

  it("deletes and joins the neighbours", () => {
    const doc = open();
    remove(doc, "Large order?");
    expect(JSON.parse(doc.text).States["Check stock"].Next).toBe("Done");
    remove(doc, "Done");
    expect(JSON.parse(doc.text).States["Check stock"].End).toBe(true);
    remove(doc, "Check stock");
    expect(JSON.parse(doc.text).StartAt).toBe("Manager approves");
    remove(doc, "Manager approves");
    expect(JSON.parse(doc.text)).toEqual({ Comment: "Order review", StartAt: "", States: {} });
  });

  it("deletes what a choice and a catcher led to", () => {
    const doc = open();
    addCatcher(doc, "Check stock", "Done");
    insert(doc, { kind: "after", state: "Manager approves" }, item("pass"));
    remove(doc, "Done");
    const { States } = JSON.parse(doc.text);
    expect(States["Check stock"].Catch).toBeUndefined();
    expect(States["Large order?"].Default).toBeUndefined();
    expect(States.Pass.End).toBe(true);
  });

  it("duplicates with free names, inside too", () => {
    const doc = open(
      '{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true}}}',
    );
    expect(duplicate(doc, "P")).toBe("P 2");
    const { States } = JSON.parse(doc.text);
    expect(States.P.Next).toBe("P 2");
    expect(States["P 2"].Branches[0]).toEqual({ StartAt: "A 2", States: { "A 2": { Type: "Pass", End: true } } });
    holds(doc);
  });

  it("moves a state to another edge as it is written", () => {
    const doc = open();
    const edge = doc.graph!.states.get("Manager approves")!.edges[0]!;
    move(doc, "Check stock", { kind: "edge", edge });
    expect(doc.text).toContain('"StartAt": "Large order?"');
    expect(doc.text).toContain('"Limit": 1.50 }');
    const { States } = JSON.parse(doc.text);
    expect(States["Manager approves"].Next).toBe("Check stock");
    expect(States["Check stock"].Next).toBe("Done");
    holds(doc);
  });

  it("moves into a branch, and not into itself", () => {
    const doc = open();
    insert(doc, { kind: "after", state: "Check stock" }, item("parallel"));
    move(doc, "Manager approves", { kind: "before", state: "Branch 1" });
    expect(doc.graph!.states.get("Manager approves")!.block).toBe("Parallel/0");
    expect(JSON.parse(doc.text).States["Large order?"].Choices[0].Next).toBe("Done");
    expect(moveProblem(doc.graph!, "Parallel", { kind: "after", state: "Branch 1" })).toMatch(/into itself/);
    expect(moveProblem(doc.graph!, "Large order?", { kind: "after", state: "Branch 1" })).toMatch(/stays there/);
    holds(doc);
  });
});

describe("nesting", () => {
  it("adds and removes branches", () => {
    const doc = open();
    insert(doc, { kind: "after", state: "Check stock" }, item("parallel"));
    expect(addBranch(doc, "Parallel")).toBe("Branch 2");
    holds(doc);
    removeBranch(doc, "Parallel", 0);
    expect(doc.graph!.states.has("Branch 1")).toBe(false);
    expect(() => removeBranch(doc, "Parallel", 0)).toThrow(/at least one branch/);
  });

  it("wraps a state, and its catchers go with the wrapper", () => {
    const doc = open();
    addCatcher(doc, "Check stock", "Done");
    expect(wrap(doc, ["Check stock"], "Parallel")).toBe("Parallel");
    const machine = JSON.parse(doc.text);
    expect(machine.StartAt).toBe("Parallel");
    expect(machine.States.Parallel.Catch).toHaveLength(1);
    expect(machine.States.Parallel.Next).toBe("Large order?");
    expect(machine.States.Parallel.Branches[0].States["Check stock"].End).toBe(true);
    expect(doc.text).toContain('"Limit": 1.50 }');
    holds(doc);
  });

  it("wraps a chain in a Map", () => {
    const doc = open(
      '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","End":true}}}',
    );
    wrap(doc, ["A", "B"], "Map");
    const m = JSON.parse(doc.text);
    expect(m.StartAt).toBe("For each item");
    expect(m.States["For each item"].ItemProcessor.States).toEqual({
      A: { Type: "Pass", Next: "B" },
      B: { Type: "Pass", End: true },
    });
    expect(m.States["For each item"].Next).toBe("C");
    expect(() => wrap(doc, ["A", "C"], "Map")).toThrow(EditError);
    holds(doc);
  });

  it("does not wrap a choice", () => {
    expect(() => wrap(open(), ["Large order?"], "Parallel")).toThrow(/lead outside/);
  });
});

describe("lists and fields", () => {
  it("keeps States.ALL last", () => {
    const doc = open();
    addRetrier(doc, "Check stock");
    addRetrier(doc, "Check stock");
    const retry = JSON.parse(doc.text).States["Check stock"].Retry;
    expect(retry.map((r: { ErrorEquals: string[] }) => r.ErrorEquals[0])).toEqual(["States.Timeout", "States.ALL"]);
    moveListItem(doc, "Check stock", "Retry", 0, 1);
    expect(JSON.parse(doc.text).States["Check stock"].Retry[0].ErrorEquals).toEqual(["States.ALL"]);
    removeListItem(doc, "Check stock", "Retry", 1);
    removeListItem(doc, "Check stock", "Retry", 0);
    expect(doc.text).not.toContain("Retry");
  });

  it("adds rules", () => {
    const doc = open();
    addRule(doc, "Large order?");
    expect(JSON.parse(doc.text).States["Large order?"].Choices[1].Next).toBe("Done");
    removeListItem(doc, "Large order?", "Choices", 1);
    expect(doc.text).toBe(order);
    expect(() => removeListItem(doc, "Large order?", "Choices", 0)).toThrow(/at least one rule/);
  });

  it("sets fields by their path, making parents", () => {
    const doc = open();
    setField(doc, "Manager approves", ["Parameters", "Title"], "Hello");
    expect(doc.text).toContain('{ "Type": "Pass", "Next": "Done", "Parameters": {\n      "Title": "Hello"\n    } }');
    doc.undo();
    setField(doc, "Check stock", ["Parameters", "Method"], "POST");
    expect(changed(order, doc.text)).toHaveLength(1);
    setField(doc, "Check stock", ["Parameters", "Method"], undefined);
    expect(doc.text).toContain('{ "ApiEndpoint": "https://inventory.example.com/", "Limit": 1.50 }');
    setMachineField(doc, ["TimeoutSeconds"], 60);
    expect(JSON.parse(doc.text).TimeoutSeconds).toBe(60);
  });

  it("swaps the forms of a field in their place", () => {
    const doc = open('{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"Next":"D"},"D":{"Type":"Succeed"}}}');
    swapField(doc, "W", ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"], "SecondsPath", "$.s");
    expect(doc.text).toContain('{"Type":"Wait","SecondsPath":"$.s","Next":"D"}');
    setFollower(doc, "W", null);
    expect(doc.text).toContain('"SecondsPath":"$.s","End":true}');
  });
});

describe("clipboard", () => {
  it("copies a machine of its own", () => {
    const text = copy(open(), "Manager approves");
    expect(JSON.parse(text)).toEqual({
      StartAt: "Manager approves",
      States: { "Manager approves": { Type: "Pass", End: true } },
    });
  });

  it("pastes with free names and joined ends", () => {
    const doc = open();
    const pasted = paste(doc, copy(doc, "Manager approves"), { kind: "after", state: "Manager approves" });
    expect(pasted.first).toBe("Manager approves 2");
    expect(pasted.notes).toEqual(["“Manager approves” is called “Manager approves 2” here"]);
    expect(JSON.parse(doc.text).States["Manager approves 2"].Next).toBe("Done");
    holds(doc);
  });

  it("reads what people copy from documents", () => {
    for (const text of [
      '"Hello": {"Type": "Pass", "Next": "Elsewhere"},',
      '{"Hello": {"Type": "Pass", "End": true}}',
      '{"Type": "Wait", "Seconds": 1, "Next": "X"}',
    ]) {
      const doc = open();
      paste(doc, text, { kind: "after", state: "Check stock" });
      holds(doc);
    }
    expect(() => paste(open(), "hello", { kind: "start", block: "" })).toThrow(/holds no states/);
  });

  it("pastes a whole machine", () => {
    const doc = open();
    expect(paste(doc, order, { kind: "after", state: "Check stock" })).toMatchObject({
      first: "Check stock 2",
      count: 4,
    });
    const { States } = JSON.parse(doc.text);
    expect(States["Check stock"].Next).toBe("Check stock 2");
    expect(States["Large order? 2"].Default).toBe("Done 2");
  });
});
