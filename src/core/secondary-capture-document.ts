// A picture made from a CT slice, in neutral form: pixels for an archive that shows no segmentation (Secondary Capture).
import type { Vec3 } from "./space.ts";
import type { DerivedInstanceIdentity, Equipment } from "./segmentation-document.ts";
import type { InstanceReference, SeriesContext } from "./study.ts";

export interface SecondaryCaptureDocument {
  readonly identity: DerivedInstanceIdentity;
  readonly source: SeriesContext;
  readonly equipment: Equipment;
  /** Defined term of Body Part Examined (PS3.16 annex L): unpaired, so that no Laterality is asked for. */
  readonly bodyPart: "PELVIS" | "SPINE";
  /** From 1, within the series. */
  readonly instanceNumber: number;
  readonly rows: number;
  readonly columns: number;
  /** RGB, three bytes a pixel, row by row. */
  readonly rgb: Uint8Array;
  /** Between rows and between columns of the picture, mm. */
  readonly pixelSpacingMm: readonly [number, number];
  /** Patient directions that the picture's rows and columns run in (LPS). */
  readonly rowDirection: Vec3;
  readonly columnDirection: Vec3;
  /** The CT image that it was made from. */
  readonly sourceImage: InstanceReference;
  /** ST: how it was made. */
  readonly derivation: string;
  /** LT: what it shows. */
  readonly comments: string;
}
