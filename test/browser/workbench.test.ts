// The workbench around the reading: a panel that fails and comes back, steps by name, keys of one's own, help, saved work as
// a file; every control has a name, every word its language, and nothing is cut off.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityFaults, latinWords } from "./accessible-names.ts";
import {
  BROWSER_EXPORT,
  hasBrowser,
  launchBrowser,
  openPage,
  screenshot,
  serveDist,
  type WatchedPage,
} from "./browser.ts";
import { findCement, imagesShown, saved } from "./case-page.ts";

/** Names, units, standards and the made-up patient: the same in every language; progress and reasons are kept in the words they were saved with. */
const SAME_EVERYWHERE =
  /PHANTOM-\d+|Phantom[^·]*|DICOM|JSON|CSV|PACS|SEG|Denis|English|Schmorl|zip|WebGL\d?|Esc|Del|Page(Up|Down)|Ctrl|Alt|MPa|HFS|Reader One|radiologist|Bone[^·]*|\d+ leaks, \d+ open|\d+ HU: cement, dense bone[^·]*|Plateau \d+ HU[^·]*/;

const faultsIn = async (page: Page): Promise<string[]> => accessibilityFaults(page);

/** What reaches out of the window, or is wider than its own box without a way to see the rest. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("header button, aside button, nav button, header label")]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > window.innerWidth + 1;
      })
      .map((element) => element.textContent ?? ""),
  );

describe.skipIf(!hasBrowser)("the workbench", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  let watched: WatchedPage;

  beforeAll(async () => {
    server = await serveDist();
    browser = await launchBrowser();
    watched = await openPage(browser, server.url);
    await watched.page.click("[data-testid=open-sample]");
    await imagesShown(watched.page);
    await findCement(watched.page);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("takes a panel that throws away, says so, and loads it again with the work as it was", async () => {
    const { page } = watched;
    const parts = await page.locator("[data-testid=parts] [data-part]").count();
    // The panel sorts its parts with this; the host's screen does not use it.
    await page.evaluate(() => {
      const kept = Array.prototype.toSorted;
      const put = (sort: unknown) => Reflect.set(Array.prototype, "toSorted", sort);
      Object.assign(window, { giveBack: () => put(kept) });
      put(() => {
        throw new Error("no sorting today");
      });
    });
    await page.keyboard.press("n");
    await page.waitForSelector("[data-testid=panel-failed]");
    const said = await page.locator("[data-testid=panel-failed]").innerText();
    expect(said).toMatch(/cement-leakage.*no sorting today[\s\S]*Your work is saved/);
    await page.keyboard.press("m");
    await imagesShown(page);
    await page.evaluate(() => (window as unknown as { giveBack: () => void }).giveBack());
    await page.click("[data-testid=reload-panel]");
    await page.waitForSelector("[data-testid=parts]");
    expect(await page.locator("[data-testid=parts] [data-part]").count()).toBe(parts);
    await page.keyboard.press("m");
  });

  it("goes back to a step by its name, and forth again", async () => {
    const { page } = watched;
    await page.keyboard.press("n");
    await page.keyboard.press("x");
    await page.click("[data-testid=steps]");
    const steps = page.locator("[data-testid=step-list] button");
    await steps.first().waitFor();
    const count = await steps.count();
    expect(count).toBeGreaterThanOrEqual(3);
    await page.waitForTimeout(300);
    await screenshot(page, "steps");
    await steps.last().click();
    await page.waitForFunction(() => !document.querySelector("[data-testid=parts]"));
    await steps.first().click();
    await page.waitForSelector("[data-testid=parts]");
    await page.keyboard.press("Escape");
    await saved(page);
  });

  it("changes a key, says a conflict, and gives all keys back", async () => {
    const { page } = watched;
    await page.keyboard.press("?");
    const slab = page.locator('[data-verb="host/slab"]');
    await slab.click();
    await page.keyboard.press("f");
    await page.waitForSelector("text=F is the key of “Find cement”");
    await page.waitForTimeout(500);
    await screenshot(page, "keys-conflict");
    await page.click("[data-testid=take-key]");
    expect(await slab.innerText()).toBe("F");
    expect(await page.locator('[data-verb="cement-leakage/find"]').innerText()).toBe("none");
    await slab.click();
    await page.keyboard.press("Escape");
    await page.waitForSelector("[data-testid=keys-sheet]");
    expect.soft(await faultsIn(page)).toEqual([]);
    await page.click("[data-testid=reset-keys]");
    expect(await slab.innerText()).toBe("M");
    await page.keyboard.press("Escape");
    await page.waitForSelector("[data-testid=keys-sheet]", { state: "detached" });
  });

  it("opens the page of a site with its drawing, over which no key decides", async () => {
    const { page } = watched;
    const before = await page.locator("[data-testid=parts] [data-part]").count();
    await page.locator("[data-testid=about-site]").first().click();
    await page.waitForSelector("[data-testid=site-page] svg path");
    expect(await page.locator("[data-testid=site-page]").innerText()).toMatch(/not signed off/);
    await page.waitForTimeout(500);
    await screenshot(page, "site-page");
    await page.keyboard.press("x");
    expect(await page.locator("[data-testid=parts] [data-part]").count()).toBe(before);
    expect.soft(await faultsIn(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForSelector("[data-testid=site-page]", { state: "detached" });
  });

  it.each([
    ["dark", 1440, 900],
    ["light", 1280, 800],
  ] as const)("names every control, translates every word and cuts nothing off, %s %i", async (...how) => {
    const [look, width, height] = how;
    const { page } = watched;
    await page.setViewportSize({ width, height });
    if ((await page.evaluate(() => document.documentElement.dataset.mantineColorScheme)) !== look)
      await page.getByRole("button", { name: /Light or dark/ }).click();
    await page.waitForTimeout(400);
    await screenshot(page, `case-${look}-${width}`);
    expect.soft(await faultsIn(page)).toEqual([]);
    expect.soft(await cutOff(page)).toEqual([]);
    await page.getByRole("button", { name: "中文" }).click();
    await page.waitForTimeout(400);
    await screenshot(page, `case-${look}-${width}-zh`);
    expect.soft(await latinWords(page, SAME_EVERYWHERE)).toEqual([]);
    expect.soft(await cutOff(page)).toEqual([]);
    await page.getByRole("button", { name: "English" }).click();
  });

  it("lists the case on the start page, saves it as a file, and brings it back in a browser that never saw it", async () => {
    const { page } = watched;
    await saved(page);
    await page.reload();
    await page.waitForSelector("[data-testid=saved-case]");
    expect(await page.locator("[data-testid=storage-room]").innerText()).toMatch(/[\d.]+ MB/);
    await screenshot(page, "start-light-1280");
    expect.soft(await faultsIn(page)).toEqual([]);
    await page.getByRole("button", { name: "中文" }).click();
    expect.soft(await latinWords(page, SAME_EVERYWHERE)).toEqual([]);
    await screenshot(page, "start-light-1280-zh");
    await page.getByRole("button", { name: "English" }).click();
    const waiting = page.waitForEvent("download");
    await page.click("[data-testid=save-as-file]");
    await mkdir(BROWSER_EXPORT, { recursive: true });
    const path = join(BROWSER_EXPORT, "saved-work.zip");
    await (await waiting).saveAs(path);
    const other = await openPage(browser, server.url);
    await other.page.setInputFiles("[data-testid=pick-saved-case]", path);
    await other.page.click("[data-testid=continue]");
    await imagesShown(other.page);
    await other.page.waitForSelector("[data-testid=parts]");
    expect(other.complaints).toEqual([]);
    await other.close();
  });

  it("asked nobody else for anything", () => {
    expect(watched.strangers).toEqual([]);
    expect(watched.complaints.filter((said) => !/no sorting today/.test(said))).toEqual([]);
  });
});
