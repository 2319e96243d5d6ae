// Do readers agree? Two reads of one case beside each other: presence, sites, checklist, leaks found by both, outlines and volumes.
import type { Answer } from "../model/findings.ts";
import { isLocalSite, SITE_IDS, type SiteId } from "../model/sites.ts";
import { agreementOf, type Agreement } from "./agreement.ts";
import type { CohortCase, Presence } from "./case-record.ts";
import type { Collected } from "./collect.ts";
import type { FindingsDigest } from "./digest.ts";
import { fiveNumbers } from "./outcomes.ts";
import { blandAltman, consistency, type BlandAltman, type Consistency, type Pair } from "./paired.ts";
import { proportion, type Proportion } from "./proportions.ts";
import { isNotNull } from "./values.ts";

type Both<T> = readonly [first: T, second: T];

/** Two reads of one case; null: not known from the documents that were given. */
interface ReadPair {
  /** The counted document of the case: it passes the filters, and opens. */
  readonly documentId: string;
  /** Pseudonyms; null where the two reads themselves were not given. */
  readonly readers: Both<string> | null;
  readonly presence: Both<boolean>;
  /** Checklist lines by site; null without the two reads. */
  readonly lines: readonly { readonly site: SiteId; readonly answers: Both<Presence | undefined> }[] | null;
  /** All checklist lines that both answered, as the adjudication kept them or the reads say. */
  readonly answers: readonly Both<string>[];
  /** Leak by leak, by place and overlap: known once the two were adjudicated. */
  readonly matched: {
    readonly sites: readonly Both<string>[];
    readonly onlyFirst: number;
    readonly onlySecond: number;
  } | null;
  /** Undefined: not compared; null: neither has a voxel. */
  readonly dice: number | null | undefined;
  /** All leaks of each read, mm3; null where a leak has no volume. */
  readonly volumesMm3: Both<number> | null;
  /** Second less first, mm3. */
  readonly volumeDifferenceMm3: number | null;
}

export interface SiteAgreement {
  /** null: all lines of the checklist together. */
  readonly site: SiteId | null;
  /** Present or absent by both. */
  readonly agreement: Agreement;
  /** Lines that one of the two left open or could not assess. */
  readonly keptOut: number;
}

export interface ReadAgreement {
  /** null: all pairs. */
  readonly readers: Both<string> | null;
  readonly pairs: number;
  /** A leak or none, per case. */
  readonly presence: Agreement | null;
  /** Present or absent, per lesion and site. */
  readonly sites: readonly SiteAgreement[];
  /** All answers of the checklist ("not assessable" is one of them), over all lines that both answered. */
  readonly answers: Agreement | null;
  /** The site that each gave to a leak that both found. */
  readonly matchedSites: Agreement | null;
  /** Leaks found by both, of all that either found; of pairs that were adjudicated. */
  readonly foundByBoth: Proportion;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Smallest, quartiles, largest, of pairs where either has a voxel. */
  readonly dice: { readonly n: number; readonly five: ReturnType<typeof fiveNumbers> | null };
  readonly volume: { readonly bland: BlandAltman | null; readonly icc: Consistency | null };
}

/** A case that was read twice, with what differs. */
export interface ReadCase {
  readonly documentId: string;
  readonly patient: string;
  readonly date: string;
  readonly readers: Both<string> | null;
  readonly presenceAgrees: boolean;
  readonly missed: number | null;
  readonly sitesDiffer: number | null;
  readonly answersDiffer: number;
  readonly dice: number | null;
  readonly volumeDifferenceMm3: number | null;
}

export interface AgreementOfReads {
  readonly overall: ReadAgreement;
  /** In the order of the readers' pseudonyms; the first of a pair is always the one with the smaller number. */
  readonly byReaders: readonly ReadAgreement[];
  /** Worst first. */
  readonly cases: readonly ReadCase[];
  /** Volumes of pairs, mm3, for the plot. */
  readonly volumesMm3: readonly Pair[];
}

/** Null where no case was read twice. `cases` are those that pass the filters. */
export function agreementOfReads(
  collected: Collected,
  cases: readonly CohortCase[],
): AgreementOfReads | null {
  if (collected.otherReads.length + collected.adjudications.length === 0) return null;
  const counted = new Map(cases.map((one) => [one.documentId, one]));
  const all = known.get(collected) ?? pairsOf(collected);
  known.set(collected, all);
  const pairs = all.filter(({ documentId }) => counted.has(documentId));
  if (pairs.length === 0) return null;
  const byReaders = new Map<string, { readonly readers: Both<string>; readonly pairs: ReadPair[] }>();
  for (const pair of pairs) {
    if (!pair.readers) continue;
    const [a, b] = pair.readers;
    const turned = b.localeCompare(a, "en", { numeric: true }) < 0;
    const readers: Both<string> = turned ? [b, a] : [a, b];
    const group = byReaders.get(readers.join(" ")) ?? { readers, pairs: [] };
    byReaders.set(readers.join(" "), group);
    group.pairs.push(turned ? turnedAround(pair) : pair);
  }
  return {
    overall: figuresOf(null, pairs),
    byReaders: [...byReaders.values()]
      .toSorted((a, b) => a.readers.join(" ").localeCompare(b.readers.join(" "), "en", { numeric: true }))
      .map(({ readers, pairs: mine }) => figuresOf(readers, mine)),
    cases: pairs.map((pair) => caseOf(pair, counted.get(pair.documentId)!)).toSorted(worstFirst),
    volumesMm3: pairs.map(({ volumesMm3 }) => volumesMm3).filter(isNotNull),
  };
}

