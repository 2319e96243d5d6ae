// Our build: files through the picker of the start page, the cement found and thresholded, the SEG exported.
import type { Page } from "playwright-core";
import { serveDist } from "../../browser/browser.ts";
import { ContestantFailed, IDLE_BEFORE_MS, type Contestant } from "./contestant.ts";
import type { WatchedWindow } from "./watched-page.ts";

/** Steps of the threshold, half of them up and the others back, each this far along its slider: some 50 HU. */
const STEPS = 12;
const STEP_PX = 3;
const PATIENCE = { timeout: 120_000 };

/** Serves dist/, which must be built. */
export async function ours(): Promise<Contestant> {
  const server = await serveDist();
  return {
    name: "ours",
    title: "this viewer",
    url: server.url,
    async give(page, { files }) {
      await page.waitForSelector("[data-testid=pick-files]", { state: "attached", ...PATIENCE });
      await page.waitForTimeout(IDLE_BEFORE_MS);
      await page.evaluate(() => {
        const { benchWatch } = window as unknown as WatchedWindow;
        benchWatch.views = ["axial", "sagittal", "coronal"]
          .map((plane) => `[data-view=${plane}] canvas`)
          .join();
        benchWatch.wholeAt = () => performance.getEntriesByName("clv:volume")[0]?.startTime ?? 0;
      });
      await page.setInputFiles("[data-testid=pick-files]", [...files]);
    },
    async threshold(page) {
      await page.keyboard.press("f");
      await page.waitForSelector("[data-testid=parts] [data-part]", PATIENCE);
      await page.waitForTimeout(IDLE_BEFORE_MS);
      return stepThrough(page);
    },
    async saveSeg(page) {
      await page.click("[data-testid=export]");
      const order = page.locator('[data-exporter="cement-leakage/export-seg"]');
      await order.waitFor(PATIENCE);
      if (await order.isDisabled()) throw new ContestantFailed("ours: the export of the SEG is disabled");
      return saved(page, () =>
        page.evaluate(() => {
          const { benchWatch } = window as unknown as WatchedWindow;
          benchWatch.lastFileAt = 0;
          const item = document.querySelector<HTMLElement>('[data-exporter="cement-leakage/export-seg"]');
          const asked = performance.now();
          item?.click();
          return asked;
        }),
      );
    },
    close: () => server.close(),
  };
}

/** Runs the order, which gives its moment by the page's clock, and waits for the download; ms between the two. */
export async function saved(page: Page, order: () => Promise<number>): Promise<number> {
  const download = page.waitForEvent("download", PATIENCE);
  const asked = await order();
  await (await download).path();
  const made = await page.evaluate(() => (window as unknown as WatchedWindow).benchWatch.lastFileAt);
  if (made <= asked) throw new ContestantFailed("a file was saved that the page did not make itself");
  return made - asked;
}

/** Drags the slider of the floor step by step and back to where it was, so that there is cement to export; ms of each from the pointer's event to the last view's new mask. */
async function stepThrough(page: Page): Promise<number[]> {
  const thumb = page.getByRole("slider", { name: "Floor" });
  const box = await thumb.boundingBox();
  if (!box) throw new ContestantFailed("ours: no slider of the floor on the screen");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const took: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const drawn = page.evaluate(drawnAfterPointer);
    await page.mouse.move(x + Math.min(step, STEPS - step) * STEP_PX, y);
    took.push(await drawn);
  }
  await page.mouse.up();
  return took;
}

/** In the page: ms from the next move of the pointer until the views, given the new mask, stand still. */
async function drawnAfterPointer(): Promise<number> {
  const { benchWatch } = window as unknown as WatchedWindow;
  const STILL_MS = 300;
  const moved = await new Promise<number>((accept) =>
    window.addEventListener("pointermove", () => accept(performance.now()), { capture: true, once: true }),
  );
  while (benchWatch.lastMaskAt < moved || performance.now() - benchWatch.lastMaskAt < STILL_MS) {
    if (performance.now() - moved > 20_000)
      throw new Error("the floor was moved and no view was given another mask");
    await new Promise((next) => setTimeout(next, 5));
  }
  return benchWatch.lastMaskAt - moved;
}
