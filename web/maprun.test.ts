// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { renew } from "./maprun";

const page = (live: string, progress: string, rows: string): string =>
  `<div data-changes="${live}"><section id="p" data-live>${progress}</section>
   <form><input id="typed"></form>
   <section id="c" data-live>${rows}</section></div>`;
const parsed = (html: string): Document => new DOMParser().parseFromString(html, "text/html");

beforeEach(() => {
  document.body.innerHTML = page("/live/x", "1 of 3", `<a href="/1">one</a><a href="/2">two</a>`);
});

test("live parts change, what was typed stays", () => {
  const typed = document.querySelector<HTMLInputElement>("#typed");
  if (typed !== null) typed.value = "12";
  expect(renew(document, parsed(page("/live/x", "2 of 3", `<a href="/1">one</a>`)))).toBe(true);
  expect(document.querySelector("#p")?.textContent).toBe("2 of 3");
  expect(document.querySelectorAll("#c a")).toHaveLength(1);
  expect(document.querySelector<HTMLInputElement>("#typed")?.value).toBe("12");
});

test("the focus stays on the link at its place", () => {
  document.querySelectorAll<HTMLElement>("#c a")[1]?.focus();
  renew(document, parsed(page("/live/x", "2 of 3", `<a href="/3">three</a><a href="/2">two</a>`)));
  expect(document.activeElement?.textContent).toBe("two");
});

test("a run that is over needs no more news", () => {
  expect(renew(document, parsed(page("", "3 of 3", "")))).toBe(false);
});
