// The case as a findings document: what was decided, joined with what is measured on the exported segments.
import type { SeriesContext } from "#core/study";
import type { Vec3 } from "#core/space";
import { sliceSpacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import { isEmpty, voxelCount, type RunMask } from "#voxels/mask";
import { unionAll } from "#voxels/set-operations";
import {
  checklistOf,
  isLeak,
  isPrevious,
  leaksOf,
  lesionOf,
  maskIdOfPart,
  siteAnswer,
  type CaseDocument,
  type LeakPart,
  type Lesion,
} from "../model/case-document.ts";
import { injectedInAll, massBalance } from "../model/mass-balance.ts";
import { tian2020Category } from "../model/category.ts";
import {
  DEFINITIONS_VERSION,
  SCHEMA_VERSION,
  type Findings,
  type FindingsLeak,
  type FindingsLesion,
  type FindingsMeasurement,
  type Measures,
} from "../model/findings.ts";
import { NERVE_COURSES } from "../model/measured-fields.ts";
import { measured as measuredValues, type Measurement } from "../model/measurements.ts";
import { extentGrade, measurePart } from "../model/measures.ts";
import { withTerms } from "../model/case-terms.ts";
import { siteOf, SITES, type SiteId } from "../model/sites.ts";
import { lesionLeakage } from "../model/what-is-missing.ts";
import type { CaseMasks } from "./prepare.ts";
import { previousCement, type PreviousInput } from "./previous-cement.ts";
import { findingsVerification } from "./verification.ts";

export const SOFTWARE_NAME = "Cement Leakage Viewer";
function thresholdOf(
  document: CaseDocument,
  ownHu: number | undefined,
): Pick<Measures, "thresholdHu" | "method"> {
  if (ownHu !== undefined) return { thresholdHu: ownHu, method: "local half maximum" };
  return document.floorHu === null
    ? {}
    : { thresholdHu: document.floorHu, method: "threshold, 26-connected" };
}

const NOT_A_DEVICE = "Not for diagnosis: not a medical device; site definitions are a project draft.";

export interface FindingsInput {
  readonly document: CaseDocument;
  /** By part mask id. */
  readonly masks: ReadonlyMap<string, RunMask>;
  readonly volume: CtVolume;
  readonly series: SeriesContext;
  readonly softwareVersion: string;
  /** null: nobody has read it yet; the engine is no reader. */
  readonly readerName: string | null;
  readonly readerRole: string;
  readonly createdAt: Date;
  /** Volume with partial voxels counted, and its 95 % interval (`volumeEstimator` of the engine). */
  readonly estimate: (mask: RunMask) => { readonly mm3: number; readonly ci95Mm3: readonly [number, number] };
  readonly sideAt: PreviousInput["sideAt"];
  /** What was assumed or repaired while reading the series, in words. */
  readonly verificationLog: readonly string[];
  /** All lesions together, where it is not known lesion by lesion. */
  readonly injectedVolumeMl?: number;
}

export interface FindingsOutput {
  readonly findings: Findings;
  readonly masks: CaseMasks;
}

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals));

