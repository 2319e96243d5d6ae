// One run of one app, or of the bare read, in a Chromium of its own: started, timed, ended.
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { CHROMIUM_ARGUMENTS, screenshot } from "../../browser/browser.ts";
import { browserPath } from "../../tools.mjs";
import { ContestantFailed, watchOf, type Contestant } from "./contestant.ts";
import { samplePeak, type PeakMemory } from "./process-memory.ts";
import type { BenchSeries } from "./series.ts";
import type { WatchedWindow } from "./watched-page.ts";

/** Of one run; ms from the moment that files are given, where nothing else is said. Null: the app has no such function. */
export interface Figures {
  readonly firstImageMs: number;
  readonly volumeMs: number;
  readonly planesMs: number;
  /** Each step of the threshold. */
  readonly thresholdMs: readonly number[] | null;
  readonly segMs: number | null;
  readonly longestTaskMs: number;
  /** From before the page is opened until its planes are ready. */
  readonly memory: PeakMemory | null;
}

const OPENING_MS = 240_000;
const WATCH = fileURLToPath(new URL("watch-page.js", import.meta.url));
/** Nothing outside this machine is asked for: VolView's page wants fonts from the net. */
const NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

async function inChromium<T>(work: (browser: Browser, page: Page) => Promise<T>): Promise<T> {
  const executablePath = browserPath();
  if (!executablePath)
    throw new ContestantFailed(
      "no Chromium on this machine: install Debian's chromium, or name one in CHROMIUM",
    );
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: [...CHROMIUM_ARGUMENTS, NO_NETWORK],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
    });
    // The functions that are handed to the page are compiled with a call of this name in them.
    await context.addInitScript({ content: "globalThis.__name = (named) => named;" });
    return await work(browser, await context.newPage());
  } finally {
    await browser.close();
  }
}

/** Opens the series in the app and does what it can. Throws ContestantFailed in words where it does not come through. */
export function measured(contestant: Contestant, series: BenchSeries): Promise<Figures> {
  return inChromium(async (browser, page) => {
    await page.addInitScript({ path: WATCH });
    const memory = await samplePeak(browser);
    try {
      await page.goto(contestant.url);
      await contestant.give(page, series);
      await page
        .waitForFunction(() => (window as unknown as WatchedWindow).benchWatch.planesAt > 0, null, {
          timeout: OPENING_MS,
          polling: 100,
        })
        .catch(async () => {
          const { firstImageAt, volumeAt } = await watchOf(page);
          const missing =
            firstImageAt === 0 ? "an image" : volumeAt === 0 ? "the whole volume" : "three planes";
          const picture = await screenshot(page, `bench-app-${contestant.name}`);
          throw new ContestantFailed(
            `${contestant.title} did not show ${missing} in ${OPENING_MS / 1000} s; what it showed: ${picture}`,
          );
        });
      const peak = await memory();
      const { givenAt, firstImageAt, volumeAt, planesAt, longestTaskMs } = await watchOf(page);
      return {
        firstImageMs: firstImageAt - givenAt,
        volumeMs: volumeAt - givenAt,
        planesMs: planesAt - givenAt,
        longestTaskMs,
        memory: peak,
        thresholdMs: (await contestant.threshold?.(page)) ?? null,
        segMs: (await contestant.saveSeg?.(page)) ?? null,
      };
    } finally {
      await memory();
    }
  });
}

/** Ms that the same browser takes to read the bytes of all files, six at a time, and nothing else. */
export function bareRead(series: BenchSeries): Promise<number> {
  return inChromium(async (_browser, page) => {
    await page.setContent("<input type=file multiple>");
    await page.setInputFiles("input", [...series.files]);
    return page.evaluate(async () => {
      const files = [...(document.querySelector("input")?.files ?? [])];
      const begun = performance.now();
      let next = 0;
      const reader = async (): Promise<void> => {
        while (next < files.length) await files[next++].arrayBuffer();
      };
      await Promise.all(Array.from({ length: 6 }, reader));
      return performance.now() - begun;
    });
  });
}
