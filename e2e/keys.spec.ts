import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./server";

async function clean(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((v) => `${what}: ${v.id} ${v.nodes.map((n) => n.target).join(" ")}`),
    what,
  ).toEqual([]);
}

for (const scheme of ["light", "dark"] as const) {
  test(`a key is made, copied and revoked by keyboard, ${scheme}`, async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.goto("/settings");
    await page.getByRole("link", { name: "Manage access keys" }).press("Enter");
    await expect(page.getByRole("heading", { name: "No access keys yet" })).toBeVisible();
    await clean(page, "empty");

    await page.getByLabel("Name").focus();
    await page.keyboard.type("ci");
    await page.keyboard.press("Tab"); // Viewer
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "The key of ci is ready" })).toBeVisible();
    await clean(page, "a new key");
    const secret = (await page.locator("#new-key-secret").textContent()) ?? "";
    expect(secret).toMatch(/^[A-Z2-7]{40}$/);
    await page.getByRole("button", { name: "Copy the secret access key" }).press("Enter");
    await expect(page.getByText("Copied", { exact: true })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    await page.getByRole("button", { name: "Copy all lines" }).press("Enter");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`AWS_SECRET_ACCESS_KEY=${secret}\n`);

    await page.goto("/settings/access-keys");
    expect(await page.content()).not.toContain(secret);
    const row = page.getByRole("row", { name: /ci/ });
    await expect(row).toContainText("Viewer, Operator");
    await row.getByRole("button").press("Enter");
    const dialog = page.getByRole("dialog", { name: "Revoke the key of ci?" });
    await clean(page, "before a revocation");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await row.getByRole("button").press("Enter");
    await dialog.getByRole("button", { name: "Revoke key" }).press("Enter");
    await expect(row).toContainText("Revoked");
    await expect(row.getByRole("button")).toHaveCount(0);
    await clean(page, "a revoked key");
  });
}

test("keys need no script, and a narrow window is wide enough", async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/settings/access-keys`);
  await page.getByLabel("Name").fill("nightly-import-of-the-warehouse-into-the-other-warehouse");
  await page.getByRole("checkbox", { name: /Designer/ }).check();
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.locator("#new-key-secret")).toHaveText(/^[A-Z2-7]{40}$/);
  const width = await page.locator("main").evaluate((e) => e.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
  await page.getByRole("button", { name: /^Revoke the key/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("row", { name: /nightly/ })).toContainText("Revoked");
  await context.close();
});
