// Reads the closed contours of an RT Structure Set (PS3.3 C.8.8.5, C.8.8.6) onto the open CT, by their position in the patient.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { SegmentDescription } from "#core/segmentation-document";
import { type Vec3, dot, sliceNormal, voxelFromPatient } from "#core/space";
import type { SeriesContext } from "#core/study";
import { type RunMask, RunBuilder, emptyMask } from "#voxels/mask";
import { type Item, readWholeObject } from "./nested-items.ts";
import type { DecodedSegment, DecodedSegmentation } from "./read-segmentation.ts";

export const RT_STRUCTURE_SET_STORAGE = "1.2.840.10008.5.1.4.1.1.481.3";

/** A contour lies on a slice when all its points are this near to it, as a share of the distance to the next slice. */
const ON_SLICE = 0.25;

/** The corners of a polygon in voxel places of slice k. */
interface Polygon {
  readonly k: number;
  readonly points: readonly (readonly [i: number, j: number])[];
}

/**
 * Each ROI as a segment in file order; an ROI without closed contours is left out with a warning ("rt/no-contours"); slices between two contours that have none stay empty ("rt/gaps"). A voxel belongs
 * to an ROI where its centre lies inside an odd number of the ROI's contours on that slice, so that an inner contour is a hole.
 * Refuses: read/not-dicom, read/truncated, rt/not-a-structure-set, seg/other-study, seg/other-frame-of-reference, rt/empty, rt/malformed,
 * rt/off-slice (which ROI, where, how many mm), rt/outside-volume.
 */
export function readStructureSet(bytes: Uint8Array, context: SeriesContext): Result<DecodedSegmentation> {
  const whole = readWholeObject(bytes);
  if (!whole.ok) return whole;
  const { root } = whole.value;
  const sopClassUid = root.string("x00080016");
  if (sopClassUid !== RT_STRUCTURE_SET_STORAGE)
    return fail(problem("rt/not-a-structure-set", { sopClassUid }));
  const label = root.text("x30060002");
  if (root.string("x0020000d") !== context.study.studyInstanceUid)
    return fail(problem("seg/other-study", { label, studyInstanceUid: root.string("x0020000d") }));
  const observations = new Map(
    root.items("x30060080").map((item) => [item.number("x30060084"), item] as const),
  );
  const contours = new Map(root.items("x30060039").map((item) => [item.number("x30060084"), item] as const));
  const segments: DecodedSegment[] = [];
  const left: string[] = [];
  const gaps: string[] = [];
  for (const roi of root.items("x30060020")) {
    const number = roi.number("x30060022");
    const name = roi.text("x30060026");
    if (number === null) return fail(problem("rt/malformed", { what: "ROI Number", roi: name }));
    const frameOfReferenceUid = roi.string("x30060024");
    if (frameOfReferenceUid !== context.frameOfReferenceUid)
      return fail(problem("seg/other-frame-of-reference", { label: name || label, frameOfReferenceUid }));
    const drawn = contours.get(number);
    const polygons = drawn ? polygonsOf(drawn, context, name) : ok([]);
    if (!polygons.ok) return polygons;
    if (polygons.value.length === 0) {
      left.push(name || String(number));
      continue;
    }
    const mask = filled(polygons.value, context, name);
    if (!mask.ok) return mask;
    const slices = slicesOf(polygons.value);
    if (slices.some((k, n) => n > 0 && k > slices[n - 1] + 1)) gaps.push(name || String(number));
    const description = descriptionOf(
      segments.length + 1,
      name,
      roi,
      drawn ?? null,
      observations.get(number) ?? null,
    );
    segments.push({ description, mask: mask.value });
  }
  const warnings: Problem[] = [];
  if (left.length > 0) warnings.push(problem("rt/no-contours", { names: left.join(", ") }, "warning"));
  if (gaps.length > 0) warnings.push(problem("rt/gaps", { names: gaps.join(", ") }, "warning"));
  if (segments.length === 0) return fail(problem("rt/empty", { label }));
  return ok(
    {
      sopInstanceUid: root.string("x00080018"),
      seriesInstanceUid: root.string("x0020000e"),
      referencedSeriesInstanceUid: "",
      segments,
    },
    warnings,
  );
}

