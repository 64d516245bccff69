import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./server";

test("logging is switched on, a run is followed, its failure is found, by keyboard", async ({ page, server }) => {
  await server.aws("CreateStateMachine", {
    name: "Fulfil-order",
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: JSON.stringify({
      StartAt: "Pack",
      States: {
        Pack: { Type: "Pass", Next: "Give up" },
        "Give up": { Type: "Fail", Error: "Declined", Cause: "no money left" },
      },
    }),
  });
  const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:Fulfil-order";
  const clean = async (what: string) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const found = await new AxeBuilder({ page }).options({ rules: { "target-size": { enabled: true } } }).analyze();
      expect(found.violations, what).toEqual([]);
    }
  };

  await page.goto("/workflows/Fulfil-order/logs");
  await expect(page.getByText("Keep a log of every run")).toBeVisible();
  await clean("a log that is off");
  await page.getByRole("link", { name: "Switch logging on" }).press("Enter");
  await page.getByLabel("Logging", { exact: true }).selectOption("ALL");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.getByRole("navigation", { name: "Workflow" }).getByRole("link", { name: "Logs" }).press("Enter");
  await expect(page.getByText("Nothing is logged yet")).toBeVisible();

  // The first records come by themselves, and so do the next ones; what is open stays open.
  await server.aws("StartExecution", { stateMachineArn, name: "first" });
  const records = page.getByRole("listitem").filter({ has: page.locator("summary") });
  await expect(records).toHaveCount(5);
  await page.locator("summary").first().press("Enter");
  await expect(page.getByLabel("ExecutionFailed of first, as it is logged")).toContainText('"cause": "no money left"');
  await clean("a log with an open record");
  await server.aws("StartExecution", { stateMachineArn, name: "second" });
  await expect(records).toHaveCount(10);
  await expect(page.getByLabel("ExecutionFailed of first, as it is logged")).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).press("Enter");
  await server.aws("StartExecution", { stateMachineArn, name: "third" });

  await page.getByLabel("Level").selectOption("FATAL");
  await expect(records).toHaveCount(3);
  await page.getByRole("searchbox").fill('{ $.execution_arn = "*:second" }');
  await page.getByRole("searchbox").press("Enter");
  await expect(records).toHaveCount(1);
  await page.getByRole("searchbox").fill("{ broken");
  await page.getByRole("searchbox").press("Enter");
  await expect(page.getByRole("alert")).toContainText("Invalid filter pattern");

  await page.goto("/executions/Fulfil-order/first");
  await page.getByRole("link", { name: "Logs" }).press("Enter");
  await expect(records).toHaveCount(5);
  await expect(page.getByText("Only first")).toBeVisible();
  await page.getByRole("link", { name: "Show all executions" }).press("Enter");
  await expect(records).toHaveCount(15);
});
