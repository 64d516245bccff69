import { expect, test } from "./server";

const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:";

test("an operator finds, stops and repeats runs, and deletes a workflow", async ({ page, server }) => {
  await server.aws("CreateStateMachine", {
    name: "Long-pause",
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: JSON.stringify({ StartAt: "Pause", States: { Pause: { Type: "Wait", Seconds: 600, End: true } } }),
  });
  for (const name of ["morning", "evening"]) {
    await server.aws("StartExecution", { stateMachineArn: `${machine}Long-pause`, name, input: `{"part":"${name}"}` });
  }

  await page.goto("/executions?q=morn");
  await expect(page.getByRole("link", { name: "morning" })).toBeVisible();
  await expect(page.getByRole("link", { name: "evening" })).toHaveCount(0);
  await page.getByRole("link", { name: "morning" }).click();
  await expect(page.locator("#status")).toHaveText(/Running/);

  await page.getByRole("button", { name: "Stop" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: /Stop/ }).click();
  await expect(page.locator("#status")).toHaveText(/Aborted|Stopped/);

  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page).not.toHaveURL(/morning$/);
  await expect(page.locator("#status")).toHaveText(/Running/);
  await expect(page.getByText('"morning"').first()).toBeVisible();

  await page.goto("/executions");
  await page
    .getByRole("link", { name: /^(Stopped|Aborted)/ })
    .first()
    .click();
  await expect(page.getByRole("link", { name: "morning" })).toBeVisible();
  await expect(page.getByRole("link", { name: "evening" })).toHaveCount(0);

  await page.goto("/workflows");
  const card = page
    .getByRole("listitem")
    .filter({ hasText: "Long pause" })
    .or(page.getByRole("article").filter({ hasText: "Long pause" }))
    .first();
  await card.getByRole("button", { name: /actions|more|options/i }).click();
  await page
    .getByRole("button", { name: /Delete/ })
    .or(page.getByRole("menuitem", { name: /Delete/ }))
    .first()
    .click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Delete/ })
    .click();
  await expect(card).toContainText(/Finishing/);
  const kept = await server.aws<{ status: string }>("DescribeExecution", {
    executionArn: "arn:aws:states:us-east-1:000000000000:execution:Long-pause:evening",
  });
  expect(kept.status).toBe("RUNNING");

  const runs = await server.aws<{ executions: { executionArn: string }[] }>("ListExecutions", {
    stateMachineArn: `${machine}Long-pause`,
    statusFilter: "RUNNING",
  });
  for (const run of runs.executions) await server.aws("StopExecution", { executionArn: run.executionArn });
  await page.reload();
  await expect(page.getByRole("link", { name: "Long pause" })).toHaveCount(0);
});

test("two people decide at once: one wins, the other is told who and when", async ({ browser, server }) => {
  await server.aws("StartExecution", {
    stateMachineArn: `${machine}Order-review`,
    name: "raced",
    input: JSON.stringify({ id: 9, customer: "Ann", total: 900, lines: [{ sku: "A", quantity: 1 }] }),
  });
  const open = async () => {
    const page = await (await browser.newContext({ baseURL: server.url, javaScriptEnabled: false })).newPage();
    await expect(async () => {
      await page.goto("/inbox");
      await page.getByRole("link", { name: /Approve order 9/ }).click({ timeout: 3_000 });
    }).toPass();
    await page.getByLabel("Budget code").fill("GOT-441");
    return page;
  };
  const [first, second] = [await open(), await open()];
  await first.getByRole("button", { name: "Approve" }).click();
  await second.getByRole("button", { name: "Reject" }).click();
  await expect(second.getByText(/already|decided/i).first()).toBeVisible();
  await expect(async () => {
    const x = await server.aws<{ status: string }>("DescribeExecution", {
      executionArn: "arn:aws:states:us-east-1:000000000000:execution:Order-review:raced",
    });
    expect(x.status).toBe("SUCCEEDED");
  }).toPass();
});
