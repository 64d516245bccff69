import { expect, type Page } from "@playwright/test";

/** The ids of the events that an execution's page shows, once it shows that it has succeeded: all from 1, each once. */
export async function wholeHistory(page: Page): Promise<number[]> {
  await expect(page.locator("#status")).toHaveText(/Succeeded/);
  const rows = page.locator("#events tbody tr");
  const ids = await rows.evaluateAll((all) => all.map((row) => Number((row as HTMLElement).dataset.id)));
  ids.sort((a, b) => a - b);
  expect(ids).not.toEqual([]);
  expect(ids).toEqual(ids.map((_, i) => i + 1));
  return ids;
}
