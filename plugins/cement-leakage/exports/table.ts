// Findings as CSV: a row for each leak, one with empty leak columns for a leak-free lesion (DOMAIN §8), one for each earlier cement.
import type {
  Findings,
  FindingsLeak,
  FindingsLesion,
  FindingsPrevious,
  Measures,
} from "../model/findings.ts";
import { siteOf } from "../model/sites.ts";

export type Cell = string | number | boolean | null | undefined;
type Row = {
  readonly findings: Findings;
  readonly lesion: FindingsLesion | null;
  readonly leak: FindingsLeak | null;
  readonly previous?: FindingsPrevious;
};

const list = (values: readonly (string | number)[] | undefined): string | undefined => values?.join(" ");

/** Columns of a measured thing, named after the model with the prefix of what is measured. */
const measureColumns = (
  prefix: string,
  of: (row: Row) => Measures | undefined | null,
): [string, (row: Row) => Cell][] => [
  [`${prefix}SegmentNumber`, (row) => of(row)?.segmentRef?.segmentNumber],
  [`${prefix}TrackingUid`, (row) => of(row)?.trackingUid],
  [`${prefix}VolumeMm3`, (row) => of(row)?.volumeMm3],
  [`${prefix}VolumeEstimateMm3`, (row) => of(row)?.volumeEstimateMm3],
  [`${prefix}VolumeCi95LowMm3`, (row) => of(row)?.volumeCi95Mm3?.[0]],
  [`${prefix}VolumeCi95HighMm3`, (row) => of(row)?.volumeCi95Mm3?.[1]],
  [`${prefix}Max3dDiameterMm`, (row) => of(row)?.max3dDiameterMm],
  [`${prefix}HuMean`, (row) => of(row)?.huMean],
  [`${prefix}HuMax`, (row) => of(row)?.huMax],
  [`${prefix}HuSd`, (row) => of(row)?.huSd],
  [`${prefix}HuClipped`, (row) => of(row)?.huClipped],
  [`${prefix}ThresholdHu`, (row) => of(row)?.thresholdHu],
  [`${prefix}Incomplete`, (row) => of(row)?.incomplete],
];

