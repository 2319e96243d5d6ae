// The words of what leaves with a teaching case, in the reader's language.
import { useLocale } from "../case-view.ts";
import { privacyEn, privacyZh } from "../text/teaching-privacy.ts";

export const usePrivacyText = () => ({ en: privacyEn, zh: privacyZh })[useLocale()];
