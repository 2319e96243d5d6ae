// The workbench by fingers: pinch, two fingers through the slices, one finger to push, point and draw, and nothing too small to hit.
import type { CDPSession, Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { findCement, focusOf, imagesShown } from "./case-page.ts";
import { rememberedAs } from "./screens.ts";

type Point = readonly [x: number, y: number];

/** A tablet held sideways. */
const TABLET = { width: 1180, height: 820 };
/** CSS pixels: a fingertip; what a finger can't do without being next to it may be smaller in one direction. */
const FINGERTIP_PX = 40;
const STEPS = 8;

/** Fingers that go from where they are put to where they are lifted, in even steps. */
async function drag(
  touch: CDPSession,
  fingers: readonly (readonly [from: Point, to: Point])[],
): Promise<void> {
  const at = (share: number) =>
    fingers.map(([from, to], id) => ({
      id,
      x: from[0] + share * (to[0] - from[0]),
      y: from[1] + share * (to[1] - from[1]),
    }));
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let n = 1; n <= STEPS; n++)
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(n / STEPS) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

const axial = (page: Page) => page.locator('div[data-view="axial"]').first();
const mmPerPx = async (page: Page): Promise<number> =>
  Number(await axial(page).evaluate((element: HTMLElement) => element.dataset.mmPerPx));
const middleMm = async (page: Page): Promise<number[]> =>
  (await axial(page).evaluate((element: HTMLElement) => element.dataset.centerMm ?? ""))
    .split(" ")
    .map(Number);

it.skipIf(!hasBrowser)("zooms, scrolls, pushes, points and draws by fingers", async () => {
  await using app = await openApp({
    viewport: TABLET,
    hasTouch: true,
    isMobile: true,
  });
  const { page, complaints } = app;
  await rememberedAs(page, { locale: "en", appearance: "dark" });
  await page.tap("[data-testid=open-sample]");
  await imagesShown(page);
  await findCement(page);
  await page.waitForTimeout(500);
  const touch = await page.context().newCDPSession(page);
  const box = await axial(page).boundingBox();
  if (!box) throw new Error("no axial view");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const next = async <T>(read: () => Promise<T>, before: T): Promise<T> => {
    await expect.poll(read, { timeout: 10_000 }).not.toEqual(before);
    await page.waitForTimeout(300);
    return read();
  };

  const scale = await mmPerPx(page);
  await drag(touch, [
    [
      [x - 30, y],
      [x - 90, y],
    ],
    [
      [x + 30, y],
      [x + 90, y],
    ],
  ]);
  const closer = await next(() => mmPerPx(page), scale);
  expect(closer / scale).toBeCloseTo(1 / 3, 1);

  const [, , slice] = await middleMm(page);
  const place = await middleMm(page);
  await drag(touch, [
    [
      [x - 40, y - 70],
      [x - 40, y + 70],
    ],
    [
      [x + 40, y - 70],
      [x + 40, y + 70],
    ],
  ]);
  const scrolled = await next(() => middleMm(page), place);
  expect(Math.abs(scrolled[2] - slice)).toBeGreaterThan(4);
  expect(scrolled[0]).toBeCloseTo(place[0], 1);
  expect(scrolled[1]).toBeCloseTo(place[1], 1);
  expect(await mmPerPx(page)).toBeCloseTo(closer, 5);

  await drag(touch, [
    [
      [x, y],
      [x + 60, y],
    ],
  ]);
  const pushed = await next(() => middleMm(page), scrolled);
  expect(pushed[0] - scrolled[0]).toBeCloseTo(-60 * closer, 0);
  expect(pushed[2]).toBeCloseTo(scrolled[2], 3);

  const focus = await focusOf(page);
  await page.touchscreen.tap(x + 40, y + 30);
  const pointed = await next(() => focusOf(page), focus);
  expect(pointed[2]).toBeCloseTo(focus[2], 3);

  await page.getByRole("button", { name: /^Distance/ }).tap();
  await drag(touch, [
    [
      [x - 50, y],
      [x + 50, y],
    ],
  ]);
  await page.waitForSelector("[data-testid=measurements]");
  const drawn = await page.locator("[data-testid=measurements]").innerText();
  expect(Number(/([\d.]+) mm/.exec(drawn)?.[1])).toBeCloseTo(100 * closer, 0);
  await page
    .getByRole("button", { name: /^Distance/ })
    .first()
    .tap();

  expect(await page.evaluate(() => matchMedia("(pointer: coarse)").matches)).toBe(true);
  await screenshot(page, "touch");
  const small = await page.evaluate(
    (least) =>
      [...document.querySelectorAll("button, summary, a[href], [role=option]")]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ box: element.getBoundingClientRect(), said: element.textContent ?? "" }))
        .filter(({ box: { width, height } }) => Math.min(width, height) < least)
        .map(({ box: { width, height }, said }) => `${said}: ${width.toFixed(0)} × ${height.toFixed(0)}`),
    FINGERTIP_PX,
  );
  expect(small).toEqual([]);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll("button")]
      .filter((element) => element.checkVisibility())
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .map((element) => element.textContent),
  );
  expect(cut).toEqual([]);
  expect(complaints).toEqual([]);
});