const COLUMNS: readonly [string, (row: Row) => Cell][] = [
  ["schemaVersion", ({ findings }) => findings.schemaVersion],
  ["documentId", ({ findings }) => findings.documentId],
  ["status", ({ findings }) => findings.status],
  ["definitionsVersion", ({ findings }) => findings.definitionsVersion],
  ["patientKey", ({ findings }) => findings.subject?.patientKey ?? findings.subject?.pseudonym],
  ["ageYears", ({ findings }) => findings.subject?.ageYears],
  ["sex", ({ findings }) => findings.subject?.sex],
  ["studyInstanceUid", ({ findings }) => findings.imaging.studyInstanceUid],
  ["seriesInstanceUid", ({ findings }) => findings.imaging.seriesInstanceUid],
  ["studyDate", ({ findings }) => findings.imaging.studyDate],
  ["sliceThicknessMm", ({ findings }) => findings.imaging.sliceThicknessMm],
  ["sliceSpacingMm", ({ findings }) => findings.imaging.sliceSpacingMm],
  ["procedureId", ({ findings }) => findings.procedure.procedureId],
  ["procedureType", ({ findings }) => findings.procedure.type],
  ["guidance", ({ findings }) => list(findings.procedure.guidance)],
  ["cementProduct", ({ findings }) => findings.procedure.cement?.product],
  ["readers", ({ findings }) => list(findings.readers.map((reader) => reader.readerId))],
  ["lesionId", ({ lesion }) => lesion?.lesionId],
  ["bone", ({ lesion }) => lesion?.bone],
  ["vertebra", ({ lesion }) => lesion?.vertebra],
  ["lesionSide", ({ lesion }) => lesion?.side],
  ["lesionSacralLevels", ({ lesion }) => list(lesion?.sacralLevels)],
  ["lesionDenisZones", ({ lesion }) => list(lesion?.denisZones)],
  ["pathology", ({ lesion }) => lesion?.pathology],
  ["lysis", ({ lesion }) => lesion?.lysis],
  ["approaches", ({ lesion }) => list(lesion?.needles?.map((needle) => needle.approach))],
  ["injectedVolumeMl", ({ lesion }) => lesion?.injectedVolumeMl],
  ["leakage", ({ lesion }) => lesion?.leakage],
  ...measureColumns("cement", ({ lesion }) => lesion?.cement),
  ["leakId", ({ leak }) => leak?.leakId],
  ["componentId", ({ leak }) => leak?.componentId],
  ["site", ({ leak }) => leak?.site],
  ["siteCode", ({ leak }) => leak && siteOf(leak.site).code],
  ["siteScheme", ({ leak }) => leak && siteOf(leak.site).scheme],
  ["siteName", ({ leak }) => leak && siteOf(leak.site).name.en],
  ["siteText", ({ leak }) => leak?.siteText],
  ["route", ({ leak }) => leak?.route],
  ["yeomTypes", ({ leak }) => list(leak?.yeomTypes)],
  ["tian2020Category", ({ leak }) => leak?.tian2020Category],
  ["alsoPresacral", ({ leak }) => leak?.alsoPresacral],
  ["leakSide", ({ leak }) => leak?.side],
  ["leakSacralLevels", ({ leak }) => list(leak?.sacralLevels)],
  ["denisZoneOrigin", ({ leak }) => leak?.denisZoneOrigin],
  ...measureColumns("leak", ({ leak }) => leak),
  ["leakNotMeasurable", ({ leak }) => leak?.notMeasurable],
  ["maxBeyondCortexMm", ({ leak }) => leak?.maxBeyondCortexMm],
  ["borderUncertaintyMm", ({ leak }) => leak?.geometry?.borderUncertaintyMm],
  ["attached", ({ leak }) => leak?.geometry?.attached],
  ["neckAreaMm2", ({ leak }) => leak?.geometry?.neckAreaMm2],
  ["shape", ({ leak }) => leak?.geometry?.shape],
  ["toCanalMm", ({ leak }) => leak?.geometry?.toCanalMm],
  ["toForamenMm", ({ leak }) => leak?.geometry?.toForamenMm],
  ["toPelvicSurfaceMm", ({ leak }) => leak?.geometry?.toPelvicSurfaceMm],
  ["toL5RootEstimatedMm", ({ leak }) => leak?.geometry?.toL5RootEstimatedMm],
  ["toLumbosacralTrunkEstimatedMm", ({ leak }) => leak?.geometry?.toLumbosacralTrunkEstimatedMm],
  ["canalNarrowingPct", ({ leak }) => leak?.geometry?.canalNarrowingPct],
  ["leakFractionPct", ({ leak }) => leak?.leakFractionPct],
  ["extentGrade", ({ leak }) => leak?.extentGrade],
  ["neuralRelation", ({ leak }) => leak?.neuralRelation],
  ["roots", ({ leak }) => list(leak?.roots)],
  ["canalOccupancy", ({ leak }) => leak?.canalOccupancy],
  ["symptom", ({ leak }) => leak?.symptom],
  ["complicationTian2020", ({ leak }) => leak?.complication?.tian2020],
  ["confidence", ({ leak }) => leak?.confidence],
  ["comment", ({ leak }) => leak?.comment],
  ["priorStudyUid", ({ findings }) => findings.imaging.priorStudyUid],
  ["huCalibrated", ({ findings }) => findings.imaging.huCalibrated ?? true],
  ["contrastAgent", ({ findings }) => findings.imaging.contrastAgent],
  ["vesselHu", ({ findings }) => findings.imaging.vesselHu],
  ["balanceInjectedMl", ({ findings }) => findings.massBalance?.injectedMl],
  ["balanceFoundMl", ({ findings }) => findings.massBalance?.foundMl],
  ["balanceFoundCi95LowMl", ({ findings }) => findings.massBalance?.foundCi95Ml[0]],
  ["balanceFoundCi95HighMl", ({ findings }) => findings.massBalance?.foundCi95Ml[1]],
  ["balanceMissingMl", ({ findings }) => findings.massBalance?.missingMl],
  ["previousId", ({ previous }) => previous?.previousId],
  ["previousSide", ({ previous }) => previous?.side],
  ...measureColumns("previous", ({ previous }) => previous),
  ["notForDiagnosis", ({ findings }) => findings.notForDiagnosis],
];

/**
 * UTF-8 text after RFC 4180 with CRLF, without a byte order mark; decimal point; the first row names the columns. Leaks without a
 * lesion come after the others with empty lesion columns; last, with neither lesion nor leak, cement of an earlier procedure.
 */
export function findingsTable(findings: Findings): string {
  const rows: Row[] = findings.lesions.flatMap((lesion): Row[] => {
    const leaks = findings.leaks.filter((leak) => leak.lesionRef === lesion.lesionId);
    return leaks.length > 0
      ? leaks.map((leak) => ({ findings, lesion, leak }))
      : [{ findings, lesion, leak: null }];
  });
  const known = new Set(findings.lesions.map((lesion) => lesion.lesionId));
  for (const leak of findings.leaks) {
    if (leak.lesionRef === null || !known.has(leak.lesionRef)) rows.push({ findings, lesion: null, leak });
  }
  for (const previous of findings.previousCement ?? [])
    rows.push({ findings, lesion: null, leak: null, previous });
  return [
    csvLine(COLUMNS.map(([name]) => name)),
    ...rows.map((row) => csvLine(COLUMNS.map(([, value]) => value(row)))),
  ].join("");
}

/** One row after RFC 4180, with its line end. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(",")}\r\n`;

/** A cell that a spreadsheet would run as a formula is prefixed by an apostrophe (DOMAIN §8); numbers are never touched. */
function cell(value: Cell): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return String(value);
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
