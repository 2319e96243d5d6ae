// How a learner's answers are judged, in patient millimetres. Part of the offline teaching page (a module beside its text).

/** @typedef {readonly [number, number, number]} Point */
/**
 * @typedef {object} Place
 * @property {number} columns
 * @property {number} rows
 * @property {number} columnMm
 * @property {number} rowMm
 * @property {Point} rowDirection
 * @property {Point} columnDirection
 * @property {readonly Point[]} positions of each slice's first voxel, mm
 */
/** @typedef {{ readonly label: number, readonly points: readonly Point[] }} LeakVoxels */
/** @typedef {{ readonly leak: number | null, readonly distanceMm: number | null, readonly again: boolean }} JudgedMark */

/**
 * What was chosen for a leak (indices into sites and ranges, null for nothing), and whether it is right; size is null where none can be
 * asked for.
 * @typedef {{ readonly siteAnswered: number | null, readonly site: boolean, readonly sizeAnswered: number | null, readonly size: boolean | null }} LeakAnswer
 */
/**
 * @typedef {object} CaseResult
 * @property {number} points
 * @property {number} most
 * @property {number} wrongMarks
 * @property {readonly JudgedMark[]} judged
 * @property {readonly LeakAnswer[]} answers by leak
 */

/** A click this far from the leak's nearest voxel still counts, in three dimensions. */
export const NEAR_MM = 5;

/**
 * Patient point of a voxel; fractions within a slice.
 * @param {Place} place
 * @param {number} i
 * @param {number} j
 * @param {number} k
 * @returns {Point}
 */
export function pointOf(place, i, j, k) {
  const origin = place.positions[k];
  const along = (/** @type {0 | 1 | 2} */ axis) =>
    origin[axis] +
    i * place.columnMm * place.rowDirection[axis] +
    j * place.rowMm * place.columnDirection[axis];
  return [along(0), along(1), along(2)];
}

/**
 * The voxels of each leak as points.
 * @param {Place} place
 * @param {Uint8Array} labels `[k][j][i]`
 * @param {readonly number[]} wanted labels of leaks
 * @returns {LeakVoxels[]}
 */
export function leakVoxels(place, labels, wanted) {
  const found = wanted.map((label) => ({ label, points: /** @type {Point[]} */ ([]) }));
  for (let at = 0; at < labels.length; at++) {
    const leak = labels[at] === 0 ? undefined : found.find(({ label }) => label === labels[at]);
    if (!leak) continue;
    const row = Math.floor(at / place.columns);
    leak.points.push(pointOf(place, at % place.columns, row % place.rows, Math.floor(row / place.rows)));
  }
  return found;
}

/**
 * Distance of a point to the nearest voxel of a leak; Infinity for a leak without voxels.
 * @param {Point} at
 * @param {LeakVoxels} leak
 */
export function distanceMm(at, { points }) {
  let least = Infinity;
  for (const [x, y, z] of points) {
    const d = (x - at[0]) ** 2 + (y - at[1]) ** 2 + (z - at[2]) ** 2;
    if (d < least) least = d;
  }
  return Math.sqrt(least);
}

/**
 * Each mark belongs to the leak that is nearest, if it is near enough. A second mark of one leak neither counts nor costs.
 * @param {readonly Point[]} marks
 * @param {readonly LeakVoxels[]} leaks
 * @returns {JudgedMark[]}
 */
export function judgeMarks(marks, leaks) {
  const hit = new Set();
  return marks.map((at) => {
    let nearest = -1;
    let least = Infinity;
    leaks.forEach((leak, n) => {
      const distance = distanceMm(at, leak);
      if (distance < least) [nearest, least] = [n, distance];
    });
    if (nearest < 0 || least > NEAR_MM)
      return { leak: null, distanceMm: Number.isFinite(least) ? least : null, again: false };
    const again = hit.has(nearest);
    hit.add(nearest);
    return { leak: nearest, distanceMm: least, again };
  });
}

/**
 * Points: one for each leak that was marked, for its site and for its size, less one for each mark where nothing leaked, never below
 * 0. Without leaks there is one point, for leaving the images unmarked.
 * @param {number} leaks
 * @param {readonly JudgedMark[]} marks
 * @param {readonly { readonly site: boolean, readonly size: boolean | null }[]} answers size is null where none can be asked for
 * @returns {{ points: number, most: number, wrongMarks: number }}
 */
export function scoreOf(leaks, marks, answers) {
  const wrongMarks = marks.filter(({ leak }) => leak === null).length;
  if (leaks === 0) return { points: wrongMarks === 0 ? 1 : 0, most: 1, wrongMarks };
  const found = marks.filter(({ leak, again }) => leak !== null && !again).length;
  const sites = answers.filter(({ site }) => site).length;
  const sizes = answers.filter(({ size }) => size === true).length;
  const most = 2 * leaks + answers.filter(({ size }) => size !== null).length;
  return { points: Math.max(0, found + sites + sizes - wrongMarks), most, wrongMarks };
}

/**
 * Whether the chosen range [low, high) of mL touches the measured volume or its 95 % interval.
 * @param {readonly [number, number]} range
 * @param {{ readonly ml: number, readonly intervalMl: readonly [number, number] | null }} size
 */
export function sizeIsRight([low, high], { ml, intervalMl }) {
  const [from, to] = intervalMl ?? [ml, ml];
  return Math.min(from, ml) < high && Math.max(to, ml) >= low;
}
