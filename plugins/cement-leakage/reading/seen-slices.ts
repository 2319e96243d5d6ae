// Which axial slices were displayed while this reading went on: a help beside "absent", never a proof. In memory only; an answer takes
// them along where the department wants it.
import type { Host } from "#contract";
import { writable, type Readable } from "#core/readable";
import { sliceNormal, voxelFromPatient, type VoxelGrid } from "#core/space";
import { boundingBox } from "#voxels/box";
import type { RunMask } from "#voxels/mask";
import { isLeak, type CaseDocument } from "../model/case-document.ts";

/** First and last, both included, in the order of the stack from 0. */
export type SliceRange = readonly [first: number, last: number];

/** More than these are no longer read. */
const MOST_RANGES = 8;

/** Slices counted along the patient's axis: of a stack that is not axial none is "displayed" by the axial view. */
const isAxial = (grid: VoxelGrid): boolean => Math.abs(sliceNormal(grid)[2]) > 0.7;

/** Ranges in ascending order that don't touch each other. */
export function rangesOf(slices: Iterable<number>): SliceRange[] {
  const ranges: [number, number][] = [];
  for (const k of [...slices].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && k <= last[1] + 1) last[1] = k;
    else ranges.push([k, k]);
  }
  return ranges;
}

/** Begins anew with each case, and with each reading of it. */
export function watchSeenSlices(host: Host): {
  readonly seen: Readable<readonly SliceRange[]>;
  dispose(): void;
} {
  const seen = writable<readonly SliceRange[]>([]);
  let slices = new Set<number>();
  let reading: unknown = null;
  const forget = (): void => {
    slices = new Set();
    reading = null;
    seen.set([]);
  };
  const note = (): void => {
    const at = host.view.seenAxial.get();
    const { volume } = host.scene.get();
    if (!at || !volume || !isAxial(volume.grid)) return;
    const k = Math.round(voxelFromPatient(volume.grid, at)[2]);
    if (k < 0 || k >= volume.grid.slices || slices.has(k)) return;
    slices.add(k);
    seen.set(rangesOf(slices));
  };
  /** A second read or an amendment is another document of the same case. */
  const follow = (document: unknown): void => {
    if (typeof document !== "object" || document === null || !("documentId" in document)) return;
    if (reading !== null && document.documentId !== reading) forget();
    reading = document.documentId;
  };
  const stops = [
    host.view.seenAxial.subscribe(note),
    host.scene.subscribe(forget),
    host.document.subscribe(follow),
  ];
  return { seen, dispose: () => stops.forEach((stop) => stop()) };
}

/** The slices that a lesion's cement and leaks lie on; null without any. */
export function cementRange(
  document: CaseDocument,
  lesionId: string,
  maskOf: (partId: string) => RunMask | null,
): SliceRange | null {
  const boxes = document.parts.flatMap((part) => {
    const own = part.lesionId === lesionId || (part.lesionId === null && isLeak(part));
    const mask = own && (part.role === "intraosseous" || isLeak(part)) ? maskOf(part.partId) : null;
    return (mask && boundingBox(mask)) ?? [];
  });
  if (boxes.length === 0) return null;
  return [Math.min(...boxes.map((box) => box.k0)), Math.max(...boxes.map((box) => box.k1)) - 1];
}

/** "40–92, 101" as the images number their slices: from 1 at the head. */
export function rangesText(ranges: readonly SliceRange[], grid: VoxelGrid): string {
  const fromHead = sliceNormal(grid)[2] > 0;
  const number = (k: number): number => (fromHead ? grid.slices - k : k + 1);
  const words = ranges
    .map(([first, last]) => [number(first), number(last)].sort((a, b) => a - b))
    .sort((a, b) => a[0] - b[0])
    .map(([first, last]) => (first === last ? String(first) : `${first}–${last}`));
  return [...words.slice(0, MOST_RANGES), ...(words.length > MOST_RANGES ? ["…"] : [])].join(", ");
}
