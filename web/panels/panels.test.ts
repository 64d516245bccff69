// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { parseProblems } from "../api";
import { Doc } from "../doc/doc";
import { formatted } from "./code";
import { jsonField, numberProblem, parseJSON, pathProblem } from "./fields";
import { Inspector } from "./inspector";
import { countWords, offsetOf, positionOf } from "./problems";
import { fieldOf, Session, stateAt } from "./session";
import { comparatorOf, comparators, remodel, timeProblem } from "./setup-choice";
import { duration, durationWords } from "./setup-human";

// jsdom lays nothing out, so it has nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;

const problem = (location: string, state: string) =>
  parseProblems([{ severity: "ERROR", location, state, field: "" }])[0]!;

describe("words", () => {
  it("say where JSON is wrong", () => {
    expect(parseJSON('{"a": 1}')).toEqual({ value: { a: 1 }, problem: null });
    expect(parseJSON('{\n  "a": 1,,\n}').problem).toMatch(/line 2, column 10/);
    expect(parseJSON('{"a": ').problem).toMatch(/ends too early/);
  });
  it("need no quotes around one JSONata expression, in JSONata only", () => {
    const got: unknown[] = [];
    const control = (jsonata: boolean) => {
      const root = jsonField({ key: "Output", label: "Output", value: "{% $a %}", jsonata }, (v) => got.push(v));
      const input = root.querySelector("textarea");
      if (input === null) throw new Error("no field");
      return input;
    };
    expect(control(true).value).toBe("{% $a %}");
    expect(control(false).value).toBe('"{% $a %}"');
    for (const jsonata of [true, false]) {
      const input = control(jsonata);
      input.value = ' {% $a = "x" %} ';
      input.dispatchEvent(new Event("input"));
    }
    expect(got).toEqual(['{% $a = "x" %}']);
  });
  it("say what is wrong with numbers, paths and times, and what to do", () => {
    expect(numberProblem("x", {})).toMatch(/not a number/);
    expect(numberProblem("1.5", { whole: true })).toMatch(/not whole/);
    expect(numberProblem("0", { min: 1 })).toMatch(/too small/);
    expect(numberProblem("", { min: 1 })).toBeNull();
    expect(pathProblem("order")).toMatch(/begins with \$/);
    expect(pathProblem("$.a")).toBeNull();
    expect(timeProblem("tomorrow")).toMatch(/looks like/);
    expect(timeProblem("2026-12-24T18:00:00+01:00")).toBeNull();
  });
  it("read durations as people write them", () => {
    expect(["24 hours", "2 d", "90 min", "1 week", "PT5M"].map(duration)).toEqual([
      "PT24H",
      "P2D",
      "PT90M",
      "P1W",
      "PT5M",
    ]);
    expect(["PT24H", "P1D", "PT1H30M"].map(durationWords)).toEqual(["24 hours", "1 day", "PT1H30M"]);
  });
  it("count problems", () => {
    expect([countWords(0, 0), countWords(1, 0), countWords(2, 1)]).toEqual([
      "No problems",
      "1 problem",
      "2 problems, 1 piece of advice",
    ]);
  });
});

describe("positions", () => {
  it("go both ways", () => {
    const text = "ab\ncd\n";
    expect(offsetOf(text, 2, 2)).toBe(4);
    expect(positionOf(text, 4)).toEqual({ line: 2, column: 2 });
    expect(offsetOf(text, 99, 1)).toBe(text.length);
  });
  it("name the field of a problem", () => {
    expect(fieldOf(problem("/States/A/Retry/0/ErrorEquals", "A"))).toBe("Retry/0/ErrorEquals");
    expect(fieldOf(problem("/States/P/Branches/0/States/In~1ner/Next", "In/ner"))).toBe("Next");
    expect(fieldOf(problem("/StartAt", ""))).toBe("StartAt");
  });
  it("find the innermost state of an offset", () => {
    const text =
      '{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true}}}';
    const session = new Session("w", new Doc(text));
    expect(stateAt(session, text.indexOf('"Pass"'))).toBe("A");
    expect(stateAt(session, text.indexOf('"Parallel"'))).toBe("P");
    expect(stateAt(session, 2)).toBeNull();
  });
});

describe("formatting", () => {
  it("keeps numbers and strings as they are written", () => {
    expect(formatted('{"a":1.50,"b":[],"c":["x, {y}",{"d":1e3}],"e":{}}')).toBe(
      '{\n  "a": 1.50,\n  "b": [],\n  "c": [\n    "x, {y}",\n    {\n      "d": 1e3\n    }\n  ],\n  "e": {}\n}',
    );
  });
});

