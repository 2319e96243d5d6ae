// Contrast in the vessels: a bright vein looks like cement in it, so what is proposed there drops a step of confidence, and says why.
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { LocalText, SiteId } from "../model/sites.ts";
import type { Candidate } from "./proposal.ts";
import { leftOfMidlineMm, type Midline } from "./side.ts";

/** A vessel in front of the treated bone that is brighter than any without contrast. */
export interface BrightVessel {
  /** Mean HU inside it. */
  readonly hu: number;
  readonly diameterMm: number;
  /** Its middle in the slice where it is most homogeneous. */
  readonly centreMm: Vec3;
}

export interface Contrast {
  /** What the header names; null where it names nothing. */
  readonly agent: string | null;
  readonly vessel: BrightVessel | null;
}

/** Blood without contrast has 40 HU, with it up to 500; cement is brighter. */
const LEAST_HU = 200;
const MOST_HU = 500;
/** Aorta, cava and iliac vessels are this wide; bone and bladder are wider, calcium and noise narrower. */
const WIDTH_MM: readonly [number, number] = [5, 28];
/** They keep in front of the cement's middle within this, and beside the midline within that. */
const IN_FRONT_MM: readonly [number, number] = [8, 110];
const BESIDE_MM = 75;
const ABOVE_AND_BELOW_MM = 70;
const EVERY_MM = 4;
/** Homogeneous: the spread inside, of means over 3 x 3 pixels. */
const MOST_SD_HU = 35;
/** Fat and muscle around: bone has a brighter shell, and a bowel loop gas. */
const RING_MM = 3;
const RING_HU: readonly [number, number] = [-160, 140];
const RING_SHARE = 0.85;
/** A vessel goes on for this long, its middle moving less than that from slice to slice. */
const LEAST_LENGTH_MM = 20;
const DRIFT_MM = 7;
const ROUND = 2.4;

/** The brightest long vessel in front of the cement; null where there is none above 200 HU. */
export function brightVessel(volume: CtVolume, midline: Midline, cementMm: Vec3): BrightVessel | null {
  const { grid } = volume;
  const heightOf = (k: number): number => patientFromVoxel(grid, grid.columns / 2, grid.rows / 2, k)[2];
  const near = Array.from({ length: grid.slices }, (_, k) => k).filter(
    (k) => Math.abs(heightOf(k) - cementMm[2]) <= ABOVE_AND_BELOW_MM,
  );
  let lastMm = -Infinity;
  let trails: { spots: BrightVessel[]; lastMm: number }[] = [];
  const whole: BrightVessel[][] = [];
  for (const k of near) {
    const mm = heightOf(k);
    if (Math.abs(mm - lastMm) < EVERY_MM) continue;
    lastMm = mm;
    const spots = brightDiscs(volume, k, midline, cementMm);
    const next = spots.map((spot) => {
      const before = trails.find(({ spots: own }) => driftMm(own[own.length - 1], spot) <= DRIFT_MM);
      return { spots: [...(before?.spots ?? []), spot], lastMm: mm };
    });
    trails = [...next, ...trails.filter((trail) => Math.abs(mm - trail.lastMm) <= 2 * EVERY_MM)];
    whole.push(...next.map((trail) => trail.spots));
  }
  const long = whole.filter(
    (spots) => Math.abs(spots[spots.length - 1].centreMm[2] - spots[0].centreMm[2]) >= LEAST_LENGTH_MM,
  );
  const means = long.map((spots) => ({
    spots,
    hu: spots.reduce((sum, spot) => sum + spot.hu, 0) / spots.length,
  }));
  const [best] = means.sort((a, b) => b.hu - a.hu || b.spots.length - a.spots.length);
  if (!best) return null;
  const middle = best.spots[best.spots.length >> 1];
  return { ...middle, hu: Math.round(best.hu), diameterMm: Number(middle.diameterMm.toFixed(1)) };
}

