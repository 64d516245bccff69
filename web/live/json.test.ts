import { describe, expect, it } from "vitest";
import { difference, lines, readJson, same } from "./json";

const shown = (a: string, b: string, fold = true): string[] =>
  difference(readJson(a), readJson(b), fold).map((l) => `${l.sign} ${"  ".repeat(l.depth)}${l.text}`);

describe("JSON for people", () => {
  it("keeps digits and the order of keys", () => {
    expect(lines(readJson('{"b":742.50,"a":[1.0,"x"],"c":{}}')).map((l) => "  ".repeat(l.depth) + l.text)).toEqual([
      "{",
      '  "b": 742.50,',
      '  "a": [',
      "    1.0,",
      '    "x"',
      "  ],",
      '  "c": {}',
      "}",
    ]);
  });

  it("shows what is not JSON as it is", () => {
    for (const text of ["", "plain", '{"a":', "{]", '{"a":1} x'])
      expect(readJson(text)).toEqual({ kind: "leaf", text });
  });

  it("marks what was added, and folds what stayed", () => {
    expect(shown('{"id":1,"lines":[1,2,3]}', '{"id":1,"lines":[1,2,3],"stock":{"ok":true}}')).toEqual([
      "  {",
      '    "id": 1,',
      '    "lines": [ 3 items ],',
      '+   "stock": {',
      '+     "ok": true',
      "+   }",
      "  }",
    ]);
  });

  it("marks changes and removals inside", () => {
    expect(shown('{"a":{"x":1,"y":2},"z":0}', '{"a":{"x":5,"y":2}}')).toEqual([
      "  {",
      '-   "z": 0,',
      '    "a": {',
      '-     "x": 1,',
      '+     "x": 5,',
      '      "y": 2',
      "    }",
      "  }",
    ]);
  });

  it("compares lists by what their ends share", () => {
    expect(shown("[1,2,3]", "[1,9,2,3]")).toEqual(["  [", "    1,", "+   9,", "    2,", "    3", "  ]"]);
  });

  it("takes numbers by value and objects without order", () => {
    expect(same(readJson('{"a":1,"b":1.0}'), readJson('{"b":1,"a":1}'))).toBe(true);
    expect(same(readJson("[1,2]"), readJson("[2,1]"))).toBe(false);
    expect(same(readJson("12345678901234567890"), readJson("12345678901234567891"))).toBe(false);
  });
});
