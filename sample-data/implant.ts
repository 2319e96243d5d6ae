// Cement, leaks and mimics implanted into a real CT, with the truth: supersampled shapes, blurred as a scanner would.
import type { Vec3 } from "#core/space";
import { add, scale } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import type { CleanBone } from "./clean-bone.ts";
import { cleanBone } from "./clean-bone.ts";
import { fill, maskAbove, paint } from "./fill-voxels.ts";
import type { ImplantedLeak } from "./implant-leaks.ts";
import { implantMimics, mimicsNearBone } from "./implant-mimics.ts";
import { epiduralStrip, needleTrack, presacralBlob, sacralVein } from "./implant-leaks.ts";
import type { LeakSite } from "./leaks.ts";
import { noiseField, seededRandom } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import type { Solid } from "./shapes.ts";
import { grownBox, union } from "./shapes.ts";

/** A real CT and the few places in it that a person pointed out. Patient mm. */
export interface RealAnatomy {
  readonly name: string;
  readonly volume: CtVolume;
  readonly alaLeft: Vec3;
  readonly alaRight: Vec3;
  /** Middle line of the sacral canal, from above to below. */
  readonly canal: readonly Vec3[];
}

export interface ImplantTruthLeak {
  readonly site: LeakSite;
  readonly side: "left" | "right";
  readonly attached: boolean;
  readonly volumeMm3: number;
  /** Voxels at least half filled, and voxels at least a tenth filled. */
  readonly mask: RunMask;
  readonly touched: RunMask;
}

export interface Implant {
  readonly seed: number;
  readonly name: string;
  readonly volume: CtVolume;
  readonly leaks: readonly ImplantTruthLeak[];
  readonly intraosseous: { readonly mask: RunMask; readonly volumeMm3: number };
  readonly mimics: readonly { readonly kind: string; readonly touched: RunMask }[];
}

/** Cement of the lesion: lumps about `centre`, kept `coverMm` under the surface of bone. */
function cast(bone: CleanBone, centre: Vec3, random: Random, seed: number, coverMm: number): Solid {
  const rough = noiseField(seed, "implanted cast");
  const lumps: Solid[] = [];
  const count = 2 + Math.floor(random.between(0, 4));
  for (let n = 0; n < count; n++) {
    const at = add(centre, [random.between(-8, 8), random.between(-5, 5), random.between(-9, 9)]);
    const radius = random.between(4, 8.5);
    lumps.push({
      distance: (x, y, z) => Math.hypot(x - at[0], y - at[1], z - at[2]) - radius,
      box: grownBox({ min: at, max: at }, radius + 2),
    });
  }
  lumps.push({
    distance: (x, y, z) => Math.hypot(x - centre[0], y - centre[1], z - centre[2]) - 5,
    box: grownBox({ min: centre, max: centre }, 6),
  });
  const all = union(lumps);
  return {
    distance: (x, y, z) =>
      Math.max(
        0.7 * (all.distance(x, y, z) + 1.2 * rough(x / 4, y / 4, z / 4)),
        bone.surfaceMm([x, y, z]) + coverMm,
      ),
    box: all.box,
  };
}

