// Values that are not HU (cone-beam CT of an angiography suite): how they are recognised, and how they are put on a relative scale on
// which soft tissue and air stand where HU would have them, so that contrast decides. No figure of it is ever shown or exported as HU.
import { type Result, fail, ok, problem } from "#core/problem";
import type { VoxelGrid } from "#core/space";
import type { RelativeScale } from "#core/volume";
import type { InstanceHeader } from "./instance-header.ts";
import { XRAY_3D_ANGIOGRAPHIC } from "./sop-class.ts";

/**
 * Why the values of this image are not HU, from its header; null where they are. "US" is DICOM's "unspecified" (PS3.3 C.11.1.1.2); an
 * X-Ray 3D Angiographic image has no unit of its own (A.53), and one without a rescale has none at all.
 */
export function uncalibratedReason({ sopClassUid, format }: InstanceHeader): RelativeScale["because"] | null {
  if (format.stored) return format.stored;
  if (format.rescaleType === "US") return "unit-unspecified";
  if (format.rescaleType !== "") return null;
  if (sopClassUid === XRAY_3D_ANGIOGRAPHIC) return "cone-beam-object";
  return format.rescaleSlope === null || format.rescaleIntercept === null ? "no-rescale" : null;
}

/** The header as it is; where its values are no HU, with the stored values as they are. */
export function asStoredValues(header: InstanceHeader): InstanceHeader {
  const because = uncalibratedReason(header);
  if (because === null) return header;
  const { format } = header;
  // 16 unsigned bits are moved down, to fit 16 signed ones.
  const rescaleIntercept = !format.signed && format.bitsStored > 15 ? -32_768 : 0;
  return {
    ...header,
    asRead: header,
    format: { ...format, stored: because, rescaleSlope: 1, rescaleIntercept },
  };
}

/** The slices, those without HU with stored values; refused ("stack/not-hounsfield-some") where others of them have HU. */
export function inOneUnit(slices: readonly InstanceHeader[]): Result<readonly InstanceHeader[]> {
  const values = slices.map(asStoredValues);
  const [relative, other] = [true, false].map((is) => values.find(({ format }) => !format.stored !== is));
  return relative && other
    ? fail(
        problem("stack/not-hounsfield-some", {
          fileName: relative.fileName,
          otherFileName: other.fileName,
        }),
      )
    : ok(values);
}

/** Fewer voxels than these say nothing about what they are. */
const LEAST_VOXELS = 200_000;
/** No CT of a patient is without fat and gas: values that all lie above this are no HU, whatever the header says. */
const LEAST_HU = -40;
const CONTRAST_HU = 600;

/** Whether values that pass for HU cannot be: nothing as dark as fat, and much that is brighter. */
function cannotBeHu(values: Int16Array): boolean {
  if (values.length < LEAST_VOXELS) return false;
  let highest = -32768;
  for (const value of values) {
    if (value < LEAST_HU) return false;
    if (value > highest) highest = value;
  }
  return highest > CONTRAST_HU;
}

const AIR = -1000;
const SOFT_TISSUE = 50;
/** Bins of the histogram between the darkest 0.02 % and the brightest 0.05 % of the values. */
const BINS = 256;
/** A mode holds at least this share of the voxels, and the valley beside it at most this share of the mode. */
const MODE_SHARE = 0.02;
const VALLEY = 0.2;
/** Soft tissue lies at least this share of the range above air; fat does not lie that far below it. */
const APART = 0.12;
/** Gas in the bowel is a mode too, if a small one: it stands out from what lies between it and soft tissue at least so far. */
const GAS_SHARE = 0.0008;
const GAS_VALLEY = 0.5;
/** The darkest voxels are gas, and not the noise of fat, where they lie this many standard deviations of soft tissue below it. */
const GAS_SIGMAS = 8;
/** Standard deviation as a share of the half width at half maximum of a normal distribution. */
const SIGMA_OF_HALF_WIDTH = 1 / Math.sqrt(2 * Math.LN2);

/** Why a volume's values are no HU: its slices say so, or the values do. */
export const whyNoHu = (
  order: readonly InstanceHeader[],
  values: Int16Array,
): RelativeScale["because"] | null =>
  order[0]?.format.stored ?? (cannotBeHu(values) ? "values-cannot-be-hu" : null);

export interface OnRelativeScale {
  readonly scale: RelativeScale;
  /** From a value as it was to the relative one. */
  readonly scaled: (value: number) => number;
}

/**
 * Puts values (`[k][j][i]`) on the relative scale, in place: air and the largest mode well above it, soft tissue, become -1000 and 50.
 * Both are looked for inside the round field; what is stored outside it, which nothing measured, stands for air only where there is none
 * inside, and the scale says so. Fails ("load/no-relative-scale") where there are not both: without them nothing tells cement from bone.
 * `intercept`: what was added to the stored values.
 */
export function toRelativeScale(
  values: Int16Array,
  { columns, rows }: Pick<VoxelGrid, "columns" | "rows">,
  because: RelativeScale["because"],
  intercept: number,
): Result<OnRelativeScale> {
  const found = airAndTissue(values, columns, rows);
  if (!found) return fail(problem("load/no-relative-scale"));
  const { air, tissue, airOutside } = found;
  const slope = (SOFT_TISSUE - AIR) / (tissue - air);
  const scaled = (value: number): number =>
    Math.max(-32_768, Math.min(32_767, Math.round(AIR + (value - air) * slope)));
  for (let n = 0; n < values.length; n++) values[n] = scaled(values[n]);
  return ok({
    scale: {
      because,
      air: Math.round(air - intercept),
      tissue: Math.round(tissue - intercept),
      ...(airOutside ? { airOutside } : {}),
    },
    scaled,
  });
}

