import type { Page } from "@playwright/test";
import { clean } from "./clean";
import { expect, type Server, test } from "./server";

const names = "arn:aws:states:us-east-1:000000000000";

async function machine(server: Server, name: string, definition: object): Promise<string> {
  await server.aws("CreateStateMachine", {
    name,
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: JSON.stringify(definition),
  });
  return `${names}:stateMachine:${name}`;
}

/** The tab of the chosen step, reached by keyboard alone from the step's line. */
async function tab(page: Page, step: string, name: string): Promise<void> {
  await page.locator("#steps").getByRole("button", { name: step, exact: true }).press("Enter");
  await expect(page.locator("#state-panel").getByRole("heading", { name: step })).toBeVisible();
  const chosen = page.getByRole("tablist", { name: "Data of this step" }).getByRole("tab", { selected: true });
  await chosen.focus();
  for (let i = 0; i < 5 && (await chosen.textContent()) !== name; i++) await page.keyboard.press("ArrowRight");
  await expect(chosen).toHaveText(name);
  await expect(chosen).toBeFocused();
}

test("a step shows the variables that it saw and those that it set", async ({ page, server }) => {
  test.setTimeout(120_000);
  const stateMachineArn = await machine(server, "Totals", {
    QueryLanguage: "JSONata",
    StartAt: "Remember",
    States: {
      Remember: { Type: "Pass", Assign: { rate: 2, lines: "{% $states.input %}" }, Next: "Each" },
      Each: {
        Type: "Map",
        Items: "{% $lines %}",
        ItemProcessor: {
          StartAt: "Price",
          States: {
            Price: { Type: "Pass", Assign: { net: "{% $states.input %}" }, Next: "Tax" },
            Tax: { Type: "Pass", Output: "{% $net * $rate %}", End: true },
          },
        },
        Assign: { total: "{% $sum($states.result) %}", rate: 3 },
        End: true,
      },
    },
  });
  await server.aws("StartExecution", { stateMachineArn, name: "first", input: "[5, 7]" });

  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/executions/Totals/first");
  await expect(page.locator("#status")).toHaveText("Succeeded", { timeout: 20_000 });
  const data = page.locator("#state-data");
  await tab(page, "Each", "Variables");
  await expect(data).toContainText("Sets rate, total. It saw 2 variables.");
  await expect(data.locator(".line-removed")).toHaveText([/"rate": 2/]);
  await expect(data.locator(".line-added")).toHaveText([/"rate": 3/, /"total": 24/]);
  await clean(page, "variables on a phone");

  await page.locator("#steps").getByRole("button", { name: "Tax", exact: true }).first().click();
  await expect(data).toContainText('"net": 5');
  await page.getByRole("button", { name: "Later visit" }).click();
  await expect(data).toContainText('"net": 7');
  await expect(data).not.toContainText("total");
});

test("a running execution warns of a limit as it comes near it", async ({ page, server }) => {
  test.setTimeout(120_000);
  const { activityArn } = await server.aws<{ activityArn: string }>("CreateActivity", { name: "worker" });
  const stateMachineArn = await machine(server, "Growing", {
    StartAt: "Collect",
    States: {
      Collect: { Type: "Task", Resource: activityArn, Next: "Wait" },
      Wait: { Type: "Wait", Seconds: 86_400, End: true },
    },
  });
  await server.aws("StartExecution", { stateMachineArn, name: "first", input: "{}" });
  await page.goto("/executions/Growing/first");
  await expect(page.locator("#live")).toContainText("live", { timeout: 20_000 });
  await expect(page.locator("#limit-notes")).toBeHidden();

  const { taskToken } = await server.aws<{ taskToken: string }>("GetActivityTask", { activityArn });
  await server.aws("SendTaskSuccess", { taskToken, output: JSON.stringify("x".repeat(220 * 1024)) });
  await expect(page.locator("#limit-notes")).toContainText("Collect put out 221 of 256 KiB", { timeout: 20_000 });
  await clean(page, "a run near a limit");

  await tab(page, "Wait", "Input");
  await expect(page.locator("#state-data")).toContainText("221 of 256 KiB");
  await server.aws("StopExecution", { executionArn: `${names}:execution:Growing:first` });
  await expect(page.locator("#status")).toHaveText("Stopped", { timeout: 20_000 });
  await page.getByRole("button", { name: "Back to the run" }).click();
  await expect(page.locator("#limit-notes")).toBeHidden();
});

test("a redriven run shows what came after the redrive", async ({ page, server }) => {
  test.setTimeout(120_000);
  const { activityArn } = await server.aws<{ activityArn: string }>("CreateActivity", { name: "worker" });
  const stateMachineArn = await machine(server, "Posting", {
    StartAt: "Post",
    States: { Post: { Type: "Task", Resource: activityArn, Next: "Close" }, Close: { Type: "Succeed" } },
  });
  const { executionArn } = await server.aws<{ executionArn: string }>("StartExecution", {
    stateMachineArn,
    name: "first",
  });
  const answer = async (operation: string, input: object): Promise<void> => {
    const { taskToken } = await server.aws<{ taskToken: string }>("GetActivityTask", { activityArn });
    await server.aws(operation, { taskToken, ...input });
  };
  await answer("SendTaskFailure", { error: "Closed" });
  await page.goto("/executions/Posting/first");
  await expect(page.locator("#status")).toHaveText("Failed", { timeout: 20_000 });
  await server.aws("RedriveExecution", { executionArn });
  await answer("SendTaskSuccess", { output: "{}" });
  await page.reload();
  await expect(page.locator("#status")).toHaveText("Succeeded", { timeout: 20_000 });
  await expect(page.locator("#steps li")).toHaveText([/^Post/, /^Redriven, went on with Post/, /^Close/]);

  await tab(page, "Post", "Attempts");
  await expect(page.locator("#state-data li")).toHaveText([/^Failed/, /^Succeeded.*after the redrive/]);
  await page.getByRole("tab", { name: "Events" }).click();
  const redriven = page.getByRole("row", { name: /ExecutionRedriven/ });
  await expect(redriven).toContainText("What is below came after the redrive.");
  await clean(page, "a redriven run");
});
