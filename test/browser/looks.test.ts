// How it looks at the sizes of a laptop and of a reading desk: what decides is in sight, nothing is cut off, every word can be read, the focus is seen.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { findCement, imagesShown } from "./case-page.ts";
import { rememberedAs } from "./screens.ts";

const SIZES = [
  [1280, 800],
  [1440, 900],
  [2560, 1440],
] as const;
/** CSS pixels; keys stand in the smallest letters. */
const SMALLEST_LETTERS_PX = 11;
const TAB_STOPS = 60;

/** The keyed sites of the selected part that are not wholly in sight, by their names. */
const sitesOutOfSight = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("[data-testid=selected-part] button[data-site]")]
      .filter((button) => {
        const { left, right, top, bottom } = button.getBoundingClientRect();
        // What lies over it, or has scrolled it away, answers in its place.
        return [top + 3, bottom - 3].some(
          (y) => document.elementFromPoint((left + right) / 2, y)?.closest("button") !== button,
        );
      })
      .map((button) => button.textContent ?? ""),
  );

/** Controls that reach out of the window or of the box that holds them, and words in letters too small to read. */
const unreadable = (page: Page, leastPx: number): Promise<string[]> =>
  page.evaluate((least) => {
    const shown = [...document.querySelectorAll("header *, nav *, aside *, main *")].filter((element) =>
      element.checkVisibility(),
    );
    const cut = shown
      .filter((element) => element.matches("button, summary, input, label, h1, h2, h3"))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (left < -1 || right > window.innerWidth + 1);
      })
      .map((element) => `cut off: ${element.textContent ?? ""}`);
    const overflowing = shown
      .filter((element) => element.matches("button") && element.scrollWidth > element.clientWidth + 2)
      .map((element) => `wider than its button: ${element.textContent ?? ""}`);
    const small = shown
      .filter(
        (element) =>
          !element.closest("svg") &&
          [...element.childNodes].some((node) => node instanceof Text && /\p{L}/u.test(node.data)),
      )
      .filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < least - 0.01)
      .map((element) => `too small: ${element.textContent ?? ""}`);
    return [...new Set([...cut, ...overflowing, ...small])];
  }, leastPx);

/** Stops of the Tab key at which nothing on the screen shows where the focus is. */
async function unseenFocus(page: Page): Promise<string[]> {
  const unseen = new Set<string>();
  for (let n = 0; n < TAB_STOPS; n++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      // A control may show it on what surrounds it (a slider's thumb, a field's frame), so two steps up count.
      const around = [element, element.parentElement, element.parentElement?.parentElement].filter(
        (one) => one instanceof HTMLElement,
      );
      const ring = around.some((one) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
      });
      const field = element.matches("input, textarea");
      return ring || field
        ? null
        : `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent ?? ""}`;
    });
    if (at) unseen.add(at);
  }
  return [...unseen];
}

it.skipIf(!hasBrowser)(
  "keeps what decides in sight and every word readable at 1280, 1440 and 2560",
  async () => {
    await using app = await openApp({ viewport: { width: 1280, height: 800 } });
    const { page } = app;
    await rememberedAs(page, { locale: "en", appearance: "dark", readerName: "Reader One" });
    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    await findCement(page);
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (const language of ["English", "中文"]) {
        const other = page.getByRole("button", { name: language, exact: true });
        if ((await other.count()) > 0) await other.click();
        await page.waitForTimeout(500);
        await screenshot(page, `looks-${width}-${language === "English" ? "en" : "zh"}`);
        const where = `${width} ${language}`;
        expect.soft(await sitesOutOfSight(page), where).toEqual([]);
        expect.soft(await unreadable(page, SMALLEST_LETTERS_PX), where).toEqual([]);
      }
    }
    expect.soft(await unseenFocus(page)).toEqual([]);
  },
);
