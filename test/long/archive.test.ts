// The archive at its worst: the server killed and started again in mid-load and in mid-store, and one that stands on another origin.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { serveFolder } from "../../src/cli/static-server.mjs";
import {
  archiveBench,
  openFromArchive,
  readCase,
  store,
  storedStates,
  why,
  type ArchiveBench,
} from "../browser/archive-page.ts";
import { appWithArchive, modalitiesIn, serveAcrossOrigins, storeSmallCase } from "../browser/archive-site.ts";
import { hasBrowser, screenshot } from "../browser/browser.ts";
import { imagesShown } from "../browser/case-page.ts";

describe.skipIf(!hasBrowser || why !== "")(`the archive${why}`, () => {
  let bench: ArchiveBench;
  beforeAll(async () => {
    bench = await archiveBench();
  });
  afterAll(() => bench?.browser.close());
  afterEach(() => bench.tidy());

  it("may stand on another origin, if the app was built for it and it answers by CORS", async () => {
    const orthanc = await bench.orthanc({});
    await storeSmallCase(orthanc);
    let page = "";
    const archive = bench.lasting(await serveAcrossOrigins(orthanc, () => page), (server) => server.close());
    const app = bench.lasting(await appWithArchive(`${archive.url}/dicom-web`), (copy) => copy.remove());
    const site = bench.lasting(await serveFolder(app.folder, { archives: [archive.url] }), (server) =>
      server.close(),
    );
    page = new URL(site.url).origin;
    const watched = await bench.page(site.url);
    await openFromArchive(watched.page, "", false);
    await imagesShown(watched.page);
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers.length).toBeGreaterThan(10);
    expect(watched.strangers.filter((url) => !url.startsWith(`${archive.url}/dicom-web/`))).toEqual([]);
  }, 180_000);

  it("goes on where it was when the server is killed and started again in mid-load and in mid-store", async () => {
    const orthanc = await bench.orthanc({});
    const slices = await storeSmallCase(orthanc);
    const site = await bench.site(orthanc);
    const { page } = await bench.page(site.url);
    const retrieved = () => site.asked.filter((line) => /\/instances\/[\d.]+$/.test(line));

    // Killed after some slices, and not back until the page has given up.
    site.beforePassing = async () => {
      if (retrieved().length === Math.round(slices / 3)) await orthanc.kill();
    };
    await page.click("[data-testid=open-archive]");
    await page.getByText("As this page", { exact: true }).click();
    await page.press("[data-testid=archive-id]", "Enter");
    await page.waitForSelector("[data-testid=archive-results] tr[data-study]:focus");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-testid=archive-go-on]", { timeout: 90_000 });
    await screenshot(page, "archive-interrupted");
    await page.waitForSelector('[data-testid=notice][data-severity="error"]');
    site.beforePassing = null;
    await orthanc.start();
    const before = new Set(retrieved());
    const already = site.asked.length;
    await page.click("[data-testid=archive-go-on]");
    await imagesShown(page);
    // What had come is not asked for again.
    const again = site.asked.slice(already).filter((line) => before.has(line));
    expect(again.length).toBeLessThan(before.size);
    expect(new Set(retrieved()).size).toBe(slices);

    await readCase(page);
    let posts = 0;
    site.beforePassing = async (asked) => {
      if (asked.startsWith("POST ") && ++posts === 2) await orthanc.kill();
    };
    await store(page);
    expect(await storedStates(page)).toEqual(["stored", "not-sent", "not-sent"]);
    await screenshot(page, "archive-store-interrupted");
    site.beforePassing = null;
    await orthanc.start();
    expect(await modalitiesIn(orthanc)).toEqual(["CT", "SEG"]);
    await page.click("[data-testid=store-again]");
    await page.waitForSelector('[data-testid=stored][data-complete="true"]', { timeout: 60_000 });
    expect(await storedStates(page)).toEqual(["already-there", "stored", "stored"]);
    expect(await modalitiesIn(orthanc)).toEqual(["CT", "KO", "SEG", "SR"]);
  }, 480_000);
});
