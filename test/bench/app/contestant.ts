// What the comparison asks of each app: open the files as its user would, and do what a reader does next, where it can.
import type { Page } from "playwright-core";
import type { BenchSeries } from "./series.ts";
import type { PageWatch, WatchedWindow } from "./watched-page.ts";

export type ContestantName = "ours" | "ohif" | "volview";

export interface Contestant {
  readonly name: ContestantName;
  /** As the table names it, with its version. */
  readonly title: string;
  /** Where it is served. */
  readonly url: string;
  /** Waits until the page takes files, tells the page's watch what to look for, and gives it the files. */
  give(page: Page, series: BenchSeries): Promise<void>;
  /** Ms from a step of the threshold of the whole volume to its drawing in all views, one for each step. */
  readonly threshold?: (page: Page) => Promise<readonly number[]>;
  /** Ms from the order to save a DICOM SEG of the cement to its file. */
  readonly saveSeg?: (page: Page) => Promise<number>;
  close(): Promise<void>;
}

/** Thrown where an app did not do what it was asked; says which, where, and what was waited for. */
export class ContestantFailed extends Error {}

/** The page waits this long without anything to do before it is given files: its own start is not timed. */
export const IDLE_BEFORE_MS = 1500;

export const watchOf = (page: Page): Promise<Omit<PageWatch, "wholeAt" | "next">> =>
  page.evaluate(() => {
    const { wholeAt: _whole, next: _next, ...kept } = (window as unknown as WatchedWindow).benchWatch;
    return kept;
  });
