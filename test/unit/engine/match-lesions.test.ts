// Casts find their lesions by where they are: sides, levels, vertebrae; a list's order says nothing.
import { describe, expect, it } from "vitest";
import type { Vec3 } from "#core/space";
import { emptyMask } from "#voxels/mask";
import { draftFromProposal } from "../../../plugins/cement-leakage/engine/draft.ts";
import {
  lesionAt,
  matchLesions,
  type StatedLesion,
} from "../../../plugins/cement-leakage/engine/match-lesions.ts";
import type { Intraosseous, Proposal } from "../../../plugins/cement-leakage/engine/proposal.ts";
import { newCase } from "../../../plugins/cement-leakage/model/case-document.ts";
import type { SacralLevel } from "../../../plugins/cement-leakage/model/findings.ts";

/** Patient millimetres: left is +x, up is +z. */
function cast(
  side: Intraosseous["side"],
  volumeMm3: number,
  centroidMm: Vec3,
  levels: SacralLevel[] = [],
  bone: Intraosseous["bone"] = "sacrum",
): Intraosseous {
  return {
    mask: emptyMask({ columns: 4, rows: 4, slices: 4 }),
    bone,
    side,
    levels,
    volumeMm3,
    volumeEstimateMm3: volumeMm3,
    volumeCi95Mm3: [volumeMm3, volumeMm3],
    incomplete: false,
    centroidMm,
    notes: [],
  };
}
const left = cast("left", 2000, [30, 0, 0], ["S1"]);
const right = cast("right", 5000, [-30, 0, 0], ["S1"]);
const blank: StatedLesion = { bone: "sacrum", side: "midline" };
const ofSide = (side: StatedLesion["side"], ...sacralLevels: SacralLevel[]): StatedLesion => ({
  bone: "sacrum",
  side,
  ...(sacralLevels.length > 0 ? { sacralLevels } : {}),
});
const vertebra = (name: string): StatedLesion => ({ bone: "vertebra", side: "midline", vertebra: name });
const inVertebra = (z: number, mm3 = 3000) => cast("midline", mm3, [0, 0, z], [], "vertebra");

describe("matchLesions", () => {
  it("goes by side, whatever the order and the size", () => {
    expect(matchLesions([ofSide("left"), ofSide("right")], [right, left])).toEqual([1, 0]);
    expect(matchLesions([ofSide("right"), ofSide("left")], [right, left])).toEqual([0, 1]);
    expect(matchLesions([blank, ofSide("right")], [left, right])).toEqual([0, 1]);
  });

  it("goes by level on one side", () => {
    const low = cast("left", 900, [15, 0, -60], ["S3"]);
    expect(matchLesions([ofSide("left", "S3"), ofSide("left", "S1")], [left, low])).toEqual([1, 0]);
  });

  it("gives a lesion's fragments to it, and never takes the other side's", () => {
    const crumb = cast("left", 80, [38, 4, -10], ["S1"]);
    expect(matchLesions([ofSide("left")], [right, crumb, left])).toEqual([1, 0, 0]);
    expect(matchLesions([], [crumb, right, left])).toEqual([1, 0, 1]);
  });

  it("numbers vertebrae from above; where one is missing nobody knows which", () => {
    const casts = [inVertebra(0), inVertebra(70), inVertebra(35, 500), inVertebra(37, 400)];
    expect(matchLesions([vertebra("L4"), vertebra("T12"), vertebra("L2")], casts)).toEqual([0, 1, 2, 2]);
    expect(matchLesions([vertebra("L4"), vertebra("L2")], casts)).toEqual([2, 3, 4, 4]);
    expect(matchLesions([vertebra("L4")], [inVertebra(0)])).toEqual([0]);
  });
});

describe("lesionAt", () => {
  it("takes the lesion of a leak's own side, and none where two are equally far", () => {
    const casts = [right, left];
    expect(lesionAt({ centroidMm: [10, -20, 0], side: "left" }, casts, [0, 1])).toBe(1);
    expect(lesionAt({ centroidMm: [0, 20, 0], side: "midline" }, casts, [0, 1])).toBeNull();
    expect(lesionAt({ centroidMm: [0, 20, 0], side: "midline" }, casts, [0, 0])).toBe(0);
    const two = [inVertebra(0), inVertebra(40)];
    expect(lesionAt({ centroidMm: [20, 0, 36], side: "left" }, two, [0, 1])).toBe(1);
  });
});

describe("a draft of two lesions", () => {
  it("keeps what was stated of each and adds what the CT shows", () => {
    const proposal: Proposal = {
      engineVersion: "test",
      floorHu: 900,
      intraosseous: [right, left],
      candidates: [],
      rejected: [],
      notes: [],
      priorCompared: false,
    };
    const empty = newCase({ documentId: "1", createdAt: "", trackingUid: "1.1" });
    const lesions = (["left", "right"] as const).map((side, n) => ({
      lesionId: `L${n + 1}`,
      bone: "sacrum" as const,
      side,
      trackingUid: `1.${n}`,
      injectedVolumeMl: 2 + n,
    }));
    const { document, lesionIdOfCast } = draftFromProposal(
      { ...empty, lesions, next: { ...empty.next, lesion: 3 } },
      proposal,
      { newUid: () => "1.9", locale: "en" },
    );
    expect(lesionIdOfCast).toEqual(["L2", "L1"]);
    expect(
      document.lesions.map(({ side, injectedVolumeMl, sacralLevels }) => [
        side,
        injectedVolumeMl,
        sacralLevels,
      ]),
    ).toEqual([
      ["left", 2, ["S1"]],
      ["right", 3, ["S1"]],
    ]);
    expect(document.parts.map((part) => part.lesionId)).toEqual(["L2", "L1"]);
  });
});
