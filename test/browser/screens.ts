// A walk over the app's screens in the order of a reading, for the tests that look at each of them the same way.
import type { Page } from "playwright-core";
import { imagesShown } from "./case-page.ts";

export const SCREENS = [
  "start",
  "found",
  "four",
  "one",
  "sacral",
  "track",
  "keys",
  "site",
  "tools",
  "case-menu",
  "export",
  "sign",
  "signed",
] as const;
export type ScreenName = (typeof SCREENS)[number];

/** What the page remembers, set before its own scripts run: no click is needed for language, theme and reader. */
export async function rememberedAs(
  page: Page,
  preferences: { locale?: "en" | "zh"; appearance?: "dark" | "light"; readerName?: string },
): Promise<void> {
  await page.addInitScript((kept) => localStorage.setItem("preferences", kept), JSON.stringify(preferences));
  await page.reload();
}

/** Until what the last key began has been drawn; software WebGL takes its time. */
const drawn = (page: Page): Promise<void> => page.waitForTimeout(700);

async function closed(page: Page, selector: string): Promise<void> {
  await page.keyboard.press("Escape");
  await page.waitForSelector(selector, { state: "detached" });
}

/** A dialog takes its title as its name just after it has been drawn, later where the machine is busy. */
const named = (page: Page): Promise<unknown> => page.waitForSelector("[role=dialog][aria-labelledby]");

/** Opens the sample case and goes on to its signature; `look` is called on each screen, which it leaves as it was. */
export async function walkScreens(page: Page, look: (screen: ScreenName) => Promise<void>): Promise<void> {
  await page.waitForSelector("[data-testid=open-sample]");
  await look("start");
  await page.click("[data-testid=open-sample]");
  await imagesShown(page);
  await page.mouse.move(0, 0);
  await page.keyboard.press("f");
  await page.waitForSelector("[data-testid=propose]", { timeout: 120_000 });
  await drawn(page);
  await look("found");
  await page.keyboard.press("g");
  await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
  await drawn(page);
  await look("four");
  await page.keyboard.press("F2");
  await drawn(page);
  await look("one");
  for (const [key, screen] of [
    ["F4", "sacral"],
    ["F8", "track"],
  ] as const) {
    await page.keyboard.press(key);
    await page.waitForSelector(`[data-layout="${screen}"]`);
    await drawn(page);
    await look(screen);
  }
  await page.keyboard.press("F3");
  await page.keyboard.press("?");
  await page.waitForSelector("[data-testid=keys-sheet]");
  await named(page);
  await look("keys");
  await closed(page, "[data-testid=keys-sheet]");
  await page.locator("[data-testid=about-site]").first().click();
  await page.waitForSelector("[data-testid=site-page]");
  await named(page);
  await look("site");
  await closed(page, "[data-testid=site-page]");
  await page.locator("[data-testid=editing] summary").click();
  await page.keyboard.press("a");
  await drawn(page);
  await look("tools");
  await page.keyboard.press("Escape");
  await page.locator("[data-testid=editing] summary").click();
  await page.locator("[data-testid=case-menu]").click();
  await page.waitForSelector("[role=menu]");
  await look("case-menu");
  await closed(page, "[role=menu]");
  await page.click("[data-testid=export]");
  await page.waitForSelector("[data-exporter]");
  await look("export");
  await closed(page, "[data-exporter]");
  await page.click("[data-testid=missing] summary");
  await look("sign");
  await page.click("[data-testid=missing] summary");
  await finish(page);
  await look("signed");
}

/** Pages through the cement with the marks off until `done` is there; each slice is drawn before the next one. */
export async function lookWithoutMarks(page: Page, done: string, drawnMs = 150): Promise<void> {
  await page.keyboard.press("h");
  const turns = [
    ["PageUp", 20],
    ["PageDown", 30],
    ["PageUp", 30],
  ] as const;
  const isDone = async (): Promise<boolean> => (await page.locator(done).count()) > 0;
  for (const [key, times] of turns)
    for (let n = 0; n < times && !(await isDone()); n++) {
      await page.keyboard.press(key);
      await page.waitForTimeout(drawnMs);
    }
  await page.waitForSelector(done, { timeout: 5000 });
  await page.keyboard.press("h");
}

/** Takes over what is proposed, answers the rest of the checklist with no, looks without marks, signs. */
export async function finish(page: Page, drawnMs?: number): Promise<void> {
  const fewer = async (rows: string, key: string): Promise<void> => {
    const found = page.locator(rows);
    for (let left = await found.count(); left > 0; left = await found.count()) {
      await page.keyboard.press(key);
      await page.waitForFunction(
        ([selector, before]) => document.querySelectorAll(selector).length < before,
        [rows, left] as const,
      );
    }
  };
  // Enter on a control that the keyboard came to would be that control's.
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await fewer('[data-testid=parts] [data-role="undecided"]', "Enter");
  await fewer('[data-testid=checklist] [data-answer="open"]', "-");
  await lookWithoutMarks(page, "body:not(:has([data-testid=missing]))", drawnMs);
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("[data-testid=effort]", { timeout: 20_000 });
  await drawn(page);
}
