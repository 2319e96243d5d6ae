// One case in every form: volumes, units, codes and identifiers are the same in JSON, CSV, SR, FHIR and text, to the digit.
import { describe, expect, it } from "vitest";
import { caseFiles, type CaseFile } from "#cement/exports/bundle";
import type { ExportInput } from "#cement/exports/prepare";
import { siteOf } from "#cement/model/sites";
import { findingsSchema, type Measures } from "#cement/model/findings";
import { volumeText } from "#cement/model/measures";
import type { ContentItem } from "#core/report-document";
import { readReport } from "#dicom/read-report";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { smallSeries } from "../dicom/small-series.ts";
import { bundleSchema, type R5Observation } from "./fhir-r5-schema.ts";
import { measuredCase, smallCase } from "./small-case.ts";

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};

/** What a form says of one measured thing, by its tracking UID: numbers by concept (and derivation), with their units. */
type Said = Readonly<Record<string, string>>;
const UNITS: Readonly<Record<string, string>> = {
  "112031": "[hnsf'U]",
  L0JK: "mm",
  "N-THRESHOLD": "[hnsf'U]",
};
const unitOf = (name: string) => UNITS[name.split(" ")[0]] ?? "mm3";

function saidByFindings(measures: Measures): Said {
  const all: Readonly<Record<string, number | undefined>> = {
    "118565006": measures.volumeMm3,
    "N-VOLEST": measures.volumeEstimateMm3,
    "N-VOLEST-LO": measures.volumeCi95Mm3?.[0],
    "N-VOLEST-HI": measures.volumeCi95Mm3?.[1],
    "112031 373098007": measures.huMean,
    "112031 56851009": measures.huMax,
    "112031 386136009": measures.huSd,
    L0JK: measures.max3dDiameterMm,
    "N-THRESHOLD": measures.thresholdHu,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, `${value} ${unitOf(name)}`]],
    ),
  );
}

const measuredConcepts = new Set([
  "118565006",
  "N-VOLEST",
  "N-VOLEST-LO",
  "N-VOLEST-HI",
  "112031",
  "L0JK",
  "N-THRESHOLD",
]);

function saidByGroup({ children = [] }: ContentItem): Said {
  return Object.fromEntries(
    children.flatMap((item) => {
      if (item.type !== "NUM" || !measuredConcepts.has(item.concept?.value ?? "")) return [];
      const derivation = item.children?.find(
        (child) => child.type === "CODE" && child.concept?.value === "121401",
      );
      const name = [item.concept?.value, derivation?.type === "CODE" ? derivation.code.value : ""]
        .join(" ")
        .trim();
      return [[name, `${item.value} ${item.unit.value}`]];
    }),
  );
}

function saidByFhir(text: string): Map<string, Said> {
  const bundle = bundleSchema.parse(JSON.parse(text));
  const byUrl = new Map((bundle.entry ?? []).map(({ fullUrl, resource }) => [fullUrl, resource]));
  const said = new Map<string, Said>();
  for (const { resource } of bundle.entry ?? []) {
    if (resource.resourceType !== "Observation" || !resource.derivedFrom || !resource.hasMember) continue;
    const body = byUrl.get(resource.bodyStructure?.reference ?? "");
    const uid =
      body?.resourceType === "BodyStructure" ? body.identifier?.[1].value?.replace("urn:oid:", "") : "";
    const members = resource.hasMember
      .map(({ reference = "" }) => byUrl.get(reference))
      .filter((one): one is R5Observation => one?.resourceType === "Observation");
    said.set(
      uid ?? "",
      Object.fromEntries(
        members.flatMap(({ code, valueQuantity, component }) => {
          const value = code.coding?.[0].code ?? "";
          if (!valueQuantity || !measuredConcepts.has(value)) return [];
          const name = [value, component?.[0].valueCodeableConcept?.coding?.[0].code]
            .filter(Boolean)
            .join(" ");
          return [[name, `${valueQuantity.value} ${valueQuantity.code}`]];
        }),
      ),
    );
  }
  return said;
}

const rowsOf = (csv: string): Record<string, string>[] => {
  // No quoted line breaks in this case: a plain reader will do.
  const cells = (line: string) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell);
  const [head, ...rows] = csv.trim().split("\r\n").map(cells);
  return rows.map((row) => Object.fromEntries(head.map((name, n) => [name, row[n]])));
};

const inputs: Readonly<Record<string, ExportInput>> = {
  "all that is measured": measuredCase(),
  "a label map, tilted": { ...smallCase({}, smallSeries({ shearMm: 0.31 })), segmentationForm: "LABELMAP" },
};

