// Our tools over OHIF's viewports: strokes that change a part and are taken back, masks where OHIF's own reckoning has them, in its stack
// and in its three planes; keys and words that can be read.
import type { Locator, Page } from "playwright-core";
import { expect, it } from "vitest";
import type { Plane } from "#contract";
import { patientFromVoxel, type Vec3, type VoxelGrid } from "#core/space";
import { forEachRun, type RunMask } from "#voxels/mask";
import { dilate, erode } from "#voxels/morphology";
import { difference, unionAll } from "#voxels/set-operations";
import { screenshot } from "../browser/browser.ts";
import { placesIn, showThreePlanes } from "./drive-ohif.ts";
import { exportedSegments } from "./exported-segments.ts";
import { describeInOhif } from "./ohif-site.ts";
import { phantomCt } from "./phantom-case.ts";
import { countingContext, decideEverything, exportAll, openInOhifMode } from "./read-in-both.ts";

const PATIENCE = { timeout: 30_000 };
const CEMENT = "in bone · L1";

/** mL of the cement in bone, as the panel's list has it. */
async function cementMl(page: Page): Promise<number> {
  const row = page.locator("[data-testid=parts] [role=option]").filter({ hasText: CEMENT });
  return Number(/([\d.]+) mL/.exec(await row.innerText())?.[1]);
}

/** Selects the cement and goes to it. */
const toCement = (page: Page): Promise<void> => page.getByText(CEMENT).first().click();

const overlayOf = (page: Page, plane: Plane): Locator =>
  page.locator(`canvas[data-cement-overlay][data-plane="${plane}"]`).first();

interface Shown {
  /** OHIF's. */
  readonly viewportId: string;
  readonly centerMm: Vec3;
  readonly mmPerPx: number;
}

/** What the overlay of a plane says of itself. */
async function shownIn(page: Page, plane: Plane): Promise<Shown> {
  const { viewportId, centerMm, mmPerPx } = await overlayOf(page, plane).evaluate(
    ({ dataset }: HTMLCanvasElement) => ({
      viewportId: dataset.cementOverlay ?? "",
      centerMm: dataset.centerMm ?? "",
      mmPerPx: Number(dataset.mmPerPx),
    }),
  );
  const [x, y, z] = centerMm.split(" ").map(Number);
  return { viewportId, centerMm: [x, y, z], mmPerPx };
}

/** A stroke of the active tool across the middle of the cement, 12 mm towards the screen's right. */
async function strokeThrough(page: Page, plane: Plane, at: Vec3): Promise<void> {
  const { viewportId, mmPerPx } = await shownIn(page, plane);
  const [[x, y]] = await placesIn(page, viewportId, [at]);
  const box = await overlayOf(page, plane).boundingBox();
  if (!box) throw new Error(`no ${plane} plane`);
  const px = (mm: number): number => box.x + x + mm / mmPerPx;
  await page.mouse.move(px(-6), box.y + y);
  await page.mouse.down();
  for (let mm = -5; mm <= 6; mm++) await page.mouse.move(px(mm), box.y + y);
  await page.mouse.up();
}

/** Centres of a mask's voxels on a plane through `at`, patient mm. */
function onPlane(mask: RunMask, grid: VoxelGrid, axis: 0 | 1 | 2, at: Vec3): Vec3[] {
  const places: Vec3[] = [];
  forEachRun(mask, (j, k, i0, i1) => {
    for (let i = i0; i < i1; i++) {
      const place = patientFromVoxel(grid, i, j, k);
      if (Math.abs(place[axis] - at[axis]) < 0.01) places.push(place);
    }
  });
  return places;
}

/** Share of these places that the overlay of a plane paints. */
async function paintedShare(page: Page, plane: Plane, places: readonly Vec3[]): Promise<number> {
  const { viewportId } = await shownIn(page, plane);
  const points = await placesIn(page, viewportId, places);
  const painted = await overlayOf(page, plane).evaluate((canvas: HTMLCanvasElement, all) => {
    const context = canvas.getContext("2d");
    const ratio = canvas.width / canvas.clientWidth;
    const alphaAt = ([x, y]: [number, number]): number | undefined =>
      context?.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data[3];
    return all.filter((point) => (alphaAt(point) ?? 0) > 0).length;
  }, points);
  return painted / places.length;
}

