// The ball fills what it cannot reach: gaps in a shell, marrow that is wide inside; it enters where the hole is wider than itself.
import { expect, it } from "vitest";
import type { VoxelGrid } from "#core/space";
import { patientFromVoxel } from "#core/space";
import { maskHas, RunBuilder, type RunMask } from "#voxels/mask";
import { evenGrid } from "#voxels/resample";
import { filledByBall } from "#voxels/rolling-ball";

const grid = evenGrid([-45, -45, -45], [45, 45, 45], 1.5);

function where(of: VoxelGrid, accept: (x: number, y: number, z: number) => boolean): RunMask {
  const builder = new RunBuilder(of);
  for (let k = 0; k < of.slices; k++)
    for (let j = 0; j < of.rows; j++)
      for (let i = 0; i < of.columns; i++)
        if (accept(...patientFromVoxel(of, i, j, k))) builder.add(k * of.rows + j, i, i + 1);
  return builder.finish();
}

/** A shell 3 mm thick about marrow 20 mm wide, with a round hole towards +x. */
const shell = (holeMm: number) =>
  where(grid, (x, y, z) => {
    const r = Math.hypot(x, y, z);
    return r > 20 && r < 23 && !(x > 0 && Math.hypot(y, z) < holeMm);
  });
const middle = Math.floor(grid.columns / 2);

it("fills marrow behind a hole narrower than the ball, although the marrow itself is wide", () => {
  const filled = filledByBall(shell(4), grid, 8, 13);
  expect(maskHas(filled, middle, middle, middle)).toBe(true);
});

it("enters through a hole wider than the ball", () => {
  const filled = filledByBall(shell(13), grid, 5, 13);
  expect(maskHas(filled, middle, middle, middle)).toBe(false);
});

it("never loses a voxel of the mask, and leaves open space open", () => {
  const mask = shell(4);
  const filled = filledByBall(mask, grid, 8, 13);
  for (let k = 0; k < grid.slices; k += 3)
    for (let j = 0; j < grid.rows; j += 3)
      for (let i = 0; i < grid.columns; i += 3)
        if (maskHas(mask, i, j, k)) expect(maskHas(filled, i, j, k)).toBe(true);
  expect(maskHas(filled, 2, 2, middle)).toBe(false);
});
