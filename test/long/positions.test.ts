// The same patient scanned supine and prone, head first and feet first: the same sides, sites and volumes.
import { strFromU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { cross, distance, normalize, patientFromVoxel, type Vec3 } from "#core/space";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { forEachRun } from "#voxels/mask";
import { jobs } from "../../plugins/cement-leakage/jobs.ts";
import { caseDocumentSchema } from "../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema, type FindingsLeak } from "../../plugins/cement-leakage/model/findings.ts";
import { plugin } from "../../plugins/cement-leakage/plugin.ts";
import { makePhantom } from "../../sample-data/make-phantom.ts";
import { PATIENT_POSITIONS, type PatientPosition } from "../../sample-data/phantom-options.ts";
import { headless, type Headless } from "../unit/host/headless.ts";

const ID = plugin.manifest.id;
const KEY: Readonly<Record<string, number>> = {
  sacral_venous_plexus: 1,
  puncture_path: 2,
  anterior_epidural_space: 3,
  anterior_sacral_space: 4,
};

const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);

/** Reads the position's own files, does the job at places in the patient, and gives back what is exported. */
async function readCase(position: PatientPosition): Promise<FindingsLeak[]> {
  const phantom = makePhantom(
    { columns: 224, fovMm: 168, fovCentreYMm: 30, position, fileOrder: "shuffled" },
    0.5,
  );
  const files = [...phantom.files()].map((file) => memoryFile(file.fileName, file.bytes));
  const read = await readFiles(files);
  expect(read.rejected).toEqual([]);
  const loaded = await loadSeries(read.series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  expect(loaded.value.context.patientPosition).toBe(position);
  expect(loaded.value.context.sideNeedsConfirmation).toBe(false);

  const host = headless([plugin], jobs);
  await host.open(loaded.value.volume, loaded.value.context);
  const { commands, tools, exporters } = host.app.plugins[0].implementation;
  await commands[`${ID}/find`].run();
  const cut = tools[`${ID}/cut-line`];
  for (const leak of phantom.truth.leaks) {
    if (leak.neck) {
      const { atMm, outward } = leak.neck;
      const normal = normalize(cross(outward, Math.abs(outward[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0]));
      const across = cross(outward, normal);
      const at = (mm: number): Vec3 => [
        atMm[0] + mm * across[0],
        atMm[1] + mm * across[1],
        atMm[2] + mm * across[2],
      ];
      const main = documentOf(host).parts.find((part) => part.role === "intraosseous");
      if (!main) throw new Error("no intraosseous part");
      selectPart(host, main.partId);
      cut.begin({ at: at(-4), normal, halfThicknessMm: 0.5 });
      cut.move([{ at: at(4), normal, halfThicknessMm: 0.5 }]);
      cut.finish();
    } else expect(clickNearest(host, leak.centroidMm)).toBe(true);
    await commands[`${ID}/site-${KEY[leak.site]}`].run();
  }
  const exported = await exporters[`${ID}/export-json`].run();
  return findingsSchema.parse(JSON.parse(strFromU8(exported[0].bytes))).leaks;
}

/** Clicks on a voxel of the part, as a reader would. */
function selectPart(host: Headless, partId: string): void {
  const at = pointsOf(host, partId)[0];
  expect(host.app.plugins[0].implementation.pick?.(at)).toBe(true);
}

/** Clicks on the undecided part that comes nearest to a point. */
function clickNearest(host: Headless, at: Vec3): boolean {
  const near = documentOf(host)
    .parts.filter((part) => part.role === "undecided")
    .map((part) => ({
      part,
      mm: Math.min(...pointsOf(host, part.partId).map((point) => distance(point, at))),
    }))
    .toSorted((a, b) => a.mm - b.mm);
  if (near.length === 0) return false;
  selectPart(host, near[0].part.partId);
  return true;
}

/** First voxel of each run, patient mm. */
function pointsOf(host: Headless, partId: string): Vec3[] {
  const { masks, scene } = host.app.state.get();
  const mask = masks.get(`${ID}:part/${partId}`);
  const grid = scene.volume?.grid;
  if (!mask || !grid) throw new Error(`no voxels for ${partId}`);
  const points: Vec3[] = [];
  forEachRun(mask, (j, k, start) => points.push(patientFromVoxel(grid, start, j, k)));
  return points;
}

describe("patient positions", () => {
  it("give identical leaks for HFS, HFP, FFS and FFP", async () => {
    const byPosition = new Map<PatientPosition, FindingsLeak[]>();
    for (const position of PATIENT_POSITIONS) byPosition.set(position, await readCase(position));
    const comparable = (leaks: readonly FindingsLeak[] | undefined) =>
      leaks?.map(({ site, side, route, volumeMm3, max3dDiameterMm, huMean, huMax, thresholdHu }) => ({
        site,
        side,
        route,
        volumeMm3,
        max3dDiameterMm,
        huMean,
        huMax,
        thresholdHu,
      }));
    const first = comparable(byPosition.get("HFS"));
    expect(first).toHaveLength(4);
    for (const position of PATIENT_POSITIONS) expect(comparable(byPosition.get(position))).toEqual(first);
  }, 600_000);
});
