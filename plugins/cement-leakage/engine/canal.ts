// The spinal and sacral canal: its middle line followed from slice to slice, and the space inside its walls.
import type { Vec3 } from "#core/space";
import type { BoneEnvelope } from "./bone-envelope.ts";
import type { Midline } from "./side.ts";
import type { WorkingVolume } from "./working-volume.ts";

export interface Canal {
  /** Patient points of the middle line, one per working slice where it was found, from below to above. */
  readonly middle: readonly Vec3[];
  /** The same before it was drawn straight: for who smooths it himself, over a bend. */
  readonly followed: readonly Vec3[];
  /** 1 inside the canal, per working voxel. */
  readonly inside: Uint8Array;
  /** Middle of the canal at a height (patient z), or null beyond its ends by more than 12 mm. */
  middleAt(z: number): Vec3 | null;
}

const ANGLES = 24;
const REACH_MM = 17;
/** Over this far either way the canal is as good as straight: at a sacrum's bend of 60 mm radius it leaves the line by 1.2 mm. */
const STRAIGHT_MM = 12;

interface Spot {
  readonly score: number;
  readonly reachMm: Float32Array;
}

/**
 * Follows the canal in the median plane: in each axial slice the place that is dark and walled in on most sides, most of all in front
 * and behind; the smoothest chain of such places wins (dynamic programming). Cement is looked through. Null where no canal is seen.
 */
export function findCanal(work: WorkingVolume, envelope: BoneEnvelope, midline: Midline): Canal | null {
  const { grid, hu, hidden } = work;
  const { columns: nx, rows: ny, slices: nz } = grid;
  const step = grid.columnSpacingMm;
  const first = grid.slicePositions[0];
  const wallHu = envelope.boneHu + 45;
  const xAt = (y: number, z: number) =>
    (midline.offsetMm - midline.leftward[1] * y - midline.leftward[2] * z) / midline.leftward[0];
  const index = (x: number, y: number, k: number) => {
    const i = Math.round((x - first[0]) / step);
    const j = Math.round((y - first[1]) / step);
    return i < 0 || j < 0 || i >= nx || j >= ny ? -1 : (k * ny + j) * nx + i;
  };
  const directions = Array.from({ length: ANGLES }, (_, a) => {
    const angle = (2 * Math.PI * a) / ANGLES;
    return [Math.sin(angle), Math.cos(angle)] as const; // a = 0 looks backwards (+y)
  });
  const spot = (x: number, y: number, k: number): Spot => {
    const reachMm = new Float32Array(ANGLES).fill(Infinity);
    let dark = 0;
    let bright = 0;
    for (const [dx, dy] of [
      [0, 0],
      [2, 0],
      [-2, 0],
      [0, 2],
      [0, -2],
    ]) {
      const at = index(x + dx, y + dy, k);
      if (at < 0 || hidden[at] === 1) continue;
      if (hu[at] > wallHu) bright++;
      else if (hu[at] < envelope.boneHu) dark++;
    }
    let hits = 0;
    let behind = 0;
    let front = 0;
    let nearest = REACH_MM;
    directions.forEach(([dx, dy], a) => {
      for (let mm = 1; mm <= REACH_MM; mm += 1) {
        const at = index(x + dx * mm, y + dy * mm, k);
        if (at < 0) break;
        if (hidden[at] === 1 || hu[at] < wallHu) continue;
        reachMm[a] = mm;
        hits++;
        if (dy > 0.75) behind++;
        if (dy < -0.75) front++;
        nearest = Math.min(nearest, mm);
        break;
      }
    });
    const walls = hits / ANGLES + 0.7 * (Math.min(5, behind) / 5) + 0.5 * (Math.min(5, front) / 5);
    const score = walls + 0.1 * Math.min(nearest, 5) + 0.1 * dark - 0.35 * bright;
    return { score, reachMm };
  };

  // score of each (slice, row) in the median plane
  const scores: Float32Array[] = [];
  for (let k = 0; k < nz; k++) {
    const z = first[2] + k * step;
    const row = new Float32Array(ny).fill(-1);
    for (let j = 4; j < ny - 4; j++) {
      const y = first[1] + j * step;
      const x = xAt(y, z);
      const at = index(x, y, k);
      // only where bone or its filling surrounds; the open pelvis and the back are out
      if (at < 0 || envelope.surface[at] > 2) continue;
      row[j] = spot(x, y, k).score;
    }
    scores.push(row);
  }
  const chain = smoothestPath(scores, Math.max(2, Math.round(3 / step)));
  const good = Array.from(chain, (j, k) => scores[k][j] > 1.7);
  // at the height of a disc the canal is open to the foramina and to the back: the chain bridges it
  const [from, to] = longestRun(good, Math.round(24 / step));
  if (to - from < 8) return null;
  const path = straightened(chain, from, to, Math.round(STRAIGHT_MM / step));

  const reaches: Float32Array[] = [];
  const middle: Vec3[] = [];
  const followed: Vec3[] = [];
  const placeOn = (line: ArrayLike<number>, k: number): Vec3 => {
    const z = first[2] + k * step;
    const y = first[1] + line[k] * step;
    return [xAt(y, z), y, z];
  };
  for (let k = from; k < to; k++) {
    const [x, y, z] = placeOn(path, k);
    middle.push([x, y, z]);
    followed.push(placeOn(chain, k));
    reaches.push(spot(x, y, k).reachMm);
  }
  const inside = new Uint8Array(hu.length);
  middle.forEach(([x, y], n) => {
    const k = from + n;
    const limit = directions.map((_, a) => wallDistance(reaches, n, a));
    const span = Math.ceil(15 / step);
    for (let dj = -span; dj <= span; dj++)
      for (let di = -span; di <= span; di++) {
        const mm = Math.hypot(di, dj) * step;
        const at = index(x + di * step, y + dj * step, k);
        if (at < 0 || mm > 15 || (hu[at] >= wallHu && hidden[at] === 0)) continue;
        const turn = (Math.atan2(di, dj) / (2 * Math.PI)) * ANGLES;
        const a = (Math.round(turn) + ANGLES) % ANGLES;
        if (mm < limit[a] - 0.3) inside[at] = 1;
      }
  });
  return {
    middle,
    followed,
    inside,
    middleAt: (z) => {
      const at = (z - middle[0][2]) / step;
      if (at < -12 / step || at > middle.length - 1 + 12 / step) return null;
      return middle[Math.max(0, Math.min(middle.length - 1, Math.round(at)))];
    },
  };
}

