// Cement of an earlier procedure in the app: proposed from the earlier CT or said by the reader, exported apart, taken back like anything.
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readSegmentation } from "#dicom/read-segmentation";
import { boxMask } from "#voxels/set-operations";
import { caseDocumentSchema } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { caseFromFindings } from "../../../plugins/cement-leakage/reading/import-case.ts";
import { headless, type Headless } from "./headless.ts";
import { madeCandidate, madeProposal } from "./made-proposal.ts";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const box = (i0: number, i1: number, k0: number, k1: number) =>
  boxMask(SIZE, { i0, i1, j0: 12, j1: 20, k0, k1 });
const cast = box(6, 16, 6, 18);
const bead = box(38, 42, 10, 13);
const old = box(20, 30, 2, 6);
const press = async ({ app }: Headless, id: string) =>
  app.plugins[0].implementation.commands[`${ID}/${id}`].run();
const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);
const pick = ({ app }: Headless, [i, j, k]: readonly [number, number, number]) =>
  app.plugins[0].implementation.pick?.([i - 24, j - 20, k]);

/** Proposed: P1 the cast, P2 the bead, P3 what the earlier CT has as well. */
async function open(withPrior = false): Promise<Headless> {
  const proposal = madeProposal(cast, [madeCandidate(bead, 0.8)], {
    rejected: [
      {
        mask: old,
        kind: "previous",
        reason: { en: "Already on the earlier CT", zh: "既往 CT 已存在" },
        volumeMm3: 320,
        centroidMm: [1, -4, 4],
      },
    ],
    priorCompared: withPrior,
  });
  const host = headless([plugin], { [`${ID}/propose`]: async () => proposal });
  const volume = smallVolume();
  const series = smallSeries(volume.grid);
  await host.open(volume, series);
  if (withPrior) {
    const study = { ...series.study, studyInstanceUid: "2.25.77", studyDate: "20250102" };
    await host.open(volume, { ...series, study, seriesInstanceUid: "2.25.78" });
    await host.app.chooseSeries("2.25.78");
  }
  await press(host, "propose");
  return host;
}

async function findingsOf(host: Headless) {
  const { exporters } = host.app.plugins[0].implementation;
  const [json] = await exporters[`${ID}/export-json`].run();
  return findingsSchema.parse(JSON.parse(strFromU8(json.bytes)));
}

describe("cement of an earlier procedure", () => {
  it("that the engine proposes is exported apart, and comes back from its files", async () => {
    const host = await open();
    await press(host, "accept");
    const findings = await findingsOf(host);
    expect(findings.previousCement?.map(({ partId, reason }) => [partId, reason])).toEqual([
      ["P3", "Already on the earlier CT"],
    ]);
    expect(findings.notCement).toEqual([]);
    expect(findings.leaks).toHaveLength(1);

    const { exporters } = host.app.plugins[0].implementation;
    const zip = unzipSync((await exporters[`${ID}/export-all`].run())[0].bytes);
    const file = (end: string) => Object.entries(zip).find(([name]) => name.endsWith(end))?.[1];
    const [seg, json] = [file("cement-seg-DRAFT.dcm"), file(".json")];
    if (!seg || !json) throw new Error(`the zip holds ${Object.keys(zip).join(", ")}`);
    const decoded = readSegmentation(seg, smallSeries(smallVolume().grid));
    if (!decoded.ok) throw new Error(decoded.problem.code);
    const exported = findingsSchema.parse(JSON.parse(strFromU8(json)));
    const { document, masks, missing } = caseFromFindings(exported, [decoded.value], () => "2.25.1");
    expect(missing).toEqual([]);
    expect(document.parts.find(({ partId }) => partId === "P3")).toMatchObject({
      role: "not_cement",
      previous: true,
      reason: "Already on the earlier CT",
      trackingUid: exported.previousCement?.[0].trackingUid,
    });
    expect(masks.get("P3")).toEqual(old);
  });

  it("that the reader says is one, until something else is said", async () => {
    const host = await open();
    pick(host, [40, 16, 11]);
    await press(host, "reject-earlier");
    expect((await findingsOf(host)).previousCement?.map(({ partId }) => partId)).toEqual(["P2", "P3"]);
    pick(host, [40, 16, 11]);
    await press(host, "reject-cortex");
    expect((await findingsOf(host)).previousCement?.map(({ partId }) => partId)).toEqual(["P3"]);
    pick(host, [25, 16, 4]);
    await press(host, "intraosseous");
    const findings = await findingsOf(host);
    expect(findings.previousCement).toBeUndefined();
    expect(findings.lesions[0].cement?.volumeMm3).toBeGreaterThan(1200);
  });
});

describe("the earlier CT", () => {
  it("is named in the findings where it was compared", async () => {
    const host = await open(true);
    expect(host.app.state.get().prior?.context.seriesInstanceUid).toBe("2.25.78");
    expect(documentOf(host).priorStudyUid).toBe("2.25.77");
    expect((await findingsOf(host)).imaging.priorStudyUid).toBe("2.25.77");
    expect((await findingsOf(await open())).imaging.priorStudyUid).toBeUndefined();
  });
});
