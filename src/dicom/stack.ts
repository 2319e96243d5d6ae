// Stacks the instances of one CT series into a voxel grid by their position along the slice normal, and says what is wrong with it.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import { type Vec3, type VoxelGrid, cross, distance, dot, length, normalize } from "#core/space";
import type { InstanceReference, SeriesContext } from "#core/study";
import { formatProblem } from "./decode-pixels.ts";
import { frameHeaders } from "./frame-groups.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { sideProblem } from "./patient-side.ts";
import { inOneUnit } from "./relative-values.ts";
import { CT_IMAGE_STORAGE, isMultiFrameCt, XRAY_3D_ANGIOGRAPHIC } from "./sop-class.ts";
import { axisName, onMainAxis, spacingProblems, stackFigures } from "./stack-spacing.ts";
import { acquisitionsAlong, verifyStack } from "./stack-verification.ts";

export interface StackedSeries {
  readonly context: SeriesContext;
  /** Header of each slice k, in the order of `context.grid.slicePositions`. */
  readonly order: readonly InstanceHeader[];
}

/** Slices closer than this along the normal are the same slice; positions are stored to 0.01 mm or better. */
const SAME_POSITION_MM = 0.01;
/** So are slices closer than this part of the usual distance: a repeat whose position was rounded, or a breath away. */
const SAME_POSITION_STEP = 0.05;
/** Direction cosines that differ by less describe the same plane: 0.002 is half a millimetre at the edge of a 500 mm image. */
const SAME_COSINE = 0.002;

/**
 * Sorts by position on the normal and never by instance number; each frame of a multi-frame CT is a slice. Returns what was set aside, assumed or uneven as problems of the
 * context (`stack/*` warnings with where); the grid keeps a position per slice, so nothing is stretched.
 *
 * Refuses (fails) where geometry, identity or HU cannot be trusted: not CT, several stacks or times in one file, one slice, no
 * position or spacing, mixed sizes, orientations, spacings, patients or frames of reference, two different slices at one place, acquisitions
 * that take turns, a hole of centimetres, values that are not HU. Every check stands in the context's `verification`, passed or not.
 */
export function stackSeries(headers: readonly InstanceHeader[]): Result<StackedSeries> {
  const problems: Problem[] = [];
  const chosen = ctImagesOf(headers, problems);
  if (!chosen.ok) return chosen;
  const distinct = withoutCopies(chosen.value, problems);
  if (!distinct.ok) return distinct;
  const slices = slicesOf(distinct.value, problems);
  if (!slices.ok) return slices;
  const values = inOneUnit(slices.value);
  if (!values.ok) return values;
  const images = values.value;
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
  const acquisitions = acquisitionsAlong(order, (a, b) =>
    mixedAcquisitions(a, b, sorted[order.indexOf(b)].position, normal),
  );
  if ("code" in acquisitions) return fail(acquisitions);
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
  const leastMm = SAME_POSITION_STEP * stackFigures(grid).usualStepMm;
  for (let k = 1; k < sorted.length; k++) {
    if (sorted[k].depthMm - sorted[k - 1].depthMm >= leastMm) continue;
    return fail(conflict(order[k - 1], order[k], sorted[k].position, normal));
  }
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
  const { stored } = first.format;
  if (stored) problems.push(problem("values/uncalibrated", { because: stored }, "warning"));
  const contrastAgent = order.find((header) => header.contrastAgent !== "")?.contrastAgent;
  if (contrastAgent) problems.push(problem("values/contrast-given", { agent: contrastAgent }, "warning"));
  const verification = verifyStack({ order, grid, problems, acquisitions });
  return ok(
    {
      context: { ...contextOf(order, grid, problems, side !== null, lossy), contrastAgent, verification },
      order,
    },
    problems,
  );
}

/** The CT images; screens and dose reports are set aside and counted. */
function ctImagesOf(
  headers: readonly InstanceHeader[],
  problems: Problem[],
): Result<readonly InstanceHeader[]> {
  if (headers.length === 0) return fail(problem("stack/no-images"));
  const other = headers.find(
    ({ modality, sopClassUid }) => modality !== "CT" && sopClassUid !== XRAY_3D_ANGIOGRAPHIC,
  );
  if (other)
    return fail(problem("stack/not-ct", { modality: other.modality || "?", fileName: other.fileName }));
  const ct = headers.filter(
    ({ sopClassUid }) => sopClassUid === CT_IMAGE_STORAGE || isMultiFrameCt(sopClassUid),
  );
  if (ct.length === 0)
    return fail(
      problem("stack/not-ct-image", { fileName: headers[0].fileName, sopClassUid: headers[0].sopClassUid }),
    );
  if (ct.length < headers.length)
    problems.push(problem("stack/screens-set-aside", { count: headers.length - ct.length }, "info"));
  return ok(ct);
}

