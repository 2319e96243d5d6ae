// A bone envelope from a file: a DICOM SEG, or a NIfTI label map, in the CT's patient space. Bad files get one clear line.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { GivenEnvelope } from "#cement/engine/given-envelope";
import { problemText } from "#core/problem-text";
import type { Vec3, VoxelGrid } from "#core/space";
import { cross, dot, length, normalize, spacingMm } from "#core/space";
import type { LoadedSeries } from "#dicom/load-series";
import { readSegmentation, type DecodedSegment } from "#dicom/read-segmentation";
import { segmentationStack } from "#dicom/segmentation-grid";
import { isEmpty, RunBuilder } from "#voxels/mask";
import { patientBounds } from "#voxels/resample";
import { unionAll } from "#voxels/set-operations";
import { fileTrouble, Unusable } from "./unusable.ts";

/** The numbers of "25,77,78"; null where every label counts. Throws Unusable on anything else. */
export function labelNumbers(text: string | undefined): ReadonlySet<number> | null {
  if (text === undefined) return null;
  const numbers = text.split(",").map((one) => Number(one.trim() || NaN));
  if (!numbers.every((n) => Number.isInteger(n) && n > 0))
    throw new Unusable(
      `--envelope-labels ${text}: whole numbers above 0 with commas between, such as 25,77,78`,
    );
  return new Set(numbers);
}

export interface EnvelopeFromFile extends GivenEnvelope {
  /** What was done to lay it over the CT, in words; null where it needed nothing. */
  readonly note: string | null;
}

/** The mask of `labels` (all but background where null) in the file at `path`, on the file's own grid. */
export async function readEnvelope(
  path: string,
  labels: ReadonlySet<number> | null,
  ct: LoadedSeries,
): Promise<EnvelopeFromFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new Unusable(`${path}: ${fileTrouble(error)}`);
  }
  const envelope = /\.nii(\.gz)?$/i.test(path)
    ? { ...niftiEnvelope(path, bytes, labels), note: null }
    : segmentationEnvelope(path, bytes, labels, ct);
  if (!meets(envelope.grid, ct.volume.grid))
    throw new Unusable(
      `${path}: the envelope does not meet this CT: it lies elsewhere in patient space; give one that was drawn on this CT`,
    );
  return envelope;
}

/** Refusals of `readSegmentation` that are about another stack of slices, not about another place or a broken file. */
const OTHER_SPACE = "seg/other-frame-of-reference";
const OTHER_STACK: readonly string[] = ["seg/other-grid", "seg/outside-volume", "seg/other-study"];

/**
 * On the CT's own voxels where the SEG has them; else on the slices that it was drawn on, to be laid over the CT by their position in
 * the patient. That holds in the same frame of reference alone.
 */
function segmentationEnvelope(
  path: string,
  bytes: Uint8Array,
  labels: ReadonlySet<number> | null,
  { context }: LoadedSeries,
): EnvelopeFromFile {
  const onCt = readSegmentation(bytes, context);
  if (onCt.ok) return chosenSegments(path, onCt.value.segments, labels, context.grid, null);
  const refused = (what: string) =>
    new Unusable(`${path}: ${what} (--envelope takes a DICOM SEG of this CT, or .nii, .nii.gz)`);
  const { code } = onCt.problem;
  const words = problemText(onCt.problem, "en");
  if (code !== OTHER_SPACE && !OTHER_STACK.includes(code)) throw refused(words);
  const stack = segmentationStack(bytes);
  if (code === OTHER_SPACE || (stack && stack.frameOfReferenceUid !== context.frameOfReferenceUid))
    throw refused(
      `the segmentation has another frame of reference (${stack?.frameOfReferenceUid || "none is known"}) than this CT (${context.frameOfReferenceUid || "none"}), so that their positions don't agree: register it to this CT and save it there`,
    );
  if (!stack || stack.frameOfReferenceUid === "")
    throw refused(
      `${words} Nor do its frames make an even stack with a frame of reference, to be laid over this CT by position: save it on this CT's slices`,
    );
  const own = readSegmentation(bytes, {
    ...context,
    study: { ...context.study, studyInstanceUid: stack.studyInstanceUid },
    grid: stack.grid,
    instances: [],
  });
  if (!own.ok) throw refused(problemText(own.problem, "en"));
  const { columns, rows, slices } = stack.grid;
  const spacing = spacingMm(stack.grid).map((mm) => Number(mm.toFixed(2)));
  return chosenSegments(
    path,
    own.value.segments,
    labels,
    stack.grid,
    `The envelope was drawn on other slices (${columns} x ${rows} x ${slices}, ${spacing.join(" x ")} mm) of the same frame of reference: laid over this CT by its position in the patient, nearest voxel`,
  );
}

function chosenSegments(
  path: string,
  segments: readonly DecodedSegment[],
  labels: ReadonlySet<number> | null,
  grid: VoxelGrid,
  note: string | null,
): EnvelopeFromFile {
  const wanted = segments.filter(({ description }) => labels === null || labels.has(description.number));
  const mask = unionAll(
    grid,
    wanted.map((segment) => segment.mask),
  );
  if (isEmpty(mask))
    throw new Unusable(
      `${path}: nothing is marked in the chosen segments (it has ${segments.map(({ description }) => `${description.number} ${description.label}`).join(", ") || "none"})`,
    );
  return { mask, grid, note };
}

