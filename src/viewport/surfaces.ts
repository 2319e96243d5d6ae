// Surfaces in patient space for the 3D view: bone from a coarse threshold, masks voxel by voxel. Built in idle time. Pure.
import type { VoxelGrid } from "#core/space";
import { patientFromVoxel, spacingMm } from "#core/space";
import { boundingBox } from "#voxels/box";
import { components } from "#voxels/components";
import { RunBuilder, type RunMask } from "#voxels/mask";
import type { DisplayVolume } from "./display-volume.ts";
import { type Field, inflate, type Mesh, relax, surfaceNets, vertexNormals } from "./surface-nets.ts";

/** Vertices in patient mm (LPS) with unit normals. */
export interface Surface extends Mesh {
  readonly normals: Float32Array;
}

/** Gives the page time; returns false once the work is no longer wanted. */
export type Pause = () => Promise<boolean>;

/** Cortical and dense trabecular bone of the pelvis and spine, after averaging over blocks of a few mm. */
const boneHu = 180;
/** Skin, fat and everything denser; the largest part of it is the patient. */
const bodyHu = -250;
const airHu = -1024;
const workMs = 8;

/** Waits for an idle moment. Safari has no idle callback. */
export function idlePause(signal: AbortSignal): Pause {
  return () =>
    new Promise((resolve) => {
      const done = () => resolve(!signal.aborted);
      if (typeof requestIdleCallback === "function") requestIdleCallback(done, { timeout: 400 });
      else setTimeout(done, 30);
    });
}

/** Kept while the volume or mask lives, so that a view that is enlarged or shown again has them at once. */
const bones = new WeakMap<Int16Array, { readonly blockMm: number; readonly surface: Surface | null }>();
const maskSurfaces = new WeakMap<RunMask, Surface>();

/** Bone of the whole volume in blocks of about `blockMm`, or null when there is none or the work was stopped. */
export async function boneSurface(
  display: DisplayVolume,
  blockMm: number,
  pause: Pause,
): Promise<Surface | null> {
  const { grid } = display;
  const known = bones.get(display.hu);
  if (known?.blockMm === blockMm) return known.surface;
  const [si, sj, sk] = spacingMm(grid);
  const block = [si, sj, sk].map((mm) => Math.max(1, Math.round(blockMm / mm)));
  const [bi, bj, bk] = block;
  const width = Math.floor(grid.columns / bi);
  const height = Math.floor(grid.rows / bj);
  const depth = Math.floor(grid.slices / bk);
  const values = new Int16Array(width * height * depth);
  const field: Field = { width, height, depth, values };
  const mesh = await inPieces(boneMesh(display, block, field, values), pause);
  if (!mesh) return null;
  const middle = block.map((b) => (b - 1) / 2);
  const patient = (x: number, y: number, z: number) =>
    patientFromVoxel(grid, x * bi + middle[0], y * bj + middle[1], z * bk + middle[2]);
  const whole = await inPieces(inPatient(mesh, patient), pause);
  if (!whole) return null;
  const surface = whole.triangles.length > 0 ? whole : null;
  bones.set(display.hu, { blockMm, surface });
  return surface;
}

function* boneMesh(
  display: DisplayVolume,
  block: readonly number[],
  field: Field,
  values: Int16Array,
): Generator<void, Mesh, void> {
  for (let z = 0; z < field.depth; z++) {
    averageBlocks(display, block, z, field.width, field.height, values);
    yield;
  }
  clearOutsideBody(field, values);
  yield;
  fillMarrow(field, values);
  yield;
  return yield* surfaceNets(field, boneHu);
}

/** One layer of block means. */
function averageBlocks(
  { grid, hu }: DisplayVolume,
  [bi, bj, bk]: readonly number[],
  z: number,
  width: number,
  height: number,
  values: Int16Array,
): void {
  const size = bi * bj * bk;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = z * bk; k < (z + 1) * bk; k++) {
        for (let j = y * bj; j < (y + 1) * bj; j++) {
          const row = (k * grid.rows + j) * grid.columns + x * bi;
          for (let i = 0; i < bi; i++) sum += hu[row + i];
        }
      }
      values[(z * height + y) * width + x] = sum / size;
    }
  }
}

/** Runs of the field's values in [from, below). */
function runsBetween({ width, height, depth, values }: Field, from: number, below: number): RunMask {
  const builder = new RunBuilder({ columns: width, rows: height, slices: depth });
  for (let row = 0; row < height * depth; row++) {
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const value = x < width ? values[row * width + x] : below;
      const inside = value >= from && value < below;
      if (inside && start < 0) start = x;
      if (!inside && start >= 0) {
        builder.add(row, start, x);
        start = -1;
      }
    }
  }
  return builder.finish();
}

