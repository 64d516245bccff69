import { expect, test } from "vitest";
import { clock, entered } from "./words";

const noon = new Date(2026, 4, 6, 12).getTime();
const hour = 3_600_000;

test.each([
  ["the same day", noon + hour + 5, "13:00:00.005", "13:00:00.005"],
  ["the day after", noon + 13 * hour, "7 May 01:00:00.000", "7 May 01:00"],
  ["a year on", new Date(2027, 4, 6, 12).getTime(), "6 May 2027 12:00:00.000", "6 May 2027"],
])("%s", (_, at, full, short) => {
  expect(clock(noon, at)).toBe(full);
  expect(entered(noon, at)).toBe(short);
});
