// Cement and its leaks in 3D, seen through the bone's surface: parallel rays through the region, from front to back.
import {
  add,
  dot,
  normalize,
  scale,
  subtract,
  type Vec3,
  type VoxelGrid,
  patientFromVoxel,
} from "#core/space";
import { evenGrid, patientBounds, resampleVolume } from "#voxels/resample";
import { type CaseScene, rgbOf } from "./case-scene.ts";
import { patientFromPicture, type PictureFrame } from "./picture-frame.ts";
import { labelAt } from "./render-plane.ts";

/** Horizontal unit vectors to the viewer, an eighth of a turn apart, from the front on. */
export const EIGHT_SIDES: readonly Vec3[] = Array.from({ length: 8 }, (_, n): Vec3 => {
  const angle = (n * Math.PI) / 4;
  return [Math.sin(angle), -Math.cos(angle), 0];
});

const MOST_VOXELS = 3_000_000;
const FINEST_MM = 0.5;
/** HU from which something passes for bone. */
const BONE_HU = 180;
const DENSE_BONE_HU = 600;
/** HU a mm from which a border is a surface. */
const SURFACE_HU_A_MM = 220;
/** What a millimetre of bone's surface hides. */
const BONE_HIDES_A_MM = 0.11;
/** Cement is never hidden more than this, however much bone lies before it. */
const LEAST_THROUGH = 0.5;
/** Occupancy (0 to 255, smoothed) at which cement's surface lies. */
const SURFACE = 105;
const GREY_IN_BONE = 236;
const LEAST_LIGHT = 0.28;

export interface View3d {
  readonly toViewer: Vec3;
  /** Middle of all cement. */
  readonly center: Vec3;
  readonly extentMm: number;
}

/** The side from which most of the leaks is seen before other cement; of the cement, where nothing leaked. Null without any. */
export function bestView(scene: CaseScene): View3d | null {
  const points = labelledPoints(scene);
  const bounds = boundsOf(points);
  if (!bounds) return null;
  const { least, most } = bounds;
  const anyLeak = points.some(({ leak }) => leak);
  const seen = EIGHT_SIDES.map((side) => seenFrom(points, side, anyLeak));
  return {
    toViewer: EIGHT_SIDES[seen.indexOf(Math.max(...seen))],
    center: scale(add(least, most), 0.5),
    extentMm: Math.max(Math.hypot(most[0] - least[0], most[1] - least[1]), most[2] - least[2]),
  };
}

interface LabelledPoint {
  /** Patient mm. */
  readonly at: Vec3;
  readonly leak: boolean;
}

function labelledPoints({ volume: { grid }, labels, masks }: CaseScene): LabelledPoint[] {
  const points: LabelledPoint[] = [];
  const leaks = new Set(masks.filter(({ leakId }) => leakId !== "").map(({ label }) => label));
  const { columns, rows } = grid;
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue;
    const row = Math.floor(n / columns);
    const at = patientFromVoxel(grid, n % columns, row % rows, Math.floor(row / rows));
    points.push({ at, leak: leaks.has(labels[n]) });
  }
  return points;
}

function boundsOf(points: readonly LabelledPoint[]): { readonly least: Vec3; readonly most: Vec3 } | null {
  if (points.length === 0) return null;
  const bound = (pick: typeof Math.min): Vec3 =>
    points.reduce<Vec3>(
      ([x, y, z], { at }) => [pick(x, at[0]), pick(y, at[1]), pick(z, at[2])],
      points[0].at,
    );
  return { least: bound(Math.min), most: bound(Math.max) };
}

/** Square millimetres, in cells of one. */
function seenFrom(points: readonly LabelledPoint[], side: Vec3, leaksOnly: boolean): number {
  const nearest = new Map<string, { depth: number; leak: boolean }>();
  for (const { at, leak } of points) {
    const cell = `${Math.round(at[0] * -side[1] + at[1] * side[0])} ${Math.round(at[2])}`;
    const depth = dot(at, side);
    const before = nearest.get(cell);
    if (!before || depth > before.depth) nearest.set(cell, { depth, leak });
  }
  return [...nearest.values()].filter(({ leak }) => leak || !leaksOnly).length;
}

