// A reader looks through a series while it is still being read: counted by what the archive was asked for, not timed. The archive is
// one in memory, which holds each image back until the test lets it go.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { DIST } from "../../src/cli/prepare.mjs";
import { serveFolder } from "../../src/cli/static-server.mjs";
import { FakeArchive, uidOf } from "../unit/dicom/dicomweb/fake-archive.ts";
import { sliceFile } from "../unit/dicom/synthetic-ct.ts";
import { hasBrowser, launchBrowser, openPage } from "./browser.ts";
import { openFromArchive } from "./archive-page.ts";
import { focusOf, imagesShown } from "./case-page.ts";

const SLICES = 40;
const SIDE = 32;
const MIDDLE = 19;
const IN_FLIGHT = 6;
/** HU of slice k, everywhere in it. */
const huOf = (k: number): number => -400 + 60 * k;
/** Its grey in the window that a case begins with: W 3000 L 1000. */
const greyOf = (k: number): number => Math.round(((huOf(k) + 500) / 3000) * 255);

const files = Array.from({ length: SLICES }, (_, k) =>
  sliceFile({
    position: [0, 0, 100 + k],
    uid: `2.25.77${k}`,
    stored: new Int16Array(SIDE * SIDE).fill(huOf(k)),
    change: { Rows: SIDE, Columns: SIDE, PixelSpacing: ["1", "1"] },
  }),
);

describe.skipIf(!hasBrowser)("a series that is still being read", () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveFolder>>;
  const archive = new FakeArchive(files);
  /** Of the images that were asked for, by their place; in the order of the asking. */
  const asked: number[] = [];
  const held: (() => void)[] = [];
  archive.interfere = async ({ path }) => {
    const uid = /\/instances\/([\d.]+)/.exec(path)?.[1];
    if (uid === undefined) return null;
    asked.push(files.findIndex((file) => uidOf(file, "00080018") === uid));
    // The first is there at once.
    if (asked.length > 1) await new Promise<void>((go) => held.push(go));
    return null;
  };

  beforeAll(async () => {
    browser = await launchBrowser();
    site = await serveFolder(DIST, {
      before(request, response) {
        if (request.url === "/config.json") {
          response.writeHead(200, { "Content-Type": "application/json" });
          response.end(JSON.stringify({ archive: { url: "/dicom-web" } }));
          return true;
        }
        if (!request.url?.startsWith("/dicom-web/")) return false;
        const url = `https://pacs.test${request.url}`;
        void archive.fetch(url, { method: request.method ?? "GET" }).then(async (answer) => {
          response.writeHead(answer.status, Object.fromEntries(answer.headers));
          response.end(Buffer.from(await answer.arrayBuffer()));
        });
        return true;
      },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const letAllGo = (): void => held.splice(0).forEach((go) => go());

  /** Lets the image that was held back first go, and waits until another is asked for in its place. */
  async function letOneGo(): Promise<void> {
    const before = asked.length;
    held.shift()?.();
    await expect.poll(() => asked.length).toBe(before + 1);
  }

  it("is scrolled through before its last slice: what is looked at is read first, and the case opens there", async () => {
    const watched = await openPage(browser, site.url);
    const { page } = watched;
    await openFromArchive(page, "T1", false);
    await shows(page, MIDDLE);
    await expect.poll(() => asked.length).toBe(1 + IN_FLIGHT);
    expect([...asked].sort((a, b) => a - b)).toEqual([16, 17, 18, 19, 20, 21, 22]);

    // Ten slices towards the feet, by keys: not there, and said so.
    await page.keyboard.press("PageDown");
    await page.keyboard.press("PageDown");
    await page.getByTestId("not-there").filter({ hasText: "Slice 31 of 40 is not read yet" }).waitFor();
    expect(await greyAtMiddle(page)).toBe(0);
    expect(await page.locator('div[data-view="axial"]').count()).toBe(0);
    await letOneGo();
    expect(asked.at(-1)).toBe(9);
    await letOneGo();
    expect(asked.at(-1)).toBe(8);
    // Those of before have their turn, and then these two.
    letAllGo();
    await shows(page, 9);

    // On by the wheel, to what is there, and by the slider to the head's end.
    await page.locator('div[data-view="coming"]').hover();
    await page.mouse.wheel(0, 120);
    await shows(page, 8);
    await page.getByRole("slider").fill("1");
    await page.getByTestId("not-there").filter({ hasText: "Slice 1 of 40" }).waitFor();
    const soFar = asked.length;
    await expect.poll(() => (letAllGo(), asked)).toContain(SLICES - 1);
    // Six were under way before the reader went there.
    expect(asked.indexOf(SLICES - 1)).toBeLessThanOrEqual(soFar + IN_FLIGHT);
    await page.getByRole("slider").fill("31");
    while (asked.length < SLICES || held.length > 0) {
      letAllGo();
      await page.waitForTimeout(10);
    }
    await imagesShown(page);
    expect(new Set(asked).size).toBe(SLICES);
    await expect.poll(async () => (await focusOf(page))[2]).toBe(109);
    expect(await page.getByTestId("coming").count()).toBe(0);
    expect(watched.complaints).toEqual([]);
    await watched.close();
  });
});

/** Waits until the picture is that of slice k, by its grey. */
async function shows(page: Page, k: number): Promise<void> {
  await page.waitForSelector(`div[data-view="coming"][data-at="${k}"][data-there="true"]`);
  expect(await greyAtMiddle(page)).toBe(greyOf(k));
}

const greyAtMiddle = (page: Page): Promise<number | undefined> =>
  page
    .locator('div[data-view="coming"] canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      return canvas.getContext("2d")?.getImageData(width >> 1, height >> 1, 1, 1).data[0];
    });
