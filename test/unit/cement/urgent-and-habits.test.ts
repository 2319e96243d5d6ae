// What stands first in red, and what a department's next case starts with.
import { describe, expect, it } from "vitest";
import { newCase, type CaseDocument, type LeakFields } from "#cement/model/case-document";
import { habitsOf, parseHabits, procedureWithHabits } from "#cement/model/habits";
import { urgenciesOf } from "#cement/model/urgent";

const leak = (site: LeakFields["site"], more: Partial<LeakFields> = {}) => ({ site, ...more });
const kinds = (...of: Parameters<typeof leak>): string[] => urgenciesOf(leak(...of)).map(({ kind }) => kind);
const geometry = (more: object): Partial<LeakFields> => ({
  geometry: { voxels: 1, attached: true, shape: "sheet", borderUncertaintyMm: 1, ...more },
});

describe("what is urgent", () => {
  it("is cement in heart, lung or a large vein, whatever else is said", () => {
    expect(kinds("cardiac")).toEqual(["heart_or_lung"]);
    expect(kinds("pulmonary_cement_embolism")).toEqual(["heart_or_lung"]);
    expect(kinds("iliac_vein")).toEqual(["large_vein"]);
    expect(kinds("azygos_or_ivc", { neuralRelation: "none" })).toEqual(["large_vein"]);
  });

  it("is a canal that is taken by a quarter or more, or by an amount that nobody stated", () => {
    expect(kinds("anterior_epidural_space")).toEqual(["canal"]);
    expect(kinds("anterior_epidural_space", { canalOccupancy: "lt25" })).toEqual([]);
    expect(kinds("anterior_epidural_space", { canalOccupancy: "25to50" })).toEqual(["canal"]);
    expect(kinds("intervertebral_disc", geometry({ canalNarrowingPct: 24 }))).toEqual([]);
    expect(kinds("intervertebral_disc", geometry({ canalNarrowingPct: 26 }))).toEqual(["canal"]);
  });

  it("is a nerve that is touched; the reader's word stands over a measured distance", () => {
    expect(kinds("anterior_sacral_space", { neuralRelation: "contact", roots: ["L5"] })).toEqual(["nerve"]);
    expect(kinds("anterior_sacral_foramen")).toEqual(["foramen"]);
    expect(kinds("anterior_sacral_foramen", { neuralRelation: "none" })).toEqual([]);
    expect(kinds("anterior_sacral_space", geometry({ toForamenMm: 0.8 }))).toEqual(["foramen"]);
    const near = urgenciesOf(
      leak("anterior_sacral_space", geometry({ toL5RootEstimatedMm: 9, toLumbosacralTrunkEstimatedMm: 2 })),
    );
    expect(near.map(({ text }) => text.en)).toEqual(["estimated course of lumbosacral trunk 2.0 mm away"]);
  });

  it("is not a small leak elsewhere", () => {
    expect(kinds("puncture_path")).toEqual([]);
    expect(kinds(null)).toEqual([]);
  });
});

describe("a department's habits", () => {
  const finished = (): CaseDocument => {
    const fresh = newCase({ documentId: "d", createdAt: "2026-01-01", trackingUid: "2.25.1" });
    return {
      ...fresh,
      lesions: [
        {
          ...fresh.lesions[0],
          injectedVolumeMl: 5,
          needles: [{ approach: "transiliac", gauge: 13, side: "left" }],
        },
      ],
      procedure: {
        type: "sacroplasty",
        date: "2026-01-01",
        operatorKey: "OP-1",
        indication: "pain",
        guidance: ["fluoroscopy"],
        cement: { product: "Palacos V", lot: "A1", udi: "(01)1", viscosity: "high" },
        technicalSuccess: { value: "yes", definition: "tian2020" },
      },
    };
  };

  it("are product, guidance and gauge, and nothing of the patient, the package or the outcome", () => {
    expect(habitsOf(finished())).toEqual({
      version: 1,
      guidance: ["fluoroscopy"],
      cement: { product: "Palacos V", viscosity: "high" },
      needleGauge: 13,
    });
  });

  it("start the next case, and nothing else of the last one does", () => {
    const habits = parseHabits(JSON.parse(JSON.stringify(habitsOf(finished()))));
    expect(procedureWithHabits({ type: "sacroplasty" }, habits)).toEqual({
      type: "sacroplasty",
      guidance: ["fluoroscopy"],
      cement: { product: "Palacos V", viscosity: "high" },
    });
  });

  it("are forgotten where they can't be read", () => {
    expect(parseHabits({ version: 1, operatorKey: "OP-1" })).toBeNull();
    expect(parseHabits(null)).toBeNull();
    expect(procedureWithHabits({ type: "other" }, null)).toEqual({ type: "other" });
  });
});
