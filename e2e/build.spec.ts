import type { Page } from "@playwright/test";
import { expect, test } from "./server";

const state = (page: Page, name: string) =>
  page.getByRole("treeitem", { name: new RegExp(`^${name.replace(/[?]/g, "\\?")},`) });

/** Where the "+" of the n-th edge is drawn. */
async function plus(page: Page, n: number): Promise<{ x: number; y: number }> {
  const box = await page.locator("#canvas .plus").nth(n).boundingBox();
  if (!box) throw new Error(`no "+" number ${n}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function definition(
  page: Page,
  name: string,
): Promise<{ StartAt: string; States: Record<string, Record<string, unknown>> }> {
  const answer = await page.request.get(`/api/drafts/${name}`);
  return JSON.parse((await answer.json()).text);
}

test("a workflow is built from empty by mouse, and runs", async ({ page }) => {
  await page.goto("/workflows");
  await page.getByRole("link", { name: "New workflow" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Mouse made");
  await page.getByRole("button", { name: "Create workflow" }).click();
  await expect(page).toHaveURL(/\/workflows\/Mouse-made$/);
  await expect(state(page, "Done")).toBeAttached();

  await test.step("insert with + on the edge", async () => {
    const at = await plus(page, 0);
    await page.mouse.click(at.x, at.y);
    await page.getByRole("combobox", { name: "Find a step to add" }).fill("pass");
    await page.getByRole("option", { name: /^Pass/ }).click();
    await page.keyboard.type("Prepare");
    await page.keyboard.press("Enter");
    await expect(state(page, "Prepare")).toBeAttached();
  });

  await test.step("drag from the palette onto an edge", async () => {
    const item = await page.getByRole("button", { name: "Wait", exact: true }).boundingBox();
    if (!item) throw new Error("no Wait in the palette");
    const to = await plus(page, 1);
    await page.mouse.move(item.x + 20, item.y + 10);
    await page.mouse.down();
    await page.mouse.move(item.x + 80, item.y + 60, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 8 });
    await page.mouse.up();
    await page.keyboard.type("Breathe");
    await page.keyboard.press("Enter");
    await expect(state(page, "Breathe")).toBeAttached();
  });

  await test.step("edit a field in the inspector", async () => {
    await page
      .getByLabel(/^Seconds/)
      .first()
      .fill("1");
    await page.keyboard.press("Tab");
    await expect.poll(async () => (await definition(page, "Mouse-made")).States.Breathe?.Seconds).toBe(1);
  });

  await test.step("undo and redo", async () => {
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(async () => (await definition(page, "Mouse-made")).States.Breathe?.Seconds).not.toBe(1);
    await page.getByRole("button", { name: "Redo" }).click();
    await expect.poll(async () => (await definition(page, "Mouse-made")).States.Breathe?.Seconds).toBe(1);
  });

  const made = await definition(page, "Mouse-made");
  expect(made.StartAt).toBe("Prepare");
  expect(made.States.Prepare?.Next).toBe("Breathe");
  expect(made.States.Breathe?.Next).toBe("Done");

  await page.getByRole("button", { name: "Run" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Run" }).click();
  await expect(page.locator("#status")).toHaveText(/Succeeded/);
});

test("a workflow is built from empty by keyboard alone, and runs", async ({ page }) => {
  const press = (key: string) => page.keyboard.press(key);
  const tabTo = async (name: RegExp) => {
    for (let i = 0; i < 60; i++) {
      await press("Tab");
      const focused = await page.evaluate(() => {
        const e = document.activeElement;
        return `${e?.getAttribute("aria-label") ?? ""} ${e?.id ?? ""} ${e?.getAttribute("name") ?? ""} ${e?.textContent ?? ""}`.trim();
      });
      if (name.test(focused)) return;
    }
    throw new Error(`Tab does not reach ${name}`);
  };
  const add = async (kind: string, name: string) => {
    await press("a");
    await expect(page.getByRole("combobox", { name: "Find a step to add" })).toBeFocused();
    await page.keyboard.type(kind);
    await press("Enter");
    await page.keyboard.type(name);
    await press("Enter");
    await expect(state(page, name)).toBeAttached();
  };

  await page.goto("/workflows");
  await tabTo(/New workflow/);
  await press("Enter");
  await expect(page).toHaveURL(/\/workflows\/new/);
  await tabTo(/\bname\b/);
  await page.keyboard.type("Keyboard made");
  await press("Enter");
  await expect(page).toHaveURL(/\/workflows\/Keyboard-made$/);

  await expect(state(page, "Done")).toBeAttached();
  await tabTo(/^Done, Succeed/);
  await press("Shift+A");
  await page.keyboard.type("pass");
  await press("Enter");
  await page.keyboard.type("First");
  await press("Enter");
  await expect(state(page, "First")).toBeFocused();
  await add("pass", "Second");
  await add("choice", "Large?");
  await add("parallel", "Both");
  await press("F2");
  await page.keyboard.type("Side by side");
  await press("Enter");
  await expect(state(page, "Side by side")).toBeFocused();

  await press("Home");
  await expect(state(page, "First")).toBeFocused();
  await press("ArrowDown");
  await expect(state(page, "Second")).toBeFocused();
  await press("Delete");
  await expect(state(page, "Second")).toHaveCount(0);
  await press("Control+z");
  await expect(state(page, "Second")).toBeAttached();

  await expect(page.locator("#save-state")).toHaveText(/saved/i);
  const made = await definition(page, "Keyboard-made");
  expect(made.StartAt).toBe("First");
  expect(made.States.First?.Next).toBe("Second");
  expect(made.States["Large?"]?.Type).toBe("Choice");
  expect(made.States["Side by side"]?.Type).toBe("Parallel");

  await tabTo(/^run\b.*Run|Run$/);
  await press("Enter");
  await expect(page.getByRole("dialog", { name: /Run/ })).toBeVisible();
  await tabTo(/run-submit/);
  await press("Enter");
  await expect(page.locator("#status")).toHaveText(/Succeeded/);
});

test("canvas and code follow each other, and broken code is kept", async ({ page }) => {
  await page.goto("/workflows/Order-review");
  await expect(state(page, "Check stock")).toBeAttached();
  const code = page.getByRole("region", { name: "Definition as code" }).getByRole("textbox");
  if (!(await code.isVisible())) await page.getByRole("button", { name: "Code" }).click();
  await expect(code).toBeVisible();

  await code.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("}");
  await expect(page.getByRole("region", { name: "Problems" })).toContainText(/line|problem/i);
  await expect(state(page, "Check stock")).toBeAttached();
  await expect(page.locator("#save-state")).toHaveText(/saved/i);
  await page.reload();
  await expect(page.getByRole("region", { name: "Problems" })).toContainText(/line|problem/i);

  await page.getByRole("button", { name: "Run" }).click();
  await expect(
    page
      .getByRole("alert")
      .or(page.getByRole("status"))
      .filter({ hasText: /problem|fix|cannot/i })
      .first(),
  ).toBeVisible();
});
