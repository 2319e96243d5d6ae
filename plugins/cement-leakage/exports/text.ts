// Findings as plain text for a dictated report, in English and Chinese: side, level, site, size, limits.
import type { Locale } from "#core/problem";
import type { Findings, FindingsLeak, FindingsLesion, Measures } from "../model/findings.ts";
import { measuredText } from "../model/measurements.ts";
import { volumeText } from "../model/measures.ts";
import { SITES, siteOf } from "../model/sites.ts";
import { TEXT_WORDS as W, type Word } from "./text-words.ts";

/** Lines end with "\n". A draft begins and ends with the word DRAFT; every text ends with what it is not for. */
export function findingsText(findings: Findings, locale: Locale): string {
  const say = (word: Word): string => word[locale];
  const draft = findings.status === "draft";
  const lines = [
    ...(draft ? [say(W.draft)] : []),
    ...(findings.status === "amended" ? [say(W.amended)] : []),
    say(W.title[findings.procedure.type]),
    ...findings.lesions.flatMap((lesion) => lesionLines(lesion, findings, locale)),
    ...unattributed(findings, locale),
    ...totalLine(findings, locale),
    ...measurementsLine(findings, locale),
    ...notAssessedLine(findings, locale),
    `${say(W.limits)}${say(W.colon)}${limitsOf(findings, locale).join(say(W.semicolon))}${say(W.stop)}`,
    ...(draft ? [say(W.draft)] : [signedLine(findings, locale)]),
    say(W.notForDiagnosis),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function lesionLines(lesion: FindingsLesion, findings: Findings, locale: Locale): string[] {
  const say = (word: Word): string => word[locale];
  const place = [boneName(lesion, locale), say(W.side[lesion.side]), levels(lesion.sacralLevels)].filter(
    Boolean,
  );
  const cement = lesion.cement?.volumeMm3
    ? `${say(W.cementInBone)} ${sizeOf(lesion.cement, locale)}`
    : say(W.noCementMeasured);
  const injected =
    lesion.injectedVolumeMl === undefined
      ? []
      : [`${say(W.injected)} ${lesion.injectedVolumeMl.toFixed(1)} mL`];
  const leaks = findings.leaks.filter((leak) => leak.lesionRef === lesion.lesionId);
  const head = `${say(W.lesion)} ${lesion.lesionId}${say(W.colon)}${place.join(say(W.comma))}`;
  return [
    `${head}${say(W.stop)}${[cement, ...injected].join(say(W.semicolon))}${say(W.stop)}`,
    ...(leaks.length > 0
      ? [
          `${say(W.leaks)} (${leaks.length})${say(W.colon).trimEnd()}`,
          ...leaks.map((leak) => leakLine(leak, locale)),
        ]
      : [`${say(W.leakage)}${say(W.colon)}${say(W.answer[lesion.leakage])}${say(W.stop)}`]),
    ...answersLine(lesion, findings, "absent", locale),
    ...answersLine(lesion, findings, "not_assessable", locale),
  ];
}

function leakLine(leak: FindingsLeak, locale: Locale): string {
  const say = (word: Word): string => word[locale];
  const site = leak.site === "other" && leak.siteText ? leak.siteText : siteOf(leak.site).name[locale];
  const nerve = leak.neuralRelation && leak.neuralRelation !== "none" ? leak.neuralRelation : null;
  const facts = [
    `${site}${leak.alsoPresacral ? say(W.alsoPresacral) : ""}`,
    say(W.side[leak.side]),
    levels(leak.sacralLevels),
    sizeOf(leak, locale),
    leak.max3dDiameterMm === undefined ? "" : `${say(W.extent)} ${leak.max3dDiameterMm.toFixed(1)} mm`,
    leak.maxBeyondCortexMm === undefined
      ? ""
      : say(W.beyondCortex).replace("#", `${leak.maxBeyondCortexMm.toFixed(1)} mm`),
    leak.route === "unknown" ? "" : say(W.route[leak.route]),
    nerve ? `${say(W.neural[nerve])}${leak.roots ? ` (${leak.roots.join(" ")})` : ""}` : "",
    say(W.confidence[leak.confidence]),
  ].filter(Boolean);
  return `- ${leak.leakId}${say(W.colon)}${facts.join(say(W.comma))}${say(W.stop)}`;
}

/** Voxel count, then the estimate with its interval; "at least" where the edge of the scan makes it a lower bound. */
function sizeOf(measures: Measures, locale: Locale): string {
  if (measures.volumeMm3 === undefined) return W.notMeasured[locale];
  const atLeast = measures.incomplete ? `${W.atLeast[locale]} ` : "";
  const estimate = measures.volumeEstimateMm3;
  const interval = measures.volumeCi95Mm3;
  const range = interval
    ? `${W.comma[locale]}95 % ${volumeText(interval[0])}–${volumeText(interval[1])}`
    : "";
  const beside = estimate === undefined ? "" : ` (${W.estimated[locale]} ${volumeText(estimate)}${range})`;
  return `${atLeast}${volumeText(measures.volumeMm3)}${beside}`;
}

const levels = (list: readonly string[] | undefined): string => list?.join("/") ?? "";

function boneName(lesion: FindingsLesion, locale: Locale): string {
  return lesion.bone === "vertebra" && lesion.vertebra
    ? `${lesion.vertebra} ${W.bone.vertebra[locale]}`
    : W.bone[lesion.bone][locale];
}

function answersLine(
  lesion: FindingsLesion,
  findings: Findings,
  answer: "absent" | "not_assessable",
  locale: Locale,
): string[] {
  const names = findings.siteAssessments
    .filter((entry) => entry.lesionRef === lesion.lesionId && entry.answer === answer)
    .map((entry) => `${siteOf(entry.site).name[locale]}${entry.reason ? ` (${entry.reason})` : ""}`);
  const label = answer === "absent" ? W.noLeakAt : W.notAssessableAt;
  return names.length > 0
    ? [`${label[locale]}${W.colon[locale]}${names.join(W.comma[locale])}${W.stop[locale]}`]
    : [];
}

function unattributed(findings: Findings, locale: Locale): string[] {
  const leaks = findings.leaks.filter(
    (leak) => !findings.lesions.some((lesion) => lesion.lesionId === leak.lesionRef),
  );
  return leaks.length > 0
    ? [
        `${W.unattributed[locale]}${W.colon[locale].trimEnd()}`,
        ...leaks.map((leak) => leakLine(leak, locale)),
      ]
    : [];
}

function totalLine(findings: Findings, locale: Locale): string[] {
  const leaked = sum(findings.leaks);
  const inBone = sum(findings.lesions.map((lesion) => lesion.cement ?? {}));
  if (leaked === 0) return [];
  const share = ((100 * leaked) / (leaked + inBone)).toFixed(1);
  return [
    `${W.total[locale]}${W.colon[locale]}${volumeText(leaked)}${W.comma[locale]}${W.ofCementFound[locale].replace("#", `${share} %`)}${W.stop[locale]}`,
  ];
}

const sum = (things: readonly Measures[]): number =>
  things.reduce((total, thing) => total + (thing.volumeMm3 ?? 0), 0);

function measurementsLine({ measurements = [] }: Findings, locale: Locale): string[] {
  const values = measurements.map((one) => `${one.measurementId} ${measuredText(one)}`);
  return values.length > 0
    ? [`${W.measurements[locale]}${W.colon[locale]}${values.join(W.semicolon[locale])}${W.stop[locale]}`]
    : [];
}

function notAssessedLine(findings: Findings, locale: Locale): string[] {
  const names = (findings.notAssessed ?? []).map((entry) => nameOfSite(entry, locale));
  return names.length > 0
    ? [`${W.notAssessedLabel[locale]}${W.colon[locale]}${names.join(W.comma[locale])}${W.stop[locale]}`]
    : [];
}

const nameOfSite = (id: string, locale: Locale): string =>
  SITES.find((site) => site.id === id)?.name[locale] ?? id;

function limitsOf(findings: Findings, locale: Locale): string[] {
  const { imaging } = findings;
  const things = [...findings.leaks, ...findings.lesions.flatMap((lesion) => lesion.cement ?? [])];
  const floors = [...new Set(things.flatMap((thing) => thing.thresholdHu ?? []))];
  const spacing = imaging.pixelSpacingMm.map((mm) => mm.toFixed(2)).join(" × ");
  const thick = imaging.sliceThicknessMm ?? imaging.sliceSpacingMm;
  return [
    `${W.slices[locale]} ${thick} mm${W.comma[locale]}${W.pixels[locale]} ${spacing} mm`,
    ...(thick > 1.5 ? [W.thickSlices[locale]] : []),
    ...(floors.length > 0 ? [`${W.floor[locale]} ${floors.join(", ")} HU`] : []),
    ...(things.some((thing) => thing.huClipped) ? [W.clipped[locale]] : []),
    ...(things.some((thing) => thing.incomplete) ? [W.incomplete[locale]] : []),
    ...(imaging.sideConfirmedByReader ? [W.sideConfirmed[locale]] : []),
    `${W.definitions[locale]}${W.definitionsVersion[findings.definitionsVersion]?.[locale] ?? findings.definitionsVersion}`,
  ];
}

function signedLine(findings: Findings, locale: Locale): string {
  const names = findings.readers.map((reader) =>
    reader.readAt ? `${reader.readerId}, ${reader.readAt.slice(0, 10)}` : reader.readerId,
  );
  return `${W.signedBy[locale]}${W.colon[locale]}${names.join("; ")}`;
}
