// A signed case on CT files full of invented identities, ready to be made a teaching case by the plugin's own verbs.
import type { VoxelGrid } from "#core/space";
import { maskHas, type RunMask } from "#voxels/mask";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { maskIdOfPart } from "../../../plugins/cement-leakage/model/case-document.ts";
import { checklistFor } from "../../../plugins/cement-leakage/model/sites.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { createExporting } from "../../../plugins/cement-leakage/reading/export-case.ts";
import { createReading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { createSigning } from "../../../plugins/cement-leakage/reading/sign.ts";
import { voxelPicture } from "#cement/teaching/voxel-picture";
import { createTeaching } from "../../../plugins/cement-leakage/reading/teaching/teach.ts";
import type { DataSet } from "#dicom/part10";
import { Invented } from "../dicom/planted-study.ts";
import { ctFiles, smallHu, smallSeries } from "../dicom/small-series.ts";
import { headless } from "../host/headless.ts";
import { box, ID } from "../host/written-case.ts";

/** In place of the browser's drawing: one grey pixel for every hundred letters of the SVG. */
const rasterize = (svg: string): Promise<Uint8Array> =>
  Promise.resolve(voxelPicture(new Uint8Array(Math.ceil(svg.length / 100)), Math.ceil(svg.length / 100), 1));

/** Air along the left edge, without which values pass for no HU; soft tissue, and cement in the masks. */
function sliceOf({ columns, rows }: VoxelGrid, dense: readonly RunMask[], k: number): Int16Array {
  return Int16Array.from({ length: columns * rows }, (_, at) => {
    const [i, j] = [at % columns, Math.floor(at / columns)];
    if (i < 12) return -1000 + ((i + j + k) % 5);
    return smallHu(i, j, k) + (dense.some((mask) => maskHas(mask, i, j, k)) ? 1500 : 0);
  });
}

interface TaughtOptions {
  readonly leaks?: boolean;
  readonly sign?: boolean;
  /** Of the CT; where left out, the region around the cement ends before the images do. */
  readonly size?: Pick<VoxelGrid, "columns" | "rows" | "slices">;
  /** What else the CT's files say. */
  readonly more?: (invented: Invented) => (k: number) => DataSet;
  /** What the reader types of the leak; invented where left out. */
  readonly comment?: (patient: { readonly patientName: string; readonly patientId: string }) => string;
}

const WHOLE = { columns: 160, rows: 150, slices: 80 };

/** Cement in bone and, with `leaks`, one leak into the presacral space; every text that a person types is invented. */
export async function taughtCase({
  leaks = true,
  sign = true,
  size = WHOLE,
  comment: typed,
  more,
}: TaughtOptions = {}) {
  const invented = new Invented();
  const small = smallSeries({ ...size, name: invented.word() });
  const made = {
    ...small,
    patient: {
      ...small.patient,
      patientName: `${invented.name()}^${invented.name()}`,
      patientId: invented.number(),
    },
    study: {
      ...small.study,
      studyDescription: invented.word(),
      accessionNumber: invented.number(),
      referringPhysicianName: invented.name(),
      studyInstanceUid: invented.uid(),
    },
    seriesDescription: invented.word(),
  };
  const leak = box(made.grid, 90, 80, 42, 9);
  const cement = box(made.grid, 70, 60, 36, 12);
  const dense = leaks ? [cement, leak] : [cement];
  const bytes = ctFiles(made, (k) => sliceOf(made.grid, dense, k), false, more?.(invented));
  const originals = bytes.map((one, k) => ({ name: `${invented.word()}/ct-${k}.dcm`, bytes: one }));
  const { series } = await readFiles(originals.map((one) => memoryFile(one.name, one.bytes)));
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  const { volume, context } = loaded.value;
  const host = headless([plugin], jobs);
  await host.open(volume, context, originals);
  const reading = createReading(host.hostOf(ID));
  const before = reading.document.get();
  const [reason, indication] = [invented.word(), invented.word()];
  const comment = typed ? typed(made.patient) : invented.word();
  reading.host.edit({ en: "Test", zh: "Test" }, (draft) => {
    draft.setMask(maskIdOfPart("P1"), cement);
    if (leaks) draft.setMask(maskIdOfPart("P2"), leak);
    draft.setDocument({
      ...before,
      floorHu: 900,
      proposedFloorHu: 900,
      unmarkedLook: true,
      procedure: { ...before.procedure, indication, guidance: ["ct", "fluoroscopy"] },
      parts: [
        {
          ...{ partId: "P1", role: "intraosseous", lesionId: "L1", componentId: "C1", origin: "found" },
          ...{ trackingUid: "2.25.61", leak: null },
        },
        ...(leaks
          ? [
              {
                ...{ partId: "P2", role: "leak", lesionId: "L1", componentId: "C2", origin: "found" },
                trackingUid: "2.25.62",
                leak: {
                  ...{ number: 1, site: "anterior_sacral_space", route: "cortical_defect", side: "left" },
                  ...{ confidence: "definite", symptom: "asymptomatic", maxBeyondCortexMm: 6, comment },
                },
              },
            ]
          : []),
      ],
      assessments: checklistFor("sacrum")
        .filter(({ id }) => !leaks || id !== "anterior_sacral_space")
        .map(({ id }, n) =>
          n === 3
            ? { lesionId: "L1", site: id, answer: "not_assessable", reason }
            : { lesionId: "L1", site: id, answer: "absent" },
        ),
      next: { leak: 2, lesion: 2, part: 3 },
    });
  });
  if (sign) createSigning(reading).sign();
  const exporting = createExporting(reading);
  return { ...host, invented, reading, exporting, teaching: createTeaching(reading, exporting, rasterize) };
}
