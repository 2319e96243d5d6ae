// What the engine hands over: a draft for a person to confirm, never a finding by itself.
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import type { DenisZone, Route, SacralLevel } from "../model/findings.ts";
import type { Bone, LocalText, SiteId } from "../model/sites.ts";
import type { Contrast } from "./contrast.ts";
import type { GivenEnvelope } from "./given-envelope.ts";
import type { ShapeKind } from "./shape.ts";
import type { PointSide } from "./side.ts";
import type { Evidence, SiteScore } from "./site-proposal.ts";

export const ENGINE_VERSION = "0.4.0";

export interface Intraosseous {
  readonly mask: RunMask;
  readonly bone: Bone;
  readonly side: PointSide;
  readonly levels: readonly SacralLevel[];
  readonly volumeMm3: number;
  readonly volumeEstimateMm3: number;
  readonly volumeCi95Mm3: readonly [number, number];
  /** Touches the first or last slice or the edge: at least this much. */
  readonly incomplete: boolean;
  readonly centroidMm: Vec3;
  readonly notes: readonly LocalText[];
}

export interface Candidate {
  readonly mask: RunMask;
  readonly site: SiteId;
  readonly route: Route;
  /** 0 to 1. */
  readonly score: number;
  readonly reason: LocalText;
  /** Other sites that were weighed, best first. */
  readonly alternatives: readonly SiteScore[];
  readonly side: PointSide;
  readonly sacralLevels: readonly SacralLevel[];
  readonly denisZoneOrigin: DenisZone | null;
  /** Candidates that share it are one leak event. */
  readonly componentId: string;
  readonly attached: boolean;
  readonly neckAreaMm2: number | null;
  readonly volumeMm3: number;
  readonly volumeEstimateMm3: number;
  readonly volumeCi95Mm3: readonly [number, number];
  readonly longestExtentMm: number;
  readonly maxBeyondCortexMm: number;
  /** The border of bone is known to this many mm here. */
  readonly borderUncertaintyMm: number;
  readonly shape: ShapeKind;
  readonly centroidMm: Vec3;
  readonly toCementMm: number;
  /** mm; null where the landmark was not found. */
  readonly toCanalMm: number | null;
  /** mm to the middle of the nearest sacral foramen that is seen; null where none is. */
  readonly toForamenMm: number | null;
  /** Share of the canal's cross-section that is taken, 0 to 1; null outside the canal. */
  readonly canalNarrowing: number | null;
  /** mm from its nearest voxel to the front of the sacrum; null for other bones and where that is not in view. */
  readonly toPelvicSurfaceMm: number | null;
  /** mm to the expected course, known to about 10 mm; null where it can't be estimated. Never a sign of no contact. */
  readonly toL5RootMm: number | null;
  readonly toLumbosacralTrunkMm: number | null;
  readonly peakHu: number;
  /** Median HU above the other side's; null where that is unknown. */
  readonly excessHu: number | null;
  /** What the site was weighed from. */
  readonly evidence: Evidence;
  readonly incomplete: boolean;
  readonly confidence: "probable" | "possible";
  readonly notes: readonly LocalText[];
}

export interface Rejected {
  readonly mask: RunMask;
  /**
   * "metal": its volume means nothing, its site can still be tagged. "alert": may be cement after all; a person has to look.
   * "previous": cement that the earlier CT has as well.
   */
  readonly kind?: "metal" | "alert" | "previous";
  readonly reason: LocalText;
  readonly volumeMm3: number;
  readonly centroidMm: Vec3;
}

export interface Proposal {
  readonly engineVersion: string;
  readonly floorHu: number;
  readonly intraosseous: readonly Intraosseous[];
  readonly candidates: readonly Candidate[];
  readonly rejected: readonly Rejected[];
  readonly notes: readonly LocalText[];
  /** Whether an earlier CT was given and could be laid over this one: it decided what was there before. */
  readonly priorCompared: boolean;
  /** Contrast that was given or that is seen in a vessel; absent where there is none. */
  readonly contrast?: Contrast;
}

export interface ProposeOptions {
  /** An earlier CT of the same patient, in any position: decides what was already there. */
  readonly prior?: CtVolume;
  /** The treated bone as someone else drew it, taken instead of the program's own envelope where it holds the cement. */
  readonly envelope?: GivenEnvelope;
  readonly procedure?: {
    /** mL injected, all lesions together. */
    readonly injectedVolumeMl?: number;
    readonly pathology?: string;
    readonly lysis?: "lytic" | "blastic" | "mixed" | "none";
  };
  /** As the header names it. */
  readonly contrastAgent?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (fraction: number, step?: string) => void;
}
