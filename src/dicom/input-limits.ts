// What no CT comes near: sizes that are refused before memory is taken for them.
import { type Problem, problem } from "#core/problem";
import type { VoxelGrid } from "#core/space";
import type { InstanceHeader } from "./instance-header.ts";
import { objectKindOf } from "./sop-class.ts";

/** Pixels of one frame: 8192 x 8192. The largest CT matrix in use is 4096 x 4096. */
const MAX_FRAME_PIXELS = 2 ** 26;
const MAX_FRAMES = 65_536;
/** Voxels of a volume (4 GiB of 16 bits): beyond it places in it no longer fit 32 bits. */
const MAX_VOXELS = 2 ** 31;
/** Bytes of voxels to a byte of file: lossless CT codecs reach 4, lossy ones 100; beyond this the sizes in the headers are invented. */
const MAX_EXPANSION = 1000;
const SMALL_VOLUME_BYTES = 64 * 2 ** 20;

/** Bytes before the pixels of an image. A multi-frame CT of 10,000 slices describes them in some 20 MB. */
export const MAX_HEADER_BYTES = 256 * 2 ** 20;
/** A segmentation, report or findings file that is read whole. */
export const MAX_OBJECT_BYTES = 2 ** 30;
export const MAX_JSON_BYTES = 128 * 2 ** 20;

/** What is impossible in the sizes that an image's header states, or null. Objects without HU are measured by their own readers. */
export function absurdSize({ fileName, sopClassUid, format }: InstanceHeader): Problem | null {
  if (objectKindOf(sopClassUid, true) !== null) return null;
  const { rows, columns, numberOfFrames: frames } = format;
  const possible =
    rows * columns <= MAX_FRAME_PIXELS &&
    Number.isInteger(frames) &&
    frames >= 0 &&
    frames <= MAX_FRAMES &&
    rows * columns * frames <= MAX_VOXELS;
  return possible ? null : problem("read/absurd-size", { fileName, rows, columns, frames });
}

/** Why no memory is taken for the voxels of this grid, whose files have `fileBytes` in all; or null. */
export function volumeProblem(
  grid: Pick<VoxelGrid, "rows" | "columns" | "slices">,
  fileBytes: number,
): Problem | null {
  const voxels = grid.rows * grid.columns * grid.slices;
  const megabytes = Math.ceil((voxels * 2) / 1e6);
  if (voxels > MAX_VOXELS) return problem("load/out-of-memory", { megabytes });
  return voxels * 2 > SMALL_VOLUME_BYTES && voxels * 2 > fileBytes * MAX_EXPANSION
    ? problem("load/implausible-size", { megabytes, fileMegabytes: Math.ceil(fileBytes / 1e6) })
    : null;
}
