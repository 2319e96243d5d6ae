// Warns where a case can be recognised although nothing names the patient: a rare disease together with age and sex.
import type { Findings } from "../model/findings.ts";
import type { LocalText } from "../model/sites.ts";

/** Primaries that most departments see every month in bone; everything else may be the one case of a region. */
const COMMON =
  /breast|prostat|lung|bronch|renal|kidney|colo(n|rect)|thyroid|myeloma|plasm[ao]cyt|lymphom|gastric|stomach|liver|hepato|bladder|unknown|乳腺|前列腺|肺|肾|结肠|直肠|结直肠|甲状腺|骨髓瘤|淋巴瘤|胃|肝|膀胱|不明/i;
const YOUNG_YEARS = 40;
/** A tumour by its ending; with the word before it, which often says of what. */
const TUMOUR =
  /(?:\p{Script=Latin}+[ -])?\p{Script=Latin}*(?:omas?|omata|cancer|carcinoid|leuka?emia)(?!\p{L})|\p{Script=Han}{1,6}?(?:瘤|癌|白血病)/giu;
/** No primary of a malignancy, though it ends like one. */
const NO_PRIMARY =
  /h(a?e)mato|h(a?e)mangio|angioma|lipoma|sero(ma|s)|granulo|osteoma|coma$|stoma$|转移|血管瘤|脂肪瘤|骨肿瘤|^肿瘤|骨瘤/i;

/** Tumours that are named in the texts and rare where they are; a common organ in the same sentence makes them common. */
export const rareTumours = (texts: readonly string[]): string[] => [
  ...new Set(
    texts
      .flatMap((text) => text.split(/[.;。；\n]+/))
      .filter((sentence) => !COMMON.test(sentence))
      .flatMap((sentence) => sentence.match(TUMOUR) ?? [])
      .filter((tumour) => !NO_PRIMARY.test(tumour))
      .map((tumour) => tumour.trim()),
  ),
];

/**
 * Why the combination may point at one person; empty where nothing does. `said` is everything in words that leaves: what the author wrote
 * and the free text they approved. The author decides: age and sex can be left out of the case, or the primary written as "a rare tumour".
 */
export function rareCombination(
  { subject, lesions, procedure }: Pick<Findings, "subject" | "lesions" | "procedure">,
  said: readonly string[],
): LocalText[] {
  const known = subject?.ageYears !== undefined && subject.sex !== undefined;
  const out: LocalText[] = [];
  for (const tumour of known ? rareTumours(said) : [])
    out.push({
      en: `The tumour (${tumour}) is rare: with age band and sex it may point at one patient. Leave out age and sex, or write "a rare tumour".`,
      zh: `该肿瘤（${tumour}）罕见：与年龄段和性别一起可能指向某一位患者。请去掉年龄和性别，或改写为“罕见肿瘤”。`,
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
