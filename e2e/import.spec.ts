import { readFile } from "node:fs/promises";
import { clean } from "./clean";
import { expect, test } from "./server";

const template = `Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: Orders
      DefinitionString: '{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":\${Pause},"Next":"Done"},"Done":{"Type":"Succeed"}}}'
  Second:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: Order-review
      Definition: {StartAt: A, States: {A: {Type: Succeed}}}
`;

test("a template is imported by keyboard, its placeholder filled, and taken out again as another format", async ({
  page,
}) => {
  await page.goto("/workflows");
  await page.getByRole("link", { name: "Import" }).press("Enter");
  await page.getByLabel("Or paste one").fill('{"StartAt":\n nope}');
  await page.getByRole("button", { name: "Find workflows" }).press("Enter");
  await expect(page.getByRole("alert")).toContainText("2:2");
  await clean(page, "refused text");

  // Dropped files go the same way as chosen ones.
  const files = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "template.yaml"));
    return data;
  }, template);
  await page.getByLabel("Or paste one").fill("");
  await page.locator("[data-drop]").dispatchEvent("drop", { dataTransfer: files });
  await expect(page.getByRole("heading", { name: "2 workflows found" })).toBeVisible();
  await expect(page.getByText("There is a workflow of this name")).toBeVisible();
  await expect(page.locator(".import-picture svg")).toHaveCount(2);
  await clean(page, "what was found");

  await page.getByRole("radio", { name: /Published/ }).press("Space");
  await page.getByRole("button", { name: "Import" }).press("Enter");
  await expect(page.getByLabel("Pause")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("#errors")).toBeFocused();
  await clean(page, "a value is missing");
  await page.getByRole("link", { name: /^Pause: This value is needed/ }).press("Enter");
  await expect(page.getByLabel("Pause")).toBeFocused();
  await page.getByLabel("Pause").fill("3");
  await page.getByLabel("Name").nth(1).fill("Order review of the template");
  await page.getByRole("button", { name: "Import" }).press("Enter");
  await expect(page.getByText("2 workflows imported.")).toBeVisible();
  await clean(page, "imported");
  await page.getByRole("link", { name: "Orders", exact: true }).press("Enter");
  await expect(page.getByRole("treeitem", { name: /^Wait,/ })).toBeAttached();

  await page.getByRole("button", { name: "Export" }).press("Enter");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Terraform" }).press("Enter"),
  ]);
  expect(download.suggestedFilename()).toBe("Orders.tf");
  expect(await readFile(await download.path(), "utf8")).toContain("aws_sfn_state_machine");
});
