// Changes of bone that go beyond the treated lesion: an insufficiency fracture, scattered sclerotic metastases, cement of long ago.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import type { Skeleton } from "./bone-tissue.ts";
import { cementHu } from "./cement.ts";
import type { SideSign } from "./cement.ts";
import type { Mimic } from "./mimics.ts";
import { vertebraTopMm } from "./pelvis.ts";
import type { Layer } from "./render.ts";
import { noiseField } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import { ellipsoid, grownBox } from "./shapes.ts";
import type { Distance, Solid } from "./shapes.ts";

/** A fracture of the ala beside the foramina (Denis zone I), from the upper surface down to about S2. */
export interface AlaFracture {
  readonly layers: readonly Layer[];
  /** x (mm) of the fracture on the pelvic surface at s. */
  xAt(s: number): number;
}

export function alaFracture(sacrum: Sacrum, side: SideSign, seed: number, random: Random): AlaFracture {
  const wobble = noiseField(seed, "fracture");
  const start = random.between(25, 28) * sacrum.parameters.width;
  const lean = random.between(-0.12, 0.08);
  const end = random.between(36, 52);
  const xAt = (s: number) => side * (start + lean * (s - 15));
  const plane: Distance = (x, y, z) => {
    const s = sacrum.frame.s(y, z);
    const off =
      side * (x - xAt(s)) + 2.2 * wobble(x / 11, y / 11, z / 11) + 0.8 * wobble(x / 4, y / 4, z / 4);
    return Math.max(Math.abs(off), s - end);
  };
  const box = grownBox({ min: [side * start, 20, -20], max: [side * start, 20, -20] }, 60);
  const within = (gapMm: number, underMm: number): Distance => {
    return (x, y, z) => {
      const d = plane(x, y, z) - gapMm;
      return d > 4 ? d * 0.6 : 0.6 * Math.max(d, sacrum.bone(x, y, z) + underMm);
    };
  };
  return {
    layers: [
      // callus on both sides, then the line through the cortex
      { distance: within(3.2, 1), hu: (x, y, z) => 330 + 130 * wobble(x / 2, y / 2, z / 2), box },
      { distance: within(0.75, -0.4), hu: () => 25, box },
    ],
    xAt,
  };
}

interface Blob {
  readonly at: Vec3;
  readonly radiusMm: number;
}

const blobInBone = ({ at, radiusMm }: Blob, bone: Distance, seed: number, name: string): Solid => {
  const rough = noiseField(seed, name);
  return {
    distance: (x, y, z) => {
      const d =
        0.7 *
        (ellipsoid(x - at[0], y - at[1], z - at[2], radiusMm, radiusMm * 0.85, radiusMm * 0.95) +
          2 * rough(x / 5, y / 5, z / 5));
      return d > 2 ? d : Math.max(d, bone(x, y, z) + 0.4);
    },
    box: grownBox({ min: at, max: at }, radiusMm + 3),
  };
};

/** Sclerotic metastases away from the treated lesion at `treatedMm`. */
export function scleroticMetastases(
  sacrum: Sacrum,
  skeleton: Skeleton,
  treatedMm: Vec3,
  seed: number,
  random: Random,
): Mimic[] {
  const bone: Distance = (x, y, z) =>
    Math.min(sacrum.bone(x, y, z), skeleton.iliac(x, y, z), skeleton.lowestVertebra(x, y, z));
  const taken: Blob[] = [{ at: treatedMm, radiusMm: 18 }];
  const found: Mimic[] = [];
  for (let attempt = 0; attempt < 4000 && found.length < 6; attempt++) {
    const at: Vec3 = [random.between(-90, 90), random.between(-30, 75), random.between(-85, 40)];
    const radiusMm = random.between(4, 9);
    if (bone(...at) > -3) continue;
    if (taken.some((other) => distanceMm(other.at, at) < other.radiusMm + radiusMm + 5)) continue;
    taken.push({ at, radiusMm });
    const dense = random.between(480, 950);
    const grain = noiseField(seed, `metastasis ${found.length}`);
    found.push({
      mimicId: `M${10 + found.length}`,
      kind: "sclerotic_metastasis",
      solid: blobInBone({ at, radiusMm }, bone, seed, `metastasis ${found.length}`),
      hu: (x, y, z) => dense + 170 * grain(x / 3, y / 3, z / 3),
    });
  }
  return found;
}

/** Cement of an earlier vertebroplasty in the body of L5. */
export function previousCement(sacrum: Sacrum, skeleton: Skeleton, seed: number, random: Random): Mimic {
  const at = sacrum.frame.patientFromSacral(
    random.between(-6, 6),
    random.between(14, 19),
    vertebraTopMm(5) + random.between(12, 17),
  );
  const radiusMm = random.between(8.5, 10.5);
  return {
    mimicId: "M20",
    kind: "previous_cement",
    solid: blobInBone({ at, radiusMm }, skeleton.lowestVertebra, seed, "previous cement"),
    hu: cementHu(seed + 7, 1800, 350),
  };
}

const distanceMm = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
