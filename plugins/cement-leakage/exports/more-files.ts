// Forms of a case beside its record: a label map and surfaces for research and planning software, pictures for a plain archive.
import { strToU8 } from "fflate";
import { ProblemError, type Result, fail, ok } from "#core/problem";
import type { SecondaryCaptureDocument } from "#core/secondary-capture-document";
import { sliceSpacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import { withCaseTerms } from "../model/sites.ts";
import { exportFileName } from "./file-names.ts";
import { labelDescriptions, niftiLabelMap } from "./nifti.ts";
import { leakPictures } from "./pictures.ts";
import { type ExportInput, type NumberedSegment, type PreparedExport, prepareExport } from "./prepare.ts";
import { refusal } from "./refusals.ts";
import { colorOf } from "./segmentation.ts";
import { segmentLabel } from "./segment-words.ts";
import { stlSurface } from "./stl.ts";

export type MoreKind = "PICTURES" | "NIFTI" | "STL";

export interface MoreFile {
  readonly kind: MoreKind;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * The files of one form, the same bytes for the same input. Refused in words: nothing segmented ("export/no-cement"), no leak with voxels
 * for pictures ("export/no-leak"), slices that a NIfTI file can't place ("nifti/uneven"), a CT without study ("export/no-study-uid").
 */
export const moreFiles = (
  kind: MoreKind,
  input: ExportInput,
  volume: CtVolume,
  encodePicture: (document: SecondaryCaptureDocument) => Uint8Array,
): Result<readonly MoreFile[]> =>
  withCaseTerms(input.findings.terms, () => {
    const prepared = prepareExport(input);
    if (!prepared.ok) return prepared;
    if (prepared.value.segments.length === 0) return fail(refusal("export/no-cement"));
    if (kind === "NIFTI") return niftiFiles(prepared.value);
    return kind === "STL"
      ? ok(stlFiles(prepared.value))
      : pictureFiles(prepared.value, volume, encodePicture);
  });

const named = ({ source, findings }: PreparedExport, name: string, extension: string): string =>
  exportFileName(source, name, extension, findings.status === "draft");

function niftiFiles(prepared: PreparedExport): Result<readonly MoreFile[]> {
  const { segments, source } = prepared;
  const sliceMm = source.sliceThicknessMm ?? sliceSpacingMm(source.grid);
  const labels = niftiLabelMap(segments, source.grid, sliceMm);
  if (!labels.ok) return labels;
  return ok([
    {
      kind: "NIFTI",
      name: named(prepared, "cement-labels", "nii.gz"),
      mediaType: "application/gzip",
      bytes: labels.value,
    },
    {
      kind: "NIFTI",
      name: named(prepared, "cement-labels", "txt"),
      mediaType: "text/plain;charset=utf-8",
      bytes: strToU8(labelDescriptions(segments, colorOf)),
    },
  ]);
}

/** "L1", "K2", "E1" */
function idOf(segment: NumberedSegment): string {
  if (segment.kind === "leak") return segment.leak.leakId;
  return segment.kind === "previous" ? segment.previous.previousId : segment.lesion.lesionId;
}

const stlFiles = (prepared: PreparedExport): MoreFile[] =>
  prepared.segments.map((segment) => ({
    kind: "STL",
    name: named(prepared, `cement-surface-${idOf(segment)}`, "stl"),
    mediaType: "model/stl",
    bytes: stlSurface(segment.mask, prepared.source.grid, segmentLabel(segment)),
  }));

function pictureFiles(
  prepared: PreparedExport,
  volume: CtVolume,
  encode: (document: SecondaryCaptureDocument) => Uint8Array,
): Result<readonly MoreFile[]> {
  const pictures = leakPictures(prepared, volume);
  if (pictures.length === 0) return fail(refusal("export/no-leak"));
  try {
    return ok(
      pictures.map(({ leakId, document }) => ({
        kind: "PICTURES",
        name: named(prepared, `cement-picture-${leakId}`, "dcm"),
        mediaType: "application/dicom",
        bytes: encode(document),
      })),
    );
  } catch (error) {
    if (error instanceof ProblemError) return fail(error.problem);
    throw error;
  }
}
