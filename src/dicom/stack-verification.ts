// The verification log of a stack: every check that stacking makes, with its figures, whether it passed or not.
import type { Problem, ProblemDetails } from "#core/problem";
import { cross, dot, sliceNormal, type Vec3, type VoxelGrid } from "#core/space";
import type { VerificationEntry, VerificationOutcome } from "#core/verification-log";
import type { InstanceHeader } from "./instance-header.ts";
import { type SideAgreement, sideAgreement } from "./patient-side.ts";
import { axisName, stackFigures } from "./stack-spacing.ts";
import { transferSyntaxOf } from "./transfer-syntax.ts";

export interface VerifiedStack {
  /** Header of each slice k. */
  readonly order: readonly InstanceHeader[];
  readonly grid: VoxelGrid;
  /** What stacking noticed of the headers that were given. */
  readonly problems: readonly Problem[];
  readonly acquisitions: Acquisitions;
}

export interface Acquisitions {
  readonly count: number;
  /** From 1: the last slice of the first one. */
  readonly firstEndsAt: number;
}

/** Entries in the order in which a person would check: whose, which images, where, which side, which values. */
export function verifyStack(stack: VerifiedStack): readonly VerificationEntry[] {
  return [
    ...identityEntries(stack),
    imagesEntry(stack),
    orderEntry(stack),
    planeEntry(stack),
    ...spacingEntries(stack),
    ...tiltEntries(stack),
    pixelsEntry(stack),
    entry("acquisition/one", stack.acquisitions.count > 1 ? "handled" : "passed", {
      acquisitions: stack.acquisitions.count,
      afterSlice: stack.acquisitions.firstEndsAt,
    }),
    sideEntry(stack),
    unitsEntry(stack),
    compressionEntry(stack),
  ];
}

const entry = (
  check: string,
  outcome: VerificationOutcome,
  figures: ProblemDetails = {},
): VerificationEntry => ({
  check,
  outcome,
  figures,
});

const noticed = ({ problems }: VerifiedStack, code: string): ProblemDetails | null =>
  problems.find((found) => found.code === code)?.details ?? null;

const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits)) + 0;

function identityEntries({ order }: VerifiedStack): VerificationEntry[] {
  const { patient, frameOfReferenceUid } = order[0];
  return [
    entry("identity/patient", patient.patientId === "" ? "attention" : "passed", {
      named: patient.patientId !== "",
      images: order.length,
    }),
    entry("identity/frame-of-reference", frameOfReferenceUid === "" ? "attention" : "passed"),
  ];
}

function imagesEntry(stack: VerifiedStack): VerificationEntry {
  const count = (code: string) => Number(noticed(stack, code)?.count ?? 0);
  const localizers = count("stack/localizers-set-aside");
  const screens = count("stack/screens-set-aside");
  const copies = count("stack/duplicates-dropped");
  return entry("images/used", localizers + screens + copies > 0 ? "handled" : "passed", {
    used: stack.order.length,
    given: stack.order.length + localizers + screens + copies,
    localizers,
    screens,
    copies,
  });
}

function orderEntry({ order, grid }: VerifiedStack): VerificationEntry {
  const numbers = order.map(({ instanceNumber, frame }) =>
    frame ? frame.number : instanceNumber === "" ? NaN : Number(instanceNumber),
  );
  const steps = numbers.slice(1).map((number, k) => Math.sign(number - numbers[k]));
  const runs = steps.every((step) => step === 1)
    ? "along"
    : steps.every((step) => step === -1)
      ? "against"
      : "none";
  return entry("geometry/order", runs === "none" ? "handled" : "passed", {
    axis: axisName(sliceNormal(grid)),
    numbers: runs,
  });
}

const degreesBetween = (a: Vec3, b: Vec3): number =>
  (Math.acos(Math.max(-1, Math.min(1, Math.abs(dot(a, b))))) * 180) / Math.PI;

