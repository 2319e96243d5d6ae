// The few words that are drawn into the images, in the page's language (the `lang` of the document).
import type { Locale } from "#core/problem";

export interface ViewWords {
  maximumSlab(mm: number): string;
  /** Memory gave out: what is drawn, and what is not touched by that. */
  everyNthPixel(n: number): readonly string[];
}

const words: Readonly<Record<Locale, ViewWords>> = {
  en: {
    maximumSlab: (mm) => `${mm} mm maximum slab`,
    everyNthPixel: (n) => [
      `Too little memory: 1 pixel in ${n} is drawn`,
      "Masks, mL and exports have all of them",
    ],
  },
  zh: {
    maximumSlab: (mm) => `${mm} mm 最大密度投影`,
    everyNthPixel: (n) => [`内存不足：每 ${n} 个像素显示 1 个`, "掩膜、体积和导出不受影响"],
  },
};

export const viewWords = (): ViewWords => words[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];
