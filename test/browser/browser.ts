// What every browser test needs: Chromium with software WebGL, the built app on a loopback port, screenshots, a page under watch.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { DIST, PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { serveFolder } from "../../src/cli/static-server.mjs";
import { browserPath } from "../tools.mjs";

const CACHE = join(PROJECT_FOLDER, ".cache");
/** Where screenshots go. */
export const SCREENSHOTS = join(CACHE, "screenshots");
/** Where the main drive leaves `export.zip`; `.ci/run` gives it to the independent judges. */
export const BROWSER_EXPORT = join(CACHE, "browser-export");

/** For software WebGL without errands of the browser's own. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  // Chromium's own errands would be refused by a closed network, many at a time.
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];

export const hasBrowser = browserPath() !== undefined;

/** A headless Chromium with WebGL2 in software. `close()` it, or its process outlives the test. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (!executablePath)
    throw new Error("No Chromium on this machine; `npm test` says how the browser tests are skipped.");
  return chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS], headless: true });
}

/** Serves dist/ with the headers of `npm start` on a free port. */
export function serveDist(): ReturnType<typeof serveFolder> {
  if (!existsSync(join(DIST, "index.html")))
    throw new Error("dist/ is not built: run `npm start -- --no-serve` first.");
  return serveFolder(DIST);
}

export interface WatchedPage {
  readonly page: Page;
  /** Console errors, exceptions nobody caught, violations of the Content-Security-Policy; in order. */
  readonly complaints: readonly string[];
  /** Requests that left the app's origin: must stay empty, the app works without a network. */
  readonly strangers: readonly string[];
  close(): Promise<void>;
}

/** A page of a context of its own (nothing stored), whose complaints and outside requests are written down. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    // It keeps the whole app for later, which only its own test waits for.
    serviceWorkers: "block",
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    // A department's terms.json may be missing; the browser logs that by itself.
    if (message.type() === "error" && !message.location().url.endsWith("/terms.json"))
      complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.stack ?? error.message}`));
  context.on("request", (request) => {
    const target = new URL(request.url());
    if (target.protocol.startsWith("http") && target.origin !== origin) strangers.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, strangers, close: () => context.close() };
}

/** A browser, a server and a page of their own: `await using app = await openApp()` ends all three with its block, whatever happens in it. */
export async function openApp({
  search = "",
  ...options
}: BrowserContextOptions & { readonly search?: string } = {}): Promise<WatchedPage & AsyncDisposable> {
  const server = await serveDist();
  const browser = await launchBrowser();
  return {
    ...(await openPage(browser, server.url + search, options)),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.close();
    },
  };
}

/** Writes .cache/screenshots/<name>.png and returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  await mkdir(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
