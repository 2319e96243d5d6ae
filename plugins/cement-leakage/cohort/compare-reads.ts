// Two readings of one case, leak by leak: matched one to one by overlap and distance, with what differs.
import { voxelVolumeMm3, type VoxelGrid } from "#core/space";
import { boundingBox, growBoxMm } from "#voxels/box";
import { distanceAt, distanceToMaskMm } from "#voxels/distance";
import { forEachRun, isEmpty, voxelCount, type RunMask } from "#voxels/mask";
import { overlapCount } from "#voxels/set-operations";
import type { Answer, FindingsLeak } from "../model/findings.ts";
import { agreementOf, tableOf, type Agreement } from "./agreement.ts";

export type ReadLeak = Pick<FindingsLeak, "leakId" | "side" | "route" | "confidence"> & {
  /** Null: the reader left it open. */
  readonly site: FindingsLeak["site"] | null;
  /** On the grid of the case; null where the leak has no voxels (metal, or a file without its SEG). */
  readonly mask: RunMask | null;
};

export interface ReadAnswer {
  readonly lesionId: string;
  readonly site: FindingsLeak["site"];
  readonly answer: Answer;
}

export interface Read {
  readonly documentId: string;
  readonly leaks: readonly ReadLeak[];
  readonly answers: readonly ReadAnswer[];
}

export type Difference =
  | "missed by the first"
  | "missed by the second"
  | "merged by the first"
  | "merged by the second"
  | "site"
  | "side"
  | "extent";

export interface ComparedLeak {
  readonly first: ReadLeak | null;
  readonly second: ReadLeak | null;
  /** Of the two masks, 0 to 1; null where one is missing. */
  readonly dice: number | null;
  /** Between the nearest voxels, mm; 0 where they overlap; null where one has no voxels. */
  readonly distanceMm: number | null;
  readonly differs: readonly Difference[];
  /** The leak of the other read that holds this one together with another ("merged"). */
  readonly mergedInto?: string;
}

export interface Comparison {
  readonly leaks: readonly ComparedLeak[];
  /** Both say "leak", or both "no leak". */
  readonly presenceAgrees: boolean;
  /** Sites of the matched leaks; null where none is matched. */
  readonly sites: Agreement | null;
  /** Checklist lines answered by both: the first's answer, the second's. */
  readonly answeredPairs: readonly [Answer, Answer][];
  readonly answers: Agreement | null;
  readonly answersDiffering: readonly { readonly first: ReadAnswer; readonly second: ReadAnswer }[];
  /** Of all leaked voxels together; null where neither read has any: undefined, not 1 (DOMAIN §7). */
  readonly dice: number | null;
  /** Second less first, mm3, of all leaks together. */
  readonly volumeDifferenceMm3: number;
}

/** Farther apart than this, two leaks without a common voxel are two leaks. */
const SAME_LEAK_MM = 5;
/** Below it the two outlines are not the same leak's, though they are matched. */
const SAME_EXTENT_DICE = 0.7;
/** A leak that lies by this share in a leak of the other read, which is matched with another, was merged into it. */
const MERGED_SHARE = 0.5;

