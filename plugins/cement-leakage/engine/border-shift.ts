// How far the border with bone lies from where the envelope puts it, read beside a leak: HU across the surface run as elsewhere, only moved.
import { spacingMm } from "#core/space";
import { BLUR_MM, type AroundLeak } from "./leak-background.ts";

/** How HU run across the surface is read this far from the part; how far they are moved is read just beyond the part's own blur. */
const ELSEWHERE_MM = [3, 8] as const;
const BESIDE_MM = [1.5, 2.2] as const;
/** Depths that tell where bone begins; nothing beyond 4 mm into bone and 5 mm out of it tells more. */
const DEPTHS_MM = [-2, 2.2] as const;
const PROFILE_MM = [-4, 5] as const;
const BIN_MM = 0.25;
/** The envelope is off by no more, mm outwards. */
const SHIFTS_MM = Array.from({ length: 25 }, (_, n) => (n - 9) / 10);
const FEWEST_IN_BIN = 12;
const FEWEST_BINS = 8;
const FEWEST_BESIDE = 30;
/** A voxel that fits nowhere counts no more than this, HU. */
const MISFIT_HU = 350;
/** Gas says nothing of bone. */
const LEAST_HU = -200;
/** The border is fitted cell by cell, each with what lies near (weight falls off with distance, one standard deviation) and a little of all. */
const CELL_MM = 2;
const NEAR_MM = 3;
const EVERYWHERE = 0.1;
/** A shift of a millimetre has to explain this much, HU times mm3. */
const WORTH = 200;
/** The shift holds this near to the part and is gone farther out. */
const FULL_MM = 2;
const GONE_MM = 4.5;

interface Cell {
  readonly place: readonly [number, number, number];
  /** Summed misfit of its voxels by shift, HU. */
  readonly misfit: Float64Array;
}

/**
 * mm that the border with bone lies farther out than `depth` says, at each voxel of the box; 0 away from the part, or where too little
 * of the surface is free of cement to tell. `toOther` is mm to cement other than the part.
 */
export function borderShift(around: AroundLeak, toOther: Float32Array): Float32Array {
  const { grid, box, hu, depth, toPart } = around;
  const shift = new Float32Array(hu.length);
  const profile = profileAcross(around);
  if (!profile) return shift;
  const [sx, sy, sz] = spacingMm(grid);
  const [nx, ny] = [box.i1 - box.i0, box.j1 - box.j0];
  const cellAt = (at: number): Cell["place"] => [
    Math.floor(((at % nx) * sx) / CELL_MM),
    Math.floor(((Math.floor(at / nx) % ny) * sy) / CELL_MM),
    Math.floor((Math.floor(at / (nx * ny)) * sz) / CELL_MM),
  ];
  const cells = new Map<string, Cell>();
  const everywhere = new Float64Array(SHIFTS_MM.length);
  let beside = 0;
  for (let at = 0; at < hu.length; at++) {
    if (toPart[at] < BESIDE_MM[0] || toPart[at] > BESIDE_MM[1] || toOther[at] < BLUR_MM) continue;
    if (depth[at] < DEPTHS_MM[0] || depth[at] > DEPTHS_MM[1] || hu[at] < LEAST_HU) continue;
    beside++;
    const place = cellAt(at);
    const cell = cells.get(place.join()) ?? { place, misfit: new Float64Array(SHIFTS_MM.length) };
    cells.set(place.join(), cell);
    SHIFTS_MM.forEach((mm, n) => {
      const misfit = Math.min(MISFIT_HU, Math.abs(hu[at] - profile(depth[at] - mm)));
      cell.misfit[n] += misfit;
      everywhere[n] += misfit;
    });
  }
  if (beside < FEWEST_BESIDE) return shift;
  const fitted = new Map<string, number>();
  for (let at = 0; at < hu.length; at++) {
    if (toPart[at] > GONE_MM) continue;
    const place = cellAt(at);
    let mm = fitted.get(place.join());
    if (mm === undefined) {
      mm = bestShift(place, cells, everywhere, WORTH / (sx * sy * sz));
      fitted.set(place.join(), mm);
    }
    shift[at] = mm * Math.max(0, Math.min(1, (GONE_MM - toPart[at]) / (GONE_MM - FULL_MM)));
  }
  return shift;
}

function bestShift(
  place: Cell["place"],
  cells: ReadonlyMap<string, Cell>,
  everywhere: Float64Array,
  worthHu: number,
): number {
  const misfit = everywhere.map((sum, n) => EVERYWHERE * sum + worthHu * Math.abs(SHIFTS_MM[n]));
  for (const cell of cells.values()) {
    const mm = CELL_MM * Math.hypot(...place.map((step, axis) => step - cell.place[axis]));
    if (mm > 3 * NEAR_MM) continue;
    const weight = Math.exp(-0.5 * (mm / NEAR_MM) ** 2);
    for (let n = 0; n < misfit.length; n++) misfit[n] += weight * cell.misfit[n];
  }
  let best = SHIFTS_MM.indexOf(0);
  for (let n = 0; n < misfit.length; n++) if (misfit[n] < misfit[best]) best = n;
  return SHIFTS_MM[best];
}

/** HU by mm of depth round the part where no cement is near: medians in steps of a quarter of a millimetre; null where bone is not seen. */
function profileAcross({ hu, depth, toPart, toCement }: AroundLeak): ((mm: number) => number) | null {
  const [first, last] = PROFILE_MM;
  const bins = Array.from({ length: Math.round((last - first) / BIN_MM) + 1 }, (): number[] => []);
  for (let at = 0; at < hu.length; at++) {
    if (toPart[at] < ELSEWHERE_MM[0] || toPart[at] > ELSEWHERE_MM[1]) continue;
    if (toCement[at] < BLUR_MM || hu[at] < LEAST_HU) continue;
    bins[Math.round((Math.max(first, Math.min(last, depth[at])) - first) / BIN_MM)].push(hu[at]);
  }
  const medians = bins.map((values) =>
    values.length < FEWEST_IN_BIN ? NaN : values.sort((a, b) => a - b)[values.length >> 1],
  );
  const known = medians.flatMap((value, n) => (Number.isNaN(value) ? [] : [n]));
  if (known.length < FEWEST_BINS) return null;
  const filled = medians.map((value, n) =>
    Number.isNaN(value)
      ? medians[known.reduce((a, b) => (Math.abs(b - n) < Math.abs(a - n) ? b : a))]
      : value,
  );
  return (mm) => {
    const place = Math.max(0, Math.min(filled.length - 1.001, (mm - first) / BIN_MM));
    const n = Math.floor(place);
    return filled[n] + (place - n) * (filled[n + 1] - filled[n]);
  };
}
