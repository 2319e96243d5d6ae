// The exports of one case agree with each other, say what they must, and are the same bytes every time.
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type CaseFile, caseFiles, caseZip } from "#cement/exports/bundle";
import { exportFileName } from "#cement/exports/file-names";
import { keyObjectDocument, largestSlice } from "#cement/exports/key-objects";
import { type ExportInput, prepareExport } from "#cement/exports/prepare";
import { reportDocument } from "#cement/exports/report";
import { segmentationExport } from "#cement/exports/segmentation";
import { findingsTable } from "#cement/exports/table";
import { findingsText } from "#cement/exports/text";
import type { Findings } from "#cement/model/findings";
import { parseFindings } from "#cement/model/parse-findings";
import type { Result } from "#core/problem";
import type { ContentItem } from "#core/report-document";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { emptyMask, voxelCount } from "#voxels/mask";
import { smallSeries } from "../dicom/small-series.ts";
import { smallCase } from "./small-case.ts";

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}
const filesOf = (input: ExportInput): readonly CaseFile[] => value(caseFiles(input, encoders));
const fileOf = (input: ExportInput, kind: CaseFile["kind"]): CaseFile => {
  const file = filesOf(input).find((entry) => entry.kind === kind);
  if (!file) throw new Error(`no ${kind}`);
  return file;
};
const everyItem = (items: readonly ContentItem[]): ContentItem[] =>
  items.flatMap((item) => [item, ...everyItem(item.children ?? [])]);
const prepared = (input = smallCase()) => value(prepareExport(input));
const treeOf = (input = smallCase()) => everyItem(value(reportDocument(prepared(input))).content);
const codesNamed = (items: readonly ContentItem[], name: string): string[] =>
  items.flatMap((item) => (item.type === "CODE" && item.concept?.value === name ? [item.code.value] : []));

describe("all files of a case", () => {
  it("are eight, named by patient, study date and kind", () => {
    expect(filesOf(smallCase()).map((file) => file.name)).toEqual([
      "PH-0001_20250102_cement-seg.dcm",
      "PH-0001_20250102_cement-sr.dcm",
      "PH-0001_20250102_cement-key-images.dcm",
      "PH-0001_20250102_cement-findings.json",
      "PH-0001_20250102_cement-findings.csv",
      "PH-0001_20250102_cement-patients.csv",
      "PH-0001_20250102_cement-record-fhir.json",
      "PH-0001_20250102_cement-findings.txt",
    ]);
    expect(fileOf(smallCase({ status: "draft" }), "SR").name).toBe("PH-0001_20250102_cement-sr-DRAFT.dcm");
  });

  it("are the same bytes twice, one by one and as a zip, whatever the clock and the time zone", () => {
    const zipOnce = caseZip(smallCase(), filesOf(smallCase()));
    const zone = process.env.TZ;
    process.env.TZ = "Asia/Shanghai";
    const again = filesOf(smallCase());
    const zipAgain = caseZip(smallCase(), again);
    process.env.TZ = zone;
    expect(again).toEqual(filesOf(smallCase()));
    expect(zipAgain.bytes).toEqual(zipOnce.bytes);
    const unzipped = unzipSync(zipOnce.bytes);
    expect(Object.keys(unzipped).toSorted()).toEqual(again.map((file) => file.name).toSorted());
    expect(unzipped["PH-0001_20250102_cement-seg.dcm"]).toEqual(fileOf(smallCase(), "SEG").bytes);
  });

  it("without cement hold no DICOM objects, and say so", () => {
    const input: ExportInput = {
      ...smallCase({ leaks: [], lesions: [] }),
      masks: { cementOfLesion: new Map(), leaks: new Map(), previous: new Map() },
    };
    const result = caseFiles(input, encoders);
    if (!result.ok) throw new Error(result.problem.code);
    expect(result.value.map((file) => file.kind)).toEqual(["JSON", "CSV", "PATIENTS", "FHIR", "TEXT"]);
    expect(result.problems).toMatchObject([{ code: "export/no-cement", severity: "info" }]);
  });

  it("of a CT without frame of reference are the findings alone, naming no DICOM object", () => {
    const source = { ...smallSeries(), frameOfReferenceUid: "" };
    const result = caseFiles({ ...smallCase(), source }, encoders);
    if (!result.ok) throw new Error(result.problem.code);
    expect(result.value.map((file) => file.kind)).toEqual(["JSON", "CSV", "PATIENTS", "FHIR", "TEXT"]);
    expect(result.problems).toMatchObject([{ code: "seg/no-frame-of-reference", severity: "warning" }]);
    const json = value(parseFindings(new TextDecoder().decode(result.value[0].bytes)));
    expect([json.references, json.leaks[0].segmentRef]).toEqual([undefined, undefined]);
  });

  it("wait for left and right to be confirmed", () => {
    const source = { ...smallSeries(), sideNeedsConfirmation: true };
    const input = smallCase({}, source);
    expect(prepareExport(input)).toMatchObject({ ok: false, problem: { code: "export/side-not-confirmed" } });
    const imaging = { ...input.findings.imaging, sideConfirmedByReader: true };
    expect(prepareExport(smallCase({ imaging }, source)).ok).toBe(true);
  });

  it("belong to the CT that is open", () => {
    const other = smallCase({}, smallSeries({ name: "other" }));
    expect(prepareExport({ ...other, source: smallSeries() })).toMatchObject({
      ok: false,
      problem: { code: "export/other-series" },
    });
  });
});

