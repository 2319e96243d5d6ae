// A rate by approach, level, side, cement and so on: exact test, chi-square where it may be shown, odds ratio, correction for many.
import type { LocalText } from "../model/sites.ts";
import type { CohortCase } from "./case-record.ts";
import {
  chiSquare,
  type ChiSquare,
  type ExactTest,
  freemanHalton,
  holm,
  type OddsRatio,
  oddsRatio,
} from "./contingency.ts";
import type { Question } from "./questions.ts";
import type { CohortSet, GroupOf } from "./cohort-set.ts";
import { askAll, groupBy, type Rate } from "./rates.ts";

export interface Factor {
  readonly id: string;
  readonly label: LocalText;
  /** The group of a case; null where unknown or several: it is left out of this comparison, and counted. */
  readonly groupOf: GroupOf;
}

const text = (en: string, zh: string): LocalText => ({ en, zh });
const oneOf = (values: readonly string[]): string | null => {
  const different = [...new Set(values.filter((value) => value !== ""))];
  return different.length === 1 ? different[0] : different.length > 1 ? "several" : null;
};
const ofLesions =
  (valueOf: (lesion: CohortCase["lesions"][number]) => string) =>
  ({ lesions }: CohortCase): string | null =>
    oneOf(lesions.map(valueOf));

export const FACTORS: readonly Factor[] = [
  { id: "approach", label: text("Approach", "入路"), groupOf: ({ approaches }) => oneOf(approaches) },
  {
    id: "level",
    label: text("Level", "节段"),
    groupOf: ofLesions(({ bone, level }) => (bone === "sacrum" ? "sacrum" : level || bone)),
  },
  { id: "side", label: text("Side", "侧别"), groupOf: ofLesions(({ side }) => side) },
  { id: "cement", label: text("Cement", "骨水泥"), groupOf: ({ cementProduct }) => cementProduct || null },
  {
    id: "viscosity",
    label: text("Viscosity", "粘度"),
    groupOf: ({ viscosity }) => (viscosity === "unknown" ? null : viscosity || null),
  },
  { id: "guidance", label: text("Guidance", "引导方式"), groupOf: ({ guidance }) => oneOf(guidance) },
  { id: "lesion-type", label: text("Lesion", "病灶类型"), groupOf: ofLesions(({ pathology }) => pathology) },
  { id: "lysis", label: text("Lytic or blastic", "溶骨或成骨"), groupOf: ofLesions(({ lysis }) => lysis) },
  { id: "period", label: text("Year", "年份"), groupOf: ({ date }) => date.slice(0, 4) || null },
  { id: "slices", label: text("Slice thickness", "层厚"), groupOf: ({ sliceClass }) => sliceClass },
];

export interface GroupComparison {
  readonly factor: Pick<Factor, "id" | "label">;
  readonly groups: readonly { readonly name: string; readonly rate: Rate }[];
  /** Cases whose group is not known. */
  readonly unknown: number;
  readonly exact: ExactTest | null;
  /** Only where every expected count is at least 5. */
  readonly chiSquare: ChiSquare | null;
  /** Of two groups. */
  readonly odds: OddsRatio | null;
  /** The exact p, corrected by Holm for all comparisons made together. */
  readonly corrected: number | null;
}

/**
 * One question of the patients in each group of each factor. A patient with procedures in two groups counts in both, which the exact
 * test does not know; groups are sorted by name.
 */
export function compareGroups(
  set: CohortSet,
  question: Question,
  factors: readonly Factor[] = FACTORS,
): readonly GroupComparison[] {
  const found = factors.map((factor) => {
    const sets = set.groups(factor.groupOf);
    const known = [...sets.values()].reduce((sum, group) => sum + group.size, 0);
    const groups = [...sets].map(([name, group]) => ({ name, rate: askAll(group, question, "patient") }));
    const table = groups.map(({ rate: { proportion } }) => [
      proportion.count,
      proportion.of - proportion.count,
    ]);
    const chi = groups.length > 1 ? chiSquare(table) : null;
    return {
      factor: { id: factor.id, label: factor.label },
      groups,
      unknown: set.size - known,
      exact: groups.length > 1 ? freemanHalton(table) : null,
      chiSquare: chi && chi.smallestExpected >= 5 ? chi : null,
      odds: groups.length === 2 ? oddsRatio(table) : null,
    };
  });
  const tested = found.flatMap(({ exact }, index) => (exact ? [{ p: exact.p, index }] : []));
  const corrected = holm(tested.map(({ p }) => p));
  return found.map((one, index) => {
    const at = tested.findIndex((test) => test.index === index);
    return { ...one, corrected: at < 0 ? null : corrected[at] };
  });
}

