// The definitions of a department's sites that a case carries, so that it can be read where nobody else has them.
import { z } from "zod";
import type { CaseDocument } from "./case-document.ts";
import { isLocalSite, localTerms, localTermSchema, type Bone, type LocalTerm } from "./sites.ts";

const carriesTerms = z.looseObject({ terms: z.array(localTermSchema).optional() });

/** All that a document brings with it: its own, then those of the reads put aside in it. */
export function termsIn(document: CaseDocument): readonly LocalTerm[] {
  const aside = (document.otherReads ?? []).flatMap(
    (read) => carriesTerms.safeParse(read.document).data?.terms ?? [],
  );
  const all = [...(document.terms ?? []), ...aside];
  return all.filter((term, index) => all.findIndex(({ id }) => id === term.id) === index);
}

/** The document with the definitions that its leaks, answers and checklists rest on, and no others. */
export function withTerms(document: CaseDocument): CaseDocument {
  const used = new Set<string>([
    ...document.parts.flatMap((part) => part.leak?.site ?? []),
    ...document.assessments.map((entry) => entry.site),
    ...(document.pair?.matchedSites.flat() ?? []),
  ]);
  const treated = new Set(document.lesions.map(({ bone }): Bone => (bone === "other" ? "sacrum" : bone)));
  const needed = localTerms().filter(
    (term) => used.has(term.id) || (term.checklist && term.bones.some((bone) => treated.has(bone))),
  );
  const { terms = [], ...rest } = document;
  if (JSON.stringify(terms) === JSON.stringify(needed)) return document;
  return needed.length > 0 ? { ...rest, terms: [...needed] } : rest;
}

/** A site that both define, and differently: another code. Null where they can be read together. */
export function clashOf(ours: readonly LocalTerm[], theirs: readonly LocalTerm[]): LocalTerm | null {
  return (
    theirs.find((term) =>
      ours.some(({ id, code, scheme }) => id === term.id && (code !== term.code || scheme !== term.scheme)),
    ) ?? null
  );
}

interface Carrying {
  readonly terms?: readonly LocalTerm[];
  readonly leaks: readonly { readonly site: string }[];
  readonly siteAssessments: readonly { readonly site: string }[];
  readonly pair?: { readonly matchedSites: readonly (readonly [string, string])[] };
}

/** Paths of local sites in a findings document that it doesn't define. */
export function undefinedSites({ terms = [], leaks, siteAssessments, pair }: Carrying): string[] {
  const missing = (site: string): boolean => isLocalSite(site) && !terms.some(({ id }) => id === site);
  const at = (where: string, sites: readonly string[]): string[] =>
    sites.flatMap((site, index) => (missing(site) ? [where.replace("#", String(index))] : []));
  return [
    ...at(
      "leaks.#.site",
      leaks.map(({ site }) => site),
    ),
    ...at(
      "siteAssessments.#.site",
      siteAssessments.map(({ site }) => site),
    ),
    ...(pair?.matchedSites ?? []).flatMap((sites, index) => at(`pair.matchedSites.${index}.#`, sites)),
  ];
}
