// axe over every screen in both themes: nothing that keeps a reader with a screen reader or weak eyes from working.
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { graveIssues } from "./grave-issues.ts";
import { hasBrowser, openApp } from "./browser.ts";
import { rememberedAs, SCREENS, walkScreens } from "./screens.ts";
import { serveSmallSample } from "./small-sample.ts";

/** By the button's own event: a dialog may lie over it, and a menu that is open stays so. */
async function inTheme(page: Page, theme: "dark" | "light"): Promise<void> {
  const now = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  if ((await now()) !== theme) await page.locator("[data-testid=theme]").first().dispatchEvent("click");
  await page.waitForFunction(
    (wanted) => document.documentElement.dataset.mantineColorScheme === wanted,
    theme,
  );
  // Colours that fade into each other have a contrast of their own.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== "running"),
  );
}

it.skipIf(!hasBrowser)("axe finds nothing serious on any screen in either theme", async () => {
  // The page's own policy would refuse a script of ours.
  await using app = await openApp({ bypassCSP: true });
  const { page } = app;
  await page.addInitScript(axe.source);
  await serveSmallSample(page);
  await rememberedAs(page, { locale: "en", appearance: "dark", readerName: "Reader One" });
  const seen: string[] = [];
  const issues: string[] = [];
  await walkScreens(page, async (screen) => {
    for (const theme of ["light", "dark"] as const) {
      await inTheme(page, theme);
      seen.push(`${screen}, ${theme}`);
      for (const issue of await graveIssues(page)) issues.push(`${screen}, ${theme}: ${issue}`);
    }
  });
  expect(seen).toEqual(SCREENS.flatMap((screen) => [`${screen}, light`, `${screen}, dark`]));
  expect(issues).toEqual([]);
});
