// A teaching case of the signed sample case in three clicks, then played from a file address with the network off: right and wrong
// answers, and with the answers open; key images changed by keys.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseHtml } from "../../plugins/cement-leakage/teaching/case-html.ts";
import type { PlayData } from "../../plugins/cement-leakage/teaching/play-data.ts";
import { BROWSER_EXPORT, hasBrowser, launchBrowser, openPage, screenshot, serveDist } from "./browser.ts";
import { acceptAll, openSample } from "./case-page.ts";
import { finish } from "./screens.ts";
import { serveSmallSample } from "./small-sample.ts";

type At = readonly [i: number, j: number, k: number];

/** Scrolls to the slice and clicks the voxel. */
async function click(page: Page, { stack }: PlayData, [i, j, k]: At): Promise<void> {
  await page.locator("#slice").fill(String(k + 1));
  const box = await page.locator("#image").boundingBox();
  if (!box) throw new Error("no image");
  await page.mouse.click(
    box.x + ((i + 0.5) / stack.columns) * box.width,
    box.y + ((j + 0.5) / stack.rows) * box.height,
  );
}

/** The first key image gets another caption and comes last, its arrow is moved by keys, and its crop: all without a pointer. */
async function changePictures(page: Page): Promise<void> {
  const cards = page.locator("[data-testid=teaching-pictures] li");
  const first = cards.first().locator("button").first();
  await first.focus();
  await page.keyboard.press("Enter");
  await page.fill("[data-testid=key-image-caption]", "The place to look at");
  await page.focus("[data-testid=key-image-canvas]");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  await page.focus("[data-testid=key-image-arrow]");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("]");
  await screenshot(page, "teaching-key-image-editor");
  const later = first.locator("xpath=..").getByLabel(/Move later/);
  await later.focus();
  await page.keyboard.press("Enter");
}

/** Takes the last key images out until as many are left. */
async function keepPictures(page: Page, count: number): Promise<void> {
  const cards = page.locator("[data-testid=teaching-pictures] li");
  for (let left = await cards.count(); left > count; left--) {
    await cards
      .last()
      .getByLabel(/^Take out/)
      .click();
    await cards.nth(left - 1).waitFor({ state: "detached" });
  }
}

