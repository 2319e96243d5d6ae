// A DICOM Segmentation in neutral form: what an export says of its segments, without bytes and without voxels.
import type { CodedConcept, CodingScheme } from "./coded-concept.ts";
import type { SeriesContext } from "./study.ts";

/** Who made a derived object: Enhanced General Equipment (PS3.3 C.7.5.2); every field must be filled. */
export interface Equipment {
  readonly manufacturer: string;
  readonly manufacturerModelName: string;
  readonly deviceSerialNumber: string;
  readonly softwareVersions: string;
}

export interface DerivedInstanceIdentity {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
  /** Content and instance creation date and time, UTC. */
  readonly createdAt: Date;
}

export interface SegmentDescription {
  /** From 1, consecutive. */
  readonly number: number;
  readonly label: string;
  readonly description: string;
  readonly algorithmType: "AUTOMATIC" | "SEMIAUTOMATIC" | "MANUAL";
  readonly algorithmName: string;
  readonly algorithmVersion: string;
  readonly propertyCategory: CodedConcept;
  readonly propertyType: CodedConcept;
  readonly propertyTypeModifiers: readonly CodedConcept[];
  readonly anatomicRegion: CodedConcept | null;
  readonly anatomicRegionModifiers: readonly CodedConcept[];
  readonly trackingId: string;
  readonly trackingUid: string;
  /** sRGB "#rrggbb"; written as CIELab. */
  readonly displayColor: string;
}

/** One bit a voxel and segment, which every reader takes; or one number a voxel (Supplement 243), which few take yet. */
export type SegmentationForm = "BINARY" | "LABELMAP";

export interface SegmentationDocument {
  /** BINARY where left out. */
  readonly form?: SegmentationForm;
  readonly identity: DerivedInstanceIdentity;
  readonly source: SeriesContext;
  readonly equipment: Equipment;
  /** CS, at most 16 upper-case characters. */
  readonly contentLabel: string;
  readonly contentDescription: string;
  /** PN. */
  readonly contentCreatorName: string;
  /** Schemes of the private codes used, so that a stranger can tell whose they are. */
  readonly codingSchemes: readonly CodingScheme[];
  readonly segments: readonly SegmentDescription[];
}