/** Closed contours of one ROI; points and open lines hold no voxels. */
function polygonsOf(drawn: Item, { grid }: SeriesContext, roi: string): Result<readonly Polygon[]> {
  const normal = sliceNormal(grid);
  const depths = grid.slicePositions.map((position) => dot(position, normal));
  const polygons: Polygon[] = [];
  for (const contour of drawn.items("x30060040")) {
    const type = contour.string("x30060042");
    if (type !== "CLOSED_PLANAR" && type !== "CLOSEDPLANAR_XOR") continue;
    const values = contour.numbers("x30060050", 3);
    if (!values || values.length % 3 !== 0)
      return fail(problem("rt/malformed", { what: "Contour Data", roi }));
    if (values.length < 9) continue; // fewer than three corners enclose nothing
    const points = Array.from({ length: values.length / 3 }, (_, n): Vec3 => [
      values[3 * n],
      values[3 * n + 1],
      values[3 * n + 2],
    ]);
    const k = nearestSlice(depths, dot(points[0], normal));
    const offMm = Math.max(...points.map((point) => Math.abs(dot(point, normal) - depths[k])));
    if (offMm > ON_SLICE * gapAt(depths, k)) {
      const [x, y, z] = points[0].map((mm) => Number(mm.toFixed(2)));
      return fail(problem("rt/off-slice", { roi, offMm: Number(offMm.toFixed(2)), xMm: x, yMm: y, zMm: z }));
    }
    polygons.push({
      k,
      points: points.map((point) => {
        const [i, j] = voxelFromPatient(grid, point);
        return [i, j] as const;
      }),
    });
  }
  return ok(polygons);
}

function nearestSlice(depths: readonly number[], depth: number): number {
  let best = 0;
  for (let k = 1; k < depths.length; k++)
    if (Math.abs(depths[k] - depth) < Math.abs(depths[best] - depth)) best = k;
  return best;
}

/** mm to the nearer neighbour of slice k; 1 for a single slice. */
const gapAt = (depths: readonly number[], k: number): number =>
  depths.length < 2
    ? 1
    : Math.min(
        ...[k - 1, k + 1]
          .filter((other) => other >= 0 && other < depths.length)
          .map((other) => Math.abs(depths[other] - depths[k])),
      );

const slicesOf = (polygons: readonly Polygon[]): number[] =>
  [...new Set(polygons.map(({ k }) => k))].toSorted((a, b) => a - b);

/** Even-odd filling by voxel centres, row by row. */
function filled(polygons: readonly Polygon[], { grid }: SeriesContext, roi: string): Result<RunMask> {
  const { columns, rows } = grid;
  const builder = new RunBuilder(grid);
  let any = false;
  for (const k of slicesOf(polygons)) {
    const here = polygons.filter((polygon) => polygon.k === k);
    const ys = here.flatMap(({ points }) => points.map(([, j]) => j));
    const [low, high] = [Math.ceil(Math.min(...ys)), Math.floor(Math.max(...ys))];
    for (let j = low; j <= high; j++) {
      const crossings = here.flatMap(({ points }) => crossingsOf(points, j)).toSorted((a, b) => a - b);
      for (let n = 0; n + 1 < crossings.length; n += 2) {
        const start = Math.ceil(crossings[n]);
        const end = Math.ceil(crossings[n + 1]);
        if (end <= start) continue;
        if (start < 0 || end > columns || j < 0 || j >= rows)
          return fail(problem("rt/outside-volume", { roi, slice: k + 1 }));
        builder.add(k * rows + j, start, end);
        any = true;
      }
    }
  }
  return ok(any ? builder.finish() : emptyMask(grid));
}

/** Where the row of voxel centres j crosses the outline; a corner on the row counts once, with the edge below it. */
function crossingsOf(points: Polygon["points"], j: number): number[] {
  const found: number[] = [];
  for (let n = 0; n < points.length; n++) {
    const [i0, j0] = points[n];
    const [i1, j1] = points[(n + 1) % points.length];
    if (j0 <= j === j1 <= j) continue;
    found.push(i0 + ((j - j0) / (j1 - j0)) * (i1 - i0));
  }
  return found;
}

function descriptionOf(
  number: number,
  name: string,
  roi: Item,
  drawn: Item | null,
  observation: Item | null,
): SegmentDescription {
  const algorithm = roi.string("x30060036");
  const rgb = drawn?.numbers("x3006002a", 3) ?? null;
  return {
    number,
    label: name,
    description: roi.text("x30060028"),
    algorithmType: algorithm === "AUTOMATIC" || algorithm === "SEMIAUTOMATIC" ? algorithm : "MANUAL",
    algorithmName: "",
    algorithmVersion: "",
    propertyCategory: NO_CODE,
    propertyType: observation?.code("x30060086") ?? NO_CODE,
    propertyTypeModifiers: [],
    anatomicRegion: null,
    anatomicRegionModifiers: [],
    trackingId: "",
    trackingUid: "",
    displayColor: rgb ? `#${rgb.slice(0, 3).map(hexByte).join("")}` : "",
  };
}

const NO_CODE = { value: "", scheme: "", meaning: "" };
const hexByte = (value: number): string =>
  Math.max(0, Math.min(255, Math.round(value)))
    .toString(16)
    .padStart(2, "0");
