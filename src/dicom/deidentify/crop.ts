// Cuts rows and columns of an image or segmentation away and moves its places accordingly; voxels and their spacing stay as they are.
import { type Result, fail, ok, problem } from "#core/problem";
import { decimalString } from "../part10.ts";
import {
  type DataElement,
  type DataItem,
  type Tag,
  itemsAt,
  numbersAt,
  textAt,
  uint16At,
} from "./data-elements.ts";

/** What stays of one CT series; segmentations of it are cut alike. Pixels count from 0. */
export interface CropBox {
  readonly seriesInstanceUid: string;
  readonly firstColumn: number;
  readonly firstRow: number;
  readonly columns: number;
  readonly rows: number;
  /** SOP Instance UIDs of the images that stay. Multi-frame images keep all their frames. */
  readonly instances: ReadonlySet<string>;
  /** Those of the series that go: references to them go too, although their files are not given. */
  readonly cropped?: ReadonlySet<string>;
}

export interface Cropped {
  readonly root: DataItem;
  readonly pixels: Uint8Array;
}

const POSITION: Tag = "00200032";
const SHARED: Tag = "52009229";
const PER_FRAME: Tag = "52009230";
const DIMENSION_INDICES: Tag = "00209157";

/**
 * The image within `box`. A segmentation loses its frames on slices that go; one that would lose voxels is refused
 * ("deidentify/crop-cuts-segment"), for its measured values would no longer be true. "deidentify/crop-outside" and
 * "deidentify/no-geometry" say that the box is not of this image. `keptPlaces` are `placeOf` the images that stay.
 */
export function crop(
  root: DataItem,
  pixels: Uint8Array,
  box: CropBox,
  kind: "CT" | "SEG",
  fileName: string,
  keptPlaces: ReadonlySet<string> = new Set(),
): Result<Cropped> {
  const rows = uint16At(root, "00280010") ?? 0;
  const columns = uint16At(root, "00280011") ?? 0;
  const bits = uint16At(root, "00280100") ?? 0;
  const frames = Math.max(1, numbersAt(root, "00280008", 1)?.[0] ?? 1);
  const { firstColumn, firstRow } = box;
  const inside =
    firstColumn >= 0 &&
    firstRow >= 0 &&
    box.columns > 0 &&
    box.rows > 0 &&
    firstColumn + box.columns <= columns &&
    firstRow + box.rows <= rows;
  if (!inside || pixels.length * 8 < frames * rows * columns * bits)
    return fail(problem("deidentify/crop-outside", { fileName, rows, columns }));
  const groups = itemsAt(root, PER_FRAME);
  const kept: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const onSlice = kind === "CT" || staysInside(groups[frame], box, keptPlaces);
    const place = { frame, rows, columns, bits };
    if (kind === "SEG" && cutsVoxels(pixels, place, onSlice ? box : null))
      return fail(problem("deidentify/crop-cuts-segment", { fileName }));
    if (onSlice) kept.push(frame);
  }
  const moved = movedGroups(root, box, kept);
  if (!moved) return fail(problem("deidentify/no-geometry", { fileName }));
  const out = new Map(moved);
  const uint16 = (value: number): DataElement => ({
    vr: "US",
    bytes: new Uint8Array([value & 0xff, value >> 8]),
  });
  out.set("00280010", uint16(box.rows)).set("00280011", uint16(box.columns));
  if (root.has("00280008")) out.set("00280008", { vr: "IS", text: String(kept.length) });
  return ok({ root: out, pixels: pixelsWithin(pixels, { rows, columns, bits }, box, kept) });
}

/** Whether the image that a segmentation's frame was made from stays; by its place where the frame names none. */
function staysInside(
  group: DataItem | undefined,
  { instances }: CropBox,
  keptPlaces: ReadonlySet<string>,
): boolean {
  if (!group) return false;
  const [derivation] = itemsAt(group, "00089124");
  const [source] = derivation ? itemsAt(derivation, "00082112") : [];
  if (source) return instances.has(textAt(source, "00081155"));
  const [place] = itemsAt(group, "00209113");
  return place !== undefined && keptPlaces.has(placeOf(place) ?? "");
}

/** Image Position of an image or a frame's group to a hundredth of a mm; null where it has none. */
export const placeOf = (item: DataItem): string | null =>
  numbersAt(item, POSITION, 3)
    ?.map((value) => value.toFixed(2).replace(/^-0\.00$/, "0.00"))
    .join(" ") ?? null;

interface Format {
  readonly rows: number;
  readonly columns: number;
  readonly bits: number;
}

/** Whether a frame has anything outside the box; anything at all where `box` is null. */
function cutsVoxels(
  pixels: Uint8Array,
  { frame, rows, columns, bits }: Format & { readonly frame: number },
  box: CropBox | null,
): boolean {
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const within =
        box !== null &&
        i >= box.firstColumn &&
        i < box.firstColumn + box.columns &&
        j >= box.firstRow &&
        j < box.firstRow + box.rows;
      if (!within && valueAt(pixels, (frame * rows + j) * columns + i, bits) !== 0) return true;
    }
  return false;
}

const valueAt = (pixels: Uint8Array, n: number, bits: number): number =>
  bits === 1
    ? (pixels[n >> 3] >> (n & 7)) & 1
    : bits === 8
      ? pixels[n]
      : pixels[2 * n] | (pixels[2 * n + 1] << 8);

