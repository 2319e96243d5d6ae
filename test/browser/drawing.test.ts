// Processor and GPU draw the same planes: pictures of the views under both settings, grey level by grey level.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_CASE } from "../../src/cli/prepare.mjs";
import { hasBrowser, launchBrowser, openPage, serveDist } from "./browser.ts";
import { imagesShown } from "./case-page.ts";

const SLICES = 60;
const CT = join(SAMPLE_CASE, "ct");

/** Left, top, width and height as shares of a view: beside the lines through its middle, inside the letters at its edges. */
type Part = readonly [number, number, number, number];

/** Grey levels of a part of a view, on which nothing is written or drawn. */
async function greyOf(page: Page, view: string, part: Part): Promise<number[]> {
  const png = await page.locator(`div[data-view="${view}"]`).first().screenshot();
  return page.evaluate(
    async ([base64, shares]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d");
      context?.drawImage(picture, 0, 0);
      const { width, height } = picture;
      const [left, top, wide, high] = shares.map((share, n) => Math.round(share * (n % 2 ? height : width)));
      const { data } = context?.getImageData(left, top, wide, high) ?? { data: [] };
      return Array.from(data).filter((_, at) => at % 4 === 0);
    },
    [png.toString("base64"), part] as const,
  );
}

describe.skipIf(!hasBrowser)("the planes", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  beforeAll(async () => {
    server = await serveDist();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** The first slices of the sample case, drawn by what the settings say; `prepare` may take the browser's abilities away before. */
  async function opened(drawing: "gpu" | "processor", prepare?: () => void) {
    const { page, close } = await openPage(browser, "about:blank");
    if (prepare) await page.addInitScript(prepare);
    await page.route("**/config.json", (route) => route.fulfill({ json: { drawing } }));
    await page.goto(server.url);
    const names = (await readdir(CT)).filter((name) => name.endsWith(".dcm")).sort();
    const files = names.slice(60, 60 + SLICES).map((name) => join(CT, name));
    await page.setInputFiles("[data-testid=pick-files]", files);
    await imagesShown(page);
    await page.waitForFunction(() => performance.getEntriesByName("clv:planes").length > 0);
    const byCornerstone = await page.locator('div[data-view="axial"] .cornerstone-canvas').count();
    return { page, close, byCornerstone };
  }

  async function drawnBy(drawing: "gpu" | "processor"): Promise<number[][]> {
    const { page, close, byCornerstone } = await opened(drawing);
    expect(byCornerstone).toBe(drawing === "gpu" ? 1 : 0);
    // Software WebGL is behind what it says to have drawn.
    await page.waitForTimeout(drawing === "gpu" ? 3000 : 500);
    const views = [
      await greyOf(page, "axial", [0.55, 0.6, 0.25, 0.2]),
      await greyOf(page, "coronal", [0.55, 0.36, 0.25, 0.11]),
    ];
    await close();
    return views;
  }

  it("look the same whether the GPU or the processor draws them", async () => {
    const [gpu, processor] = [await drawnBy("gpu"), await drawnBy("processor")];
    gpu.forEach((levels, view) => {
      const differences = levels.map((level, at) => Math.abs(level - processor[view][at]));
      expect(differences.length).toBeGreaterThan(3000);
      expect(new Set(levels).size).toBeGreaterThan(20);
      expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(2);
      expect(differences.filter((one) => one > 16).length / differences.length).toBeLessThan(0.01);
    });
  }, 120_000);

  it("are the processor's until the GPU has all slices, which go there in pieces, each slice once", async () => {
    const { page, close } = await opened("gpu", () => {
      const handed: { frame: number; slice: number }[] = [];
      /** Canvases over the GPU's picture when a slice went: the processor's picture, and what is written on it. */
      const covers = new Set<number>();
      Object.assign(globalThis, { handed, covers });
      const own = Reflect.get(WebGL2RenderingContext.prototype, "texSubImage3D") as (
        ...given: unknown[]
      ) => void; // the browser's own
      WebGL2RenderingContext.prototype.texSubImage3D = function (...given: unknown[]) {
        handed.push({ frame: Number(document.timeline.currentTime), slice: Number(given[4]) });
        covers.add(document.querySelectorAll('div[data-view="axial"] canvas').length);
        own.apply(this, given);
      };
    });
    const counted = () =>
      page.evaluate(() => {
        const {
          handed = [],
          covers = [],
        }: { handed?: { frame: number; slice: number }[]; covers?: Iterable<number> } = globalThis as object;
        return { handed, covers: [...covers] };
      });
    await expect.poll(async () => (await counted()).handed.length).toBe(SLICES);
    const canvases = page.locator('div[data-view="axial"] canvas');
    const { handed, covers } = await counted();
    await expect.poll(() => canvases.count()).toBe(Math.max(...covers) - 1);
    expect(covers).toHaveLength(1);
    expect(handed.map(({ slice }) => slice).sort((a, b) => a - b)).toEqual(
      Array.from({ length: SLICES }, (_, k) => k),
    );
    const perFrame = new Map<number, number>();
    for (const { frame } of handed) perFrame.set(frame, (perFrame.get(frame) ?? 0) + 1);
    // 16 MiB of voxels are 32 slices of 512 x 512.
    expect([...perFrame.values()]).toEqual([32, SLICES - 32]);
    await close();
  }, 60_000);

  it("are drawn by the processor where no texture can hold the volume", async () => {
    const { close, byCornerstone } = await opened("gpu", () => {
      const ask = Reflect.get(WebGL2RenderingContext.prototype, "getParameter") as (name: number) => unknown; // the browser's own
      WebGL2RenderingContext.prototype.getParameter = function (name: number): unknown {
        return name === WebGL2RenderingContext.MAX_3D_TEXTURE_SIZE ? 256 : ask.call(this, name);
      };
    });
    expect(byCornerstone).toBe(0);
    await close();
  }, 60_000);
});
