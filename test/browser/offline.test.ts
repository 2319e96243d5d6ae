// Installed, the app starts and opens a case without a network; its cache holds the app and nothing else; a newer version waits to be asked.
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeServiceWorker } from "../../src/cli/offline-files.mjs";
import { DIST, SAMPLE_CASE } from "../../src/cli/prepare.mjs";
import { serveFolder } from "../../src/cli/static-server.mjs";
import { hasBrowser, launchBrowser, openPage, type WatchedPage } from "./browser.ts";
import { imagesShown } from "./case-page.ts";

const CT = join(SAMPLE_CASE, "ct");

describe.skipIf(!hasBrowser)("the installed app", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let folder: string;
  let watched: WatchedPage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "clv-offline-"));
    await cp(DIST, folder, { recursive: true, filter: (path) => !/sample-(case|cohort)$/.test(path) });
    server = await serveFolder(folder);
    browser = await launchBrowser();
    watched = await openPage(browser, server.url, { serviceWorkers: "allow" });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("says what it is to whoever installs it", async () => {
    const manifest: unknown = await (await fetch(`${server.url}app.webmanifest`)).json();
    expect(manifest).toMatchObject({ start_url: "./", scope: "./", display: "standalone" });
    const { icons } = manifest as { icons: { src: string; sizes: string }[] };
    expect(icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(["192x192", "512x512"]));
    for (const { src } of icons) expect((await fetch(`${server.url}${src}`)).status).toBe(200);
  });

  it("starts without a network and opens a case, isolated as before", async () => {
    const { page, complaints } = watched;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await server.close();
    await page.reload();
    await page.waitForSelector("[data-testid=open-sample]");
    const files = (await readdir(CT)).filter((name) => name.endsWith(".dcm"));
    await page.setInputFiles(
      "[data-testid=pick-files]",
      files.map((name) => join(CT, name)),
    );
    await imagesShown(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(complaints.filter((line) => !/ERR_CONNECTION_REFUSED|Failed to load resource/.test(line))).toEqual(
      [],
    );
  }, 120_000);

  it("keeps the app's own files and settings, and nothing of a case", async () => {
    const { page } = watched;
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const caught = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return caught.flat().map(({ url }) => new URL(url).pathname.slice(1));
    });
    expect(kept.length).toBeGreaterThan(10);
    expect(
      kept.filter(
        (path) => !/^(index\.html|app\.webmanifest|icon.*|assets\/.*|config\.json|terms\.json)$/.test(path),
      ),
    ).toEqual([]);
  });

  it("offers a newer version on the start page, and takes it only then", async () => {
    const { port } = new URL(server.url);
    server = await serveFolder(folder, { port: Number(port) });
    const { page } = watched;
    const html = join(folder, "index.html");
    await writeFile(
      html,
      (await readFile(html, "utf8")).replace("<title>", '<meta name="newer" content="yes" /><title>'),
    );
    await writeServiceWorker(folder);
    await page.reload();
    await page.waitForSelector("[data-testid=open-sample]");
    expect(await page.locator("meta[name=newer]").count()).toBe(0);
    const offer = page.getByTestId("update-offer");
    await offer.waitFor({ timeout: 30_000 });
    await offer.getByRole("button").click();
    await page.waitForSelector("meta[name=newer]", { state: "attached", timeout: 30_000 });
  }, 90_000);
});
