// One key each in the queue: join, split, turn down with a reason; metal is tagged without a volume.
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { boxMask, union } from "#voxels/set-operations";
import { emptyMask, voxelCount, type RunMask } from "#voxels/mask";
import { caseDocumentSchema, maskIdOfPart } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { REJECT_REASONS } from "../../../plugins/cement-leakage/reading/reject-reasons.ts";
import { headless, type Headless } from "./headless.ts";
import { madeCandidate, madeProposal } from "./made-proposal.ts";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);
const press = async ({ app }: Headless, id: string) =>
  app.plugins[0].implementation.commands[`${ID}/${id}`].run();
const maskOf = ({ app }: Headless, partId: string) =>
  app.state.get().masks.get(`${ID}:${maskIdOfPart(partId)}`) ?? emptyMask(SIZE);
const box = (i0: number, i1: number, j0: number, j1: number, k0: number, k1: number): RunMask =>
  boxMask(SIZE, { i0, i1, j0, j1, k0, k1 });

const cast = box(6, 16, 12, 26, 6, 18);
/** Two lumps with a neck of one voxel. */
const dumbbell = union(union(box(20, 27, 4, 11, 6, 13), box(27, 31, 7, 8, 9, 10)), box(31, 37, 4, 10, 6, 12));
const bead = box(38, 42, 30, 34, 10, 13);
const needle = box(20, 24, 34, 36, 6, 8);

const proposal = madeProposal(cast, [madeCandidate(dumbbell, 0.9), madeCandidate(bead, 0.8)], {
  rejected: [
    {
      mask: needle,
      kind: "metal",
      reason: { en: "Metal", zh: "金属" },
      volumeMm3: 16,
      centroidMm: [0, 0, 0],
    },
  ],
});

/** Proposed: P1 the cast, P2 the dumbbell (selected), P3 the bead, P4 the needle. */
async function open(): Promise<Headless> {
  const host = headless([plugin], { [`${ID}/propose`]: async () => proposal });
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  await press(host, "propose");
  return host;
}
const pick = ({ app }: Headless, [i, j, k]: readonly [number, number, number]) =>
  app.plugins[0].implementation.pick?.([i - 24, j - 20, k]);
const roles = (host: Headless) => documentOf(host).parts.map(({ partId, role }) => `${partId} ${role}`);

describe("splitting and joining", () => {
  it("splits at the neck into two candidates that lose no voxel; the whole's measures are not claimed of a piece", async () => {
    const host = await open();
    await press(host, "split");
    expect(roles(host)).toEqual([
      "P1 intraosseous",
      "P2 undecided",
      "P3 undecided",
      "P4 not_cement",
      "P5 undecided",
    ]);
    expect(union(maskOf(host, "P2"), maskOf(host, "P5"))).toEqual(dumbbell);
    expect(voxelCount(maskOf(host, "P2")) + voxelCount(maskOf(host, "P5"))).toBe(voxelCount(dumbbell));
    const [, whole, , , piece] = documentOf(host).parts;
    expect([piece.componentId, piece.origin]).toEqual([whole.componentId, "proposed"]);
    expect(piece.proposed).toMatchObject({ site: "anterior_sacral_space" });
    expect([piece.proposed?.estimate, piece.proposed?.geometry]).toEqual([undefined, undefined]);
    expect(whole.proposed?.geometry).toMatchObject({ toPelvicSurfaceMm: 1.3, voxels: voxelCount(dumbbell) });
  });

  it("joins with the nearest candidate, and one undo takes it back", async () => {
    const host = await open();
    await press(host, "split");
    await press(host, "join");
    expect(roles(host)).toEqual(["P1 intraosseous", "P2 undecided", "P3 undecided", "P4 not_cement"]);
    expect(maskOf(host, "P2")).toEqual(dumbbell);
    host.app.undo();
    expect(roles(host)).toHaveLength(5);
  });

  it("joins a candidate into a leak that is decided, and says where there is no neck", async () => {
    const host = await open();
    await press(host, "accept");
    await press(host, "join");
    expect(roles(host)).toEqual(["P1 intraosseous", "P2 leak", "P4 not_cement"]);
    expect(voxelCount(maskOf(host, "P2"))).toBe(voxelCount(dumbbell) + voxelCount(bead));
    const whole = await open();
    pick(whole, [40, 32, 11]);
    await press(whole, "split");
    expect(roles(whole)).toHaveLength(4);
  });
});

describe("turning down", () => {
  it("keeps the reason of its key and goes on to the next candidate", async () => {
    const host = await open();
    await press(host, "reject-artery");
    await press(host, "reject-cortex");
    const reasons = documentOf(host)
      .parts.filter(({ role }) => role === "not_cement")
      .map(({ partId, reason }) => [partId, reason]);
    expect(reasons).toEqual([
      ["P2", "arterial calcification"],
      ["P3", "bone cortex"],
      ["P4", "Metal"],
    ]);
  });

  it("has a key and words for each reason", () => {
    expect(new Set(REJECT_REASONS.map(({ keys }) => keys)).size).toBe(REJECT_REASONS.length);
    for (const { keys, text } of REJECT_REASONS) {
      expect(keys).toMatch(/^Shift\+[a-z]$/);
      expect([text.en.length, text.zh.length].every((length) => length > 1)).toBe(true);
    }
  });
});

describe("metal", () => {
  it("is tagged with a site; its voxels are in no volume", async () => {
    const host = await open();
    pick(host, [22, 35, 7]);
    await press(host, "site-2");
    const tagged = documentOf(host).parts.find(({ partId }) => partId === "P4");
    expect([tagged?.role, tagged?.leak?.site, tagged?.notMeasurable]).toEqual([
      "leak",
      "puncture_path",
      "metal",
    ]);
    const { exporters } = host.app.plugins[0].implementation;
    const files = unzipSync((await exporters[`${ID}/export-all`].run())[0].bytes);
    const [, json] = Object.entries(files).find(([name]) => name.endsWith(".json")) ?? [];
    if (!json) throw new Error("the zip lacks its findings");
    const { leaks } = findingsSchema.parse(JSON.parse(strFromU8(json)));
    expect(
      leaks.map(({ notMeasurable, volumeMm3, segmentRef }) => [notMeasurable, volumeMm3, segmentRef]),
    ).toEqual([["metal", undefined, undefined]]);
  });
});
