// axe over every screen in both themes: nothing that keeps a reader with a screen reader or weak eyes from working.
import axe from "axe-core";
import { expect, it } from "vitest";
import { graveIssues } from "./grave-issues.ts";
import { hasBrowser, launchBrowser, openPage, serveDist } from "./browser.ts";
import { rememberedAs, SCREENS, walkScreens } from "./screens.ts";

it.skipIf(!hasBrowser).each(["dark", "light"] as const)(
  "axe finds nothing serious on any screen, %s",
  async (appearance) => {
    const browser = await launchBrowser();
    const server = await serveDist();
    // The page's own policy would refuse a script of ours.
    const { page } = await openPage(browser, server.url, { bypassCSP: true });
    try {
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
    } finally {
      await browser.close();
      await server.close();
    }
  },
);
