// What the tests of the archive do on its page: sign in, search, open, read a case, store it and open findings again.
import type { Browser, Page } from "playwright-core";
import { serveWithArchive, type ArchiveSite } from "./archive-site.ts";
import { launchBrowser, openPage, type WatchedPage } from "./browser.ts";
import { acceptAll } from "./case-page.ts";
import { startOrthanc, whyNoOrthanc, type Orthanc } from "../interop/orthanc.ts";
import { rememberedAs } from "./screens.ts";

export const USER = { name: "reader", password: "k3y of the archive" };
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

export async function signIn(page: Page, password = USER.password): Promise<void> {
  await page.fill("[data-testid=archive-user]", USER.name);
  await page.fill("[data-testid=archive-secret]", password);
}

/** Opens the dialog and the first study that the ID finds; by keys once the dialog is there. */
export async function openFromArchive(page: Page, id: string, signs = true): Promise<void> {
  await page.click("[data-testid=open-archive]");
  if (signs) await signIn(page);
  await page.fill("[data-testid=archive-id]", id);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-testid=archive-results] tr[data-study]:focus");
  await page.keyboard.press("Enter");
}

/** Finds the cement, takes over what is proposed and signs. */
export async function readCase(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.keyboard.press("f");
  await page.waitForSelector("[data-testid=propose]", { timeout: 120_000 });
  await page.keyboard.press("g");
  await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
  await acceptAll(page);
}

export async function store(page: Page): Promise<void> {
  await page.click("[data-testid=export]");
  await page.click("[data-testid=store-in-archive]");
}

/** What became of each object, once it is known. */
export async function storedStates(page: Page): Promise<(string | null)[]> {
  const said = page.locator("[data-testid=stored]");
  await said.waitFor({ timeout: 60_000 });
  return said
    .locator("[data-state]")
    .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-state")));
}

export const leaksOn = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('[data-testid=parts] [data-role="leak"]')
    .evaluateAll((rows) => rows.map((row) => row.textContent));

export async function openOfferedFindings(page: Page): Promise<void> {
  await page.waitForSelector("[data-testid=archive-open-findings]", { timeout: 60_000 });
  await page.click("[data-testid=archive-open-findings]");
  await page.waitForSelector("[data-testid=archive-open-findings]", { state: "detached", timeout: 60_000 });
  await page.waitForSelector('[data-testid=parts] [data-role="leak"]', { timeout: 30_000 });
}

/** To stand after the name of what is skipped; empty where Orthanc is there. */
export const why = whyNoOrthanc === null ? "" : ` (skipped: ${whyNoOrthanc})`;

export interface ArchiveBench {
  readonly browser: Browser;
  /** Closed by `tidy`. */
  lasting<T>(what: T, close: (what: T) => Promise<unknown>): T;
  orthanc(options: Parameters<typeof startOrthanc>[0]): Promise<Orthanc>;
  site(orthanc: Orthanc): Promise<ArchiveSite>;
  page(url: string, login?: boolean): Promise<WatchedPage>;
  /** After each test: what it opened last goes first. */
  tidy(): Promise<void>;
}

export async function archiveBench(): Promise<ArchiveBench> {
  const browser = await launchBrowser();
  const closing: (() => Promise<unknown>)[] = [];
  const lasting: ArchiveBench["lasting"] = (what, close) => {
    closing.push(() => close(what));
    return what;
  };
  return {
    browser,
    lasting,
    orthanc: async (options) => lasting(await startOrthanc(options), (orthanc) => orthanc.stop()),
    site: async (orthanc) => lasting(await serveWithArchive(orthanc), (site) => site.close()),
    page: async (url, login = false) =>
      lasting(await openWatched(browser, url, login), (watched) => watched.close()),
    async tidy() {
      for (const close of closing.splice(0).reverse()) await close();
    },
  };
}
