// Reads the header of one DICOM instance from a file's bytes, or from the first part of them.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { Vec3 } from "#core/space";
import { type ElementReader, type ParsedDataSet, parseDataSet } from "./data-set.ts";
import { readFrames } from "./frame-groups.ts";
import type { InstanceHeader, PixelFormat } from "./instance-header.ts";
import { absurdSize } from "./input-limits.ts";
import { objectKindOf } from "./sop-class.ts";
import { transferSyntaxOf } from "./transfer-syntax.ts";

/** Code of the one failure that is not about the file: the caller gave too little of it and should read more. */
export const NEEDS_MORE_BYTES = "read/needs-more-bytes";

/**
 * Header of the instance in `bytes`, which may be the first part of a file of `fileSizeBytes`.
 *
 * Fails with `read/needs-more-bytes` when that part ends before the attributes do; with `read/empty-file`, `read/not-dicom`,
 * `read/truncated-header`, `read/nested-too-deep`, `read/absurd-size`, `read/no-transfer-syntax`, `read/damaged-deflate` or
 * `read/no-instance-uid` for what is wrong with the file.
 * A header whose native Pixel Data is cut off is returned with the problem `read/truncated-pixels`.
 */
export function readHeader(
  bytes: Uint8Array,
  fileName: string,
  fileSizeBytes: number = bytes.length,
): Result<InstanceHeader> {
  if (fileSizeBytes === 0) return fail(problem("read/empty-file", { fileName }));
  const partial = bytes.length < fileSizeBytes;
  const outcome = parseDataSet(bytes, fileName);
  if (!outcome.ok) {
    const retry = partial && !["read/not-dicom", "read/nested-too-deep"].includes(outcome.problem.code);
    return fail(retry ? problem(NEEDS_MORE_BYTES, { fileName }) : outcome.problem);
  }
  const { dataSet } = outcome;
  // A SEG or SR is known by its class and can be megabytes long; an image's header is whole once its pixels begin.
  const isObject = objectKindOf(dataSet.elements.code("x00080016"), true) !== null;
  const reachedEnd = dataSet.pixelData !== null || (dataSet.sawImageGroup && (isObject || !partial));
  // An element that says it runs past the end of the file: no further byte would help.
  const neverEnds = dataSet.claimedEndBytes > fileSizeBytes;
  if (!reachedEnd && partial && !neverEnds) return fail(problem(NEEDS_MORE_BYTES, { fileName }));
  if (!reachedEnd && dataSet.endsEarly) return fail(problem("read/truncated-header", { fileName }));
  return headerOf(dataSet, fileName, fileSizeBytes);
}

