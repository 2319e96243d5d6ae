// HU that a part's cement would have without the scanner's blur, from how much it loses when it is blurred once more.
import type { VoxelGrid } from "#core/space";
import { spacingMm } from "#core/space";
import type { VoxelBox } from "#voxels/mask";

export interface BlurredPlateau {
  /** HU above what lies behind. */
  readonly contrastHu: number;
  /** Share of it that the middle of the part still shows. */
  readonly kept: number;
}

/** The point spread of a usual kernel in the slice, one standard deviation. */
const SIGMA_MM = 0.62;
/** The middle of a part: this share of its voxels, those that stay brightest when blurred. */
const MIDDLE = 0.3;
/** Blur is worked out this far from the part. */
const AROUND_MM = 3;
/** Nothing is this far below its surroundings but noise and gas, HU. */
const LEAST_HU = -150;

/** erf for x >= 0 to 2e-7 (Abramowitz and Stegun 7.1.26). */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 1 - series * Math.exp(-x * x);
}

/**
 * A rod or a sheet thinner than the blur never reaches its plateau. How thin it is shows in how much its middle falls when the image is
 * blurred again by the same and by twice the variance: the half widths (across and along the slice) of the block that falls as much tell
 * the share that the first blur left. `excess` is HU above the background in `[k][j][i]`, `toPart` mm to the part; `own` marks the part's
 * voxels that count. Null where none do.
 */
export function blurredPlateau(
  grid: VoxelGrid,
  box: VoxelBox,
  excess: Float32Array,
  own: Uint8Array,
  toPart: Float32Array,
): BlurredPlateau | null {
  const [sx, sy] = spacingMm(grid);
  const nx = box.i1 - box.i0;
  const ny = box.j1 - box.j0;
  const sharp = excess.map((value, at) => (toPart[at] > AROUND_MM ? 0 : Math.max(LEAST_HU, value)));
  const again = (sigmaMm: number): Float32Array =>
    blurAlong(blurAlong(sharp, toPart, 1, nx, sx, sigmaMm), toPart, nx, ny, sy, sigmaMm);
  const once = again(SIGMA_MM);
  const twice = again(SIGMA_MM * Math.SQRT2);
  const values: number[] = [];
  for (let at = 0; at < own.length; at++) if (own[at] === 1) values.push(once[at]);
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const least = values[Math.min(values.length - 1, Math.floor((1 - MIDDLE) * values.length))];
  let count = 0;
  let [e0, e1, e2] = [0, 0, 0];
  for (let at = 0; at < own.length; at++) {
    if (own[at] === 0 || once[at] < least) continue;
    count++;
    e0 += sharp[at];
    e1 += once[at];
    e2 += twice[at];
  }
  if (e0 <= 0) return null;
  const kept = keptOf(e1 / e0, e2 / e0, SIGMA_MM ** 2 + (sx * sy) / 12);
  return { contrastHu: e0 / count / kept, kept };
}

/** Share left in the middle of a block by a blur of `variance`, when one and two more of `SIGMA_MM` leave `once` and `twice` of that. */
function keptOf(once: number, twice: number, variance: number): number {
  const spreads = [0, 1, 2].map((more) => Math.sqrt(2 * (variance + more * SIGMA_MM ** 2)));
  const halves = Array.from({ length: 58 }, (_, n) => 0.3 * 1.06 ** n);
  const shares = halves.map((half) => spreads.map((spread) => erf(half / spread)));
  let kept = 1;
  let nearest = Infinity;
  for (let a = 0; a < shares.length; a++)
    for (let b = a; b < shares.length; b++) {
      const [p0, p1, p2] = shares[a].map((share, n) => share * shares[b][n]);
      const off = (p1 / p0 - once) ** 2 + (p2 / p0 - twice) ** 2;
      if (off < nearest) [nearest, kept] = [off, p0];
    }
  return kept;
}

function blurAlong(
  from: Float32Array,
  toPart: Float32Array,
  stride: number,
  count: number,
  spacing: number,
  sigmaMm: number,
): Float32Array {
  const reach = Math.max(1, Math.ceil((3 * sigmaMm) / spacing));
  const weights = Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-0.5 * (((n - reach) * spacing) / sigmaMm) ** 2),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  const out = new Float32Array(from.length);
  for (let at = 0; at < from.length; at++) {
    if (toPart[at] > AROUND_MM) continue;
    const n = Math.floor(at / stride) % count;
    let sum = 0;
    for (let d = Math.max(-reach, -n); d <= Math.min(reach, count - 1 - n); d++)
      sum += weights[d + reach] * from[at + d * stride];
    out[at] = sum / total;
  }
  return out;
}
