// A mask of one grid laid over another by position in the patient.
import { patientFromVoxel, subtract, voxelFromPatient, type Vec3, type VoxelGrid } from "#core/space";
import { type RunMask, RunBuilder, emptyMask, maskHas } from "./mask.ts";
import { boundingBox } from "./box.ts";

/**
 * The voxels of `target` whose centre lies in a voxel of `mask` (on `source`). Both may be tilted, turned and uneven. Nothing is
 * interpolated, so a volume may change by what lies at the surface.
 */
export function resampleMask(mask: RunMask, source: VoxelGrid, target: VoxelGrid): RunMask {
  const box = boundingBox(mask);
  if (!box) return emptyMask(target);
  const corners = [box.i0 - 1, box.i1].flatMap((i) =>
    [box.j0 - 1, box.j1].flatMap((j) =>
      [box.k0 - 1, box.k1].map((k) => voxelFromPatient(target, patientFromVoxel(source, i, j, k))),
    ),
  );
  const range = (axis: 0 | 1 | 2, count: number): readonly [number, number] => [
    Math.max(0, Math.floor(Math.min(...corners.map((corner) => corner[axis])))),
    Math.min(count, Math.ceil(Math.max(...corners.map((corner) => corner[axis]))) + 1),
  ];
  const [i0, i1] = range(0, target.columns);
  const [j0, j1] = range(1, target.rows);
  const [k0, k1] = range(2, target.slices);
  const builder = new RunBuilder(target);
  for (let k = k0; k < k1; k++)
    for (let j = j0; j < j1; j++) addRow(builder, mask, source, target, j, k, i0, i1);
  return builder.finish();
}

/** A row of the target is a straight line through the source: within one gap between slices the steps are even. */
function addRow(
  builder: RunBuilder,
  mask: RunMask,
  source: VoxelGrid,
  target: VoxelGrid,
  j: number,
  k: number,
  i0: number,
  i1: number,
): void {
  const at = (i: number): Vec3 => voxelFromPatient(source, patientFromVoxel(target, i, j, k));
  const inPlane = Math.abs(subtract(at(i1), at(i0))[2]) < 1e-6;
  const first = at(i0);
  const step = subtract(at(i0 + 1), first);
  const row = k * target.rows + j;
  for (let i = i0; i < i1; i++) {
    const n = i - i0;
    const [x, y, z] = inPlane ? [first[0] + n * step[0], first[1] + n * step[1], first[2]] : at(i);
    if (maskHas(mask, Math.round(x), Math.round(y), Math.round(z))) builder.add(row, i, i + 1);
  }
}
