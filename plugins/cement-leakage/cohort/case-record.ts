// A case as the cohort counts it: plain values of one signed findings document, small enough for a hundred thousand of them.
import { isNotNull } from "./values.ts";
import type { Findings, FindingsLeak, FindingsLesion } from "../model/findings.ts";
import { siteOf, type SiteId } from "../model/sites.ts";

/** Slice classes that are never pooled unmarked (DOMAIN §7). */
export type SliceClass = "<= 1.5 mm" | "<= 3 mm" | "> 3 mm";

/** Whether something is there: asked and answered, or not assessable. */
export type Presence = "present" | "absent" | "not assessable" | "not answered";

/** Parts of one component or one venous trail together (DOMAIN §1.6). */
export interface LeakEvent {
  readonly eventId: string;
  readonly lesionId: string | null;
  /** Of its largest part. */
  readonly site: SiteId;
  readonly category: FindingsLeak["tian2020Category"];
  readonly route: FindingsLeak["route"];
  /** Of all parts. */
  readonly sites: readonly SiteId[];
  readonly yeomTypes: readonly string[];
  /** Voxel count, mm3, all parts; null where none was measurable. */
  readonly volumeMm3: number | null;
  readonly extentGrade: number | null;
  readonly maxBeyondCortexMm: number | null;
  readonly symptom: FindingsLeak["symptom"];
  readonly confidence: FindingsLeak["confidence"];
  /** Nerve roots that a reader named as touched or compressed. */
  readonly roots: readonly string[];
  readonly leakIds: readonly string[];
  /** A column of under 5 mm beyond the entry hole, or cement in lung or heart: lines of their own, in no other rate. */
  readonly apart: "tail" | "distant" | null;
}

export interface CohortLesion {
  readonly lesionId: string;
  readonly bone: FindingsLesion["bone"];
  readonly level: string;
  readonly side: string;
  readonly pathology: string;
  readonly lysis: string;
  readonly approaches: readonly string[];
  readonly needles: number;
  readonly injectedMl: number | null;
  readonly cementMl: number | null;
  readonly answers: Readonly<Partial<Record<SiteId, Presence>>>;
}

export interface CohortCase {
  readonly documentId: string;
  readonly path: string;
  readonly patient: string;
  /** The file names no patient: its study stands for one. */
  readonly patientUnknown: boolean;
  readonly procedureId: string;
  /** YYYY-MM-DD; empty where unknown. */
  readonly date: string;
  readonly type: Findings["procedure"]["type"];
  readonly operator: string;
  readonly approaches: readonly string[];
  readonly guidance: readonly string[];
  readonly cementProduct: string;
  readonly viscosity: string;
  readonly technicalSuccess: "yes" | "no" | "unknown";
  readonly technicalSuccessDefinition: string;
  readonly modality: string;
  readonly sliceClass: SliceClass;
  readonly definitionsVersion: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly reader: string;
  readonly lesions: readonly CohortLesion[];
  readonly events: readonly LeakEvent[];
  /** Type and the definition it is classed by. */
  readonly complications: readonly {
    readonly type: string;
    readonly tian2020: string;
    readonly sir: string;
    readonly cirse: string;
  }[];
  readonly injectedMl: number | null;
}

/** A tail beyond the entry hole is shorter than this (DOMAIN §1.3). */
const TAIL_MM = 5;

export function caseRecord(findings: Findings, path: string): CohortCase {
  const { imaging, procedure, readers, subject } = findings;
  const date = isoDay(procedure.date ?? imaging.studyDate ?? "");
  const patientKey = subject?.patientKey ?? subject?.pseudonym ?? null;
  const patient = patientKey ?? `study of ${date || "unknown date"}, document ${findings.documentId}`;
  const approaches = findings.lesions.flatMap(({ needles = [] }) => needles.map(({ approach }) => approach));
  const injected = findings.lesions.map(({ injectedVolumeMl }) => injectedVolumeMl ?? null).filter(isNotNull);
  return {
    documentId: findings.documentId,
    path,
    patient,
    patientUnknown: patientKey === null,
    procedureId: procedure.procedureId ?? `${patient} ${date}`,
    date,
    type: procedure.type,
    operator: procedure.operatorKey ?? "",
    approaches: [...new Set(approaches)].toSorted(),
    guidance: procedure.guidance ?? [],
    cementProduct: procedure.cement?.product ?? "",
    viscosity: procedure.cement?.viscosity ?? "",
    technicalSuccess: procedure.technicalSuccess?.value ?? "unknown",
    technicalSuccessDefinition: procedure.technicalSuccess?.definition ?? "",
    modality: imaging.modality,
    sliceClass: sliceClassOf(Math.max(imaging.sliceThicknessMm ?? 0, imaging.sliceSpacingMm)),
    definitionsVersion: findings.definitionsVersion,
    studyInstanceUid: imaging.studyInstanceUid,
    seriesInstanceUid: imaging.seriesInstanceUid,
    reader: readers[0]?.readerId ?? "",
    lesions: findings.lesions.map((lesion) => lesionOf(findings, lesion)),
    events: eventsOf(findings.leaks),
    complications: (findings.complications ?? []).map((one) => ({
      type: one.type,
      tian2020: one.tian2020,
      sir: one.sir ?? "",
      cirse: one.cirseGrade ? `${one.cirseGrade} (${one.cirseEdition ?? "edition not stated"})` : "",
    })),
    injectedMl: injected.length > 0 ? injected.reduce((sum, ml) => sum + ml, 0) : null,
  };
}