const driftMm = (a: BrightVessel, b: BrightVessel): number =>
  Math.hypot(a.centreMm[0] - b.centreMm[0], a.centreMm[1] - b.centreMm[1]);

/** Round homogeneous spots of 200 to 500 HU with soft tissue around, in one slice, where the large vessels run. */
function brightDiscs(volume: CtVolume, k: number, midline: Midline, cementMm: Vec3): BrightVessel[] {
  const { grid, hu } = volume;
  const { columns, rows, columnSpacingMm, rowSpacingMm } = grid;
  const pixelMm = Math.sqrt(columnSpacingMm * rowSpacingMm);
  const at = (i: number, j: number): number => hu[(k * rows + j) * columns + i];
  const smooth = new Float32Array(rows * columns).fill(-1024);
  for (let j = 1; j < rows - 1; j++)
    for (let i = 1; i < columns - 1; i++) {
      // Most of a slice is far below: only what can belong to a vessel is averaged.
      if (at(i, j) < LEAST_HU / 2) continue;
      let sum = 0;
      for (let dj = -1; dj <= 1; dj++) for (let di = -1; di <= 1; di++) sum += at(i + di, j + dj);
      smooth[j * columns + i] = sum / 9;
    }
  const seen = new Uint8Array(rows * columns);
  const mostPixels = (Math.PI / 4) * (WIDTH_MM[1] / pixelMm) ** 2 * 1.3;
  const found: BrightVessel[] = [];
  for (let start = 0; start < smooth.length; start++) {
    if (seen[start] === 1 || smooth[start] < LEAST_HU) continue;
    const pixels = flood(smooth, seen, start, columns);
    if (pixels.length > mostPixels) continue;
    const area = pixels.length * pixelMm * pixelMm;
    const diameterMm = Math.sqrt((4 * area) / Math.PI);
    if (diameterMm < WIDTH_MM[0]) continue;
    const columnsOf = pixels.map((n) => n % columns);
    const rowsOf = pixels.map((n) => Math.floor(n / columns));
    const width = (Math.max(...columnsOf) - Math.min(...columnsOf) + 1) * columnSpacingMm;
    const height = (Math.max(...rowsOf) - Math.min(...rowsOf) + 1) * rowSpacingMm;
    if (Math.max(width, height) > ROUND * Math.min(width, height) || area < 0.6 * width * height) continue;
    const centreMm = patientFromVoxel(
      grid,
      columnsOf.reduce((a, b) => a + b, 0) / pixels.length,
      rowsOf.reduce((a, b) => a + b, 0) / pixels.length,
      k,
    );
    const inFront = cementMm[1] - centreMm[1];
    if (inFront < IN_FRONT_MM[0] || inFront > IN_FRONT_MM[1]) continue;
    if (Math.abs(leftOfMidlineMm(midline, centreMm)) > BESIDE_MM) continue;
    const inner = innerHu(pixels, smooth, columns);
    if (!inner || inner.mean > MOST_HU || inner.max > 1.3 * MOST_HU || inner.sd > MOST_SD_HU) continue;
    if (softShare(pixels, volume, k, Math.max(2, Math.round(RING_MM / pixelMm))) < RING_SHARE) continue;
    found.push({ hu: inner.mean, diameterMm, centreMm });
  }
  return found;
}

function flood(smooth: Float32Array, seen: Uint8Array, start: number, columns: number): number[] {
  const pixels = [start];
  seen[start] = 1;
  for (let next = 0; next < pixels.length; next++)
    for (const step of [-1, 1, -columns, columns]) {
      const n = pixels[next] + step;
      if (n < 0 || n >= smooth.length || seen[n] === 1 || smooth[n] < LEAST_HU) continue;
      seen[n] = 1;
      pixels.push(n);
    }
  return pixels;
}

