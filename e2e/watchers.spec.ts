import { wholeHistory } from "./history";
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
  const [one, other] = await Promise.all(pages.map(wholeHistory));
  expect(one).toEqual(other);
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
  await wholeHistory(page);
});