interface Field {
  readonly grid: VoxelGrid;
  readonly hu: Int16Array;
  /** Labels, 0 for none. */
  readonly labels: Uint8Array;
  /** 0 to 255: how much of a voxel and its six neighbours is cement. */
  readonly occupied: Uint8Array;
}

/** Around the labelled voxels: where else no label has to be looked for. */
const LABELS_WITHIN_MM = 2;

function fieldOf(scene: CaseScene): Field {
  const { volume, labels } = scene;
  const { minMm, maxMm } = patientBounds(volume.grid);
  const [x, y, z] = subtract(maxMm, minMm);
  const stepMm = Math.max(FINEST_MM, Math.cbrt((x * y * z) / MOST_VOXELS));
  const grid = evenGrid(minMm, maxMm, stepMm);
  const { columns, rows, slices } = grid;
  const tags = new Uint8Array(columns * rows * slices);
  const bounds = boundsOf(labelledPoints(scene));
  if (bounds) {
    const range = (axis: 0 | 1 | 2, count: number) => [
      Math.max(0, Math.floor((bounds.least[axis] - LABELS_WITHIN_MM - minMm[axis]) / stepMm)),
      Math.min(count, Math.ceil((bounds.most[axis] + LABELS_WITHIN_MM - minMm[axis]) / stepMm)),
    ];
    const [[i0, i1], [j0, j1], [k0, k1]] = [range(0, columns), range(1, rows), range(2, slices)];
    for (let k = k0; k < k1; k++)
      for (let j = j0; j < j1; j++)
        for (let i = i0; i < i1; i++)
          tags[(k * rows + j) * columns + i] = labelAt(volume.grid, labels, patientFromVoxel(grid, i, j, k));
  }
  return {
    grid,
    hu: resampleVolume(volume, grid).hu,
    labels: tags,
    occupied: occupancy(tags, columns, rows),
  };
}

function occupancy(tags: Uint8Array, columns: number, rows: number): Uint8Array {
  const around = [1, -1, columns, -columns, columns * rows, -columns * rows];
  const out = new Uint8Array(tags.length);
  for (let n = 0; n < tags.length; n++) {
    let sum = tags[n] === 0 ? 0 : 6;
    for (const step of around) if (tags[n + step] > 0) sum++;
    out[n] = Math.round((255 * sum) / 12);
  }
  return out;
}

export interface Rendered3d {
  /** `[y][x]`: all cement alike. */
  readonly plain: Uint8Array;
  /** `[y][x][3]`: each leak in its colour. */
  readonly marked: Uint8Array;
}

/** `side` squared pixels. */
export function render3d(scene: CaseScene, frame: PictureFrame, toViewer: Vec3, side: number): Rendered3d {
  const field = fieldOf(scene);
  const colors = new Map(
    scene.masks.map(({ label, leakId, color }) => [label, { leakId, rgb: rgbOf(color) }]),
  );
  const light = normalize(add(toViewer, add(scale(frame.right, -0.35), scale(frame.down, -0.5))));
  const plain = new Uint8Array(side * side);
  const marked = new Uint8Array(3 * side * side);
  const depth = depthOf(field.grid, frame.center, toViewer);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const middle = patientFromPicture(frame, [(x + 0.5) / side, (y + 0.5) / side]);
      const ray = alongRay(field, middle, toViewer, depth, light);
      const n = y * side + x;
      const under = ray.label === 0 ? 0 : Math.max(LEAST_THROUGH, ray.through) * ray.lightThere;
      plain[n] = Math.min(255, ray.bone + under * GREY_IN_BONE);
      const leak = colors.get(ray.label);
      const rgb = leak && leak.leakId !== "" ? leak.rgb : [GREY_IN_BONE, GREY_IN_BONE, GREY_IN_BONE];
      for (let c = 0; c < 3; c++) marked[3 * n + c] = Math.min(255, ray.bone + under * rgb[c]);
    }
  return { plain, marked };
}

