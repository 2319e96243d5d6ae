// Surfaces: closed, facing outwards, of the right size, and thin leaks stay.
import { describe, expect, it } from "vitest";
import { patientFromVoxel } from "#core/space";
import { type Mesh, surfaceNets } from "#viewport/surface-nets";
import { boneSurface, maskSurface } from "#viewport/surfaces";
import { RunBuilder } from "#voxels/mask";
import { makeGrid, positions } from "./grids.ts";

function meshOf(work: Generator<void, Mesh, void>): Mesh {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const always = () => Promise.resolve(true);

/** Volume enclosed by triangles that face outwards. */
function enclosed({ vertices: v, triangles }: Mesh): number {
  let sum = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t], 3 * triangles[t + 1], 3 * triangles[t + 2]];
    sum +=
      v[a] * (v[b + 1] * v[c + 2] - v[b + 2] * v[c + 1]) -
      v[a + 1] * (v[b] * v[c + 2] - v[b + 2] * v[c]) +
      v[a + 2] * (v[b] * v[c + 1] - v[b + 1] * v[c]);
  }
  return sum / 6;
}

/** Edges that do not belong to exactly two triangles running in opposite directions. */
function openEdges({ triangles }: Mesh): number {
  const edges = new Map<string, number>();
  for (let t = 0; t < triangles.length; t++) {
    const a = triangles[t];
    const b = triangles[t % 3 === 2 ? t - 2 : t + 1];
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    edges.set(key, (edges.get(key) ?? 0) + (a < b ? 1 : -1));
  }
  return [...edges.values()].filter((balance) => balance !== 0).length;
}

describe("surface nets", () => {
  it("closes around a ball, faces outwards and has its volume", () => {
    const size = 24;
    const values = new Int16Array(size ** 3);
    for (let n = 0; n < values.length; n++) {
      const [x, y, z] = [n % size, Math.floor(n / size) % size, Math.floor(n / size ** 2)];
      values[n] = 1000 - 100 * Math.hypot(x - 11.3, y - 12.1, z - 11.8);
    }
    const mesh = meshOf(surfaceNets({ width: size, height: size, depth: size, values }, 200));
    expect(openEdges(mesh)).toBe(0);
    const ball = (4 / 3) * Math.PI * 8 ** 3;
    expect(enclosed(mesh) / ball).toBeGreaterThan(0.97);
    expect(enclosed(mesh) / ball).toBeLessThan(1.01);
  });

  it("closes what reaches the edge of the field", () => {
    const mesh = meshOf(
      surfaceNets({ width: 3, height: 2, depth: 4, values: new Uint8Array(24).fill(1) }, 0.5),
    );
    expect(openEdges(mesh)).toBe(0);
    expect(enclosed(mesh)).toBeGreaterThan(10);
  });
});

describe("surfaces in the patient", () => {
  it("puts a one-voxel leak where it is and keeps its width, in a tilted stack too", async () => {
    const grid = makeGrid({ ...positions.HFP, shear: 0.3 });
    const builder = new RunBuilder(grid);
    for (let k = 2; k < 11; k++) builder.add(k * grid.rows + 9, 12, 13);
    const surface = await maskSurface(grid, builder.finish(), always);
    expect(surface).not.toBeNull();
    if (!surface) return;
    expect(openEdges(surface)).toBe(0);
    const { vertices } = surface;
    const center = [0, 0, 0];
    for (let n = 0; n < vertices.length; n++) center[n % 3] += vertices[n] / (vertices.length / 3);
    const wanted = patientFromVoxel(grid, 12, 9, 6);
    for (let axis = 0; axis < 3; axis++) expect(center[axis]).toBeCloseTo(wanted[axis], 0);
    const ascending = vertices.filter((_, n) => n % 3 === 0);
    expect(Math.max(...ascending) - Math.min(...ascending)).toBeGreaterThan(0.5 * grid.columnSpacingMm);
    expect(enclosed(surface)).toBeGreaterThan(10);
  });

  it("shows bone but not the table, which is as dense and lies apart", async () => {
    const grid = makeGrid(positions.HFS);
    const hu = new Int16Array(grid.columns * grid.rows * grid.slices).fill(-1000);
    for (let k = 0; k < grid.slices; k++)
      for (let j = 0; j < grid.rows; j++)
        for (let i = 0; i < grid.columns; i++) {
          const at = (k * grid.rows + j) * grid.columns + i;
          if (j < 14) hu[at] = 40;
          if (j > 4 && j < 10 && i > 6 && i < 16) hu[at] = 900;
          if (j === 18) hu[at] = 900;
        }
    const surface = await boneSurface({ grid, hu, resampled: false }, 1, always);
    const ys = surface?.vertices.filter((_, n) => n % 3 === 1) ?? [];
    expect(ys.length).toBeGreaterThan(0);
    const posterior = patientFromVoxel(grid, 0, 11, 0)[1];
    expect(Math.max(...ys)).toBeLessThan(posterior);
  });
});
