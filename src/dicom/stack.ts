// Stacks the instances of one CT series into a voxel grid by their position along the slice normal, and says what is wrong with it.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import { type Vec3, type VoxelGrid, cross, distance, dot, length, normalize } from "#core/space";
import type { SeriesContext } from "#core/study";
import { formatProblem } from "./decode-pixels.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { sideProblem } from "./patient-side.ts";
import { CT_IMAGE_STORAGE, isMultiFrameCt } from "./sop-class.ts";
import { axisName, onMainAxis, spacingProblems } from "./stack-spacing.ts";

export interface StackedSeries {
  readonly context: SeriesContext;
  /** Header of each slice k, in the order of `context.grid.slicePositions`. */
  readonly order: readonly InstanceHeader[];
}

/** Slices closer than this along the normal are the same slice; positions are stored to 0.01 mm or better. */
const SAME_POSITION_MM = 0.01;
/** Direction cosines that differ by less describe the same plane: 0.002 is half a millimetre at the edge of a 500 mm image. */
const SAME_COSINE = 0.002;

/**
 * Sorts by position on the normal and never by instance number. Returns what was set aside, assumed or uneven as problems of the
 * context (`stack/*` warnings with where); the grid keeps a position per slice, so nothing is stretched.
 *
 * Refuses (fails) where geometry, identity or HU cannot be trusted: not CT, multi-frame, one slice, no position or spacing, mixed
 * sizes, orientations, spacings, patients or frames of reference, two different slices at one place, values that are not HU.
 */
export function stackSeries(headers: readonly InstanceHeader[]): Result<StackedSeries> {
  const problems: Problem[] = [];
  const chosen = imagesOf(headers, problems);
  if (!chosen.ok) return chosen;
  const distinct = withoutCopies(chosen.value, problems);
  if (!distinct.ok) return distinct;
  const images = distinct.value;
  const first = images[0];
  if (images.length === 1) return fail(problem("stack/single-slice", { fileName: first.fileName }));
  for (const header of images) {
    const unusable = geometryProblem(header) ?? rescaleTypeProblem(header) ?? formatProblem(header);
    if (unusable) return fail(unusable);
  }
  const mixed = mixedProblem(images);
  if (mixed) return fail(mixed);

  const planes = images.map((header) => planeOf(header));
  const { row, column } = planes[0];
  const normal = normalize(cross(row, column));
  const sorted = images
    .map((header, n) => ({ header, position: planes[n].position, depthMm: dot(planes[n].position, normal) }))
    .sort((a, b) => a.depthMm - b.depthMm || (a.header.sopInstanceUid < b.header.sopInstanceUid ? -1 : 1));
  for (let k = 1; k < sorted.length; k++) {
    if (sorted[k].depthMm - sorted[k - 1].depthMm >= SAME_POSITION_MM) continue;
    return fail(conflict(sorted[k - 1].header, sorted[k].header, sorted[k].position, normal));
  }
  const order = sorted.map((slice) => slice.header);
  const grid: VoxelGrid = {
    columns: first.format.columns,
    rows: first.format.rows,
    slices: order.length,
    columnSpacingMm: first.columnSpacingMm ?? 1,
    rowSpacingMm: first.rowSpacingMm ?? 1,
    rowDirection: row,
    columnDirection: column,
    slicePositions: sorted.map((slice) => slice.position),
  };
  const uneven = spacingProblems(
    grid,
    order.map((header) => header.fileName),
  );
  const hopeless = uneven.find((found) => found.severity === "error");
  if (hopeless) return fail(hopeless);
  problems.push(...uneven);
  const positions = new Set(order.map((header) => header.patientPosition));
  const side =
    positions.size > 1
      ? problem("side/mixed-positions", { positions: [...positions].sort().join(", ") }, "warning")
      : sideProblem(first.patientPosition, row, column);
  if (side) problems.push(side);
  const lossy = order.some((header) => header.lossyImageCompression);
  if (lossy) problems.push(problem("stack/lossy-compression", {}, "warning"));
  return ok({ context: contextOf(order, grid, problems, side !== null, lossy), order }, problems);
}