describe("choice rules", () => {
  it("know all 39 comparators", () => {
    const plain = comparators.map((c) => c.value);
    const paths = plain.filter((c) => !/^(Is|StringMatches)/.test(c)).map((c) => `${c}Path`);
    expect(new Set([...plain, ...paths]).size).toBe(39);
    expect(comparatorOf({ Variable: "$.a", NumericLessThanPath: "$.b" })).toBe("NumericLessThanPath");
  });
  it("change their form and keep what they can", () => {
    const test = { Variable: "$.a", IsNull: true, Next: "B" };
    const and = remodel(test, "test", "And");
    expect(and).toEqual({ And: [{ Variable: "$.a", IsNull: true }], Next: "B" });
    expect(remodel(and, "And", "Or")).toEqual({ Or: [{ Variable: "$.a", IsNull: true }], Next: "B" });
    expect(remodel(and, "And", "Not")).toEqual({ Not: { And: [{ Variable: "$.a", IsNull: true }] }, Next: "B" });
    expect(remodel(and, "And", "test")).toEqual(test);
  });
});

describe("the inspector", () => {
  const states = {
    T: {
      Type: "Task",
      Resource: "arn:aws:states:::http:invoke",
      Parameters: { ApiEndpoint: "https://a", Method: "GET" },
      Next: "C",
    },
    C: { Type: "Choice", Choices: [{ Variable: "$.a", IsPresent: true, Next: "W" }], Default: "W" },
    W: { Type: "Wait", Seconds: 1, Next: "F" },
    F: { Type: "Fail", Error: "E", Cause: "c" },
  };
  const open = () => {
    const doc = new Doc(JSON.stringify({ StartAt: "T", States: states }, null, 2));
    const session = new Session("w", doc);
    const host = document.body.appendChild(document.createElement("aside"));
    const nothing = (): void => undefined;
    new Inspector(
      host,
      session,
      { leave: nothing, menu: nothing, close: nothing, open: nothing },
      { api: { testState: async () => ({ kind: "away" }) }, storage: localStorage, sample: () => "{}" },
    );
    const control = <T extends HTMLElement>(field: string): T => host.querySelector<T>(`[data-field="${field}"]`)!;
    const type = (field: string, value: string, event = "input"): void => {
      const el = control<HTMLInputElement>(field);
      el.value = value;
      el.dispatchEvent(new Event(event, { bubbles: true }));
    };
    const json = (id: string): Record<string, unknown> => JSON.parse(doc.text).States[id];
    return { doc, session, host, control, type, json };
  };

  it("writes what is typed into the text, and leaves the field standing", () => {
    const { session, control, type, json, doc } = open();
    session.select("T", "canvas");
    const field = control("Parameters/ApiEndpoint");
    type("Parameters/ApiEndpoint", "https://b");
    expect(json("T").Parameters).toEqual({ ApiEndpoint: "https://b", Method: "GET" });
    type("Parameters/ApiEndpoint", "$.url");
    expect(json("T").Parameters).toEqual({ "ApiEndpoint.$": "$.url", Method: "GET" });
    expect(control("Parameters/ApiEndpoint")).toBe(field);
    expect(doc.undoNames).toEqual(["Change ApiEndpoint of T"]);
  });

  it("keeps JSON that is not JSON yet, says so, and does not write it", () => {
    const { session, control, type, json } = open();
    session.select("T", "canvas");
    type("Parameters/RequestBody", '{"a":');
    expect(control("Parameters/RequestBody").getAttribute("aria-invalid")).toBe("true");
    expect((json("T").Parameters as object) && "RequestBody" in (json("T").Parameters as object)).toBe(false);
    type("Parameters/RequestBody", '{"a": 1}');
    expect(json("T").Parameters).toMatchObject({ RequestBody: { a: 1 } });
  });

  it("changes the forms of a wait and the comparators of a rule", () => {
    const { session, type, json } = open();
    session.select("W", "canvas");
    type("wait", "TimestampPath", "change");
    expect(json("W")).toEqual({ Type: "Wait", TimestampPath: "$.until", Next: "F" });
    session.select("C", "canvas");
    type("Choices/0/comparator", "NumericGreaterThan", "change");
    type("Choices/0/NumericGreaterThan", "500");
    type("Choices/0/source", "path", "change");
    type("Choices/0/NumericGreaterThanPath", "$.limit");
    expect(json("C").Choices).toEqual([{ Variable: "$.a", NumericGreaterThanPath: "$.limit", Next: "W" }]);
  });

  it("shows a problem at its field, and on its tab", () => {
    const { session, host, control } = open();
    session.select("T", "canvas");
    session.setProblems(
      parseProblems([
        { severity: "ERROR", message: "Next leads nowhere", location: "/States/T/Next", state: "T", field: "Next" },
      ]),
    );
    expect(control("Next").getAttribute("aria-invalid")).toBe("true");
    expect(host.textContent).toContain("Next leads nowhere");
    session.setProblems([]);
    expect(control("Next").getAttribute("aria-invalid")).toBeNull();
    session.showField("T", "Retry");
    expect(host.querySelector('[role="tab"][aria-selected="true"]')?.textContent).toBe("Errors");
  });

  it("keeps the selection through a renaming", () => {
    const { session, control, doc } = open();
    session.select("W", "canvas");
    const name = control<HTMLInputElement>("name");
    name.value = "Pause";
    name.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(session.selected).toBe("Pause");
    expect(JSON.parse(doc.text).States.C.Default).toBe("Pause");
  });
});
