// A signed case on a CT written as files: what a department's folder holds of one patient, CT, segmentation, report and findings.
import { voxelFromPatient, type Vec3 } from "#core/space";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { unzipSync } from "fflate";
import { checklistFor } from "../../../plugins/cement-leakage/model/sites.ts";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { maskIdOfPart } from "../../../plugins/cement-leakage/model/case-document.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { createReading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { createSigning } from "../../../plugins/cement-leakage/reading/sign.ts";
import { smallCtFiles, smallSeries } from "../dicom/small-series.ts";
import { headless } from "./headless.ts";
import { box, ID } from "./written-case.ts";

export interface SignedCaseFiles {
  /** By name: the CT's slices and the exports. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly patientKey: string | null;
  /** Middle of the leak, patient mm. */
  readonly leakAt: Vec3;
}

/** Cement in bone and one leak into the presacral space, every line of the checklist answered, signed. */
export async function signedCaseFiles(): Promise<SignedCaseFiles> {
  const made = smallSeries({ columns: 64, rows: 64, slices: 24, name: "signed case" });
  const leak = box(made.grid, 40, 30, 14, 5);
  const cement = box(made.grid, 20, 25, 8, 9);
  const slices = smallCtFiles(made, [cement, leak]);
  const { series } = await readFiles(slices.map((bytes, k) => memoryFile(`ct-${k}.dcm`, bytes)));
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  const { volume, context } = loaded.value;
  const host = headless([plugin], jobs);
  await host.open(volume, context);
  const reading = createReading(host.hostOf(ID));
  const before = reading.document.get();
  reading.host.edit({ en: "Test", zh: "Test" }, (draft) => {
    draft.setMask(maskIdOfPart("P1"), cement);
    draft.setMask(maskIdOfPart("P2"), leak);
    draft.setDocument({
      ...before,
      floorHu: 900,
      proposedFloorHu: 900,
      unmarkedLook: true,
      parts: [
        {
          ...{ partId: "P1", role: "intraosseous", lesionId: "L1", componentId: "C1", origin: "found" },
          ...{ trackingUid: "2.25.61", leak: null },
        },
        {
          ...{ partId: "P2", role: "leak", lesionId: "L1", componentId: "C2", origin: "found" },
          trackingUid: "2.25.62",
          leak: {
            ...{ number: 1, site: "anterior_sacral_space", route: "cortical_defect", side: "left" },
            ...{ confidence: "definite", symptom: "asymptomatic", maxBeyondCortexMm: 6 },
          },
        },
      ],
      assessments: checklistFor("sacrum")
        .filter(({ id }) => id !== "anterior_sacral_space")
        .map(({ id }) => ({ lesionId: "L1", site: id, answer: "absent" })),
      next: { leak: 2, lesion: 2, part: 3 },
    });
  });
  createSigning(reading).sign();
  if (reading.document.get().status !== "final") throw new Error("the case could not be signed");
  const [zip] = await host.app.plugins[0].implementation.exporters[`${ID}/export-all`].run();
  const files = new Map(slices.map((bytes, k) => [`ct-${String(k).padStart(3, "0")}.dcm`, bytes]));
  for (const [name, bytes] of Object.entries(unzipSync(zip.bytes))) files.set(name, bytes);
  const at = reading.pointOf(reading.document.get().parts[1]);
  if (!at || voxelFromPatient(context.grid, at).some((place) => place < 0)) throw new Error("no leak");
  return { files, patientKey: null, leakAt: at };
}
