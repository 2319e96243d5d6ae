// What differs from one made-up patient to the next, drawn from the seed.
import { seededRandom } from "./seeded-noise.ts";

/** What varies between patients. mm and HU. */
export interface AnatomyParameters {
  readonly kyphosis: number;
  readonly slopeDegrees: number;
  /** Scales of the sacrum: across, along, and front to back. */
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** Slope of the upper surface of the ala, mm down per mm outwards. */
  readonly alaSlope: number;
  readonly auricularAngleDegrees: number;
  readonly cortexMm: number;
  readonly trabecularHu: number;
  readonly cortexHu: number;
  readonly jointGapMm: number;
  /** Half width, half depth of the trunk at the iliac crests, and thickness of the fat under the skin. */
  readonly trunkMm: readonly [number, number, number];
}

export function drawParameters(seed: number, osteoporotic: boolean): AnatomyParameters {
  const random = seededRandom(seed, "anatomy");
  const vary = (middle: number, fraction: number) => middle * random.between(1 - fraction, 1 + fraction);
  const drawn = {
    kyphosis: vary(1, 0.25),
    slopeDegrees: random.between(33, 46),
    width: vary(1, 0.07),
    height: vary(1, 0.05),
    depth: vary(1, 0.07),
    alaSlope: random.between(0.05, 0.3),
    auricularAngleDegrees: random.between(20, 32),
    cortexMm: random.between(1.05, 1.7),
    trabecularHu: random.between(90, 200),
    cortexHu: random.between(900, 1250),
    jointGapMm: random.between(2, 3),
    trunkMm: [random.between(156, 170), random.between(104, 116), random.between(14, 28)],
  } as const;
  if (!osteoporotic) return drawn;
  return {
    ...drawn,
    cortexMm: random.between(0.5, 0.75),
    trabecularHu: random.between(5, 45),
    cortexHu: random.between(750, 950),
  };
}
