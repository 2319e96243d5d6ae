// Values that can't both be true, and values that belong to another bone: one rule, for the form before it is signed and for a
// findings file when it is read. Each names its field (DOMAIN §1.2, §1.4, §1.6, §8).
import type { z } from "zod";
import type { Findings, findingsSchema } from "./findings.ts";
import { isInCanal, siteOf, type Bone, type LocalText, type SiteId } from "./sites.ts";

export interface Contradiction {
  readonly code: string;
  /** Field of the record it was found in: "yeomTypes", "roots". */
  readonly field: string;
  readonly text: LocalText;
}

type FileLeak = z.infer<typeof findingsSchema>["leaks"][number];

/** What form and file have in common of a leak. */
export type LeakFacts = { readonly site: SiteId | null } & Partial<
  Pick<
    FileLeak,
    | "siteText"
    | "route"
    | "yeomTypes"
    | "sacralLevels"
    | "denisZoneOrigin"
    | "alsoPresacral"
    | "neuralRelation"
    | "roots"
    | "canalOccupancy"
    | "symptom"
    | "complication"
    | "communicated"
  >
>;

export type LesionFacts = Pick<
  Findings["lesions"][number],
  "bone" | "vertebra" | "side" | "sacralLevels" | "denisZones"
>;

const rule = (
  wrong: boolean,
  code: string,
  field: string,
  en: string,
  zh: string,
): readonly Contradiction[] => (wrong ? [{ code, field, text: { en, zh } }] : []);

/** `bone`: of the leak's lesion; null where it belongs to no single one. */
export function leakContradictions(leak: LeakFacts, bone: Bone | null): Contradiction[] {
  const sacral = bone === "sacrum" || bone === null;
  const { site } = leak;
  const name = site ? siteOf(site).name : { en: "", zh: "" };
  return [
    ...rule(
      site === "other" && !leak.siteText?.trim(),
      "leak/no-site-text",
      "siteText",
      "say where in words",
      "请说明部位",
    ),
    ...rule(
      site !== null && bone !== null && !siteOf(site).bones.includes(bone),
      "leak/site-of-other-bone",
      "site",
      "this site does not belong to the treated bone",
      "该部位与治疗骨不符",
    ),
    ...rule(
      (leak.yeomTypes?.length ?? 0) > 0 && bone !== "vertebra",
      "leak/yeom-not-vertebral",
      "yeomTypes",
      "Yeom types are for vertebrae only",
      "Yeom 分型仅用于椎体",
    ),
    ...rule(
      (leak.sacralLevels?.length ?? 0) > 0 && !sacral,
      "leak/levels-not-sacral",
      "sacralLevels",
      "sacral levels are for the sacrum only",
      "骶骨节段仅用于骶骨",
    ),
    ...rule(
      leak.denisZoneOrigin !== undefined && !sacral,
      "leak/denis-not-sacral",
      "denisZoneOrigin",
      "Denis zones are for the sacrum only",
      "Denis 分区仅用于骶骨",
    ),
    ...rule(
      leak.alsoPresacral === true && site !== "sacral_venous_plexus",
      "leak/also-presacral",
      "alsoPresacral",
      `"also presacral" is said of a venous leak only, not of "${name.en}"`,
      `“同时位于骶前间隙”仅用于静脉渗漏，不适用于“${name.zh}”`,
    ),
    ...rule(
      leak.neuralRelation === "none" && (leak.roots?.length ?? 0) > 0,
      "leak/roots-without-contact",
      "roots",
      `roots are named (${leak.roots?.join(", ")}) and "no contact with a nerve" is said`,
      `已列出神经根（${leak.roots?.join("、")}），同时又答为“未接触神经”`,
    ),
    ...rule(
      site !== null && isInCanal(site) && leak.canalOccupancy === "none",
      "leak/canal-not-occupied",
      "canalOccupancy",
      `"${name.en}" lies in the canal, but "canal not occupied" is said`,
      `“${name.zh}”位于椎管内，却答为“未占据椎管”`,
    ),
    ...rule(
      site !== null &&
        siteOf(site).distant &&
        leak.canalOccupancy !== undefined &&
        leak.canalOccupancy !== "none",
      "leak/distant-in-canal",
      "canalOccupancy",
      `"${name.en}" does not lie in the canal`,
      `“${name.zh}”不位于椎管内`,
    ),
    ...rule(
      leak.route === "needle_track" &&
        site !== null &&
        ["iliac_vein", "azygos_or_ivc", "cardiac"].includes(site),
      "leak/route-not-of-site",
      "route",
      `"${name.en}" is not reached along a needle track`,
      `“${name.zh}”不可能经穿刺道到达`,
    ),
    ...rule(
      leak.complication?.sir === "major" && leak.complication.tian2020 === "none",
      "leak/complication-classes",
      "complication",
      "a major complication in one scheme and none in the other",
      "一种分级为严重并发症，另一种为无并发症",
    ),
    ...rule(
      leak.complication?.cirseGrade !== undefined && leak.complication.cirseEdition === undefined,
      "leak/cirse-without-edition",
      "complication",
      "a CIRSE grade needs its edition (2017 or 2026)",
      "CIRSE 分级须注明版本（2017 或 2026）",
    ),
    ...rule(
      leak.communicated !== undefined && (!leak.communicated.to.trim() || !leak.communicated.at.trim()),
      "leak/communicated-half",
      "communicated",
      "communicated: say to whom and when",
      "通报：请注明对象与时间",
    ),
  ];
}

