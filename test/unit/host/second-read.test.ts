// Two readers of one case with a planted disagreement: put aside unseen, matched as planted, adjudicated with both origins.
import { strFromU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { patientFromVoxel, type Vec3, type VoxelGrid } from "#core/space";
import { voxelCount, type RunMask } from "#voxels/mask";
import { unionAll } from "#voxels/set-operations";
import type { CaseDocument, Part } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { checklistFor, type SiteId } from "../../../plugins/cement-leakage/model/sites.ts";
import { createReading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { createSecondReading } from "../../../plugins/cement-leakage/reading/second-read.ts";
import { box, documentOf, filesOf, ID, openedCase } from "./written-case.ts";

interface Planted {
  readonly site: SiteId;
  readonly mask: RunMask;
}

/** What a reader of the small case would have written: cement in bone, these leaks, everything else absent. */
function readingOf(before: CaseDocument, leaks: readonly Planted[]): CaseDocument {
  const parts = leaks.map(({ site }, index): Part => ({
    partId: `P${index + 2}`,
    role: "leak",
    lesionId: "L1",
    componentId: `C${index}`,
    origin: "painted",
    trackingUid: `2.25.77${before.documentId.length}${index}`,
    leak: {
      number: index + 1,
      site,
      route: "unknown",
      side: "left",
      symptom: "not_assessed",
      confidence: "definite",
    },
  }));
  return {
    ...before,
    floorHu: 1000,
    proposedFloorHu: 1000,
    parts: [
      {
        partId: "P1",
        role: "intraosseous",
        lesionId: "L1",
        componentId: "C-bone",
        origin: "painted",
        trackingUid: "2.25.7700",
        leak: null,
      },
      ...parts,
    ],
    assessments: checklistFor("sacrum")
      .filter(({ id }) => !leaks.some(({ site }) => site === id))
      .map(({ id }) => ({ lesionId: "L1", site: id, answer: "absent" as const })),
    next: { leak: leaks.length + 1, lesion: 2, part: leaks.length + 2 },
  };
}

const writeReading = (
  { reading, write }: Awaited<ReturnType<typeof openedCase>>,
  bone: RunMask,
  leaks: readonly Planted[],
): void =>
  write(readingOf(reading.document.get(), leaks), {
    P1: bone,
    ...Object.fromEntries(leaks.map(({ mask }, index) => [`P${index + 2}`, mask])),
  });

/** The first sees A, B, C and D; the second misses A, takes B and C as one, and puts D elsewhere. */
function planted(grid: VoxelGrid) {
  const a = box(grid, 2, 2, 2);
  const b = box(grid, 12, 2, 2);
  const c = box(grid, 19, 2, 2);
  const d = box(grid, 30, 2, 2);
  const bridge = box(grid, 17, 4, 4, 2);
  return {
    bone: box(grid, 8, 20, 8, 8),
    first: [
      { site: "sacral_venous_plexus", mask: a },
      { site: "puncture_path", mask: b },
      { site: "anterior_sacral_space", mask: c },
      { site: "anterior_epidural_space", mask: d },
    ] as const,
    second: [
      { site: "puncture_path", mask: unionAll(grid, [b, c, bridge]) },
      { site: "anterior_sacral_foramen", mask: d },
    ] as const,
  };
}

describe("a second read", () => {
  it("hides the first, finds the planted disagreement, and is adjudicated as planted", async () => {
    const one = await openedCase();
    const { bone, first, second } = planted(one.volume.grid);
    writeReading(one, bone, first);
    one.signing.sign();
    expect(one.second.whyNotBegin()).toBeNull();
    one.second.begin();

    // Blinded: no part, no leak, no answer of the first, and undo does not bring them back.
    const blinded = documentOf(one);
    expect([blinded.parts, blinded.assessments]).toEqual([[], []]);
    expect(one.second.comparison()).toBeNull();
    one.app.undo();
    expect(documentOf(one).parts).toEqual([]);
    expect([...one.app.state.get().masks.keys()].every((id) => id.startsWith(`${ID}:read/R1/`))).toBe(true);

    writeReading(one, bone, second);
    one.signing.sign();
    expect(documentOf(one).signed?.blinded).toBe(true);
    const result = one.second.comparison()!;
    expect(
      result.leaks.map(({ first: a, second: b, differs }) => [a?.leakId, b?.leakId, differs.join()]),
    ).toEqual([
      ["K1", undefined, "missed by the second"],
      ["K2", "K1", "extent"],
      ["K3", undefined, "merged by the second"],
      ["K4", "K2", "site"],
    ]);
    expect(result.presenceAgrees).toBe(true);
    expect(result.sites).toMatchObject({ count: 2, observed: 0.5 });
    const common = 3 * 125;
    expect(result.dice).toBeCloseTo((2 * common) / (4 * 125 + voxelCount(second[0].mask) + 125), 12);

    one.second.adjudicate();
    expect(one.signing.whyNotSign()).not.toBeNull();
    const lines = one.second.comparison()!.leaks;
    one.second.decide(lines[0], "first", "");
    expect(documentOf(one).adjudication).toEqual([]); // no decision without its reason
    one.second.decide(lines[0], "first", "seen on two slices");
    one.second.decide(lines[1], "first", "two leaks");
    one.second.decide(lines[2], "first", "two leaks");
    one.second.decide(lines[3], "second", "lies in the foramen");
    one.second.decideAnswer("L1", "anterior_epidural_space", "second", "nothing in the canal");
    expect(one.signing.whyNotSign()).toBeNull();
    one.signing.sign();

    const [seg, json] = await filesOf(one).then((files) =>
      files.toSorted((x) => (x.kind === "SEG" ? -1 : 1)),
    );
    expect(seg.bytes.length).toBeGreaterThan(0);
    const findings = findingsSchema.parse(JSON.parse(strFromU8(json.bytes)));
    expect(findings.adjudicates).toHaveLength(2);
    expect(findings.readers).toHaveLength(3);
    expect(
      findings.leaks.map(({ site, adjudicated }) => [site, adjudicated?.reason, adjudicated?.origins.length]),
    ).toEqual([
      ["sacral_venous_plexus", "seen on two slices", 1],
      ["puncture_path", "two leaks", 2],
      ["anterior_sacral_space", "two leaks", 1],
      ["anterior_sacral_foramen", "lies in the foramen", 2],
    ]);
    expect(findings.pair).toMatchObject({ presenceAgrees: true, onlyFirst: 2, onlySecond: 0 });
    expect(findings.leaks.map(({ volumeMm3 }) => volumeMm3)).toEqual([125, 125, 125, 125]);
  });

  it("compares with another reader's files, laid beside the signed case", async () => {
    const other = await openedCase();
    const { bone, first, second } = planted(other.volume.grid);
    writeReading(other, bone, second);
    other.signing.sign();
    const files = await filesOf(other);

    const mine = await openedCase();
    // Another document: this reader's own UIDs begin elsewhere.
    for (let n = 0; n < 500; n++) mine.reading.host.newUid();
    writeReading(mine, bone, first);
    mine.reading.host.edit({ en: "Test", zh: "Test" }, (draft) =>
      draft.setDocument({ ...mine.reading.document.get(), documentId: "2.25.999" }),
    );
    mine.signing.sign();
    const read = await mine.app.plugins[0].implementation.importers[`${ID}/import`].run(files);
    expect(read.ok ? "" : read.problem.text?.en).toBe("");
    const result = mine.second.comparison()!;
    // The other's reading was put aside first: it is the first of the pair.
    expect(result.leaks.map(({ differs }) => differs.join()).toSorted()).toEqual([
      "extent",
      "merged by the first",
      "missed by the first",
      "site",
    ]);
    // Nothing of it is in this reader's own export.
    const [json] = (await filesOf(mine)).filter(({ kind }) => kind === "JSON");
    expect(findingsSchema.parse(JSON.parse(strFromU8(json.bytes))).leaks).toHaveLength(4);
  });

  it("leaves the first reader's place, and is blinded no more once it is amended", async () => {
    const one = await openedCase();
    const { bone, first, second } = planted(one.volume.grid);
    writeReading(one, bone, first);
    one.signing.sign();
    const wentTo: Vec3[] = [];
    const { host } = one.reading;
    const reading = createReading({ ...host, view: { ...host.view, goTo: (at) => void wentTo.push(at) } });
    createSecondReading(reading).begin();
    const { columns, rows, slices } = one.volume.grid;
    expect(wentTo).toEqual([patientFromVoxel(one.volume.grid, columns / 2, rows / 2, slices / 2)]);

    writeReading(one, bone, second);
    one.signing.sign();
    expect(documentOf(one).signed?.blinded).toBe(true);
    one.signing.amend();
    one.signing.sign();
    expect(documentOf(one).status).toBe("final");
    expect(documentOf(one).signed?.blinded).toBe(false);
  });

  it("has no kappa and no Dice where neither reader has a leak", async () => {
    const one = await openedCase();
    const bone = box(one.volume.grid, 8, 20, 8, 8);
    writeReading(one, bone, []);
    one.signing.sign();
    one.second.begin();
    writeReading(one, bone, []);
    one.signing.sign();
    const result = one.second.comparison()!;
    expect([result.leaks, result.sites, result.dice, result.presenceAgrees]).toEqual([[], null, null, true]);
  });
});
