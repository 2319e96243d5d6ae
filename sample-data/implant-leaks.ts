// Leaks shaped on the surface of a real bone: blob, vein, needle track, epidural strip. Millimetres in patient space.
import type { Vec3 } from "#core/space";
import { add, cross, dot, normalize, scale, subtract } from "#core/space";
import type { CleanBone } from "./clean-bone.ts";
import type { LeakRoute, LeakSite } from "./leaks.ts";
import { noiseField } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import type { Solid, TubePoint } from "./shapes.ts";
import { ellipsoid, grownBox, tube, union } from "./shapes.ts";

export interface ImplantedLeak {
  readonly site: LeakSite;
  readonly route: LeakRoute;
  /** Cement outside bone. */
  readonly shape: Solid;
  /** Its way through bone, or null when detached. */
  readonly neck: Solid | null;
  readonly attached: boolean;
}

/** First point along a ray from inside where the filled bone ends and stays ended for 6 mm; null within `reachMm`. */
export function exitPoint(bone: CleanBone, from: Vec3, direction: Vec3, reachMm: number): Vec3 | null {
  for (let mm = 1; mm < reachMm; mm += 0.5) {
    const p = add(from, scale(direction, mm));
    if (bone.surfaceMm(p) < 0) continue;
    if (bone.surfaceMm(add(from, scale(direction, mm + 6))) > 3) return p;
  }
  return null;
}

