// Cement in an ala lesion: the cavity, the cast that fills it and creeps between trabeculae, and what cement weighs in HU.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import { noiseField } from "./seeded-noise.ts";
import type { Noise, Random } from "./seeded-noise.ts";
import type { Layer } from "./render.ts";
import { clamp, ellipsoid, grownBox } from "./shapes.ts";
import type { Box, Distance, Solid } from "./shapes.ts";

export type SideSign = -1 | 1;
export const sideName = (sign: SideSign): "left" | "right" => (sign > 0 ? "left" : "right");

/** How disease changed the bone that is filled. */
export type LesionKind = "cavity" | "destroyed" | "sclerotic" | "no change";

/** A treated lesion of any bone: its own cement, and layers that repaint the bone round it. */
export interface TreatedLesion {
  readonly lesionId: string;
  readonly bone: "sacrum" | "vertebra";
  readonly vertebra: string | null;
  readonly side: "left" | "right" | "midline";
  /** Sacral levels 1 to 5; empty for a vertebra. */
  readonly levels: readonly number[];
  readonly centreMm: Vec3;
  /** Cement of the lesion itself, kept under the cortex. */
  readonly cast: Solid;
  readonly layers: readonly Layer[];
}

/** A treated lesion in the ala. */
export interface AlaLesion extends TreatedLesion {
  readonly sideSign: SideSign;
  readonly level: 1 | 2;
  /** Sacral coordinates (x, v, s) in mm. */
  readonly centre: Vec3;
}

export interface LesionSettings {
  readonly lesionId: string;
  readonly side: SideSign;
  readonly level: 1 | 2;
  readonly kind: LesionKind;
  /** 1 is a cast of 3 to 6 mL. */
  readonly size: number;
  /** How far under the cortex the cement stays. */
  readonly coverMm: number;
}

export function makeAlaLesion(
  sacrum: Sacrum,
  settings: LesionSettings,
  seed: number,
  random: Random,
): AlaLesion {
  const { side, level, size } = settings;
  const { width, height, depth } = sacrum.parameters;
  const middle = level === 1 ? 15.5 : 44;
  const centre: Vec3 = [
    side * (level === 1 ? random.between(33, 37) : random.between(29, 32)) * width,
    (random.between(-1, 3) + (settings.kind === "destroyed" ? 3 : 0)) * depth,
    (middle + random.between(-2, 2)) * height,
  ];
  const radii: Vec3 = [
    random.between(9.5, 12.5) * size,
    random.between(9, 11.5) * size,
    random.between(9.5, 12.5) * size * (level === 1 ? 1 : 0.85),
  ];
  const centreMm = sacrum.frame.patientFromSacral(...centre);
  const coarse = noiseField(seed, `cast ${settings.lesionId}`);
  const fine = noiseField(seed, `interdigitation ${settings.lesionId}`);
  const blob = (x: number, y: number, z: number) => {
    const s = sacrum.frame.s(y, z);
    const v = sacrum.frame.v(y, z);
    return ellipsoid(x - centre[0], v - centre[1], s - centre[2], ...radii);
  };
  // between intact trabeculae cement is more ragged than in a cavity
  const creep = settings.kind === "cavity" || settings.kind === "destroyed" ? 1.1 : 1.8;
  const cast: Distance = (x, y, z) => {
    const d = blob(x, y, z);
    if (d > 6) return d * 0.5;
    const irregular = 2.4 * coarse(x / 6, y / 6, z / 6) + creep * fine(x / 2.1, y / 2.1, z / 2.1);
    const own = (d + irregular) * 0.55;
    if (own > 1.5) return own;
    const under = d > -12 ? sacrum.bone(x, y, z) + settings.coverMm + 0.5 * fine(x / 3, y / 3, z / 3) : -6;
    return Math.max(own, under * 0.8);
  };
  const reach = Math.max(...radii) + 6;
  const box: Box = {
    min: [centreMm[0] - reach, centreMm[1] - reach, centreMm[2] - reach],
    max: [centreMm[0] + reach, centreMm[1] + reach, centreMm[2] + reach],
  };
  return {
    lesionId: settings.lesionId,
    bone: "sacrum",
    vertebra: null,
    side: sideName(side),
    levels: [level],
    sideSign: side,
    level,
    centre,
    centreMm,
    cast: { distance: cast, box },
    layers: diseaseLayers(sacrum, settings, blob, box, coarse),
  };
}

function diseaseLayers(
  sacrum: Sacrum,
  { kind, side }: LesionSettings,
  blob: Distance,
  box: Box,
  coarse: Noise,
): Layer[] {
  const edge: Distance = (x, y, z) => blob(x, y, z) + 2 * coarse(x / 7 + 4, y / 7, z / 7);
  if (kind === "cavity")
    return [
      {
        distance: (x, y, z) => Math.max(edge(x, y, z) - 1.5, sacrum.bone(x, y, z) + 0.9),
        hu: () => 48,
        box,
      },
    ];
  if (kind === "sclerotic")
    return [
      {
        distance: (x, y, z) => Math.max(edge(x, y, z) - 4.5, sacrum.bone(x, y, z) + 0.5),
        hu: (x, y, z) => 560 + 260 * coarse(x / 4, y / 4, z / 4 + 9),
        box: grownBox(box, 5),
      },
    ];
  if (kind === "destroyed")
    return [
      {
        // the pelvic cortex is gone and soft tissue bulges a few millimetres out
        distance: (x, y, z) => {
          const s = sacrum.frame.s(y, z);
          const ventral = clamp((sacrum.frame.v(y, z) - sacrum.alaFrontMm(s) + 9) / 4, 0, 1);
          const lateral = clamp((sacrum.lateralXMm(sacrum.frame.v(y, z), s) - side * x - 3) / 4, 0, 1);
          const margin = -0.9 + ventral * lateral * 4.5;
          return 0.7 * Math.max(edge(x, y, z) - 3.5, sacrum.bone(x, y, z) - margin);
        },
        hu: (x, y, z) => 46 + 10 * coarse(x / 3, y / 3, z / 3),
        box: grownBox(box, 5),
      },
    ];
  return [];
}

/** HU of cement: uneven mixing, dense clumps of radiopacifier, paler where it mingled with marrow. */
export function cementHu(seed: number, meanHu: number, spreadHu: number): Distance {
  const clumps = noiseField(seed, "cement clumps");
  return (x, y, z) => {
    const n = clumps(x / 5, y / 5, z / 5) + 0.6 * clumps(x / 1.8 + 9, y / 1.8, z / 1.8);
    return Math.max(900, meanHu + spreadHu * n + (n > 0.75 ? 2600 * (n - 0.75) : 0));
  };
}
