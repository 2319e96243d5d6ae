// How often the voxels of a case are in memory: once while it is open, shared by page and worker; not at all once it is closed. The long
// test of memory counts everything else that twenty cases may leave.
import { expect, it } from "vitest";
import { pageLine, piecesOf, workerLine } from "../long/kept-memory.ts";
import { openSmallCase, smallCases, smallGrid } from "../long/small-case.ts";
import { hasBrowser, openApp } from "./browser.ts";

const CASES = 3;

it.skipIf(!hasBrowser)(
  `holds the voxels of the open case once, of ${CASES - 1} before it none, and none once it is closed`,
  async () => {
    await using app = await openApp();
    const { page } = app;
    page.on("dialog", (dialog) => void dialog.accept());
    const files = smallCases();
    const { columns, rows, slices } = smallGrid();
    const volumeBytes = 2 * columns * rows * slices;
    const close = async (): Promise<void> => {
      await page.getByRole("button", { name: /^Case:/ }).click();
      await page.getByRole("menuitem", { name: "Close the case" }).click();
      await page.getByTestId("open-sample").waitFor();
      // Views and worker let go within a frame or two.
      await page.waitForTimeout(500);
    };
    for (let n = 0; n < CASES; n++) {
      if (n > 0) await close();
      await openSmallCase(page, files(n));
    }
    const session = await page.context().newCDPSession(page);
    const lines = [pageLine(session), await workerLine(session)];
    /** Less than half a volume may be pictures. */
    const alive = () => Promise.all(lines.map((line) => piecesOf(line, volumeBytes / 2)));
    expect(await alive()).toEqual([[volumeBytes], [volumeBytes]]);
    await close();
    expect(await alive()).toEqual([[], []]);
    expect(app.complaints).toEqual([]);
  },
);