function fillRuns(values: Int16Array, mask: RunMask, wanted: (run: number) => boolean, value: number): void {
  for (let row = 0; row < mask.rows * mask.slices; row++) {
    for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
      if (!wanted(n)) continue;
      values.fill(value, row * mask.columns + mask.start[n], row * mask.columns + mask.end[n]);
    }
  }
}

/** Empties what does not hang together with the patient's body: the table is as dense as bone. */
function clearOutsideBody(field: Field, values: Int16Array): void {
  const body = runsBetween(field, bodyHu, Infinity);
  const { labelOfRun } = components(body, 6);
  fillRuns(values, body, (run) => labelOfRun[run] !== 1, airHu);
}

/**
 * Fills marrow that bone encloses, so that only the outer surface is drawn: half the triangles, and cement inside stays
 * visible. Soft tissue reaches the sides of the scan; marrow that only the first or last slice cuts is filled too.
 */
function fillMarrow(field: Field, values: Int16Array): void {
  const soft = runsBetween(field, -Infinity, boneHu);
  const { count, labelOfRun } = components(soft, 6);
  const open = new Uint8Array(count + 1);
  for (let row = 0; row < soft.rows * soft.slices; row++) {
    const j = row % soft.rows;
    for (let n = soft.rowStart[row]; n < soft.rowStart[row + 1]; n++) {
      const atSide = j === 0 || j === soft.rows - 1 || soft.start[n] === 0 || soft.end[n] === soft.columns;
      if (atSide) open[labelOfRun[n]] = 1;
    }
  }
  fillRuns(values, soft, (run) => open[labelOfRun[run]] === 0, boneHu);
}

/** A mask's surface on the acquired grid (tilted and uneven slices included), or null when it is empty or unwanted. */
export async function maskSurface(grid: VoxelGrid, mask: RunMask, pause: Pause): Promise<Surface | null> {
  const known = maskSurfaces.get(mask);
  if (known) return known;
  const box = boundingBox(mask);
  if (!box) return null;
  const width = box.i1 - box.i0;
  const height = box.j1 - box.j0;
  const values = new Uint8Array(width * height * (box.k1 - box.k0));
  for (let k = box.k0; k < box.k1; k++) {
    for (let j = box.j0; j < box.j1; j++) {
      const row = k * mask.rows + j;
      const out = ((k - box.k0) * height + j - box.j0) * width - box.i0;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++) {
        values.fill(1, out + mask.start[n], out + mask.end[n]);
      }
    }
  }
  const field: Field = { width, height, depth: box.k1 - box.k0, values };
  const mesh = await inPieces(maskMesh(field), pause);
  if (!mesh || mesh.triangles.length === 0) return null;
  const patient = (x: number, y: number, z: number) =>
    patientFromVoxel(grid, x + box.i0, y + box.j0, z + box.k0);
  const surface = await inPieces(inPatient(mesh, patient), pause);
  if (surface) maskSurfaces.set(mask, surface);
  return surface;
}

function* maskMesh(field: Field): Generator<void, Mesh, void> {
  const mesh = yield* surfaceNets(field, 0.5);
  yield* relax(mesh, 8, 0.15);
  // The net cuts the corners of voxels: a leak one voxel wide would look half as wide.
  inflate(mesh, 0.35);
  return mesh;
}

/** Works a few ms at a time; null once it is no longer wanted. */
async function inPieces<T>(work: Generator<void, T, void>, pause: Pause): Promise<T | null> {
  for (;;) {
    const until = performance.now() + workMs;
    while (performance.now() < until) {
      const step = work.next();
      if (step.done) return step.value;
    }
    if (!(await pause())) return null;
  }
}

function* inPatient(
  mesh: Mesh,
  patient: (x: number, y: number, z: number) => readonly [number, number, number],
): Generator<void, Surface, void> {
  const { vertices, triangles } = mesh;
  for (let n = 0; n < vertices.length; n += 3) {
    const [x, y, z] = patient(vertices[n], vertices[n + 1], vertices[n + 2]);
    vertices[n] = x;
    vertices[n + 1] = y;
    vertices[n + 2] = z;
    if (n % 30000 === 29997) yield;
  }
  yield;
  return { vertices, triangles, normals: vertexNormals(mesh) };
}
