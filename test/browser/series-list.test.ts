// The series list as a reader meets it: a burnt disc opened as a folder, its pictures, its keys, and real awkward folders.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { hasBrowser, launchBrowser, openPage, screenshot, serveDist, type WatchedPage } from "./browser.ts";
import { imagesShown } from "./case-page.ts";
import { makeDisc } from "./made-disc.ts";
import { rememberedAs } from "./screens.ts";

const DISC = join(PROJECT_FOLDER, ".cache", "made-disc");
const DATA = join(PROJECT_FOLDER, "..", "shared", "data");
const ROW = "[data-testid=series-row]";

describe.skipIf(!hasBrowser)("the series list", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;

  beforeAll(async () => {
    await makeDisc(DISC);
    browser = await launchBrowser();
    server = await serveDist();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function withFolder(
    folder: string,
    preferences: Parameters<typeof rememberedAs>[1],
    look: (page: Page, watched: WatchedPage) => Promise<void>,
  ): Promise<void> {
    const watched = await openPage(browser, server.url);
    try {
      await rememberedAs(watched.page, preferences);
      await watched.page.waitForSelector("[data-testid=open-sample]");
      await watched.page.setInputFiles("[data-testid=pick-folder]", folder);
      await look(watched.page, watched);
      expect(watched.complaints).toEqual([]);
      expect(watched.strangers).toEqual([]);
    } finally {
      await watched.close();
    }
  }

  const shown = (page: Page) => page.locator(`[data-testid=series-list] ${ROW} >> visible=true`);

  it.each(["dark", "light"] as const)(
    "shows a disc by patient and study, with pictures and reasons (%s)",
    async (appearance) => {
      await withFolder(DISC, { locale: "en", appearance }, async (page) => {
        await page.waitForSelector(ROW);
        await expect
          .poll(() => page.locator('[data-shown="picture"]').count(), { timeout: 20_000 })
          .toBeGreaterThan(2);
        expect(await page.locator("[data-testid=proposed]").allInnerTexts()).toEqual([
          "proposed: 1 mm, bone kernel, metal artefact reduction",
        ]);
        const names = await shown(page).locator("span").first().innerText();
        expect(names).toBe("Pelvis 1.0 B60f iMAR");
        expect(await page.locator("h3").count()).toBe(2);
        expect(await page.locator("[data-testid=contradiction]").innerText()).toMatch(
          /4711.*DOE\^JANE.*DOE-ROE\^JANE/,
        );
        expect(await page.locator("[data-testid=study]").nth(1).innerText()).toContain("50 days earlier");
        expect(await page.locator("[data-testid=read-notes]").innerText()).toMatch(/of which 2 are not here/);
        const apart = page.locator("[data-testid=kept-apart]");
        expect(await apart.locator("summary").innerText()).toBe("2 kept apart: 1 scout, 1 dose screen");
        expect(await page.locator("[data-testid=series-list] [data-testid=rejected]").count()).toBe(0);
        expect(await page.locator("[role=dialog] [data-testid=rejected] summary").innerText()).toBe(
          "4 files were not used",
        );
        await screenshot(page, `series-list-${appearance}`);
        await apart.locator("summary").click();
        await expect.poll(() => apart.locator('[data-shown="waiting"]').count(), { timeout: 20_000 }).toBe(0);
        await page.locator("[role=dialog] [data-testid=rejected] summary").click();
        await page.locator("[role=dialog] [data-testid=rejected] li").last().scrollIntoViewIfNeeded();
        await screenshot(page, `series-list-unfolded-${appearance}`);
      });
    },
    120_000,
  );

  it("is walked by arrows and opened by Enter; an earlier CT of another patient is barred", async () => {
    await withFolder(DISC, { locale: "en" }, async (page) => {
      await page.waitForSelector(ROW);
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      await expect.poll(focused).toBe("Open Pelvis 1.0 B60f iMAR");
      await page.keyboard.press("ArrowDown");
      expect(await focused()).toBe("Open Pelvis 1.0 B60f");
      await page.keyboard.press("End");
      expect(await focused()).toBe("Open Spine 2.0");
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowUp");
      expect(await focused()).toBe("Open Pelvis 1.0 B60f iMAR");
      await page.keyboard.press("Enter");
      await imagesShown(page);
      await page.locator("[data-testid=case-menu]").click();
      await page.getByRole("menuitem", { name: "Series found" }).click();
      await page.waitForSelector(ROW);
      await page.getByText("Earlier CT beside it").click();
      const rows = await shown(page).allInnerTexts();
      expect(await page.locator("[data-autofocus]").getAttribute("aria-label")).toBe("Open Pelvis 3.0 B45f");
      expect(rows.filter((row) => /another patient/.test(row))).toHaveLength(1);
      expect(rows.filter((row) => /open now/.test(row))).toHaveLength(1);
      await screenshot(page, "series-list-prior");
    });
  }, 120_000);

  it("draws pictures only of what is in view, and gives the canvases back when it closes", async () => {
    await withFolder(DISC, { locale: "en" }, async (page) => {
      await page.waitForSelector(ROW);
      await expect
        .poll(() => page.locator('[data-shown="picture"]').count(), { timeout: 20_000 })
        .toBeGreaterThan(2);
      expect(await page.locator('[data-testid=kept-apart] [data-shown="picture"]').count()).toBe(0);
      const canvases = await page.locator("[role=dialog] canvas").elementHandles();
      const before = await Promise.all(
        canvases.map((canvas) => canvas.evaluate((one) => (one as HTMLCanvasElement).width)),
      );
      expect(Math.min(...before)).toBeGreaterThan(10);
      await page.keyboard.press("Escape");
      await page.waitForSelector(ROW, { state: "detached" });
      const after = await Promise.all(
        canvases.map((canvas) => canvas.evaluate((one) => (one as HTMLCanvasElement).width)),
      );
      expect(after).toEqual(before.map(() => 0));
    });
  }, 120_000);

  it.skipIf(!existsSync(DATA)).each([
    ["awkward/dicomdir", /kept apart/],
    ["awkward/tilt-variable-spacing", null],
    ["multiframe-ct", /slices lie at/],
    ["transfer-syntaxes", /kept apart/],
    ["seg-sr-reference", /segmentations, reports or findings files came with the images/],
    ["ct-pelvis-nifti", /NIfTI/],
  ] as const)(
    "says something about %s",
    async (name, said) => {
      await withFolder(join(DATA, name), { locale: "en" }, async (page) => {
        await Promise.race([
          page.waitForSelector(ROW, { timeout: 60_000 }),
          page.waitForSelector("[data-testid=notice]", { timeout: 60_000 }),
          imagesShown(page),
        ]);
        await page.waitForTimeout(1500);
        await screenshot(page, `awkward-${name.replace(/.*\//, "")}`);
        if (said === null) return imagesShown(page);
        await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
        expect(await page.locator("body").innerText()).toMatch(said);
      });
    },
    120_000,
  );
});
