// @vitest-environment jsdom
import { expect, test } from "vitest";
import { follow, meaning, shareOf } from "./alias";

test("a sentence says what shares mean", () => {
  expect(meaning("2", "", 100)).toBe("Every start runs version 2.");
  expect(meaning("2", "3", 90)).toBe("Of a hundred starts, about 90 run version 2 and 10 run version 3.");
  expect(meaning("2", "2", 90)).toBe("Choose two versions that differ.");
});

test("a share is a whole number up to a hundred", () => {
  expect(["0", "100", " 7 ", "", "7.5", "101", "-1", "x"].map(shareOf)).toEqual([
    0,
    100,
    7,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("slider and number say the same", () => {
  document.body.innerHTML = `<fieldset>
    <select id="first"><option value="2" selected></option></select>
    <select id="second"><option value=""></option><option value="3"></option></select>
    <div data-share><input id="weight" value="100"><input type="range" min="0" max="100" value="100"></div>
    <p data-words></p></fieldset>`;
  const fields = document.querySelector("fieldset") as HTMLElement;
  follow(fields);
  const at = <T extends HTMLElement>(s: string): T => fields.querySelector<T>(s) as T;
  expect(at("[data-share]").hidden).toBe(true);
  at<HTMLSelectElement>("#second").value = "3";
  at("#second").dispatchEvent(new Event("change"));
  expect(at("[data-share]").hidden).toBe(false);
  expect(at<HTMLInputElement>("#weight").value).toBe("90");
  at<HTMLInputElement>("input[type=range]").value = "75";
  at("input[type=range]").dispatchEvent(new Event("input"));
  expect(at<HTMLInputElement>("#weight").value).toBe("75");
  at<HTMLInputElement>("#weight").value = "20";
  at("#weight").dispatchEvent(new Event("input"));
  expect(at<HTMLInputElement>("input[type=range]").value).toBe("20");
  expect(at("[data-words]").textContent).toContain("about 20 run version 2 and 80 run version 3");
});