/**
 * The chain with each of its places on the line through those of `reach` slices either way (Theil-Sen: the median of all slopes, then of
 * all heights). A canal bends over centimetres; cement on one wall shifts what is left of it over as many slices as it is long.
 */
function straightened(chain: ArrayLike<number>, from: number, to: number, reach: number): Float32Array {
  const out = Float32Array.from(chain);
  for (let k = from; k < to; k++) {
    const [low, high] = [Math.max(from, k - reach), Math.min(to - 1, k + reach)];
    const slopes: number[] = [];
    for (let a = low; a < high; a++)
      for (let b = a + 1; b <= high; b++) slopes.push((chain[b] - chain[a]) / (b - a));
    const slope = median(slopes);
    const heights: number[] = [];
    for (let a = low; a <= high; a++) heights.push(chain[a] - slope * (a - k));
    out[k] = median(heights);
  }
  return out;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Middle value of the wall's distance at this angle, its neighbours and its mirror image, over a few slices: holes and cement drop out. */
function wallDistance(reaches: readonly Float32Array[], n: number, a: number): number {
  const values: number[] = [];
  for (let m = Math.max(0, n - 3); m <= Math.min(reaches.length - 1, n + 3); m++)
    for (const angle of [a, a + 1, a - 1, -a, -a + 1, -a - 1]) {
      const value = reaches[m][(angle + 2 * ANGLES) % ANGLES];
      if (Number.isFinite(value)) values.push(value);
    }
  if (values.length < 6) return 6;
  values.sort((p, q) => p - q);
  return Math.min(14, values[Math.floor(values.length * 0.42)]);
}

/** Row of each slice on the chain with the highest total score, moving at most `reach` rows from slice to slice. */
function smoothestPath(scores: readonly Float32Array[], reach: number): Int32Array {
  const count = scores[0].length;
  const back: Int16Array[] = [];
  let total = scores[0].slice();
  for (let k = 1; k < scores.length; k++) {
    const next = new Float32Array(count);
    const from = new Int16Array(count);
    for (let j = 0; j < count; j++) {
      let best = -1e9;
      for (let d = -reach; d <= reach; d++) {
        const m = j + d;
        if (m < 0 || m >= count) continue;
        const value = total[m] - 0.12 * Math.abs(d);
        if (value > best) [best, from[j]] = [value, m];
      }
      next[j] = best + scores[k][j];
    }
    back.push(from);
    total = next;
  }
  const path = new Int32Array(scores.length);
  let j = total.indexOf(total.reduce((a, b) => Math.max(a, b), -Infinity));
  for (let k = scores.length - 1; k >= 0; k--) {
    path[k] = j;
    if (k > 0) j = back[k - 1][j];
  }
  return path;
}

/** Longest stretch of true values; gaps of up to `gap` are bridged. */
function longestRun(good: readonly boolean[], gap: number): [number, number] {
  let best: [number, number] = [0, 0];
  let start = -1;
  let last = -100;
  good.forEach((value, k) => {
    if (!value) return;
    if (k - last > gap + 1) start = k;
    last = k;
    if (last + 1 - start > best[1] - best[0]) best = [start, last + 1];
  });
  return best;
}
