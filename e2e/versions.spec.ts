import { clean } from "./clean";
import { expect, test } from "./server";

const arn = "arn:aws:states:us-east-1:000000000000:stateMachine:Greet";
const definition = (word: string): string =>
  JSON.stringify(
    { Comment: "Greets", StartAt: "Say", States: { Say: { Type: "Pass", Result: word, End: true } } },
    null,
    2,
  );

test("a version is published, compared, shared by an alias, run by it, and restored, all by keyboard", async ({
  page,
  server,
}) => {
  await server.aws("CreateStateMachine", {
    name: "Greet",
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: definition("hello"),
  });
  await page.goto("/workflows/Greet/versions");
  await clean(page, "no version yet");

  await page.getByRole("button", { name: "Publish version" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Publish a version" });
  await expect(dialog.getByLabel("What is new")).toBeFocused();
  await page.keyboard.type("The first");
  await clean(page, "publish dialog");
  await dialog.getByRole("button", { name: "Publish version" }).press("Enter");
  await expect(page.getByText("Version 1 is published.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Publish version" })).toHaveCount(0);

  await server.aws("UpdateStateMachine", { stateMachineArn: arn, definition: definition("good day"), publish: true });
  await page.reload();
  await page.getByRole("button", { name: "More for version 2" }).press("Enter");
  await page.getByRole("link", { name: "Compare with version 1" }).press("Enter");
  await expect(page.getByText("1 line added, 1 removed")).toBeVisible();
  await expect(page.getByRole("list", { name: "Steps that differ" })).toHaveText("Say changed");
  await clean(page, "what differs");
  await page.getByLabel("From").selectOption("2");
  await page.getByRole("button", { name: "Compare" }).press("Enter");
  await expect(page.getByText("Nothing differs")).toBeVisible();

  await page.getByRole("link", { name: "Versions", exact: true }).first().press("Enter");
  await page.getByRole("link", { name: "New alias" }).press("Enter");
  await page.getByLabel("Name").fill("2");
  await page.getByLabel("Another one beside it").selectOption({ label: "Version 1 – The first" });
  await page.getByRole("slider").press("ArrowDown");
  await expect(page.getByText("about 89 run version 2 and 11 run version 1")).toBeVisible();
  await page.getByRole("button", { name: "Create alias" }).press("Enter");
  await expect(page.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await clean(page, "refused alias");
  await page.getByLabel("Name").fill("live");
  await page.getByLabel("Share of the first, in percent").fill("0");
  await page.getByLabel("Name").press("Enter");
  await expect(page.getByRole("heading", { name: "Alias live" })).toBeVisible();
  await clean(page, "alias");

  await page.getByRole("link", { name: "Run by live" }).press("Enter");
  await expect(page.getByLabel("What to run")).toHaveValue("alias-live");
  await clean(page, "run form");
  await page.getByLabel("Input").fill("{");
  await page.getByRole("button", { name: "Run" }).press("Enter");
  await expect(page.getByRole("alert")).toContainText("not valid JSON");
  await page.getByLabel("Input").fill("{}");
  await page.getByRole("button", { name: "Run" }).press("Enter");
  await expect(page.locator("#status")).toHaveText(/Succeeded/);
  await expect(page.locator("#run-summary")).toContainText(/live\s*→\s*version 1/);

  await page.locator("#run-summary").getByRole("link", { name: "version 1" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Version 1" })).toBeVisible();
  await expect(page.getByText("The alias “live” leads here")).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
  await clean(page, "version");
  await page.getByRole("link", { name: "1 run", exact: true }).press("Enter");
  await expect(page.getByRole("row", { name: /live.*version 1/ })).toBeVisible();
  await clean(page, "runs of a version");
  await page.goBack();
  await page.getByRole("button", { name: "Restore as draft" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Restore as draft" }).press("Enter");
  await expect(page.locator("#save-state")).toHaveText("Draft · saved");
  const draft = async (): Promise<string> => (await (await page.request.get("/api/drafts/Greet")).json()).text;
  expect(await draft()).toContain("hello");
  await page.keyboard.press("Control+Z");
  await expect(page.locator("#save-state")).toHaveText("Published");
  expect(await draft()).toContain("good day");

  await page.goto("/workflows/Greet/aliases/live");
  await page.getByRole("button", { name: "Delete" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Delete alias" }).press("Enter");
  await page.getByRole("button", { name: "More for version 1" }).press("Enter");
  await page.getByRole("button", { name: "Delete…" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Delete version" }).press("Enter");
  await expect(page.getByRole("link", { name: "Version 1", exact: true })).toHaveCount(0);
});

test("settings and tags of a workflow, by keyboard", async ({ page, server }) => {
  await server.aws("CreateStateMachine", {
    name: "Greet",
    roleArn: "arn:aws:iam::000000000000:role/any",
    definition: definition("hello"),
  });
  await page.goto("/workflows/Greet/settings");
  await expect(page.getByText(/^Greets/)).toBeVisible();
  await page.getByLabel("Role").fill("nobody");
  await page.getByLabel("Role").press("Enter");
  await expect(page.getByLabel("Role")).toHaveAttribute("aria-invalid", "true");
  await clean(page, "refused settings");
  await page.getByLabel("Role").fill("arn:aws:iam::000000000000:role/greeter");
  await page.getByLabel("Logging").selectOption("ALL");
  await page.getByRole("checkbox", { name: /With inputs and outputs/ }).press("Space");
  await page.getByRole("checkbox", { name: /Tracing/ }).press("Space");
  await page.locator("#machine-form").getByRole("button", { name: "Save" }).press("Enter");
  await expect(page.getByText("Saved. New executions use it.")).toBeVisible();
  const machine = await server.aws<{
    roleArn: string;
    loggingConfiguration: { level: string; includeExecutionData: boolean; destinations: unknown[] };
    tracingConfiguration: { enabled: boolean };
  }>("DescribeStateMachine", { stateMachineArn: arn });
  expect(machine.roleArn).toBe("arn:aws:iam::000000000000:role/greeter");
  expect(machine.loggingConfiguration).toMatchObject({ level: "ALL", includeExecutionData: true });
  expect(machine.tracingConfiguration.enabled).toBe(true);

  await page.getByLabel("Key").fill("team");
  await page.getByLabel("Value").fill("orders");
  await page.getByLabel("Value").press("Enter");
  await expect(page.getByLabel("team", { exact: true })).toHaveValue("orders");
  await page.getByLabel("team", { exact: true }).fill("shop");
  await page.getByRole("button", { name: "Save team" }).press("Enter");
  await page.getByLabel("Key").fill("aws:x");
  await page.getByLabel("Key").press("Enter");
  await expect(page.getByRole("alert")).toContainText("reserved");
  await clean(page, "settings with a tag");
  expect(await server.aws("ListTagsForResource", { resourceArn: arn })).toEqual({
    tags: [{ key: "team", value: "shop" }],
  });
  await page.getByRole("button", { name: "Remove team" }).press("Enter");
  await expect(page.getByText("0 of 50")).toBeVisible();

  await page.getByRole("button", { name: "Delete…" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Delete workflow" }).press("Enter");
  await expect(page).toHaveURL(/\/workflows$/);
  await expect(page.getByRole("link", { name: "Greet" })).toHaveCount(0);
});
