// The stack of slices that a segmentation itself is drawn on, where that is not the open CT's.
import { cross, distance, dot, normalize, type Vec3, type VoxelGrid } from "#core/space";
import { readWholeObject } from "./nested-items.ts";

export interface SegmentationStack {
  readonly studyInstanceUid: string;
  readonly frameOfReferenceUid: string;
  /** Frames that hold nothing are not stored: the gaps that they leave are closed with slices of the same step. */
  readonly grid: VoxelGrid;
}

/** Unit vectors and spacings agree to this much between frames. */
const SAME = 1e-4;
/** A slice may lie this share of the step beside its place. */
const OFF_STEP = 0.05;

interface Frame {
  readonly position: Vec3;
  readonly orientation: readonly number[];
  readonly spacing: readonly number[];
}

/** Null for what is no segmentation, has frames without a place, turned against each other, at uneven distances, or all in one plane. */
export function segmentationStack(bytes: Uint8Array): SegmentationStack | null {
  const whole = readWholeObject(bytes);
  if (!whole.ok) return null;
  const { root } = whole.value;
  const shared = root.first("x52009229");
  const frames: Frame[] = [];
  for (const group of root.items("x52009230")) {
    const macro = (tag: string) => group.first(tag) ?? shared?.first(tag) ?? null;
    const position = macro("x00209113")?.numbers("x00200032", 3);
    const orientation = macro("x00209116")?.numbers("x00200037", 6);
    const spacing = macro("x00289110")?.numbers("x00280030", 2);
    if (!position || !orientation || !spacing) return null;
    frames.push({ position: vector(position, 0), orientation, spacing });
  }
  const rows = root.uint16("x00280010") ?? 0;
  const columns = root.uint16("x00280011") ?? 0;
  if (frames.length === 0 || rows === 0 || columns === 0) return null;
  const [{ orientation, spacing }] = frames;
  const alike = (a: readonly number[], b: readonly number[]) =>
    a.every((value, n) => Math.abs(value - b[n]) <= SAME);
  if (!frames.every((frame) => alike(frame.orientation, orientation) && alike(frame.spacing, spacing)))
    return null;
  const rowDirection = normalize(vector(orientation, 0));
  const columnDirection = normalize(vector(orientation, 3));
  const slicePositions = evenStack(
    frames.map(({ position }) => position),
    normalize(cross(rowDirection, columnDirection)),
  );
  if (!slicePositions) return null;
  return {
    studyInstanceUid: root.string("x0020000d"),
    frameOfReferenceUid: root.string("x00200052"),
    grid: {
      columns,
      rows,
      slices: slicePositions.length,
      rowSpacingMm: spacing[0],
      columnSpacingMm: spacing[1],
      rowDirection,
      columnDirection,
      slicePositions,
    },
  };
}

const vector = (values: readonly number[], at: number): Vec3 => [values[at], values[at + 1], values[at + 2]];

/** Positions without doubles, ascending along the normal, every gap divided into steps as long as the shortest; null where they don't fit. */
function evenStack(positions: readonly Vec3[], normal: Vec3): Vec3[] | null {
  const sorted = positions.toSorted((a, b) => dot(a, normal) - dot(b, normal));
  const apart = sorted.filter((p, n) => n === 0 || distance(p, sorted[n - 1]) > SAME);
  const gaps = apart.slice(1).map((p, n) => dot(p, normal) - dot(apart[n], normal));
  const step = Math.min(...gaps);
  if (gaps.length === 0 || step < SAME) return null;
  const stack: Vec3[] = [apart[0]];
  for (const [n, gap] of gaps.entries()) {
    const steps = Math.round(gap / step);
    if (Math.abs(gap - steps * step) > OFF_STEP * step * steps) return null;
    const [from, to] = [apart[n], apart[n + 1]];
    for (let s = 1; s <= steps; s++) {
      const f = s / steps;
      stack.push([
        from[0] + f * (to[0] - from[0]),
        from[1] + f * (to[1] - from[1]),
        from[2] + f * (to[2] - from[2]),
      ]);
    }
  }
  return stack;
}
