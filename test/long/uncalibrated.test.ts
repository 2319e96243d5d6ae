// Cone-beam CT without HU as a reader meets it, and a decoder that never comes back: both are said, and nothing else is lost.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONE_BEAM, coneBeamFiles } from "../../sample-data/cone-beam.ts";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { asRle, enhancedCt } from "../unit/dicom/enhanced-ct.ts";
import { smallSeries } from "../unit/dicom/small-series.ts";
import { smallPhantom } from "../unit/sample-data/small-phantom.ts";
import { hasBrowser, launchBrowser, openPage, screenshot, serveDist } from "../browser/browser.ts";
import { imagesShown } from "../browser/case-page.ts";

const FOLDER = join(PROJECT_FOLDER, ".cache", "uncalibrated");
/** The page gives a decoder 40 s and then listens for 3 s. */
const ENDED_MS = 90_000;

describe.skipIf(!hasBrowser)("values that are not HU", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  const coneBeam = join(FOLDER, "cone-beam.dcm");
  const hanging = join(FOLDER, "HANG.dcm");

  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    const { volume } = smallPhantom();
    await writeFile(coneBeam, coneBeamFiles(volume, { ...CONE_BEAM, contrastAgent: "IOMEPROL" })[0]);
    const series = smallSeries();
    const identity = { PatientID: "PHANTOM-CB", PatientName: "PHANTOM^CONE BEAM", StudyDate: "20240101" };
    const native = enhancedCt(series, { change: identity });
    await writeFile(hanging, asRle(native, series.grid.columns * series.grid.rows * 2));
    browser = await launchBrowser();
    server = await serveDist();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("open with a notice, a relative floor and no HU anywhere on the screen", async () => {
    const { page, complaints, close } = await openPage(browser, server.url);
    await page.waitForSelector("[data-testid=open-sample]");
    await page.setInputFiles("[data-testid=pick-files]", coneBeam);
    await imagesShown(page);
    await page.keyboard.press("f");
    await page.waitForSelector("[data-testid=propose]", { timeout: 120_000 });
    await page.click("[data-testid=propose]");
    await page.waitForSelector("[data-testid=propose]", { state: "detached", timeout: 150_000 });
    expect(await page.innerText("[data-testid=not-calibrated]")).toContain("Not calibrated: no HU");
    expect(await page.innerText("[data-testid=contrast]")).toContain("IOMEPROL");
    expect(await page.inputValue("[data-testid=floor-input]")).toContain("rel.");
    await page.locator('div[data-view="axial"]').first().hover();
    await page.waitForTimeout(500);
    await screenshot(page, "uncalibrated");
    const words = await page.innerText("body");
    expect(words.match(/.{0,40}\d HU\b/)?.[0]).toBeUndefined();
    expect(words).toContain("no HU");
    await page.click("[data-testid=case-problems]");
    await page.waitForTimeout(400);
    expect(await page.innerText("body")).toContain("NOT CALIBRATED");
    await screenshot(page, "uncalibrated-problems");
    expect(complaints).toEqual([]);
    await close();
  }, 400_000);

  it("a decoder that never comes back is given up with the file named; the open case goes on", async () => {
    const { page, close } = await openPage(browser, server.url);
    // As a codec that hangs: the worker says which file it begins with, and is heard no more.
    await page.route("**/worker-*.js", async (route) => {
      const answer = await route.fetch();
      const deaf =
        "{const say=self.postMessage.bind(self);self.postMessage=(m,...r)=>{say(m,...r);if(String(m?.decoding).includes('HANG'))for(;;);};}";
      await route.fulfill({ response: answer, body: `${deaf}${await answer.text()}` });
    });
    await page.reload();
    await page.waitForSelector("[data-testid=open-sample]");
    await page.setInputFiles("[data-testid=pick-files]", coneBeam);
    await imagesShown(page);
    await page.setInputFiles("[data-testid=pick-files]", hanging);
    const told = page.locator("[data-testid=notice]", { hasText: "HANG.dcm" });
    const list = page.locator("[data-testid=series-list]");
    await list.waitFor();
    await page.locator("[data-testid=series-list] [data-open-series]").first().click();
    await told.waitFor({ timeout: ENDED_MS });
    expect(await told.innerText()).toMatch(/kept its decoder busy for more than 40 s/);
    await screenshot(page, "decoder-hung");
    // The new worker has the volume: cement is found in it.
    await page.keyboard.press("f");
    await page.waitForSelector("[data-testid=propose]", { timeout: 120_000 });
    await close();
  }, 400_000);
});
