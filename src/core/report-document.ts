// A DICOM structured report in neutral form: the content tree (PS3.3 C.17.3) and what its header says.
import type { CodedConcept, CodingScheme } from "./coded-concept.ts";
import type { Vec3 } from "./space.ts";
import type { DerivedInstanceIdentity, Equipment } from "./segmentation-document.ts";
import type { InstanceReference, SeriesContext } from "./study.ts";

export type Relationship =
  | "CONTAINS"
  | "HAS OBS CONTEXT"
  | "HAS ACQ CONTEXT"
  | "HAS CONCEPT MOD"
  | "HAS PROPERTIES"
  | "INFERRED FROM"
  | "SELECTED FROM";

interface ItemBase {
  readonly relationship: Relationship;
  readonly concept: CodedConcept | null;
  readonly children?: readonly ContentItem[];
}

export type ContentItem = ItemBase &
  (
    | { readonly type: "CONTAINER"; readonly templateId?: string }
    | { readonly type: "CODE"; readonly code: CodedConcept }
    | { readonly type: "TEXT"; readonly text: string }
    | { readonly type: "NUM"; readonly value: number; readonly decimals: number; readonly unit: CodedConcept }
    | { readonly type: "UIDREF"; readonly uid: string }
    | { readonly type: "PNAME"; readonly name: string }
    | {
        readonly type: "SCOORD3D";
        readonly graphicType: "POINT" | "POLYLINE" | "ELLIPSE";
        /** Patient mm in the frame of reference. */
        readonly points: readonly Vec3[];
        readonly frameOfReferenceUid: string;
      }
    | { readonly type: "IMAGE"; readonly reference: InstanceReference; readonly segmentNumber?: number }
    /** An instance that is no image: a report, a key object selection. */
    | { readonly type: "COMPOSITE"; readonly reference: InstanceReference }
  );

/** An instance that the report rests on, for the evidence sequences. */
export interface Evidence {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly instances: readonly InstanceReference[];
}

export interface ReportDocument {
  readonly identity: DerivedInstanceIdentity;
  readonly source: SeriesContext;
  readonly equipment: Equipment;
  /** COMPLETE only after the reader has signed (DOMAIN §4.1). */
  readonly completion: "PARTIAL" | "COMPLETE";
  readonly predecessors: readonly Evidence[];
  readonly evidence: readonly Evidence[];
  readonly title: CodedConcept;
  /** "1500" for Imaging Measurement Report; left out where the template is none of DICOM's. */
  readonly templateId?: string;
  /** Schemes of the private codes used. */
  readonly codingSchemes: readonly CodingScheme[];
  readonly content: readonly ContentItem[];
  /** What the tree was made from, whole, for the program that made it: a private attribute that others pass over. */
  readonly embedded?: EmbeddedText;
}

/** Private group of what is embedded (PS3.5 7.8). */
export const EMBEDDED_GROUP = "0099";

export interface EmbeddedText {
  /** LO, at most 64 characters: whose text it is (PS3.5 7.8.1). */
  readonly creator: string;
  readonly text: string;
}

/** Key Object Selection (PS3.3 A.35.4): key images with a reason in words. */
export interface KeyObjectDocument {
  readonly identity: DerivedInstanceIdentity;
  readonly source: SeriesContext;
  readonly equipment: Equipment;
  readonly title: CodedConcept;
  readonly description: string;
  readonly evidence: readonly Evidence[];
  readonly images: readonly InstanceReference[];
  /** Reports and selections that are listed too. */
  readonly documents?: readonly InstanceReference[];
}