/** How often each value occurs inside the field, and the value outside it (null: the field fills the matrix). */
interface FieldValues {
  /** By value + 32768. */
  readonly counts: Uint32Array;
  readonly voxels: number;
  readonly outside: number | null;
}

/**
 * The field of a slice is the smallest circle about its middle outside which all voxels hold the value of its corners. Room air that is
 * the same everywhere is left out with it; what of it lies within the circle is enough.
 */
function insideField(values: Int16Array, columns: number, rows: number): FieldValues {
  const counts = new Uint32Array(65_536);
  const size = columns * rows;
  const offX = Float64Array.from(
    { length: columns },
    (_, i) => ((2 * i) / Math.max(1, columns - 1) - 1) ** 2,
  );
  const offY = Float64Array.from({ length: rows }, (_, j) => ((2 * j) / Math.max(1, rows - 1) - 1) ** 2);
  let voxels = 0;
  let outside: number | null = null;
  for (let start = 0; start < values.length; start += size) {
    const corner = values[start];
    let radius = 0;
    for (let j = 0, n = start; j < rows; j++)
      for (let i = 0; i < columns; i++, n++)
        if (values[n] !== corner) radius = Math.max(radius, offX[i] + offY[j]);
    for (let j = 0, n = start; j < rows; j++)
      for (let i = 0; i < columns; i++, n++) {
        if (offX[i] + offY[j] > radius) continue;
        counts[values[n] + 32_768]++;
        voxels++;
      }
    // A last corner alone is no field.
    if (radius > 0 && radius < 1.8) outside = Math.min(outside ?? corner, corner);
  }
  return { counts, voxels, outside };
}

interface AirAndTissue {
  readonly air: number;
  readonly tissue: number;
  readonly airOutside: boolean;
}

/** Null where soft tissue has no mode that stands well above air. */
function airAndTissue(values: Int16Array, columns: number, rows: number): AirAndTissue | null {
  const { counts, voxels, outside } = insideField(values, columns, rows);
  const quantile = (share: number): number => {
    let left = share * voxels;
    for (let n = 0; n < counts.length; n++) {
      left -= counts[n];
      if (left <= 0) return n - 32_768;
    }
    return 32_767;
  };
  const [low, high] = [quantile(0.0002), quantile(0.9995)];
  if (high - low < 16) return null;
  const width = (high - low) / BINS;
  const bins = new Float64Array(BINS + 1);
  for (let value = low; value <= high; value++)
    bins[Math.floor((value - low) / width)] += counts[value + 32_768];
  const smooth = bins.map((_, n) => {
    let sum = 0;
    for (let d = -2; d <= 2; d++) sum += bins[Math.min(BINS, Math.max(0, n + d))];
    return sum / 5;
  });
  const isMode = (n: number, share: number): boolean => {
    for (let d = -4; d <= 4; d++) if ((smooth[n + d] ?? 0) > smooth[n]) return false;
    return smooth[n] * 5 >= share * voxels;
  };
  const modes = [...smooth.keys()].filter((n) => isMode(n, MODE_SHARE));
  const valley = (from: number, to: number): number => Math.min(...smooth.subarray(from, to));
  const brightest = (from: number): number | null =>
    modes
      .filter((n) => n >= from)
      .reduce<number | null>((best, n) => (best === null || smooth[n] > smooth[best] ? n : best), null);
  const valueOf = (bin: number): number => low + (bin + 0.5) * width;

  const tissue = brightest(APART * BINS);
  const standsOut = tissue !== null && valley(0, tissue) <= VALLEY * smooth[tissue];
  const sigma = tissue === null ? 0 : SIGMA_OF_HALF_WIDTH * halfWidth(smooth, tissue);
  if (tissue !== null && standsOut) {
    const below = Math.floor(tissue - Math.max(APART * BINS, GAS_SIGMAS * sigma));
    // Room air where it is in view; else the gas in the bowel, of which the middle of the largest holds most.
    const roomAir = modes.findLast((n) => n <= below);
    const gas = [...smooth.keys()]
      .filter((n) => n <= below && isMode(n, GAS_SHARE) && valley(n, tissue) <= GAS_VALLEY * smooth[n])
      .reduce<number | undefined>(
        (best, n) => (best === undefined || smooth[n] > smooth[best] ? n : best),
        undefined,
      );
    const air = roomAir ?? gas;
    if (air !== undefined) return { air: valueOf(air), tissue: valueOf(tissue), airOutside: false };
    // No more than streaks and the rims of small gas: darker than all that the field holds is at best what lies outside it.
    if (below >= 0 && outside === null) return { air: low, tissue: valueOf(tissue), airOutside: false };
  }
  const only = brightest(0);
  if (only === null || outside === null || outside >= low) return null;
  const isFarBelow = valueOf(only) - outside >= APART * (high - outside);
  return isFarBelow ? { air: outside, tissue: valueOf(only), airOutside: true } : null;
}

/** Bins from a mode to half its height, on the side where that is nearer: fat and marrow widen the other. */
function halfWidth(smooth: Float64Array, mode: number): number {
  const reached = (step: number): number => {
    let n = 0;
    while (
      mode + n * step >= 0 &&
      mode + n * step < smooth.length &&
      smooth[mode + n * step] > smooth[mode] / 2
    )
      n++;
    return n;
  };
  return Math.min(reached(1), reached(-1));
}
