import { wholeHistory } from "./history";
import { expect, test } from "./server";

const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:";

test("kill -9 while the human task waits: the run goes on in front of the same page", async ({ page, server }) => {
  await page.goto("/workflows/Order-review");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Run" }).click();
  await expect(page.getByRole("treeitem", { name: /^Manager approves.*waiting for a person/i })).toBeAttached();
  await server.kill();
  await server.start();
  const inbox = await page.context().newPage();
  await inbox.goto("/inbox");
  await inbox.getByRole("link", { name: /Approve order/ }).click();
  await inbox.getByLabel("Budget code").fill("GOT-441");
  await inbox.getByRole("button", { name: "Approve" }).click();
  await wholeHistory(page);
});

test("kill -9 while a Wait runs: it ends on time", async ({ page, server }) => {
  await server.aws("CreateStateMachine", {
    name: "Slow",
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: JSON.stringify({
      StartAt: "Pause",
      States: { Pause: { Type: "Wait", Seconds: 4, Next: "Done" }, Done: { Type: "Succeed" } },
    }),
  });
  const run = await server.aws<{ executionArn: string }>("StartExecution", { stateMachineArn: `${machine}Slow` });
  await server.kill(); // the execution is on disk by now, and its Wait has seconds to go
  await server.start();
  await page.goto(`/executions/Slow/${run.executionArn.split(":").pop()}`);
  await wholeHistory(page);
});

test("a draft survives kill -9 and reload", async ({ page, server }) => {
  await page.goto("/workflows/Order-review");
  const item = page.getByRole("treeitem", { name: /^Check stock/ });
  await expect(item).toBeAttached();
  await item.focus();
  await page.keyboard.press("a");
  await page.keyboard.type("Wait");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Breathe");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("treeitem", { name: /^Breathe/ })).toBeAttached();
  await expect(page.locator("#save-state")).toHaveText(/saved/i);
  await server.kill();
  await server.start();
  await page.reload();
  await expect(page.getByRole("treeitem", { name: /^Breathe/ })).toBeAttached();
  await page.keyboard.press("Control+z");
});
