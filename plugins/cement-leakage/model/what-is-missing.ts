// What keeps a case from being signed, in words, each with the place to go to.
import { leakContradictions, lesionContradictions, procedureContradictions } from "./contradictions.ts";
import type { LocalText, SiteId } from "./sites.ts";
import { siteOf } from "./sites.ts";
import { isLeak, leaksOf, lesionOf, openSites, siteAnswer, type CaseDocument } from "./case-document.ts";

export interface Gap {
  readonly code: string;
  readonly text: LocalText;
  readonly target: {
    readonly partId?: string;
    readonly lesionId?: string;
    readonly site?: SiteId;
    readonly procedure?: true;
    /** Of the procedure: the field that contradicts. */
    readonly field?: string;
    readonly comparison?: true;
  };
}

/** What the checks need to know of the CT. */
type SeriesFacts = {
  readonly sideNeedsConfirmation: boolean;
  readonly study: { readonly studyDate: string };
};

/** Gaps in reading order: parts to decide, leaks to complete, contradictions, checklist. Empty means ready to sign. */
export function whatIsMissing(document: CaseDocument, series: SeriesFacts | null): Gap[] {
  const gaps: Gap[] = [];
  if (document.floorHu === null)
    gaps.push({
      code: "cement/not-searched",
      text: { en: "Cement has not been looked for yet", zh: "尚未查找骨水泥" },
      target: {},
    });
  if (series?.sideNeedsConfirmation && !document.sideConfirmed)
    gaps.push({
      code: "side/not-confirmed",
      text: { en: "Left and right are not confirmed", zh: "左右侧尚未确认" },
      target: {},
    });
  const undecided = document.parts.filter((part) => part.role === "undecided");
  for (const part of undecided)
    gaps.push({
      code: "part/undecided",
      text: { en: `Part ${part.partId} is not decided`, zh: `部分 ${part.partId} 尚未判定` },
      target: { partId: part.partId },
    });
  for (const part of leaksOf(document)) {
    const leak = part.leak;
    const say = (code: string, en: string, zh: string) =>
      gaps.push({
        code,
        text: { en: `Leak ${leak.number}: ${en}`, zh: `渗漏 ${leak.number}：${zh}` },
        target: { partId: part.partId },
      });
    if (!leak.site) say("leak/no-site", "no site", "未选择部位");
    else {
      // A leak of no single lesion says "present" to every lesion whose bone has that site (`siteAnswer`).
      const stated = document.assessments.find(
        (entry) =>
          (entry.lesionId === part.lesionId || part.lesionId === null) &&
          entry.site === leak.site &&
          entry.answer !== "present" &&
          siteAnswer(document, entry.lesionId, entry.site)?.answer === "present",
      );
      if (stated)
        say(
          "leak/contradicts-answer",
          `"${siteOf(leak.site).name.en}" was answered ${stated.answer === "absent" ? "absent" : "not assessable"}`,
          `“${siteOf(leak.site).name.zh}”已答为${stated.answer === "absent" ? "无" : "无法评估"}`,
        );
    }
    const bone = lesionOf(document, part.lesionId)?.bone ?? null;
    for (const { code, text } of leakContradictions(leak, bone)) say(code, text.en, text.zh);
  }
  for (const { code, field, text } of procedureContradictions(
    document.procedure,
    document.lesions,
    series?.study.studyDate,
  ))
    gaps.push({
      code,
      text: { en: `Procedure: ${text.en}`, zh: `手术：${text.zh}` },
      target: { procedure: true, field },
    });
  if (!document.unmarkedLook && document.parts.some((part) => part.origin === "proposed"))
    gaps.push({
      code: "look/marks-off",
      text: {
        en: "Scroll once through the cement with the marks off ({host/overlays}), by the arrow keys or the wheel",
        zh: "请关闭标记（{host/overlays}），用方向键或滚轮完整浏览一次骨水泥",
      },
      target: {},
    });
  if (document.adjudicates && document.pair) {
    const { matchedSites, onlyFirst, onlySecond } = document.pair;
    const open = matchedSites.length + onlyFirst + onlySecond - (document.adjudication?.length ?? 0);
    if (open > 0)
      gaps.push({
        code: "adjudication/open",
        text: { en: `${open} differing leaks not decided between`, zh: `${open} 处差异渗漏尚未裁定` },
        target: { comparison: true },
      });
  }
  for (const lesion of document.lesions) {
    const name = lesion.lesionId;
    if (!document.parts.some((part) => part.role === "intraosseous" && part.lesionId === name))
      gaps.push({
        code: "lesion/no-cement",
        text: { en: `Lesion ${name}: no intraosseous cement`, zh: `病灶 ${name}：无骨内骨水泥` },
        target: { lesionId: name },
      });
    for (const { code, text } of lesionContradictions(lesion))
      gaps.push({
        code,
        text: { en: `Lesion ${name}: ${text.en}`, zh: `病灶 ${name}：${text.zh}` },
        target: { lesionId: name },
      });
    for (const site of openSites(document, lesion))
      gaps.push({
        code: "site/open",
        text: {
          en: `Lesion ${name}: ${siteOf(site).name.en} not answered`,
          zh: `病灶 ${name}：${siteOf(site).name.zh}未回答`,
        },
        target: { lesionId: name, site },
      });
    for (const entry of document.assessments)
      if (entry.lesionId === name && entry.answer === "not_assessable" && !entry.reason?.trim())
        gaps.push({
          code: "site/no-reason",
          text: {
            en: `Lesion ${name}: ${siteOf(entry.site).name.en} not assessable, because …?`,
            zh: `病灶 ${name}：${siteOf(entry.site).name.zh}无法评估的原因？`,
          },
          target: { lesionId: name, site: entry.site },
        });
  }
  return gaps;
}

/** Lesion-level answer: present when a leak refers to it (or to no single lesion), absent only when every site was answered so. */
export function lesionLeakage(
  document: CaseDocument,
  lesionId: string,
): "present" | "absent" | "not_assessed" {
  const lesion = lesionOf(document, lesionId);
  if (!lesion) return "not_assessed";
  if (document.parts.some((part) => isLeak(part) && (part.lesionId === lesionId || part.lesionId === null)))
    return "present";
  if (openSites(document, lesion).length > 0) return "not_assessed";
  const answers = document.assessments.filter((entry) => entry.lesionId === lesionId);
  return answers.some((entry) => siteAnswer(document, lesionId, entry.site)?.answer === "absent") &&
    answers.every((entry) => entry.answer === "absent")
    ? "absent"
    : "not_assessed";
}
