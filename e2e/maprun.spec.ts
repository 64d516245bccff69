import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./server";

const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:";

test("a map run is watched live, its limits are changed, its failures are found", async ({ page, server }) => {
  await server.aws("CreateStateMachine", {
    name: "Process-orders",
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: JSON.stringify({
      StartAt: "Each order",
      States: {
        "Each order": {
          Type: "Map",
          MaxConcurrency: 1,
          ToleratedFailurePercentage: 100,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "Odd?",
            States: {
              "Odd?": {
                Type: "Choice",
                Choices: [{ Variable: "$", NumericEquals: 7, Next: "Bad" }],
                Default: "Slow",
              },
              Bad: { Type: "Fail", Error: "Odd", Cause: "seven is odd" },
              Slow: { Type: "Wait", Seconds: 8, End: true },
            },
          },
          End: true,
        },
      },
    }),
  });
  const input = JSON.stringify([...Array(12).keys()]);
  await server.aws("StartExecution", { stateMachineArn: `${machine}Process-orders`, name: "nightly", input });

  await page.goto("/executions/Process-orders/nightly");
  await page.locator("#steps").getByText("Each order").click();
  await page.locator("#state-panel").getByRole("link", { name: "Map run" }).click();
  await expect(page.locator("#map-run-progress")).toContainText("of 12 items done");

  // Too much is refused beside the field; what is typed stays while the numbers change.
  await page.getByLabel("Children at a time").fill("99999");
  await page.getByRole("button", { name: "Change limits" }).press("Enter");
  await expect(page.getByText("This must be a whole number from 0 to 10000.")).toBeVisible();
  await expect(page.getByLabel("Children at a time")).toHaveValue("99999");
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await new AxeBuilder({ page }).options({ rules: { "target-size": { enabled: true } } }).analyze();
    expect(found.violations).toEqual([]);
  }
  await page.getByLabel("Children at a time").fill("12");
  await page.getByRole("button", { name: "Change limits" }).press("Enter");
  await expect(page.getByText("Changed.")).toBeVisible();

  await expect(page.locator("#map-run-progress")).toContainText("12 of 12 items done");
  await expect(page.locator("#map-run-status")).toHaveText(/Succeeded/);
  await expect(page.getByRole("button", { name: "Change limits" })).toHaveCount(0);

  await page.getByRole("link", { name: "Failed" }).click();
  await expect(page.locator("#map-run-children tbody tr")).toHaveCount(1);
  await page.locator("#map-run-children tbody a").click();
  await expect(page.locator("#status")).toHaveText(/Failed/);
  await expect(page.locator("#state-panel").getByText("seven is odd")).toBeVisible();
});