export function buildFindings(input: FindingsInput): FindingsOutput {
  const { document, masks, volume, series } = input;
  const { terms } = document.status === "final" ? document : withTerms(document);
  const cementOfLesion = new Map<string, RunMask>();
  const leakMasks = new Map<string, RunMask>();
  const measured = (mask: RunMask, ownThresholdHu?: number): Measures => {
    const values = measurePart(mask, volume);
    if (volume.relative)
      return {
        volumeMm3: values.volumeMm3,
        max3dDiameterMm: values.longestExtentMm,
        incomplete: values.incomplete,
        method: "relative threshold, 26-connected",
      };
    const { mm3, ci95Mm3 } = input.estimate(mask);
    return {
      volumeMm3: values.volumeMm3,
      volumeEstimateMm3: mm3,
      volumeCi95Mm3: [...ci95Mm3],
      max3dDiameterMm: values.longestExtentMm,
      huMean: values.huMean,
      huMax: values.huMax,
      huSd: values.huSd,
      huClipped: values.clippedShare > 0,
      incomplete: values.incomplete,
      ...thresholdOf(document, ownThresholdHu),
    };
  };

  const lesions = document.lesions.map((lesion): FindingsLesion => {
    const mask = intraosseousMask(document, masks, volume, lesion.lesionId);
    const { trackingUid, ...fields } = lesion;
    if (mask) cementOfLesion.set(lesion.lesionId, mask);
    return {
      ...fields,
      ...(mask
        ? {
            cement: {
              ...measured(mask),
              trackingId: `Lesion ${lesion.lesionId} intraosseous cement`,
              trackingUid,
            },
          }
        : {}),
      leakage: lesionLeakage(document, lesion.lesionId),
    };
  });
  const totalMm3 = totalVolumeMm3(document, masks, volume);
  const leaks = leaksOf(document).flatMap((part): FindingsLeak[] => {
    if (part.leak.site === null) return [];
    const mask = masks.get(maskIdOfPart(part.partId));
    const present = mask && !isEmpty(mask) && !part.notMeasurable;
    if (present) leakMasks.set(leakIdOf(part), mask);
    return [
      leakOf(
        withTrueGeometry(part, mask),
        part.leak.site,
        document,
        present ? measured(mask, part.thresholdHu) : {},
        totalMm3,
      ),
    ];
  });
  const earlier = previousCement(input, [...cementOfLesion.values(), ...leakMasks.values()], (mask) =>
    measured(mask),
  );

  const findings: Findings = {
    schemaVersion: SCHEMA_VERSION,
    documentId: document.documentId,
    createdAt: input.createdAt.toISOString(),
    status: document.status === "final" ? (document.supersedes ? "amended" : "final") : "draft",
    ...(document.supersedes ? { supersedes: document.supersedes } : {}),
    ...(document.secondReadOf ? { secondReadOf: document.secondReadOf } : {}),
    ...(document.adjudicates ? { adjudicates: document.adjudicates } : {}),
    ...(document.pair ? { pair: document.pair } : {}),
    ...(document.adjudication ? { adjudication: document.adjudication } : {}),
    definitionsVersion: DEFINITIONS_VERSION,
    ...(terms ? { terms } : {}),
    notForDiagnosis: NOT_A_DEVICE,
    software: { name: SOFTWARE_NAME, version: input.softwareVersion },
    ...subjectOf(series),
    imaging: imagingOf(input),
    procedure: document.procedure,
    lesions,
    leaks,
    ...(earlier.entries.length > 0 ? { previousCement: [...earlier.entries] } : {}),
    ...(volume.relative ? {} : balanceOf(lesions, leaks, input.injectedVolumeMl)),
    siteAssessments: document.lesions.flatMap((lesion) => assessmentsOf(document, lesion)),
    notCement: notCementOf(input),
    ...(document.measurements && document.measurements.length > 0
      ? { measurements: document.measurements.map((one) => findingsMeasurement(one, volume)) }
      : {}),
    notAssessed: SITES.filter((site) => site.distant).map((site) => site.id),
    ...(document.complications?.length ? { complications: document.complications } : {}),
    readers: [
      ...(document.signed || input.readerName !== null
        ? [
            {
              readerId: document.signed?.readerName || input.readerName || "unnamed reader",
              role: document.signed?.role || input.readerRole || "reader",
              ...(document.signed ? { readAt: document.signed.at } : {}),
              ...(document.signed?.blinded === undefined ? {} : { blinded: document.signed.blinded }),
            },
          ]
        : []),
      ...(document.otherReaders ?? []),
    ],
    ...(document.audit?.length ? { history: document.audit } : {}),
    verificationLog: [...input.verificationLog],
    ...(series.verification.length > 0 ? { verification: findingsVerification(series.verification) } : {}),
  };
  return { findings, masks: { cementOfLesion, leaks: leakMasks, previous: earlier.masks } };
}

