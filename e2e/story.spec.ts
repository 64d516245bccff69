import { expect, test } from "./server";

test.describe("the whole way", () => {
  test("from empty data to SUCCEEDED, approved in front of the watcher", async ({ page, context, server }) => {
    await page.goto("/");
    await expect(page).toHaveTitle(/Workflows/);
    const sample = page.getByRole("link", { name: "Order review" }).first();
    await expect(sample).toBeVisible();
    await expect(page.locator("svg.thumb").first()).toBeVisible();

    await sample.click();
    await expect(page.getByRole("treeitem", { name: /^Manager approves/ })).toBeAttached();
    await page.getByRole("button", { name: "Run" }).click();
    const dialog = page.getByRole("dialog", { name: /Run/ });
    await expect(dialog.getByLabel("Input")).toHaveValue(/total/);
    await dialog.getByRole("button", { name: "Run" }).click();

    await expect(page).toHaveURL(/\/executions\/Order-review\//);
    await expect(page.getByRole("treeitem", { name: /^Manager approves.*waiting for a person/i })).toBeAttached();
    await expect(page.locator("#inbox-count")).toHaveText("1");
    await expect(page.getByRole("link", { name: "Open in inbox" })).toBeVisible();

    const inbox = await context.newPage();
    await inbox.goto(`${server.url}/inbox`);
    await inbox.getByRole("link", { name: /Approve order/ }).click();
    await inbox.getByLabel("Budget code").fill("GOT-441");
    await inbox.getByLabel("Comment").fill("regular customer");
    await inbox.getByRole("button", { name: "Approve" }).click();
    await expect(inbox.getByText(/Approved|Approve by|Decided/i).first()).toBeVisible();

    await expect(page.locator("#status")).toHaveText(/Succeeded/);
    await expect(page.getByRole("treeitem", { name: /^Done.*succeeded/i })).toBeAttached();
    await expect(page.locator("#inbox-count")).toBeHidden();

    const before = await page.locator("#events tbody tr").count();
    await page.reload();
    await expect(page.locator("#events tbody tr")).toHaveCount(before);
    await expect(page.locator("#status")).toHaveText(/Succeeded/);
  });

  test("the decision works without JavaScript", async ({ browser, server }) => {
    const run = await server.aws<{ executionArn: string }>("StartExecution", {
      stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:Order-review",
      input: JSON.stringify({ id: 7, customer: "Ann Lindqvist", total: 742.5, lines: [{ sku: "A", quantity: 1 }] }),
    });
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.url });
    const page = await context.newPage();
    await expect(async () => {
      await page.goto("/inbox");
      await expect(page.getByRole("link", { name: /Approve order 7/ })).toBeVisible({ timeout: 3_000 });
    }).toPass();
    await page.getByRole("link", { name: /Approve order 7/ }).click();
    await page.getByRole("button", { name: "Approve" }).click();
    await expect(page.getByText(/Budget code/).first()).toBeVisible();
    await expect(page.getByRole("alert").or(page.locator("[aria-invalid=true]")).first()).toBeVisible();
    await page.getByLabel("Budget code").fill("GOT-441");
    await page.getByRole("button", { name: "Approve" }).click();
    await expect(async () => {
      const x = await server.aws<{ status: string }>("DescribeExecution", { executionArn: run.executionArn });
      expect(x.status).toBe("SUCCEEDED");
    }).toPass();
    await context.close();
  });
});
