// What was measured beside volumes, in words: where a leak lies, cement of an earlier procedure, metal, and the earlier CT.
import type { Locale } from "#core/problem";
import type { Findings, FindingsLeak } from "../model/findings.ts";
import { mmText, sizeText } from "./sentences.ts";
import { TEXT_WORDS, type Word } from "./text-words.ts";

const word = (en: string, zh: string): Word => ({ en, zh });

const W = {
  attached: word("attached to the cement in bone", "与骨内骨水泥相连"),
  detached: word("detached", "游离"),
  neck: word("neck #", "颈部 #"),
  shape: {
    tubular: word("Tubular", "管状"),
    sheet: word("Sheet", "片状"),
    blob: word("Blob", "团块状"),
    "straight column": word("Straight column", "直柱状"),
  } satisfies Record<NonNullable<FindingsLeak["geometry"]>["shape"], Word>,
  toCanal: word("# from the canal", "距椎（骶）管 #"),
  toForamen: word("# from the nearest foramen seen", "距所见最近孔 #"),
  toPelvicSurface: word("# from the pelvic surface", "距骶骨盆面 #"),
  toL5Root: word("# from the L5 root", "距 L5 神经根 #"),
  toTrunk: word("# from the lumbosacral trunk", "距腰骶干 #"),
  nerveCourses: word(
    "(estimated courses, to about 10 mm: contact with a nerve is not excluded)",
    "（走行为估计，误差约 10 mm：不能排除与神经接触）",
  ),
  canalNarrowing: word("takes # of the canal's depth", "占椎（骶）管前后径 #"),
  border: word("bone border ± #", "骨边界 ± #"),
  metalBeside: word(
    "Metal, with what cement may touch it, not measurable (metal)",
    "金属及可能与之相接的骨水泥，不可测（金属）",
  ),
  places: word("places: #", "# 处"),
  previous: word("Cement of an earlier procedure, not counted", "既往手术骨水泥，不计入"),
  comparedWithPrior: word("compared with an earlier CT", "已与既往 CT 比较"),
  noPrior: word("no earlier CT was compared", "未与既往 CT 比较"),
} as const;

/** "#" in the words becomes the value; nothing where it was not measured. */
const filled = (
  words: Word,
  value: number | undefined,
  text: (value: number) => string,
  locale: Locale,
): string[] => (value === undefined ? [] : [words[locale].replace("#", text(value))]);

/** Where a leak lies, as the engine measured it; a nerve's course is always called estimated, and contact is never denied. */
export function placeTexts({ geometry }: FindingsLeak, locale: Locale): string[] {
  if (!geometry) return [];
  const comma = TEXT_WORDS.comma[locale];
  const nerves = [
    ...filled(W.toL5Root, geometry.toL5RootEstimatedMm, mmText, locale),
    ...filled(W.toTrunk, geometry.toLumbosacralTrunkEstimatedMm, mmText, locale),
  ];
  return [
    [
      W.shape[geometry.shape][locale],
      (geometry.attached ? W.attached : W.detached)[locale],
      ...filled(W.neck, geometry.neckAreaMm2, (mm2) => `${mm2.toFixed(1)} mm²`, locale),
    ].join(comma),
    [
      ...filled(W.toCanal, geometry.toCanalMm, mmText, locale),
      ...filled(W.toForamen, geometry.toForamenMm, mmText, locale),
      ...filled(W.toPelvicSurface, geometry.toPelvicSurfaceMm, mmText, locale),
    ].join(comma),
    nerves.length > 0 ? `${nerves.join(comma)} ${W.nerveCourses[locale]}` : "",
    ...filled(W.canalNarrowing, geometry.canalNarrowingPct || undefined, (share) => `${share} %`, locale),
    ...filled(W.border, geometry.borderUncertaintyMm, mmText, locale),
  ].filter(Boolean);
}

/** Lines of their own: earlier cement, and metal that no volume can be given for. */
export function besideLines({ previousCement = [], notCement = [] }: Findings, locale: Locale): string[] {
  const earlier = previousCement.map((part) =>
    [part.previousId, part.side && TEXT_WORDS.side[part.side][locale], sizeText(part, locale)]
      .filter(Boolean)
      .join(TEXT_WORDS.comma[locale]),
  );
  const metal = notCement.filter((part) => part.notMeasurable).length;
  const line = (label: Word, texts: readonly string[]): string[] =>
    texts.length > 0
      ? [
          `${label[locale]}${TEXT_WORDS.colon[locale]}${texts.join(TEXT_WORDS.semicolon[locale])}${TEXT_WORDS.stop[locale]}`,
        ]
      : [];
  return [
    ...line(W.previous, earlier),
    ...line(W.metalBeside, filled(W.places, metal || undefined, String, locale)),
  ];
}

export const priorText = ({ imaging }: Findings, locale: Locale): string =>
  (imaging.priorStudyUid ? W.comparedWithPrior : W.noPrior)[locale];