function pixelsWithin(
  pixels: Uint8Array,
  { rows, columns, bits }: Format,
  box: CropBox,
  frames: readonly number[],
): Uint8Array {
  const length = Math.ceil((frames.length * box.rows * box.columns * bits) / 8);
  const out = new Uint8Array(length + (length % 2));
  let at = 0;
  for (const frame of frames)
    for (let j = box.firstRow; j < box.firstRow + box.rows; j++) {
      const from = (frame * rows + j) * columns + box.firstColumn;
      if (bits === 1)
        for (let n = from; n < from + box.columns; n++, at++)
          out[at >> 3] |= valueAt(pixels, n, 1) << (at & 7);
      else {
        const size = bits / 8;
        out.set(pixels.subarray(from * size, (from + box.columns) * size), at);
        at += box.columns * size;
      }
    }
  return out;
}

interface Geometry {
  readonly orientation: readonly number[] | null;
  /** mm between rows, between columns. */
  readonly spacing: readonly number[] | null;
}

/** The data set with its positions moved and only the groups of the frames that stay; null where a position can't be told. */
function movedGroups(root: DataItem, box: CropBox, kept: readonly number[]): DataItem | null {
  const [shared] = itemsAt(root, SHARED);
  const common = geometryOf(shared, geometryOf(root, { orientation: null, spacing: null }));
  const out = new Map(root);
  if (root.has(POSITION)) {
    const moved = movedItem(root, common, box);
    if (!moved) return null;
    out.set(POSITION, moved);
  }
  if (shared) {
    const changed = movedGroup(shared, common, box);
    if (!changed) return null;
    out.set(SHARED, { vr: "SQ", items: [changed] });
  }
  const groups = itemsAt(root, PER_FRAME);
  if (groups.length === 0) return out;
  const changed = kept.map((frame) => {
    const group = groups.at(frame);
    return group ? movedGroup(group, geometryOf(group, common), box) : null;
  });
  if (changed.some((group) => group === null)) return null;
  const whole = changed.flatMap((group) => group ?? []);
  out.set(PER_FRAME, { vr: "SQ", items: kept.length === groups.length ? whole : renumbered(whole) });
  return out;
}

function geometryOf(item: DataItem | undefined, otherwise: Geometry): Geometry {
  if (!item) return otherwise;
  const [plane] = itemsAt(item, "00209116");
  const [measures] = itemsAt(item, "00289110");
  const orientation = numbersAt(item, "00200037", 6) ?? (plane ? numbersAt(plane, "00200037", 6) : null);
  const spacing = numbersAt(item, "00280030", 2) ?? (measures ? numbersAt(measures, "00280030", 2) : null);
  return { orientation: orientation ?? otherwise.orientation, spacing: spacing ?? otherwise.spacing };
}

/** A functional group with its plane position moved; the group itself where it has none. */
function movedGroup(group: DataItem, geometry: Geometry, box: CropBox): DataItem | null {
  const [place] = itemsAt(group, "00209113");
  if (!place) return group;
  const moved = movedItem(place, geometry, box);
  return moved
    ? new Map(group).set("00209113", { vr: "SQ", items: [new Map(place).set(POSITION, moved)] })
    : null;
}

function movedItem(item: DataItem, { orientation, spacing }: Geometry, box: CropBox): DataElement | null {
  const position = numbersAt(item, POSITION, 3);
  if (!position || !orientation || !spacing) return null;
  const alongRow = box.firstColumn * spacing[1];
  const alongColumn = box.firstRow * spacing[0];
  const moved = position.map(
    (value, axis) => value + alongRow * orientation[axis] + alongColumn * orientation[axis + 3],
  );
  return { vr: "DS", text: moved.map(decimalString).join("\\") };
}

/** Dimension indices count from 1 without a gap (PS3.3 C.7.6.17.2): each column anew after frames went. */
function renumbered(groups: readonly DataItem[]): DataItem[] {
  const valuesOf = (group: DataItem): readonly number[] => {
    const element = itemsAt(group, "00209111")[0]?.get(DIMENSION_INDICES);
    if (!element || !("bytes" in element)) return [];
    const view = new DataView(element.bytes.buffer, element.bytes.byteOffset, element.bytes.byteLength);
    return Array.from({ length: element.bytes.length / 4 }, (_, n) => view.getUint32(4 * n, true));
  };
  const all = groups.map(valuesOf);
  const columns = all[0]?.length ?? 0;
  // A segment keeps its number; only the last dimension, the place, is counted anew.
  const places = [...new Set(all.map((values) => values.at(-1) ?? 0))].toSorted((a, b) => a - b);
  return groups.map((group, n) => {
    const [content] = itemsAt(group, "00209111");
    if (!content || columns === 0) return group;
    const bytes = new Uint8Array(4 * columns);
    const view = new DataView(bytes.buffer);
    all[n].forEach((value, column) =>
      view.setUint32(4 * column, column === columns - 1 ? places.indexOf(value) + 1 : value, true),
    );
    const changed = new Map(content).set(DIMENSION_INDICES, { vr: "UL", bytes });
    return new Map(group).set("00209111", { vr: "SQ", items: [changed] });
  });
}
