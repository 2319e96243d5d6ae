// axe over every screen in both themes: nothing that keeps a reader with a screen reader or weak eyes from working.
import axe from "axe-core";
import { expect, it } from "vitest";
import { graveIssues } from "./grave-issues.ts";
import { hasBrowser, openApp } from "./browser.ts";
import { rememberedAs, SCREENS, walkScreens } from "./screens.ts";

it.skipIf(!hasBrowser).each(["dark", "light"] as const)(
  "axe finds nothing serious on any screen, %s",
  async (appearance) => {
    // The page's own policy would refuse a script of ours.
    await using app = await openApp({ bypassCSP: true });
    const { page } = app;
    await page.addInitScript(axe.source);
    await rememberedAs(page, { locale: "en", appearance, readerName: "Reader One" });
    const seen: string[] = [];
    const issues: string[] = [];
    await walkScreens(page, async (screen) => {
      seen.push(screen);
      for (const issue of await graveIssues(page)) issues.push(`${screen}: ${issue}`);
    });
    expect(seen).toEqual(SCREENS);
    expect(issues).toEqual([]);
  },
);
