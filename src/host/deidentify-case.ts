// The open case without what identifies: its files from the worker, one set of substitutes, and the search of everything that leaves.
import { ProblemError, type Result, problem } from "#core/problem";
import type { Pseudonyms } from "#core/pseudonyms";
import type { SeriesContext } from "#core/study";
import { type CropRegion, cropTo, regionAround } from "#dicom/deidentify/crop-region";
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

type CleaningOptions = Pick<DeidentifyOptions, "vocabulary" | "findings" | "lookedAt" | "noHead">;

/** One de-identification of the open case: the same substitutes for all that it makes. */
export interface Deidentifying {
  readonly pseudonyms: Pseudonyms;
  /** What stays of the CT. */
  readonly region: CropRegion;
  /** SOP Instance UIDs of the CT's images that stay, as they were. */
  readonly kept: ReadonlySet<string>;
  /** The cropped CT's files, those of the other studies, and `objects` made of the case, under `pseudonyms`. */
  files(objects: readonly OriginalFile[], options: CleaningOptions): Promise<Result<Deidentified>>;
  /** `objects` made of the case alone, under the same: what lists the files that `files` gave. */
  alone(objects: readonly OriginalFile[], options: CleaningOptions): Promise<Result<Deidentified>>;
  /**
   * Every byte of `outputs` is searched for what identifies in the files of CT and other studies, in `objects` (originals, JSON too) and in
   * what was read of them. `allowed` are this program's own words in the outputs, beside the words of `vocabulary`: never what someone
   * typed; of that the words in `vocabulary.approved` may stand.
   */
  search(
    outputs: readonly OutputFile[],
    objects: readonly OriginalFile[],
    allowed: readonly string[],
    vocabulary: DeidentifyOptions["vocabulary"],
  ): LeakReport;
  /** The same case and patient under the same key, with another region or other studies. */
  again(request: DeidentifyRequest): Promise<Deidentifying>;
}

export interface DeidentifyRequest {
  /** The region of interest lies around them. */
  readonly masks: readonly RunMask[];
  readonly marginMm?: number;
  /** Chosen by someone, in place of what lies around the masks. */
  readonly region?: CropRegion;
  /** Objects of the case whose dates have to be moved too. */
  readonly objects?: readonly OriginalFile[];
  /** Images of other studies of this patient, whole. */
  readonly others?: readonly OriginalFile[];
}

const KEY_BYTES = 32;

/** Rejects with a problem where no mask has a voxel, or the CT's files are not at hand any more. */
export const startDeidentifying = (
  worker: Pick<WorkerLine, "originals">,
  series: SeriesContext,
  request: DeidentifyRequest,
): Promise<Deidentifying> =>
  underKey(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), worker, series, request);

async function underKey(
  key: Uint8Array,
  worker: Pick<WorkerLine, "originals">,
  series: SeriesContext,
  { masks, marginMm, region: chosen, objects: dated = [], others = [] }: DeidentifyRequest,
): Promise<Deidentifying> {
  const region = chosen ?? regionAround(masks, series, marginMm);
  if (!region) throw new ProblemError(problem("deidentify/nothing-left", { fileName: "CT" }));
  const crop: CropBox = cropTo(region, series);
  const originals = await worker.originals(series.seriesInstanceUid, [...crop.instances]);
  const all = [...originals, ...others];
  const pseudonyms = makePseudonyms({ key, dates: originalDates([...all, ...dated]) });
  const options = { pseudonyms, crops: [crop] };
  return {
    pseudonyms,
    region,
    kept: crop.instances,
    files: (objects, cleaning) => deidentify([...all, ...objects], { ...cleaning, ...options }),
    alone: (objects, cleaning) => deidentify(objects, { ...cleaning, ...options }),
    search: (outputs, objects, allowed, vocabulary) =>
      searchForLeaks(outputs, [...all.map(withoutOrdinary), ...objects], {
        allowed: [...vocabularyWords(vocabulary), ...allowed],
        approved: vocabulary.approved,
        more: identityOfSeries(series),
      }),
    again: (request) => underKey(key, worker, series, request),
  };
}

/** Words that people call folders and files of images by; they identify nobody, and findings and pages are full of them. */
const ORDINARY = new Set(
  `ct mr xa rf us dicom dcm img image images im series study studies scan scans slice slices frame frames screen screenshot capture run
  fluoro fluoroscopy angio before after prior pre post during procedure intervention follow up followup earlier later old new first last
  export data file files case patient spine sacrum pelvis lumbar bone thin axial localizer scout baseline control report findings
  术前 术后 术中 透视 随访 复查 影像 图像 病例`.split(/\s+/),
);

/** Without the parts of its path that are ordinary words and counters ("before", "IM0001", "ct-0"): any output that counts would hold them. */
function withoutOrdinary({ name, bytes }: OriginalFile): OriginalFile {
  const counts = /^[A-Za-z]{0,5}[-_ ]?\d{1,5}(\.[A-Za-z0-9]{1,4})?$/;
  const says = (part: string): boolean =>
    !counts.test(part) &&
    part
      .replace(/\.[A-Za-z0-9]{1,4}$/, "")
      .split(/[^\p{L}\d]+|(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/u)
      .some((word) => word !== "" && !/^\d{1,5}$/.test(word) && !ORDINARY.has(word.toLowerCase()));
  return { name: name.split(/[\\/]/).filter(says).join("/"), bytes };
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