describe.each(Object.entries(inputs))("the forms of one case agree: %s", (_, input) => {
  const files = caseFiles(input, encoders);
  if (!files.ok) throw new Error(files.problem.code);
  const bytesOf = (kind: CaseFile["kind"]) =>
    files.value.find((file) => file.kind === kind)?.bytes ?? new Uint8Array();
  const textOf = (kind: CaseFile["kind"]) => new TextDecoder().decode(bytesOf(kind));
  const findings = findingsSchema.parse(JSON.parse(textOf("JSON")));
  const things = [
    ...findings.lesions.flatMap(({ cement }) => cement ?? []),
    ...findings.leaks.filter(({ notMeasurable }) => !notMeasurable),
    ...(findings.previousCement ?? []),
  ];
  const report = readReport(bytesOf("SR"));
  if (!report.ok) throw new Error(report.problem.code);
  const groups = (
    report.value.content.find(({ concept }) => concept?.value === "126010")?.children ?? []
  ).map((group) => ({
    group,
    uid: group.children?.find((item) => item.type === "UIDREF" && item.concept?.value === "112040"),
  }));

  it("SR and FHIR have every number of the JSON, with its unit, under the same tracking UID", () => {
    const fhir = saidByFhir(textOf("FHIR"));
    expect(things.length).toBeGreaterThan(2);
    for (const thing of things) {
      const expected = saidByFindings(thing);
      const found = groups.find(({ uid }) => uid?.type === "UIDREF" && uid.uid === thing.trackingUid);
      expect(found && saidByGroup(found.group)).toEqual(expected);
      expect(fhir.get(thing.trackingUid ?? "")).toEqual(expected);
    }
  });

  it("CSV has the numbers, segment numbers, UIDs and site codes of the JSON", () => {
    const rows = rowsOf(textOf("CSV"));
    for (const leak of findings.leaks) {
      const row = rows.find(({ leakId }) => leakId === leak.leakId);
      expect(row).toMatchObject({
        siteCode: siteOf(leak.site).code,
        leakSegmentNumber: String(leak.segmentRef?.segmentNumber ?? ""),
        leakTrackingUid: leak.trackingUid ?? "",
        leakVolumeMm3: String(leak.volumeMm3 ?? ""),
        leakHuMean: String(leak.huMean ?? ""),
        leakMax3dDiameterMm: String(leak.max3dDiameterMm ?? ""),
      });
    }
    const [patient] = rowsOf(textOf("PATIENTS"));
    const total = findings.leaks.reduce((sum, leak) => sum + (leak.volumeMm3 ?? 0), 0);
    expect(Number(patient.leakVolumeMm3)).toBeCloseTo(total, 6);
    expect([patient.leaks, patient.leakage]).toEqual([String(findings.leaks.length), "present"]);
    expect(patient.site_puncture_path).toBe(
      findings.leaks.some(({ site }) => site === "puncture_path") ? "present" : "absent",
    );
    expect(patient.site_sacroiliac_joint).toBe("not_assessable");
    expect(patient.site_pulmonary_cement_embolism).toBe("not_assessed");
    expect(patient.site_foramen_anterior ?? "").toBe("");
  });

  it("the text names each leak with its site and the same volume, rounded once", () => {
    for (const leak of findings.leaks) {
      const line = textOf("TEXT")
        .split("\n")
        .find((one) => one.startsWith(`- ${leak.leakId}:`));
      expect(line).toContain(siteOf(leak.site).name.en);
      if (leak.volumeMm3 !== undefined) expect(line).toContain(volumeText(leak.volumeMm3));
    }
  });

  it("SEG, JSON, SR and FHIR name the same instances, segments and codes", () => {
    const seg = readSegmentation(bytesOf("SEG"), input.source);
    if (!seg.ok) throw new Error(seg.problem.code);
    expect(seg.value.sopInstanceUid).toBe(findings.references?.segSopInstanceUid);
    expect(report.value.sopInstanceUid).toBe(findings.references?.srSopInstanceUid);
    const bundle = textOf("FHIR");
    for (const uid of Object.values(findings.references ?? {})) expect(bundle).toContain(uid);
    for (const leak of findings.leaks) {
      const number = leak.segmentRef?.segmentNumber;
      const segment = seg.value.segments.find(({ description }) => description.number === number);
      if (number === undefined) continue;
      expect(segment?.description.trackingUid).toBe(leak.trackingUid);
      expect(segment?.description.propertyTypeModifiers.map(({ value }) => value)).toEqual([
        "CEM-LEAK",
        siteOf(leak.site).code,
      ]);
      const { group } = groups[number - 1];
      const coded = (value: string) =>
        group.children?.flatMap((item) =>
          item.type === "CODE" && item.concept?.value === value ? [item.code.value] : [],
        );
      expect(coded("Q-SITE")).toEqual([siteOf(leak.site).code]);
      expect(
        group.children?.flatMap((item) =>
          item.type === "IMAGE" ? [item.reference.sopClassUid, item.segmentNumber] : [],
        ),
      ).toEqual([
        input.segmentationForm === "LABELMAP"
          ? "1.2.840.10008.5.1.4.1.1.66.7"
          : "1.2.840.10008.5.1.4.1.1.66.4",
        number,
      ]);
    }
  });

  it("each form says that it is not for diagnosis", () => {
    for (const kind of ["JSON", "CSV", "PATIENTS", "FHIR", "TEXT"] as const)
      expect([kind, /not for diagnosis/i.test(textOf(kind))]).toEqual([kind, true]);
    for (const kind of ["SEG", "SR", "KOS"] as const)
      expect([kind, new TextDecoder("latin1").decode(bytesOf(kind)).includes("not for diagnosis")]).toEqual([
        kind,
        true,
      ]);
  });
});
