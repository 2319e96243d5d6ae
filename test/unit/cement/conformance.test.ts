// CONFORMANCE.md says of each object every attribute and code that is written, and none that is not.
import { readFileSync } from "node:fs";
import { type DataSet, parseDicom } from "dicom-parser";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import { moreFiles } from "#cement/exports/more-files";
import type { ExportInput } from "#cement/exports/prepare";
import * as privateTables from "#cement/model/codes";
import type { CodedConcept } from "#core/coded-concept";
import { STANDARD_CODES, VERTEBRA_CODES } from "#core/standard-codes";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSecondaryCapture } from "#dicom/write-secondary-capture";
import { writeSegmentation } from "#dicom/write-segmentation";
import { enhancedCt } from "../dicom/enhanced-ct.ts";
import { smallSeries } from "../dicom/small-series.ts";
import { measuredCase, smallCase } from "./small-case.ts";

const text = readFileSync(
  join(import.meta.dirname, "../../../plugins/cement-leakage/exports/CONFORMANCE.md"),
  "utf8",
);
/** Rows of the first table below a heading, as cells. */
function tableOf(heading: string): string[][] {
  const start = text.indexOf(`\n## ${heading}\n`);
  const end = text.indexOf("\n## ", start + 4);
  const rows = text
    .slice(start, end < 0 ? undefined : end)
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}
const tagsOf = (heading: string): Set<string> => new Set(tableOf(heading).map(([tag]) => tag));

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};
type Kind = "SEG" | "SR" | "KOS" | "PICTURES";
const written = new Map<Kind, Set<string>>();
const codes = new Map<string, string>();

/** Every attribute of a data set and below it, "(gggg,eeee)", and every code. Group 2 is the file's, not the object's. */
function walk(dataSet: DataSet, into: Set<string>): void {
  for (const [name, element] of Object.entries(dataSet.elements)) {
    if (name.startsWith("x0002")) continue;
    into.add(`(${name.slice(1, 5)},${name.slice(5)})`.toUpperCase());
    for (const { dataSet: child } of element.items ?? []) if (child) walk(child, into);
  }
  const value = dataSet.string("x00080100");
  if (value) codes.set(`${value} ${dataSet.string("x00080102")}`, dataSet.string("x00080104") ?? "");
}

function take(input: ExportInput): void {
  const files = caseFiles(input, encoders);
  if (!files.ok) throw new Error(files.problem.code);
  const { grid } = input.source;
  const hu = new Int16Array(grid.columns * grid.rows * grid.slices);
  const withPictures = {
    ...input,
    uids: {
      ...input.uids,
      pictures: { seriesInstanceUid: "2.25.7", sopInstanceUids: ["2.25.71", "2.25.72"] },
    },
  };
  const volume = { grid, hu, storableHu: [-1024, 3071] as const, clippedAtHu: null };
  const pictures = moreFiles("PICTURES", withPictures, volume, writeSecondaryCapture);
  if (!pictures.ok) throw new Error(pictures.problem.code);
  for (const { kind, bytes } of [...files.value, ...pictures.value]) {
    if (kind !== "SEG" && kind !== "SR" && kind !== "KOS" && kind !== "PICTURES") continue;
    const tags = written.get(kind) ?? new Set<string>();
    walk(parseDicom(bytes), tags);
    written.set(kind, tags);
  }
}

beforeAll(async () => {
  const { series } = await readFiles([memoryFile("ct", enhancedCt(smallSeries()))]);
  const multiFrame = series[0].stack?.context;
  if (!multiFrame) throw new Error("the multi-frame CT did not open");
  const predecessor = {
    studyInstanceUid: "2.25.1",
    seriesInstanceUid: "2.25.2",
    instances: [{ sopClassUid: "1.2.840.10008.5.1.4.1.1.88.34", sopInstanceUid: "2.25.3" }],
  };
  take(measuredCase());
  take({ ...smallCase({ status: "amended" }), predecessor, segmentationForm: "LABELMAP" });
  take(smallCase({}, multiFrame));
  take(smallCase({ status: "draft", readers: [] }));
});

describe("CONFORMANCE.md", () => {
  it.each([
    ["SEG", "Segmentation"],
    ["SR", "Report"],
    ["KOS", "Key objects"],
    ["PICTURES", "Pictures (Secondary Capture)"],
  ] as const)("names the attributes of %s, each and no other", (kind, heading) => {
    const common = tagsOf("Of every object");
    const own = tagsOf(heading);
    const found = written.get(kind) ?? new Set<string>();
    expect(own.size).toBeGreaterThan(10);
    expect([...found].filter((tag) => !common.has(tag) && !own.has(tag))).toEqual([]);
    expect([...own].filter((tag) => !found.has(tag))).toEqual([]);
  });

  it("names what all of them have, and nothing that only some have", () => {
    const sets = [...written.values()];
    // A key object selection refers to whole instances unless the CT has several frames in one.
    for (const tag of tagsOf("Of every object"))
      expect([tag, sets.filter((tags) => tags.has(tag)).length]).toEqual([tag, sets.length]);
  });

  it("has every code that is written, with its meaning", () => {
    const rows = [...tableOf("Codes: standard"), ...tableOf("Codes: private, scheme 99BCLT")];
    const known = new Map(rows.map(([value, scheme, meaning]) => [`${value} ${scheme}`, meaning]));
    expect(codes.size).toBeGreaterThan(80);
    for (const [code, meaning] of codes) expect([code, known.get(code)]).toEqual([code, meaning]);
  });

  it("has the codes of the program with their sources, and the whole private scheme", () => {
    const standard = new Map(
      [...Object.values(STANDARD_CODES), ...Object.values(VERTEBRA_CODES)].map((code) => [code.value, code]),
    );
    for (const [value, scheme, meaning, source] of tableOf("Codes: standard"))
      expect(standard.get(value)).toMatchObject({ scheme, meaning, source });
    const isCode = (one: unknown): one is CodedConcept =>
      typeof one === "object" && one !== null && "meaning" in one;
    const own = Object.values(privateTables)
      .flatMap((table): unknown[] => (isCode(table) ? [table] : Object.values(table)))
      .filter(isCode);
    const listed = tableOf("Codes: private, scheme 99BCLT").map(
      ([value, scheme, meaning]) => `${value} ${scheme} ${meaning}`,
    );
    const expected = own.map(({ value, scheme, meaning }) => `${value} ${scheme} ${meaning}`);
    expect(new Set(listed)).toEqual(new Set(expected));
    const reserved = tableOf("Codes: private, scheme 99BCLT").filter(([, , , source]) =>
      source.startsWith("reserved"),
    );
    for (const [value] of reserved) expect(codes.has(`${value} 99BCLT`)).toBe(false);
  });
});