function perpendicular(direction: Vec3): readonly [Vec3, Vec3] {
  const helper: Vec3 = Math.abs(direction[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0];
  const a = normalize(cross(helper, direction));
  return [a, cross(direction, a)];
}

const tilted = (direction: Vec3, random: Random, by: number): Vec3 => {
  const [a, b] = perpendicular(direction);
  return normalize(add(direction, add(scale(a, random.between(-by, by)), scale(b, random.between(-by, by)))));
};

const neckFrom = (from: Vec3, to: Vec3, radiusMm: number): Solid =>
  tube([
    { at: from, radiusMm },
    { at: to, radiusMm },
  ]);

/** A plaque or blob on the pelvic surface. */
export function presacralBlob(
  bone: CleanBone,
  centre: Vec3,
  random: Random,
  seed: number,
): ImplantedLeak | null {
  const surface = exitPoint(bone, centre, tilted([0, -1, 0], random, 0.45), 40);
  if (!surface) return null;
  const normal = bone.outward(surface);
  const height = random.between(1.6, 4.5);
  const [a, b] = [random.between(2.5, 7), random.between(2.5, 7)];
  const [u, v] = perpendicular(normal);
  const middle = add(surface, scale(normal, height * 0.45));
  const rough = noiseField(seed, "implanted blob");
  const distance = (x: number, y: number, z: number) => {
    const p = subtract([x, y, z], middle);
    const d =
      ellipsoid(dot(p, u), dot(p, v), dot(p, normal), a, b, height) + 0.5 * rough(x / 2.5, y / 2.5, z / 2.5);
    return Math.max(0.8 * d, -bone.surfaceMm([x, y, z]));
  };
  const attached = random.chance(0.75);
  return {
    site: "anterior_sacral_space",
    route: "cortical_defect",
    shape: { distance, box: grownBox({ min: middle, max: middle }, Math.max(a, b, height) + 1) },
    neck: attached ? neckFrom(centre, middle, random.between(0.9, 1.8)) : null,
    attached,
  };
}

/** A vein on the pelvic surface: a walk that keeps its distance from bone, sometimes branching, sometimes beaded. */
export function sacralVein(
  bone: CleanBone,
  centre: Vec3,
  midlineX: number,
  random: Random,
): ImplantedLeak | null {
  const start = exitPoint(bone, centre, tilted([0, -1, 0], random, 0.5), 40);
  if (!start) return null;
  const radius = random.between(0.8, 1.7);
  const walk = (from: Vec3, direction: Vec3, lengthMm: number): TubePoint[] => {
    const points: TubePoint[] = [];
    let at = from;
    let heading = direction;
    for (let mm = 0; mm < lengthMm; mm += 1) {
      const normal = bone.outward(at);
      const off = bone.surfaceMm(at);
      at = add(at, scale(normal, radius + 0.5 - off));
      points.push({ at, radiusMm: radius * random.between(0.85, 1.1) });
      const bent = tilted(heading, random, 0.25);
      heading = normalize(subtract(bent, scale(normal, dot(bent, normal))));
      at = add(at, heading);
    }
    return points;
  };
  const inward = Math.sign(midlineX - start[0]);
  const trunk = walk(
    start,
    normalize([inward * random.between(0.2, 1), 0, random.between(-1, 0.4)]),
    random.between(10, 34),
  );
  const solids: Solid[] = [];
  const beaded = random.chance(0.35);
  if (beaded) {
    for (let n = 0; n + 2 < trunk.length;) {
      const span = Math.round(random.between(4, 10));
      solids.push(tube(trunk.slice(n, Math.min(trunk.length, n + span))));
      n += span + Math.round(random.between(2, 4));
    }
  } else solids.push(tube(trunk));
  if (random.chance(0.4) && trunk.length > 12) {
    const fork = trunk[Math.floor(trunk.length / 2)];
    solids.push(tube(walk(fork.at, normalize([inward, 0, random.between(-1, 1)]), random.between(6, 14))));
  }
  const whole = union(solids);
  const attached = random.chance(0.55);
  return {
    site: "sacral_venous_plexus",
    route: "vein",
    shape: {
      distance: (x, y, z) => Math.max(whole.distance(x, y, z), -bone.surfaceMm([x, y, z])),
      box: whole.box,
    },
    neck: attached ? neckFrom(centre, trunk[0].at, random.between(0.8, 1.3)) : null,
    attached,
  };
}

/** A straight column outside bone along the needle: from behind, or from the side through the ilium. */
export function needleTrack(
  bone: CleanBone,
  centre: Vec3,
  side: number,
  random: Random,
): ImplantedLeak | null {
  const lateral = random.chance(0.15);
  const aim: Vec3 = lateral
    ? [side, 0.25, 0]
    : normalize([side * random.between(-0.25, 0.35), 1, random.between(-0.35, 0.35)]);
  const direction = tilted(aim, random, 0.12);
  const entry = exitPoint(bone, centre, direction, lateral ? 90 : 60);
  if (!entry) return null;
  const lengthMm = random.between(7, 26);
  const radiusMm = random.between(0.9, 1.6);
  const detached = random.chance(0.2);
  const from = add(entry, scale(direction, detached ? 3 : -0.5));
  const points: TubePoint[] = [];
  for (let mm = 0; mm <= lengthMm; mm += 1.5)
    points.push({ at: add(from, scale(direction, mm)), radiusMm: radiusMm * random.between(0.9, 1.1) });
  const column = tube(points);
  return {
    site: "puncture_path",
    route: "needle_track",
    shape: {
      distance: (x, y, z) => Math.max(column.distance(x, y, z), -bone.surfaceMm([x, y, z])),
      box: column.box,
    },
    neck: detached ? null : neckFrom(lateral ? add(entry, scale(direction, -8)) : centre, entry, radiusMm),
    attached: !detached,
  };
}

/** A strip on the front wall of the canal; `canal` is its middle line from above to below. */
export function epiduralStrip(
  bone: CleanBone,
  centre: Vec3,
  canal: readonly Vec3[],
  random: Random,
): ImplantedLeak | null {
  const middleAt = (z: number): Vec3 | null => {
    for (let n = 1; n < canal.length; n++) {
      const [a, b] = [canal[n - 1], canal[n]];
      if ((a[2] - z) * (b[2] - z) > 0) continue;
      const t = (z - a[2]) / (b[2] - a[2] || 1);
      const guess: Vec3 = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), z];
      // the pointed-out places are good to a few millimetres: the darkest place near them is the sac
      const darkness = (y: number) =>
        [-3, 0, 3].reduce(
          (sum, x) => sum + [-1.5, 0, 1.5].reduce((s, dy) => s + bone.hu([guess[0] + x, y + dy, z]), 0),
          0,
        );
      let best = guess[1];
      for (let y = guess[1] - 5; y <= guess[1] + 8; y += 0.5) if (darkness(y) < darkness(best)) best = y;
      return [guess[0], best, z];
    }
    return null;
  };
  const z0 = Math.min(Math.max(centre[2] + random.between(-6, 6), canal[canal.length - 1][2]), canal[0][2]);
  const lengthMm = random.between(7, 22);
  const side = Math.sign(centre[0] - (middleAt(z0)?.[0] ?? 0));
  const offset = side * random.between(0, 7);
  const radiusMm = random.between(1, 2.2);
  const points: TubePoint[] = [];
  for (let z = z0 - lengthMm / 2; z <= z0 + lengthMm / 2; z += 1) {
    const middle = middleAt(z);
    if (!middle) continue;
    const start: Vec3 = [middle[0] + offset, middle[1], z];
    if (bone.hu(start) > 170) continue;
    let wall = 0;
    while (wall < 12 && bone.hu([start[0], start[1] - wall, z]) < 170) wall += 0.4;
    if (wall >= 12) continue;
    points.push({
      at: [start[0], start[1] - wall + radiusMm + 0.3, z],
      radiusMm: radiusMm * random.between(0.85, 1.1),
    });
  }
  if (points.length < 5) return null;
  const strip = tube(points);
  const attached = random.chance(0.6);
  return {
    site: "anterior_epidural_space",
    route: attached ? "cortical_defect" : "vein",
    shape: strip,
    neck: attached
      ? neckFrom(centre, points[Math.floor(points.length / 2)].at, random.between(0.8, 1.3))
      : null,
    attached,
  };
}
