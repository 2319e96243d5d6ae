// Judges the slice positions of a sorted stack: missing slices, uneven spacing, gantry tilt, sideways jumps; each with where.
import { type Problem, problem } from "#core/problem";
import { type Vec3, type VoxelGrid, add, dot, length, scale, sliceNormal, subtract } from "#core/space";

/** Positions rounded to 0.1 mm make steps that differ by up to 0.1 mm although the scanner's were even. */
const ROUNDING_MM = 0.11;
const UNEVEN_FRACTION = 0.05;
/** A hole is a step longer than this and than three usual ones: nothing between its ends can be read, measured or shown. */
const HOLE_MM = 10;
const HOLE_STEPS = 3;

/**
 * Warnings about the grid's slice positions, or the error `stack/too-many-missing` or `stack/hole`; empty for an even, straight stack.
 * `fileNames` of each slice k.
 */
export function spacingProblems(grid: VoxelGrid, fileNames: readonly string[]): readonly Problem[] {
  const normal = sliceNormal(grid);
  const depthsMm = grid.slicePositions.map((position) => dot(position, normal));
  const problems: Problem[] = [];
  const gap = gapProblem(grid, depthsMm, normal, fileNames);
  if (gap) problems.push(gap);
  const tilt = tiltProblem(grid, depthsMm, normal, fileNames);
  if (tilt) problems.push(tilt);
  return problems;
}

const stepsOf = (depthsMm: readonly number[]): number[] =>
  depthsMm.slice(1).map((depth, k) => depth - depthsMm[k]);

/** The middle one. mm. */
const usualStep = (stepsMm: readonly number[]): number =>
  [...stepsMm].sort((a, b) => a - b)[Math.floor((stepsMm.length - 1) / 2)];

export interface StackFigures {
  /** The usual step along the normal, and the largest difference of any step from it. mm. */
  readonly usualStepMm: number;
  readonly largestDeviationMm: number;
  /** Largest distance of a slice from the line of first and last. mm. */
  readonly largestShiftMm: number;
  /** Between the line of the slices and their normal. */
  readonly tiltDegrees: number;
}

/** What the slice positions of a grid measure, to be told whether or not it is unusual. */
export function stackFigures(grid: VoxelGrid): StackFigures {
  const normal = sliceNormal(grid);
  const stepsMm = stepsOf(grid.slicePositions.map((position) => dot(position, normal)));
  const usualStepMm = usualStep(stepsMm);
  const { sidewaysPerMm, shiftsMm } = lineOf(grid, normal);
  return {
    usualStepMm,
    largestDeviationMm: Math.max(...stepsMm.map((step) => Math.abs(step - usualStepMm))),
    largestShiftMm: Math.max(...shiftsMm),
    tiltDegrees: (Math.atan(length(sidewaysPerMm)) * 180) / Math.PI,
  };
}

/** The line of first and last slice: mm sideways for each mm along the normal, and how far each slice lies beside it. */
function lineOf(grid: VoxelGrid, normal: Vec3): { sidewaysPerMm: Vec3; shiftsMm: readonly number[] } {
  const first = grid.slicePositions[0];
  const whole = subtract(grid.slicePositions[grid.slices - 1], first);
  const depthMm = dot(whole, normal);
  const sidewaysPerMm = scale(subtract(whole, scale(normal, depthMm)), 1 / depthMm);
  const shiftsMm = grid.slicePositions.map((position) => {
    const fromFirst = subtract(position, first);
    const stepMm = dot(fromFirst, normal);
    return length(subtract(fromFirst, add(scale(normal, stepMm), scale(sidewaysPerMm, stepMm))));
  });
  return { sidewaysPerMm, shiftsMm };
}

