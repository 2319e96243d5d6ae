// The few words that are drawn into the images, in the page's language (the `lang` of the document).
import type { Locale } from "#core/problem";

export interface ViewWords {
  maximumSlab(mm: number): string;
}

const words: Readonly<Record<Locale, ViewWords>> = {
  en: { maximumSlab: (mm) => `${mm} mm maximum slab` },
  zh: { maximumSlab: (mm) => `${mm} mm 最大密度投影` },
};

export const viewWords = (): ViewWords => words[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];
