// A report that is written and read again has the same tree; reports of others are read or refused.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareExport } from "#cement/exports/prepare";
import { reportDocument } from "#cement/exports/report";
import type { ContentItem, ReportDocument } from "#core/report-document";
import { STANDARD_CODES } from "#core/standard-codes";
import { readReport } from "#dicom/read-report";
import { numericValue, writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { smallCase } from "../cement/small-case.ts";
import { asymmetricMasks, numbered, smallSeries, testSegmentation } from "./small-series.ts";

function documentOf(): ReportDocument {
  const prepared = prepareExport(smallCase());
  if (!prepared.ok) throw new Error(prepared.problem.code);
  const document = reportDocument(prepared.value);
  if (!document.ok) throw new Error(document.problem.code);
  return document.value;
}

/** As JSON, without the sources that our own codes name and no file keeps, and without empty lists of children. */
const plain = (items: readonly ContentItem[]): unknown =>
  JSON.parse(
    JSON.stringify(items, (key, value: unknown) =>
      key === "source" || (key === "children" && Array.isArray(value) && value.length === 0)
        ? undefined
        : value,
    ),
  );

describe("a report", () => {
  it("comes back with the same tree, evidence and flags, and is written again to the same bytes", () => {
    const document = documentOf();
    const bytes = writeReport(document);
    const back = readReport(bytes);
    if (!back.ok) throw new Error(back.problem.code);
    expect(back.problems).toEqual([]);
    expect(plain(back.value.content)).toEqual(plain(document.content));
    expect(back.value.evidence).toEqual(document.evidence);
    expect(back.value).toMatchObject({ completion: "COMPLETE", verified: false, templateId: "1500" });
    expect(writeReport({ ...document, content: back.value.content })).toEqual(bytes);
  });

  it("names its predecessor when it amends one", () => {
    const document = documentOf();
    const predecessor = {
      studyInstanceUid: document.source.study.studyInstanceUid,
      seriesInstanceUid: "2.25.11",
      instances: [{ sopClassUid: "1.2.840.10008.5.1.4.1.1.88.34", sopInstanceUid: "2.25.12" }],
    };
    const back = readReport(writeReport({ ...document, predecessors: [predecessor] }));
    expect(back.ok && back.value.predecessors).toEqual([predecessor]);
  });

  it("refuses an image that its evidence does not list", () => {
    const document = documentOf();
    const stray: ContentItem = {
      relationship: "CONTAINS",
      type: "IMAGE",
      concept: STANDARD_CODES.referencedSegment,
      reference: { sopClassUid: "1.2", sopInstanceUid: "2.25.99" },
    };
    const container: ContentItem = {
      relationship: "CONTAINS",
      type: "CONTAINER",
      concept: STANDARD_CODES.measurementGroup,
      children: [stray],
    };
    expect(() => writeReport({ ...document, content: [container] })).toThrow("sr/no-evidence");
  });
});

describe("a number", () => {
  it("has the stated decimals and at most 16 characters", () => {
    expect(numericValue(19.1, 3)).toBe("19.100");
    expect(numericValue(-0.0001, 1)).toBe("0.0");
    expect(numericValue(123456789012.3456, 4)).toBe("123456789012.346");
    expect(numericValue(1e15, 3)).toBe("1000000000000000");
    expect(() => numericValue(1e17, 0)).toThrow("sr/number");
    expect(() => numericValue(Number.NaN, 0)).toThrow("sr/number");
  });
});

describe("what is no report", () => {
  it("is refused: a segmentation, text, a cut-off file", () => {
    const source = smallSeries();
    const seg = writeSegmentation(testSegmentation(source), numbered(asymmetricMasks(source.grid)));
    expect(readReport(seg)).toMatchObject({ ok: false, problem: { code: "sr/not-a-report" } });
    expect(readReport(new TextEncoder().encode("text"))).toMatchObject({
      ok: false,
      problem: { code: "read/not-dicom" },
    });
    expect(readReport(writeReport(documentOf()).slice(0, 3001)).ok).toBe(false);
  });
});

const REFERENCE = join(import.meta.dirname, "../../../../shared/data/seg-sr-reference");

describe.skipIf(!existsSync(REFERENCE))("reports by dcmqi and highdicom", () => {
  const read = (path: string) => {
    const result = readReport(new Uint8Array(readFileSync(join(REFERENCE, path))));
    if (!result.ok) throw new Error(result.problem.code);
    return result;
  };
  const items = (content: readonly ContentItem[]): ContentItem[] =>
    content.flatMap((item) => [item, ...items(item.children ?? [])]);

  it("give their measurements with units, and say what was left out", () => {
    for (const path of [
      "dcmqi/sr-example/sr.dcm",
      "highdicom/sr_document.dcm",
      "highdicom/sr_document_with_multiple_groups.dcm",
    ]) {
      const { value, problems } = read(path);
      const numbers = items(value.content).filter((item) => item.type === "NUM");
      expect([path, value.templateId, numbers.length > 0]).toEqual([path, "1500", true]);
      expect(problems.every((warning) => warning.code === "sr/not-understood")).toBe(true);
    }
  });
});
