// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { merge } from "./logs";

const list = (ids: string[]): string =>
  `<ol id="records">${ids.map((id) => `<li data-record="${id}"><details><summary>${id}</summary></details></li>`).join("")}</ol>`;
const parsed = (html: string): Document => new DOMParser().parseFromString(html, "text/html");
const shown = (): (string | null)[] => [...document.querySelectorAll("summary")].map((x) => x.textContent);

beforeEach(() => {
  document.body.innerHTML = list(["b", "a"]);
});

test("new records come in above, in their order; what is open stays open", () => {
  const open = document.querySelector("details");
  open?.setAttribute("open", "");
  expect(merge(document, parsed(list(["d", "c", "b"])))).toBe(2);
  expect(shown()).toEqual(["d", "c", "b", "a"]);
  expect(document.querySelectorAll("details")[2]).toBe(open);
  expect(document.querySelectorAll("[open]")).toHaveLength(1);
  expect(merge(document, parsed(list(["d", "c", "b"])))).toBe(0);
});

test("a page that is open for long does not grow for ever", () => {
  const many = Array.from({ length: 1200 }, (_, i) => `n${i}`);
  expect(merge(document, parsed(list(many)))).toBe(1200);
  expect(shown()).toHaveLength(1000);
  expect(shown()[0]).toBe("n0");
});