/** Pairs of a cohort are the same with every filter. */
const known = new WeakMap<Collected, readonly ReadPair[]>();

function pairsOf({ counted, standing, otherReads, adjudications }: Collected): ReadPair[] {
  const records = new Map(
    [...counted, ...otherReads.map(({ record }) => record)].map((one) => [one.documentId, one]),
  );
  // An amendment stands for the document that it replaced.
  for (const { documentId, supersedes } of standing) {
    const now = records.get(documentId);
    if (supersedes && now && !records.has(supersedes)) records.set(supersedes, now);
  }
  const names = readerNames([...records.values()]);
  const nameOf = ({ reader }: CohortCase): string => names.get(reader) ?? "";
  const ofReads = (documentId: string, first: CohortCase, second: CohortCase): ReadPair => {
    const lines = linesOf(first, second);
    const volumesMm3 = both(volumeOf(first), volumeOf(second));
    return {
      documentId,
      readers: [nameOf(first), nameOf(second)],
      presence: [first.events.length > 0, second.events.length > 0],
      lines,
      answers: lines.flatMap(({ answers: [a, b] }) => (isAnswer(a) && isAnswer(b) ? [[a, b] as const] : [])),
      matched: null,
      dice: undefined,
      volumesMm3,
      volumeDifferenceMm3: volumesMm3 && volumesMm3[1] - volumesMm3[0],
    };
  };
  const adjudicated = adjudications.flatMap((digest): ReadPair[] => {
    const [a, b] = (digest.adjudicates ?? []).map((id) => records.get(id));
    const reads = a && b ? ofReads(digest.documentId, a, b) : null;
    if (!digest.pair) return reads ? [reads] : [];
    return [withPair(digest, digest.pair, reads)];
  });
  const decided = new Set(adjudications.flatMap(({ adjudicates = [] }) => adjudicates));
  const alone = otherReads.flatMap(({ documentId, secondReadOf, record }): ReadPair[] => {
    const first = secondReadOf === undefined ? undefined : records.get(secondReadOf);
    return first && !decided.has(documentId) ? [ofReads(first.documentId, first, record)] : [];
  });
  return [...adjudicated, ...alone];
}

/** What the adjudication kept of the comparison of voxels, over what the two reads themselves say. */
function withPair(
  { documentId }: FindingsDigest,
  pair: NonNullable<FindingsDigest["pair"]>,
  reads: ReadPair | null,
): ReadPair {
  const { matchedSites, onlyFirst, onlySecond, dice, volumeDifferenceMm3 } = pair;
  const answers = pair.answers.map(([a, b]): Both<string> => [wordOf(a), wordOf(b)]);
  const presence: Both<boolean> = [matchedSites.length + onlyFirst > 0, matchedSites.length + onlySecond > 0];
  return {
    documentId,
    readers: reads?.readers ?? null,
    presence: reads?.presence ?? presence,
    lines: reads?.lines ?? null,
    answers: reads?.answers ?? answers,
    matched: { sites: matchedSites, onlyFirst, onlySecond },
    dice,
    volumesMm3: reads?.volumesMm3 ?? null,
    volumeDifferenceMm3,
  };
}

const wordOf = (answer: Answer): string => (answer === "not_assessable" ? "not assessable" : answer);
const isAnswer = (answer: Presence | undefined): answer is Presence =>
  answer !== undefined && answer !== "not answered";
const both = <T>(a: T | null, b: T | null): Both<T> | null => (a === null || b === null ? null : [a, b]);

/** Readers are numbered in the order of their names ("R1"), whatever is filtered; the names go no further. */
function readerNames(records: readonly CohortCase[]): ReadonlyMap<string, string> {
  const readers = [...new Set(records.map(({ reader }) => reader))].filter(Boolean).toSorted();
  return new Map(readers.map((reader, n) => [reader, `R${n + 1}`]));
}

/** Lesions are the same in both reads: the second begins with those of the first. */
function linesOf(first: CohortCase, second: CohortCase): NonNullable<ReadPair["lines"]> {
  const others = new Map(second.lesions.map((lesion) => [lesion.lesionId, lesion]));
  return first.lesions.flatMap(({ lesionId, answers }) => {
    const theirs = others.get(lesionId)?.answers;
    if (!theirs) return [];
    const sites = siteIds([...Object.keys(answers), ...Object.keys(theirs)]);
    return sites.map((site) => ({ site, answers: [answers[site], theirs[site]] as const }));
  });
}

/** The sites of the definitions in their order, then a department's own. */
function siteIds(keys: readonly string[]): SiteId[] {
  const there = new Set(keys);
  return [...SITE_IDS.filter((id) => there.has(id)), ...[...there].filter(isLocalSite).toSorted()];
}