describe.skipIf(!hasBrowser)("a teaching case of the sample case", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  const path = join(BROWSER_EXPORT, "teaching-case.html");
  const openPath = join(BROWSER_EXPORT, "teaching-case-open.html");

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await serveDist();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** From a file address, offline; whatever the page asks a network for is written down. */
  async function opened(
    file: string,
    options: BrowserContextOptions = { viewport: { width: 1280, height: 860 } },
  ): Promise<{ page: Page; complaints: string[]; close(): Promise<void> }> {
    const context = await browser.newContext({ ...options, offline: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    context.on("request", (request) => {
      if (/^(http|ws)/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector("body[data-ready]", { timeout: 30_000 });
    return { page, complaints, close: () => context.close() };
  }

  async function played(file = path, options?: BrowserContextOptions) {
    const shown = await opened(file, options);
    const text = (await shown.page.locator("#case").textContent()) ?? "";
    // Written by `caseHtml`.
    return { ...shown, data: JSON.parse(text) as PlayData };
  }

  it("is proposed, searched and saved with three clicks", async () => {
    const watched = await openPage(browser, server.url);
    const { page } = watched;
    await serveSmallSample(page);
    await openSample(page);
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    await acceptAll(page);
    await finish(page);
    await page.waitForSelector("text=Signed by Reader One");
    let clicks = 0;
    const counted = async (what: string) => {
      await page.click(`[data-testid=${what}]`);
      clicks++;
    };
    await counted("export");
    await counted("make-teaching-case");
    await page.waitForSelector('[data-testid=teaching][data-step="ready"]', { timeout: 120_000 });
    await screenshot(page, "teaching-dialog");
    const report = page.locator("[data-testid=teaching-report]");
    expect(await report.innerText()).toMatch(/Searched for \d+ identifying values in \d+ files: none found/);
    const waiting = page.waitForEvent("download", { timeout: 60_000 });
    await counted("teaching-save-html");
    const download = await waiting;
    expect(clicks).toBeLessThanOrEqual(3);
    expect(download.suggestedFilename()).toMatch(/^CASE-[0-9A-F]{6}_teaching-case\.html$/);
    await mkdir(BROWSER_EXPORT, { recursive: true });
    await download.saveAs(path);
    await changePictures(page);
    await keepPictures(page, 3);
    const waitingFigures = page.waitForEvent("download", { timeout: 60_000 });
    await page.click("[data-testid=teaching-save-figures]");
    const figures = unzipSync(await readFile((await (await waitingFigures).path()) ?? ""));
    const first = Object.keys(figures).find((name) => /^01_K1-\w+_overlay\.png$/.test(name)) ?? "";
    const chunks = new TextDecoder("latin1").decode(figures[first]);
    expect(chunks).toMatch(/^.PNG/);
    expect(chunks).not.toMatch(/tEXt|iTXt|zTXt|eXIf|iCCP|tIME/);
    await writeFile(join(BROWSER_EXPORT, "figure.png"), figures[first]);
    await page.getByLabel("Answers shown from the start").check();
    const waitingOpen = page.waitForEvent("download", { timeout: 60_000 });
    await page.click("[data-testid=teaching-save-html]");
    await (await waitingOpen).saveAs(openPath);
    expect(watched.complaints).toEqual([]);
    await watched.close();
  }, 300_000);

  it("plays offline with every answer right", async () => {
    const { page, data, complaints, close } = await played();
    await screenshot(page, "teaching-unknown");
    expect(await page.locator("body").innerText()).not.toMatch(/presacral/i);
    expect(await page.locator("#pictures svg").count()).toBe(0);
    for (const leak of data.leaks) await click(page, data, leak.at);
    expect(await page.locator("#steps li").count()).toBe(data.leaks.length);
    await page.click("#check-marks");
    expect(await page.locator('#judged [data-right="true"]').count()).toBe(data.leaks.length);
    for (const [n, leak] of data.leaks.entries()) {
      await page.selectOption(`#site-${n}`, String(leak.site));
      const ml = leak.size?.ml ?? 0;
      const range = data.ranges.findIndex((one) => ml >= one.ml[0] && ml < one.ml[1]);
      if (leak.size) await page.selectOption(`#size-${n}`, String(range));
    }
    await screenshot(page, "teaching-questions");
    await page.click("#check-answers");
    const score = page.locator("#score");
    expect(await score.getAttribute("data-points")).toBe(await score.getAttribute("data-most"));
    expect(Number(await score.getAttribute("data-most"))).toBe(3 * data.leaks.length);
    expect(await page.locator("#steps").innerText()).toMatch(/presacral/i);
    // Three planes of each leak and one view of all in 3D, without and with the overlay.
    expect(await page.locator("#pictures figure").count()).toBe(3 * data.leaks.length + 1);
    expect(await page.locator("#pictures svg").count()).toBe(2 * (3 * data.leaks.length + 1));
    await screenshot(page, "teaching-answers");
    await page.locator("#pictures").scrollIntoViewIfNeeded();
    await page.locator("#pictures .picture").first().click();
    expect(await page.locator("#large svg").count()).toBe(1);
    await screenshot(page, "teaching-key-image");
    await page.keyboard.press("Escape");
    expect(complaints).toEqual([]);
    await close();
  });

  it("tells a wrong mark its distance, and takes a point for it", async () => {
    const { page, data, complaints, close } = await played();
    await click(page, data, [2, 2, 0]);
    await click(page, data, data.leaks[0].at);
    await page.click("#check-marks");
    const [wrong, right] = [0, 1].map((n) => page.locator("#judged li").nth(n));
    expect(await wrong.getAttribute("data-right")).toBe("false");
    expect(Number(await wrong.getAttribute("data-distance"))).toBeGreaterThan(5);
    expect(await wrong.innerText()).toMatch(/No leak here: the nearest is [\d.]+ mm away/);
    expect(await right.getAttribute("data-right")).toBe("true");
    expect(await page.locator("#steps .missed").count()).toBe(data.leaks.length - 1);
    await page.selectOption("#site-0", String((data.leaks[0].site + 1) % data.sites.length));
    await page.click("#check-answers");
    expect(await page.locator("#score").getAttribute("data-points")).toBe("0");
    await page.click("#again");
    await page.click("#no-leak");
    expect(await page.locator("#steps .missed").count()).toBe(data.leaks.length);
    expect(complaints).toEqual([]);
    await close();
  });

  it("can be scrolled, marked and windowed by keys alone", async () => {
    const { page, data, close } = await played();
    await page.focus("#frame");
    const slice = async () => Number(await page.locator("body").getAttribute("data-slice"));
    const before = await slice();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("PageDown");
    expect(await slice()).toBe(Math.min(data.stack.slices - 1, before + 11));
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Enter");
    expect(await page.locator("#steps li").count()).toBe(1);
    await page.locator("#windows button").nth(1).press("Enter");
    expect(await page.locator("#where").innerText()).toContain("W 400 L 40");
    await close();
  });

  it("shows everything at once in the open variant, pictures as the author changed them", async () => {
    const { page, data, complaints, close } = await played(openPath);
    expect(await page.locator("#check-marks, #no-leak").count()).toBe(0);
    expect(await page.locator("#steps").innerText()).toMatch(/presacral/i);
    expect(await page.locator("#overlay").getAttribute("aria-pressed")).toBe("true");
    expect(data.pictures[1].caption).toBe("The place to look at");
    expect(await page.locator("figcaption").nth(1).innerText()).toBe("The place to look at");
    expect(await page.locator("#pictures figure").count()).toBe(3);
    await screenshot(page, "teaching-open");
    expect(complaints).toEqual([]);
    await close();
  });

  it("plays on a phone by touch: a finger scrolls, a tap marks", async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const { page, data, complaints, close } = await played(path, phone);
    const [leak] = data.leaks;
    await page.locator("#slice").fill(String(leak.at[2] + 1));
    const box = await page.locator("#image").boundingBox();
    if (!box) throw new Error("no image");
    const { columns, rows } = data.stack;
    await page.touchscreen.tap(
      box.x + ((leak.at[0] + 0.5) / columns) * box.width,
      box.y + ((leak.at[1] + 0.5) / rows) * box.height,
    );
    expect(await page.locator("#steps li").count()).toBe(1);
    await page.locator("#check-marks").tap();
    expect(await page.locator('#judged [data-right="true"]').count()).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await screenshot(page, "teaching-phone");
    expect(complaints).toEqual([]);
    await close();
  });

  it("becomes a quiz together with a case without a leak, whose answers are saved as a table", async () => {
    const before = await played();
    const none = { ...before.data, caseId: "CASE-0000F0", leaks: [], title: "Nothing leaked" };
    await before.close();
    const nonePath = join(BROWSER_EXPORT, "teaching-case-none.html");
    const [, script = ""] =
      /<script type="module">([^]*?)<\/script>/.exec(await readFile(path, "utf8")) ?? [];
    await writeFile(nonePath, caseHtml(none, [script]));
    const watched = await openPage(browser, `${server.url}#/p/cement-leakage/teaching`);
    const choosing = watched.page.waitForEvent("filechooser");
    await watched.page.click("[data-testid=collection-add]");
    await (await choosing).setFiles([path, nonePath]);
    await watched.page.waitForSelector("[data-testid=collection] tbody tr:nth-child(2)");
    const waiting = watched.page.waitForEvent("download");
    await watched.page.click("[data-testid=collection-save]");
    const quizPath = join(BROWSER_EXPORT, "quiz.html");
    await (await waiting).saveAs(quizPath);
    await screenshot(watched.page, "teaching-collection");
    expect(watched.complaints).toEqual([]);
    await watched.close();

    const { page, complaints, close } = await opened(quizPath);
    await page.fill("#learner", "Resident 7");
    await page.click("#begin");
    let most = 0;
    for (const turn of [1, 2]) {
      await page.waitForSelector('body[data-step="marks"]');
      expect(await page.locator("#heading").innerText()).toBe(`Case ${turn} of 2`);
      const hasLeaks = (await page.locator("body").getAttribute("data-case")) !== none.caseId;
      most += hasLeaks ? 3 * before.data.leaks.length : 1;
      if (turn === 1) await screenshot(page, "teaching-quiz");
      await page.click("#no-leak");
      if (hasLeaks) await page.click("#check-answers");
      await page.click("#next-case");
    }
    expect(await page.locator("#total").getAttribute("data-most")).toBe(String(most));
    expect(await page.locator("#total").getAttribute("data-points")).toBe("1");
    await screenshot(page, "teaching-quiz-result");
    const table = page.waitForEvent("download");
    await page.click("#save-answers");
    const csv = await readFile((await (await table).path()) ?? "", "utf8");
    expect(csv.split("\r\n")[0]).toContain("learner,position,case,leak,site,marked");
    expect(csv).toContain("Resident 7");
    expect(csv.trim().split("\r\n").length).toBe(2 + before.data.leaks.length);
    expect(complaints).toEqual([]);
    await close();
  });
});
