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

/** A Distributed Map in JSONata whose second item fails, and then the run. */
const jsonata = {
  QueryLanguage: "JSONata",
  StartAt: "Each order",
  States: {
    "Each order": {
      Type: "Map",
      Items: "{% $states.input %}",
      MaxConcurrency: "{% 2 %}",
      ToleratedFailurePercentage: 100,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Odd?",
        States: {
          "Odd?": {
            Type: "Choice",
            Choices: [{ Condition: "{% $states.input % 2 = 1 %}", Next: "Bad" }],
            Default: "Good",
          },
          Bad: { Type: "Fail", Error: "Odd", Cause: "{% 'it is ' & $string($states.input) %}" },
          Good: { Type: "Succeed" },
        },
      },
      Next: "Add up",
    },
    "Add up": { Type: "Pass", Output: "{% 'a' + 1 %}", End: true },
  },
};

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing on the pages of a JSONata workflow and its map run, ${scheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    const stateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:Sums";
    await server.aws("CreateStateMachine", {
      name: "Sums",
      roleArn: "arn:aws:iam::000000000000:role/any",
      definition: JSON.stringify(jsonata),
    });
    await server.aws("StartExecution", { stateMachineArn, name: "first", input: "[0, 1, 2]" });

    await page.goto("/workflows/Sums");
    await page.getByRole("treeitem", { name: /^Odd\?,/ }).focus();
    for (const tab of ["Setup", "Data", "Errors", "Test"]) {
      await page.getByRole("tab", { name: tab, exact: true }).click();
      await clean(page, `Choice, ${tab}`);
    }

    // The expression fails in the state after the Map: the page opens there.
    await page.goto("/executions/Sums/first");
    await expect(page.locator("#state-panel")).toContainText("States.QueryEvaluationError");
    await expect(page.locator("#state-panel").getByRole("heading", { name: "Add up" })).toBeVisible();
    await clean(page, "execution in which an expression failed");
    await page.getByRole("button", { name: "Redrive" }).press("Enter");
    await clean(page, "redrive dialog");
    await page.keyboard.press("Escape");

    await page.locator("#steps").getByText("Each order").click();
    await page.locator("#state-panel").getByRole("link", { name: "Map run" }).click();
    await expect(page.locator("#map-run-progress")).toContainText("3 of 3 items done");
    await clean(page, "map run that is over");
    await page.getByRole("link", { name: "Failed" }).click();
    await page.locator("#map-run-children tbody a").press("Enter");
    await expect(page.locator("#state-panel")).toContainText("it is 1");
    await expect(page.getByRole("button", { name: "Run again" })).toHaveCount(0);
    await clean(page, "child of a map run");
    await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Each order" }).press("Enter");
    await expect(page.locator("#map-run-progress")).toBeVisible();
  });

  test(`axe finds nothing on any page, ${scheme}`, async ({ page, server }) => {
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
    await expect(page.locator("#status")).toHaveText(/Succeeded/);
    await clean(page, "execution that succeeded");
  });
}
