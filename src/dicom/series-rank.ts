// What a series is worth for reading cement: what kind it is, what speaks for it, and which of several reconstructions comes first.
import type { AsideReason, Merit, SeriesSummary } from "#core/study";
import type { InstanceHeader } from "./instance-header.ts";
import { uncalibratedReason } from "./relative-values.ts";
import { CT_IMAGE_STORAGE, isCapture, isMultiFrameCt } from "./sop-class.ts";

/** What ranks one series among the others of its study. */
export interface Rank {
  /** mm along the stack; 0 where it has none. */
  readonly extentMm: number;
  /** 0 in HU, 1 on a scale of its own. */
  readonly uncalibrated: number;
  /** 0 original slices, 1 reformats, projections and renderings made from them. */
  readonly reformatted: number;
  /** 0 up to 1.3 mm, 1 up to 2.1, 2 up to 3.2, 3 beyond; by the thicker of slice and spacing. */
  readonly thickness: number;
  /** 0 bone, 1 soft or unknown, 2 lung or edge: those overshoot at the edge of cement. */
  readonly kernel: number;
  /** 0 with metal artefact reduction, 1 without. */
  readonly metal: number;
}

/** A stack with fewer slices than this is a monitoring scan or a stray image. */
const FEW_SLICES = 4;
const THIN_MM = 1.3;

/** Why a series is kept apart; null where it is a CT volume, be it damaged. `headers` are all of the series. */
export function asideReason(headers: readonly InstanceHeader[], openable: boolean): AsideReason | null {
  if (openable) return null;
  const words = headers[0].seriesDescription;
  const isCt = ({ modality, sopClassUid }: InstanceHeader): boolean =>
    modality === "CT" && (sopClassUid === CT_IMAGE_STORAGE || isMultiFrameCt(sopClassUid));
  if (headers.every(({ sopClassUid }) => isCapture(sopClassUid)) || headers.every(isScreen))
    return DOSE_WORDS.test(words) ? "dose" : "capture";
  if (!headers.some(isCt)) return headers[0].modality === "CT" ? "capture" : "other-modality";
  if (headers.every(isLocalizer)) return "localizer";
  const frames = headers.reduce((sum, { format }) => sum + format.numberOfFrames, 0);
  if (DOSE_WORDS.test(words) && frames < FEW_SLICES) return "dose";
  return frames < FEW_SLICES ? "few-slices" : null;
}

const DOSE_WORDS = /dose|patient protocol|exam summary|剂量/i;
const isLocalizer = ({ imageType }: InstanceHeader): boolean => imageType[2] === "LOCALIZER";
/** Scanners store their screens as CT images, too: in colour, or with eight bits and no scale of HU. */
const isScreen = ({ modality, format, imageType }: InstanceHeader): boolean =>
  modality === "CT" &&
  (format.samplesPerPixel > 1 ||
    imageType.some((value) => /SCREEN|PROT|DOSE/i.test(value)) ||
    (format.bitsAllocated === 8 && format.rescaleIntercept === null));

export function rankOf(
  header: InstanceHeader,
  spacingMm: number | null,
  imageCount: number,
): { readonly rank: Rank; readonly merits: readonly Merit[] } {
  const words = [header.seriesDescription, ...header.imageType, header.convolutionKernel];
  const mm = spacingMm === null ? 1000 : Math.max(spacingMm, header.sliceThicknessMm ?? 0);
  const rank: Rank = {
    extentMm: (spacingMm ?? 0) * Math.max(0, imageCount - 1),
    uncalibrated: uncalibratedReason(header) === null ? 0 : 1,
    reformatted: header.imageType.slice(1).some((value) => REFORMAT.test(value)) ? 1 : 0,
    thickness: mm <= THIN_MM ? 0 : mm <= 2.1 ? 1 : mm <= 3.2 ? 2 : 3,
    kernel: kernelRank(header.convolutionKernel || header.seriesDescription),
    metal: words.some(reducesMetal) ? 0 : 1,
  };
  const merits: Merit[] = [];
  if (rank.thickness === 0) merits.push("thin");
  if (rank.kernel === 0) merits.push("bone-kernel");
  if (rank.metal === 0) merits.push("metal-artefact-reduction");
  return { rank, merits };
}