const HEADER_BYTES = 348;
type Reader = readonly [bytes: number, read: (view: DataView, at: number, little: boolean) => number];
const READERS: Readonly<Record<number, Reader>> = {
  2: [1, (view, at) => view.getUint8(at)],
  4: [2, (view, at, little) => view.getInt16(at, little)],
  8: [4, (view, at, little) => view.getInt32(at, little)],
  16: [4, (view, at, little) => view.getFloat32(at, little)],
  64: [8, (view, at, little) => view.getFloat64(at, little)],
  256: [1, (view, at) => view.getInt8(at)],
  512: [2, (view, at, little) => view.getUint16(at, little)],
  768: [4, (view, at, little) => view.getUint32(at, little)],
};

/** NIfTI-1, either byte order, placed by its sform, else its qform. Values are labels; the patient space is NIfTI's RAS turned to LPS. */
export function niftiEnvelope(
  path: string,
  file: Uint8Array,
  labels: ReadonlySet<number> | null,
): GivenEnvelope {
  const refuse = (why: string) => new Unusable(`${path}: ${why}`);
  const bytes = unzipped(file, refuse);
  if (bytes.length < HEADER_BYTES + 4) throw refuse("too short for a NIfTI file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getInt32(0, true) === HEADER_BYTES;
  if (!little && view.getInt32(0, false) !== HEADER_BYTES) throw refuse("not a NIfTI-1 file");
  const [dimensions, columns, rows, slices, times] = [40, 42, 44, 46, 48].map((at) =>
    view.getInt16(at, little),
  );
  if (dimensions < 3 || slices < 2 || columns < 2 || rows < 2)
    throw refuse(
      `a label map of a volume is needed, this has ${dimensions < 3 ? `${dimensions} dimensions` : `${columns} x ${rows} x ${slices} voxels`}`,
    );
  if (dimensions > 3 && times > 1) throw refuse(`one volume is needed, this holds ${times}`);
  const type = view.getInt16(70, little);
  const reader = READERS[type];
  if (!reader) throw refuse(`NIfTI data type ${type} is not read: save the labels as whole numbers`);
  const [size, read] = reader;
  const offset = view.getFloat32(108, little);
  const count = columns * rows * slices;
  if (bytes.length < offset + count * size)
    throw refuse(
      `cut off: ${columns} x ${rows} x ${slices} voxels are announced, ${Math.max(0, Math.floor((bytes.length - offset) / size))} are there`,
    );
  const slope = view.getFloat32(112, little) || 1;
  const intercept = view.getFloat32(116, little);
  const { along, origin } = affineOf(view, little, refuse);
  const flip = dot(cross(along[0], along[1]), along[2]) < 0;
  const grid: VoxelGrid = {
    columns,
    rows,
    slices,
    columnSpacingMm: length(along[0]),
    rowSpacingMm: length(along[1]),
    rowDirection: normalize(along[0]),
    columnDirection: normalize(along[1]),
    slicePositions: Array.from({ length: slices }, (_, k): Vec3 => {
      const n = flip ? slices - 1 - k : k;
      return [origin[0] + n * along[2][0], origin[1] + n * along[2][1], origin[2] + n * along[2][2]];
    }),
  };
  const builder = new RunBuilder(grid);
  const present = new Set<number>();
  for (let k = 0; k < slices; k++) {
    const source = flip ? slices - 1 - k : k;
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const at = offset + ((source * rows + j) * columns + i) * size;
        const label = Math.round(read(view, at, little) * slope + intercept);
        if (label === 0) continue;
        present.add(label);
        if (labels === null || labels.has(label)) builder.add(k * rows + j, i, i + 1);
      }
  }
  const mask = builder.finish();
  if (isEmpty(mask)) {
    const some = [...present].sort((a, b) => a - b).slice(0, 40);
    throw refuse(`no voxel has the labels asked for (it has ${some.join(", ") || "none"})`);
  }
  return { mask, grid };
}

function unzipped(file: Uint8Array, refuse: (why: string) => Unusable): Uint8Array {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return gunzipSync(file);
  } catch {
    throw refuse("the gzip file is damaged or cut off");
  }
}

/** Steps along i, j, k and the first voxel's middle, in LPS mm. */
function affineOf(view: DataView, little: boolean, refuse: (why: string) => Unusable) {
  const float = (at: number) => view.getFloat32(at, little);
  let rowsOf: number[][];
  if (view.getInt16(254, little) > 0)
    rowsOf = [280, 296, 312].map((at) => [0, 4, 8, 12].map((n) => float(at + n)));
  else if (view.getInt16(252, little) > 0) rowsOf = quaternionRows(float);
  else throw refuse("it says nothing of its place in the patient (neither sform nor qform)");
  const column = (c: number): Vec3 => [-rowsOf[0][c], -rowsOf[1][c], rowsOf[2][c]];
  const along = [column(0), column(1), column(2)] as const;
  const [a, b, c] = along.map(normalize);
  const skewed = Math.max(Math.abs(dot(a, b)), Math.abs(dot(a, c)), Math.abs(dot(b, c)));
  if (!(skewed < 0.01)) throw refuse("its axes are not at right angles (sheared or empty transform)");
  return { along, origin: column(3) };
}

/** The qform: a quaternion, spacings and an offset (nifti1.h, method 2). */
function quaternionRows(float: (at: number) => number): number[][] {
  const [b, c, d] = [256, 260, 264].map(float);
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const handed = float(76) < 0 ? -1 : 1;
  const [sx, sy, sz] = [80, 84, 88].map(float);
  const turn = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ];
  return turn.map((row, n) => [row[0] * sx, row[1] * sy, row[2] * sz * handed, float(268 + 4 * n)]);
}

function meets(a: VoxelGrid, b: VoxelGrid): boolean {
  const [one, other] = [patientBounds(a), patientBounds(b)];
  return [0, 1, 2].every(
    (axis) => one.minMm[axis] < other.maxMm[axis] && other.minMm[axis] < one.maxMm[axis],
  );
}
