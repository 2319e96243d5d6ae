// The open case without what identifies: its files from the worker, one set of substitutes, and the search of everything that leaves.
import { ProblemError, type Result, problem } from "#core/problem";
import type { Pseudonyms } from "#core/pseudonyms";
import type { SeriesContext } from "#core/study";
import { DEFAULT_MARGIN_MM, cropAround } from "#dicom/deidentify/crop-region";
import type { CropBox } from "#dicom/deidentify/crop";
import {
  type DeidentifyOptions,
  type Deidentified,
  type OriginalFile,
  deidentify,
  originalDates,
  vocabularyWords,
} from "#dicom/deidentify/deidentify";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import type { IdentityValue } from "#dicom/leak-search/identity";
import { type LeakReport, type OutputFile, searchForLeaks } from "#dicom/leak-search/search";
import type { RunMask } from "#voxels/mask";
import type { WorkerLine } from "./worker-protocol.ts";

/** One de-identification of the open case: the same substitutes for all that it makes. */
export interface Deidentifying {
  readonly pseudonyms: Pseudonyms;
  /** What stays of the CT. */
  readonly crop: CropBox;
  /** The cropped CT's files and `objects` made of the case, under `pseudonyms`. */
  files(
    objects: readonly OriginalFile[],
    options: Pick<DeidentifyOptions, "vocabulary" | "findings" | "pixelsChecked" | "noHead">,
  ): Promise<Result<Deidentified>>;
  /**
   * Every byte of `outputs` is searched for what identifies in the CT's files, in `objects` (originals, JSON too) and in what was read of
   * them. `allowed` are this program's own words in the outputs, beside the words of `vocabulary`: never what someone typed.
   */
  search(
    outputs: readonly OutputFile[],
    objects: readonly OriginalFile[],
    allowed: readonly string[],
    vocabulary: DeidentifyOptions["vocabulary"],
  ): LeakReport;
}

export interface DeidentifyRequest {
  /** The region of interest lies around them. */
  readonly masks: readonly RunMask[];
  readonly marginMm?: number;
  /** Objects of the case whose dates have to be moved too. */
  readonly objects?: readonly OriginalFile[];
}

const KEY_BYTES = 32;

/** Rejects with a problem where no mask has a voxel, or the CT's files are not at hand any more. */
export async function startDeidentifying(
  worker: Pick<WorkerLine, "originals">,
  series: SeriesContext,
  { masks, marginMm = DEFAULT_MARGIN_MM, objects: dated = [] }: DeidentifyRequest,
): Promise<Deidentifying> {
  const crop = cropAround(masks, series, marginMm);
  if (!crop) throw new ProblemError(problem("deidentify/nothing-left", { fileName: "CT" }));
  const originals = await worker.originals(series.seriesInstanceUid, [...crop.instances]);
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const pseudonyms = makePseudonyms({ key, dates: originalDates([...originals, ...dated]) });
  return {
    pseudonyms,
    crop,
    files: (objects, options) =>
      deidentify([...originals, ...objects], { ...options, pseudonyms, crops: [crop] }),
    search: (outputs, objects, allowed, vocabulary) =>
      searchForLeaks(outputs, [...originals.map(withoutCounter), ...objects], {
        allowed: [...vocabularyWords(vocabulary), ...allowed],
        more: identityOfSeries(series),
      }),
  };
}

/** A name that only counts files ("IM0001", "ct-0") identifies nobody, and would be met again in any name that counts. */
function withoutCounter({ name, bytes }: OriginalFile): OriginalFile {
  const folders = name.split(/[\\/]/);
  const file = folders.pop() ?? "";
  return /^[A-Za-z]{0,5}[-_ ]?\d{1,5}(\.[A-Za-z0-9]{1,4})?$/.test(file)
    ? { name: folders.join("/"), bytes }
    : { name, bytes };
}

/** Of the images that were cropped away only this is known here. */
function identityOfSeries({ patient, study, instances, ...series }: SeriesContext): IdentityValue[] {
  const of = (kind: IdentityValue["kind"], text: string): IdentityValue[] =>
    text === "" ? [] : [{ text, kind, from: "the open case" }];
  return [
    ...of("name", patient.patientName),
    ...of("text", patient.patientId),
    ...of("date", patient.patientBirthDate),
    ...of("name", study.referringPhysicianName),
    ...of("text", study.accessionNumber),
    ...of("uid", study.studyInstanceUid),
    ...of("uid", series.frameOfReferenceUid),
    ...[...new Set(instances.map(({ sopInstanceUid }) => sopInstanceUid))].flatMap((uid) => of("uid", uid)),
  ];
}
