// Names of groups for people: approaches, lesions and what else the findings write as words with underscores.
import type { Locale } from "#core/problem";
import type { LocalText } from "../model/sites.ts";

const NAMES: Readonly<Record<string, LocalText>> = {
  posterior_long_axis: { en: "posterior, long axis", zh: "后路长轴" },
  posterior_short_axis: { en: "posterior, short axis", zh: "后路短轴" },
  posterior_unspecified: { en: "posterior", zh: "后路" },
  transiliac: { en: "transiliac", zh: "经髂骨" },
  anterior_oblique: { en: "anterior-oblique", zh: "前斜路" },
  interpedicular: { en: "interpedicular", zh: "椎弓根间" },
  transpedicular: { en: "transpedicular", zh: "经椎弓根" },
  parapedicular: { en: "parapedicular", zh: "椎弓根旁" },
  several: { en: "several", zh: "多种" },
  metastasis: { en: "metastasis", zh: "转移" },
  insufficiency_fracture: { en: "insufficiency fracture", zh: "不全骨折" },
  osteoporotic_fracture: { en: "osteoporotic fracture", zh: "骨质疏松性骨折" },
  left: { en: "left", zh: "左" },
  right: { en: "right", zh: "右" },
  midline: { en: "midline", zh: "中线" },
  bilateral: { en: "bilateral", zh: "双侧" },
  sacrum: { en: "sacrum", zh: "骶骨" },
};

/** The name of a group; one that has none, such as a product or a year, stands as it is. */
export const groupName = (group: string, locale: Locale): string =>
  NAMES[group]?.[locale] ?? group.replaceAll("_", " ");
