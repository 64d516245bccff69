import { expect, test } from "./server";

test("two browsers watch one execution and see the same events once", async ({ browser, server }) => {
  const run = await server.aws<{ executionArn: string }>("StartExecution", {
    stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:Order-review",
    input: JSON.stringify({
      id: 1,
      customer: "Ann",
      total: 10,
      lines: [
        { sku: "A", quantity: 1 },
        { sku: "B", quantity: 2 },
      ],
    }),
  });
  const url = `${server.url}/executions/Order-review/${run.executionArn.split(":").pop()}`;
  const pages = await Promise.all([0, 1].map(async () => (await browser.newContext()).newPage()));
  await Promise.all(pages.map((page) => page.goto(url)));
  const seen = [];
  for (const page of pages) {
    await expect(page.locator("#status")).toHaveText(/Succeeded/);
    seen.push(
      await page
        .locator("#events tbody tr")
        .evaluateAll((rows) => rows.map((r) => Number((r as HTMLElement).dataset.id))),
    );
  }
  expect(seen[0]).toEqual(seen[1]);
  expect([...(seen[0] ?? [])].sort((a, b) => a - b)).toEqual((seen[0] ?? []).map((_, i) => i + 1));
});

test("a cut connection resumes without gap or duplicate", async ({ page, context, server }) => {
  const run = await server.aws<{ executionArn: string }>("StartExecution", {
    stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:Order-review",
    input: JSON.stringify({ id: 2, customer: "Ann", total: 10, lines: [{ sku: "A", quantity: 1 }] }),
  });
  await page.goto(`/executions/Order-review/${run.executionArn.split(":").pop()}`);
  await context.setOffline(true);
  await expect(async () => {
    const x = await server.aws<{ status: string }>("DescribeExecution", { executionArn: run.executionArn });
    expect(x.status).toBe("SUCCEEDED");
  }).toPass();
  await context.setOffline(false);
  await expect(page.locator("#status")).toHaveText(/Succeeded/);
  const ids = await page
    .locator("#events tbody tr")
    .evaluateAll((rows) => rows.map((r) => Number((r as HTMLElement).dataset.id)));
  expect([...ids].sort((a, b) => a - b)).toEqual(ids.map((_, i) => i + 1));
});
