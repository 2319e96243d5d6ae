// The worker's side of looking through a series that is still loading: what is decoded, and what the reader waits for.
import type { InstanceReference } from "#core/study";
import { type VoxelGrid, normalize } from "#core/space";
import type { EarlySlice } from "#dicom/slices-ahead";
import type { ComingSlice } from "./worker-protocol.ts";

/** Slices of one loading that can be looked at; of the volume's own memory, nothing is copied before it is sent. */
export interface ComingSlices {
  /** Place of the slice that the reader looks at. */
  readonly lookedAt: () => number | null;
  /** Sends the slice as soon as it is there: now, or when it is decoded. */
  look(k: number): void;
  /** Sent if it is the first of all, or the one that is looked at. */
  decoded(slice: ComingSlice): void;
}

/** `at`: what was looked at before this loading began. What is sent has memory of its own, which may be handed on. */
export function comingSlices(
  send: (slice: ComingSlice, memory: ArrayBuffer) => void,
  at: number | null,
): ComingSlices {
  const there = new Map<number, ComingSlice>();
  /** The volume's own memory may be put in order meanwhile. */
  const sendCopy = (slice: ComingSlice): void => {
    const hu = slice.hu.slice();
    send({ ...slice, hu }, hu.buffer);
  };
  return {
    lookedAt: () => at,
    look(k) {
      // It was sent, or will be when it is decoded.
      if (k === at) return;
      at = k;
      const slice = there.get(k);
      if (slice) sendCopy(slice);
    },
    decoded(slice) {
      there.set(slice.k, slice);
      at ??= slice.k;
      if (at === slice.k) sendCopy(slice);
    },
  };
}

/** A slice that was decoded before its series is known; null where its header does not say how it lies. */
export function comingEarly({ header, n, of, hu }: EarlySlice): ComingSlice | null {
  const { format, position, rowDirection, columnDirection, rowSpacingMm, columnSpacingMm } = header;
  if (!position || !rowDirection || !columnDirection || !rowSpacingMm || !columnSpacingMm) return null;
  const grid: VoxelGrid = {
    columns: format.columns,
    rows: format.rows,
    slices: 1,
    columnSpacingMm,
    rowSpacingMm,
    rowDirection: normalize(rowDirection),
    columnDirection: normalize(columnDirection),
    slicePositions: [position],
  };
  return { k: n, slices: of, place: "by-name", sopInstanceUid: header.sopInstanceUid, grid, hu };
}

/** Slice k of a series whose stack is known. */
export const comingFromStack = (
  grid: VoxelGrid,
  instances: readonly InstanceReference[],
  k: number,
  hu: Int16Array,
): ComingSlice => ({
  k,
  slices: grid.slices,
  place: "known",
  sopInstanceUid: instances[k].sopInstanceUid,
  grid: { ...grid, slices: 1, slicePositions: [grid.slicePositions[k]] },
  hu,
});
