// The main job with a real Orthanc: signed in to, served by Orthanc itself, and with the server killed in mid-load and in mid-store.
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_CASE } from "../../src/cli/prepare.mjs";
import { serveFolder } from "../../src/cli/static-server.mjs";
import {
  appWithArchive,
  modalitiesIn,
  serveAcrossOrigins,
  serveWithArchive,
  storeFolder,
  storeSmallCase,
  type ArchiveSite,
} from "./archive-site.ts";
import { hasBrowser, launchBrowser, openPage, screenshot, type WatchedPage } from "./browser.ts";
import { acceptAll, imagesShown } from "./case-page.ts";
import { graveIssues } from "./grave-issues.ts";
import { startOrthanc, whyNoOrthanc, type Orthanc } from "../interop/orthanc.ts";
import { finish, rememberedAs } from "./screens.ts";

const USER = { name: "reader", password: "k3y of the archive" };
/** Of the phantom: what must stand in no address, title or console. */
const PATIENT = /PHANTOM/;
const READER = { readerName: "Reader One", locale: "en" } as const;

/** A page whose address, title and console are read for patient data, and closed with that check. */
async function openWatched(browser: Browser, url: string, login = false): Promise<WatchedPage> {
  const watched = await openPage(
    browser,
    url,
    login ? { httpCredentials: { username: USER.name, password: USER.password } } : {},
  );
  await rememberedAs(watched.page, READER);
  return watched;
}

async function signIn(page: Page, password = USER.password): Promise<void> {
  await page.fill("[data-testid=archive-user]", USER.name);
  await page.fill("[data-testid=archive-secret]", password);
}

/** Opens the dialog and the first study that the ID finds; by keys once the dialog is there. */
async function openFromArchive(page: Page, id: string, signs = true): Promise<void> {
  await page.click("[data-testid=open-archive]");
  if (signs) await signIn(page);
  await page.fill("[data-testid=archive-id]", id);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-testid=archive-results] tr[data-study]:focus");
  await page.keyboard.press("Enter");
}

/** Finds the cement, takes over what is proposed and signs. */
async function readCase(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.keyboard.press("f");
  await page.waitForSelector("[data-testid=propose]", { timeout: 120_000 });
  await page.keyboard.press("g");
  await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
  await acceptAll(page);
}

async function store(page: Page): Promise<void> {
  await page.click("[data-testid=export]");
  await page.click("[data-testid=store-in-archive]");
}

/** What became of each object, once it is known. */
async function storedStates(page: Page): Promise<(string | null)[]> {
  const said = page.locator("[data-testid=stored]");
  await said.waitFor({ timeout: 60_000 });
  return said
    .locator("[data-state]")
    .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-state")));
}

const leaksOn = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('[data-testid=parts] [data-role="leak"]')
    .evaluateAll((rows) => rows.map((row) => row.textContent));

async function openOfferedFindings(page: Page): Promise<void> {
  await page.waitForSelector("[data-testid=archive-open-findings]", { timeout: 60_000 });
  await page.click("[data-testid=archive-open-findings]");
  await page.waitForSelector("[data-testid=archive-open-findings]", { state: "detached", timeout: 60_000 });
  await page.waitForSelector('[data-testid=parts] [data-role="leak"]', { timeout: 30_000 });
}

const why = whyNoOrthanc === null ? "" : ` (skipped: ${whyNoOrthanc})`;

describe.skipIf(!hasBrowser || why !== "")(`the archive${why}`, () => {
  let browser: Browser;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const lasting = <T>(what: T, close: (what: T) => Promise<unknown>): T => {
    closing.push(() => close(what));
    return what;
  };
  const orthancOf = async (options: Parameters<typeof startOrthanc>[0]): Promise<Orthanc> =>
    lasting(await startOrthanc(options), (orthanc) => orthanc.stop());
  const siteOf = async (orthanc: Orthanc): Promise<ArchiveSite> =>
    lasting(await serveWithArchive(orthanc), (site) => site.close());
  const pageAt = async (url: string, login = false): Promise<WatchedPage> =>
    lasting(await openWatched(browser, url, login), (watched) => watched.close());

  it("is signed in to, searched and read from; signed findings are stored once, found from elsewhere and opened again", async () => {
    const orthanc = await orthancOf({ user: USER });
    await storeFolder(orthanc, join(SAMPLE_CASE, "ct"));
    const site = await siteOf(orthanc);
    const watched = await pageAt(site.url);
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
    await page.waitForSelector("[data-testid=coming-slice]", { timeout: 60_000 });
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

    const elsewhere = await pageAt(site.url);
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
    const app = lasting(await appWithArchive("../dicom-web"), (copy) => copy.remove());
    const orthanc = await orthancOf({ user: USER, app: app.folder });
    await storeSmallCase(orthanc);
    const watched = await pageAt(`${orthanc.url}viewer/index.html`, true);
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
      const orthanc = await orthancOf({ user: USER });
      await storeSmallCase(orthanc);
      const site = await siteOf(orthanc);
      // The page's own policy would refuse a script of ours.
      const { page } = lasting(await openPage(browser, site.url, { bypassCSP: true }), (open) =>
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

  it("may stand on another origin, if the app was built for it and it answers by CORS", async () => {
    const orthanc = await orthancOf({});
    await storeSmallCase(orthanc);
    let page = "";
    const archive = lasting(await serveAcrossOrigins(orthanc, () => page), (server) => server.close());
    const app = lasting(await appWithArchive(`${archive.url}/dicom-web`), (copy) => copy.remove());
    const site = lasting(await serveFolder(app.folder, { archives: [archive.url] }), (server) =>
      server.close(),
    );
    page = new URL(site.url).origin;
    const watched = await pageAt(site.url);
    await openFromArchive(watched.page, "", false);
    await imagesShown(watched.page);
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers.length).toBeGreaterThan(10);
    expect(watched.strangers.filter((url) => !url.startsWith(`${archive.url}/dicom-web/`))).toEqual([]);
  }, 180_000);

  it("goes on where it was when the server is killed and started again in mid-load and in mid-store", async () => {
    const orthanc = await orthancOf({});
    const slices = await storeSmallCase(orthanc);
    const site = await siteOf(orthanc);
    const { page } = await pageAt(site.url);
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