/** Both reads on one grid; the order within a read doesn't matter: leaks are taken by their ids. */
export function compareReads(first: Read, second: Read, grid: VoxelGrid): Comparison {
  const byId = (a: ReadLeak, b: ReadLeak): number =>
    a.leakId.localeCompare(b.leakId, "en", { numeric: true });
  const ours = first.leaks.toSorted(byId);
  const theirs = second.leaks.toSorted(byId);
  const candidates = ours
    .flatMap((a) => theirs.map((b) => ({ a, b, ...nearness(a, b, grid) })))
    .filter(({ distanceMm, dice, a, b }) =>
      // Without voxels the place is unknown: the same site on the same side is all there is to go by.
      dice === null ? a.site !== null && a.site === b.site && a.side === b.side : distanceMm! <= SAME_LEAK_MM,
    )
    .toSorted((p, q) => (q.dice ?? 0) - (p.dice ?? 0) || (p.distanceMm ?? 0) - (q.distanceMm ?? 0));
  const taken = new Set<ReadLeak>();
  const leaks: ComparedLeak[] = [];
  for (const { a, b, dice, distanceMm } of candidates) {
    if (taken.has(a) || taken.has(b)) continue;
    taken.add(a).add(b);
    leaks.push({ first: a, second: b, dice, distanceMm, differs: differencesOf(a, b, dice) });
  }
  const alone = (list: readonly ReadLeak[], others: readonly ReadLeak[], which: "first" | "second"): void => {
    for (const leak of list.filter((one) => !taken.has(one))) {
      const holder = others.find((other) => shareInside(leak, other) >= MERGED_SHARE);
      const other = which === "first" ? "second" : "first";
      leaks.push({
        first: which === "first" ? leak : null,
        second: which === "second" ? leak : null,
        dice: null,
        distanceMm: null,
        differs: [holder ? `merged by the ${other}` : `missed by the ${other}`],
        ...(holder ? { mergedInto: holder.leakId } : {}),
      });
    }
  };
  alone(ours, theirs, "first");
  alone(theirs, ours, "second");

  const pairs = leaks.flatMap(({ first: a, second: b }): [string, string][] =>
    a?.site && b?.site ? [[a.site, b.site]] : [],
  );
  const answered = first.answers.flatMap((a) => {
    const b = second.answers.find((entry) => entry.lesionId === a.lesionId && entry.site === a.site);
    return b ? [{ first: a, second: b }] : [];
  });
  const answeredPairs = answered.map(({ first: a, second: b }): [Answer, Answer] => [a.answer, b.answer]);
  const volumeMm3 = (list: readonly ReadLeak[]): number =>
    list.reduce((sum, { mask }) => sum + (mask ? voxelCount(mask) : 0), 0) * voxelVolumeMm3(grid);
  return {
    leaks: leaks.toSorted((p, q) => byId(p.first ?? p.second!, q.first ?? q.second!)),
    presenceAgrees: ours.length > 0 === theirs.length > 0,
    sites: agreementOf(tableOf(pairs).table),
    answeredPairs,
    answers: agreementOf(tableOf(answeredPairs).table),
    answersDiffering: answered.filter(({ first: a, second: b }) => a.answer !== b.answer),
    dice: diceOfAll(ours, theirs),
    volumeDifferenceMm3: volumeMm3(theirs) - volumeMm3(ours),
  };
}

function differencesOf(a: ReadLeak, b: ReadLeak, dice: number | null): Difference[] {
  return [
    ...(a.site === b.site ? [] : (["site"] as const)),
    ...(a.side === b.side ? [] : (["side"] as const)),
    ...(dice !== null && dice < SAME_EXTENT_DICE ? (["extent"] as const) : []),
  ];
}

function nearness(
  a: ReadLeak,
  b: ReadLeak,
  grid: VoxelGrid,
): { readonly dice: number | null; readonly distanceMm: number | null } {
  if (!a.mask || !b.mask || isEmpty(a.mask) || isEmpty(b.mask)) return { dice: null, distanceMm: null };
  const common = overlapCount(a.mask, b.mask);
  const dice = (2 * common) / (voxelCount(a.mask) + voxelCount(b.mask));
  return { dice, distanceMm: common > 0 ? 0 : gapMm(a.mask, b.mask, grid) };
}

/** From the nearest voxel centre to the nearest, mm; Infinity where they are farther apart than leaks can be matched. */
function gapMm(a: RunMask, b: RunMask, grid: VoxelGrid): number {
  const around = boundingBox(a);
  if (!around) return Infinity;
  const map = distanceToMaskMm(a, grid, growBoxMm(around, SAME_LEAK_MM, grid));
  let least = Infinity;
  forEachRun(b, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      const mm = distanceAt(map, i, j, k);
      if (mm < least) least = mm; // NaN outside the box compares false
    }
  });
  return least;
}

function shareInside(leak: ReadLeak, other: ReadLeak): number {
  if (!leak.mask || !other.mask || isEmpty(leak.mask)) return 0;
  return overlapCount(leak.mask, other.mask) / voxelCount(leak.mask);
}

/** Leaks of one read never share a voxel, so that their overlaps add up. */
function diceOfAll(ours: readonly ReadLeak[], theirs: readonly ReadLeak[]): number | null {
  const voxels = (list: readonly ReadLeak[]): number =>
    list.reduce((sum, { mask }) => sum + (mask ? voxelCount(mask) : 0), 0);
  const total = voxels(ours) + voxels(theirs);
  if (total === 0) return null;
  let common = 0;
  for (const { mask: a } of ours) for (const { mask: b } of theirs) if (a && b) common += overlapCount(a, b);
  return (2 * common) / total;
}
