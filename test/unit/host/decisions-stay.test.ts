// What a reader decided outlives the program's next word: another floor, another draft of the engine.
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { JobTable } from "#core/job";
import { boxMask, overlapCount, union } from "#voxels/set-operations";
import { emptyMask, voxelCount, type RunMask } from "#voxels/mask";
import type { FoundCement, FoundPart } from "../../../plugins/cement-leakage/engine/find-cement.ts";
import { caseDocumentSchema, maskIdOfPart } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { whatIsMissing } from "../../../plugins/cement-leakage/model/what-is-missing.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless, type Headless } from "./headless.ts";
import { madeCandidate, madeProposal } from "./made-proposal.ts";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);
const command = ({ app }: Headless, id: string) => app.plugins[0].implementation.commands[`${ID}/${id}`];
const maskOf = ({ app }: Headless, partId: string) =>
  app.state.get().masks.get(`${ID}:${maskIdOfPart(partId)}`) ?? emptyMask(SIZE);

const box = (i0: number, i1: number, j0: number, j1: number, k0: number, k1: number): RunMask =>
  boxMask(SIZE, { i0, i1, j0, j1, k0, k1 });
const cast = box(6, 20, 12, 26, 6, 18);
const ball = box(24, 32, 15, 23, 9, 15);
const bead = box(38, 42, 30, 34, 10, 13);
const no = { en: "", zh: "" };

const part = (mask: RunMask, suggestion: FoundPart["suggestion"]): FoundPart => ({
  mask,
  volumeMm3: voxelCount(mask),
  huMax: 1800,
  centroidMm: [0, 0, 0],
  touchesEdge: false,
  suggestion,
  reason: no,
});
const found = (floorHu: number, parts: readonly FoundPart[], specks = emptyMask(SIZE)): FoundCement => ({
  // Never the proposed one, so that no part is drawn again at its own half maximum.
  proposedFloorHu: 600,
  floorHu,
  plateauHu: 1800,
  backgroundHu: 60,
  parts,
  specks,
  speckCount: 0,
});
const proposal = madeProposal(union(cast, ball), [madeCandidate(ball, 0.8), madeCandidate(bead, 0.8)]);

