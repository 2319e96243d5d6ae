// The FHIR bundle keeps R5's cardinalities, refers to nothing that is not in it, and says what the report says.
import { describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import type { ExportInput } from "#cement/exports/prepare";
import type { Findings } from "#cement/model/findings";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { smallSeries } from "../dicom/small-series.ts";
import {
  bundleSchema,
  referencesIn,
  type R5Bundle,
  type R5Observation,
  type R5Resource,
} from "./fhir-r5-schema.ts";
import { measuredCase, smallCase } from "./small-case.ts";

const encoders = {
  encodeSegmentation: writeSegmentation,
  encodeReport: writeReport,
  encodeKeyObjects: writeKeyObjects,
};

function bundleOf(input: ExportInput): R5Bundle {
  const files = caseFiles(input, encoders);
  if (!files.ok) throw new Error(files.problem.code);
  const file = files.value.find(({ kind }) => kind === "FHIR");
  return bundleSchema.parse(JSON.parse(new TextDecoder().decode(file?.bytes)));
}
const resourcesOf = (bundle: R5Bundle): R5Resource[] => (bundle.entry ?? []).map(({ resource }) => resource);
const observationsOf = (bundle: R5Bundle): R5Observation[] =>
  resourcesOf(bundle).filter((one): one is R5Observation => one.resourceType === "Observation");
const codeOf = (concept: R5Observation["code"] | undefined) => concept?.coding?.[0].code;

const without: Partial<Findings> = { leaks: [] };
const cases: Readonly<Record<string, ExportInput>> = {
  "finished, three segments": smallCase(),
  "with all that is measured": measuredCase(),
  "a draft without a reader": smallCase({ status: "draft", readers: [] }),
  amended: smallCase({ status: "amended", supersedes: "earlier" }),
  "without leaks": { ...smallCase(without), masks: { ...smallCase().masks, leaks: new Map() } },
  "without cement": {
    ...smallCase({ leaks: [] }),
    masks: { cementOfLesion: new Map(), leaks: new Map(), previous: new Map() },
  },
  "of a CT without frame of reference": {
    ...smallCase(),
    source: { ...smallSeries(), frameOfReferenceUid: "" },
  },
  "of a patient of several scripts": smallCase({}, smallSeries({ patientName: "ZHANG^SAN^^DR=张^三" })),
  "as label map": { ...smallCase(), segmentationForm: "LABELMAP" },
};

describe("the FHIR bundle", () => {
  it.each(Object.entries(cases))(
    "keeps R5's cardinalities, and each reference leads somewhere: %s",
    (_, input) => {
      const bundle = bundleOf(input);
      const known = new Set((bundle.entry ?? []).map(({ fullUrl }) => fullUrl));
      expect(referencesIn(bundle).filter((one) => !known.has(one))).toEqual([]);
      for (const { fullUrl, resource } of bundle.entry ?? []) {
        expect(fullUrl).toBe(`urn:uuid:${resource.id}`);
        expect(resource.meta.tag?.[0].display).toBe("not for diagnosis");
      }
      const kinds = resourcesOf(bundle).map(({ resourceType }) => resourceType);
      for (const once of ["Patient", "ImagingStudy", "DiagnosticReport"])
        expect([once, kinds.filter((kind) => kind === once).length]).toEqual([once, 1]);
    },
  );

  it("is what the guide maps: a group's segment, site, tracking, algorithm, numbers and answers", () => {
    const input = smallCase();
    const bundle = bundleOf(input);
    const groups = observationsOf(bundle).filter(({ category }) => codeOf(category?.[0]) === "125007");
    expect(groups.map((group) => codeOf(group.valueCodeableConcept))).toEqual([
      "CEM-INTRA",
      "CEM-LEAK",
      "CEM-LEAK",
    ]);
    const byUrl = new Map((bundle.entry ?? []).map(({ fullUrl, resource }) => [fullUrl, resource]));
    const leak = groups[1];
    const body = byUrl.get(leak.bodyStructure?.reference ?? "");
    if (body?.resourceType !== "BodyStructure") throw new Error("no body structure");
    expect(body.identifier?.[1].value).toBe(`urn:oid:${input.findings.leaks[0].trackingUid}`);
    expect(codeOf(body.includedStructure[0].laterality)).toBe("7771000");
    const segment = byUrl.get(leak.derivedFrom?.[0].reference ?? "");
    if (segment?.resourceType !== "ImagingSelection") throw new Error("no selection");
    expect(segment.instance?.[0]).toMatchObject({
      uid: input.uids.segmentation.sopInstanceUid,
      sopClass: { code: "1.2.840.10008.5.1.4.1.1.66.4" },
      subset: ["2"],
    });
    const members = (leak.hasMember ?? []).map(({ reference = "" }) => byUrl.get(reference));
    const answers = members.filter((one): one is R5Observation => one?.resourceType === "Observation");
    expect(
      answers.map((one) => [codeOf(one.code), codeOf(one.valueCodeableConcept) ?? one.valueQuantity?.value]),
    ).toContainEqual(["Q-SITE", "S-PRESACRAL"]);
    expect(answers.map((one) => codeOf(one.code))).toContain("118565006");
  });

  it("says absent of what was answered so, and at least of what is cut off", () => {
    const observations = observationsOf(bundleOf(smallCase()));
    const site = (code: string) =>
      observations.find((one) => codeOf(one.code) === code)?.valueCodeableConcept;
    expect(codeOf(site("S-PUNCTURE"))).toBe("272519000");
    expect(codeOf(site("S-SIJ"))).toBe("373068000");
    const volumes = observations.filter((one) => codeOf(one.code) === "118565006");
    expect(volumes.map(({ valueQuantity }) => valueQuantity?.comparator)).toEqual([
      ">=",
      undefined,
      undefined,
    ]);
  });

  it("has a leak beside metal with its site and without a volume", () => {
    const groups = observationsOf(bundleOf(measuredCase())).filter(
      ({ note }) => note?.some(({ text }) => text.includes("not measurable (metal)")) && true,
    );
    expect(
      groups.some(({ hasMember, derivedFrom }) => hasMember !== undefined && derivedFrom === undefined),
    ).toBe(true);
  });

  it("has only codes that the report has, and systems that FHIR knows", () => {
    const systems = new Set(
      JSON.stringify(bundleOf(measuredCase()))
        .match(/"system":"[^"]+"/g)
        ?.map((one) => one.slice(10, -1)),
    );
    expect([...systems].toSorted()).toEqual([
      "http://dicom.nema.org/resources/ontology/DCM",
      "http://snomed.info/sct",
      "http://terminology.hl7.org/CodeSystem/umls",
      "http://unitsofmeasure.org",
      "https://dicom.nema.org/medical/dicom/current/output/chtml/part04/sect_B.5",
      "urn:dicom:uid",
      "urn:ietf:rfc:3986",
      "urn:oid:1.2.840.10008.2.16.13",
      "urn:oid:2.25.253034361491743159257768606944040481666",
    ]);
  });
});
