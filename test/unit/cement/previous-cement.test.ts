// Cement of an earlier procedure and what else the engine measured: in every export, and counted in none of its sums.
import { describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import { buildFindings } from "#cement/exports/findings";
import { type ExportInput, prepareExport } from "#cement/exports/prepare";
import { reportDocument } from "#cement/exports/report";
import { segmentationExport } from "#cement/exports/segmentation";
import { findingsTable } from "#cement/exports/table";
import { findingsText } from "#cement/exports/text";
import { maskIdOfPart, newCase, type CaseDocument, type Part } from "#cement/model/case-document";
import { findingsSchema, type Findings } from "#cement/model/findings";
import { violationsOf } from "#cement/model/check-findings";
import { parseFindings } from "#cement/model/parse-findings";
import type { ContentItem } from "#core/report-document";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { voxelCount } from "#voxels/mask";
import { boxMask, difference, union } from "#voxels/set-operations";
import { smallSeries, smallHu } from "../dicom/small-series.ts";

const source = smallSeries();
const { grid } = source;
const volume = {
  grid,
  hu: Int16Array.from({ length: grid.columns * grid.rows * grid.slices }, (_, n) =>
    smallHu(
      n % grid.columns,
      Math.floor(n / grid.columns) % grid.rows,
      Math.floor(n / grid.columns / grid.rows),
    ),
  ),
  clippedAtHu: null,
  storableHu: [-1024, 3071] as const,
};
const box = (i0: number, i1: number, k0: number, k1: number) =>
  boxMask(grid, { i0, i1, j0: 5, j1: 15, k0, k1 });
const cast = box(2, 12, 1, 8);
const leak = box(14, 18, 2, 6);
/** Two columns of it lie in the leak. */
const earlier = box(16, 30, 2, 9);

const part = (partId: string, role: Part["role"], more: Partial<Part> = {}): Part => ({
  partId,
  role,
  lesionId: role === "not_cement" ? null : "L1",
  componentId: partId,
  origin: "proposed",
  trackingUid: `2.25.${partId.slice(1)}`,
  leak: null,
  ...more,
});
const document: CaseDocument = {
  ...newCase({ documentId: "d", createdAt: "2025-01-02T10:00:00Z", trackingUid: "2.25.99" }),
  priorStudyUid: "1.2.3.4",
  lesions: [{ lesionId: "L1", bone: "sacrum", side: "left", trackingUid: "2.25.99", injectedVolumeMl: 3 }],
  parts: [
    part("P1", "intraosseous"),
    part("P2", "leak", {
      leak: {
        number: 1,
        site: "anterior_sacral_space",
        route: "cortical_defect",
        side: "left",
        symptom: "not_assessed",
        confidence: "probable",
        maxBeyondCortexMm: 4.2,
        geometry: {
          voxels: voxelCount(leak),
          attached: true,
          neckAreaMm2: 6.5,
          shape: "blob",
          borderUncertaintyMm: 0.9,
          toCanalMm: 3.1,
          toForamenMm: 5.4,
          toPelvicSurfaceMm: 0.2,
          toL5RootEstimatedMm: 14,
          toLumbosacralTrunkEstimatedMm: 12.5,
          canalNarrowingPct: 0,
        },
      },
    }),
    part("P3", "not_cement", { previous: true, reason: "already on the earlier CT" }),
    part("P4", "not_cement", { notMeasurable: "metal", reason: "metal" }),
    // What was decided to be cement after all is none of an earlier procedure.
    part("P5", "intraosseous", { previous: true }),
  ],
};
const { findings, masks } = buildFindings({
  document,
  masks: new Map([
    [maskIdOfPart("P1"), cast],
    [maskIdOfPart("P2"), leak],
    [maskIdOfPart("P3"), earlier],
    [maskIdOfPart("P4"), box(33, 35, 2, 4)],
    [maskIdOfPart("P5"), box(2, 12, 9, 10)],
  ]),
  volume,
  series: source,
  softwareVersion: "test",
  readerName: null,
  readerRole: "",
  createdAt: new Date("2025-01-02T10:15:30Z"),
  estimate: (mask) => ({ mm3: voxelCount(mask), ci95Mm3: [0, 2 * voxelCount(mask)] }),
  sideAt: () => "right",
  verificationLog: [],
});
const uids = (n: number) => ({ sopInstanceUid: `2.25.10${n}`, seriesInstanceUid: `2.25.20${n}` });
const input: ExportInput = {
  findings,
  masks,
  source,
  equipment: {
    manufacturer: "m",
    manufacturerModelName: "m",
    deviceSerialNumber: "0",
    softwareVersions: "test",
  },
  uids: { segmentation: uids(1), report: uids(2), keyObjects: uids(3) },
  createdAt: new Date("2025-01-02T10:15:30Z"),
};
function value<T>(result: { ok: true; value: T } | { ok: false; problem: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}
const prepared = value(prepareExport(input));
const everyItem = (items: readonly ContentItem[]): ContentItem[] =>
  items.flatMap((item) => [item, ...everyItem(item.children ?? [])]);
const report = value(reportDocument(prepared)).content;
const groups = everyItem(report).filter(
  (item) => item.type === "CONTAINER" && item.concept?.value === "125007",
);
const codesOf = (items: readonly ContentItem[]) =>
  everyItem(items).flatMap((item) => (item.type === "CODE" ? [item.code.value] : []));
const numbersOf = (items: readonly ContentItem[], only: RegExp) =>
  Object.fromEntries(
    everyItem(items).flatMap((item) =>
      item.type === "NUM" && only.test(item.concept?.value ?? "") ? [[item.concept?.value, item.value]] : [],
    ),
  );
const voxelMm3 = grid.columnSpacingMm * grid.rowSpacingMm * 1.25;

describe("cement of an earlier procedure", () => {
  it("is a segment of its own after all others, without the voxels that count as this procedure's", () => {
    const rest = difference(earlier, leak);
    const { document: seg, masks: bySegment } = value(segmentationExport(prepared));
    expect(seg.segments.map(({ label }) => label)).toEqual([
      "Lesion L1 intraosseous cement",
      "Leak K1 Presacral space, left",
      "Earlier cement E1, right",
    ]);
    expect(seg.segments[2].propertyTypeModifiers.map((code) => code.value)).toEqual(["CEM-PREVIOUS"]);
    expect(bySegment.get(3)).toEqual(rest);
    const files = value(
      caseFiles(input, {
        encodeSegmentation: writeSegmentation,
        encodeReport: writeReport,
        encodeKeyObjects: writeKeyObjects,
      }),
    );
    const back = value(readSegmentation(files[0].bytes, source));
    expect(back.segments[2].mask).toEqual(rest);
    expect(back.segments[2].description.trackingUid).toBe("2.25.3");
  });

  it("stands in the findings with its reason, and is in no sum", () => {
    expect(findings.previousCement).toMatchObject([
      { previousId: "E1", partId: "P3", side: "right", reason: "already on the earlier CT" },
    ]);
    expect(findings.notCement?.map((one) => one.partId)).toEqual(["P4"]);
    expect(findings.leaks).toHaveLength(1);
    const inBone = voxelCount(union(cast, box(2, 12, 9, 10)));
    expect(findings.lesions[0].cement?.volumeMm3).toBeCloseTo(inBone * voxelMm3, 6);
    expect(findings.massBalance?.foundMl).toBeCloseTo((inBone + voxelCount(leak)) / 1000, 3);
    const share = (100 * voxelCount(leak)) / (inBone + voxelCount(leak));
    expect(findings.leaks[0].leakFractionPct).toBeCloseTo(share, 6);
    expect(violationsOf(prepared.findings).map(({ where }) => where)).not.toContain(
      "previousCement.0.segmentRef.segmentNumber",
    );
    const json = value(parseFindings(JSON.stringify(prepared.findings)));
    expect(json.previousCement?.[0].segmentRef?.segmentNumber).toBe(3);
  });

  it("has a measurement group with its own finding, a row of its own in the table, and a line in the text", () => {
    expect(codesOf([groups[2]])).toContain("CEM-PREVIOUS");
    expect(codesOf([groups[2]])).not.toContain("CEM-LEAK");
    const [head, ...rows] = findingsTable(prepared.findings)
      .trim()
      .split("\r\n")
      .map((line) => line.split(","));
    const cell = (row: string[], name: string) => row[head.indexOf(name)];
    expect(rows.map((row) => ["lesionId", "leakId", "previousId"].map((name) => cell(row, name)))).toEqual([
      ["L1", "K1", ""],
      ["", "", "E1"],
    ]);
    expect(cell(rows[1], "previousVolumeMm3")).toBe(String(prepared.findings.previousCement?.[0].volumeMm3));
    expect(findingsText(prepared.findings, "en")).toContain(
      "Cement of an earlier procedure, not counted: E1, right, ",
    );
    expect(findingsText(prepared.findings, "zh")).toContain("既往手术骨水泥，不计入：E1，右侧，");
  });
});

describe("what the engine measured", () => {
  it("is numbers in the leak's own group of the report, estimated courses called so", () => {
    expect(numbersOf([groups[1]], /^N-(TO|NECK|CANAL|BORDER|BEYOND)/)).toEqual({
      "N-BEYONDCORTEX": 4.2,
      "N-TOCANAL": 3.1,
      "N-TOFORAMEN": 5.4,
      "N-TOPELVIC": 0.2,
      "N-TOL5-EST": 14,
      "N-TOTRUNK-EST": 12.5,
      "N-NECKAREA": 6.5,
      "N-CANALNARROW": 0,
      "N-BORDER": 0.9,
    });
    const remarks = everyItem([groups[1]]).flatMap((item) => (item.type === "TEXT" ? [item.text] : []));
    expect(remarks.filter((text) => text.startsWith("Course estimated"))).toHaveLength(2);
    expect(numbersOf([groups[0], groups[2]], /^N-TO/)).toEqual({});
  });

  it("is in the table and in the text, with the balance and what can't be measured beside metal", () => {
    const [head, row] = findingsTable(prepared.findings)
      .split("\r\n")
      .map((line) => line.split(","));
    const cells = Object.fromEntries(head.map((name, n) => [name, row[n]]));
    expect(cells).toMatchObject({
      toCanalMm: "3.1",
      toForamenMm: "5.4",
      toPelvicSurfaceMm: "0.2",
      toL5RootEstimatedMm: "14",
      toLumbosacralTrunkEstimatedMm: "12.5",
      canalNarrowingPct: "0",
      neckAreaMm2: "6.5",
      borderUncertaintyMm: "0.9",
      priorStudyUid: "1.2.3.4",
      balanceInjectedMl: "3",
      balanceFoundMl: String(findings.massBalance?.foundMl),
    });
    expect(numbersOf(report, /^N-(INJ|FOUND)VOL/)).toMatchObject({
      "N-INJVOL": 3,
      "N-FOUNDVOL": findings.massBalance?.foundMl,
    });
    const text = findingsText(prepared.findings, "en");
    for (const words of [
      "Blob, attached to the cement in bone, neck 6.5 mm²",
      "3.1 mm from the canal, 5.4 mm from the nearest foramen seen, 0.2 mm from the pelvic surface",
      "14.0 mm from the L5 root, 12.5 mm from the lumbosacral trunk (estimated courses",
      "not measurable (metal): places: 1",
      "compared with an earlier CT",
    ])
      expect(text).toContain(words);
    const texts = everyItem(report).flatMap((item) => (item.type === "TEXT" ? [item.text] : []));
    expect(texts.some((one) => /^Part P4, .*not measurable \(metal\)$/.test(one))).toBe(true);
  });

  it("beside metal is a leak with a site and words in place of numbers", () => {
    const [one] = findings.leaks;
    const { volumeMm3: _volume, segmentRef: _segment, ...bare } = one;
    const beside: Findings = { ...findings, leaks: [{ ...bare, notMeasurable: "metal" }] };
    const ready = value(prepareExport({ ...input, findings: beside, masks: { ...masks, leaks: new Map() } }));
    const said = everyItem(value(reportDocument(ready)).content).flatMap((item) =>
      item.type === "TEXT" ? [item.text] : [],
    );
    expect(said).toContain("Leak K1, Presacral space, left: not measurable (metal)");
    expect(findingsTable(ready.findings)).toMatch(/,metal,/);
  });

  it("never says that there is no contact with a nerve", () => {
    expect(findings.leaks[0].geometry?.nerveCourses).toContain("never excludes contact");
    expect(findings.leaks[0].neuralRelation).toBeUndefined();
    expect(codesOf(report)).not.toContain("NR-NONE");
    for (const locale of ["en", "zh"] as const)
      expect(findingsText(prepared.findings, locale)).not.toMatch(
        /no (neural |nerve )?contact|without contact|未累及神经|未与神经接触/i,
      );
    // A proposal has no such field at all: only a reader can answer it.
    expect(findingsSchema.shape.leaks.element.shape.proposal.unwrap().shape).not.toHaveProperty(
      "neuralRelation",
    );
  });
});
