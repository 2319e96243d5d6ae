// The case as a FHIR R5 Bundle (collection) after HL7's "DICOM SR to FHIR" guide 1.0.0, made from the report's own content items.
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { InstanceReference } from "#core/study";
import { FINDING_CODES } from "../model/codes.ts";
import type { FindingsLeak } from "../model/findings.ts";
import { siteOf } from "../model/sites.ts";
import { answerSentence } from "./answer.ts";
import {
  groupObservation,
  instancesOf,
  studyObservations,
  type GroupFacts,
  type ObservationContext,
} from "./fhir-observations.ts";
import {
  ResourceSet,
  concept,
  derivedUuid,
  fhirDate,
  humanNames,
  sopClass,
  uidIdentifier,
  type Json,
} from "./fhir-parts.ts";
import { keyObjectDocument } from "./key-objects.ts";
import { deviceUid } from "./observers.ts";
import type { NumberedSegment, PreparedExport } from "./prepare.ts";
import { SEGMENTATION_CLASSES, segmentationReference } from "./report.ts";
import { qualitativeEvaluations } from "./report-answers.ts";
import { leakItems, measurementGroup } from "./report-groups.ts";
import { answer } from "./report-items.ts";
import { segmentMeasures } from "./segment-words.ts";

const STATUS = { draft: "preliminary", final: "final", amended: "amended" } as const;
const GENDER: Readonly<Record<string, string>> = { M: "male", F: "female", O: "other" };

/** JSON with two spaces and a final newline; the same findings give the same text. */
export const fhirBundle = (prepared: PreparedExport): string =>
  `${JSON.stringify(bundle(prepared), null, 2)}\n`;

function bundle(prepared: PreparedExport): Json {
  const { findings, segments, source } = prepared;
  const salt = `${findings.documentId} ${prepared.uids.report.sopInstanceUid}`;
  const resources = new ResourceSet(salt);
  const context = contextOf(prepared, resources);
  const groups = segments.map((segment) =>
    groupObservation(
      (measurementGroup(segment, prepared, segmentationReference(prepared)).children ?? []).filter(
        // A CT without frame of reference has findings and no segmentation.
        ({ type }) => type !== "IMAGE" || findings.references?.segSopInstanceUid !== undefined,
      ),
      factsOf(segment, prepared),
      context,
    ),
  );
  const numbered = new Set(
    segments.flatMap((segment) => (segment.kind === "leak" ? [segment.leak.leakId] : [])),
  );
  const unmeasured = findings.leaks
    .filter(({ leakId }) => !numbered.has(leakId))
    .map((leak) => groupObservation(itemsWithoutVoxels(leak), withoutVoxels(leak), context));
  const study = studyObservations(qualitativeEvaluations(prepared), context);
  const key = keyObjectDocument(prepared);
  if (key.ok)
    resources.add("ImagingSelection", "key images", {
      status: "available",
      subject: context.patient,
      derivedFrom: [context.study],
      code: concept(key.value.title),
      studyUid: context.studyUid,
      seriesUid: source.seriesInstanceUid,
      frameOfReferenceUid: source.frameOfReferenceUid || undefined,
      instance: instancesOf(key.value.images),
    });
  resources.add("DiagnosticReport", "report", {
    ...(findings.references?.srSopInstanceUid
      ? { identifier: [uidIdentifier(findings.references.srSopInstanceUid)] }
      : {}),
    status: STATUS[findings.status],
    code: concept(S.reportTitle),
    subject: context.patient,
    effectiveDateTime: fhirDate(source.study.studyDate),
    issued: prepared.createdAt.toISOString(),
    performer: nonEmpty(findings.readers.map(({ readerId }) => context.practitioner(readerId))),
    result: nonEmpty([...groups, ...unmeasured, ...study]),
    study: [context.study],
    conclusion: `${answerSentence(findings, "en")} ${findings.notForDiagnosis} Site definitions: ${findings.definitionsVersion}.`,
  });
  return {
    resourceType: "Bundle",
    id: derivedUuid(salt, "Bundle"),
    meta: { tag: [{ display: "not for diagnosis" }] },
    identifier: { system: "urn:ietf:rfc:3986", value: `urn:uuid:${derivedUuid(salt, "Bundle")}` },
    type: "collection",
    timestamp: prepared.createdAt.toISOString(),
    entry: resources.entries(),
  };
}