/** The axial, sagittal or coronal images; scouts and screens are set aside and counted. */
function imagesOf(
  headers: readonly InstanceHeader[],
  problems: Problem[],
): Result<readonly InstanceHeader[]> {
  if (headers.length === 0) return fail(problem("stack/no-images"));
  const other = headers.find((header) => header.modality !== "CT");
  if (other)
    return fail(problem("stack/not-ct", { modality: other.modality || "?", fileName: other.fileName }));
  const multiFrame = headers.find(
    (header) =>
      isMultiFrameCt(header.sopClassUid) ||
      (header.sopClassUid === CT_IMAGE_STORAGE && header.format.numberOfFrames > 1),
  );
  if (multiFrame) {
    return fail(
      problem("stack/multi-frame", {
        fileName: multiFrame.fileName,
        frames: multiFrame.format.numberOfFrames,
      }),
    );
  }
  const ct = headers.filter((header) => header.sopClassUid === CT_IMAGE_STORAGE);
  if (ct.length === 0)
    return fail(
      problem("stack/not-ct-image", { fileName: headers[0].fileName, sopClassUid: headers[0].sopClassUid }),
    );
  if (ct.length < headers.length)
    problems.push(problem("stack/screens-set-aside", { count: headers.length - ct.length }, "info"));
  const images = ct.filter((header) => !isLocalizer(header));
  if (images.length === 0) return fail(problem("stack/only-localizers", { fileName: ct[0].fileName }));
  if (images.length < ct.length)
    problems.push(problem("stack/localizers-set-aside", { count: ct.length - images.length }, "info"));
  return ok(images);
}

/** A scout or topogram: Image Type value 3 (PS3.3 C.8.2.1.1.1). */
const isLocalizer = (header: InstanceHeader): boolean => header.imageType[2] === "LOCALIZER";

/** The same instance given twice counts once; one UID with two places is refused. */
function withoutCopies(
  images: readonly InstanceHeader[],
  problems: Problem[],
): Result<readonly InstanceHeader[]> {
  const byUid = new Map<string, InstanceHeader>();
  let copies = 0;
  let firstCopy = "";
  for (const header of images) {
    const known = byUid.get(header.sopInstanceUid);
    if (!known) {
      byUid.set(header.sopInstanceUid, header);
      continue;
    }
    if (!sameVec(known.position, header.position, SAME_POSITION_MM)) {
      return fail(
        problem("stack/conflicting-copies", { fileName: known.fileName, otherFileName: header.fileName }),
      );
    }
    if (copies === 0) firstCopy = header.fileName;
    copies++;
  }
  if (copies > 0)
    problems.push(problem("stack/duplicates-dropped", { count: copies, fileName: firstCopy }, "warning"));
  return ok([...byUid.values()]);
}

function geometryProblem(header: InstanceHeader): Problem | null {
  const { fileName, position, rowDirection, columnDirection, rowSpacingMm, columnSpacingMm } = header;
  if (!position) return problem("stack/no-position", { fileName });
  if (!rowDirection || !columnDirection) return problem("stack/no-orientation", { fileName });
  if (!rowSpacingMm || !columnSpacingMm || rowSpacingMm <= 0 || columnSpacingMm <= 0)
    return problem("stack/no-spacing", { fileName });
  const unit = (v: Vec3) => Math.abs(length(v) - 1) < 0.01;
  if (!unit(rowDirection) || !unit(columnDirection) || Math.abs(dot(rowDirection, columnDirection)) > 0.01) {
    return problem("stack/bad-orientation", { fileName });
  }
  return null;
}