function gapProblem(
  grid: VoxelGrid,
  depthsMm: readonly number[],
  normal: Vec3,
  fileNames: readonly string[],
): Problem | null {
  const stepsMm = stepsOf(depthsMm);
  const usualMm = usualStep(stepsMm);
  const toleranceMm = Math.max(UNEVEN_FRACTION * usualMm, ROUNDING_MM);
  const odd = stepsMm.flatMap((step, k) => (Math.abs(step - usualMm) > toleranceMm ? [k] : []));
  if (odd.length === 0) return null;
  const k = odd[0];
  const where = {
    /** Slices are counted from 1 for people. */
    afterSlice: k + 1,
    axis: axisName(normal),
    afterMm: onMainAxis(grid.slicePositions[k], normal),
    toMm: onMainAxis(grid.slicePositions[k + 1], normal),
    fileName: fileNames[k],
    stepMm: round2(stepsMm[k]),
    usualStepMm: round2(usualMm),
    places: odd.length,
  };
  const ratios = odd.map((n) => stepsMm[n] / usualMm);
  const multiples = ratios.every((ratio) => ratio > 1.5 && Math.abs(ratio - Math.round(ratio)) <= 0.1);
  const missing = multiples && odd.length <= Math.max(1, stepsMm.length / 4);
  const count = ratios.reduce((sum, ratio) => sum + Math.round(ratio) - 1, 0);
  // With more slices missing than present nothing between them can be read or measured.
  if (missing && count > grid.slices)
    return problem("stack/too-many-missing", { ...where, count, slices: grid.slices });
  const widest = stepsMm.indexOf(Math.max(...stepsMm));
  if (stepsMm[widest] > Math.max(HOLE_MM, HOLE_STEPS * usualMm))
    return problem("stack/hole", {
      ...where,
      afterSlice: widest + 1,
      afterMm: onMainAxis(grid.slicePositions[widest], normal),
      toMm: onMainAxis(grid.slicePositions[widest + 1], normal),
      fileName: fileNames[widest],
      otherFileName: fileNames[widest + 1],
      stepMm: round2(stepsMm[widest]),
    });
  if (missing) return problem("stack/missing-slice", { ...where, count }, "warning");
  return problem(
    "stack/uneven-spacing",
    { ...where, minMm: round2(Math.min(...stepsMm)), maxMm: round2(Math.max(...stepsMm)) },
    "warning",
  );
}

/** Steps that do not run along the normal: an even slant is gantry tilt, a jump is a slice that was reconstructed elsewhere. */
function tiltProblem(
  grid: VoxelGrid,
  depthsMm: readonly number[],
  normal: Vec3,
  fileNames: readonly string[],
): Problem | null {
  const last = grid.slices - 1;
  const pixelMm = Math.min(grid.columnSpacingMm, grid.rowSpacingMm);
  const depthMm = depthsMm[last] - depthsMm[0];
  const { sidewaysPerMm, shiftsMm } = lineOf(grid, normal);
  const k = shiftsMm.findIndex((offMm) => offMm > pixelMm);
  if (k >= 0)
    return problem(
      "stack/shifted-slices",
      {
        slice: k + 1,
        axis: axisName(normal),
        atMm: onMainAxis(grid.slicePositions[k], normal),
        offMm: round2(shiftsMm[k]),
        fileName: fileNames[k],
      },
      "warning",
    );
  const tiltDegrees = (Math.atan(length(sidewaysPerMm)) * 180) / Math.PI;
  if (tiltDegrees < 0.1 || length(sidewaysPerMm) * depthMm < pixelMm / 2) return null;
  return problem("stack/gantry-tilt", { tiltDegrees: Math.round(tiltDegrees * 10) / 10 }, "warning");
}

/** Index of the patient axis that the normal is closest to; places are told to people on it. */
function mainAxis(normal: Vec3): 0 | 1 | 2 {
  const size = normal.map(Math.abs);
  if (size[2] >= size[0] && size[2] >= size[1]) return 2;
  return size[1] >= size[0] ? 1 : 0;
}
export const axisName = (normal: Vec3): string => "xyz"[mainAxis(normal)];
export const onMainAxis = (position: Vec3, normal: Vec3): number => round2(position[mainAxis(normal)]);
const round2 = (value: number): number => Math.round(value * 100) / 100;
