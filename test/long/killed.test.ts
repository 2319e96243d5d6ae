// The browser is killed in the middle of a brush stroke, twenty times at random moments: each time the case comes back with
// every stroke that was finished, save in the last second. A stroke is kept when the button is released: the one in hand is
// lost whole, and its age is printed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, serveDist } from "../browser/browser.ts";
import { findCement, saved } from "../browser/case-page.ts";
import { startChromium } from "./own-chromium.ts";
import { openSmallCase, smallCases } from "./small-case.ts";

const KILLS = 20;
/** What a crash may cost. */
const MAY_BE_LOST_MS = 1000;
/** The kill comes at a random moment of this span after the first stroke of a round began. */
const SPAN_MS: readonly [number, number] = [400, 4000];
/** Strokes follow each other without a rest, each as long as a random draw from this. */
const STROKE_MS: readonly [number, number] = [250, 1500];
const MOVE_PX = 7;
/** From the cement's HU to every voxel, so that each stroke changes the part wherever it is drawn. */
const RANGE_KEY = "r";

const between = ([least, most]: readonly [number, number]): number => least + Math.random() * (most - least);
const sleep = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

interface Stroke {
  readonly beganMs: number;
  /** When the browser had taken the release of the button; Infinity for the stroke that was cut short. */
  readonly endedMs: number;
  /** The painted part's volume as its row says after the stroke; null when the kill came before it could be read. */
  readonly volume: string | null;
}

it.skipIf(!hasBrowser)("comes back after each of twenty kills with all but the last second", async () => {
  const files = smallCases()(1);
  const profile = await mkdtemp(join(tmpdir(), "clv-killed-"));
  const server = await serveDist();
  let chromium = await startChromium(profile, server.url);
  let lostStrokes = 0;
  const inHandMs: number[] = [];
  try {
    await openSmallCase(chromium.page, files);
    await findCement(chromium.page);
    await saved(chromium.page);
    for (let round = 1; round <= KILLS; round++) {
      const before = { step: await lastStep(chromium.page), volume: await volumeOf(chromium.page) };
      await takeBrush(chromium.page, round);
      const drawing = drawUntilDead(chromium.page);
      await sleep(between(SPAN_MS));
      // In mid-stroke: the next one, where the moment fell between two.
      for (const until = Date.now() + 5000; !drawing.inHand() && Date.now() < until;) await sleep(5);
      const killedMs = Date.now();
      await chromium.kill();
      const strokes = await drawing.strokes;

      chromium = await startChromium(profile, server.url);
      await chromium.page.waitForSelector("[data-testid=saved-case]");
      const came = (await lastStep(chromium.page)) - before.step;
      await openSmallCase(chromium.page, files);
      await chromium.page.waitForSelector("[data-testid=parts]");

      const done = strokes.filter((stroke) => stroke.endedMs <= killedMs);
      const lost = done.slice(came);
      const inHand = strokes.find((stroke) => stroke.endedMs > killedMs);
      lostStrokes += lost.length;
      if (inHand) inHandMs.push(killedMs - inHand.beganMs);
      process.stdout.write(
        `kill ${round}: ${done.length} strokes done, ${came} back, lost ${lost.length}` +
          (lost[0] ? ` (ended ${killedMs - lost[0].endedMs} ms before)` : "") +
          (inHand ? `, in hand for ${killedMs - inHand.beganMs} ms\n` : ", between two strokes\n"),
      );
      for (const stroke of lost) expect(killedMs - stroke.endedMs).toBeLessThanOrEqual(MAY_BE_LOST_MS);
      // What is on the screen again is what was there after the last stroke that came back.
      const expected = came === 0 ? before.volume : (strokes[came - 1]?.volume ?? null);
      if (expected !== null) expect(await volumeOf(chromium.page)).toBe(expected);
    }
    process.stdout.write(
      `${KILLS} kills, ${inHandMs.length} in mid-stroke: ${lostStrokes} finished strokes lost; ` +
        `the stroke in hand, lost each time, was at most ${Math.max(0, ...inHandMs)} ms old, ` +
        `${inHandMs.filter((ms) => ms > MAY_BE_LOST_MS).length} times more than ${MAY_BE_LOST_MS}\n`,
    );
  } finally {
    await chromium.kill();
    await server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** Selects the first part and takes the brush that paints every voxel, on another slice each time. */
async function takeBrush(page: Page, round: number): Promise<void> {
  await page.locator("[data-testid=parts] [data-part]").first().click();
  for (let n = 0; n < round % 8; n++) await page.keyboard.press(round % 2 ? "PageDown" : "PageUp");
  await page.keyboard.press("a");
  await page.keyboard.press(RANGE_KEY);
}

/** Draws stroke after stroke across the axial view until the browser is gone. */
function drawUntilDead(page: Page): { inHand(): boolean; strokes: Promise<Stroke[]> } {
  let beganMs = Infinity;
  const strokes = drawOn(page, (ms) => (beganMs = ms));
  return { inHand: () => beganMs < Infinity, strokes };
}

async function drawOn(page: Page, began: (atMs: number) => void): Promise<Stroke[]> {
  const box = await page.locator('div[data-view="axial"]').first().boundingBox();
  if (!box) throw new Error("the axial view shows nothing");
  const strokes: Stroke[] = [];
  let beganMs = Infinity;
  try {
    for (;;) {
      let x = box.x + box.width * between([0.2, 0.8]);
      let y = box.y + box.height * between([0.2, 0.8]);
      const turn = 2 * Math.PI * Math.random();
      const endsMs = Date.now() + between(STROKE_MS);
      await page.mouse.move(x, y);
      beganMs = Date.now();
      await page.mouse.down();
      began(beganMs);
      while (Date.now() < endsMs) {
        x = Math.min(
          box.x + 0.9 * box.width,
          Math.max(box.x + 0.1 * box.width, x + MOVE_PX * Math.cos(turn)),
        );
        y = Math.min(
          box.y + 0.9 * box.height,
          Math.max(box.y + 0.1 * box.height, y + MOVE_PX * Math.sin(turn)),
        );
        await page.mouse.move(x, y);
      }
      began(Infinity);
      await page.mouse.up();
      const stroke: Stroke = { beganMs, endedMs: Date.now(), volume: null };
      beganMs = Infinity;
      strokes.push(stroke);
      strokes[strokes.length - 1] = { ...stroke, volume: await volumeOf(page) };
    }
  } catch {
    // The browser is gone: what was in hand has no end.
    if (beganMs < Infinity) strokes.push({ beganMs, endedMs: Infinity, volume: null });
    return strokes;
  }
}

/** What the row of the first part says, two frames from now. */
const volumeOf = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    for (let n = 0; n < 2; n++) await new Promise((drawn) => requestAnimationFrame(drawn));
    return document.querySelector("[data-testid=parts] [data-part]")?.textContent ?? "";
  });

/** The number of the last step in the browser's storage, over all that is there: one case. */
const lastStep = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((accept, refuse) => {
        request.onsuccess = () => accept(request.result);
        request.onerror = () => refuse(request.error ?? new Error("storage"));
      });
    const database = await settled(indexedDB.open("cement-leakage-viewer"));
    const stores = database.transaction(["steps", "snapshots"]);
    const found: unknown[] = [
      ...(await settled(stores.objectStore("steps").getAll())),
      ...(await settled(stores.objectStore("snapshots").getAll())),
    ];
    database.close();
    const numbers = found.map((entry) =>
      typeof entry === "object" && entry !== null && "step" in entry ? Number(entry.step) : 0,
    );
    return Math.max(0, ...numbers);
  });
