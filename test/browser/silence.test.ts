// What leaves the page when no archive is configured: nothing, by whatever way, through a whole reading of a case.
import { createServer, type Server } from "node:net";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserPath } from "../tools.mjs";
import { CHROMIUM_ARGUMENTS, hasBrowser, openPage, serveDist } from "./browser.ts";
import { acceptAll, imagesShown } from "./case-page.ts";

/** Of the sample case: what must stand in no address, title or console. */
const PATIENT = /PHANTOM/i;

/** Chromium's own errands (sign-in, autofill), which it makes on any page and which no switch ends. */
const CHROMIUMS_OWN = /^CONNECT [\w.-]+\.(google|googleapis|gstatic)\.com:443 /;

describe.skipIf(!hasBrowser)("a page without an archive", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  /** Stands between Chromium and every other machine: what connects to it wanted to leave this one. */
  let way: Server;
  const left: string[] = [];

  beforeAll(async () => {
    way = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (head) => {
        const [asked] = head.toString("latin1").split("\r\n");
        if (!CHROMIUMS_OWN.test(asked)) left.push(asked);
        socket.destroy();
      });
    });
    await new Promise<void>((done) => way.listen(0, "127.0.0.1", done));
    const address = way.address();
    const port = typeof address === "object" && address ? address.port : 0;
    browser = await chromium.launch({
      executablePath: browserPath(),
      args: [...CHROMIUM_ARGUMENTS, `--proxy-server=http://127.0.0.1:${port}`],
      headless: true,
    });
    server = await serveDist();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    way?.close();
  });

  it("reads, proposes, decides and exports a case without a request to anybody, and says nothing of the patient", async () => {
    const watched = await openPage(browser, server.url);
    const { page } = watched;
    const requests: string[] = [];
    const sockets: string[] = [];
    const spoken: string[] = [];
    page.context().on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
    page.on("websocket", (socket) => sockets.push(socket.url()));
    page.on("console", (message) => spoken.push(message.text()));
    await page.addInitScript(() => {
      const violations: string[] = [];
      Object.assign(globalThis, { violations });
      document.addEventListener("securitypolicyviolation", (event) =>
        violations.push(`${event.effectiveDirective} ${event.blockedURI} in ${event.sourceFile}`),
      );
    });
    await page.reload();

    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    await page.mouse.move(0, 0);
    await page.keyboard.press("f");
    await page.waitForSelector("[data-testid=propose]", { timeout: 120_000 });
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    await acceptAll(page);
    await page.click("[data-testid=export]");
    expect(await page.locator("[data-testid=store-in-archive]").getAttribute("data-disabled")).toBe("true");
    const download = page.waitForEvent("download");
    await page.click('[data-exporter="cement-leakage/export-all"]');
    await download;

    const own = requests.filter((line) => line.includes(` ${server.url}`) || / (blob|data):/.test(line));
    expect(requests.filter((line) => !own.includes(line))).toEqual([]);
    expect(requests.filter((line) => !line.startsWith("GET "))).toEqual([]);
    expect(sockets).toEqual([]);
    expect(left).toEqual([]);
    expect(await page.evaluate((): unknown => Reflect.get(globalThis, "violations"))).toEqual([]);
    expect(requests.filter((line) => PATIENT.test(line))).toEqual([]);
    expect(page.url()).toBe(server.url);
    expect(await page.title()).not.toMatch(PATIENT);
    expect(spoken.filter((text) => PATIENT.test(text))).toEqual([]);
    expect(watched.complaints).toEqual([]);
    await watched.close();
  }, 300_000);

  it("is held to that by its policy: what tries to leave is refused and seen", async () => {
    const watched = await openPage(browser, server.url);
    const refused = await watched.page.evaluate(async () => {
      const seen: string[] = [];
      document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
      const failed = await fetch("https://elsewhere.example/x").then(
        () => false,
        () => true,
      );
      const picture = new Image();
      picture.src = "https://elsewhere.example/x.png";
      await new Promise((done) => picture.addEventListener("error", done, { once: true }));
      return { failed, seen };
    });
    // Once by the page's own policy and once by the server's header.
    expect(refused).toEqual({ failed: true, seen: ["connect-src", "connect-src", "img-src", "img-src"] });
    expect(left).toEqual([]);
    await watched.close();
  });

  it("refuses in words an archive that it was not built for, without asking it", async () => {
    const watched = await openPage(browser, server.url);
    const { page } = watched;
    await page.click("[data-testid=open-archive]");
    await page.fill("[data-testid=archive-address]", "https://elsewhere.example/dicom-web");
    await page.press("[data-testid=archive-address]", "Enter");
    await page.waitForSelector("text=This page may not connect to elsewhere.example");
    expect(watched.strangers).toEqual([]);
    expect(left).toEqual([]);
    await watched.close();
  });
});