function planeEntry({ order, grid }: VerifiedStack): VerificationEntry {
  const normal = sliceNormal(grid);
  const planes = { z: "axial", y: "coronal", x: "sagittal" } as const;
  const axis = axisName(normal);
  const axes: Readonly<Record<string, Vec3>> = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] };
  const differences = order.map(({ rowDirection, columnDirection }) =>
    rowDirection && columnDirection ? degreesBetween(unit(cross(rowDirection, columnDirection)), normal) : 0,
  );
  return entry("geometry/plane", "passed", {
    plane: axis === "x" ? planes.x : axis === "y" ? planes.y : planes.z,
    obliqueDegrees: rounded(degreesBetween(normal, axes[axis]), 1),
    largestDifferenceDegrees: rounded(Math.max(...differences), 1),
  });
}

const unit = (v: Vec3): Vec3 => {
  const size = Math.hypot(...v) || 1;
  return [v[0] / size, v[1] / size, v[2] / size];
};

function spacingEntries(stack: VerifiedStack): VerificationEntry[] {
  const { grid } = stack;
  const { usualStepMm, largestDeviationMm } = stackFigures(grid);
  const spacingMm = rounded(usualStepMm);
  const figures = { slices: grid.slices, spacingMm, largestDeviationMm: rounded(largestDeviationMm) };
  const uneven = noticed(stack, "stack/uneven-spacing");
  const gap = noticed(stack, "stack/missing-slice");
  const place = ({ afterSlice, axis, afterMm, toMm }: ProblemDetails) => ({
    afterSlice,
    axis,
    afterMm,
    toMm,
  });
  return [
    uneven
      ? entry("geometry/spacing", "handled", {
          ...figures,
          ...place(uneven),
          minMm: uneven.minMm,
          maxMm: uneven.maxMm,
        })
      : gap
        ? entry("geometry/spacing", "handled", {
            ...figures,
            ...place(gap),
            minMm: spacingMm,
            maxMm: gap.stepMm,
          })
        : entry("geometry/spacing", "passed", figures),
    gap
      ? entry("geometry/missing", "attention", { count: gap.count, ...place(gap) })
      : entry("geometry/missing", "passed"),
    thicknessEntry(stack, spacingMm),
  ];
}

/** Part of the spacing that lies in no slice and is no rounding. */
const UNSEEN_FRACTION = 0.05;

function thicknessEntry({ order, grid }: VerifiedStack, spacingMm: number): VerificationEntry {
  const thicknesses = order.map(({ sliceThicknessMm }) => sliceThicknessMm ?? 0);
  const [thinnest, thickest] = [Math.min(...thicknesses), Math.max(...thicknesses)];
  if (thinnest <= 0) return entry("geometry/thickness", "attention", { spacingMm });
  const normal = sliceNormal(grid);
  const depthsMm = grid.slicePositions.map((position) => dot(position, normal));
  // Half of either slice reaches into the distance between them.
  const unseen = depthsMm
    .slice(1)
    .map((depth, k) => depth - depthsMm[k] - (thicknesses[k] + thicknesses[k + 1]) / 2);
  const unseenMm = Math.max(0, ...unseen);
  return entry("geometry/thickness", unseenMm > UNSEEN_FRACTION * spacingMm ? "attention" : "passed", {
    thicknessMm: rounded(thinnest, 2),
    thickestMm: rounded(thickest, 2),
    spacingMm,
    unseenMm: rounded(unseenMm, 2),
  });
}

/** A header's tilt that differs from the positions by more than this is told. */
const STATED_TILT_DEGREES = 1;