describe("the segmentation", () => {
  it("has the lesions' cement first, then the leaks, with site modifiers, tracking and side", () => {
    const { document } = value(segmentationExport(prepared()));
    expect(document.segments.map((segment) => segment.label)).toEqual([
      "Lesion L1 intraosseous cement",
      "Leak K1 Presacral space, left",
      "Leak K2 Sacral venous plexus, right",
    ]);
    expect(document.segments[1].propertyTypeModifiers.map((code) => code.value)).toEqual([
      "CEM-LEAK",
      "S-PRESACRAL",
    ]);
    expect(document.segments[2].anatomicRegionModifiers.map((code) => code.meaning)).toEqual(["Right"]);
    expect(document.segments[1].trackingUid).toBe(smallCase().findings.leaks[0].trackingUid);
  });

  it("never holds a leak without voxels, and its numbers stay consecutive", () => {
    const input = smallCase();
    const leaks = new Map(input.masks.leaks).set("K1", emptyMask(input.source.grid));
    const ready = prepared({ ...input, masks: { ...input.masks, leaks } });
    expect(ready.segments.map((segment) => segment.number)).toEqual([1, 2]);
    expect(ready.findings.leaks.map((leak) => leak.segmentRef?.segmentNumber)).toEqual([undefined, 2]);
  });

  it("comes back with the voxels that JSON and SR count", () => {
    const input = smallCase();
    const findings = value(parseFindings(new TextDecoder().decode(fileOf(input, "JSON").bytes)));
    const back = value(readSegmentation(fileOf(input, "SEG").bytes, input.source));
    const voxelMm3 = 0.7 * 0.8 * 1.25;
    for (const leak of findings.leaks) {
      const segment = back.segments.find(
        (entry) => entry.description.number === leak.segmentRef?.segmentNumber,
      );
      expect(segment && voxelCount(segment.mask) * voxelMm3).toBeCloseTo(leak.volumeMm3 ?? -1, 3);
      expect(segment?.description.trackingUid).toBe(leak.trackingUid);
    }
    const volumes = treeOf(input).flatMap((item) =>
      item.type === "NUM" && item.concept?.value === "118565006" ? [item.value] : [],
    );
    expect(volumes).toEqual([
      findings.lesions[0].cement?.volumeMm3,
      ...findings.leaks.map((leak) => leak.volumeMm3),
    ]);
  });
});

describe("the report", () => {
  it("is partial while the findings are a draft, complete once they are signed", () => {
    const completion = (status: Findings["status"]) =>
      value(reportDocument(prepared(smallCase({ status })))).completion;
    expect([completion("draft"), completion("final"), completion("amended")]).toEqual([
      "PARTIAL",
      "COMPLETE",
      "COMPLETE",
    ]);
  });

  it("states every answered site of a lesion, absences too", () => {
    const tree = treeOf();
    expect(codesNamed(tree, "S-PUNCTURE")).toEqual(["272519000"]);
    expect(codesNamed(tree, "S-PRESACRAL")).toEqual(["52101004"]);
    expect(codesNamed(tree, "S-SIJ")).toEqual(["373068000"]);
    expect(codesNamed(tree, "D-PULM-EMB")).toEqual(["373068000"]);
    expect(codesNamed(tree, "S-FORAMEN-ANT")).toEqual([]);
  });

  it("says that leakage is absent only when it was answered so", () => {
    const lesion = smallCase().findings.lesions[0];
    const leakage = (answer: "absent" | "not_assessed") =>
      codesNamed(
        everyItem(
          value(reportDocument(prepared(smallCase({ leaks: [], lesions: [{ ...lesion, leakage: answer }] }))))
            .content,
        ),
        "Q-LEAKPRES",
      );
    expect(leakage("absent")).toEqual(["272519000", "272519000"]);
    expect(leakage("not_assessed")).toEqual(["373068000", "373068000"]);
  });

  it("keeps the estimate and its interval apart from the voxel count", () => {
    const numbers = new Map(
      treeOf().flatMap((item) =>
        item.type === "NUM" && item.concept?.value.startsWith("N-VOLEST")
          ? [[item.concept.value, item.value]]
          : [],
      ),
    );
    expect(Object.fromEntries(numbers)).toEqual({
      "N-VOLEST": 512.346,
      "N-VOLEST-LO": 480.1,
      "N-VOLEST-HI": 540.9,
    });
  });

  it("lists every CT slice that holds a segment, and the SEG, as evidence", () => {
    const { evidence } = value(reportDocument(prepared()));
    expect(evidence.map((entry) => entry.instances.length)).toEqual([11, 1]);
  });
});