/** The axial, sagittal or coronal slices, one header each; scouts are set aside and counted. */
function slicesOf(images: readonly InstanceHeader[], problems: Problem[]): Result<readonly InstanceHeader[]> {
  const refused = images.filter((header) => !isLocalizer(header)).map(framesProblem);
  const reason = refused.find((found) => found !== null);
  if (reason) return fail(reason);
  const frames = images.flatMap(frameHeaders);
  const slices = frames.filter((header) => !isLocalizer(header));
  if (slices.length === 0) return fail(problem("stack/only-localizers", { fileName: images[0].fileName }));
  const several = severalProblem(slices);
  if (several) return fail(several);
  if (slices.length < frames.length)
    problems.push(problem("stack/localizers-set-aside", { count: frames.length - slices.length }, "info"));
  return ok(slices);
}

/** Why the frames of a file can't be told apart, or null. */
function framesProblem({ sopClassUid, format, frames, fileName }: InstanceHeader): Problem | null {
  const expected = format.numberOfFrames;
  if (frames === null || frames.length === 0)
    return expected > 1 || isMultiFrameCt(sopClassUid)
      ? problem("stack/multi-frame", { fileName, frames: expected })
      : null;
  return frames.length === expected
    ? null
    : problem("stack/frame-count", { fileName, expected, found: frames.length });
}

/** A file whose frames are several stacks or points in time: one grid can't hold them, and none of them is chosen unasked. */
function severalProblem(slices: readonly InstanceHeader[]): Problem | null {
  const firsts = new Map<InstanceHeader, InstanceHeader>();
  for (const slice of slices) {
    if (!slice.frame) continue;
    const { file, stackId, temporalPosition, number } = slice.frame;
    const first = firsts.get(file);
    if (!first?.frame) {
      firsts.set(file, slice);
      continue;
    }
    const { frame } = first;
    const where = { fileName: file.fileName, firstFrame: frame.number, otherFrame: number };
    if (frame.stackId !== stackId)
      return problem("stack/several-stacks", { ...where, first: frame.stackId, other: stackId });
    if (frame.temporalPosition !== temporalPosition)
      return problem("stack/several-times", {
        ...where,
        first: frame.temporalPosition ?? "?",
        other: temporalPosition ?? "?",
      });
  }
  return null;
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
    if (!samePlace(known, header)) {
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

/** Whether two files of one UID lie in the same place, each frame with its twin. */
const samePlace = (a: InstanceHeader, b: InstanceHeader): boolean => {
  const [ours, theirs] = [frameHeaders(a), frameHeaders(b)];
  return (
    ours.length === theirs.length &&
    ours.every((frame, n) => sameVec(frame.position, theirs[n].position, SAME_POSITION_MM))
  );
};

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
  return unit === "" || unit === "HU" || header.format.stored
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
  if (a.acquisitionNumber !== b.acquisitionNumber) return mixedAcquisitions(a, b, position, normal);
  return problem("stack/same-position", placeOf(a, b, position, normal));
}

/** Two acquisitions that lie in one place or take turns along the stack. */
const mixedAcquisitions = (a: InstanceHeader, b: InstanceHeader, position: Vec3, normal: Vec3): Problem =>
  problem("stack/mixed-acquisitions", placeOf(a, b, position, normal));

const placeOf = (a: InstanceHeader, b: InstanceHeader, position: Vec3, normal: Vec3) => ({
  fileName: a.fileName,
  otherFileName: b.fileName,
  axis: axisName(normal),
  atMm: onMainAxis(position, normal),
});

function contextOf(
  order: readonly InstanceHeader[],
  grid: VoxelGrid,
  problems: readonly Problem[],
  sideNeedsConfirmation: boolean,
  lossyImageCompression: boolean,
): Omit<SeriesContext, "verification"> {
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
    instances: order.map(referenceTo),
    problems,
    sideNeedsConfirmation,
  };
}

/** A frame is named by its number only where the file has others (PS3.3 table 10-3). */
const referenceTo = ({ sopClassUid, sopInstanceUid, format, frame }: InstanceHeader): InstanceReference =>
  frame && format.numberOfFrames > 1
    ? { sopClassUid, sopInstanceUid, frameNumber: frame.number }
    : { sopClassUid, sopInstanceUid };
