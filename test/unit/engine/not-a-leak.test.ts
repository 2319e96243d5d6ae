// What decides whether a dense part beyond bone can be a leak: one measured part, and what changes the answer.
import { describe, expect, it } from "vitest";
import { emptyMask } from "#voxels/mask";
import type { MeasuredPart } from "#cement/engine/candidates";
import { whyNotALeak } from "#cement/engine/not-a-leak";

const CEMENT_HU = 2000;
/** HU mm that this many mm of cement sum up to. */
const ofCement = (mm: number) => mm * (CEMENT_HU - 50);

type Changes = Partial<Omit<MeasuredPart, "part" | "shape" | "evidence">> & {
  readonly part?: Partial<MeasuredPart["part"]>;
  readonly evidence?: Partial<MeasuredPart["evidence"]>;
};

/** A detached piece of a vein in front of bone, 25 mm from cement, as a thick slice shows it. */
function measured({ part, evidence, ...rest }: Changes): MeasuredPart {
  const mask = emptyMask({ columns: 1, rows: 1, slices: 1 });
  return {
    part: { mask, compartment: "outside", beyondMm: 3, peakHu: 600, borderHu: 300, ...part },
    mask,
    points: [],
    shape: {
      volumeMm3: 120,
      centroidMm: [0, 0, 0],
      axis: [0, 0, 1],
      longestMm: 18,
      calibreMm: 3,
      elongation: 6,
      kind: "tubular",
      straightness: 0.5,
      halfLengthsMm: [9, 2, 1.5],
    },
    attached: false,
    neckAreaMm2: 0,
    toCementMm: 25,
    surfaceMm: 0.5,
    uncertaintyMm: 0.5,
    excessHu: 245,
    ...rest,
    evidence: {
      bone: "sacrum",
      concentration: 1,
      layerHuMm: ofCement(1),
      inCanal: 0,
      canalFront: 1,
      inFront: 1,
      behind: 0,
      beside: 0,
      tubular: 1,
      small: 0,
      thick: 0,
      column: 0,
      alongSurface: 1,
      attached: false,
      surfaceMm: 0.5,
      nearForamen: 0,
      inDisc: 0,
      inHigherDisc: 0,
      inJoint: 0,
      inForamen: 0,
      ...evidence,
    },
  };
}

const thick = { cementHu: CEMENT_HU, sliceMm: 4.25, pixelMm: 0.8 };
const reason = (changes: Changes, scan = thick) => whyNotALeak(measured(changes), scan)?.en ?? null;

describe("in front of bone, far from cement", () => {
  it("a dim part has to sum up to more than shifted cortex does", () => {
    expect(reason({})).toBeNull();
    expect(reason({ evidence: { layerHuMm: 1000 } })).toMatch(/only shifted/);
    // a voxel or two sum up to nothing that could be compared
    expect(reason({ excessHu: 430, evidence: { layerHuMm: null } })).toMatch(/only shifted/);
    // this cement is dim: the same HU mm are more mm of it, and still no more than cortex
    expect(
      reason({ part: { peakHu: 400 }, evidence: { layerHuMm: 1000 } }, { ...thick, cementHu: 1400 }),
    ).toMatch(/only shifted/);
  });
});