/** One case: the same anatomy and seed give the same voxels everywhere. */
export function implant(
  anatomy: RealAnatomy,
  seed: number,
  options: { readonly leaks?: boolean; readonly leakCount?: number } = {},
): Implant {
  const random = seededRandom(seed, `implant ${anatomy.name}`);
  const { grid } = anatomy.volume;
  const middle = scale(add(anatomy.alaLeft, anatomy.alaRight), 0.5);
  const bone = knownBone(anatomy, middle);
  const hu = anatomy.volume.hu.slice();
  const sigmaMm = random.between(0.5, 0.75);
  const side = random.chance(0.5) ? 1 : -1;
  const ala = side > 0 ? anatomy.alaLeft : anatomy.alaRight;
  const centre = add(ala, [random.between(-5, 3) * side, random.between(-3, 3), random.between(-10, 6)]);
  const meanHu = random.between(1250, 2500);
  const grain = noiseField(seed, "implanted cement");
  const cementHu = (p: Vec3) => meanHu * (1 + 0.12 * grain(p[0] / 4, p[1] / 4, p[2] / 4));

  if (random.chance(0.35)) {
    // a lytic lesion: trabeculae and often the near cortex are gone
    const at = centre;
    const radius = random.between(9, 14);
    const lysis: Solid = {
      distance: (x, y, z) =>
        Math.max(Math.hypot(x - at[0], y - at[1], z - at[2]) - radius, bone.surfaceMm([x, y, z]) + 0.3),
      box: grownBox({ min: at, max: at }, radius + 1),
    };
    paint(hu, grid, fill(lysis, grid), () => 45, sigmaMm, random);
  }
  const body = cast(bone, centre, random, seed, random.between(0.6, 2.2));
  const planned: ImplantedLeak[] = [];
  const wanted =
    options.leakCount ??
    (options.leaks === false || random.chance(0.12) ? 0 : 1 + Math.floor(random.between(0, 3.2)));
  const kinds = ["vein", "blob", "track", "epidural"].sort(() => random.next() - 0.5);
  for (const kind of kinds) {
    if (planned.length >= wanted) break;
    const make: Record<string, () => ImplantedLeak | null> = {
      vein: () => sacralVein(bone, centre, middle[0], random),
      blob: () => presacralBlob(bone, centre, random, seed),
      track: () => needleTrack(bone, centre, side, random),
      epidural: () => epiduralStrip(bone, centre, anatomy.canal, random),
    };
    const leak = make[kind]();
    if (leak) planned.push(leak);
  }
  const necks = planned.flatMap((leak) => (leak.neck ? [leak.neck] : []));
  const inner = union([body, ...necks]);
  const intra = fill(
    { distance: (x, y, z) => Math.max(inner.distance(x, y, z), bone.surfaceMm([x, y, z])), box: inner.box },
    grid,
  );
  paint(hu, grid, intra, cementHu, sigmaMm, random);
  const leaks = planned.map((leak): ImplantTruthLeak => {
    const filling = fill(leak.shape, grid);
    const leakHu = random.between(0.8, 1.05);
    paint(hu, grid, filling, (p) => leakHu * cementHu(p), sigmaMm, random);
    return {
      site: leak.site,
      side: side > 0 ? "left" : "right",
      attached: leak.attached,
      volumeMm3: filling.volumeMm3,
      mask: maskAbove(filling, grid, 0.5),
      touched: maskAbove(filling, grid, 0.1),
    };
  });
  const cement = union([inner, ...planned.map((leak) => leak.shape)]);
  const nearBone = seededRandom(seed, `mimics near bone ${anatomy.name}`);
  const mimics = [
    ...implantMimics(bone, middle, side, random),
    ...mimicsNearBone(bone, middle, cement, nearBone),
  ].map(({ kind, solid, hu: mimicHu }) => {
    const filling = fill(solid, grid);
    paint(hu, grid, filling, mimicHu, sigmaMm, random);
    return { kind, touched: maskAbove(filling, grid, 0.1) };
  });
  return {
    seed,
    name: anatomy.name,
    volume: { ...anatomy.volume, hu, clippedAtHu: null },
    leaks,
    intraosseous: { mask: maskAbove(intra, grid, 0.5), volumeMm3: intra.volumeMm3 },
    mimics,
  };
}

const boneOf = new WeakMap<CtVolume, CleanBone>();
function knownBone(anatomy: RealAnatomy, centre: Vec3): CleanBone {
  const known = boneOf.get(anatomy.volume) ?? cleanBone(anatomy.volume, centre);
  boneOf.set(anatomy.volume, known);
  return known;
}
