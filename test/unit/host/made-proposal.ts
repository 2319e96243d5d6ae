// A proposal of the engine, made by hand from masks: what a reader decides of it is what these tests are about.
import { voxelCount, type RunMask } from "#voxels/mask";
import type { Candidate, Proposal } from "../../../plugins/cement-leakage/engine/proposal.ts";

/** A presacral blob on the left; `score` names its component as well. */
export const madeCandidate = (mask: RunMask, score: number): Candidate => ({
  mask,
  site: "anterior_sacral_space",
  route: "cortical_defect",
  score,
  reason: { en: "a blob in front of the cortex", zh: "骨皮质前方团块" },
  alternatives: [],
  side: "left",
  sacralLevels: [],
  denisZoneOrigin: null,
  componentId: `C${score}`,
  attached: false,
  neckAreaMm2: null,
  volumeMm3: voxelCount(mask),
  volumeEstimateMm3: voxelCount(mask),
  volumeCi95Mm3: [0, 1000],
  longestExtentMm: 8,
  maxBeyondCortexMm: 4,
  borderUncertaintyMm: 1,
  shape: "blob",
  centroidMm: [0, 0, 0],
  toCementMm: 2,
  toCanalMm: null,
  toForamenMm: null,
  canalNarrowing: null,
  toPelvicSurfaceMm: 1.26,
  toL5RootMm: null,
  toLumbosacralTrunkMm: 7,
  peakHu: 1800,
  excessHu: null,
  // Nothing that follows reads it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  evidence: {} as Candidate["evidence"],
  incomplete: false,
  confidence: "probable",
  notes: [],
});

/** One cast in S1, on the right, and what is given beside it. */
export const madeProposal = (
  cast: RunMask,
  candidates: readonly Candidate[],
  more: Partial<Pick<Proposal, "rejected" | "notes" | "priorCompared">> = {},
): Proposal => ({
  engineVersion: "test",
  floorHu: 700,
  intraosseous: [
    {
      mask: cast,
      bone: "sacrum",
      side: "right",
      levels: ["S1"],
      volumeMm3: 1,
      volumeEstimateMm3: 1,
      volumeCi95Mm3: [0, 2],
      incomplete: false,
      centroidMm: [0, 0, 0],
      notes: [],
    },
  ],
  candidates,
  rejected: [],
  notes: [],
  priorCompared: false,
  ...more,
});