/** 0 without a leak. */
function volumeOf({ events }: CohortCase): number | null {
  let sum = 0;
  for (const { volumeMm3 } of events) {
    if (volumeMm3 === null) return null;
    sum += volumeMm3;
  }
  return sum;
}

const swapped = <T>([a, b]: Both<T>): Both<T> => [b, a];
function turnedAround(pair: ReadPair): ReadPair {
  const { matched, readers, lines, volumesMm3, volumeDifferenceMm3 } = pair;
  return {
    ...pair,
    readers: readers && swapped(readers),
    presence: swapped(pair.presence),
    lines: lines && lines.map(({ site, answers }) => ({ site, answers: swapped(answers) })),
    answers: pair.answers.map(swapped),
    matched: matched && {
      sites: matched.sites.map(swapped),
      onlyFirst: matched.onlySecond,
      onlySecond: matched.onlyFirst,
    },
    volumesMm3: volumesMm3 && swapped(volumesMm3),
    volumeDifferenceMm3: volumeDifferenceMm3 === null ? null : -volumeDifferenceMm3,
  };
}

function figuresOf(readers: Both<string> | null, pairs: readonly ReadPair[]): ReadAgreement {
  const matched = pairs.map((pair) => pair.matched).filter(isNotNull);
  const onlyFirst = sum(matched.map((one) => one.onlyFirst));
  const onlySecond = sum(matched.map((one) => one.onlySecond));
  const found = sum(matched.map(({ sites }) => sites.length));
  const dice = pairs.flatMap((pair) => pair.dice ?? []);
  const volumes = pairs.map(({ volumesMm3 }) => volumesMm3).filter(isNotNull);
  const lines = pairs.flatMap((pair) => pair.lines ?? []);
  const judgedSites = siteIds(lines.map(({ site }) => site));
  return {
    readers,
    pairs: pairs.length,
    presence: binary(pairs.map(({ presence }) => presence)),
    sites: [null, ...judgedSites].flatMap((site): SiteAgreement[] => {
      const mine = site === null ? lines : lines.filter((line) => line.site === site);
      const judged = mine.flatMap(({ answers: [a, b] }): Both<boolean>[] =>
        isEither(a) && isEither(b) ? [[a === "present", b === "present"]] : [],
      );
      const agreement = binary(judged);
      return agreement ? [{ site, agreement, keptOut: mine.length - judged.length }] : [];
    }),
    answers: nominal(pairs.flatMap(({ answers }) => answers)),
    matchedSites: nominal(matched.flatMap(({ sites }) => sites)),
    foundByBoth: proportion(found, found + onlyFirst + onlySecond),
    onlyFirst,
    onlySecond,
    dice: { n: dice.length, five: dice.length > 0 ? fiveNumbers(dice) : null },
    volume: { bland: blandAltman(volumes), icc: consistency(volumes) },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const isEither = (answer: Presence | undefined): boolean => answer === "present" || answer === "absent";

/** Of two categories even where only one was used: AC1 is then known, and kappa is not. */
function binary(pairs: readonly Both<boolean>[]): Agreement | null {
  const table = [
    [0, 0],
    [0, 0],
  ];
  for (const [a, b] of pairs) table[Number(a)][Number(b)]++;
  return agreementOf(table);
}

function nominal(pairs: readonly Both<string>[]): Agreement | null {
  const categories = new Map([...new Set(pairs.flat())].toSorted().map((name, n) => [name, n]));
  const table = Array.from({ length: categories.size }, () =>
    Array.from<number>({ length: categories.size }).fill(0),
  );
  for (const [a, b] of pairs) table[categories.get(a)!][categories.get(b)!]++;
  return agreementOf(table);
}

function caseOf(pair: ReadPair, { patient, patientUnknown, date }: CohortCase): ReadCase {
  const { matched, presence, answers } = pair;
  return {
    documentId: pair.documentId,
    patient: patientUnknown ? "" : patient,
    date,
    readers: pair.readers,
    presenceAgrees: presence[0] === presence[1],
    missed: matched && matched.onlyFirst + matched.onlySecond,
    sitesDiffer: matched && matched.sites.filter(([a, b]) => a !== b).length,
    answersDiffer: answers.filter(([a, b]) => a !== b).length,
    dice: pair.dice ?? null,
    volumeDifferenceMm3: pair.volumeDifferenceMm3,
  };
}

/** A leak against none first, then by what was missed, named otherwise, answered otherwise, outlined otherwise. */
const worstFirst = (a: ReadCase, b: ReadCase): number =>
  Number(a.presenceAgrees) - Number(b.presenceAgrees) ||
  (b.missed ?? 0) + (b.sitesDiffer ?? 0) - (a.missed ?? 0) - (a.sitesDiffer ?? 0) ||
  b.answersDiffer - a.answersDiffer ||
  (a.dice ?? 1) - (b.dice ?? 1) ||
  Math.abs(b.volumeDifferenceMm3 ?? 0) - Math.abs(a.volumeDifferenceMm3 ?? 0) ||
  (a.documentId < b.documentId ? -1 : 1);
