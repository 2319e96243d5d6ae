// The picture beside a saved case: what was marked, from the front, the patient's left on the right, head up.
import { describe, expect, it } from "vitest";
import type { OverlayLayer } from "#contract";
import { casePicture, type CasePicture } from "#host/case-picture";
import { boxMask } from "#voxels/set-operations";
import { SIZE, smallVolume } from "./small-case.ts";

const { grid } = smallVolume();
const layer = (color: string, i0: number, i1: number, k0: number, k1: number): OverlayLayer => ({
  id: color,
  mask: boxMask(SIZE, { i0, i1, j0: 10, j1: 20, k0, k1 }),
  color,
  fillOpacity: 0.3,
  outlineWidthPx: 1,
  surface: true,
});
const lines = ({ cells, columns, rows }: CasePicture) =>
  Array.from({ length: rows }, (_, row) => cells.slice(row * columns, (row + 1) * columns));

describe("the picture of a case", () => {
  it("shows each colour where it lies", () => {
    const picture = casePicture([layer("#aaaaaa", 4, 20, 2, 10), layer("#ff0000", 40, 44, 18, 22)], grid);
    if (!picture) throw new Error("nothing drawn");
    expect(picture.colors).toEqual(["#aaaaaa", "#ff0000"]);
    const drawn = lines(picture);
    const columnsOf = (digit: string) => drawn.map((line) => line.indexOf(digit)).filter((at) => at >= 0);
    const rowOf = (digit: string) => drawn.findIndex((line) => line.includes(digit));
    expect(Math.min(...columnsOf("2"))).toBeGreaterThan(Math.max(...columnsOf("1")));
    expect(rowOf("2")).toBeLessThan(rowOf("1"));
    expect(picture.cells).toHaveLength(picture.columns * picture.rows);
    expect(Math.max(picture.columns, picture.rows)).toBeLessThanOrEqual(48);
  });

  it("turns with the patient: a grid whose rows run from left to right shows the same", () => {
    const mirrored = {
      ...grid,
      rowDirection: [-1, 0, 0] as const,
      slicePositions: grid.slicePositions.map(([x, y, z]) => [x + SIZE.columns - 1, y, z] as const),
    };
    const flipped = (i0: number, i1: number) => layer("#aaaaaa", SIZE.columns - i1, SIZE.columns - i0, 2, 10);
    expect(casePicture([flipped(4, 20)], mirrored)).toEqual(
      casePicture([layer("#aaaaaa", 4, 20, 2, 10)], grid),
    );
  });

  it("is left out where nothing is drawn in 3D", () => {
    expect(casePicture([{ ...layer("#aaaaaa", 4, 20, 2, 10), surface: false }], grid)).toBeNull();
  });
});
