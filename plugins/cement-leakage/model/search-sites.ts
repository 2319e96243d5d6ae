// Finds a site by what a reader types: names, synonyms and codes, in English and Chinese at once.
import type { Site } from "./sites.ts";

/** "Prae-sacral", "prae sacral" and "praesacral" are one word; accents and full-width letters make no difference. */
const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

const NAME_BEGINS = 0;
const NAME_HOLDS = 1;
const SYNONYM_BEGINS = 2;
const SYNONYM_HOLDS = 3;
const WORDS_SOMEWHERE = 4;

/** How well a site answers; null where it doesn't. Lower is better. */
function rankOf({ name, synonyms, code }: Site, query: string): number | null {
  const wanted = folded(query);
  const names = [name.en, name.zh].map(folded);
  const others = [...synonyms.en, ...synonyms.zh, code].map(folded);
  if (names.some((text) => text.startsWith(wanted))) return NAME_BEGINS;
  if (names.some((text) => text.includes(wanted))) return NAME_HOLDS;
  if (others.some((text) => text.startsWith(wanted))) return SYNONYM_BEGINS;
  if (others.some((text) => text.includes(wanted))) return SYNONYM_HOLDS;
  const all = [...names, ...others].join(" ");
  const words = query.split(/\s+/).map(folded);
  return words.every((word) => all.includes(word)) ? WORDS_SOMEWHERE : null;
}

/** The sites that answer, best first, otherwise in their order; all of them while nothing is typed. */
export function searchSites(sites: readonly Site[], query: string): readonly Site[] {
  if (folded(query) === "") return sites;
  return sites
    .flatMap((site) => {
      const rank = rankOf(site, query);
      return rank === null ? [] : [{ site, rank }];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ site }) => site);
}
