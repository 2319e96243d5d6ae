// Where an earlier CT lies over this one, for looking at both: registered by the bones near the cement, or near where the reader looks.
import type { Vec3, VoxelGrid } from "#core/space";
import { add } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { emptyMask } from "#voxels/mask";
import { unionAll } from "#voxels/set-operations";
import type { LocalText } from "../model/sites.ts";
import { withHalo } from "./cement-mask.ts";
import type { RegistrationFailure, RegistrationResult } from "./register-prior.ts";
import { registerPrior } from "./register-prior.ts";
import { gapBetween, pointsOf } from "./shape.ts";

export const REGISTRATION_FAILURES: Readonly<Record<RegistrationFailure, LocalText>> = {
  "no bone": { en: "too little bone to match", zh: "可供配准的骨质过少" },
  "no overlap": { en: "the treated bone lies outside it", zh: "治疗骨不在其扫描范围内" },
  "no match": { en: "its bones can't be matched with these", zh: "骨结构无法配准" },
};

/** Cement this near to each other moves as one. */
const CLUSTER_MM = 30;

/** Points (patient mm) of the masks, those of cement that moves as one together; the first mask's group comes first. */
export function groupsThatMoveAsOne(masks: readonly RunMask[], grid: VoxelGrid): Vec3[][] {
  const groups: Vec3[][] = [];
  for (const mask of masks) {
    const points = pointsOf(mask, grid, 150);
    const near = groups.find((group) => gapBetween(group, points) < CLUSTER_MM);
    if (near) near.push(...points);
    else groups.push([...points]);
  }
  return groups;
}

export interface PriorPlace {
  /** Where it was matched: in the middle of the cement, patient mm. */
  readonly at: Vec3;
  readonly result: RegistrationResult;
}

/** A registration takes a second or two: no more places than a reader treats in one session. */
const MOST_PLACES = 4;
/** Without cement: bone this far around the focus. */
const AROUND_MM = 30;

/**
 * Registers the earlier CT at each group of cement (`cement` on the volume's grid, biggest first), or around `focus` (patient mm) where
 * none was found yet. The cement itself is not matched.
 */
export function alignPrior(
  volume: CtVolume,
  prior: CtVolume,
  cement: readonly RunMask[],
  focus: Vec3,
  signal?: AbortSignal,
): PriorPlace[] {
  const { grid } = volume;
  const groups = groupsThatMoveAsOne(cement, grid).slice(0, MOST_PLACES);
  const places = groups.length > 0 ? groups : [around(focus)];
  const leftOut = cement.length > 0 ? withHalo(unionAll(grid, cement), volume, 400) : emptyMask(grid);
  const results = registerPrior(volume, prior, places, leftOut, signal);
  return results.map((result, n) => ({ at: groups.length > 0 ? middleOf(places[n]) : focus, result }));
}

function around(focus: Vec3): Vec3[] {
  const steps = [-AROUND_MM, 0, AROUND_MM];
  return steps.flatMap((x) => steps.flatMap((y) => steps.map((z) => add(focus, [x, y, z]))));
}

function middleOf(points: readonly Vec3[]): Vec3 {
  const sum = points.reduce<Vec3>(add, [0, 0, 0]);
  const count = Math.max(1, points.length);
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}
