// The engine's candidates as a queue: each is accepted, split, joined or rejected with one key, metal has no volume, and the case can't be signed before the look without marks.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { SAMPLE_CASE } from "../../src/cli/prepare.mjs";
import type { PhantomTruth } from "../../sample-data/truth.ts";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { findCement, focusOf, imagesShown, type Point } from "./case-page.ts";

/** A candidate this near to a leak's middle is that leak; the leaks are longer than that. */
const NEAR_MM = 12;

it.skipIf(!hasBrowser)(
  "proposes the sample case's leaks with their sites, and waits for the reader",
  async () => {
    // This project's own file, made by its own maker.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const truth = JSON.parse(await readFile(join(SAMPLE_CASE, "truth.json"), "utf8")) as PhantomTruth;
    await using app = await openApp();
    const { page, complaints } = app;
    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    await findCement(page);
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    expect(await page.locator('[data-testid=parts] [data-role="leak"]').count()).toBe(0);

    const undecided = page.locator('[data-testid=parts] [data-role="undecided"]');
    const proposed = await undecided.count();
    const decidedTo = (count: number) =>
      page.waitForFunction(
        (wanted) =>
          document.querySelectorAll('[data-testid=parts] [data-role="undecided"]').length === wanted,
        count,
      );
    await page.keyboard.press("s");
    await decidedTo(proposed + 1);
    await page.keyboard.press("j");
    await decidedTo(proposed);
    expect(await page.locator("[data-testid=distances]").innerText()).toMatch(/pelvic surface \d+ mm/);

    let right = 0;
    let stood: Point | null = null;
    for (let left = await undecided.count(); left > 0; left = await undecided.count()) {
      const at = await focusAfter(page, stood);
      stood = at;
      const leak = truth.leaks.find(
        ({ centroidMm }) => Math.hypot(...at.map((mm, axis) => mm - centroidMm[axis])) < NEAR_MM,
      );
      const offered = await page.locator("[data-testid=accept]").innerText();
      if (leak && offered.toLowerCase().includes(SAID[leak.site] ?? "-")) right++;
      await page.keyboard.press(leak ? "Enter" : "Shift+A");
      await page.waitForFunction(
        (before) => document.querySelectorAll('[data-testid=parts] [data-role="undecided"]').length < before,
        left,
      );
    }
    expect(right).toBeGreaterThanOrEqual(3);
    await page.getByText(/^Not cement \(/).click();
    await page
      .getByRole("option", { name: /not measurable \(metal\)/ })
      .first()
      .click();
    await page.waitForSelector("[data-testid=not-measurable]");
    await screenshot(page, "queue");

    await page.click("[data-testid=missing] summary");
    expect(await page.locator("[data-testid=missing]").innerText()).toMatch(/marks off/);
    await page.keyboard.press("h");
    // Each slice is drawn before the next one: what flies past was not seen.
    for (const [key, times] of [
      ["PageUp", 30],
      ["PageDown", 40],
    ] as const)
      for (let n = 0; n < times; n++) {
        await page.keyboard.press(key);
        await page.waitForTimeout(100);
      }
    await page.waitForSelector("text=Seen without marks");
    expect(await page.locator("[data-testid=missing]").innerText()).not.toMatch(/marks off/);
    expect(complaints).toEqual([]);
  },
  240_000,
);

/** Where the views stand once they have left `from`; a busy machine draws some time after the key. */
async function focusAfter(page: Page, from: Point | null): Promise<Point> {
  for (let tries = 0; tries < 20; tries++) {
    await page.waitForTimeout(200);
    const at = await focusOf(page);
    if (!from || Math.hypot(...at.map((mm, axis) => mm - from[axis])) > 1) return at;
  }
  return focusOf(page);
}

const SAID: Readonly<Record<string, string>> = {
  sacral_venous_plexus: "sacral venous plexus",
  puncture_path: "puncture path",
  anterior_epidural_space: "anterior epidural",
  anterior_sacral_space: "presacral",
};