const findingsMeasurement = (one: Measurement, volume: CtVolume): FindingsMeasurement => ({
  measurementId: one.measurementId,
  trackingUid: one.trackingUid,
  kind: one.kind,
  pointsMm: one.points,
  ...measuredValues(one, volume),
});

/** Injected against found, where what was injected is known of every lesion. */
function balanceOf(
  lesions: readonly FindingsLesion[],
  leaks: readonly FindingsLeak[],
  totalMl: number | undefined,
): Pick<Findings, "massBalance"> {
  const found = [...lesions.map((lesion) => lesion.cement ?? {}), ...leaks].flatMap((part: Measures) =>
    part.volumeEstimateMm3 === undefined || part.volumeCi95Mm3 === undefined
      ? []
      : [
          {
            volumeEstimateMm3: part.volumeEstimateMm3,
            volumeCi95Mm3: part.volumeCi95Mm3,
            incomplete: part.incomplete ?? false,
          },
        ],
  );
  const balance = massBalance(totalMl ?? injectedInAll(lesions), found);
  if (!balance) return {};
  const { injectedMl, foundMl, foundCi95Ml, missingMl, text } = balance;
  return {
    massBalance: {
      injectedMl: round(injectedMl, 2),
      foundMl: round(foundMl, 3),
      foundCi95Ml: [round(foundCi95Ml[0], 3), round(foundCi95Ml[1], 3)],
      ...(missingMl === null ? {} : { missingMl: round(missingMl, 3) }),
      words: text.en,
    },
  };
}

/** All intraosseous parts of a lesion as one mask; null when there is none. */
export function intraosseousMask(
  document: CaseDocument,
  masks: ReadonlyMap<string, RunMask>,
  volume: CtVolume,
  lesionId: string,
): RunMask | null {
  const parts = document.parts
    .filter((part) => part.role === "intraosseous" && part.lesionId === lesionId && !part.notMeasurable)
    .map((part) => masks.get(maskIdOfPart(part.partId)))
    .filter((mask): mask is RunMask => mask !== undefined && !isEmpty(mask));
  if (parts.length === 0) return null;
  return parts.length === 1 ? parts[0] : unionAll(volume.grid, parts);
}

/** Intraosseous cement and leaks together, mm3. */
function totalVolumeMm3(
  document: CaseDocument,
  masks: ReadonlyMap<string, RunMask>,
  volume: CtVolume,
): number {
  let total = 0;
  for (const part of document.parts) {
    const mask = masks.get(maskIdOfPart(part.partId));
    if (mask && !part.notMeasurable && (part.role === "intraosseous" || isLeak(part)))
      total += measurePart(mask, volume).volumeMm3;
  }
  return total;
}

/** What the engine measured holds for its own voxels: changed ones have lost it. */
function withTrueGeometry(part: LeakPart, mask: RunMask | undefined): LeakPart {
  const { geometry, ...leak } = part.leak;
  if (!geometry || !mask || voxelCount(mask) !== geometry.voxels) return { ...part, leak };
  const { toL5RootEstimatedMm: root, toLumbosacralTrunkEstimatedMm: trunk } = geometry;
  const nerves = root === undefined && trunk === undefined ? {} : { nerveCourses: NERVE_COURSES };
  return { ...part, leak: { ...leak, geometry: { ...geometry, ...nerves } } };
}

/** "K3": the leak's number as its id in a findings file. */
export const leakIdOf = (part: LeakPart): string => `K${part.leak.number}`;

function leakOf(
  part: LeakPart,
  site: SiteId,
  document: CaseDocument,
  values: Measures,
  totalMm3: number,
): FindingsLeak {
  const { number, site: _site, ...fields } = part.leak;
  const lesion = lesionOf(document, part.lesionId);
  const levels = fields.sacralLevels?.length ?? 0;
  const volumeMm3 = values.volumeMm3;
  return {
    leakId: leakIdOf(part),
    partId: part.partId,
    lesionRef: part.lesionId,
    componentId: part.componentId,
    ...values,
    ...(part.notMeasurable ? { notMeasurable: part.notMeasurable } : {}),
    trackingId: `Leak ${number} ${siteOf(site).name.en}`,
    trackingUid: part.trackingUid,
    ...fields,
    site,
    tian2020Category: tian2020Category(lesion?.bone ?? null, site, fields.route),
    ...(volumeMm3 === undefined
      ? {}
      : {
          leakFractionPct: totalMm3 > 0 ? (100 * volumeMm3) / totalMm3 : 0,
          extentGrade: extentGrade(volumeMm3, fields.maxBeyondCortexMm, levels > 1 || site === "iliac_vein"),
        }),
  };
}

