// Images of other studies of the patient for a teaching case: those of the CT open beside the case, and files that the author chooses.
import type { SeriesContext } from "#core/study";
import type { OriginalFile } from "#dicom/deidentify/deidentify";
import { type OtherObjects, otherObjects } from "#dicom/deidentify/other-objects";
import type { FileWithPath } from "./contract-page.ts";
import type { WorkerLine } from "./worker-protocol.ts";

/** Rejects with a problem where the files of the CT beside are not at hand any more. */
export async function studiesBeside(
  worker: Pick<WorkerLine, "originals">,
  main: SeriesContext,
  beside: SeriesContext,
): Promise<OtherObjects> {
  const uids = [...new Set(beside.instances.map(({ sopInstanceUid }) => sopInstanceUid))];
  return otherObjects(await worker.originals(beside.seriesInstanceUid, uids), main);
}

/** What is no DICOM image is told in `refused`. */
export async function studiesOfFiles(
  main: SeriesContext,
  files: readonly FileWithPath[],
): Promise<OtherObjects> {
  const originals: OriginalFile[] = [];
  for (const { path, file } of files)
    originals.push({ name: path, bytes: new Uint8Array(await file.arrayBuffer()) });
  return otherObjects(originals, main);
}
