// A bone envelope that someone else drew (a SEG, a label map) in place of the program's own, where it holds the cement.
import type { VoxelGrid } from "#core/space";
import { patientFromVoxel, voxelFromPatient } from "#core/space";
import { wholeBox } from "#voxels/box";
import { distanceToMaskMm } from "#voxels/distance";
import type { RunMask } from "#voxels/mask";
import { forEachRun, isEmpty, maskHas } from "#voxels/mask";
import { paintDense } from "#voxels/paint";
import { filledByBall } from "#voxels/rolling-ball";
import type { LocalText } from "../model/sites.ts";
import { maskOnGrid, maskWhere } from "./working-volume.ts";

export interface GivenEnvelope {
  readonly mask: RunMask;
  /** Its own grid, in the patient space of the CT. */
  readonly grid: VoxelGrid;
}

/** Farther than this from the given bone the program's own envelope holds: other bones. */
const OTHER_BONE_MM = 6;
/** Bone that is seen this far beside the given border is bone. */
const BESIDE_MM = 1.5;
const CLOSING_MM = 8;
const OPEN_MM = 13;

/** Whether the given envelope is about this cement: it holds at least a fifth of it. */
export function holdsCement({ mask, grid }: GivenEnvelope, cement: RunMask, source: VoxelGrid): boolean {
  let inside = 0;
  let all = 0;
  forEachRun(cement, (j, k, start, end) => {
    for (let i = start; i < end; i += 2) {
      const [x, y, z] = voxelFromPatient(grid, patientFromVoxel(source, i, j, k));
      all++;
      if (maskHas(mask, Math.round(x), Math.round(y), Math.round(z))) inside++;
    }
  });
  return inside > 0.2 * all;
}

/**
 * The inside of bone on the working grid, one byte per voxel: the given mask with its canal and foramina closed as the program closes
 * its own, and other bones (`own`, the program's inside; `bone`, bone as seen) where the mask does not reach.
 */
export function givenInside(
  given: GivenEnvelope,
  grid: VoxelGrid,
  own: Uint8Array<ArrayBuffer>,
  bone: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const drawn = maskOnGrid(given.mask, given.grid, grid);
  const mask = maskWhere(grid, (at) => drawn[at] === 1);
  if (isEmpty(mask)) return own;
  const inside = new Uint8Array(drawn.length);
  paintDense(filledByBall(mask, grid, CLOSING_MM, OPEN_MM), inside, 1);
  const { mm } = distanceToMaskMm(mask, grid, wholeBox(mask));
  for (let at = 0; at < inside.length; at++)
    if ((own[at] === 1 && mm[at] > OTHER_BONE_MM) || (bone[at] === 1 && mm[at] > BESIDE_MM)) inside[at] = 1;
  return inside;
}

/** Says at which of several places with cement the given envelope was taken. */
export function envelopeNote(taken: boolean, region: number, regions: number): LocalText {
  const at =
    regions > 1
      ? { en: ` (cement ${region + 1} of ${regions})`, zh: `（第 ${region + 1} / ${regions} 处骨水泥）` }
      : { en: "", zh: "" };
  return taken
    ? { en: `The bone's border is the given envelope's${at.en}.`, zh: `骨边界取自所给包络${at.zh}。` }
    : {
        en: `The given envelope does not hold the cement${at.en}: the program's own border is used.`,
        zh: `所给包络不含骨水泥${at.zh}：采用程序自定的骨边界。`,
      };
}
