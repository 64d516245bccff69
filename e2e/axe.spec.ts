import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./server";

/** No violations of WCAG 2.2 A and AA or of axe's best practices; target-size is off in axe unless asked for. */
async function clean(page: Page, what: string): Promise<void> {
  const result = await new AxeBuilder({ page })
    .options({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      rules: { "target-size": { enabled: true } },
    })
    .analyze();
  const found = result.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html).join("\n  ")}`);
  expect(found, what).toEqual([]);
}

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any page, ${scheme}`, async ({ page, server }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    const visit = async (path: string, ready?: string) => {
      await page.goto(path);
      if (ready) await expect(page.getByRole("treeitem", { name: new RegExp(`^${ready}`) })).toBeAttached();
      await clean(page, path);
    };
    await visit("/inbox");
    await visit("/executions");
    await visit("/workflows");
    await visit("/workflows?q=nothing-is-called-this");
    await visit("/workflows/new");
    await visit("/workflows/Order-review", "Check stock");
    await page.getByRole("button", { name: "Run" }).click();
    await clean(page, "run dialog");
    await page.getByRole("dialog").getByRole("button", { name: "Run" }).click();
    await expect(page.getByRole("treeitem", { name: /^Manager approves.*waiting for a person/i })).toBeAttached();
    await clean(page, "execution that waits");
    await visit("/executions");
    await visit("/inbox");
    await page.getByRole("link", { name: /Approve order/ }).click();
    await clean(page, "task");
    await page.getByRole("button", { name: "Approve" }).click();
    await clean(page, "task with errors");
    await page.getByLabel("Budget code").fill("GOT-441");
    await page.getByRole("button", { name: "Approve" }).click();
    await clean(page, "task decided");
    await visit("/settings");
    await visit("/nowhere");
    const runs = await server.aws<{ executions: { executionArn: string }[] }>("ListExecutions", {
      stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:Order-review",
    });
    await page.goto(`/executions/Order-review/${runs.executions[0]?.executionArn.split(":").pop()}`);
    await expect(page.locator("#status")).toHaveText(/Succeeded/, { timeout: 30_000 });
    await clean(page, "execution that succeeded");
  });
}
