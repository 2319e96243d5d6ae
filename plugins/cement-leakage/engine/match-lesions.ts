// Which cast belongs to which treated lesion: by bone, side, level and order along the spine, never by the order in a list.
import type { Vec3 } from "#core/space";
import { distance } from "#core/space";
import type { Lesion } from "../model/case-document.ts";
import type { Intraosseous } from "./proposal.ts";

export type StatedLesion = Pick<Lesion, "bone" | "side"> & Partial<Pick<Lesion, "sacralLevels" | "vertebra">>;

/** Casts of one side of a sacrum this far apart are of one lesion. */
const ONE_LESION_MM = 70;
/** Casts of one vertebra lie within its height. */
const ONE_VERTEBRA_MM = 20;

/**
 * For each cast the index of its lesion: below `lesions.length` one that was stated, from there on a lesion that the CT alone shows.
 * A stated lesion gets its best cast first; further casts beside it are its fragments. Where several vertebrae are stated and another
 * number of them holds cement, nobody can tell which is which, and none is given.
 */
export function matchLesions(lesions: readonly StatedLesion[], casts: readonly Intraosseous[]): number[] {
  const order = casts.map((_, n) => n).sort((a, b) => casts[b].volumeMm3 - casts[a].volumeMm3);
  const groups = groupsOf(casts, order);
  const lesionOf = casts.map(() => -1);
  for (const [cast, lesion] of vertebraeInOrder(lesions, groups)) lesionOf[cast] = lesion;
  const bare = (lesion: number): boolean => !lesionOf.includes(lesion);
  const pairs = order.flatMap((cast) =>
    lesions.map((stated, lesion) => ({ cast, lesion, misfit: misfitOf(stated, casts[cast]) })),
  );
  for (const { cast, lesion } of pairs.sort((a, b) => a.misfit - b.misfit).filter((p) => p.misfit < NEVER))
    if (lesionOf[cast] < 0 && bare(lesion) && !ambiguousVertebra(lesions, lesion)) lesionOf[cast] = lesion;
  let next = lesions.length;
  for (const cast of order) {
    if (lesionOf[cast] >= 0) continue;
    const beside = order.filter(
      (other) => lesionOf[other] >= 0 && oneLesion(casts[other], casts[cast]) && fits(lesionOf[other], cast),
    );
    lesionOf[cast] = beside.length > 0 ? lesionOf[nearest(cast, beside)] : next++;
  }
  return lesionOf;

  function fits(lesion: number, cast: number): boolean {
    return lesion >= lesions.length || misfitOf(lesions[lesion], casts[cast]) < NEVER;
  }
  function nearest(cast: number, others: readonly number[]): number {
    const mm = (other: number): number => distance(casts[other].centroidMm, casts[cast].centroidMm);
    return others.reduce((best, other) => (mm(other) < mm(best) ? other : best));
  }
}

const NEVER = 100;

/** 0: all that is stated agrees; a side that was left at "midline" says little; another side or bone is another lesion. */
function misfitOf(stated: StatedLesion, cast: Intraosseous): number {
  if (isBlank(stated)) return 3;
  if (stated.bone !== cast.bone && stated.bone !== "other") return NEVER;
  if (stated.bone === "vertebra") return 0;
  const opposite = stated.side !== cast.side && stated.side !== "midline" && cast.side !== "midline";
  if (opposite && stated.side !== "bilateral") return NEVER;
  const levels = stated.sacralLevels ?? [];
  const apart =
    levels.length > 0 && cast.levels.length > 0 && !cast.levels.some((level) => levels.includes(level));
  return (stated.side === cast.side ? 0 : 1) + (apart ? 2 : 0);
}

/** The lesion that every new case begins with says nothing yet. */
export const isBlank = ({ bone, side, sacralLevels, vertebra }: StatedLesion): boolean =>
  bone === "sacrum" && side === "midline" && sacralLevels === undefined && vertebra === undefined;

const ambiguousVertebra = (lesions: readonly StatedLesion[], lesion: number): boolean =>
  lesions[lesion].bone === "vertebra" && lesions.filter(({ bone }) => bone === "vertebra").length > 1;

const oneLesion = (a: Intraosseous, b: Intraosseous): boolean => {
  if (a.bone !== b.bone) return false;
  if (a.bone === "vertebra") return Math.abs(a.centroidMm[2] - b.centroidMm[2]) < ONE_VERTEBRA_MM;
  const sides = a.side === b.side || a.side === "midline" || b.side === "midline";
  return sides && distance(a.centroidMm, b.centroidMm) < ONE_LESION_MM;
};

/** Casts of one bone beside each other, by cast index; each group begins with its largest cast. */
function groupsOf(casts: readonly Intraosseous[], order: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const cast of order) {
    const own = groups.find(([largest]) => oneLesion(casts[largest], casts[cast]));
    if (own) own.push(cast);
    else groups.push([cast]);
  }
  return groups.filter(([largest]) => casts[largest].bone === "vertebra").sort(fromAbove);

  function fromAbove([a]: readonly number[], [b]: readonly number[]): number {
    return casts[b].centroidMm[2] - casts[a].centroidMm[2];
  }
}

/** Named vertebrae from above to below take the groups of casts in theirs, where there are as many of them. */
function vertebraeInOrder(lesions: readonly StatedLesion[], groups: readonly number[][]): [number, number][] {
  const named = lesions
    .map((lesion, n) => ({ n, height: heightOf(lesion.vertebra) }))
    .filter(({ n, height }) => lesions[n].bone === "vertebra" && height !== null)
    .sort((a, b) => (a.height ?? 0) - (b.height ?? 0));
  const vertebrae = lesions.filter(({ bone }) => bone === "vertebra").length;
  if (named.length !== vertebrae || named.length !== groups.length) return [];
  return named.flatMap(({ n }, at) => groups[at].map((cast): [number, number] => [cast, n]));
}

/** Vertebrae counted from C1 downwards. */
function heightOf(vertebra: string | undefined): number | null {
  const [, letter, number] = /^([CTL])(\d+)$/.exec(vertebra ?? "") ?? [];
  return letter === undefined ? null : [0, 7, 19]["CTL".indexOf(letter)] + Number(number);
}

/** The lesion that a place belongs to: the only one of its side, else the one whose cast is clearly the nearest; null where none is. */
export function lesionAt(
  at: { readonly centroidMm: Vec3; readonly side: string },
  casts: readonly Intraosseous[],
  lesionOfCast: readonly number[],
): number | null {
  const all = [...new Set(lesionOfCast)];
  if (all.length < 2) return all[0] ?? null;
  const mm = (lesion: number): number =>
    Math.min(
      ...casts.flatMap((cast, n) =>
        lesionOfCast[n] === lesion ? [distance(cast.centroidMm, at.centroidMm)] : [],
      ),
    );
  const same = all.filter((lesion) =>
    casts.some((cast, n) => lesionOfCast[n] === lesion && cast.bone !== "vertebra" && cast.side === at.side),
  );
  if (same.length === 1) return same[0];
  const [first, second] = (same.length > 1 ? same : all).toSorted((a, b) => mm(a) - mm(b));
  return mm(first) < CLEARLY_NEARER * mm(second) ? first : null;
}

const CLEARLY_NEARER = 0.7;
