// What the host gives plugins of DICOM: writing and reading of result objects, and the open case without what identifies.
import { ProblemError, fail, problem } from "#core/problem";
import { framePictures } from "#dicom/deidentify/frame-pictures";
import { identityOfPath } from "#dicom/leak-search/identity";
import { searchForLeaks } from "#dicom/leak-search/search";
import { readReport } from "#dicom/read-report";
import { readSegmentationOnto } from "#dicom/read-segmentation";
import { readStructureSet } from "#dicom/read-structure-set";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSecondaryCapture } from "#dicom/write-secondary-capture";
import { writeSegmentation } from "#dicom/write-segmentation";
import type { AppStore } from "./app-store.ts";
import type { Host } from "./contract.ts";
import { startDeidentifying } from "./deidentify-case.ts";
import { studiesBeside, studiesOfFiles } from "./other-studies.ts";
import type { WorkerLine } from "./worker-protocol.ts";

export const dicomOfPlugins = (store: AppStore, worker: WorkerLine): Host["dicom"] => ({
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
  encodePicture: writeSecondaryCapture,
  decodeSegmentation(bytes) {
    const { series } = store.get().scene;
    if (!series) return fail(problem("case/none-open"));
    const segmentation = readSegmentationOnto(bytes, series);
    return !segmentation.ok && segmentation.problem.code === "seg/not-a-segmentation"
      ? readStructureSet(bytes, series)
      : segmentation;
  },
  decodeReport: readReport,
  async deidentify(request) {
    const { series } = store.get().scene;
    if (!series) throw new ProblemError(problem("case/none-open"));
    return startDeidentifying(worker, series, request);
  },
  async otherStudies(chosen) {
    const { scene, prior } = store.get();
    if (!scene.series) throw new ProblemError(problem("case/none-open"));
    if (chosen) return studiesOfFiles(scene.series, chosen);
    return prior ? studiesBeside(worker, scene.series, prior.context) : { series: [], refused: [] };
  },
  searchForNames: (outputs, paths, allowed) =>
    searchForLeaks(outputs, [], { allowed, more: paths.flatMap(identityOfPath) }),
  framePictures: ({ bytes, name }) => framePictures(bytes, name),
});