describe("bone and what lies off it", () => {
  const spur = { part: { peakHu: 1060 }, toCementMm: 15, excessHu: 560 };
  const lump = { tubular: 0, layerHuMm: ofCement(1.2) };
  it("a lump that only this side has is a spur when it is fainter than cement of its size, and a leak when it is not", () => {
    expect(reason({ ...spur, evidence: { ...lump, concentration: 0.72 } })).toMatch(/Wide and faint/);
    expect(reason({ ...spur, evidence: { ...lump, concentration: 0.82 } })).toBeNull();
    // a vein that a thick slice shares with its neighbours may be as faint
    expect(reason({ ...spur, evidence: { ...lump, concentration: 0.72, tubular: 1 } })).toBeNull();
  });
  it("in thick slices a lump that sums up to more than any spur is a leak, however faint", () => {
    const faint = { ...spur, evidence: { ...lump, concentration: 0.72, layerHuMm: ofCement(1.8) } };
    expect(reason(faint)).toBeNull();
    expect(reason({ ...faint, excessHu: 300 })).toMatch(/Wide and faint/);
    expect(reason({ ...faint, evidence: { ...faint.evidence, inFront: 0, behind: 1 } })).not.toBeNull();
  });
  it("a few coarse voxels have no width to judge by", () => {
    const few = { ...spur, evidence: { ...lump, concentration: 0.72 } };
    expect(reason(few, { cementHu: CEMENT_HU, sliceMm: 3, pixelMm: 3 })).toBeNull();
  });
  it("on coarse voxels a trace lies on the cortex with its voxel centres in it, and is told by its brightness", () => {
    const onCortex = { part: { beyondMm: -0.2, peakHu: 900 }, toCementMm: 12, excessHu: 500 };
    const coarse = { cementHu: CEMENT_HU, sliceMm: 3, pixelMm: 3 };
    expect(reason(onCortex, coarse)).toBeNull();
    expect(reason({ ...onCortex, excessHu: 300 }, coarse)).toMatch(/within the border/);
    expect(reason(onCortex)).toMatch(/within the border/);
  });
  it("an attached part has to stand out by more than half a pixel", () => {
    const beside = { attached: true, part: { beyondMm: 1.4, peakHu: 1900 } };
    expect(reason(beside)).toBeNull();
    expect(reason(beside, { cementHu: CEMENT_HU, sliceMm: 3, pixelMm: 3 })).toMatch(/Only 1.4 mm/);
  });
  it("a tube a centimetre in front of bone is a vein near its cement, and a ureter or an artery farther on", () => {
    const off = { surfaceMm: 10, part: { beyondMm: 13, peakHu: 1600 } };
    expect(reason({ ...off, toCementMm: 15 })).toBeNull();
    expect(reason({ ...off, toCementMm: 28 })).toMatch(/away from bone/);
    // a needle's track is left by the needle
    expect(reason({ ...off, toCementMm: 28, evidence: { inFront: 0, behind: 1 } })).toBeNull();
  });
});

describe("behind bone", () => {
  const behind = { inFront: 0, behind: 1, tubular: 0 };
  it("what stands out little is a crest, unless the other side has nothing like it", () => {
    expect(reason({ evidence: behind })).toMatch(/Uneven back/);
    expect(reason({ excessHu: 450, evidence: { ...behind, layerHuMm: ofCement(1.6) } })).toBeNull();
    expect(reason({ toCementMm: 7, excessHu: 450, evidence: { ...behind, layerHuMm: null } })).toBeNull();
    expect(reason({ toCementMm: 7, excessHu: 300, evidence: { ...behind, layerHuMm: null } })).toMatch(
      /Uneven back/,
    );
  });
  it("a part that reaches far is compared across the surface as well", () => {
    const far = { part: { beyondMm: 11, peakHu: 840 }, toCementMm: 17 };
    expect(reason({ ...far, evidence: { ...behind, layerHuMm: ofCement(1.2) } })).toBeNull();
    expect(reason({ ...far, evidence: { ...behind, layerHuMm: ofCement(0.4) } })).toMatch(/only shifted/);
  });
  it("brighter than cement and off bone is metal", () => {
    const off = { surfaceMm: 5, excessHu: 1300, evidence: { ...behind, tubular: 1, layerHuMm: ofCement(4) } };
    expect(reason({ ...off, part: { beyondMm: 15, peakHu: 2000 } })).toBeNull();
    expect(reason({ ...off, part: { beyondMm: 15, peakHu: 2400 } })).toMatch(/piece of metal/);
  });
});

describe("in the canal", () => {
  const canal = { compartment: "canal", peakHu: 1100 } as const;
  it("far from cement only what the other side surely lacks is kept", () => {
    const far = { part: canal, toCementMm: 42 };
    expect(reason({ ...far, excessHu: 580, evidence: { layerHuMm: ofCement(2) } })).toBeNull();
    expect(reason({ ...far, excessHu: 580, evidence: { layerHuMm: ofCement(0.9) } })).toMatch(
      /Edge of the canal/,
    );
  });
  it("a dim part in the back half that cannot be compared is a facet, one in the front half a leak", () => {
    const unknown = { part: canal, toCementMm: 13, excessHu: null };
    expect(reason({ ...unknown, evidence: { layerHuMm: null, canalFront: 0 } })).toMatch(/Edge of the canal/);
    expect(reason({ ...unknown, evidence: { layerHuMm: null, canalFront: 1 } })).toBeNull();
  });
});
