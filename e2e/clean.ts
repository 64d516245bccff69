import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Axe finds nothing: all rules in light, and the contrast of the other colours in dark. */
export async function clean(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const axe = new AxeBuilder({ page });
    if (colorScheme === "dark") axe.withRules("color-contrast");
    else axe.options({ rules: { "target-size": { enabled: true } } });
    const found = await axe.analyze();
    expect(
      found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" ")}`),
      `${what}, ${colorScheme}`,
    ).toEqual([]);
  }
}
