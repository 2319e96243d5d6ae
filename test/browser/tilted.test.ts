// A scan with gantry tilt on the screen: the planes across its slices show the object where and as it is; the log names the tilt.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { readBytes } from "../../src/dicom/named-file.ts";
import { isPlanted, slices, written } from "../unit/dicom/planted-object.ts";
import { accessibilityFaults } from "./accessible-names.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { openFiles } from "./case-page.ts";

const TILT_DEGREES = 20;

/** Pixels of a view's grey picture that are at least half as bright as its brightest, with the picture's place in the patient. */
const brightPixels = (page: Page, plane: string) =>
  page
    .locator(`div[data-view="${plane}"]`)
    .first()
    .evaluate((view: HTMLElement) => {
      const canvas = view.querySelector("canvas");
      const context = canvas?.getContext("2d");
      if (!canvas || !context) throw new Error("the view has no picture");
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
      let most = 0;
      for (let n = 0; n < data.length; n += 4) most = Math.max(most, data[n]);
      const bright: boolean[] = [];
      for (let n = 0; n < data.length; n += 4) bright.push(data[n] > most / 2);
      return {
        width,
        height,
        bright,
        pixelsPerPx: width / view.clientWidth,
        centerMm: (view.dataset.centerMm ?? "").split(" ").map(Number),
        mmPerPx: Number(view.dataset.mmPerPx),
      };
    });

/** Towards the right and the lower edge of the screen, LPS: the patient upright. */
const upright = {
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
} as const;

/** How well what is bright agrees with where the object is cut by an upright plane: 1 is everywhere. */
async function overlapOf(page: Page, plane: keyof typeof upright): Promise<number> {
  const { width, height, bright, pixelsPerPx, centerMm, mmPerPx } = await brightPixels(page, plane);
  const { right, down } = upright[plane];
  const step = mmPerPx / pixelsPerPx;
  let both = 0;
  let sum = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x + 0.5 - width / 2) * step, (y + 0.5 - height / 2) * step];
      const at = (n: 0 | 1 | 2) => centerMm[n] + u * right[n] + v * down[n];
      const planted = isPlanted([at(0), at(1), at(2)]);
      const shown = bright[y * width + x];
      if (planted && shown) both++;
      sum += Number(planted) + Number(shown);
    }
  expect(sum).toBeGreaterThan(1000);
  return (2 * both) / sum;
}

it.skipIf(!hasBrowser)(
  "shows a tilted scan straight, and its verification log in both languages",
  async () => {
    await using folder = await temporaryFolder("tilted");
    await using app = await openApp({
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { page, complaints } = app;
    const stack = slices({ tiltDegrees: TILT_DEGREES });
    const paths = await Promise.all(
      written(stack).map(async (file) => {
        const path = join(folder.path, file.path);
        await writeFile(path, await readBytes(file));
        return path;
      }),
    );
    await openFiles(page, paths);
    // The texture is whole a few frames after the first picture.
    await page.waitForTimeout(1500);
    for (const plane of ["sagittal", "coronal"] as const)
      expect(await overlapOf(page, plane)).toBeGreaterThan(0.96);
    await screenshot(page, "tilted");

    await page.click("[data-testid=verification]");
    const log = page.locator("[data-testid=verification-log]");
    const tilt = log.locator('[data-check="geometry/tilt"]');
    expect(await tilt.getAttribute("data-outcome")).toBe("handled");
    expect(await tilt.innerText()).toMatch(
      /Gantry tilt\s+20\.0° by the positions\s+Shown straight; masks, volumes and SEG stay on the acquired slices/,
    );
    expect(await log.innerText()).toMatch(/44 slices, spacing 1\.000 mm, largest deviation 0\.000 mm/);
    await page.click("[data-testid=copy-verification]");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.trim().split("\n")).toHaveLength(await log.locator("li").count());
    expect(copied).toContain("Gantry tilt: 20.0° by the positions. Shown straight;");
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, "verification-log");
    await page.keyboard.press("Escape");
    await page.click("[data-testid=language]");
    await page.click("[data-testid=verification]");
    expect(await tilt.innerText()).toMatch(/机架倾斜\s+按位置计算为 20\.0°\s+显示已校直/);
    expect(complaints).toEqual([]);
  },
  240_000,
);