function headerOf(dataSet: ParsedDataSet, fileName: string, fileSizeBytes: number): Result<InstanceHeader> {
  const { elements, root, transferSyntaxUid } = dataSet;
  const sopClassUid = elements.code("x00080016") || elements.code("x00020002");
  const sopInstanceUid = elements.code("x00080018") || elements.code("x00020003");
  if (sopClassUid === "" || sopInstanceUid === "") return fail(problem("read/no-instance-uid", { fileName }));
  const orientation = elements.numbers("x00200037", 6);
  const spacing = elements.numbers("x00280030", 2);
  const format = formatOf(elements);
  const header: InstanceHeader = {
    fileName,
    fileSizeBytes,
    transferSyntaxUid,
    sopClassUid,
    sopInstanceUid,
    patient: {
      patientName: elements.text("x00100010"),
      patientId: elements.text("x00100020"),
      patientBirthDate: elements.code("x00100030"),
      patientSex: elements.code("x00100040"),
      patientAge: elements.code("x00101010"),
    },
    study: {
      studyInstanceUid: elements.code("x0020000d"),
      studyId: elements.text("x00200010"),
      studyDate: elements.code("x00080020"),
      studyTime: elements.code("x00080030"),
      studyDescription: elements.text("x00081030"),
      accessionNumber: elements.text("x00080050"),
      referringPhysicianName: elements.text("x00080090"),
    },
    seriesInstanceUid: elements.code("x0020000e"),
    seriesNumber: elements.code("x00200011"),
    seriesDescription: elements.text("x0008103e"),
    seriesDate: elements.code("x00080021"),
    modality: elements.code("x00080060"),
    manufacturer: elements.text("x00080070"),
    frameOfReferenceUid: elements.code("x00200052"),
    patientPosition: elements.code("x00185100").toUpperCase(),
    imageType: elements.codes("x00080008"),
    acquisitionNumber: elements.code("x00200012"),
    instanceNumber: elements.code("x00200013"),
    convolutionKernel: elements.codes("x00181210").join(" "),
    kvp: elements.number("x00180060"),
    sliceThicknessMm: elements.number("x00180050"),
    gantryTiltDegrees: elements.number("x00181120"),
    contrastAgent: elements.text("x00180010") || (root.code("x00180012")?.meaning ?? ""),
    position: vec3(elements.numbers("x00200032", 3)),
    rowDirection: vec3(orientation),
    columnDirection: vec3(orientation?.slice(3) ?? null),
    rowSpacingMm: spacing?.[0] ?? null,
    columnSpacingMm: spacing?.[1] ?? null,
    windowCenter: elements.number("x00281050"),
    windowWidth: elements.number("x00281051"),
    lossyImageCompression: elements.code("x00282110") === "01" || transferSyntaxOf(transferSyntaxUid).lossy,
    lossyRatio: Number(elements.codes("x00282112").at(-1)) || null,
    format,
    frames: readFrames(root),
    frame: null,
    pixelData: dataSet.pixelData,
  };
  const absurd = absurdSize(header);
  if (absurd) return fail(absurd);
  const problems: Problem[] = [];
  if (elements.readUndeclaredText)
    problems.push(problem("read/character-set-undeclared", { fileName }, "info"));
  const lacksPixels =
    dataSet.pixelData === null && dataSet.endsEarly && objectKindOf(sopClassUid, true) === null;
  if (lacksPixels || isCutOff(header)) problems.push(problem("read/truncated-pixels", { fileName }));
  return ok(header, problems);
}

/**
 * Native pixels that run past the end of the file, or are fewer than the rows and columns of a grey image need. A deflated or
 * encapsulated file shows this only when it is decoded.
 */
function isCutOff({ transferSyntaxUid, pixelData, fileSizeBytes, format }: InstanceHeader): boolean {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (!pixelData || syntax.encapsulated || syntax.deflated) return false;
  const neededBytes =
    format.samplesPerPixel === 1
      ? Math.floor((format.rows * format.columns * format.numberOfFrames * format.bitsAllocated) / 8)
      : 0;
  return pixelData.offsetBytes + pixelData.lengthBytes > fileSizeBytes || pixelData.lengthBytes < neededBytes;
}

function formatOf(elements: ElementReader): PixelFormat {
  const bitsAllocated = elements.uint16("x00280100") ?? 0;
  const bitsStored = elements.uint16("x00280101") ?? bitsAllocated;
  const signed = elements.uint16("x00280103") === 1;
  const first = paddingAt(elements, "x00280120", bitsStored, signed);
  const limit = paddingAt(elements, "x00280121", bitsStored, signed);
  return {
    rows: elements.uint16("x00280010") ?? 0,
    columns: elements.uint16("x00280011") ?? 0,
    numberOfFrames: elements.number("x00280008") ?? 1,
    samplesPerPixel: elements.uint16("x00280002") ?? 1,
    photometricInterpretation: elements.code("x00280004"),
    bitsAllocated,
    bitsStored,
    highBit: elements.uint16("x00280102") ?? bitsStored - 1,
    signed,
    rescaleSlope: elements.number("x00281053"),
    rescaleIntercept: elements.number("x00281052"),
    rescaleType: elements.code("x00281054").toUpperCase(),
    padding: first === null ? null : [Math.min(first, limit ?? first), Math.max(first, limit ?? first)],
  };
}

/** The two bytes are read as bits: writers put 63536 as US where the pixels are signed and -2000 is meant. */
function paddingAt(elements: ElementReader, tag: string, bitsStored: number, signed: boolean): number | null {
  const bits = elements.uint16(tag);
  if (bits === null) return null;
  const unused = 32 - Math.max(1, Math.min(16, bitsStored));
  return signed ? (bits << unused) >> unused : bits;
}

const vec3 = (values: readonly number[] | null): Vec3 | null =>
  values ? [values[0], values[1], values[2]] : null;
