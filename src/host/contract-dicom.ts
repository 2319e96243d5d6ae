// What the host gives a plugin of DICOM: result objects written and read, and the open case without what identifies. Part of the contract.
import type { Result } from "#core/problem";
import type { KeyObjectDocument, ReportDocument } from "#core/report-document";
import type { SecondaryCaptureDocument } from "#core/secondary-capture-document";
import type { SegmentationDocument } from "#core/segmentation-document";
import type { OriginalFile } from "#dicom/deidentify/deidentify";
import type { FramePictures } from "#dicom/deidentify/frame-pictures";
import type { OtherObjects } from "#dicom/deidentify/other-objects";
import type { LeakReport, OutputFile } from "#dicom/leak-search/search";
import type { DecodedReport } from "#dicom/read-report";
import type { DecodedSegmentation } from "#dicom/read-segmentation";
import type { RunMask } from "#voxels/mask";
import type { FileWithPath } from "./contract-page.ts";
import type { Deidentifying, DeidentifyRequest } from "./deidentify-case.ts";

export interface DicomHost {
  encodeSegmentation(document: SegmentationDocument, masks: ReadonlyMap<number, RunMask>): Uint8Array;
  encodeReport(document: ReportDocument): Uint8Array;
  encodeKeyObjects(document: KeyObjectDocument): Uint8Array;
  /** A picture as Secondary Capture. */
  encodePicture(document: SecondaryCaptureDocument): Uint8Array;
  /** Segments of a SEG, or contours of an RTSTRUCT, by position in the patient on the open series' grid; or refused with where and why. */
  decodeSegmentation(bytes: Uint8Array): Result<DecodedSegmentation>;
  /** The content tree of any SR, and what is embedded in it; what is not understood is named in warnings. */
  decodeReport(bytes: Uint8Array): Result<DecodedReport>;
  /** The open case without what identifies, cropped around `masks`. Rejects with a problem where its files are not at hand. */
  deidentify(request: DeidentifyRequest): Promise<Deidentifying>;
  /**
   * Images of other studies of the open case's patient: of `files`, or of the CT open beside where none are given. Rejects with a
   * problem where those are not at hand.
   */
  otherStudies(files?: readonly FileWithPath[]): Promise<OtherObjects>;
  /** The frames of an image, to be looked at one by one before it may leave. */
  framePictures(file: OriginalFile): Promise<Result<FramePictures>>;
  /**
   * Every byte of `outputs` is searched for the parts of `paths`: of files that outputs are made from and that hold nothing of an open
   * case. `allowed` are this program's own words.
   */
  searchForNames(
    outputs: readonly OutputFile[],
    paths: readonly string[],
    allowed: readonly string[],
  ): LeakReport;
}