const inkOf = (element: Locator): Promise<string> => element.evaluate((one) => getComputedStyle(one).color);

const AXIS = { axial: 2, sagittal: 0, coronal: 1 } as const;

describeInOhif("drawing in OHIF", {}, (site) => {
  const ct = phantomCt();

  it("strokes change the selected part in the stack and in three planes, each one step to undo; masks lie where OHIF has their voxels", async () => {
    const context = await countingContext(site.browser);
    const page = await context.newPage();
    await openInOhifMode(page, site.url, ct);
    await decideEverything(page);
    await toCement(page);
    const { grid, segments } = await exportedSegments(await exportAll(page), ct);
    const [{ mask: cement }] = segments;
    const inside = erode(cement, grid, 2);
    const all = unionAll(
      grid,
      segments.map(({ mask }) => mask),
    );
    const around = difference(dilate(all, grid, 9), dilate(all, grid, 6));
    const before = await cementMl(page);
    const middle = centerOf(inside, grid);

    const erased = async (plane: Plane): Promise<void> => {
      await page.keyboard.press("e");
      await strokeThrough(page, plane, middle);
      await expect.poll(() => cementMl(page), PATIENCE).toBeLessThan(before - 0.1);
      await screenshot(page, `ohif-erased-${plane}`);
      await page.keyboard.press("Control+z");
      await expect.poll(() => cementMl(page), PATIENCE).toBe(before);
    };
    const lies = async (plane: Plane): Promise<void> => {
      const voxels = async () => {
        const { centerMm } = await shownIn(page, plane);
        return [inside, around].map((mask) => onPlane(mask, grid, AXIS[plane], centerMm));
      };
      // OHIF draws some time after it was sent there.
      await expect
        .poll(async () => (await voxels()).map((places) => places.length > 20), PATIENCE)
        .toEqual([true, true]);
      const [within, beside] = await voxels();
      await expect.poll(() => paintedShare(page, plane, within), PATIENCE).toBe(1);
      // A number with its line may stand there.
      expect(await paintedShare(page, plane, beside)).toBeLessThan(0.15);
    };

    await lies("axial");
    await erased("axial");
    await page.keyboard.press("a");
    await strokeThrough(page, "axial", middle);
    await page.keyboard.press("Escape");
    expect(await cementMl(page)).toBeGreaterThanOrEqual(before);

    await showThreePlanes(page);
    for (const plane of ["sagittal", "coronal"] as const)
      await overlayOf(page, plane).waitFor({ ...PATIENCE, state: "attached" });
    await toCement(page);
    for (const plane of ["axial", "sagittal", "coronal"] as const) await lies(plane);
    await screenshot(page, "ohif-three-planes");
    await erased("coronal");
    await context.close();
  });

  it("its sheet of keys can be read in both themes, and lists only what works there", async () => {
    const context = await countingContext(site.browser);
    const page = await context.newPage();
    await openInOhifMode(page, site.url, ct);
    for (const theme of ["dark", "light"]) {
      await page.keyboard.press("?");
      const sheet = page.locator("[data-testid=keys-sheet]");
      await sheet.waitFor();
      expect(await sheet.locator('[data-verb="host/fit"]').count()).toBe(1);
      expect(await sheet.locator('[data-verb="host/four-views"], [data-verb="host/slab"]').count()).toBe(0);
      await page.waitForTimeout(300);
      await screenshot(page, `ohif-keys-${theme}`);
      // Words of a dialog are drawn in the page's top layer, where nothing of the panel is inherited.
      expect(await inkOf(sheet)).toBe(await inkOf(page.locator("[data-testid=case-column]")));
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
      await page.locator("[data-testid=theme]").click();
    }
    await context.close();
  });
});

/** The voxel of a mask nearest to its middle, patient mm. */
function centerOf(mask: RunMask, grid: VoxelGrid): Vec3 {
  const places: Vec3[] = [];
  forEachRun(mask, (j, k, i0, i1) => {
    for (let i = i0; i < i1; i++) places.push(patientFromVoxel(grid, i, j, k));
  });
  const mean = [0, 1, 2].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
  const far = (place: Vec3) => Math.hypot(...place.map((mm, axis) => mm - mean[axis]));
  return places.reduce((best, place) => (far(place) < far(best) ? place : best));
}
