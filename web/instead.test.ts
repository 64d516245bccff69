// @vitest-environment jsdom
import { expect, test } from "vitest";
import { asked, mark } from "./instead";

test("an address is asked for once, and only by a form of ours", () => {
  expect(asked("/workflows/Greet?restore=1")).toBe(false);
  expect(mark("/workflows/Greet?restore=1")).toBe(true);
  expect(asked("/workflows/Greet?restore=1")).toBe(true);
  expect(asked("/workflows/Greet?restore=1")).toBe(false);
  mark("/workflows/Greet?restore=1");
  expect(asked("/workflows/Other?restore=1")).toBe(false);
});

test("where nothing can be stored the form goes its usual way", () => {
  const closed = {
    setItem: () => {
      throw new Error("no");
    },
  } as unknown as Storage;
  expect(mark("/x", closed)).toBe(false);
});
