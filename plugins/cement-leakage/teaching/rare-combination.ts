// Warns where a case can be recognised although nothing names the patient: a rare disease together with age and sex.
import type { Findings } from "../model/findings.ts";
import type { LocalText } from "../model/sites.ts";

/** Primaries that most departments see every month in bone; everything else may be the one case of a region. */
const COMMON =
  /breast|prostat|lung|bronch|renal|kidney|colo(n|rect)|thyroid|myeloma|plasm[ao]cyt|lymphom|gastric|stomach|liver|hepato|bladder|unknown|乳腺|前列腺|肺|肾|结肠|直肠|结直肠|甲状腺|骨髓瘤|淋巴瘤|胃|肝|膀胱|不明/i;
const YOUNG_YEARS = 40;

/**
 * Why the combination may point at one person; empty where nothing does. `primary` is what the history says of the tumour ("" where
 * it says nothing). The author decides: age and sex can be left out of the case, or the primary written as "a rare tumour".
 */
export function rareCombination(
  { subject, lesions, procedure }: Pick<Findings, "subject" | "lesions" | "procedure">,
  primary: string,
): LocalText[] {
  const known = subject?.ageYears !== undefined && subject.sex !== undefined;
  const out: LocalText[] = [];
  if (known && primary.trim() !== "" && !COMMON.test(primary))
    out.push({
      en: `The tumour (${primary.trim()}) is rare: with age band and sex it may point at one patient. Leave out age and sex, or write "a rare tumour".`,
      zh: `该肿瘤（${primary.trim()}）罕见：与年龄段和性别一起可能指向某一位患者。请去掉年龄和性别，或改写为“罕见肿瘤”。`,
    });
  if (
    known &&
    (subject.ageYears ?? YOUNG_YEARS) < YOUNG_YEARS &&
    lesions.some(({ pathology }) => pathology === "metastasis" || pathology === "myeloma")
  )
    out.push({
      en: `A patient under ${YOUNG_YEARS} with a malignant bone lesion is rare: consider leaving out the age band.`,
      zh: `${YOUNG_YEARS} 岁以下的恶性骨病变少见：请考虑去掉年龄段。`,
    });
  if (lesions.some(({ vertebra }) => vertebra?.startsWith("C")))
    out.push({
      en: `A cervical ${procedure.type} is rare, and its region of interest may show the face: check the cropped images.`,
      zh: "颈椎手术少见，且感兴趣区可能包含面部：请检查裁剪后的图像。",
    });
  return out;
}