/** The record under another key of its patient, also in the procedure's id where that was made from the patient's. */
export const ofPatient = (record: CohortCase, patient: string): CohortCase => ({
  ...record,
  patient,
  patientUnknown: false,
  procedureId:
    record.procedureId === `${record.patient} ${record.date}`
      ? `${patient} ${record.date}`
      : record.procedureId,
});

/** DA or ISO 8601 as YYYY-MM-DD. */
export function isoDay(text: string): string {
  const digits = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text);
  return digits ? `${digits[1]}-${digits[2]}-${digits[3]}` : "";
}

export const sliceClassOf = (mm: number): SliceClass =>
  mm <= 1.5 ? "<= 1.5 mm" : mm <= 3 ? "<= 3 mm" : "> 3 mm";

function lesionOf(findings: Findings, lesion: FindingsLesion): CohortLesion {
  const answers: Partial<Record<SiteId, Presence>> = {};
  for (const { lesionRef, site, answer } of findings.siteAssessments)
    if (lesionRef === lesion.lesionId)
      answers[site] = answer === "not_assessable" ? "not assessable" : answer;
  for (const leak of findings.leaks) if (leak.lesionRef === lesion.lesionId) answers[leak.site] = "present";
  const needles = lesion.needles ?? [];
  return {
    lesionId: lesion.lesionId,
    bone: lesion.bone,
    level: lesion.vertebra ?? (lesion.sacralLevels ?? []).join(" "),
    side: lesion.side,
    pathology: lesion.pathology ?? "",
    lysis: lesion.lysis ?? "",
    approaches: [...new Set(needles.map(({ approach }) => approach))].toSorted(),
    needles: needles.length,
    injectedMl: lesion.injectedVolumeMl ?? null,
    cementMl: lesion.cement?.volumeMm3 === undefined ? null : lesion.cement.volumeMm3 / 1000,
    answers,
  };
}

/** Leaks that share a component are one event; without a component each is its own. */
function eventsOf(leaks: readonly FindingsLeak[]): LeakEvent[] {
  const groups = new Map<string, FindingsLeak[]>();
  for (const leak of leaks) {
    const key = leak.componentId ?? `leak ${leak.leakId}`;
    const group = groups.get(key);
    if (group) group.push(leak);
    else groups.set(key, [leak]);
  }
  return [...groups].map(([eventId, parts]) => eventOf(eventId, parts));
}

const WORST_SYMPTOM: readonly FindingsLeak["symptom"][] = [
  "deficit",
  "sphincter",
  "dyspnea",
  "radicular",
  "other",
  "asymptomatic",
  "not_assessed",
];
const SUREST: readonly FindingsLeak["confidence"][] = ["definite", "probable", "possible"];

function eventOf(eventId: string, parts: readonly FindingsLeak[]): LeakEvent {
  const largest = parts.toSorted((a, b) => (b.volumeMm3 ?? -1) - (a.volumeMm3 ?? -1))[0];
  const volumes = parts.map(({ volumeMm3 }) => volumeMm3 ?? null).filter(isNotNull);
  const beyond = parts.map(({ maxBeyondCortexMm }) => maxBeyondCortexMm ?? null).filter(isNotNull);
  const grades = parts.map(({ extentGrade }) => extentGrade ?? null).filter(isNotNull);
  const firstOf = <T>(order: readonly T[], values: readonly T[]): T =>
    order.find((value) => values.includes(value)) ?? values[0];
  return {
    eventId,
    lesionId: largest.lesionRef,
    site: largest.site,
    category: largest.tian2020Category,
    route: largest.route,
    sites: [...new Set(parts.map(({ site }) => site))],
    yeomTypes: [...new Set(parts.flatMap(({ yeomTypes = [] }) => yeomTypes))].toSorted(),
    volumeMm3: volumes.length > 0 ? volumes.reduce((sum, mm3) => sum + mm3, 0) : null,
    extentGrade: grades.length > 0 ? Math.max(...grades) : null,
    maxBeyondCortexMm: beyond.length > 0 ? Math.max(...beyond) : null,
    symptom: firstOf(
      WORST_SYMPTOM,
      parts.map(({ symptom }) => symptom),
    ),
    confidence: firstOf(
      SUREST,
      parts.map(({ confidence }) => confidence),
    ),
    roots: [
      ...new Set(
        parts.flatMap(({ roots = [], neuralRelation }) =>
          neuralRelation === "contact" || neuralRelation === "compression" ? roots : [],
        ),
      ),
    ],
    leakIds: parts.map(({ leakId }) => leakId),
    apart: apartOf(parts),
  };
}

function apartOf(parts: readonly FindingsLeak[]): LeakEvent["apart"] {
  if (parts.every(({ site }) => siteOf(site).distant)) return "distant";
  const tail = parts.every(
    ({ site, maxBeyondCortexMm }) =>
      (site === "puncture_path" || site === "vertebral_puncture_path") &&
      maxBeyondCortexMm !== undefined &&
      maxBeyondCortexMm < TAIL_MM,
  );
  return tail ? "tail" : null;
}
