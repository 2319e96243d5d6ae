// A reader finishes the sample case with the keyboard alone, from the opened case to the signature; every key press is counted.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { SAMPLE_CASE } from "../../src/cli/prepare.mjs";
import type { PhantomTruth, TruthLeak } from "../../sample-data/truth.ts";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { focusOf, imagesShown } from "./case-page.ts";

/** A candidate this near to a leak's middle is that leak; the leaks are longer than that. */
const NEAR_MM = 12;
/** What four leaks may cost when the proposals are right. */
const MOST_KEYS = 40;
/** So many looks a fifth of a second apart find the views where they were: they have arrived. */
const STILL_LOOKS = 3;

/** Each press counts, paging too, whatever it does; nothing is held down. A key with a modifier is one. */
interface Hand {
  press(key: string, why: string): Promise<void>;
  /** "accept 4, look 17, …" */
  tally(): string;
  count(): number;
}

function handOn(page: Page): Hand {
  const pressed = new Map<string, number>();
  const count = (): number => [...pressed.values()].reduce((sum, keys) => sum + keys, 0);
  return {
    async press(key, why) {
      pressed.set(why, (pressed.get(why) ?? 0) + 1);
      await page.keyboard.press(key);
    },
    tally: () => [...pressed].map(([why, keys]) => `${why} ${keys}`).join(", "),
    count,
  };
}

it.skipIf(!hasBrowser)(
  "finishes the sample case by keys alone, in at most 40",
  async () => {
    // This project's own file, made by its own maker.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const truth = JSON.parse(await readFile(join(SAMPLE_CASE, "truth.json"), "utf8")) as PhantomTruth;
    await using app = await openApp();
    const { page, complaints, strangers } = app;
    // Once per workplace, not per case: who reads here.
    // Before the page's own scripts: the first page may still write its preferences when it is left.
    await page.addInitScript(() =>
      localStorage.setItem("preferences", '{"readerName":"Reader One","locale":"en"}'),
    );
    await page.reload();
    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    await page.mouse.move(0, 0);

    const hand = handOn(page);
    const startedMs = Date.now();
    const undecided = page.locator('[data-testid=parts] [data-role="undecided"]');
    await hand.press("g", "propose");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    const proposedMs = Date.now();

    const offered: string[] = [];
    for (let left = await undecided.count(); left > 0; left = await undecided.count()) {
      const leak = await leakShown(page, truth);
      const site = (await page.locator("[data-testid=accept]").innerText()).replace(/\s+/g, " ");
      offered.push(`${leak ? leak.site : "no leak"}: "${site}"`);
      await hand.press(leak ? "Enter" : "x", leak ? "accept" : "not cement");
      await page.waitForFunction(
        (before) => document.querySelectorAll('[data-testid=parts] [data-role="undecided"]').length < before,
        left,
      );
    }
    process.stdout.write(`candidates: ${offered.join("; ")}\n`);
    expect(await page.locator('[data-testid=parts] [data-role="leak"]').count()).toBe(truth.leaks.length);

    const present = page.locator('[data-testid=checklist] [data-answer="present"]');
    const sites = await present.evaluateAll((rows: HTMLElement[]) => rows.map(({ dataset }) => dataset.site));
    expect(new Set(sites)).toEqual(new Set(truth.leaks.map(({ site }) => site)));

    const open = page.locator('[data-testid=checklist] [data-answer="open"]');
    for (let left = await open.count(); left > 0; left = await open.count()) {
      await hand.press("-", "absent");
      await page.waitForFunction(
        (before) => document.querySelectorAll('[data-testid=checklist] [data-answer="open"]').length < before,
        left,
      );
    }

    await hand.press("h", "marks");
    await lookThrough(page, hand, truth);
    await hand.press("h", "marks");
    await sign(page, hand);
    const doneMs = Date.now();

    // What the viewer itself shows must be what was pressed; a modifier is an event of its own there.
    const shown = await page.locator("[data-testid=effort]").innerText();
    await screenshot(page, "keyboard");
    process.stdout.write(
      [
        `keyboard alone: ${hand.count()} keys (${hand.tally()})`,
        `engine ${((proposedMs - startedMs) / 1000).toFixed(1)} s, proposal to signature ${((doneMs - proposedMs) / 1000).toFixed(1)} s (no thinking time)`,
        `the viewer counted: ${shown}`,
        "",
      ].join("\n"),
    );
    expect(Number(/(\d+) clicks?/.exec(shown)?.[1])).toBe(0);
    expect(hand.count()).toBeLessThanOrEqual(MOST_KEYS);
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
  },
  240_000,
);

/** The leak that the views stand at, once they have arrived; null when they stand at none. */
async function leakShown(page: Page, truth: PhantomTruth): Promise<TruthLeak | null> {
  let before = "";
  for (let still = 0; still < STILL_LOOKS;) {
    const at = await focusOf(page);
    still = at.join(" ") === before ? still + 1 : 0;
    before = at.join(" ");
    await page.waitForTimeout(200);
  }
  const at = await focusOf(page);
  return (
    truth.leaks.find(
      ({ centroidMm }) => Math.hypot(...at.map((mm, axis) => mm - centroidMm[axis])) < NEAR_MM,
    ) ?? null
  );
}

/** Signs; where the case is not ready yet (long work under way) the key is pressed again, and counts again. */
async function sign(page: Page, hand: Hand): Promise<void> {
  for (let tries = 3; tries > 0; tries--) {
    await hand.press("Control+Enter", "sign");
    const signed = await page
      .waitForSelector("text=Signed by Reader One", { timeout: 8000 })
      .catch(() => null);
    if (signed) return;
    process.stdout.write(
      `not signed: ${(await page.locator("[role=status], [role=alert]").allInnerTexts()).join(" | ")}\n`,
    );
    await page.keyboard.press("Escape");
  }
  throw new Error("the case was not signed by Ctrl+Enter, pressed three times");
}

/** Pages past one end of the cement and then past the other, as a reader does who sees where it ends. */
async function lookThrough(page: Page, hand: Hand, truth: PhantomTruth): Promise<void> {
  const ends = [...truth.lesions, ...truth.leaks].flatMap(({ centroidMm, volumeMm3 }) => {
    const radiusMm = Math.cbrt((3 * volumeMm3) / (4 * Math.PI));
    return [centroidMm[2] - radiusMm, centroidMm[2] + radiusMm];
  });
  const depth = async (): Promise<number> => (await focusOf(page))[2];
  const pageOnce = async (key: string, before: number): Promise<number> => {
    await hand.press(key, "look");
    await expect.poll(depth, { timeout: 5000 }).not.toBe(before);
    return depth();
  };
  let at = await depth();
  while (at < Math.max(...ends)) at = await pageOnce("PageUp", at);
  while (at > Math.min(...ends)) at = await pageOnce("PageDown", at);
  await page.waitForSelector("text=Seen without marks", { timeout: 5000 });
}