describe("key images", () => {
  it("are the slices with the largest cross-section of each leak", () => {
    const input = smallCase();
    const { images } = value(keyObjectDocument(prepared(input)));
    const slices = [...input.masks.leaks.values()].map(largestSlice).toSorted((a, b) => a - b);
    expect(images).toEqual(slices.map((k) => input.source.instances[k]));
    // The second leak has three voxels on slice 0 and one on the last.
    expect(slices).toContain(0);
  });
});

/** A plain RFC 4180 reader, apart from the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted) {
      if (c === '"' && text[at + 1] === '"') field += text[++at];
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ",") {
      rows.at(-1)?.push(field);
      field = "";
    } else if (c === "\r" && text[at + 1] === "\n") {
      rows.at(-1)?.push(field);
      rows.push([]);
      field = "";
      at++;
    } else field += c;
  }
  rows.pop();
  return rows;
}

describe("the table", () => {
  const table = (findings: Findings) => {
    const [head, ...rows] = parseCsv(findingsTable(findings));
    return rows.map((row) => {
      expect(row).toHaveLength(head.length);
      return Object.fromEntries(head.map((name, n) => [name, row[n]]));
    });
  };

  it("has a row for each leak with the numbers of the model", () => {
    const { findings } = prepared();
    const rows = table(findings);
    expect(rows.map((row) => [row.leakId, row.siteCode, row.leakVolumeMm3])).toEqual(
      findings.leaks.map((leak, n) => [
        leak.leakId,
        ["S-PRESACRAL", "S-VEIN-SACRAL"][n],
        String(leak.volumeMm3),
      ]),
    );
    expect(rows[0].lesionSacralLevels).toBe("S1 S2");
  });

  it("has a row with empty leak columns for a lesion without leaks, and one for a leak without a lesion", () => {
    const { findings } = prepared();
    const [first, second] = findings.leaks;
    const lesions = [
      ...findings.lesions,
      { ...findings.lesions[0], lesionId: "L2", leakage: "absent" as const },
    ];
    const rows = table({ ...findings, lesions, leaks: [first, { ...second, lesionRef: null }] });
    expect(rows.map((row) => [row.lesionId, row.leakId])).toEqual([
      ["L1", "K1"],
      ["L2", ""],
      ["", "K2"],
    ]);
  });

  it("never lets a comment run as a formula, and leaves negative numbers alone", () => {
    const { findings } = prepared();
    expect(table(findings)[1].comment).toBe('\'=HYPERLINK("http://example.test"), said "again"');
    for (const start of ["=", "+", "-", "@", "\t", "\r"]) {
      const leaks = [{ ...findings.leaks[0], comment: `${start}1+1` }];
      expect(table({ ...findings, leaks })[0].comment).toBe(`'${start}1+1`);
    }
    const leaks = [{ ...findings.leaks[0], huMean: -12.5 }];
    expect(table({ ...findings, leaks })[0].leakHuMean).toBe("-12.5");
  });
});

describe("the text", () => {
  const text = (change: Partial<Findings> = {}, locale: "en" | "zh" = "en") =>
    findingsText(prepared(smallCase(change)).findings, locale);

  it("names side, level, site, size and limits", () => {
    expect(text()).toContain(
      "- K1: Presacral space, left, S1, 0.20 mL, longest extent 12.3 mm, 2.1 mm beyond the cortex",
    );
    expect(text()).toContain("Sacral venous plexus, right, 2.8 mm³");
    expect(text()).toContain("at least 0.46 mL (estimate 0.51 mL");
    expect(text()).toContain("slice thickness 1.25 mm");
    expect(text()).toContain("Not assessable: Sacroiliac joint (metal artefact).");
    expect(text({}, "zh")).toContain("- K1：骶前间隙，左侧，S1，0.20 mL");
  });

  it("is marked as a draft until it is signed, and never for diagnosis", () => {
    for (const locale of ["en", "zh"] as const) {
      expect(text({ status: "draft" }, locale).match(/DRAFT/g)).toHaveLength(2);
      expect(text({}, locale)).not.toContain("DRAFT");
    }
    expect(text()).toContain("Signed by: READER^ONE, 2025-01-02");
    expect(text()).toContain("Not for diagnosis");
    expect(text({}, "zh")).toContain("不用于诊断");
  });

  it("states a leak-free lesion", () => {
    const lesion = { ...smallCase().findings.lesions[0], leakage: "absent" as const };
    expect(text({ leaks: [], lesions: [lesion] })).toContain("Leakage: none found.");
  });
});

describe("file names", () => {
  it("hold only characters that every file system takes", () => {
    const named = (patientId: string, studyDate = "20250102") => {
      const source = smallSeries();
      return exportFileName(
        { ...source, patient: { ...source.patient, patientId }, study: { ...source.study, studyDate } },
        "cement-seg",
        "dcm",
        false,
      );
    };
    expect(named("../../etc/passwd")).toBe("etc-passwd_20250102_cement-seg.dcm");
    expect(named("病人 7/3:*?")).toBe("7-3_20250102_cement-seg.dcm");
    expect(named("", "")).toBe("patient_undated_cement-seg.dcm");
    expect(named("x".repeat(64)).length).toBeLessThan(90);
  });
});
