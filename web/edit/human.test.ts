import { describe, expect, it } from "vitest";
import { Doc } from "../doc/doc";
import { addFormField, changeFormField, moveFormField, removeFormField } from "./form";
import { catchOutcome, describeField, formFields, isHuman, keyFor, splitByOutcome, waysOf } from "./human";

const text = `{
  "StartAt": "Ask",
  "States": {
    "Ask": {
      "Type": "Task",
      "Resource": "arn:aws:states:::human:createTask.sync",
      "Parameters": { "Title": "Approve", "Outcomes": ["Approve", "Reject"] },
      "ResultPath": "$.decision",
      "Next": "Done"
    },
    "Done": { "Type": "Succeed" },
    "Stop": { "Type": "Fail" }
  }
}`;

const form = (doc: Doc): Record<string, unknown> => JSON.parse(doc.text).States.Ask.Parameters.Form;

describe("the form of a human task", () => {
  it("grows, changes and shrinks as JSON Schema", () => {
    const doc = new Doc(text);
    expect(addFormField(doc, "Ask", "Budget code", "text")).toBe("budgetCode");
    expect(addFormField(doc, "Ask", "Discount, %", "number")).toBe("discount");
    expect(form(doc)).toEqual({
      type: "object",
      properties: {
        budgetCode: { type: "string", title: "Budget code" },
        discount: { type: "number", title: "Discount, %" },
      },
    });
    const [code, discount] = formFields(form(doc));
    changeFormField(doc, "Ask", code!, { required: true });
    changeFormField(doc, "Ask", formFields(form(doc))[0]!, { key: "code" });
    expect(form(doc).required).toEqual(["code"]);
    changeFormField(doc, "Ask", discount!, { kind: "choice" });
    expect(formFields(form(doc)).map(describeField)).toEqual(["text, required", "choice, 2 options"]);
    moveFormField(doc, "Ask", 1, -1);
    expect(Object.keys(form(doc).properties as object)).toEqual(["discount", "code"]);
    removeFormField(doc, "Ask", "code");
    expect(form(doc).required).toBeUndefined();
    removeFormField(doc, "Ask", "discount");
    expect(form(doc)).toBeUndefined();
    for (let i = 0; i < 8; i++) doc.undo();
    expect(doc.text).toBe(text);
  });

  it("describes fields in words and finds keys", () => {
    const fields = formFields({
      properties: { n: { type: "number", minimum: 0, maximum: 30 }, d: { type: "string", format: "date" } },
      required: ["d"],
    });
    expect(fields.map(describeField)).toEqual(["number, 0 to 30", "date, required"]);
    expect(keyFor("Größe in cm", [])).toBe("großeInCm");
    expect(keyFor("Name", ["name"])).toBe("name2");
    expect(keyFor("?", [])).toBe("field");
  });
});

describe("the ways on", () => {
  it("are one, until they are split", () => {
    const doc = new Doc(text);
    expect(isHuman(doc.graph!.states.get("Ask")!.json)).toBe(true);
    expect(waysOf(doc.graph!, "Ask")).toBeNull();
    expect(splitByOutcome(doc, "Ask")).toBe("Ask: outcome");
    expect(waysOf(doc.graph!, "Ask")?.map((w) => [w.outcome, w.to])).toEqual([
      ["Approve", "Done"],
      ["Reject", "Reject: stopped"],
    ]);
    doc.undo();
    expect(doc.text).toBe(text);
  });

  it("go to catchers for outcomes that fail the task", () => {
    const doc = new Doc(text.replace('"Outcomes": ["Approve", "Reject"]', '"FailOn": ["Reject"]'));
    expect(waysOf(doc.graph!, "Ask")).toEqual([
      { outcome: "Approve", to: "Done", path: ["States", "Ask", "Next"] },
      { outcome: "Reject", to: "", path: null },
    ]);
    catchOutcome(doc, "Ask", "Reject", "Stop");
    expect(waysOf(doc.graph!, "Ask")?.[1]).toEqual({
      outcome: "Reject",
      to: "Stop",
      path: ["States", "Ask", "Catch", 0, "Next"],
    });
  });
});
