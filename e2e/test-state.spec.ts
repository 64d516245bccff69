import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, type Server, test } from "./server";

const machine = {
  StartAt: "Price",
  States: {
    Price: {
      Type: "Pass",
      Parameters: { "total.$": "$.order.total", currency: "EUR" },
      ResultPath: "$.price",
      Next: "Charge",
    },
    Charge: {
      Type: "Task",
      Resource: "arn:aws:states:::http:invoke",
      Parameters: { ApiEndpoint: "https://payments.example.com/charge", Method: "POST", "RequestBody.$": "$.price" },
      Retry: [{ ErrorEquals: ["States.Http.StatusCode.503"], IntervalSeconds: 2, MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.problem", Next: "Refuse" }],
      ResultPath: "$.payment",
      Next: "Ask",
    },
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::human:createTask.sync",
      Parameters: { Title: "Ship it?" },
      End: true,
    },
    Refuse: { Type: "Fail", Error: "Refused", Cause: "No money" },
  },
};

const step = (page: Page, name: string) => page.getByRole("treeitem", { name: new RegExp(`^${name},`) });

/** The workflow in the designer, with the Test tab of a step open. */
async function open(page: Page, server: Server, name: string): Promise<void> {
  await server.aws("CreateStateMachine", {
    name: "Tested",
    definition: JSON.stringify(machine, null, 2),
    roleArn: "arn:aws:iam::000000000000:role/r",
  });
  await page.goto("/workflows/Tested");
  await choose(page, name);
}

async function choose(page: Page, name: string): Promise<void> {
  await step(page, name).focus();
  await page.keyboard.press("t");
  await expect(page.getByRole("tab", { name: "Test" })).toHaveAttribute("aria-selected", "true");
}

const field = (page: Page, name: string) => page.getByRole("tabpanel").getByRole("textbox", { name, exact: true });
const result = (page: Page) => page.getByRole("tabpanel").locator(".trial-result");

test("a state is tried by keyboard, and its data is shown on the way", async ({ page, server }) => {
  await open(page, server, "Price");
  await expect(field(page, "Input")).toBeFocused();
  await field(page, "Input").fill('{ "order": { "total": 42.50 } }');
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("tabpanel").getByRole("status")).toHaveText("Succeeded, goes on to Charge");
  await expect(result(page).getByRole("listitem")).toHaveText([
    /^Input/,
    /^After InputPath\s*unchanged/,
    /^After Parameters\s*changed/,
    /^After ResultSelector\s*unchanged/,
    /^After ResultPath\s*changed.*added:.*42\.50/s,
    /^Output\s*unchanged/,
  ]);
  await test.step("what was typed stays with the state, also over a reload", async () => {
    await choose(page, "Charge");
    await expect(field(page, "Input")).not.toHaveValue(/42\.50/);
    await page.reload();
    await choose(page, "Price");
    await expect(field(page, "Input")).toHaveValue('{ "order": { "total": 42.50 } }');
  });
  await test.step("a mistake is told at its field", async () => {
    await field(page, "Input").fill('{ "order": }');
    await page.keyboard.press("Control+Enter");
    await expect(field(page, "Input")).toBeFocused();
    await expect(page.getByRole("tabpanel")).toContainText("Not JSON yet: line 1");
  });
});

test("errors are retried, caught or fail, as the definition says", async ({ page, server }) => {
  await open(page, server, "Charge");
  await field(page, "Input").fill('{ "price": { "total": 1 } }');
  await page.getByLabel("Answered by").selectOption("An error that I give");
  await field(page, "Error required").fill("States.Http.StatusCode.503");
  await field(page, "Cause").fill("busy");
  await page.getByRole("button", { name: "Run test" }).click();
  await expect(result(page)).toContainText("in 2 seconds, by retrier 1");
  await page.getByText("Variables and what came before").click();
  await page.getByLabel("Attempts made again so far").fill("2");
  await page.getByRole("button", { name: "Run test" }).click();
  await expect(result(page)).toContainText("by catcher 1, goes on to Refuse");
  await expect(result(page)).toContainText('added: "problem"');
  await test.step("a result is held against what the state could get", async () => {
    await page.getByLabel("Answered by").selectOption("A result that I give");
    await field(page, "Result").fill('{ "StatusCode": 200 }');
    await page.getByRole("button", { name: "Run test" }).click();
    await expect(page.getByRole("tabpanel").getByRole("status")).toHaveText("Succeeded, goes on to Ask");
  });
  await test.step("nobody is asked for a decision", async () => {
    await choose(page, "Ask");
    await expect(page.getByRole("tabpanel")).toContainText("Nobody is asked in a test");
    await field(page, "Result").fill('{ "Outcome": "Approve" }');
    await page.getByRole("button", { name: "Run test" }).click();
    await expect(result(page)).toContainText("and the flow ends here");
  });
  await test.step("a Fail fails", async () => {
    await choose(page, "Refuse");
    await page.getByRole("button", { name: "Run test" }).click();
    await expect(result(page)).toContainText("No money");
  });
});

test("a call is really made when nobody stands in for it", async ({ page, server }) => {
  await open(page, server, "Charge");
  await field(page, "Input").fill('{ "price": { "total": 1 } }');
  await page.getByRole("button", { name: "Run test" }).click();
  await expect(page.getByRole("tabpanel").getByRole("status")).toHaveText("Caught, goes on to Refuse");
  await expect(result(page)).toContainText("POST https://payments.example.com/charge");
});

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing in the Test tab, ${scheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await open(page, server, "Charge");
    await clean(page, "fresh");
    await field(page, "Input").fill('{ "price": { "total": 1 } }');
    await page.getByLabel("Answered by").selectOption("An error that I give");
    await field(page, "Error required").fill("Refused");
    await page.getByRole("button", { name: "Run test" }).click();
    await expect(result(page)).toContainText("by catcher 1");
    await page.getByText("Variables and what came before").click();
    await clean(page, "tested");
    await field(page, "Input").fill("{");
    await page.getByRole("button", { name: "Run test" }).click();
    await clean(page, "with a mistake");
  });
}

async function clean(page: Page, what: string): Promise<void> {
  const found = await new AxeBuilder({ page })
    .options({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      rules: { "target-size": { enabled: true } },
    })
    .analyze();
  expect(
    found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html).join("\n  ")}`),
    what,
  ).toEqual([]);
}
