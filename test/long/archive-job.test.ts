// The main job with a real Orthanc: signed in to, and served by Orthanc itself. What is killed, and an archive of another origin, stand in
// archive.test.ts.
import { join } from "node:path";
import axe from "axe-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_CASE } from "../../src/cli/prepare.mjs";
import {
  archiveBench,
  leaksOn,
  openFromArchive,
  openOfferedFindings,
  readCase,
  signIn,
  store,
  storedStates,
  USER,
  why,
  type ArchiveBench,
} from "../browser/archive-page.ts";
import { appWithArchive, modalitiesIn, storeFolder, storeSmallCase } from "../browser/archive-site.ts";
import { hasBrowser, openPage, screenshot } from "../browser/browser.ts";
import { imagesShown } from "../browser/case-page.ts";
import { graveIssues } from "../browser/grave-issues.ts";
import { finish, rememberedAs } from "../browser/screens.ts";

/** Of the phantom: what must stand in no address, title or console. */
const PATIENT = /PHANTOM/;

describe.skipIf(!hasBrowser || why !== "")(`the archive${why}`, () => {
  let bench: ArchiveBench;
  beforeAll(async () => {
    bench = await archiveBench();
  });
  afterAll(() => bench?.browser.close());
  afterEach(() => bench.tidy());

  it("is signed in to, searched and read from; signed findings are stored once, found from elsewhere and opened again", async () => {
    const orthanc = await bench.orthanc({ user: USER });
    await storeFolder(orthanc, join(SAMPLE_CASE, "ct"));
    const site = await bench.site(orthanc);
    const watched = await bench.page(site.url);
    const { page } = watched;
    const spoken: string[] = [];
    page.on("console", (message) => spoken.push(message.text()));

    await page.click("[data-testid=open-archive]");
    await signIn(page, "wrong");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=does not accept this sign-in (401)");
    await screenshot(page, "archive-refused");
    await page.fill("[data-testid=archive-secret]", USER.password);
    await page.fill("[data-testid=archive-name]", "NOBODY*");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-testid=archive-none]");
    await page.fill("[data-testid=archive-name]", "phan*");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-testid=archive-results] tr[data-study]:focus");
    await screenshot(page, "archive-results");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-testid=coming]", { timeout: 60_000 });
    await screenshot(page, "archive-loading");
    await imagesShown(page);
    await readCase(page);
    await finish(page, 400);
    const leaks = await leaksOn(page);
    expect(leaks.length).toBeGreaterThanOrEqual(4);

    await store(page);
    expect(await storedStates(page)).toEqual(["stored", "stored", "stored"]);
    await screenshot(page, "archive-stored");
    expect(await modalitiesIn(orthanc)).toEqual(["CT", "KO", "SEG", "SR"]);
    await store(page);
    await page.waitForSelector("[data-testid=stored] [data-state=already-there]", { timeout: 60_000 });
    expect(await storedStates(page)).toEqual(["already-there", "already-there", "already-there"]);
    expect(await modalitiesIn(orthanc)).toEqual(["CT", "KO", "SEG", "SR"]);

    expect(await page.title()).not.toMatch(PATIENT);
    expect(page.url()).toBe(site.url);
    expect(spoken.filter((text) => PATIENT.test(text))).toEqual([]);
    expect(
      await page.evaluate((secret) => JSON.stringify(localStorage).includes(secret), USER.password),
    ).toBe(false);
    expect(watched.strangers).toEqual([]);
    // The browser writes down the refused sign-in by itself.
    expect(watched.complaints.filter((text) => !text.includes("401"))).toEqual([]);
    await watched.close();

    const elsewhere = await bench.page(site.url);
    await openFromArchive(elsewhere.page, "PHANTOM-1");
    await imagesShown(elsewhere.page);
    await elsewhere.page.waitForSelector("[data-testid=archive-findings] >> text=SEG");
    await screenshot(elsewhere.page, "archive-findings");
    await openOfferedFindings(elsewhere.page);
    await elsewhere.page.waitForSelector("text=Signed by Reader One");
    expect(await leaksOn(elsewhere.page)).toEqual(leaks);
    await store(elsewhere.page);
    await storedStates(elsewhere.page);
    expect(await modalitiesIn(orthanc)).toEqual(["CT", "KO", "SEG", "SR"]);
  }, 480_000);

  it("is the one that Orthanc's own server gives the page to, without memory shared between page and worker", async () => {
    const app = bench.lasting(await appWithArchive("../dicom-web"), (copy) => copy.remove());
    const orthanc = await bench.orthanc({ user: USER, app: app.folder });
    await storeSmallCase(orthanc);
    const watched = await bench.page(`${orthanc.url}viewer/index.html`, true);
    const { page } = watched;
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await openFromArchive(page, "", false);
    await imagesShown(page);
    await readCase(page);
    const leaks = await leaksOn(page);
    await store(page);
    expect(await storedStates(page)).toEqual(["stored", "stored", "stored"]);
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);

    await page.evaluate(() =>
      indexedDB.databases().then((all) => all.map(({ name }) => indexedDB.deleteDatabase(name!))),
    );
    await page.reload();
    await openFromArchive(page, "", false);
    await imagesShown(page);
    await openOfferedFindings(page);
    expect(await leaksOn(page)).toEqual(leaks);
  }, 360_000);

  it.each([
    ["dark", "en"],
    ["light", "zh"],
  ] as const)(
    "has dialogs in which axe finds nothing serious, %s, %s",
    async (appearance, locale) => {
      const orthanc = await bench.orthanc({ user: USER });
      await storeSmallCase(orthanc);
      const site = await bench.site(orthanc);
      // The page's own policy would refuse a script of ours.
      const { page } = bench.lasting(await openPage(bench.browser, site.url, { bypassCSP: true }), (open) =>
        open.close(),
      );
      await page.addInitScript(axe.source);
      await rememberedAs(page, { appearance, locale });
      const issues: string[] = [];
      const look = async (name: string): Promise<void> => {
        await page.waitForSelector("[role=dialog][aria-labelledby]");
        await page.waitForTimeout(700);
        await screenshot(page, `archive-${name}-${appearance}-${locale}`);
        for (const issue of await graveIssues(page)) issues.push(`${name}: ${issue}`);
      };
      await page.click("[data-testid=open-archive]");
      await look("sign-in");
      await signIn(page, "wrong");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-testid=archive-problem]");
      await look("refused");
      await page.fill("[data-testid=archive-secret]", USER.password);
      await page.keyboard.press("Enter");
      await page.waitForSelector("[data-testid=archive-results] tr[data-study]:focus");
      await look("results");
      expect(issues).toEqual([]);
    },
    240_000,
  );
});
