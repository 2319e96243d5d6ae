// The sentences that the copyable text and the printed page have in common: sizes, places, negatives, limits, signatures.
import type { Locale } from "#core/problem";
import type { Findings, FindingsLeak, FindingsLesion, Measures } from "../model/findings.ts";
import { balanceText } from "../model/mass-balance.ts";
import { measuredText } from "../model/measurements.ts";
import { volumeText } from "../model/measures.ts";
import { checklistFor, SITES, siteOf } from "../model/sites.ts";
import { TEXT_WORDS as W } from "./text-words.ts";

type Sized = Measures & Pick<Partial<FindingsLeak>, "notMeasurable">;

/** Voxel count; "at least" where the edge of the scan makes it a lower bound. */
export function countedText(measures: Sized, locale: Locale): string {
  if (measures.notMeasurable) return W.notMeasurable[locale];
  if (measures.volumeMm3 === undefined) return W.notMeasured[locale];
  const atLeast = measures.incomplete ? W.atLeast[locale] : "";
  return `${atLeast}${volumeText(measures.volumeMm3)}`;
}

/** "estimate 0.51 mL, 95 % 0.48 mL–0.54 mL"; null where there is none. */
function estimateText(measures: Sized, locale: Locale): string | null {
  const { volumeMm3, volumeEstimateMm3: estimate, volumeCi95Mm3: interval } = measures;
  if (measures.notMeasurable || volumeMm3 === undefined || estimate === undefined) return null;
  const range = interval
    ? `${W.comma[locale]}95 % ${volumeText(interval[0])}–${volumeText(interval[1])}`
    : "";
  return `${W.estimated[locale]} ${volumeText(estimate)}${range}`;
}

/** Voxel count, then the estimate with its interval. */
export function sizeText(measures: Sized, locale: Locale): string {
  const estimate = estimateText(measures, locale);
  return `${countedText(measures, locale)}${estimate === null ? "" : ` (${estimate})`}`;
}

export const mmText = (mm: number): string => `${mm.toFixed(1)} mm`;
export const injectedText = (ml: number): string => `${ml.toFixed(1)} mL`;
export const levelsText = (list: readonly string[] | undefined): string => list?.join("/") ?? "";

export function leakSiteText(leak: FindingsLeak, locale: Locale): string {
  const site = leak.site === "other" && leak.siteText ? leak.siteText : siteOf(leak.site).name[locale];
  return `${site}${leak.alsoPresacral ? W.alsoPresacral[locale] : ""}`;
}

/** "contact with a nerve (S1 S2)"; null where none is recorded. */
export function neuralText(leak: FindingsLeak, locale: Locale): string | null {
  if (!leak.neuralRelation || leak.neuralRelation === "none") return null;
  return `${W.neural[leak.neuralRelation][locale]}${leak.roots ? ` (${leak.roots.join(" ")})` : ""}`;
}

/** "L4 vertebra, midline": bone, side, levels. */
export function lesionPlaceText(lesion: FindingsLesion, locale: Locale): string {
  const bone =
    lesion.bone === "vertebra" && lesion.vertebra
      ? `${lesion.vertebra} ${W.bone.vertebra[locale]}`
      : W.bone[lesion.bone][locale];
  return [bone, W.side[lesion.side][locale], levelsText(lesion.sacralLevels)]
    .filter(Boolean)
    .join(W.comma[locale]);
}

/** Sites of a lesion with that answer, each with its reason. */
export const answeredSites = (
  lesion: FindingsLesion,
  findings: Findings,
  answer: "absent" | "not_assessable",
  locale: Locale,
): string[] =>
  findings.siteAssessments
    .filter((entry) => entry.lesionRef === lesion.lesionId && entry.answer === answer)
    .map((entry) => `${siteOf(entry.site).name[locale]}${entry.reason ? ` (${entry.reason})` : ""}`);

/** Sites of the lesion's checklist that nobody answered. */
export const unansweredSites = (lesion: FindingsLesion, findings: Findings, locale: Locale): string[] =>
  checklistFor(lesion.bone, findings.terms ?? [])
    .filter(
      ({ id }) =>
        !findings.siteAssessments.some((entry) => entry.lesionRef === lesion.lesionId && entry.site === id),
    )
    .map((site) => site.name[locale]);

/** Sites that no lesion's checklist asks for and this CT does not show; one with a leak was seen after all. */
export const notAssessedSites = (findings: Findings, locale: Locale): string[] =>
  (findings.notAssessed ?? [])
    .filter((id) => !findings.leaks.some((leak) => leak.site === id))
    .map((id) => SITES.find((site) => site.id === id)?.name[locale] ?? id);

export const leaksOfLesion = (findings: Findings, lesion: FindingsLesion): FindingsLeak[] =>
  findings.leaks.filter((leak) => leak.lesionRef === lesion.lesionId);

