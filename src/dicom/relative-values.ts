// Values that are not HU (cone-beam CT of an angiography suite): how they are recognised, and how they are put on a relative scale on
// which soft tissue and air stand where HU would have them, so that contrast decides. No figure of it is ever shown or exported as HU.
import { type Result, fail, ok, problem } from "#core/problem";
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
/** Bins of the histogram between the darkest and brightest 0.05 % of the values. */
const BINS = 256;
/** A mode holds at least this share of the voxels, and the valley beside it at most this share of the mode. */
const MODE_SHARE = 0.02;
const VALLEY = 0.2;
/** Soft tissue lies at least this share of the range above air; fat does not lie that far below it. */
const APART = 0.12;

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
 * Puts values on the relative scale, in place: air and the largest mode well above it, soft tissue, become -1000 and 50. Fails
 * ("load/no-relative-scale") where there are not both: without them nothing tells cement from bone. `intercept`: what was added to the
 * stored values.
 */
export function toRelativeScale(
  values: Int16Array,
  because: RelativeScale["because"],
  intercept: number,
): Result<OnRelativeScale> {
  const modes = airAndTissue(values);
  if (!modes) return fail(problem("load/no-relative-scale"));
  const [air, tissue] = modes;
  const slope = (SOFT_TISSUE - AIR) / (tissue - air);
  const scaled = (value: number): number =>
    Math.max(-32_768, Math.min(32_767, Math.round(AIR + (value - air) * slope)));
  for (let n = 0; n < values.length; n++) values[n] = scaled(values[n]);
  return ok({
    scale: { because, air: Math.round(air - intercept), tissue: Math.round(tissue - intercept) },
    scaled,
  });
}

/** Values of air and soft tissue; null where soft tissue has no mode that stands well above the darkest values. */
function airAndTissue(values: Int16Array): readonly [number, number] | null {
  const counts = new Uint32Array(65_536);
  for (const value of values) counts[value + 32_768]++;
  const quantile = (share: number): number => {
    let left = share * values.length;
    for (let n = 0; n < counts.length; n++) {
      left -= counts[n];
      if (left <= 0) return n - 32_768;
    }
    return 32_767;
  };
  const [low, high] = [quantile(0.0005), quantile(0.9995)];
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
  const modes = [...smooth.keys()].filter((n) => {
    for (let d = -4; d <= 4; d++) if ((smooth[n + d] ?? 0) > smooth[n]) return false;
    return smooth[n] * 5 >= MODE_SHARE * values.length;
  });
  const tissue = modes
    .filter((n) => n >= APART * BINS)
    .reduce<number | null>((best, n) => (best === null || smooth[n] > smooth[best] ? n : best), null);
  if (tissue === null || Math.min(...smooth.subarray(0, tissue)) > VALLEY * smooth[tissue]) return null;
  // Room air where it is in view; else what lies outside the round field, or the gas in the bowel: the darkest that there is.
  const air = modes.findLast((n) => n <= tissue - APART * BINS);
  return [air === undefined ? low : low + (air + 0.5) * width, low + (tissue + 0.5) * width];
}
