// A tried floor: the same voxels and parts as the search at that floor, and as little of the volume looked at as the floor lets.
import { describe, expect, it } from "vitest";
import type { CtVolume } from "#core/volume";
import { voxelCount } from "#voxels/mask";
import { keptBlockMaximum } from "#voxels/threshold";
import { unionAll } from "#voxels/set-operations";
import { findCement } from "../../../plugins/cement-leakage/engine/find-cement.ts";
import { tryFloor } from "../../../plugins/cement-leakage/engine/try-floor.ts";
import { smallVolume } from "../host/small-case.ts";

/** Counts the voxels that are handed on or copied out of the volume. */
function counted(volume: CtVolume): { volume: CtVolume; voxelsRead: () => number } {
  let read = 0;
  const hu = new Int16Array(volume.hu);
  const note = (from = 0, to = hu.length) => (read += to - from);
  Object.defineProperties(hu, {
    subarray: {
      value: (from?: number, to?: number) => {
        note(from, to);
        return Int16Array.prototype.subarray.call(hu, from, to);
      },
    },
    slice: {
      value: (from?: number, to?: number) => {
        note(from, to);
        return Int16Array.prototype.slice.call(hu, from, to);
      },
    },
  });
  return { volume: { ...volume, hu }, voxelsRead: () => read };
}

describe("a floor that is tried", () => {
  it.each([300, 900, 1650, 1790, 3000])("finds what the search finds at %i HU", (floorHu) => {
    const volume = smallVolume();
    const found = findCement(volume, { floorHu });
    const tried = tryFloor(volume, floorHu);
    const all = unionAll(volume.grid, [...found.parts.map(({ mask }) => mask), found.specks]);
    expect(tried.mask).toEqual(all);
    expect([tried.partCount, tried.speckCount]).toEqual([found.parts.length, found.speckCount]);
    // Voxels of 1 mm3.
    expect(tried.volumeMm3).toBeCloseTo(voxelCount(all), 6);
  });

  it("reads only rows that reach it, each once, and copies nothing else of the volume", () => {
    const { volume, voxelsRead } = counted(smallVolume());
    const { columns, rows, slices } = volume.grid;
    const { rowMaximumHu } = keptBlockMaximum(volume.hu, volume.grid);
    const before = voxelsRead();
    tryFloor(volume, 1650);
    const reached = rowMaximumHu.filter((highest) => highest >= 1650).length;
    expect(reached).toBeLessThan((rows * slices) / 3);
    expect(voxelsRead() - before).toBeLessThanOrEqual(reached * columns);
    const again = voxelsRead();
    tryFloor(volume, 3000);
    expect(voxelsRead()).toBe(again);
  });
});
