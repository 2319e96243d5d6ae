// The planes a sacrum is read in: oblique coronal along it and axial parallel to the end plate of S1, from the canal and the disc L5/S1.
import type { Vec3 } from "#core/space";
import { add, cross, dot, normalize, scale, subtract } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { isEmpty } from "#voxels/mask";
import { boneEnvelope } from "./bone-envelope.ts";
import { findCanal } from "./canal.ts";
import { withHalo } from "./cement-mask.ts";
import { findDiscs } from "./disc-space.ts";
import { findLandmarks } from "./landmarks.ts";
import { patientMidline } from "./side.ts";
import type { AxisPoint } from "./spine-axis.ts";
import { workingVolume } from "./working-volume.ts";

export interface SacralPlanes {
  /** Unit normals, patient: to the feet and to posterior. */
  readonly axial: Vec3;
  readonly coronal: Vec3;
  /** In the middle of the body of S1, patient mm. */
  readonly s1Mm: Vec3;
}

/** The sacrum is taken for straight over this length below S1's end plate: S1 to S3, the part that is treated. */
const ALONG_MM = 55;
const LEAST_ALONG_MM = 20;
/** Half the height and half the depth of the body of S1, before the canal's middle line. */
const INTO_S1_MM = 14;
const BEFORE_CANAL_MM = 20;

/**
 * Null where there is no cement to start from, or neither the end plate of S1 nor enough of the canal below it is in view: nothing is
 * guessed. `cement` is all that was found, on the volume's grid.
 */
export function sacralPlanes(volume: CtVolume, cement: RunMask): SacralPlanes | null {
  const midline = isEmpty(cement) ? null : patientMidline(volume);
  const work = midline && workingVolume(volume, cement, withHalo(cement, volume, 400), midline.offsetMm);
  if (!midline || !work) return null;
  const envelope = boneEnvelope(work);
  const canal = findCanal(work, envelope, midline);
  const discs = findDiscs(work, envelope, canal, midline);
  const { sacrumTopZMm } = findLandmarks(envelope, canal, midline, discs, []);
  if (sacrumTopZMm === null) return null;
  const below = discs.axis.filter((point) => point.at[2] <= sacrumTopZMm);
  const along = below.filter((point) => point.lengthMm - below[0].lengthMm <= ALONG_MM);
  const first: AxisPoint | undefined = along[0];
  if (!first || along[along.length - 1].lengthMm - first.lengthMm < LEAST_ALONG_MM) return null;
  const down = normalize(subtract(along[along.length - 1].at, first.at));
  const left = normalize(subtract(midline.leftward, scale(down, dot(midline.leftward, down))));
  const coronal = cross(left, down);
  const plate = discs.lumbosacral?.lowerPlate;
  const across = plate ? normalize(cross(left, subtract(plate.frontMm, plate.backMm))) : down;
  // An end plate that leans more than 50 degrees against its own sacrum was not seen right.
  const axial = dot(across, down) > 0.64 ? across : down;
  const s1Mm = add(add(first.at, scale(coronal, -BEFORE_CANAL_MM)), scale(down, INTO_S1_MM));
  return { axial, coronal, s1Mm };
}
