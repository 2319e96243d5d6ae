// What every export starts from: findings with segment numbers, references and stated precision, and the mask of each segment.
import { type Result, fail, ok } from "#core/problem";
import type { DerivedInstanceIdentity, Equipment, SegmentationForm } from "#core/segmentation-document";
import type { Evidence } from "#core/report-document";
import type { SeriesContext } from "#core/study";
import { type RunMask, isEmpty } from "#voxels/mask";
import type {
  Findings,
  FindingsLeak,
  FindingsLesion,
  FindingsMeasurement,
  FindingsPrevious,
  Measures,
} from "../model/findings.ts";
import { refusal } from "./refusals.ts";

/** Voxels of a case: intraosseous cement by lesion, leaks by leak; all on the grid of the series. */
export interface CaseMasks {
  readonly cementOfLesion: ReadonlyMap<string, RunMask>;
  readonly leaks: ReadonlyMap<string, RunMask>;
  /** Cement of an earlier procedure, by its id. */
  readonly previous: ReadonlyMap<string, RunMask>;
}

export interface InstanceUids {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
}

export interface ExportInput {
  readonly findings: Findings;
  readonly masks: CaseMasks;
  readonly source: SeriesContext;
  readonly equipment: Equipment;
  /** Made by the host: fresh for each export, fixed in tests. */
  readonly uids: {
    readonly segmentation: InstanceUids;
    readonly report: InstanceUids;
    readonly keyObjects: InstanceUids;
    /** One series, an instance for each leak in their order; left out, no pictures are written. */
    readonly pictures?: { readonly seriesInstanceUid: string; readonly sopInstanceUids: readonly string[] };
  };
  /** BINARY where left out. */
  readonly segmentationForm?: SegmentationForm;
  readonly createdAt: Date;
  /** The report that this one amends. */
  readonly predecessor?: Evidence;
}

export type NumberedSegment = { readonly number: number; readonly mask: RunMask } & (
  | { readonly kind: "intraosseous"; readonly lesion: FindingsLesion }
  | { readonly kind: "leak"; readonly leak: FindingsLeak; readonly lesion: FindingsLesion | null }
  | { readonly kind: "previous"; readonly previous: FindingsPrevious }
);

export interface PreparedExport extends Omit<ExportInput, "masks"> {
  /** Rounded once, so that JSON, CSV, text and SR agree to the digit. */
  readonly findings: Findings;
  /** 1..k intraosseous cement in the order of the lesions, then the leaks in theirs (DOMAIN §5), then cement that was there before. */
  readonly segments: readonly NumberedSegment[];
}

/** Decimals of each measured value in every export. */
export const DECIMALS = {
  volumeMm3: 3,
  volumeEstimateMm3: 3,
  volumeCi95Mm3: 3,
  max3dDiameterMm: 2,
  maxBeyondCortexMm: 2,
  geometryMm: 1,
  neckAreaMm2: 1,
  balanceMl: 3,
  leakFractionPct: 2,
  huMean: 1,
  huMax: 0,
  huSd: 1,
  thresholdHu: 0,
  injectedVolumeMl: 2,
  lengthMm: 2,
  angleDegrees: 1,
  areaMm2: 1,
  pointMm: 3,
} as const;

/**
 * Numbers the segments, fills references, and rounds. A lesion or leak without voxels gets no segment: none is ever written empty.
 * Refuses a series whose left and right wait for confirmation ("export/side-not-confirmed"), and findings of another series
 * ("export/other-series").
 */
