// Rules of a findings document that a schema can't say (DOMAIN §8): references resolve, answers agree, derived values are true.
import { undefinedSites } from "./case-terms.ts";
import { tian2020Category } from "./category.ts";
import {
  leakContradictions,
  lesionContradictions,
  procedureContradictions,
  type Contradiction,
} from "./contradictions.ts";
import type { Findings, FindingsLeak, FindingsLesion, Measures } from "./findings.ts";
import { withCaseTerms, type LocalText } from "./sites.ts";

export interface Violation {
  /** Path of the field: "leaks.0.site". */
  readonly where: string;
  readonly text: LocalText;
}

/** All of them, in the document's order; empty means that the document agrees with itself. */
export const violationsOf = (findings: Findings): Violation[] =>
  withCaseTerms(findings.terms, () => violationsIn(findings));

function violationsIn(findings: Findings): Violation[] {
  const found: Violation[] = [];
  const say = (where: string, en: string, zh: string): void => void found.push({ where, text: { en, zh } });
  const passOn = (where: string, list: readonly Contradiction[]): void => {
    for (const { field, text } of list) found.push({ where: `${where}.${field}`, text });
  };
  const final = findings.status !== "draft";
  if (findings.status === "amended" && !findings.supersedes)
    say("supersedes", "an amended document names the one it replaces", "修订文档须注明所替代的文档");
  if (final && findings.readers.length === 0)
    say("readers", "a signed document names its reader", "已签署文档须注明阅片者");
  if (final && findings.lesions.length === 0)
    say("lesions", "a signed document has a lesion", "已签署文档须有病灶");
  passOn(
    "procedure",
    procedureContradictions(findings.procedure, findings.lesions, findings.imaging.studyDate),
  );
  unique(findings.lesions.map((lesion) => lesion.lesionId)).forEach((index) =>
    say(`lesions.${index}.lesionId`, "this id stands twice", "编号重复"),
  );
  unique(findings.leaks.map((leak) => leak.leakId)).forEach((index) =>
    say(`leaks.${index}.leakId`, "this id stands twice", "编号重复"),
  );
  // References before what rests on them: a leak of a lesion that isn't there is that, and no wrong answer of the others.
  findings.leaks.forEach((leak, index) => {
    if (leak.lesionRef !== null && !lesionOf(findings, leak))
      say(`leaks.${index}.lesionRef`, `there is no lesion ${leak.lesionRef}`, `无病灶 ${leak.lesionRef}`);
  });
  unique((findings.terms ?? []).map((term) => term.id)).forEach((index) =>
    say(`terms.${index}.id`, "this id stands twice", "编号重复"),
  );
  for (const where of undefinedSites(findings))
    say(where, "a local site that the document does not define in terms", "本地部位未在 terms 中定义");
  segmentsOnce(findings, say);
  findings.lesions.forEach((lesion, index) => {
    const where = `lesions.${index}`;
    if (final) passOn(where, lesionContradictions(lesion));
    if (lesion.cement) interval(`${where}.cement`, lesion.cement, say);
    leakageOf(findings, lesion, where, say);
  });
  findings.leaks.forEach((leak, index) => checkLeak(findings, leak, `leaks.${index}`, final, say, passOn));
  findings.siteAssessments.forEach((entry, index) => {
    const where = `siteAssessments.${index}`;
    if (!findings.lesions.some((lesion) => lesion.lesionId === entry.lesionRef))
      return say(`${where}.lesionRef`, `there is no lesion ${entry.lesionRef}`, `无病灶 ${entry.lesionRef}`);
    const leaked = findings.leaks.some(
      (leak) => leak.site === entry.site && (leak.lesionRef === entry.lesionRef || leak.lesionRef === null),
    );
    if (entry.answer === "present" && !leaked)
      say(`${where}.answer`, "present, but no leak has this site", "答为有，但无该部位的渗漏");
    if (entry.answer !== "present" && leaked)
      say(
        `${where}.answer`,
        "a leak has this site, but it is not answered present",
        "有该部位的渗漏，却未答为有",
      );
    if (entry.seenSlices?.some(([first, last]) => first > last))
      say(`${where}.seenSlices`, "a range's ends are the wrong way round", "范围首尾颠倒");
    if (final && entry.answer === "not_assessable" && !entry.reason?.trim())
      say(`${where}.reason`, "not assessable needs a reason", "无法评估须说明原因");
  });
  return found;
}

type Say = (where: string, en: string, zh: string) => void;

const lesionOf = (findings: Findings, leak: FindingsLeak): FindingsLesion | undefined =>
  findings.lesions.find((entry) => entry.lesionId === leak.lesionRef);

function checkLeak(
  findings: Findings,
  leak: FindingsLeak,
  where: string,
  final: boolean,
  say: Say,
  passOn: (where: string, list: readonly Contradiction[]) => void,
): void {
  const lesion = lesionOf(findings, leak);
  if (leak.tian2020Category !== tian2020Category(lesion?.bone ?? null, leak.site, leak.route))
    say(`${where}.tian2020Category`, "does not follow from site and route", "与部位及途径不符");
  if (final) passOn(where, leakContradictions(leak, lesion?.bone ?? null));
  if (final && leak.notMeasurable === undefined && leak.volumeMm3 === undefined)
    say(
      `${where}.volumeMm3`,
      "a signed leak has a volume, or says why not",
      "已签署的渗漏须有体积或说明原因",
    );
  if (leak.notMeasurable !== undefined && leak.volumeMm3 !== undefined)
    say(`${where}.volumeMm3`, 'a volume beside "not measurable"', "已注明无法测量，却有体积");
  interval(where, leak, say);
}

function interval(
  where: string,
  { volumeEstimateMm3: estimate, volumeCi95Mm3: ci }: Measures,
  say: Say,
): void {
  if (ci && ci[0] > ci[1])
    say(`${where}.volumeCi95Mm3`, "the interval's ends are the wrong way round", "区间上下限颠倒");
  else if (ci && estimate !== undefined && (estimate < ci[0] || estimate > ci[1]))
    say(`${where}.volumeEstimateMm3`, "lies outside its own interval", "位于自身区间之外");
}

/** Present when a leak refers to the lesion, or to no single one. */
function leakageOf(findings: Findings, lesion: FindingsLesion, where: string, say: Say): void {
  const leaked = findings.leaks.some((leak) => leak.lesionRef === lesion.lesionId || leak.lesionRef === null);
  if (leaked !== (lesion.leakage === "present"))
    say(
      `${where}.leakage`,
      leaked ? "a leak refers to this lesion" : "no leak refers to this lesion",
      leaked ? "有渗漏归属于该病灶" : "无渗漏归属于该病灶",
    );
}

/** Positions of values that have stood before. */
const unique = (values: readonly string[]): number[] =>
  values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));

function segmentsOnce(findings: Findings, say: Say): void {
  const seen = new Set<string>();
  const check = (where: string, reference: FindingsLeak["segmentRef"]): void => {
    if (!reference) return;
    const key = `${reference.segSopInstanceUid} ${reference.segmentNumber}`;
    if (seen.has(key))
      say(`${where}.segmentRef.segmentNumber`, "two things refer to one segment", "两项引用同一分割段");
    seen.add(key);
  };
  findings.lesions.forEach((lesion, index) => check(`lesions.${index}.cement`, lesion.cement?.segmentRef));
  findings.leaks.forEach((leak, index) => check(`leaks.${index}`, leak.segmentRef));
  findings.previousCement?.forEach((part, index) => check(`previousCement.${index}`, part.segmentRef));
}