async function open(finds: (FoundCement | Promise<FoundCement>)[]): Promise<Headless> {
  const jobs: JobTable = {
    [`${ID}/find`]: async () => finds.shift(),
    [`${ID}/propose`]: async () => proposal,
  };
  const host = headless([plugin], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  return host;
}
const exporter = ({ app }: Headless) => app.plugins[0].implementation.exporters[`${ID}/export-all`];
const pick = ({ app }: Headless, at: readonly [number, number, number]) =>
  app.plugins[0].implementation.pick?.([at[0] - 24, at[1] - 20, at[2]]);
const roles = (host: Headless) =>
  documentOf(host).parts.map(({ partId, role, leak }) => [partId, role, leak?.site ?? null]);

describe("another floor", () => {
  it("keeps a leak that it no longer finds, with its voxels and the floor they were found at", async () => {
    const host = await open([
      found(1000, [part(cast, "cement"), part(ball, "unclear")]),
      found(1770, [part(cast, "cement")], ball),
    ]);
    await command(host, "find").run();
    pick(host, [28, 18, 12]);
    await command(host, "site-4").run();
    await command(host, "find").run();
    const leak = documentOf(host).parts.find(({ role }) => role === "leak");
    expect(leak?.leak?.site).toBe("anterior_sacral_space");
    expect([leak?.thresholdHu, documentOf(host).floorHu]).toEqual([1000, 1770]);
    expect(maskOf(host, leak?.partId ?? "")).toEqual(ball);
    expect(voxelCount(maskOf(host, "specks"))).toBe(0);
  });

  it("forgets a part's own threshold together with the voxels that were drawn at it", async () => {
    const host = await open([
      found(1000, [part(cast, "cement"), part(ball, "unclear")]),
      found(1200, [part(cast, "cement"), part(ball, "unclear")]),
    ]);
    await command(host, "find").run();
    pick(host, [28, 18, 12]);
    await command(host, "site-4").run();
    const { parts, ...rest } = documentOf(host);
    host.edit(ID, { ...rest, parts: parts.map((one) => ({ ...one, thresholdHu: 640 })) });
    await command(host, "find").run();
    expect(documentOf(host).parts.map((one) => one.thresholdHu)).toEqual([undefined, undefined]);
  });
});

describe("another draft of the engine", () => {
  it("proposes nothing on a leak that is decided, and leaves no voxel in two parts", async () => {
    const host = await open([found(1000, [part(cast, "cement"), part(ball, "unclear")])]);
    await command(host, "find").run();
    pick(host, [28, 18, 12]);
    await command(host, "site-3").run();
    await command(host, "propose").run();
    expect(roles(host)).toEqual([
      ["P2", "leak", "anterior_epidural_space"],
      ["P3", "intraosseous", null],
      ["P5", "undecided", null],
    ]);
    expect(overlapCount(maskOf(host, "P2"), maskOf(host, "P3"))).toBe(0);
    expect(maskOf(host, "P3")).toEqual(cast);
  });

  it("does not ask again about a candidate that was turned down, nor overwrite the lesion's facts", async () => {
    const host = await open([]);
    await command(host, "propose").run();
    pick(host, [40, 32, 11]);
    await command(host, "not-cement").run();
    const turnedDown = documentOf(host).parts.find(({ role }) => role === "not_cement");
    expect(turnedDown?.reason).toBe("turned down by the reader");
    const { lesions, ...rest } = documentOf(host);
    host.edit(ID, { ...rest, lesions: [{ ...lesions[0], side: "left", sacralLevels: ["S2"] }] });
    const before = roles(host).filter(([, role]) => role === "not_cement");
    await command(host, "propose").run();
    expect(roles(host).filter(([, role]) => role === "not_cement")).toEqual(before);
    expect(roles(host).filter(([, role]) => role === "undecided")).toHaveLength(1);
    expect(documentOf(host).lesions[0]).toMatchObject({ side: "left", sacralLevels: ["S2"] });
  });
});

describe("a stroke", () => {
  it("lands on the part that it began on, whatever is selected meanwhile", async () => {
    const host = await open([
      found(1000, [part(cast, "cement"), part(ball, "unclear"), part(bead, "unclear")]),
    ]);
    await command(host, "find").run();
    const erase = host.app.plugins[0].implementation.tools[`${ID}/erase`];
    const at = [28 - 24, 18 - 20, 12] as const;
    pick(host, [28, 18, 12]);
    erase.begin({ at, normal: [0, 0, 1], halfThicknessMm: 0.5 });
    pick(host, [40, 32, 11]);
    erase.finish();
    expect(voxelCount(maskOf(host, "P2"))).toBeLessThan(voxelCount(ball));
    expect(maskOf(host, "P3")).toEqual(bead);
  });
});

describe("saved work of a later version", () => {
  it("is not overwritten by the first key that is pressed", async () => {
    const host = await open([found(1000, [part(cast, "cement")])]);
    const later = { kind: "cement-leakage-case", version: 2 };
    host.edit(ID, later);
    expect(command(host, "find").disabledReason?.()).toMatch(/can't be read/);
    await command(host, "find").run();
    expect(host.app.state.get().documents[ID]).toEqual(later);
  });
});

describe("reading findings back", () => {
  it("waits until the search under way has landed", async () => {
    let release = (): void => undefined;
    const late = new Promise<FoundCement>((resolve) => {
      release = () => resolve(found(1000, [part(cast, "cement")]));
    });
    const host = await open([late]);
    const search = command(host, "find").run();
    const importer = host.app.plugins[0].implementation.importers[`${ID}/import`];
    const result = await importer.run([{ path: "f.json", kind: "JSON", bytes: new Uint8Array() }]);
    expect(result.ok ? "" : result.problem.code).toBe("cement/busy");
    release();
    await search;
    expect(documentOf(host).parts).toHaveLength(1);
  });

  it("asks for the look without marks again, and was told what stayed behind", async () => {
    const host = await open([]);
    await command(host, "propose").run();
    await command(host, "accept").run();
    const files = unzipSync((await exporter(host).run())[0].bytes);
    const [, json] = Object.entries(files).find(([name]) => name.endsWith(".json")) ?? [];
    const [, seg] = Object.entries(files).find(([name]) => name.includes("seg")) ?? [];
    if (!json || !seg) throw new Error("the zip lacks its findings or its segments");
    expect(findingsSchema.parse(JSON.parse(strFromU8(json))).verificationLog?.join()).toMatch(
      /undecided: P3/,
    );
    expect(
      host.app.state
        .get()
        .notices.map(({ text }) => text)
        .join(),
    ).toMatch(/Undecided parts are not/);

    const again = await open([]);
    const importer = again.app.plugins[0].implementation.importers[`${ID}/import`];
    const result = await importer.run([
      { path: "seg.dcm", kind: "SEG", bytes: seg },
      { path: "f.json", kind: "JSON", bytes: json },
    ]);
    expect(result.ok).toBe(true);
    expect(whatIsMissing(documentOf(again), null).map(({ code }) => code)).toContain("look/marks-off");
  });
});