const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(0)} %`);

/** What may and may not be concluded, plainly. */
export function conclusionOf({ groups, exact, corrected, odds }: GroupComparison): LocalText {
  if (!exact || corrected === null)
    return text("One group only: nothing to compare.", "仅有一组，无从比较。");
  const held = groups.filter(({ rate }) => rate.proportion.of > 0);
  const smallest = Math.min(...held.map(({ rate }) => rate.proportion.of));
  const shares = held.map(({ rate }) => rate.proportion.share ?? 0);
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const few =
    smallest < 20
      ? text(
          ` The smallest group has ${smallest} patients: a real difference would often be missed.`,
          `最小的一组仅 ${smallest} 例：真实差异常会被漏掉。`,
        )
      : text("", "");
  const range = odds
    ? text(
        ` The data fit an odds ratio from ${ratio(odds.interval[0])} to ${ratio(odds.interval[1])}.`,
        `数据与 ${ratio(odds.interval[0])} 至 ${ratio(odds.interval[1])} 的比值比相容。`,
      )
    : text("", "");
  const p = corrected < 0.001 ? "< 0.001" : `= ${corrected.toFixed(3)}`;
  return corrected < 0.05
    ? text(
        `The rates (${percent(low)} to ${percent(high)}) differ by more than chance would explain (corrected P ${p}). Groups were not assigned at random: this does not say why.${range.en}${few.en}`,
        `各组比率（${percent(low)} 至 ${percent(high)}）的差异超出偶然（校正 P ${p}）。分组并非随机，不能说明原因。${range.zh}${few.zh}`,
      )
    : text(
        `No difference is shown (${percent(low)} to ${percent(high)}, corrected P ${p}). That is not proof that the rates are alike.${range.en}${few.en}`,
        `未显示差异（${percent(low)} 至 ${percent(high)}，校正 P ${p}）。这并不证明比率相同。${range.zh}${few.zh}`,
      );
}

const ratio = (value: number): string =>
  value === Infinity ? "∞" : value < 10 ? value.toFixed(2) : value.toFixed(0);

/** Operators are shown from this many procedures on. */
export const FUNNEL_FROM = 20;

export interface FunnelPoint {
  readonly operator: string;
  readonly rate: Rate;
  /** 95 % and 99.8 % limits around the rate of all at this number of procedures. */
  readonly limits95: readonly [number, number];
  readonly limits998: readonly [number, number];
  /** Case mix beside it: share of each kind of lesion. */
  readonly mix: readonly { readonly name: string; readonly share: number }[];
}

const operatorOf = ({ operator }: CohortCase): string | null => operator || null;

/** Pseudonymous operators with at least twenty procedures, in the order of their names: no ranking and no p value. */
export function funnel(set: CohortSet, question: Question): readonly FunnelPoint[] {
  const all = askAll(set, question, "procedure").proportion;
  if (all.share === null) return [];
  const centre = all.share;
  const limits = (of: number, z: number): readonly [number, number] => {
    const half = z * Math.sqrt((centre * (1 - centre)) / of);
    return [Math.max(0, centre - half), Math.min(1, centre + half)];
  };
  return [...set.groups(operatorOf)].flatMap(([operator, group]): FunnelPoint[] => {
    const rate = askAll(group, question, "procedure");
    const { of } = rate.proportion;
    if (of < FUNNEL_FROM) return [];
    const lesions = group.cases.flatMap((one) => one.lesions);
    const mix = [
      ...groupBy(lesions, ({ pathology, lysis }) =>
        [pathology || "unknown", lysis].filter(Boolean).join(", "),
      ),
    ]
      .map(([name, some]) => ({ name, share: some.length / lesions.length }))
      .toSorted((a, b) => b.share - a.share);
    return [{ operator, rate, limits95: limits(of, 1.96), limits998: limits(of, 3.09), mix }];
  });
}
