import { expect, test } from "vitest";
import { Doc } from "../doc/doc";
import { Completer, spotAt, unescaped, variablesOf } from "./complete";
import { Session } from "./session";

const text = `{
  "QueryLanguage": "JSONata",
  "StartAt": "Price",
  "States": {
    "Price": {
      "Type": "Task",
      "Resource": "arn:aws:states:::http:invoke",
      "Assign": {"total": 1, "rate": {"Assign": 2}},
      "Output": "{% \\"a\\" & $states. %}",
      "": "",
      "Arguments": {"": ""},
      "Next": ""
    },
    "Ship": {"Type": "Succeed"}
  }
}`;

function completer(): { at: (line: string, after: string) => ReturnType<Completer["at"]>; asked: unknown[] } {
  const asked: unknown[] = [];
  const session = new Session("w", new Doc(text));
  const c = new Completer(session, {
    complete: async (body) => {
      asked.push(body);
      return { from: 18, options: [{ label: "input", apply: '`a "b"`', kind: "field", detail: "object", help: "" }] };
    },
  });
  return {
    asked,
    at(start, after) {
      const line = text.split("\n").find((l) => l.trim().startsWith(start)) ?? "";
      const column = line.indexOf(after) + after.length;
      return c.at(line, column, text.indexOf(line) + column);
    },
  };
}

const labels = (c: Awaited<ReturnType<Completer["at"]>>): string[] => (c?.options ?? []).map((o) => o.label);

test("a Next leads to the other states of its block", async () => {
  expect(labels(await completer().at('"Next"', '"Next": "'))).toEqual(["Ship"]);
});

test("a field is one that the state may have and has not", async () => {
  const fields = labels(await completer().at('"": ""', '"'));
  expect(fields).toContain("TimeoutSeconds");
  expect(fields).toContain("Retry");
  expect(fields).not.toContain("Resource");
  expect(fields).not.toContain("InputPath");
  expect(await completer().at('"Arguments"', '{"')).toBeNull();
});

test("an expression is the server's to complete, and what it says is written as JSON", async () => {
  const c = completer();
  const found = await c.at('"Output"', "$states.");
  expect(c.asked).toEqual([
    {
      state: "Price",
      expression: '{% "a" & $states. %}',
      offset: 17,
      members: ["input", "context", "result"],
      variables: ["rate", "total"],
    },
  ]);
  expect(found?.options[0]?.apply).toBe('`a \\"b\\"`');
  expect(found?.from).toBe('      "Output": "{% \\"a\\" & $states. '.length);
});

test("strings are found by their quotes", () => {
  const line = '  "a\\"b": "c", "d';
  expect(spotAt(line, 5)).toMatchObject({ from: 3, name: true, raw: 'a\\"b' });
  expect(spotAt(line, 12)).toMatchObject({ key: 'a\\"b', name: false, raw: "c" });
  expect(spotAt(line, line.length)).toMatchObject({ key: null, name: true, raw: "d" });
  expect(spotAt(line, 9)).toBeNull();
});

test("escapes are taken off, and where they stood is kept", () => {
  expect(unescaped('a\\"\\u00e9\\q\\')).toEqual({ text: 'a"é?\\', at: [0, 1, 3, 9, 11, 12] });
});

test("variables are the names of Assign, wherever it stands", () => {
  expect(
    variablesOf({ States: { A: { Catch: [{ Assign: { "b.$": "$.x" } }], Assign: { a: { Assign: 1 } } } } }),
  ).toEqual(["a", "b"]);
});
