// Our exports in the built OHIF app from npm: the segments by name on the right voxels, BINARY and LABELMAP, and the SR without an error.
import { beforeAll, expect, it } from "vitest";
import { crossSections } from "#cement/exports/best-plane";
import { voxelFromPatient, voxelVolumeMm3, type Vec3 } from "#core/space";
import { forEachRun, type RunMask } from "#voxels/mask";
import { screenshot } from "../browser/browser.ts";
import {
  displaySetsOf,
  failuresShown,
  openInOhif,
  openReport,
  openSegmentation,
  reportMarksOf,
  segmentsOf,
  showSegment,
} from "./drive-ohif.ts";
import { serveOhif } from "./ohif-app.ts";
import { describeInOhif } from "./ohif-site.ts";
import { phantomCase, type PhantomCase } from "./phantom-case.ts";

const LABELS = [
  "Lesion L1 intraosseous cement",
  "Leak K1 Sacral venous plexus, left",
  "Leak K2 Puncture path, left",
  "Leak K3 Anterior epidural space, left",
  "Leak K4 Presacral space, left",
];

describeInOhif("OHIF by itself", { serve: serveOhif }, (site) => {
  let made: PhantomCase;
  beforeAll(async () => {
    made = await phantomCase();
  });

  it.each([
    { form: "BINARY", exported: () => made.binary, background: [] },
    // A label map says what its zero is.
    { form: "LABELMAP", exported: () => made.labelMap, background: ["Background"] },
  ])("shows CT with SEG ($form) and opens the SR", async ({ form, exported, background }) => {
    expect(exported()).toHaveLength(2);
    const { page, complaints, close } = await openInOhif(site.browser, site.url, [...made.ct, ...exported()]);
    expect(await displaySetsOf(page)).toEqual({ all: ["CT", "SEG", "SR"], unsupported: [] });

    await openSegmentation(page, "Bone cement segmentation", LABELS.length);
    const segments = await segmentsOf(page);
    expect(segments.map(({ label }) => label)).toEqual([...background, ...LABELS]);
    for (const { index, label, positions, volumeMm3, meanHu } of segments) {
      if (index === 0) continue;
      const ours = inOurWords(made, made.masks[index - 1]);
      const voxels = positions.map((position) => voxelAt(made, position)).toSorted();
      expect([label, voxels]).toEqual([label, ours.voxels]);
      expect(volumeMm3).toBeCloseTo(ours.volumeMm3, 3);
      expect(meanHu).toBeCloseTo(ours.meanHu, 3);
    }

    await showSegment(page, 1);
    for (const label of LABELS) await page.getByText(label).first().waitFor();
    await page.waitForTimeout(1500);
    await screenshot(page, `ohif-${form.toLowerCase()}`);

    await openReport(page, "Bone cement leakage findings");
    await page.waitForTimeout(1500);
    await screenshot(page, `ohif-${form.toLowerCase()}-sr`);
    const marks = await reportMarksOf(page);
    const placed = (at: readonly number[] | null, volume: string) =>
      `${volume} at ${at?.map((mm) => mm.toFixed(2)).join(", ")}`;
    const ours = made.masks.map((mask) => {
      const { at } = crossSections(mask, made.volume.grid).find(({ plane }) => plane === "axial")!;
      return placed(at, `${inOurWords(made, mask).volumeMm3.toFixed(2)} mm3`);
    });
    expect(marks.map(({ at, volume }) => placed(at, volume)).toSorted()).toEqual(ours.toSorted());
    expect(await failuresShown(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});

/** The voxel at a place in the patient, "i,j,k"; a place between voxels is told as it is. */
function voxelAt({ volume: { grid } }: PhantomCase, position: Vec3): string {
  return voxelFromPatient(grid, position)
    .map((index) => (Math.abs(index - Math.round(index)) < 0.01 ? Math.round(index) + 0 : index))
    .join(",");
}

/** What our own masks and HU say of a segment. */
function inOurWords({ volume: { grid, hu } }: PhantomCase, mask: RunMask) {
  const voxels: string[] = [];
  let sum = 0;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      voxels.push(`${i},${j},${k}`);
      sum += hu[(k * grid.rows + j) * grid.columns + i];
    }
  });
  return {
    voxels: voxels.toSorted(),
    volumeMm3: voxels.length * voxelVolumeMm3(grid),
    meanHu: sum / voxels.length,
  };
}
