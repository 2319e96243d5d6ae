// Drives the case screen as a reader does: by keys, by clicks in the panel, and by the pointer at places in the patient.
import type { Page } from "playwright-core";

export type Point = readonly [number, number, number];
type Plane = "axial" | "sagittal" | "coronal";

/** Towards the right and the lower edge of each view, LPS: anterior up, head up, patient's left on screen right. */
const axes: Record<Plane, { right: Point; down: Point }> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
};

const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const add = (a: Point, b: Point, by = 1): Point => [a[0] + by * b[0], a[1] + by * b[1], a[2] + by * b[2]];

/** Where a patient point (mm) lies on the page, by what the view says of itself. */
async function onScreen(page: Page, plane: Plane, at: Point): Promise<{ x: number; y: number }> {
  const view = page.locator(`div[data-view="${plane}"]`).first();
  const box = await view.boundingBox();
  const { centerMm, mmPerPx } = await view.evaluate((element: HTMLElement) => ({
    centerMm: element.dataset.centerMm,
    mmPerPx: element.dataset.mmPerPx,
  }));
  if (!box || !centerMm || !mmPerPx) throw new Error(`the ${plane} view shows nothing`);
  const [x, y, z] = centerMm.split(" ").map(Number);
  const offset = add(at, [x, y, z], -1);
  return {
    x: box.x + box.width / 2 + dot(offset, axes[plane].right) / Number(mmPerPx),
    y: box.y + box.height / 2 + dot(offset, axes[plane].down) / Number(mmPerPx),
  };
}

/** Brings a patient point into all views: a click for two of its coordinates in one view, then for the third in another. */
export async function lookAt(page: Page, at: Point): Promise<void> {
  for (let turn = 0; turn < 2; turn++) {
    await clickAt(page, "coronal", at);
    await clickAt(page, "axial", at);
  }
}

async function clickAt(page: Page, plane: Plane, at: Point): Promise<void> {
  const { x, y } = await onScreen(page, plane, at);
  await page.mouse.click(x, y);
  await page.waitForTimeout(150);
}

/** Draws a straight line with the left button between two patient points in a view. */
export async function drawLine(page: Page, plane: Plane, from: Point, to: Point): Promise<void> {
  const a = await onScreen(page, plane, from);
  const b = await onScreen(page, plane, to);
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  for (let n = 1; n <= 6; n++)
    await page.mouse.move(a.x + ((b.x - a.x) * n) / 6, a.y + ((b.y - a.y) * n) / 6);
  await page.mouse.up();
}

/** The plane that shows a direction best, and the line across that direction in it. */
export function lineAcross(
  at: Point,
  direction: Point,
  halfMm: number,
): { plane: Plane; from: Point; to: Point } {
  const planes: readonly Plane[] = ["axial", "sagittal", "coronal"];
  const shown = (plane: Plane) =>
    Math.hypot(dot(direction, axes[plane].right), dot(direction, axes[plane].down));
  const plane = planes.reduce((best, next) => (shown(next) > shown(best) + 1e-6 ? next : best));
  const { right, down } = axes[plane];
  const along = [dot(direction, right) / shown(plane), dot(direction, down) / shown(plane)];
  const across = add([right[0] * -along[1], right[1] * -along[1], right[2] * -along[1]], down, along[0]);
  return { plane, from: add(at, across, -halfMm), to: add(at, across, halfMm) };
}

/** The sample case on the screen, as a reader of this name has it at the next visit: no click is counted for either. */
export async function openSample(page: Page, readerName = "Reader One"): Promise<void> {
  await page.addInitScript(
    (kept) => localStorage.setItem("preferences", kept),
    JSON.stringify({ readerName, locale: "en" }),
  );
  await page.reload();
  await page.click("[data-testid=open-sample]");
  await imagesShown(page);
  await page.mouse.move(0, 0);
}

const UNDECIDED = '[data-testid=parts] [data-role="undecided"]';

/** Decides the selected candidate by a key, and waits until it is decided. */
export async function decide(page: Page, key: string): Promise<void> {
  // By locators, which look into shadow trees too: the panel may lie in another viewer's page.
  const undecided = page.locator(UNDECIDED);
  const last = (await undecided.count()) - 1;
  await page.keyboard.press(key);
  await undecided.nth(last).waitFor({ state: "detached" });
}

/** Takes over everything that is still proposed. */
export async function acceptAll(page: Page): Promise<void> {
  while ((await page.locator(UNDECIDED).count()) > 0) await decide(page, "Enter");
}

/** Opens files through the picker and waits for the case screen with its images. */
export async function openFiles(page: Page, files: string[]): Promise<void> {
  await page.setInputFiles("[data-testid=pick-files]", files);
  await imagesShown(page);
}

export async function imagesShown(page: Page): Promise<void> {
  await page.waitForSelector('div[data-view="axial"][data-center-mm]', { timeout: 120_000 });
}

export async function findCement(page: Page): Promise<void> {
  await page.keyboard.press("f");
  await page.waitForSelector("[data-testid=parts]", { timeout: 120_000 });
  await page.waitForTimeout(500);
}

export const saved = (page: Page): Promise<unknown> =>
  page.waitForSelector('[data-testid=saving][data-state="saved"]', { timeout: 30_000 });

/** Where the views stand: the depth of each is one coordinate of the focus, patient mm. */
export async function focusOf(page: Page): Promise<Point> {
  const depth = async (plane: Plane, axis: number): Promise<number> => {
    const center = await page
      .locator(`div[data-view="${plane}"]`)
      .first()
      .evaluate((element: HTMLElement) => element.dataset.centerMm);
    return Number((center ?? "").split(" ")[axis]);
  };
  return [await depth("sagittal", 0), await depth("coronal", 1), await depth("axial", 2)];
}
