// Dense parts far from the treated bone: a bright tube before the sacrum is an alert, mimics are listed with what was seen of them.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { voxelCount } from "#voxels/mask";
import { thresholdMask } from "#voxels/threshold";
import type { DenseParts } from "../../../plugins/cement-leakage/engine/cement-mask.ts";
import { partsOf } from "../../../plugins/cement-leakage/engine/cement-mask.ts";
import { draftFromProposal } from "../../../plugins/cement-leakage/engine/draft.ts";
import { explainElsewhere } from "../../../plugins/cement-leakage/engine/elsewhere.ts";
import { partFeatures } from "../../../plugins/cement-leakage/engine/part-features.ts";
import type { Intraosseous } from "../../../plugins/cement-leakage/engine/proposal.ts";
import { newCase } from "../../../plugins/cement-leakage/model/case-document.ts";
import { ball, paintVolume, regularGrid, rod } from "./painted-volume.ts";

const PLATEAU_HU = 2000;
const grid = regularGrid([140, 110, 60], [1, 1, 1]);
const castAt: Vec3 = [15, 30, 0];

/** A cast behind, and `solid` at `hu` somewhere else; soft tissue around, or bone where asked for. */
function scene(solid: (p: Vec3) => number, hu: number, around = 40) {
  const volume = paintVolume(grid, around, [
    { solid: ball(castAt, 9), hu: PLATEAU_HU },
    { solid, hu },
  ]);
  const parts = partsOf(thresholdMask(volume.hu, volume.grid, 700), grid, 1).map((mask) => ({
    mask,
    features: partFeatures(volume, mask),
  }));
  const isCast = ({ features }: (typeof parts)[number]): boolean =>
    Math.hypot(...features.centroidMm.map((mm, axis) => mm - castAt[axis])) < 3;
  const cast = parts.find(isCast);
  if (!cast) throw new Error("no cast");
  const dense: DenseParts = {
    floor: { plateauHu: PLATEAU_HU, proposedFloorHu: 1000, backgroundHu: 40, denseBoneHu: 800 },
    seedHu: 1000,
    growHu: 1000,
    main: [cast],
    other: parts.filter((part) => !isCast(part)),
    metal: [],
  };
  const intraosseous: Intraosseous = {
    mask: cast.mask,
    bone: "sacrum",
    side: "left",
    levels: [],
    volumeMm3: cast.features.volumeMm3,
    volumeEstimateMm3: cast.features.volumeMm3,
    volumeCi95Mm3: [0, 0],
    incomplete: false,
    centroidMm: cast.features.centroidMm,
    notes: [],
  };
  const midline = { leftward: [1, 0, 0] as Vec3, offsetMm: 0, symmetry: 1 };
  return { volume, dense, intraosseous, midline };
}
function explain(...of: Parameters<typeof scene>) {
  const { volume, dense, intraosseous, midline } = scene(...of);
  return explainElsewhere(volume, dense, midline, {
    intraosseous: [intraosseous],
    candidates: [],
    rejected: [],
  });
}
const vein = rod([-40, -20, -18], [-30, -10, 18], 2.5);

describe("explainElsewhere", () => {
  it("points out a tube as bright as cement in front of the treated bone, with place and volume", () => {
    const { rejected, notes } = explain(vein, 1900);
    expect(rejected.map(({ kind }) => kind)).toEqual(["alert"]);
    expect(notes).toEqual([rejected[0].reason]);
    expect(notes[0].en).toMatch(
      /^Possible cement in a pelvic vein, \d+ mm³: look here \(right, 3\d mm beside .* slice 3[01];/,
    );
    expect(rejected[0].volumeMm3).toBeGreaterThan(500);
  });

  it.each([
    ["a dimmer tube", vein, 1100, 40, /less dense than it \(\d+ of 2000 HU\)/],
    ["a bright ball", ball([-35, -15, 0], 4), 1900, 40, /not tubular.*not excluded/],
    [
      "a bright tube behind",
      rod([-40, 45, -15], [-40, 45, 15], 2.5),
      1900,
      40,
      /off the course of the pelvic veins/,
    ],
    ["a dense focus in bone", ball([-35, -15, 0], 6), 1500, 350, /^Dense bone, \d+ HU/],
  ])("lists %s with what was seen of it", (_what, solid, hu, around, words) => {
    const { rejected, notes } = explain(solid, hu, around);
    expect(rejected).toHaveLength(1);
    expect(rejected[0].reason.en).toMatch(words);
    expect([rejected[0].kind, notes]).toEqual([undefined, []]);
  });

  it("lists nothing twice, and says nothing where no cement was found", () => {
    const { volume, dense, intraosseous, midline } = scene(vein, 1900);
    const own = {
      mask: dense.other[0].mask,
      reason: { en: "known", zh: "" },
      volumeMm3: 3,
      centroidMm: castAt,
    };
    const listed = { intraosseous: [intraosseous], candidates: [], rejected: [own] };
    expect(explainElsewhere(volume, dense, midline, listed).rejected).toEqual([own]);
    const none = { intraosseous: [], candidates: [], rejected: [] };
    expect(explainElsewhere(volume, dense, midline, none)).toEqual({ rejected: [], notes: [] });
  });

  it("puts an alert before the reader, and metal in the list without a volume", () => {
    const { volume, dense, intraosseous, midline } = scene(vein, 1900);
    const metal = { ...dense, other: [], metal: dense.other };
    const [{ mask }] = dense.other;
    const rejected = [{ mask, reason: { en: "Metal", zh: "" }, volumeMm3: 600, centroidMm: castAt }];
    const listed = { intraosseous: [intraosseous], candidates: [], rejected };
    const ofMetal = explainElsewhere(volume, metal, midline, listed).rejected;
    expect([ofMetal[0].kind, ofMetal[0].reason.en]).toEqual([
      "metal",
      expect.stringContaining("not measurable (metal)"),
    ]);
    const alerts = explainElsewhere(volume, dense, midline, { ...listed, rejected: [] }).rejected;
    const { document, masks } = draftFromProposal(
      newCase({ documentId: "1", createdAt: "", trackingUid: "1.1" }),
      {
        engineVersion: "test",
        floorHu: 1000,
        intraosseous: [],
        candidates: [],
        rejected: [...ofMetal, ...alerts],
        notes: [],
        priorCompared: false,
      },
      { newUid: () => "1.2", locale: "en" },
    );
    expect(document.parts.map(({ role, notMeasurable, alert }) => [role, notMeasurable, alert])).toEqual([
      ["not_cement", "metal", undefined],
      ["undecided", undefined, true],
    ]);
    expect(voxelCount(masks.get("P2") ?? mask)).toBe(voxelCount(mask));
  });
});
