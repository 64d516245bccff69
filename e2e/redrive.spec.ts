import { expect, test } from "./server";

const arn = (kind: string, name: string): string => `arn:aws:states:us-east-1:000000000000:${kind}:${name}`;

test("a run that fails while somebody watches is redriven by keyboard", async ({ page, server }) => {
  await server.aws("CreateActivity", { name: "charge" });
  const task = (name: string, activity: string): object => ({
    StartAt: name,
    States: { [name]: { Type: "Task", Resource: activity, End: true } },
  });
  const done = { StartAt: "Reserve", States: { Reserve: { Type: "Pass", End: true } } };
  await server.aws("CreateStateMachine", {
    name: "Payment",
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: JSON.stringify({
      StartAt: "Both",
      States: { Both: { Type: "Parallel", Branches: [done, task("Charge", arn("activity", "charge"))], End: true } },
    }),
  });
  await server.aws("StartExecution", { stateMachineArn: arn("stateMachine", "Payment"), name: "one" });
  const work = async (): Promise<string> =>
    (await server.aws<{ taskToken: string }>("GetActivityTask", { activityArn: arn("activity", "charge") })).taskToken;

  await page.goto("/executions/Payment/one");
  const redrive = page.getByRole("button", { name: "Redrive" });
  await expect(page.locator("#status")).toHaveText(/Running/);
  await expect(redrive).toHaveCount(0);
  await server.aws("SendTaskFailure", { taskToken: await work(), error: "Declined", cause: "Not today." });
  await expect(page.locator("#status")).toHaveText(/Failed/);

  await redrive.focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "Redrive this execution?" });
  await expect(question.getByRole("listitem")).toHaveText(["Charge"]);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(page.locator("#status")).toHaveText(/Failed/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(page.locator("#status")).toHaveText(/Running/);
  await expect(page.locator("#toasts")).toContainText("Redriven");
  await expect(redrive).toBeHidden();

  await server.aws("SendTaskSuccess", { taskToken: await work(), output: '"paid"' });
  await expect(page.locator("#status")).toHaveText(/Succeeded/);
  await expect(page.locator("#steps").getByText("Reserve")).toHaveCount(1);
});
