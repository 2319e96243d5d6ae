// Tells whether the scanner's ceiling cut off the HU of a series, so that maxima and means are lower bounds.

/** A pile-up must be this many voxels, and this many times as many as any single HU value just below it. */
const MIN_PILE_VOXELS = 8;
const PILE_FACTOR = 3;
const BAND_HU = 64;

/**
 * HU at and above which voxels are clipped, or null. Clipped is a voxel at the largest storable value, or a pile-up at one identical
 * value at the maximum of the series: some scanners store 16 bits yet still stop at 3071.
 *
 * `hu` is `[k][j][i]`, `sliceVoxels` = rows * columns, `sliceMaxHu` the maximum of each slice (only slices that reach the top are read).
 */
export function clippedAt(
  hu: Int16Array,
  sliceVoxels: number,
  sliceMaxHu: readonly number[],
  storableMaxHu: number,
): number | null {
  const maxHu = sliceMaxHu.reduce((max, value) => Math.max(max, value), -32768);
  if (maxHu >= storableMaxHu) return maxHu;
  const counts = new Uint32Array(BAND_HU + 1);
  sliceMaxHu.forEach((sliceMax, k) => {
    if (sliceMax < maxHu - BAND_HU) return;
    const end = (k + 1) * sliceVoxels;
    for (let n = k * sliceVoxels; n < end; n++) {
      const below = maxHu - hu[n];
      if (below <= BAND_HU) counts[below]++;
    }
  });
  const piled = counts[0];
  const usual = counts.subarray(1).reduce((max, count) => Math.max(max, count), 0);
  return piled >= MIN_PILE_VOXELS && piled >= PILE_FACTOR * usual ? maxHu : null;
}