/** HU is what CT values are; any other unit (iodine, effective Z, modified HU) is not, and absent means HU for an original CT image. */
function rescaleTypeProblem(header: InstanceHeader): Problem | null {
  const unit = header.format.rescaleType;
  return unit === "" || unit === "HU"
    ? null
    : problem("stack/not-hounsfield", { unit, fileName: header.fileName });
}

/** The first attribute in which a slice differs though one series has one value of it. */
function mixedProblem(images: readonly InstanceHeader[]): Problem | null {
  const first = images[0];
  for (const header of images) {
    const what = differenceOf(first, header);
    if (what) {
      return problem(`stack/mixed-${what}`, { fileName: first.fileName, otherFileName: header.fileName });
    }
  }
  return null;
}

type MixedAttribute = "patient" | "study" | "frame-of-reference" | "size" | "orientation" | "spacing";

function differenceOf(a: InstanceHeader, b: InstanceHeader): MixedAttribute | null {
  if (a.patient.patientId !== b.patient.patientId || a.patient.patientName !== b.patient.patientName)
    return "patient";
  if (a.study.studyInstanceUid !== b.study.studyInstanceUid) return "study";
  if (a.frameOfReferenceUid !== b.frameOfReferenceUid) return "frame-of-reference";
  if (a.format.rows !== b.format.rows || a.format.columns !== b.format.columns) return "size";
  if (
    !sameVec(a.rowDirection, b.rowDirection, SAME_COSINE) ||
    !sameVec(a.columnDirection, b.columnDirection, SAME_COSINE)
  ) {
    return "orientation";
  }
  const near = (x: number | null, y: number | null) =>
    Math.abs((x ?? 0) - (y ?? 0)) <= 1e-4 * Math.abs(x ?? 0);
  if (!near(a.rowSpacingMm, b.rowSpacingMm) || !near(a.columnSpacingMm, b.columnSpacingMm)) return "spacing";
  return null;
}

const sameVec = (a: Vec3 | null, b: Vec3 | null, tolerance: number): boolean =>
  a === null || b === null ? a === b : distance(a, b) <= tolerance;

/** Unit vectors, the columns made exactly perpendicular to the rows (files round their cosines). */
function planeOf(header: InstanceHeader): { row: Vec3; column: Vec3; position: Vec3 } {
  const row = normalize(header.rowDirection ?? [1, 0, 0]);
  const stated = normalize(header.columnDirection ?? [0, 1, 0]);
  const column = normalize(cross(cross(row, stated), row));
  return { row, column, position: header.position ?? [0, 0, 0] };
}

function conflict(a: InstanceHeader, b: InstanceHeader, position: Vec3, normal: Vec3): Problem {
  const details = {
    fileName: a.fileName,
    otherFileName: b.fileName,
    axis: axisName(normal),
    atMm: onMainAxis(position, normal),
  };
  const twoAcquisitions = a.acquisitionNumber !== b.acquisitionNumber;
  return problem(twoAcquisitions ? "stack/mixed-acquisitions" : "stack/same-position", details);
}

function contextOf(
  order: readonly InstanceHeader[],
  grid: VoxelGrid,
  problems: readonly Problem[],
  sideNeedsConfirmation: boolean,
  lossyImageCompression: boolean,
): SeriesContext {
  const first = order[0];
  return {
    patient: first.patient,
    study: first.study,
    seriesInstanceUid: first.seriesInstanceUid,
    seriesNumber: first.seriesNumber,
    seriesDescription: first.seriesDescription,
    frameOfReferenceUid: first.frameOfReferenceUid,
    patientPosition: first.patientPosition,
    modality: "CT",
    sliceThicknessMm: first.sliceThicknessMm,
    kvp: first.kvp,
    convolutionKernel: first.convolutionKernel,
    seriesDate: first.seriesDate,
    lossyImageCompression,
    grid,
    instances: order.map(({ sopClassUid, sopInstanceUid }) => ({ sopClassUid, sopInstanceUid })),
    problems,
    sideNeedsConfirmation,
  };
}