const REFORMAT = /MPR|MIP|VRT|REFORMAT|PROJECTION|SECONDARY|RENDER/i;

/** Siemens iMAR, Philips O-MAR, GE (Smart) MAR, Canon SEMAR; "12 MAR 2020" is a date and "no MAR" says the contrary. */
function reducesMetal(words: string): boolean {
  if (/\b(no|non|without|w\/o|ohne|sans)[ _-]*(i-?|o-?|se|smart)?[ _-]*(mar\b|metal)/i.test(words))
    return false;
  return (
    /(?<![a-z])(i-?mar|o-?mar|semar|smart[ _-]?mar)(?![a-z])|metal[ _-]*art[ie]fact|去金属/i.test(words) ||
    /(?<![A-Za-z\d]|\d[ ./-])MAR(?![A-Za-z\d]|[ ./-]\d)/.test(words)
  );
}

/**
 * Orders series: openable before not, newest study first (a post-procedure CT is younger than its prior), HU before other scales, a stack that covers something
 * before a short one, acquired slices before reformats, then thin slices, bone kernel, metal artefact reduction, exact spacing,
 * extent, and the UID so that the order never changes. `rankOf` must know every summary.
 */
export function ranked<Series extends { readonly summary: SeriesSummary; readonly rank: Rank }>(
  series: readonly Series[],
): readonly Series[] {
  const longest = new Map<string, number>();
  for (const { summary, rank } of series) {
    if (!summary.openable) continue;
    const { studyInstanceUid } = summary.study;
    longest.set(studyInstanceUid, Math.max(rank.extentMm, longest.get(studyInstanceUid) ?? 0));
  }
  const isShort = ({ summary, rank }: Series): number => {
    const other = longest.get(summary.study.studyInstanceUid) ?? 0;
    return rank.extentMm < Math.min(SHORT_MM, other / 2) ? 1 : 0;
  };
  return [...series].sort((a, b) => {
    const [x, y] = [a.summary, b.summary];
    return (
      Number(y.openable) - Number(x.openable) ||
      text(dateOf(y), dateOf(x)) ||
      Number(x.aside !== null) - Number(y.aside !== null) ||
      a.rank.uncalibrated - b.rank.uncalibrated ||
      isShort(a) - isShort(b) ||
      a.rank.reformatted - b.rank.reformatted ||
      a.rank.thickness - b.rank.thickness ||
      a.rank.kernel - b.rank.kernel ||
      a.rank.metal - b.rank.metal ||
      tenths(x.sliceSpacingMm) - tenths(y.sliceSpacingMm) ||
      y.imageCount - x.imageCount ||
      text(x.seriesInstanceUid, y.seriesInstanceUid)
    );
  });
}

/** A sacrum is 100 mm high: a stack of less than this is a part of one where another covers twice as much. */
const SHORT_MM = 60;
const dateOf = ({ study }: SeriesSummary): string =>
  study.studyDate === "" ? "" : study.studyDate + study.studyTime;
const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Spacings within a tenth of a millimetre count as equal, so that the number of slices decides between them. */
const tenths = (spacingMm: number | null): number => Math.round((spacingMm ?? 1000) * 10);

/** Vendors' own names; unknown ones count as soft. */
function kernelRank(kernel: string): number {
  if (/lung|edge/i.test(kernel)) return 2;
  if (/bone|knochen|osseous|骨/i.test(kernel)) return 0;
  const siemens = /^[BHUJIQ][a-z]?(\d\d)/i.exec(kernel);
  if (siemens) {
    const sharpness = Number(siemens[1]);
    return sharpness >= 75 ? 2 : sharpness >= 55 ? 0 : 1;
  }
  return /^FC[38]\d/i.test(kernel) ? 0 : 1;
}
