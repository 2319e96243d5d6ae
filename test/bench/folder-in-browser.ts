// `npm run bench -- --folder`: how long 2,000 files of 20 series in one folder take to become a list in Chromium, and the page's
// longest task. Options: --rounds N (default 3), --header BYTES (private values in each header, default 8000).
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { writePart10 } from "#dicom/part10";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { launchBrowser, openPage, serveDist } from "../browser/browser.ts";

const SERIES = 20;
const SLICES = 100;
const SIDE = 512;
const GOAL_SECONDS = 5;
const folder = join(PROJECT_FOLDER, ".cache", "bench", "folder");
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, header: { type: "string", default: "8000" } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Headers as scanners write them; the pixels are a hole in the file, for they must not be read. */
function writeFolder(headerBytes: number): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (let series = 0; series < SERIES; series++)
    for (let k = 0; k < SLICES; k++) {
      const header = writePart10({
        SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
        SOPInstanceUID: `2.25.90${series}.${k}`,
        ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
        Modality: "CT",
        Manufacturer: "BENCH",
        PatientName: "BENCH^FOLDER",
        PatientID: "B1",
        StudyInstanceUID: `2.25.91${series >> 2}`,
        StudyDate: `202501${String(10 + (series >> 2))}`,
        SeriesInstanceUID: `2.25.92${series}`,
        SeriesNumber: String(series),
        SeriesDescription: `Reconstruction ${series}`,
        SliceThickness: "1",
        ConvolutionKernel: series % 2 === 0 ? "B60f" : "B30f",
        PatientPosition: "HFS",
        InstanceNumber: String(SLICES - k),
        FrameOfReferenceUID: `2.25.93${series >> 2}`,
        ImagePositionPatient: [-200, -200, k],
        ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
        PixelSpacing: ["0.8", "0.8"],
        ImageComments: "x".repeat(headerBytes),
        SamplesPerPixel: 1,
        PhotometricInterpretation: "MONOCHROME2",
        Rows: SIDE,
        Columns: SIDE,
        BitsAllocated: 16,
        BitsStored: 16,
        HighBit: 15,
        PixelRepresentation: 1,
        RescaleIntercept: "0",
        RescaleSlope: "1",
        RescaleType: "HU",
        PixelData: new Uint8Array(2).buffer,
      });
      // The last eight bytes are the length of the pixels and the two of them; the length is made that of a slice.
      const bytes = header.subarray(0, header.length - 2);
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(bytes.length - 4, 2 * SIDE * SIDE, true);
      const file = openSync(join(folder, `IM${String(series * SLICES + k).padStart(6, "0")}`), "w");
      writeSync(file, bytes);
      ftruncateSync(file, bytes.length + 2 * SIDE * SIDE);
      closeSync(file);
    }
}

/** Seconds of processor time that the browser's processes have used so far; null where there is no /proc to ask. */
function processorSeconds(): number | null {
  try {
    const used = new Map<number, { parent: number; ticks: number }>();
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      used.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    }
    const isOurs = (pid: number): boolean => pid === process.pid || isBelow(pid);
    const isBelow = (pid: number): boolean => {
      const parent = used.get(pid)?.parent ?? 0;
      return parent > 1 && isOurs(parent);
    };
    return [...used].reduce((sum, [pid, { ticks }]) => sum + (isBelow(pid) ? ticks / 100 : 0), 0);
  } catch {
    return null;
  }
}

interface Timed {
  readonly seconds: number;
  readonly longestTaskMs: number;
  readonly longTasks: number;
}

/** From the moment the page is given the files to the list with all its series on the screen. */
async function timed(page: Page): Promise<Timed> {
  await page.waitForSelector("[data-testid=open-sample]");
  await page.evaluate(() => {
    const kept: { begun: number; tasks: number[] } = { begun: 0, tasks: [] };
    Object.assign(window, { kept });
    document.addEventListener("change", () => (kept.begun = performance.now()), {
      capture: true,
      once: true,
    });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) {
        // The task of the event itself counts too: it began a little earlier.
        if (task.startTime + task.duration >= kept.begun) kept.tasks.push(task.duration);
      }
    }).observe({ type: "longtask" });
  });
  await page.setInputFiles("[data-testid=pick-folder]", folder);
  return page.evaluate(async (wanted) => {
    while (document.querySelectorAll("[data-testid=series-row]").length < wanted)
      await new Promise((next) => requestAnimationFrame(next));
    const end = performance.now();
    // The observer tells of a task after it has ended.
    await new Promise((next) => setTimeout(next, 500));
    const { kept } = window as unknown as { kept: { begun: number; tasks: number[] } };
    return {
      seconds: (end - kept.begun) / 1000,
      longestTaskMs: Math.max(0, ...kept.tasks),
      longTasks: kept.tasks.length,
    };
  }, SERIES);
}

writeFolder(Number(values.header) || 8000);
const browser = await launchBrowser();
const server = await serveDist();
const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
say(
  `${SERIES * SLICES} files of ${SERIES} series, 512x512, headers of ${values.header} bytes and more; load ${load()}`,
);
try {
  const all: Timed[] = [];
  for (let round = 0; round < Math.max(1, Number(values.rounds) || 3); round++) {
    const { page, close } = await openPage(browser, server.url);
    const before = processorSeconds();
    const one = await timed(page);
    const after = processorSeconds();
    const processor =
      before === null || after === null ? "" : `; ${(after - before).toFixed(1)} s of processor time in all`;
    all.push(one);
    say(
      `round ${round + 1}: list after ${one.seconds.toFixed(2)} s; longest task of the page ${one.longestTaskMs.toFixed(0)} ms, ${one.longTasks} over 50 ms${processor}`,
    );
    await close();
  }
  const middle = all.map(({ seconds }) => seconds).sort((a, b) => a - b)[all.length >> 1];
  const longest = Math.max(...all.map(({ longestTaskMs }) => longestTaskMs));
  say(
    `middle ${middle.toFixed(2)} s (goal ${GOAL_SECONDS} s on 2 cores: ${middle <= GOAL_SECONDS ? "met" : "MISSED"}); longest task ${longest.toFixed(0)} ms; load at the end ${load()}`,
  );
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
