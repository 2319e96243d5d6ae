// A small phantom as its CT files, with our exports of its true cement and leaks: what OHIF is given to open.
import { unzipSync } from "fflate";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { jobs } from "../../plugins/cement-leakage/jobs.ts";
import { maskIdOfPart, type Part } from "../../plugins/cement-leakage/model/case-document.ts";
import { checklistFor } from "../../plugins/cement-leakage/model/sites.ts";
import { plugin } from "../../plugins/cement-leakage/plugin.ts";
import { createReading } from "../../plugins/cement-leakage/reading/reading.ts";
import { createSigning } from "../../plugins/cement-leakage/reading/sign.ts";
import { makePhantom } from "../../sample-data/make-phantom.ts";
import { SMALL_VOXELS } from "../browser/small-sample.ts";
import { headless } from "../unit/host/headless.ts";

const ID = plugin.manifest.id;

export interface WrittenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface PhantomCase {
  readonly volume: CtVolume;
  readonly ct: readonly WrittenFile[];
  /** The masks in the order of the segments. */
  readonly masks: readonly RunMask[];
  /** SEG and SR. */
  readonly binary: readonly WrittenFile[];
  readonly labelMap: readonly WrittenFile[];
}

/** The images alone. */
export const phantomCt = (): WrittenFile[] =>
  [...makePhantom(SMALL_VOXELS, 1).files()].map(({ fileName, bytes }) => ({ name: fileName, bytes }));

/** Cement and leaks as the phantom's truth has them, everything else answered "absent", signed. */
export async function phantomCase(): Promise<PhantomCase> {
  const phantom = makePhantom(SMALL_VOXELS, 1);
  const ct = [...phantom.files()].map(({ fileName, bytes }) => ({ name: fileName, bytes }));
  const { series } = await readFiles(ct.map(({ name, bytes }) => memoryFile(name, bytes)));
  const loaded = await loadSeries(series[0]);
  if (!loaded.ok) throw new Error(loaded.problem.code);
  const host = headless([plugin], jobs);
  await host.open(loaded.value.volume, loaded.value.context);
  const reading = createReading(host.hostOf(ID));
  const lesion = phantom.truth.lesions[0];
  const inside = phantom.masks.intraosseous.get(lesion.lesionId);
  if (!inside) throw new Error("the phantom has no cement");
  const masks: RunMask[] = [inside];
  const parts: Part[] = [{ ...part(1), role: "intraosseous", leak: null }];
  phantom.truth.leaks.forEach(({ leakId, site, side }, n) => {
    const mask = phantom.masks.leaks.get(leakId);
    if (!mask) throw new Error(`no mask of ${leakId}`);
    masks.push(mask);
    const leak = { number: n + 1, site, side, route: "unknown", symptom: "not_assessed" } as const;
    parts.push({ ...part(n + 2), role: "leak", leak: { ...leak, confidence: "definite" } });
  });
  reading.host.edit({ en: "Test", zh: "Test" }, (draft) => {
    parts.forEach(({ partId }, n) => draft.setMask(maskIdOfPart(partId), masks[n]));
    draft.setDocument({
      ...reading.document.get(),
      floorHu: 900,
      proposedFloorHu: 900,
      lesions: [{ lesionId: "L1", bone: "sacrum", side: "left", trackingUid: "2.25.501" }],
      parts,
      assessments: checklistFor("sacrum")
        .filter(({ id }) => !parts.some(({ leak }) => leak?.site === id))
        .map(({ id }) => ({ lesionId: "L1", site: id, answer: "absent" as const })),
      unmarkedLook: true,
      next: { leak: masks.length, lesion: 2, part: parts.length + 1 },
    });
  });
  createSigning(reading).sign();
  const run = (id: string) => host.app.plugins[0].implementation.exporters[`${ID}/${id}`].run();
  const [zip] = await run("export-all");
  const all = Object.entries(unzipSync(zip.bytes)).map(([name, bytes]) => ({ name, bytes }));
  const segAndSr = ({ name }: WrittenFile) => /cement-(seg|sr|label-?map)[^/]*[.]dcm$/.test(name);
  return {
    volume: loaded.value.volume,
    ct,
    masks,
    binary: all.filter(segAndSr),
    labelMap: (await run("export-label-map")).filter(segAndSr),
  };
}

const part = (number: number) => ({
  partId: `P${number}`,
  componentId: `C${number}`,
  trackingUid: `2.25.60${number}`,
  origin: "painted" as const,
  lesionId: "L1",
});
