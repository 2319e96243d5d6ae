// A small case for the long drives: one phantom of few voxels as files under as many series UIDs as asked for.
import type { Page } from "playwright-core";
import type { VoxelGrid } from "#core/space";
import { makePhantom } from "../../sample-data/make-phantom.ts";
import { SMALL_VOXELS } from "../browser/small-sample.ts";

interface PickedFile {
  readonly name: string;
  readonly buffer: Buffer;
}

/** The grid of every small case: as acquired, head first and supine. */
export const smallGrid = (): VoxelGrid => makePhantom(SMALL_VOXELS, 1).volume.grid;

/** (0020,000E) as it stands in explicit VR little endian: tag, "UI", length; the UID follows. */
const SERIES_UID_HEAD = Buffer.from([0x20, 0x00, 0x0e, 0x00, 0x55, 0x49]);

/** Gives the files of the nth case: the same images under a series of its own. */
export function smallCases(): (n: number) => PickedFile[] {
  const files = [...makePhantom(SMALL_VOXELS, 1).files()].map(({ fileName, bytes }) => ({
    name: fileName,
    buffer: Buffer.from(bytes),
  }));
  return (n) =>
    files.map(({ name, buffer }) => ({
      name,
      buffer: withSeries(buffer, String(n).padStart(2, "0")),
    }));
}

/** Replaces the last two digits of the series UID; its length, and so the file, stays as it is. */
function withSeries(file: Buffer, ending: string): Buffer {
  const head = file.indexOf(SERIES_UID_HEAD);
  if (head < 0) throw new Error("the phantom's file has no SeriesInstanceUID");
  const start = head + SERIES_UID_HEAD.length + 2;
  const length = file.readUInt16LE(start - 2);
  const uid = file.toString("latin1", start, start + length).replace(/\0$/, "");
  const copy = Buffer.from(file);
  copy.write(ending, start + uid.length - ending.length, "latin1");
  return copy;
}

/**
 * As the file picker would, but by the page itself: Playwright's `setInputFiles` and `waitForSelector` keep handles, and a
 * handle keeps its whole screen of elements in memory.
 */
export async function openSmallCase(page: Page, files: readonly PickedFile[]): Promise<void> {
  await page.evaluate(
    (given) => {
      const picked = new DataTransfer();
      for (const { name, base64 } of given)
        picked.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
      const input = document.querySelector<HTMLInputElement>("[data-testid=pick-files]");
      if (!input) throw new Error("no file picker on this screen");
      input.files = picked.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
    files.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") })),
  );
  await page.locator('div[data-view="axial"][data-center-mm]').first().waitFor({ timeout: 120_000 });
}
