// What every object we derive from a CT says of its patient, study, series, equipment and itself (PS3.3 A.51.3, A.35.13.3, A.35.4.3).
import type { CodedConcept, CodingScheme } from "#core/coded-concept";
import type { Evidence } from "#core/report-document";
import type { DerivedInstanceIdentity, Equipment } from "#core/segmentation-document";
import type { InstanceReference, SeriesContext } from "#core/study";
import { ProblemError, problem } from "#core/problem";
import type { DataSet } from "./part10.ts";

/** SOP classes of the objects that this project writes (PS3.4 table B.5-1). */
export const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";
export const LABEL_MAP_SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7";
export const COMPREHENSIVE_3D_SR_STORAGE = "1.2.840.10008.5.1.4.1.1.88.34";
export const SECONDARY_CAPTURE_STORAGE = "1.2.840.10008.5.1.4.1.1.7";
export const KEY_OBJECT_SELECTION_STORAGE = "1.2.840.10008.5.1.4.1.1.88.59";

interface DerivedDocument {
  readonly identity: DerivedInstanceIdentity;
  readonly source: SeriesContext;
  readonly equipment: Equipment;
}

/**
 * Patient, Patient Study, General Study, series, equipment and SOP Common attributes. Patient and study are copied as they stand
 * in the CT, so that an archive files the object in the same study. Throws ProblemError where the CT lacks its Study Instance UID.
 */
export function derivedInstance(
  document: DerivedDocument,
  sopClassUid: string,
  modality: "SEG" | "SR" | "KO" | "OT",
  codingSchemes: readonly CodingScheme[] = [],
): DataSet {
  const { identity, source, equipment } = document;
  const { patient, study } = source;
  if (study.studyInstanceUid === "") throw new ProblemError(problem("export/no-study-uid"));
  const date = dicomDate(identity.createdAt);
  const time = dicomTime(identity.createdAt);
  return {
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: sopClassUid,
    SOPInstanceUID: identity.sopInstanceUid,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    PatientName: patient.patientName,
    PatientID: patient.patientId,
    PatientBirthDate: patient.patientBirthDate,
    PatientSex: patient.patientSex,
    PatientAge: optional(patient.patientAge),
    StudyInstanceUID: study.studyInstanceUid,
    StudyID: study.studyId,
    StudyDate: study.studyDate,
    StudyTime: study.studyTime,
    StudyDescription: optional(study.studyDescription),
    AccessionNumber: study.accessionNumber,
    ReferringPhysicianName: study.referringPhysicianName,
    Modality: modality,
    SeriesInstanceUID: identity.seriesInstanceUid,
    SeriesNumber: identity.seriesNumber,
    SeriesDescription: identity.seriesDescription,
    SeriesDate: date,
    SeriesTime: time,
    InstanceNumber: 1,
    ContentDate: date,
    ContentTime: time,
    Manufacturer: equipment.manufacturer,
    ManufacturerModelName: equipment.manufacturerModelName,
    DeviceSerialNumber: equipment.deviceSerialNumber,
    SoftwareVersions: equipment.softwareVersions,
    CodingSchemeIdentificationSequence:
      codingSchemes.length > 0 ? codingSchemes.map(codingSchemeItem) : undefined,
  };
}

const optional = (text: string): string | undefined => (text === "" ? undefined : text);

const codingSchemeItem = (scheme: CodingScheme): DataSet => ({
  CodingSchemeDesignator: scheme.designator,
  CodingSchemeUID: scheme.uid,
  CodingSchemeName: scheme.name,
  CodingSchemeResponsibleOrganization: scheme.responsibleOrganization,
});

/**
 * DA and TM of a moment, in UTC. Timezone Offset From UTC (0008,0201) is not written: it would also restate the meaning of the
 * Study Date and Time, which are copied from the CT in the scanner's own time zone (PS3.3 C.12.1.1.8).
 */
export const dicomDate = (at: Date): string => at.toISOString().slice(0, 10).replaceAll("-", "");
export const dicomTime = (at: Date): string => at.toISOString().slice(11, 19).replaceAll(":", "");

/** A code sequence item (PS3.3 table 8.8-1). */
export const codeItem = (code: CodedConcept): DataSet => ({
  CodeValue: code.value,
  CodingSchemeDesignator: code.scheme,
  CodeMeaning: code.meaning,
});

/** SOP Instance Reference macro (PS3.3 table 10-11): the whole instance, whatever frame is meant. */
export const referenceItem = (reference: InstanceReference): DataSet => ({
  ReferencedSOPClassUID: reference.sopClassUid,
  ReferencedSOPInstanceUID: reference.sopInstanceUid,
});

/** Image SOP Instance Reference macro (PS3.3 table 10-3): an image, or one frame of it. */
export const imageReferenceItem = (reference: InstanceReference): DataSet => ({
  ...referenceItem(reference),
  ReferencedFrameNumber: reference.frameNumber,
});

/**
 * Hierarchical SOP Instance Reference macro (PS3.3 C.17.2.1) for evidence and predecessors: grouped by study and series in the
 * order of first mention; an instance mentioned twice is listed once.
 */
export function hierarchicalReferences(evidence: readonly Evidence[]): DataSet[] {
  type Instances = Map<string, InstanceReference>;
  const studies = new Map<string, Map<string, Instances>>();
  for (const entry of evidence) {
    const series = getOrAdd(studies, entry.studyInstanceUid, () => new Map<string, Instances>());
    const instances = getOrAdd(series, entry.seriesInstanceUid, (): Instances => new Map());
    for (const instance of entry.instances) instances.set(instance.sopInstanceUid, instance);
  }
  return [...studies].map(([studyUid, series]) => ({
    StudyInstanceUID: studyUid,
    ReferencedSeriesSequence: [...series].map(([seriesUid, instances]) => ({
      SeriesInstanceUID: seriesUid,
      ReferencedSOPSequence: [...instances.values()].map(referenceItem),
    })),
  }));
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