function tiltEntries(stack: VerifiedStack): VerificationEntry[] {
  const { order, grid } = stack;
  const figures = stackFigures(grid);
  const tilt = noticed(stack, "stack/gantry-tilt");
  const shift = noticed(stack, "stack/shifted-slices");
  const tiltDegrees = rounded(figures.tiltDegrees, 1);
  const stated = order[0].gantryTiltDegrees;
  return [
    tilt
      ? entry("geometry/tilt", "handled", { tiltDegrees })
      : entry("geometry/tilt", "passed", { tiltDegrees: 0 }),
    // What the header states has a sign of the maker's choice.
    ...(stated === null || (stated === 0 && !tilt)
      ? []
      : [
          entry(
            "geometry/stated-tilt",
            Math.abs(Math.abs(stated) - tiltDegrees) > STATED_TILT_DEGREES ? "attention" : "passed",
            { statedDegrees: stated, tiltDegrees },
          ),
        ]),
    shift
      ? entry("geometry/shift", "handled", {
          slice: shift.slice,
          axis: shift.axis,
          atMm: shift.atMm,
          offMm: shift.offMm,
        })
      : entry("geometry/shift", "passed", { largestMm: rounded(figures.largestShiftMm) }),
  ];
}

function pixelsEntry({ grid }: VerifiedStack): VerificationEntry {
  const { columns, rows, columnSpacingMm, rowSpacingMm } = grid;
  return entry("geometry/pixels", columnSpacingMm === rowSpacingMm ? "passed" : "handled", {
    columns,
    rows,
    columnSpacingMm: rounded(columnSpacingMm, 6),
    rowSpacingMm: rounded(rowSpacingMm, 6),
  });
}

function sideEntry({ order, grid }: VerifiedStack): VerificationEntry {
  const positions = [...new Set(order.map(({ patientPosition }) => patientPosition))].sort();
  const agreement: SideAgreement | "mixed" =
    positions.length > 1 ? "mixed" : sideAgreement(positions[0], grid.rowDirection, grid.columnDirection);
  const passed = agreement === "agree" || agreement === "reading" || agreement === "silent";
  return entry("orientation/side", passed ? "passed" : "attention", {
    agreement,
    patientPosition: positions.join(", "),
    orientation: [...grid.rowDirection, ...grid.columnDirection].map((value) => rounded(value)).join(" "),
  });
}

function unitsEntry({ order }: VerifiedStack): VerificationEntry {
  const rescales = new Set(order.map(({ format }) => `${format.rescaleSlope} ${format.rescaleIntercept}`));
  const { format } = order[0];
  return entry("values/units", rescales.size > 1 ? "handled" : "passed", {
    stated: order.every((header) => header.format.rescaleType === "HU"),
    rescales: rescales.size,
    slope: format.rescaleSlope ?? 1,
    intercept: format.rescaleIntercept ?? 0,
  });
}

function compressionEntry({ order }: VerifiedStack): VerificationEntry {
  const lossy = order.filter((header) => header.lossyImageCompression);
  const ratios = lossy.flatMap(({ lossyRatio }) => lossyRatio ?? []);
  return lossy.length === 0
    ? entry("values/compression", "passed", { syntax: transferSyntaxOf(order[0].transferSyntaxUid).name })
    : entry("values/compression", "attention", {
        ratio: ratios.length > 0 ? rounded(Math.max(...ratios), 1) : "",
        images: lossy.length,
        of: order.length,
      });
}

/**
 * How many acquisitions lie along the stack one after the other; a problem where two of them take turns, since between two
 * moments the patient or the contrast may have moved. Headers without a number decide nothing.
 */
export function acquisitionsAlong(
  order: readonly InstanceHeader[],
  conflict: (a: InstanceHeader, b: InstanceHeader) => Problem,
): Acquisitions | Problem {
  const ended = new Set<string>();
  let current = "";
  let firstEndsAt = 0;
  for (const [k, header] of order.entries()) {
    const { acquisitionNumber: number } = header;
    if (number === "" || number === current) continue;
    if (ended.has(number)) return conflict(order[k - 1], header);
    if (current !== "" && firstEndsAt === 0) firstEndsAt = k;
    ended.add(number);
    current = number;
  }
  return { count: Math.max(1, ended.size), firstEndsAt };
}
