// Pictures of every layout in both themes and both languages. `KEEP_SCREENS=1` puts them into .github/screens, from where they are looked at and shown.
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { hasBrowser, openApp, SCREENSHOTS } from "../browser/browser.ts";
import { rememberedAs, walkScreens } from "../browser/screens.ts";

const KEPT = join(PROJECT_FOLDER, ".github", "screens");
const FOLDER = process.env.KEEP_SCREENS === "1" ? KEPT : join(SCREENSHOTS, "screens");
const SHOWN = new Set(["start", "four", "one", "sacral", "track", "signed"]);
/** Pictures are part of every clone. */
const MOST_BYTES = 3_000_000;
const WEBP_QUALITY = 82;

async function picture(page: Page, name: string): Promise<void> {
  const line = await page.context().newCDPSession(page);
  const { data } = await line.send("Page.captureScreenshot", { format: "webp", quality: WEBP_QUALITY });
  await line.detach();
  await writeFile(join(FOLDER, `${name}.webp`), Buffer.from(data, "base64"));
}

const look = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.documentElement.dataset.mantineColorScheme);

/** The screen at hand in both themes and languages; left as it was. */
async function fourTimes(page: Page, screen: string): Promise<void> {
  // What was said on the way was said in the language of its moment.
  const notice = page.locator("[data-testid=notice] button");
  while ((await notice.count()) > 0) await notice.first().click();
  for (const theme of ["dark", "light"]) {
    if ((await look(page)) !== theme) await page.click("[data-testid=theme]");
    for (const language of ["zh", "en"]) {
      await page.click("[data-testid=language]");
      await page.waitForFunction((wanted) => document.documentElement.lang.startsWith(wanted), language);
      await page.mouse.move(0, 0);
      // Tooltips and notices of what was clicked go first.
      await page.waitForTimeout(600);
      await picture(page, `${screen}-${theme}-${language}`);
    }
  }
  await page.click("[data-testid=theme]");
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
}

it.skipIf(!hasBrowser)("pictures every layout in both themes and languages", async () => {
  await mkdir(FOLDER, { recursive: true });
  await using app = await openApp();
  const { page, complaints } = app;
  await rememberedAs(page, { locale: "en", appearance: "dark", readerName: "Reader One" });
  await walkScreens(page, async (screen) => {
    if (SHOWN.has(screen)) await fourTimes(page, screen);
  });
  const files = await readdir(FOLDER);
  expect(files.length).toBe(SHOWN.size * 4);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(FOLDER, file))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  expect(complaints).toEqual([]);
});