export function prepareExport(input: ExportInput): Result<PreparedExport> {
  const { findings, masks, source, uids } = input;
  if (findings.imaging.seriesInstanceUid !== source.seriesInstanceUid)
    return fail(refusal("export/other-series", { seriesInstanceUid: findings.imaging.seriesInstanceUid }));
  if (source.sideNeedsConfirmation && findings.imaging.sideConfirmedByReader !== true)
    return fail(refusal("export/side-not-confirmed"));
  let count = 0;
  const numberOf = (mask: RunMask | undefined): number | null => (mask && !isEmpty(mask) ? ++count : null);
  const segments: NumberedSegment[] = [];
  const refer = <T extends Measures>(measures: T, number: number | null): T => ({
    ...rounded(measures),
    segmentRef:
      number === null
        ? undefined
        : { segSopInstanceUid: uids.segmentation.sopInstanceUid, segmentNumber: number },
  });
  const lesions = findings.lesions.map((before): FindingsLesion => {
    const mask = masks.cementOfLesion.get(before.lesionId);
    const number = numberOf(mask);
    const lesion: FindingsLesion = {
      ...before,
      injectedVolumeMl: round(before.injectedVolumeMl, DECIMALS.injectedVolumeMl),
      cement: before.cement && refer(before.cement, number),
    };
    if (mask && number !== null) segments.push({ kind: "intraosseous", number, mask, lesion });
    return lesion;
  });
  const leaks = findings.leaks.map((before): FindingsLeak => {
    const mask = masks.leaks.get(before.leakId);
    const number = numberOf(mask);
    const leak: FindingsLeak = {
      ...refer(before, number),
      maxBeyondCortexMm: round(before.maxBeyondCortexMm, DECIMALS.maxBeyondCortexMm),
      leakFractionPct: round(before.leakFractionPct, DECIMALS.leakFractionPct),
    };
    const lesion = lesions.find((entry) => entry.lesionId === leak.lesionRef) ?? null;
    if (mask && number !== null) segments.push({ kind: "leak", number, mask, leak, lesion });
    return leak;
  });
  const previousCement = findings.previousCement?.map((before): FindingsPrevious => {
    const mask = masks.previous.get(before.previousId);
    const number = numberOf(mask);
    const previous = refer(before, number);
    if (mask && number !== null) segments.push({ kind: "previous", number, mask, previous });
    return previous;
  });
  const hasLeakSegment = segments.some((segment) => segment.kind === "leak");
  return ok({
    ...input,
    segments,
    findings: {
      ...findings,
      lesions,
      leaks,
      ...(previousCement ? { previousCement } : {}),
      ...(findings.measurements ? { measurements: findings.measurements.map(roundedMeasurement) } : {}),
      references: {
        ...findings.references,
        segSopInstanceUid: segments.length > 0 ? uids.segmentation.sopInstanceUid : undefined,
        srSopInstanceUid: segments.length > 0 ? uids.report.sopInstanceUid : undefined,
        kosSopInstanceUid: hasLeakSegment ? uids.keyObjects.sopInstanceUid : undefined,
      },
    },
  });
}

function rounded<T extends Measures>(measures: T): T {
  const interval = measures.volumeCi95Mm3;
  return {
    ...measures,
    volumeMm3: round(measures.volumeMm3, DECIMALS.volumeMm3),
    volumeEstimateMm3: round(measures.volumeEstimateMm3, DECIMALS.volumeEstimateMm3),
    volumeCi95Mm3: interval && [
      round(interval[0], DECIMALS.volumeCi95Mm3),
      round(interval[1], DECIMALS.volumeCi95Mm3),
    ],
    max3dDiameterMm: round(measures.max3dDiameterMm, DECIMALS.max3dDiameterMm),
    huMean: round(measures.huMean, DECIMALS.huMean),
    huMax: round(measures.huMax, DECIMALS.huMax),
    huSd: round(measures.huSd, DECIMALS.huSd),
    thresholdHu: round(measures.thresholdHu, DECIMALS.thresholdHu),
  };
}

function roundedMeasurement(one: FindingsMeasurement): FindingsMeasurement {
  return {
    ...one,
    pointsMm: one.pointsMm.map(([x, y, z]) => [
      round(x, DECIMALS.pointMm),
      round(y, DECIMALS.pointMm),
      round(z, DECIMALS.pointMm),
    ]),
    lengthMm: round(one.lengthMm, DECIMALS.lengthMm),
    angleDegrees: round(one.angleDegrees, DECIMALS.angleDegrees),
    areaMm2: round(one.areaMm2, DECIMALS.areaMm2),
    huMean: round(one.huMean, DECIMALS.huMean),
    huSd: round(one.huSd, DECIMALS.huSd),
  };
}

function round(value: number, decimals: number): number;
function round(value: number | undefined, decimals: number): number | undefined;
function round(value: number | undefined, decimals: number): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(decimals));
}

/** Series of the derived objects are numbered beside each other, above any scanner's own. */
const SERIES = {
  segmentation: { number: 9001, description: "Bone cement segmentation" },
  report: { number: 9002, description: "Bone cement leakage findings" },
  keyObjects: { number: 9003, description: "Bone cement leakage key images" },
  pictures: { number: 9004, description: "Bone cement leakage pictures" },
} as const;

/** What the Series Description of our reports begins with: by it they are found again in an archive. */
export const REPORT_SERIES = SERIES.report.description;

export const NOT_FOR_DIAGNOSIS = "not for diagnosis";

/** Identity of one derived object. Its Series Description says what it is, that it is a draft, and what it is not for (DOMAIN §4.3b). */
export const identityOf = (
  prepared: PreparedExport,
  kind: Exclude<keyof typeof SERIES, "pictures">,
): DerivedInstanceIdentity => ({ ...prepared.uids[kind], ...seriesOf(prepared, kind) });

/** The same of a series of several objects. */
export function seriesOf(
  prepared: PreparedExport,
  kind: keyof typeof SERIES,
): Omit<DerivedInstanceIdentity, keyof InstanceUids> {
  const draft = prepared.findings.status === "draft" ? "DRAFT, " : "";
  return {
    seriesNumber: SERIES[kind].number,
    seriesDescription: `${SERIES[kind].description} (${draft}${NOT_FOR_DIAGNOSIS})`,
    createdAt: prepared.createdAt,
  };
}
