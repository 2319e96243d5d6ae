// The whole job through the interface on the sample case: open, find, cut, tag four leaks, answer, sign, export, reload, reopen.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_CASE } from "../../src/cli/prepare.mjs";
import type { PhantomTruth, TruthLeak } from "../../sample-data/truth.ts";
import { findingsSchema, type Findings } from "../../plugins/cement-leakage/model/findings.ts";
import {
  BROWSER_EXPORT,
  hasBrowser,
  launchBrowser,
  openPage,
  screenshot,
  serveDist,
  type WatchedPage,
} from "./browser.ts";
import {
  drawLine,
  findCement,
  focusOf,
  imagesShown,
  lineAcross,
  lookAt,
  openFiles,
  saved,
} from "./case-page.ts";

const KEY_OF_SITE: Readonly<Record<string, string>> = {
  sacral_venous_plexus: "1",
  puncture_path: "2",
  anterior_epidural_space: "3",
  anterior_sacral_space: "4",
};

const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(name, "utf8"));

describe.skipIf(!hasBrowser)("the main job on the sample case", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  let watched: WatchedPage;
  let truth: PhantomTruth;
  let findings: Findings;
  let zip: Record<string, Uint8Array>;

  beforeAll(async () => {
    truth = (await read(join(SAMPLE_CASE, "truth.json"))) as PhantomTruth; // this project's own file, made by its own maker
    browser = await launchBrowser();
    server = await serveDist();
    watched = await openPage(browser, server.url);
    await watched.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("opens the sample case from the start page and finds the cement at the proposed floor", async () => {
    const { page } = watched;
    await page.waitForSelector("[data-testid=open-sample]");
    await screenshot(page, "start");
    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    await findCement(page);
    expect(await page.locator("[data-testid=parts] [data-part]").count()).toBeGreaterThanOrEqual(2);
  }, 240_000);

  it("cuts each attached leak at its neck and tags all four with one key each", async () => {
    const { page } = watched;
    for (const leak of truth.leaks) {
      if (leak.neck) await cutLoose(leak.neck);
      else {
        await lookAt(page, leak.centroidMm);
        await selectNearest(leak);
      }
      await page.keyboard.press(KEY_OF_SITE[leak.site]);
      await page.waitForTimeout(200);
    }
    expect(await page.locator('[data-testid=parts] [data-role="leak"]').count()).toBe(4);
    await screenshot(page, "four-leaks");
  }, 240_000);

  it("asks for every site of the sacrum and signs when each is answered", async () => {
    const { page } = watched;
    while ((await page.locator('[data-testid=parts] [data-role="undecided"]').count()) > 0) {
      await page.keyboard.press("n");
      await page.keyboard.press("x");
      await page.waitForTimeout(100);
    }
    const open = page.locator('[data-testid=checklist] [data-answer="open"] [data-testid=absent]');
    while ((await open.count()) > 0) await open.first().click();
    await page.getByRole("button", { name: "Reader", exact: true }).click();
    await page.getByLabel("Reader's name").fill("Reader One");
    await page.keyboard.press("Escape");
    await page.click("[data-testid=sign]");
    await page.waitForSelector("text=Signed by Reader One");
    expect(await page.locator("[data-testid=missing]").count()).toBe(0);
    await screenshot(page, "signed");
  }, 120_000);

  it("exports everything as one zip, within the tolerances of the truth", async () => {
    const { page } = watched;
    await page.click("[data-testid=export]");
    const waiting = page.waitForEvent("download");
    await page.click('[data-exporter="cement-leakage/export-all"]');
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^PHANTOM-1_\d{8}_cement-leakage\.zip$/);
    await mkdir(BROWSER_EXPORT, { recursive: true });
    const path = join(BROWSER_EXPORT, "export.zip");
    await download.saveAs(path);
    zip = unzipSync(new Uint8Array(await readFile(path)));
    const json = Object.entries(zip).find(([name]) => name.endsWith(".json"))?.[1];
    findings = findingsSchema.parse(JSON.parse(strFromU8(json ?? new Uint8Array())));

    const inside = findings.lesions[0].cement?.volumeMm3 ?? 0;
    const report = [`intraosseous ${off(inside, truth.lesions[0].volumeMm3)}`];
    expect(Math.abs(inside / truth.lesions[0].volumeMm3 - 1)).toBeLessThan(0.1);
    for (const leak of truth.leaks) {
      const found = findings.leaks.find((entry) => entry.site === leak.site);
      report.push(`${leak.site} ${off(found?.volumeMm3 ?? 0, leak.volumeMm3)}`);
      expect(found?.side).toBe(leak.side);
      if (leak.volumeMm3 > 50)
        expect(Math.abs((found?.volumeMm3 ?? 0) / leak.volumeMm3 - 1)).toBeLessThan(0.25);
    }
    await writeFile(join(BROWSER_EXPORT, "volumes.txt"), `${report.join("\n")}\n`);
  }, 60_000);

  it("copies the findings as text, marked as what they are", async () => {
    const { page } = watched;
    await page.keyboard.press("y");
    await page.waitForSelector("text=Findings copied as text");
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(/presacral/i);
    expect(text).toMatch(/left/i);
  }, 30_000);

  it("comes back after a reload with everything", async () => {
    const { page } = watched;
    await saved(page);
    await page.reload();
    await page.locator("[data-testid=saved-case] button").first().click();
    await imagesShown(page);
    await page.waitForSelector("text=Signed by Reader One");
    expect(await page.locator('[data-testid=parts] [data-role="leak"]').count()).toBe(4);
  }, 120_000);

  it("restores the work from the exported SEG and JSON beside the CT, in a browser that never saw the case", async () => {
    const other = await openPage(browser, server.url);
    const folder = join(BROWSER_EXPORT, "opened");
    await mkdir(folder, { recursive: true });
    const extra: string[] = [];
    for (const [name, bytes] of Object.entries(zip))
      if (/seg.*\.dcm$|\.json$/.test(name)) {
        extra.push(join(folder, name));
        await writeFile(join(folder, name), bytes);
      }
    const ct = join(SAMPLE_CASE, "ct");
    await openFiles(other.page, [...(await readdir(ct)).map((name) => join(ct, name)), ...extra]);
    await other.page.waitForSelector("text=Signed by Reader One", { timeout: 30_000 });
    expect(await other.page.locator('[data-testid=parts] [data-role="leak"]').count()).toBe(4);
    expect(other.complaints).toEqual([]);
    await other.close();
  }, 180_000);

  it("said nothing to anybody and complained of nothing", () => {
    expect(watched.strangers).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  async function cutLoose(neck: NonNullable<TruthLeak["neck"]>): Promise<void> {
    const { page } = watched;
    // The cast is the part in bone; clicking its row selects it, clicking the neck brings all views there.
    await page.locator('[data-testid=parts] [data-role="intraosseous"]').first().click();
    await lookAt(page, neck.atMm);
    await page
      .locator('[data-testid=parts] [data-role="intraosseous"]')
      .first()
      .evaluate((row: HTMLElement) => row.focus());
    const line = lineAcross(neck.atMm, neck.outward, 4);
    await page.keyboard.press("k");
    await drawLine(page, line.plane, line.from, line.to);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(300);
    const selected = page.locator('[data-testid=parts] [aria-selected="true"]');
    expect(await selected.getAttribute("data-role")).toBe("undecided");
  }

  /** Goes through the undecided parts until the views stand at the leak. */
  async function selectNearest(leak: TruthLeak): Promise<void> {
    const { page } = watched;
    const rows = page.locator('[data-testid=parts] [data-role="undecided"]');
    let best = { index: -1, mm: Infinity };
    for (let index = 0; index < (await rows.count()); index++) {
      await rows.nth(index).click();
      await page.waitForTimeout(250);
      const at = await focusOf(page);
      const mm = Math.hypot(...at.map((value, axis) => value - leak.centroidMm[axis]));
      if (mm < best.mm) best = { index, mm };
    }
    expect(best.mm).toBeLessThan(15);
    await rows.nth(best.index).click();
  }
});

const off = (value: number, truth: number): string =>
  `${value.toFixed(1)} mm3, truth ${truth.toFixed(1)} (${(100 * (value / truth - 1)).toFixed(1)} %)`;