function assessmentsOf(document: CaseDocument, lesion: Lesion): Findings["siteAssessments"] {
  return checklistOf(document, lesion).flatMap((site) => {
    const answer = siteAnswer(document, lesion.lesionId, site.id);
    return answer ? [{ lesionRef: lesion.lesionId, site: site.id, ...answer }] : [];
  });
}

function notCementOf({ document, masks, volume }: FindingsInput): NonNullable<Findings["notCement"]> {
  return document.parts
    .filter((part) => part.role === "not_cement" && !isPrevious(part))
    .map((part) => {
      const mask = masks.get(maskIdOfPart(part.partId));
      const values = mask && !isEmpty(mask) ? measurePart(mask, volume) : null;
      const centroid = values?.centroidPatient ?? part.lastKnown?.centroidMm;
      return {
        partId: part.partId,
        reason: part.reason ?? "",
        ...(part.notMeasurable
          ? { notMeasurable: part.notMeasurable }
          : { volumeMm3: round(values?.volumeMm3 ?? part.lastKnown?.volumeMm3 ?? 0, 3) }),
        ...(centroid ? { centroidMm: rounded(centroid) } : {}),
      };
    });
}

const rounded = (point: Vec3): [number, number, number] => [
  round(point[0], 2),
  round(point[1], 2),
  round(point[2], 2),
];

function subjectOf(series: SeriesContext): { subject?: Findings["subject"] } {
  const age = /^(\d{3})Y$/.exec(series.patient.patientAge)?.[1];
  const sex = (["M", "F", "O"] as const).find((value) => value === series.patient.patientSex);
  return {
    subject: {
      ...(series.patient.patientId ? { patientKey: series.patient.patientId } : {}),
      ...(age ? { ageYears: Number(age) } : {}),
      ...(sex ? { sex } : {}),
    },
  };
}

function imagingOf({ series, volume, document }: FindingsInput): Findings["imaging"] {
  const { grid } = volume;
  return {
    studyInstanceUid: series.study.studyInstanceUid,
    seriesInstanceUid: series.seriesInstanceUid,
    frameOfReferenceUid: series.frameOfReferenceUid,
    modality: "CT",
    ...(series.study.studyDate ? { studyDate: series.study.studyDate } : {}),
    ...(series.sliceThicknessMm === null ? {} : { sliceThicknessMm: series.sliceThicknessMm }),
    sliceSpacingMm: round(sliceSpacingMm(grid), 4),
    pixelSpacingMm: [grid.rowSpacingMm, grid.columnSpacingMm],
    ...(series.kvp === null ? {} : { kvp: series.kvp }),
    ...(series.convolutionKernel ? { kernel: series.convolutionKernel } : {}),
    ...(volume.relative
      ? {
          huCalibrated: false as const,
          huWithheld: `no HU: ${volume.relative.because.replaceAll("-", " ")}`,
          ...(document.floorHu === null ? {} : { relativeFloor: document.floorHu }),
        }
      : { huClipped: volume.clippedAtHu !== null }),
    ...(series.contrastAgent ? { contrast: true, contrastAgent: series.contrastAgent } : {}),
    ...(series.patientPosition ? { patientPosition: series.patientPosition } : {}),
    ...(series.sideNeedsConfirmation ? { sideConfirmedByReader: document.sideConfirmed } : {}),
    ...(document.priorStudyUid ? { priorStudyUid: document.priorStudyUid } : {}),
    ...document.imagingFacts,
  };
}