/** Patient, study, equipment and readers, and what every observation says of them. */
function contextOf(prepared: PreparedExport, resources: ResourceSet): ObservationContext {
  const { findings, source, equipment, uids } = prepared;
  const { patient: known, study } = source;
  const patient = resources.add("Patient", "patient", {
    ...(known.patientId ? { identifier: [{ value: known.patientId }] } : {}),
    name: nonEmpty(humanNames(known.patientName)),
    gender: GENDER[known.patientSex] ?? "unknown",
    birthDate: fhirDate(known.patientBirthDate),
  });
  const equipmentDevice = resources.add("Device", "equipment", {
    identifier: [uidIdentifier(deviceUid(equipment))],
    manufacturer: equipment.manufacturer,
    serialNumber: equipment.deviceSerialNumber,
    displayName: equipment.manufacturerModelName,
    version: [{ value: equipment.softwareVersions }],
  });
  const imagingStudy = resources.add("ImagingStudy", "study", {
    identifier: [
      uidIdentifier(study.studyInstanceUid, S.studyInstanceUid),
      ...(study.accessionNumber
        ? [{ type: { text: "Accession number" }, value: study.accessionNumber }]
        : []),
    ],
    status: "available",
    subject: patient,
    started: fhirDate(study.studyDate),
    description: study.studyDescription || undefined,
    series: seriesOf(prepared),
  });
  const reference = {
    ...imagingStudy,
    identifier: uidIdentifier(study.studyInstanceUid, S.studyInstanceUid),
  };
  return {
    resources,
    patient,
    study: reference,
    studyUid: study.studyInstanceUid,
    frameOfReferenceUid: source.frameOfReferenceUid,
    segmentationSeriesUid: uids.segmentation.seriesInstanceUid,
    sourceSeriesUid: source.seriesInstanceUid,
    common: {
      status: STATUS[findings.status],
      partOf: [reference],
      subject: patient,
      effectiveDateTime: fhirDate(study.studyDate),
      issued: prepared.createdAt.toISOString(),
    },
    device: (name, version) =>
      name === undefined
        ? equipmentDevice
        : resources.add("Device", `algorithm ${name} ${version ?? ""}`, {
            displayName: name,
            ...(version ? { version: [{ value: version }] } : {}),
            parent: equipmentDevice,
          }),
    practitioner: (name) => resources.add("Practitioner", name, { name: nonEmpty(humanNames(name)) }),
  };
}

const nonEmpty = (items: readonly Json[]): readonly Json[] | undefined =>
  items.length > 0 ? items : undefined;

/** The CT and what was made from it, each series with the instances that this bundle speaks of. */
function seriesOf(prepared: PreparedExport): Json[] {
  const { source, uids, findings } = prepared;
  const one = (
    uid: string,
    modality: string,
    instances: readonly InstanceReference[],
    description?: string,
  ): Json => ({
    uid,
    modality: { coding: [{ system: "http://dicom.nema.org/resources/ontology/DCM", code: modality }] },
    description: description || undefined,
    instance: [...new Map(instances.map((entry) => [entry.sopInstanceUid, entry])).values()].map(
      ({ sopInstanceUid, sopClassUid }) => ({ uid: sopInstanceUid, sopClass: sopClass(sopClassUid) }),
    ),
  });
  const derived = (
    modality: string,
    sopClassUid: string,
    {
      seriesInstanceUid,
      sopInstanceUid,
    }: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string },
  ) => one(seriesInstanceUid, modality, [{ sopClassUid, sopInstanceUid }]);
  return [
    one(source.seriesInstanceUid, "CT", source.instances, source.seriesDescription),
    ...(findings.references?.segSopInstanceUid
      ? [derived("SEG", SEGMENTATION_CLASSES[prepared.segmentationForm ?? "BINARY"], uids.segmentation)]
      : []),
    ...(findings.references?.srSopInstanceUid
      ? [derived("SR", "1.2.840.10008.5.1.4.1.1.88.34", uids.report)]
      : []),
    ...(findings.references?.kosSopInstanceUid
      ? [derived("KO", "1.2.840.10008.5.1.4.1.1.88.59", uids.keyObjects)]
      : []),
  ];
}

function factsOf(segment: NumberedSegment, { source }: PreparedExport): GroupFacts {
  const { mask } = segment;
  const measures = segmentMeasures(segment);
  return {
    name: `segment ${segment.number}`,
    sources: source.instances.filter(
      (_, k) => mask.rowStart[(k + 1) * mask.rows] > mask.rowStart[k * mask.rows],
    ),
    incomplete: measures.incomplete === true,
    clipped: measures.huClipped === true,
  };
}

/** A leak beside metal has a site and no voxels: its answers, and why there is no volume. */
const itemsWithoutVoxels = (leak: FindingsLeak): readonly ContentItem[] => [
  answer(S.findingCategory, S.substance),
  answer(S.finding, FINDING_CODES.leak),
  ...leakItems(leak),
];

const withoutVoxels = (leak: FindingsLeak): GroupFacts => ({
  name: `leak ${leak.leakId}`,
  sources: [],
  incomplete: false,
  clipped: false,
  note: `${leak.leakId}, ${siteOf(leak.site).name.en}, ${leak.side}: ${leak.notMeasurable ? `not measurable (${leak.notMeasurable})` : "has no voxels"}`,
});
