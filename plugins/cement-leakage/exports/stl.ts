// A segment's surface as binary STL, for printing and planning software: closed, in mm, its volume that of the voxels.
import { type VoxelGrid, voxelVolumeMm3 } from "#core/space";
import { closedSurface } from "#voxels/closed-surface";
import { type RunMask, forEachRun } from "#voxels/mask";

const HEADER_BYTES = 80;
const TRIANGLE_BYTES = 50;

/**
 * Little-endian binary STL. Coordinates are patient mm as in DICOM (LPS); the header says so in the words that 3D Slicer reads
 * ("SPACE=LPS"), with what it shows (cut where 80 characters don't hold it) and what it is not for.
 */
export function stlSurface(mask: RunMask, grid: VoxelGrid, name: string): Uint8Array {
  const { vertices, triangles } = closedSurface(mask, grid, volumeOf(mask, grid));
  const bytes = new Uint8Array(HEADER_BYTES + 4 + (triangles.length / 3) * TRIANGLE_BYTES);
  const view = new DataView(bytes.buffer);
  const fixed = "SPACE=LPS mm, not for diagnosis: ";
  new TextEncoder().encodeInto(
    `${fixed}${name.replace(/[^ -~]/g, "?")}`.slice(0, HEADER_BYTES),
    bytes.subarray(0, HEADER_BYTES),
  );
  view.setUint32(HEADER_BYTES, triangles.length / 3, true);
  for (let n = 0; n < triangles.length; n += 3) {
    const at = HEADER_BYTES + 4 + (n / 3) * TRIANGLE_BYTES;
    const corners = [0, 1, 2].map((c) => vertices.subarray(3 * triangles[n + c], 3 * triangles[n + c] + 3));
    const normal = unitNormal(corners);
    normal.forEach((value, axis) => view.setFloat32(at + 4 * axis, value, true));
    corners.forEach((corner, c) =>
      corner.forEach((value, axis) => view.setFloat32(at + 12 + 12 * c + 4 * axis, value, true)),
    );
  }
  return bytes;
}

/** As the findings count it: each voxel with the box of its slice. */
function volumeOf(mask: RunMask, grid: VoxelGrid): number {
  let mm3 = 0;
  forEachRun(mask, (_j, k, start, end) => {
    mm3 += (end - start) * voxelVolumeMm3(grid, k);
  });
  return mm3;
}

function unitNormal([a, b, c]: readonly Float64Array[]): number[] {
  const [u, v] = [0, 1].map((which) => [0, 1, 2].map((axis) => (which === 0 ? b : c)[axis] - a[axis]));
  const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const length = Math.hypot(...normal) || 1;
  return normal.map((value) => value / length);
}