/** Half the length of a ray that crosses the whole field from any of the picture's points. */
function depthOf(grid: VoxelGrid, center: Vec3, toViewer: Vec3): number {
  const { minMm, maxMm } = patientBounds(grid);
  const corners = [minMm, maxMm].flatMap(([x]) => [minMm, maxMm].map(([, y]): Vec3 => [x, y, center[2]]));
  return Math.max(...corners.map((at) => Math.abs(dot(subtract(at, center), toViewer))));
}

interface Ray {
  /** Grey of the bone before the cement. */
  readonly bone: number;
  /** What of the light behind the bone still comes through. */
  readonly through: number;
  /** Of the cement that was met; 0 where none was. */
  readonly label: number;
  readonly lightThere: number;
}

function alongRay(field: Field, middle: Vec3, toViewer: Vec3, depth: number, light: Vec3): Ray {
  const { grid, hu, occupied } = field;
  const { columns, rows, slices, columnSpacingMm: stepMm } = grid;
  const origin = grid.slicePositions[0];
  const start = add(middle, scale(toViewer, depth));
  let [x, y, z] = [0, 1, 2].map((axis) => (start[axis] - origin[axis]) / stepMm);
  const [dx, dy, dz] = [-toViewer[0], -toViewer[1], -toViewer[2]];
  let bone = 0;
  let through = 1;
  for (let left = Math.ceil((2 * depth) / stepMm); left > 0 && through > 0.03; left--) {
    x += dx;
    y += dy;
    z += dz;
    if (x < 1 || y < 1 || z < 1 || x >= columns - 2 || y >= rows - 2 || z >= slices - 2) continue;
    const at = (Math.round(z) * rows + Math.round(y)) * columns + Math.round(x);
    if (occupied[at] > 0 && trilinear(occupied, grid, x, y, z) >= SURFACE) {
      const lightThere = lightOn((u, v, w) => trilinear(occupied, grid, x + u, y + v, z + w), light);
      return { bone, through, label: nearestLabel(field, at), lightThere };
    }
    if (hu[at] <= BONE_HU) continue;
    const gx = hu[at + 1] - hu[at - 1];
    const gy = hu[at + columns] - hu[at - columns];
    const gz = hu[at + columns * rows] - hu[at - columns * rows];
    const steep = Math.hypot(gx, gy, gz) / (2 * stepMm);
    const hides =
      BONE_HIDES_A_MM *
      stepMm *
      Math.min(1, (hu[at] - BONE_HU) / (DENSE_BONE_HU - BONE_HU)) *
      Math.min(1, steep / SURFACE_HU_A_MM);
    const facing = Math.max(0, -(gx * light[0] + gy * light[1] + gz * light[2]) / (2 * stepMm * steep || 1));
    bone += through * hides * 225 * (LEAST_LIGHT + (1 - LEAST_LIGHT) * facing);
    through *= 1 - hides;
  }
  return { bone, through, label: 0, lightThere: 0 };
}

/** 0 to 1, by the slope of what is denser inside. */
function lightOn(value: (u: number, v: number, w: number) => number, light: Vec3): number {
  const outward = normalize([
    value(-1, 0, 0) - value(1, 0, 0),
    value(0, -1, 0) - value(0, 1, 0),
    value(0, 0, -1) - value(0, 0, 1),
  ]);
  return LEAST_LIGHT + (1 - LEAST_LIGHT) * Math.max(0, dot(outward, light));
}

/** Of the voxel, or of a neighbour: the smoothed surface lies a little outside. */
function nearestLabel({ labels, grid: { columns, rows } }: Field, at: number): number {
  if (labels[at] !== 0) return labels[at];
  let most = 0;
  for (let w = -1; w <= 1; w++)
    for (let v = -1; v <= 1; v++)
      for (let u = -1; u <= 1; u++) most = Math.max(most, labels[at + (w * rows + v) * columns + u]);
  return most;
}

function trilinear(field: Uint8Array, { columns, rows }: VoxelGrid, x: number, y: number, z: number): number {
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [f, g, h] = [x - i, y - j, z - k];
  const at = (k * rows + j) * columns + i;
  const row = (n: number) => field[n] * (1 - f) + field[n + 1] * f;
  const slice = (n: number) => row(n) * (1 - g) + row(n + columns) * g;
  return slice(at) * (1 - h) + slice(at + columns * rows) * h;
}
