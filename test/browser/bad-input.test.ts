// What a user may hand the viewer by mistake: each gets its sentence, and an open case loses nothing.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePart10, type DataSet } from "#dicom/part10";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import {
  hasBrowser,
  launchBrowser,
  openApp,
  openPage,
  screenshot,
  serveDist,
  type WatchedPage,
} from "./browser.ts";
import { imagesShown } from "./case-page.ts";

const FOLDER = join(PROJECT_FOLDER, ".cache", "bad-input");

function slice(k: number, change: DataSet = {}): Uint8Array {
  return writePart10({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: `2.25.7${k}`,
    StudyInstanceUID: "2.25.71",
    SeriesInstanceUID: "2.25.72",
    FrameOfReferenceUID: "2.25.73",
    Modality: "CT",
    PatientID: "BAD-1",
    PatientName: "BAD^INPUT",
    SeriesDescription: "Small",
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    PatientPosition: "HFS",
    InstanceNumber: k + 1,
    ImagePositionPatient: [-16, -16, k],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [1, 1],
    SliceThickness: 1,
    Rows: 32,
    Columns: 32,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: "HU",
    PixelData: new Int16Array(32 * 32).fill(k === 5 ? 900 : 40).buffer,
    ...change,
  });
}

describe.skipIf(!hasBrowser)("bad input", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  let watched: WatchedPage;
  const good: string[] = [];

  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    for (let k = 0; k < 10; k++) {
      good.push(join(FOLDER, `ct${k}.dcm`));
      await writeFile(good[k], slice(k));
    }
    browser = await launchBrowser();
    server = await serveDist();
    watched = await openPage(browser, server.url);
    await watched.page.waitForSelector("[data-testid=open-sample]");
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Hands files to the page and gives back what it says: the newest notice, or the list of series. */
  async function hand(page: Page, files: Record<string, Uint8Array | string>): Promise<string> {
    const paths: string[] = [];
    for (const [file, bytes] of Object.entries(files)) {
      paths.push(join(FOLDER, file));
      await writeFile(join(FOLDER, file), bytes);
    }
    const before = await page.locator("[data-testid=notice]").count();
    await page.setInputFiles("[data-testid=pick-files]", paths);
    const list = page.locator("[data-testid=series-list]");
    const newest = page.locator("[data-testid=notice]").nth(before);
    await Promise.race([newest.waitFor({ timeout: 20_000 }), list.waitFor({ timeout: 20_000 })]);
    if (await list.isVisible()) {
      const said = await list.innerText();
      await page.keyboard.press("Escape");
      await list.waitFor({ state: "hidden" });
      return said;
    }
    const said = await newest.innerText();
    for (const close of await page.locator("[data-testid=notice] button").all()) await close.click();
    return said;
  }

  it("refuses a text file, an empty file and a cut-off DICOM file in words", async () => {
    const { page } = watched;
    expect(await hand(page, { "notes.txt": "these are my notes about the patient" })).toMatch(/not.*DICOM/i);
    expect(await hand(page, { "empty.dcm": new Uint8Array(0) })).toMatch(/empty/i);
    expect(await hand(page, { "cut.dcm": slice(1).subarray(0, 200) })).toMatch(
      /cut off|incomplete|truncated|ends/i,
    );
    await screenshot(page, "bad-input");
  }, 60_000);

  it("lists an MR series and a single slice with the reason, and opens neither", async () => {
    const { page } = watched;
    const mr = Object.fromEntries(
      Array.from({ length: 3 }, (_, k) => [
        `mr${k}.dcm`,
        slice(k, { Modality: "MR", SOPClassUID: "1.2.840.10008.5.1.4.1.1.4", SeriesInstanceUID: "2.25.79" }),
      ]),
    );
    expect(await hand(page, mr)).toMatch(/MR/);
    expect(await hand(page, { "one.dcm": slice(4) })).toMatch(/one slice|single/i);
    expect(await page.locator("[data-testid=cement-panel]").count()).toBe(0);
  }, 60_000);

  it("keeps the open case when findings of a newer schema or a segmentation of another study come", async () => {
    const { page } = watched;
    await page.setInputFiles("[data-testid=pick-files]", good);
    await imagesShown(page);
    expect(await hand(page, { "newer.json": JSON.stringify({ schemaVersion: "9.0.0" }) })).toMatch(/newer/);
    const shared = join(PROJECT_FOLDER, "..", "shared", "domain", "example", "seg.dcm");
    const foreign = await readFile(shared).catch(() => null);
    if (foreign) expect(await hand(page, { "other-seg.dcm": foreign })).toMatch(/another study|own CT/);
    expect(await page.locator("[data-testid=cement-panel]").count()).toBe(1);
  }, 120_000);

  it("draws the planes without WebGL2, says in words that 3D needs it, and keeps the panel", async () => {
    const other = await openPage(browser, server.url);
    await other.page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
        apply: (target, self: HTMLCanvasElement, given: [string]) =>
          given[0] === "webgl2" ? null : Reflect.apply(target, self, given),
      });
    });
    await other.page.reload();
    await other.page.waitForSelector("[data-testid=open-sample]");
    await other.page.setInputFiles("[data-testid=pick-files]", good);
    await other.page.waitForSelector("[data-testid=webgl-message]", { timeout: 60_000 });
    expect(await other.page.locator("[data-testid=cement-panel]").count()).toBe(1);
    await imagesShown(other.page);
    await other.close();
  }, 120_000);
});

const REAL = join(PROJECT_FOLDER, "..", "shared", "data", "ct-sacrum");
const real = await readdir(REAL).catch(() => []);

describe.skipIf(!hasBrowser || real.length === 0)("99 real slices", () => {
  it("opens them and scrolls all three planes", async () => {
    await using watched = await openApp();
    const { page } = watched;
    await page.waitForSelector("[data-testid=open-sample]");
    await page.setInputFiles(
      "[data-testid=pick-files]",
      real.map((name) => join(REAL, name)),
    );
    await imagesShown(page);
    for (const plane of ["axial", "sagittal", "coronal"]) {
      const view = page.locator(`div[data-view="${plane}"]`).first();
      const at = () => view.evaluate((element: HTMLElement) => element.dataset.centerMm);
      const before = await at();
      await view.hover();
      await page.mouse.wheel(0, 300);
      await expect.poll(at, { timeout: 10_000 }).not.toBe(before);
    }
    await screenshot(page, "real-ct");
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  }, 180_000);
});