export function lesionContradictions(lesion: LesionFacts): Contradiction[] {
  return [
    ...rule(
      lesion.bone === "vertebra" && !lesion.vertebra,
      "lesion/no-vertebra",
      "vertebra",
      "which vertebra?",
      "哪一椎体？",
    ),
    ...rule(
      lesion.bone !== "vertebra" && lesion.vertebra !== undefined,
      "lesion/vertebra-of-other-bone",
      "vertebra",
      "a vertebra is named, but another bone was treated",
      "已填椎体，但治疗骨并非椎体",
    ),
    ...rule(
      lesion.bone !== "sacrum" && (lesion.sacralLevels?.length ?? 0) > 0,
      "lesion/levels-not-sacral",
      "sacralLevels",
      "sacral levels are for the sacrum only",
      "骶骨节段仅用于骶骨",
    ),
    ...rule(
      lesion.bone !== "sacrum" && (lesion.denisZones?.length ?? 0) > 0,
      "lesion/denis-not-sacral",
      "denisZones",
      "Denis zones are for the sacrum only",
      "Denis 分区仅用于骶骨",
    ),
    ...rule(
      lesion.bone === "sacrum" && lesion.side === "bilateral",
      "lesion/bilateral",
      "side",
      "both alae are two lesions: add one for the other side",
      "双侧骶骨翼为两个病灶：请为另一侧添加病灶",
    ),
  ];
}

/** `studyDate` as the CT has it: "2025-01-02" or "20250102". */
export function procedureContradictions(
  procedure: Findings["procedure"],
  lesions: readonly { readonly bone: Bone }[],
  studyDate: string | undefined,
): Contradiction[] {
  const vertebral = procedure.type === "vertebroplasty" || procedure.type === "kyphoplasty";
  const has = (bones: readonly Bone[]): boolean => lesions.some(({ bone }) => bones.includes(bone));
  const digits = (date: string | undefined): string => (date ?? "").replaceAll("-", "").slice(0, 8);
  return [
    ...rule(
      vertebral && lesions.length > 0 && !has(["vertebra", "other"]),
      "procedure/no-vertebra-treated",
      "type",
      `a ${procedure.type} is named, but no vertebra was treated`,
      "手术类型为椎体手术，但无椎体病灶",
    ),
    ...rule(
      procedure.type === "sacroplasty" && lesions.length > 0 && !has(["sacrum", "ilium", "other"]),
      "procedure/no-sacrum-treated",
      "type",
      "a sacroplasty is named, but no sacral or iliac bone was treated",
      "手术类型为骶骨成形术，但无骶骨或髂骨病灶",
    ),
    ...rule(
      digits(procedure.date).length === 8 &&
        digits(studyDate).length === 8 &&
        digits(procedure.date) > digits(studyDate),
      "procedure/after-the-ct",
      "date",
      "the procedure's date lies after the CT",
      "手术日期晚于 CT 日期",
    ),
    ...rule(
      procedure.technicalSuccess?.definition === "other" && !procedure.technicalSuccess.text?.trim(),
      "procedure/success-undefined",
      "technicalSuccess",
      "technical success by another definition: say which",
      "技术成功采用其他定义：请说明",
    ),
  ];
}
