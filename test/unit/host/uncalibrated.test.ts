// A CT without HU and one with contrast, read and exported: no export holds HU of the one, every one names the contrast of the other.
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import { boxMask } from "#voxels/set-operations";
import type { ProposeOptions } from "../../../plugins/cement-leakage/engine/proposal.ts";
import { relativeText } from "../../../plugins/cement-leakage/engine/uncalibrated.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless } from "./headless.ts";
import { madeCandidate, madeProposal } from "./made-proposal.ts";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";
import { documentOf } from "./written-case.ts";

const ID = plugin.manifest.id;
const box = (i0: number, i1: number, k0: number, k1: number) =>
  boxMask(SIZE, { i0, i1, j0: 12, j1: 20, k0, k1 });
const proposal = madeProposal(box(6, 16, 6, 18), [madeCandidate(box(38, 42, 10, 13), 0.8)]);

async function exported(
  volume: CtVolume,
  change: Partial<SeriesContext>,
  found: typeof proposal = proposal,
): Promise<{
  file: (end: string) => string;
  zip: Readonly<Record<string, Uint8Array>>;
  asked: ProposeOptions;
}> {
  let asked: ProposeOptions = {};
  const host = headless([plugin], {
    [`${ID}/propose`]: async (input: ProposeOptions) => {
      asked = input;
      return found;
    },
  });
  await host.open(volume, { ...smallSeries(volume.grid), ...change });
  const { commands, exporters } = host.app.plugins[0].implementation;
  await commands[`${ID}/propose`].run();
  await commands[`${ID}/accept`].run();
  const zip = unzipSync((await exporters[`${ID}/export-all`].run())[0].bytes);
  const file = (end: string): string => {
    const bytes = Object.entries(zip).find(([name]) => name.endsWith(end))?.[1];
    if (!bytes) throw new Error(`the zip holds ${Object.keys(zip).join(", ")}`);
    return strFromU8(bytes, end.endsWith(".dcm"));
  };
  return { file, zip, asked };
}

/** UCUM's code of HU, as the SR writes it. */
const HU_UNIT = "[hnsf'U]";

describe("exports of a CT without HU", () => {
  const relative = { because: "cone-beam-object", air: 180, tissue: 1050 } as const;

  it("hold volumes by voxel count and millimetres, and no HU, threshold, estimate or balance", async () => {
    const { file } = await exported({ ...smallVolume(), relative }, {});
    const findings = findingsSchema.parse(JSON.parse(file("findings-DRAFT.json")));
    expect(findings.imaging).toMatchObject({
      huCalibrated: false,
      huWithheld: "no HU: cone beam object",
    });
    expect(findings.imaging.huClipped).toBeUndefined();
    const [leak] = findings.leaks;
    expect(leak.volumeMm3).toBe(96);
    expect(leak.max3dDiameterMm).toBeGreaterThan(5);
    for (const thing of [leak, findings.lesions[0].cement ?? {}])
      expect(
        Object.keys(thing).filter((key) => /^hu|threshold|volumeEstimate|volumeCi95/i.test(key)),
      ).toEqual([]);
    expect(findings.massBalance).toBeUndefined();
    expect(file("cement-sr-DRAFT.dcm")).not.toContain(HU_UNIT);
    expect(file("cement-sr-DRAFT.dcm")).toContain("NOT CALIBRATED: no HU in this scan");
    expect(file("findings-DRAFT.txt")).toMatch(/NOT CALIBRATED: no HU/);
    expect(file("findings-DRAFT.txt")).not.toMatch(/\d HU/);
    for (const [end, name] of [
      ["fhir-DRAFT.json", "FHIR"],
      ["report-DRAFT.html", "the page"],
      ["patients-DRAFT.csv", "the table of patients"],
    ])
      expect({ name, hu: file(end).match(/.{0,30}(\d HU\b|hnsf).{0,10}/)?.[0] }).toEqual({ name });
    expect(file("report-DRAFT.html")).toContain("NOT CALIBRATED");
    const [head, ...rows] = file("findings-DRAFT.csv").trimEnd().split("\r\n");
    const cell = (row: string, name: string) => row.split(",")[head.split(",").indexOf(name)];
    expect(rows.map((row) => cell(row, "huCalibrated"))).toEqual(["false"]);
    for (const name of ["leakHuMean", "leakHuMax", "leakThresholdHu", "leakVolumeEstimateMm3"])
      expect(cell(rows[0], name)).toBe("");
  });

  it("are read back with the floor that a draft goes on from", async () => {
    const volume = { ...smallVolume(), relative };
    const { zip } = await exported(volume, {});
    const again = headless([plugin]);
    await again.open(volume, smallSeries(volume.grid));
    const files = Object.entries(zip).flatMap(([path, bytes]) => {
      const kind = path.endsWith("seg-DRAFT.dcm")
        ? "SEG"
        : path.endsWith("findings-DRAFT.json")
          ? "JSON"
          : null;
      return kind ? [{ path, kind, bytes } as const] : [];
    });
    expect(files.map(({ kind }) => kind).sort()).toEqual(["JSON", "SEG"]);
    const read = await again.app.plugins[0].implementation.importers[`${ID}/import`].run(files);
    if (!read.ok) throw new Error(read.problem.code);
    expect(proposal.floorHu).toBeGreaterThan(0);
    expect(documentOf(again)).toMatchObject({
      floorHu: proposal.floorHu,
      proposedFloorHu: proposal.floorHu,
      status: "draft",
    });
  });

  it("are not those of a CT with HU", async () => {
    const { file } = await exported(smallVolume(), {});
    const findings = findingsSchema.parse(JSON.parse(file("findings-DRAFT.json")));
    expect(findings.imaging.huCalibrated).toBeUndefined();
    expect(findings.leaks[0].huMean).toBeDefined();
    expect(file("cement-sr-DRAFT.dcm")).toContain(HU_UNIT);
    expect(file("findings-DRAFT.txt")).not.toContain("NOT CALIBRATED");
  });

  it("name relative values as such in the engine's sentences", () => {
    expect(
      relativeText({ en: "less dense than it (812 of 1500 HU), up to 900 HU", zh: "812 / 1500 HU" }),
    ).toEqual({
      en: "less dense than it (relative value 812 of 1500), up to relative value 900",
      zh: "相对值 812 / 1500",
    });
  });
});

describe("exports of a CT with contrast", () => {
  it("name the agent and the vessel's HU, which the engine was asked with", async () => {
    const found = {
      ...proposal,
      contrast: {
        agent: "IOMEPROL",
        vessel: { hu: 322, diameterMm: 11, centreMm: [1, 2, 3] as const },
      },
    };
    const { file, asked } = await exported(smallVolume(), { contrastAgent: "IOMEPROL" }, found);
    expect(asked.contrastAgent).toBe("IOMEPROL");
    const findings = findingsSchema.parse(JSON.parse(file("findings-DRAFT.json")));
    expect(findings.imaging).toMatchObject({
      contrast: true,
      contrastAgent: "IOMEPROL",
      vesselHu: 322,
    });
    expect(file("findings-DRAFT.txt")).toMatch(/contrast given \(IOMEPROL\), a vessel of 322 HU/);
    expect(file("cement-sr-DRAFT.dcm")).toContain("contrast given (IOMEPROL), a vessel of 322 HU");
    const [head, row] = file("findings-DRAFT.csv").split("\r\n");
    expect(row.split(",")[head.split(",").indexOf("vesselHu")]).toBe("322");
  });
});
