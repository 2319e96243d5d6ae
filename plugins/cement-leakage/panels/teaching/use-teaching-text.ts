// The words of making a teaching case, in the reader's language.
import { useLocale } from "../case-view.ts";
import { teachingEn, teachingZh } from "../text/teaching.ts";

export const useTeachingText = () => ({ en: teachingEn, zh: teachingZh })[useLocale()];
