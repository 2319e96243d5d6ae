// Which cases a quiz is proposed to hold, and what it lacks: cases without a leak, and cases in which something only looks like cement.
import type { LocalText } from "../model/sites.ts";
import type { PlayData } from "./play-data.ts";

export type CaseKind = "leak" | "mimic" | "noLeak";

/** A case without a leak that has something like cement in it teaches that; one with both teaches its leaks. */
export const kindOf = ({ leaks, mimic }: Pick<PlayData, "leaks" | "mimic">): CaseKind =>
  leaks.length > 0 ? "leak" : mimic ? "mimic" : "noLeak";

/** Of cases with a leak there are at most this many for each without one: else who always marks something is nearly always right. */
const LEAKS_FOR_EACH_WITHOUT = 3;

/** All cases without a leak, and as many with one as go with them, in the given order; all, where there are only such. */
export function proposeCollection(
  cases: readonly Pick<PlayData, "caseId" | "leaks" | "mimic">[],
): Set<string> {
  const without = cases.filter((one) => kindOf(one) !== "leak");
  const withLeak = cases.filter((one) => kindOf(one) === "leak");
  const most = without.length === 0 ? withLeak.length : LEAKS_FOR_EACH_WITHOUT * without.length;
  return new Set([...without, ...withLeak.slice(0, most)].map(({ caseId }) => caseId));
}

/** In words, what would make a fairer quiz of the chosen cases; empty where nothing is missing. */
export function lackingOf(chosen: readonly Pick<PlayData, "leaks" | "mimic">[]): LocalText[] {
  const kinds = chosen.map(kindOf);
  const count = (kind: CaseKind) => kinds.filter((one) => one === kind).length;
  const without = count("noLeak") + count("mimic");
  if (chosen.length === 0) return [];
  return [
    ...(without === 0
      ? [
          {
            en: "Every case has a leak: who always marks something is never wrong to. Add a case without one.",
            zh: "每个病例都有渗漏：总是标记的人不会错。请加入一个无渗漏病例。",
          },
        ]
      : count("leak") > LEAKS_FOR_EACH_WITHOUT * without
        ? [
            {
              en: `There are more than ${LEAKS_FOR_EACH_WITHOUT} cases with a leak for each without: add cases without one.`,
              zh: `有渗漏的病例超过无渗漏病例的 ${LEAKS_FOR_EACH_WITHOUT} 倍：请加入无渗漏病例。`,
            },
          ]
        : []),
    ...(!chosen.some(({ mimic }) => mimic)
      ? [
          {
            en: "In no case does something only look like cement (a calcified vessel, contrast, metal). Add one where the reader said so.",
            zh: "没有病例包含类似骨水泥的结构（血管钙化、造影剂、金属）。请加入一个阅片者已标明的病例。",
          },
        ]
      : []),
  ];
}
