// A case as a reader would have written it, on the real host without pixels: written in one edit, exported, read back.
import { unzipSync } from "fflate";
import type { ImportedObject } from "#contract";
import type { VoxelGrid } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { maskFromDense } from "#voxels/paint";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import {
  caseDocumentSchema,
  maskIdOfPart,
  type CaseDocument,
} from "../../../plugins/cement-leakage/model/case-document.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { createReading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { createSecondReading } from "../../../plugins/cement-leakage/reading/second-read.ts";
import { createSigning } from "../../../plugins/cement-leakage/reading/sign.ts";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

export const ID = plugin.manifest.id;

/** A cube of voxels. */
export const box = (grid: VoxelGrid, i0: number, j0: number, k0: number, size = 5): RunMask => {
  const bytes = new Uint8Array(grid.columns * grid.rows * grid.slices);
  for (let k = k0; k < k0 + size; k++)
    for (let j = j0; j < j0 + size; j++)
      for (let i = i0; i < i0 + size; i++) bytes[(k * grid.rows + j) * grid.columns + i] = 1;
  return maskFromDense(bytes, grid);
};

export const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);

export async function openedCase() {
  const host = headless([plugin], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  const reading = createReading(host.hostOf(ID));
  const verbs = { reading, second: createSecondReading(reading), signing: createSigning(reading) };
  /** Sets document and masks (by part id) in one step. */
  const write = (document: CaseDocument, masks: Readonly<Record<string, RunMask>>): void =>
    reading.host.edit({ en: "Test", zh: "Test" }, (draft) => {
      for (const [partId, mask] of Object.entries(masks)) draft.setMask(maskIdOfPart(partId), mask);
      draft.setDocument(document);
    });
  return { ...host, ...verbs, volume, write };
}

/** What would be opened again, of the whole export: the SEG with the JSON from a disk, or with the SR from an archive. */
export async function filesOf(host: Headless, findings: "JSON" | "SR" = "JSON"): Promise<ImportedObject[]> {
  const [zip] = await host.app.plugins[0].implementation.exporters[`${ID}/export-all`].run();
  return Object.entries(unzipSync(zip.bytes)).flatMap(([path, bytes]): ImportedObject[] => {
    if (path.includes("cement-seg") && path.endsWith(".dcm")) return [{ path, kind: "SEG", bytes }];
    const wanted = findings === "JSON" ? path.endsWith(".json") : path.includes("cement-sr");
    return wanted ? [{ path, kind: findings, bytes }] : [];
  });
}
