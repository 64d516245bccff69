import { expect, test } from "./server";

// How each starter ends with the input that it brings.
const ends: Record<string, RegExp> = {
  Empty: /Succeeded/,
  Hello: /Succeeded/,
  Approval: /Waiting for a person/,
  "Fan out and join": /Succeeded/,
  "Map over a list": /Succeeded/,
  "Retry and catch": /Succeeded|Failed/,
  "Call an HTTP API": /Succeeded|Failed/,
};

test("every starter is created, drawn and run", async ({ page }) => {
  await page.goto("/workflows/new");
  const offered = await page
    .getByRole("radio")
    .evaluateAll((radios) => radios.map((r) => (r as HTMLInputElement).labels?.[0]?.textContent ?? ""));
  expect(offered.length).toBeGreaterThanOrEqual(Object.keys(ends).length);
  for (const [title, end] of Object.entries(ends)) {
    await test.step(title, async () => {
      await page.goto("/workflows/new");
      await page.getByRole("radio", { name: new RegExp(`^${title}`) }).check({ force: true });
      await page.getByRole("textbox", { name: "Name" }).fill(`Starter ${title}`);
      await page.getByRole("button", { name: "Create workflow" }).click();
      await expect(page.getByRole("treeitem").first()).toBeAttached();
      await expect(page.getByRole("region", { name: "Problems" })).toContainText("No problems");
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Run" }).click();
      await expect(page.locator("#status")).toHaveText(end);
    });
  }
});