/** Mean, spread and maximum of the pixels whose four neighbours belong as well: the blurred edge says nothing. */
function innerHu(
  pixels: readonly number[],
  smooth: Float32Array,
  columns: number,
): { mean: number; sd: number; max: number } | null {
  const own = new Set(pixels);
  const inner = pixels.filter((n) => [-1, 1, -columns, columns].every((step) => own.has(n + step)));
  if (inner.length < 6) return null;
  const values = inner.map((n) => smooth[n]);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, sd, max: Math.max(...values) };
}

/** Share of the ring some pixels outside that is fat or muscle. */
function softShare(pixels: readonly number[], { grid, hu }: CtVolume, k: number, away: number): number {
  const { columns, rows } = grid;
  const own = new Set(pixels);
  const grown = grow(own, columns, away);
  const nearEdge = grow(own, columns, away - 1);
  let soft = 0;
  let all = 0;
  for (const n of grown) {
    if (nearEdge.has(n) || n < 0 || n >= rows * columns) continue;
    const value = hu[k * rows * columns + n];
    all++;
    if (value >= RING_HU[0] && value <= RING_HU[1]) soft++;
  }
  return all === 0 ? 0 : soft / all;
}

function grow(pixels: ReadonlySet<number>, columns: number, times: number): Set<number> {
  const out = new Set(pixels);
  let edge = [...pixels];
  for (let n = 0; n < times; n++) {
    const next: number[] = [];
    for (const pixel of edge)
      for (const step of [-1, 1, -columns, columns, -columns - 1, -columns + 1, columns - 1, columns + 1])
        if (!out.has(pixel + step)) {
          out.add(pixel + step);
          next.push(pixel + step);
        }
    edge = next;
  }
  return out;
}

/** Sites where an enhanced vein lies. */
const VENOUS: ReadonlySet<SiteId> = new Set<SiteId>([
  "sacral_venous_plexus",
  "anterior_epidural_space",
  "sacral_canal_other",
  "spinal_epidural_space",
  "prevertebral_vein",
  "paravertebral_vein",
]);

/** What is known of contrast; null where neither the header nor the image tells of any. */
export function contrastOf(
  volume: CtVolume,
  midline: Midline | null,
  cementMm: Vec3 | undefined,
  agent: string | undefined,
): Contrast | null {
  // Without HU no vessel is 200 HU bright.
  const vessel = midline && cementMm && !volume.relative ? brightVessel(volume, midline, cementMm) : null;
  return agent || vessel ? { agent: agent || null, vessel } : null;
}

/** The candidate as surely as contrast allows: one that may be an enhanced vein drops a step, with the reason in its sentence. */
export function underContrast(candidate: Candidate, contrast: Contrast | null): Candidate {
  if (!contrast || (candidate.route !== "vein" && !VENOUS.has(candidate.site))) return candidate;
  const why = contrastWords(contrast);
  return {
    ...candidate,
    confidence: "possible",
    reason: {
      en: `${candidate.reason.en}; one step less sure, for ${why.en}: a vein with contrast looks alike`,
      zh: `${candidate.reason.zh}；因${why.zh}，把握度降低一级：强化的静脉表现相似`,
    },
  };
}

function contrastWords({ agent, vessel }: Contrast): LocalText {
  const given = agent ? { en: `contrast was given (${agent})`, zh: `已使用对比剂（${agent}）` } : null;
  const seen = vessel ? { en: `a vessel measures ${vessel.hu} HU`, zh: `可见 ${vessel.hu} HU 的血管` } : null;
  return {
    en: [given?.en, seen?.en].filter(Boolean).join(" and "),
    zh: [given?.zh, seen?.zh].filter(Boolean).join("，且"),
  };
}

/** For the reader and the exports. */
export function contrastNote(contrast: Contrast): LocalText {
  const why = contrastWords(contrast);
  return {
    en: `Contrast: ${why.en}. Leaks into veins and the epidural space are one step less sure`,
    zh: `对比剂：${why.zh}。静脉及硬膜外渗漏的把握度降低一级`,
  };
}
