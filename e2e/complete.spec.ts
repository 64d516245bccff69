import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./server";

const definition = `{
  "QueryLanguage": "JSONata",
  "StartAt": "Price",
  "States": {
    "Price": {
      "Type": "Pass",
      "Output": "{% 1 %}",
      "Next": "Ship"
    },
    "Ship": {"Type": "Succeed"}
  }
}`;

test("the code offers what an expression can use, from the latest run, by keyboard", async ({ page, server }) => {
  const { stateMachineArn } = await server.aws<{ stateMachineArn: string }>("CreateStateMachine", {
    name: "Offered",
    definition,
    roleArn: "arn:aws:iam::000000000000:role/r",
  });
  await server.aws("StartExecution", { stateMachineArn, input: '{"customer": {"name": "Ann"}}' });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/workflows/Offered");
  const line = page.locator(".cm-line", { hasText: '"Output"' });
  await line.click();
  await page.keyboard.press("End");
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("$states.input.");
  const list = page.getByRole("listbox", { name: "Completions" });
  await expect(list.getByRole("option")).toHaveText(["customer object"]);
  await page.keyboard.press("Enter");
  await page.keyboard.type(".na");
  await expect(list.getByRole("option", { name: /^name/ })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.type("me & $upper");
  await expect(list.getByRole("option", { name: /^\$uppercase/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await page.keyboard.type("'x')");
  await expect(line).toContainText(`$states.input.customer.name & $uppercase('x')`);
});