export const unattributedLeaks = (findings: Findings): FindingsLeak[] =>
  findings.leaks.filter((leak) => !findings.lesions.some((lesion) => lesion.lesionId === leak.lesionRef));

/** mm3 of all leaks that were measured. */
export const leakedMm3 = (findings: Findings): number => sum(findings.leaks);

/** "1.23 mL, 11.0 % of the cement found"; null where nothing leaked that was measured. */
export function totalText(findings: Findings, locale: Locale): string | null {
  const leaked = leakedMm3(findings);
  const inBone = sum(findings.lesions.map((lesion) => lesion.cement ?? {}));
  if (leaked === 0) return null;
  const share = ((100 * leaked) / (leaked + inBone)).toFixed(1);
  return `${volumeText(leaked)}${W.comma[locale]}${W.ofCementFound[locale].replace("#", `${share} %`)}`;
}

const sum = (things: readonly Measures[]): number =>
  things.reduce((total, thing) => total + (thing.volumeMm3 ?? 0), 0);

/** Injected against found; null where what was injected is not known of every lesion. */
export function balanceSentence(findings: Findings, locale: Locale): string | null {
  const { massBalance } = findings;
  if (!massBalance) return null;
  const cutOff = measuredThings(findings).some((thing) => thing.incomplete);
  return balanceText({ ...massBalance, missingMl: massBalance.missingMl ?? null }, cutOff)[locale];
}

const measuredThings = (findings: Findings): Measures[] => [
  ...findings.leaks,
  ...findings.lesions.flatMap((lesion) => lesion.cement ?? []),
];

export const measurementTexts = ({ measurements = [] }: Findings): string[] =>
  measurements.map((one) => `${one.measurementId} ${measuredText(one)}`);

/** What bounds every number: slices, pixels, floor, clipping, the scan's edge, and whose definitions. */
export function limitsOf(findings: Findings, locale: Locale): string[] {
  const { imaging } = findings;
  const things = measuredThings(findings);
  const floors = [...new Set(things.flatMap((thing) => thing.thresholdHu ?? []))];
  const spacing = imaging.pixelSpacingMm.map((mm) => mm.toFixed(2)).join(" × ");
  const thick = imaging.sliceThicknessMm ?? imaging.sliceSpacingMm;
  return [
    `${W.slices[locale]} ${thick} mm${W.comma[locale]}${W.pixels[locale]} ${spacing} mm`,
    ...(thick > 1.5 ? [W.thickSlices[locale]] : []),
    ...(floors.length > 0 ? [`${W.floor[locale]} ${floors.join(", ")} HU`] : []),
    ...(things.some((thing) => thing.huClipped) ? [W.clipped[locale]] : []),
    ...(things.some((thing) => thing.incomplete) ? [W.incomplete[locale]] : []),
    ...valueNotes(findings, locale),
    ...(imaging.sideConfirmedByReader ? [W.sideConfirmed[locale]] : []),
    `${W.definitions[locale]}${W.definitionsVersion[findings.definitionsVersion]?.[locale] ?? findings.definitionsVersion}`,
  ];
}

/** What the values themselves limit: no HU, contrast in the vessels. */
export const valueNotes = (findings: Findings, locale: Locale): string[] => [
  ...(findings.imaging.huCalibrated === false ? [W.noHu[locale]] : []),
  ...(findings.imaging.contrast || findings.imaging.vesselHu !== undefined
    ? [contrastText(findings, locale)]
    : []),
];

/** "contrast given (IOMEPROL 350), a vessel of 320 HU: …". */
function contrastText({ imaging }: Findings, locale: Locale): string {
  const { contrast, contrastAgent, vesselHu } = imaging;
  const facts = [
    ...(contrast ? [`${W.contrastGiven[locale]}${contrastAgent ? ` (${contrastAgent})` : ""}`] : []),
    ...(vesselHu === undefined ? [] : [W.vessel[locale].replace("#", String(vesselHu))]),
  ];
  return `${facts.join(W.comma[locale])}${W.colon[locale]}${W.veinsAlike[locale]}`;
}

/** "READER^ONE, 2025-01-02 10:14 UTC (radiologist)" for each reader. */
export const readersText = (findings: Findings): string =>
  findings.readers
    .map(({ readerId, readAt, role }) =>
      [readAt ? `${readerId}, ${timeText(readAt)}` : readerId, role && `(${role})`].filter(Boolean).join(" "),
    )
    .join("; ");

/** "2025-01-02 10:14 UTC" of an ISO time in UTC; anything else as it stands. */
export function timeText(iso: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::[\d.]+)?Z$/.exec(iso) ?? [];
  return day ? `${day} ${time} UTC` : iso;
}
