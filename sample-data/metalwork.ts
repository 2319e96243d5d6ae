// Iliosacral screws, and the streaks that metal leaves in the slices it lies in.
//
// Streaks come from a small model of the cause: parallel projections of the metal in a slice, the part of the attenuation that beam
// hardening and photon starvation distort (it grows with the square of the metal's length along a ray), ramp-filtered and projected back.
import type { Vec3 } from "#core/space";
import type { Sacrum } from "./anatomy.ts";
import type { SideSign } from "./cement.ts";
import type { Mimic } from "./mimics.ts";
import type { AxialGrid, CountedSolid } from "./render.ts";
import { seededRandom } from "./seeded-noise.ts";
import type { Random } from "./seeded-noise.ts";
import { tube, union } from "./shapes.ts";

/** A screw through the iliac bone and the joint into the body of S1, from the side opposite to the lesion. */
export function iliosacralScrew(sacrum: Sacrum, side: SideSign, random: Random): Mimic {
  const tip = sacrum.frame.patientFromSacral(
    side * random.between(2, 8),
    random.between(10, 13),
    random.between(13, 17),
  );
  const tilt: Vec3 = [side, random.between(0.05, 0.2), random.between(-0.08, 0.02)];
  const along = (mm: number): Vec3 => [tip[0] + tilt[0] * mm, tip[1] + tilt[1] * mm, tip[2] + tilt[2] * mm];
  const lengthMm = random.between(74, 84);
  const solid = union([
    tube([
      { at: along(0), radiusMm: 3.3 },
      { at: along(lengthMm), radiusMm: 3.3 },
    ]),
    tube([
      { at: along(lengthMm - 1), radiusMm: 5 },
      { at: along(lengthMm + 3), radiusMm: 4.6 },
    ]),
  ]);
  return { mimicId: "M30", kind: "screw", solid, hu: () => METAL_HU };
}

export const METAL_HU = 9000;
const ANGLES = 120;
const COARSER = 2;
/** HU of the distortion for a ray through 10 mm of metal in a 20 mm wide object; set by eye against published examples. */
const STRENGTH = 18;

/** Adds streaks to each slice that holds metal; undefined when there is none. */
export function metalStreaks(
  counted: readonly CountedSolid[],
  axial: AxialGrid,
  seed: number,
): ((slice: Float32Array, k: number) => void) | undefined {
  const metal = counted.filter(({ hu }) => hu(0, 0, 0) >= METAL_HU);
  if (metal.length === 0) return undefined;
  const { columns, rows } = axial.grid;
  const pixelMm = axial.spacing[0];
  const width = Math.ceil(columns / COARSER);
  const height = Math.ceil(rows / COARSER);
  const bins = Math.ceil(Math.hypot(width, height)) + 4;
  const binMm = pixelMm * COARSER;
  const random = seededRandom(seed, "streaks");
  return (slice, k) => {
    const sinogram = new Float32Array(ANGLES * bins);
    let any = false;
    for (const { occupied } of metal)
      for (let n = occupied.sliceStart[k]; n < occupied.sliceStart[k + 1]; n++) {
        any = true;
        const j = Math.floor(occupied.pixel[n] / columns);
        const i = occupied.pixel[n] - j * columns;
        // length of metal along a ray, mm: area over the width of a bin
        const lengthMm = (occupied.share[n] * pixelMm * pixelMm) / binMm;
        for (let a = 0; a < ANGLES; a++) {
          const theta = (a * Math.PI) / ANGLES;
          const place =
            (i / COARSER - width / 2) * Math.cos(theta) +
            (j / COARSER - height / 2) * Math.sin(theta) +
            bins / 2;
          const bin = Math.floor(place);
          sinogram[a * bins + bin] += lengthMm * (1 - place + bin);
          sinogram[a * bins + bin + 1] += lengthMm * (place - bin);
        }
      }
    if (!any) return;
    const filtered = new Float32Array(ANGLES * bins);
    for (let a = 0; a < ANGLES; a++) filterLine(sinogram, filtered, a * bins, bins, random.next);
    const image = backProject(filtered, width, height, bins);
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const at = j * columns + i;
        if (slice[at] > 2500) continue;
        const x = Math.min(width - 1.001, i / COARSER);
        const y = Math.min(height - 1.001, j / COARSER);
        const c = x | 0;
        const r = y | 0;
        const top = image[r * width + c] * (1 - x + c) + image[r * width + c + 1] * (x - c);
        const bottom = image[(r + 1) * width + c] * (1 - x + c) + image[(r + 1) * width + c + 1] * (x - c);
        slice[at] += top * (1 - y + r) + bottom * (y - r);
      }
  };
}

/** The distorted part of one projection (under-read where much metal lies, and noisy there), ramp-filtered. */
function filterLine(
  from: Float32Array,
  to: Float32Array,
  base: number,
  bins: number,
  next: () => number,
): void {
  const error = new Float32Array(bins);
  let first = bins;
  let last = -1;
  for (let b = 0; b < bins; b++) {
    const mm = from[base + b];
    if (mm < 0.05) continue;
    const starved = mm > 4 ? (next() + next() + next() - 1.5) * 0.35 * mm : 0;
    error[b] = -(0.08 * mm * mm) / (1 + 0.03 * mm) + starved;
    first = Math.min(first, b);
    last = b;
  }
  for (let b = 0; b < bins; b++) {
    // Ram-Lak kernel: 1/4 in the middle, -1 / (pi n)^2 at odd steps
    let sum = 0;
    for (let m = first; m <= last; m++) {
      const n = b - m;
      if (n === 0) sum += 0.25 * error[m];
      else if (n & 1) sum -= error[m] / (Math.PI * Math.PI * n * n);
    }
    to[base + b] = sum;
  }
}

function backProject(filtered: Float32Array, width: number, height: number, bins: number): Float32Array {
  const image = new Float32Array(width * height);
  const gain = (STRENGTH * 1000 * Math.PI) / ANGLES / 10;
  for (let a = 0; a < ANGLES; a++) {
    const theta = (a * Math.PI) / ANGLES;
    const cos = Math.cos(theta);
    const sin = Math.sin(theta);
    const base = a * bins;
    for (let j = 0; j < height; j++) {
      let place = (-width / 2) * cos + (j - height / 2) * sin + bins / 2;
      for (let i = 0; i < width; i++, place += cos) {
        const b = place | 0;
        image[j * width + i] +=
          gain * (filtered[base + b] * (1 - place + b) + filtered[base + b + 1] * (place - b));
      }
    }
  }
  return image;
}
