// The places cement leaks to: the program's own (terms.json) and those that a department adds beside the app or a file brings with it.
// Definitions are this project's own draft (DOMAIN §1.3, §1.4) and wait for a radiologist's signature.
import { z } from "zod";
import own from "./terms.json" with { type: "json" };

z.config({ jitless: true }); // no `new Function`: the page's Content-Security-Policy forbids it

export type LocalText = { readonly en: string; readonly zh: string };
const GLYPHS = ["circle", "square", "triangle", "diamond", "cross"] as const;
export type Glyph = (typeof GLYPHS)[number];
const BONES = ["sacrum", "vertebra", "ilium", "other"] as const;
export type Bone = (typeof BONES)[number];

/** The program's own sites: its rules (routes, urgency, category) know them by these names. terms.json says the rest of each. */
export const SITE_IDS = [
  "sacral_venous_plexus",
  "puncture_path",
  "anterior_epidural_space",
  "anterior_sacral_space",
  "anterior_sacral_foramen",
  "posterior_sacral_foramen",
  "sacral_canal_other",
  "sacroiliac_joint",
  "paraspinal_gluteal_soft_tissue",
  "pelvis_beyond_presacral",
  "iliac_vein",
  "l5s1_disc",
  "spinal_epidural_space",
  "intervertebral_foramen",
  "intervertebral_disc",
  "paravertebral_vein",
  "prevertebral_vein",
  "paravertebral_soft_tissue",
  "vertebral_puncture_path",
  "azygos_or_ivc",
  "pulmonary_cement_embolism",
  "cardiac",
  "other",
] as const;
export type OwnSiteId = (typeof SITE_IDS)[number];
/** A department's site: the prefix keeps it apart from every site that the program will ever have. */
type LocalSiteId = `local_${string}`;
export type SiteId = OwnSiteId | LocalSiteId;

export const isLocalSite = (id: string): id is LocalSiteId => id.startsWith("local_");

export interface Site {
  readonly id: SiteId;
  /** At most 16 characters (DOMAIN §3.2), with the scheme that it belongs to and what it is called there. */
  readonly code: string;
  readonly scheme: string;
  readonly meaning: string;
  readonly name: LocalText;
  /** Other words that it is found by. */
  readonly synonyms: { readonly en: readonly string[]; readonly zh: readonly string[] };
  /** Bones whose lesions can leak there; distant sites belong to all. */
  readonly bones: readonly Bone[];
  /** Asked of every lesion of these bones before sign-off (DOMAIN §1.6). */
  readonly onChecklist: boolean;
  readonly distant: boolean;
  readonly inCanal: boolean;
  readonly decideBy: LocalText;
  readonly color: string;
  readonly glyph: Glyph;
}

const words = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) });
const wordLists = z.strictObject({ en: z.array(z.string()), zh: z.array(z.string()) });
/** One line that fits a label (DICOM LO) and breaks none: no control character, no backslash, no space at its ends. */
const line = (pattern: RegExp) => z.string().regex(pattern);
const color = z.string().regex(/^#[0-9a-f]{6}$/);

const ownTermSchema = z.strictObject({
  id: z.enum(SITE_IDS),
  code: z.string().min(1).max(16),
  scheme: z.literal("99BCLT"),
  /** Where the code means it in other words than the list's. */
  meaning: z.string().max(64).optional(),
  name: words,
  synonyms: wordLists,
  bones: z.array(z.enum(BONES)).min(1),
  checklist: z.boolean(),
  distant: z.boolean().optional(),
  inCanal: z.boolean().optional(),
  glyph: z.enum(GLYPHS),
  color,
  decideBy: words,
});

export const localSiteIdSchema = z.templateLiteral(["local_", z.string().regex(/[a-z0-9_]{1,40}/)]);

/** A department's site as its terms file says it, and as a findings file carries it along. */
export const localTermSchema = z.strictObject({
  id: localSiteIdSchema,
  code: z.string().regex(/^[A-Za-z0-9._-]{1,16}$/),
  /** A private designator (PS3.16 8.2): the program can't vouch for a code of a standard scheme that it doesn't know. */
  scheme: z.string().regex(/^99(?!BCLT$)[A-Z0-9_]{1,14}$/),
  name: z.strictObject({
    en: line(/^[^\s\\\p{Cc}]([^\\\p{Cc}]{0,46}[^\s\\\p{Cc}])?$/u),
    zh: line(/^[^\s\\\p{Cc}]([^\\\p{Cc}]{0,30}[^\s\\\p{Cc}])?$/u),
  }),
  synonyms: wordLists.optional(),
  bones: z.array(z.enum(BONES)).min(1),
  checklist: z.boolean(),
  /** Cement there is urgent as in the canal. */
  inCanal: z.boolean().optional(),
  glyph: z.enum(GLYPHS).optional(),
  color: color.optional(),
  decideBy: words.optional(),
});
export type LocalTerm = z.infer<typeof localTermSchema>;

type OwnTerm = z.infer<typeof ownTermSchema>;

const LOCAL_LOOK = { glyph: "cross", color: "#e64980" } as const;
const NO_RULE: LocalText = { en: "As this department defines it", zh: "按本科室定义" };

function siteOfTerm(term: OwnTerm | LocalTerm): Site {
  return {
    id: term.id,
    code: term.code,
    scheme: term.scheme,
    meaning: ("meaning" in term && term.meaning) || term.name.en,
    name: term.name,
    synonyms: term.synonyms ?? { en: [], zh: [] },
    bones: term.bones,
    onChecklist: term.checklist,
    distant: "distant" in term && term.distant === true,
    inCanal: term.inCanal ?? false,
    decideBy: term.decideBy ?? NO_RULE,
    color: term.color ?? LOCAL_LOOK.color,
    glyph: term.glyph ?? LOCAL_LOOK.glyph,
  };
}

/** The program's own sites, in the order of the keys 1 to 9 of each bone, then of the list. */
export const SITES: readonly Site[] = z
  .strictObject({ sites: z.array(ownTermSchema).length(SITE_IDS.length) })
  .parse(own)
  .sites.map(siteOfTerm);

const byId = new Map(SITES.map((entry) => [entry.id, entry]));

/** What a department adds to the program's own terms (model/department-terms.ts reads it). */
export interface DepartmentTerms {
  readonly sites: readonly LocalTerm[];
  /** Findings say which slices had been displayed when a site was answered absent; they don't unless a department wants it. */
  readonly exportSeenSlices: boolean;
}

// The only state of this folder: a page is of one department and has one case open, and some thirty pure functions ask for a site
// by its id alone. It is set by the composition roots, and by the case that is opened; nothing is remembered beyond them.
let department: DepartmentTerms = { sites: [], exportSeenSlices: false };
let opened: readonly LocalTerm[] = [];

/** Called once by a composition root, before the plugin is activated; null takes them away (tests). */
export function setDepartmentTerms(terms: DepartmentTerms | null): void {
  department = terms ?? { sites: [], exportSeenSlices: false };
}

export const departmentExportsSeenSlices = (): boolean => department.exportSeenSlices;

/** The definitions that the open case brings with it: they hold for it also where this department defines the same id otherwise. */
export function openCaseTerms(terms: readonly LocalTerm[]): void {
  opened = terms;
}

/** Runs with the definitions of another document than the open case's. */
export function withCaseTerms<T>(terms: readonly LocalTerm[] | undefined, run: () => T): T {
  const before = opened;
  opened = terms ?? [];
  try {
    return run();
  } finally {
    opened = before;
  }
}

/** Local sites that can be used now: the open case's, then the department's. */
export const localTerms = (): readonly LocalTerm[] => [
  ...opened,
  ...department.sites.filter(({ id }) => !opened.some((term) => term.id === id)),
];

/** The site of an id. A local one that nobody defines here keeps its id as its name and is coded as "other". */
export function siteOf(id: SiteId): Site {
  const found = byId.get(id);
  if (found) return found;
  if (!isLocalSite(id)) throw new Error(`unknown site ${id}`);
  const term = localTerms().find((entry) => entry.id === id);
  if (term) return siteOfTerm(term);
  return { ...siteOf("other"), id, name: { en: id, zh: id }, bones: BONES };
}

/** Sites inside the spinal canal. */
export const isInCanal = (id: SiteId): boolean => siteOf(id).inCanal;

const ofBone = (sites: readonly Site[], bone: Bone): readonly Site[] =>
  sites.filter((entry) => entry.bones.includes(bone === "other" ? "sacrum" : bone));

/** Sites that a lesion of this bone can leak to, in the order of the keys; local ones come last and have none. */
export const sitesFor = (bone: Bone): readonly Site[] =>
  ofBone([...SITES, ...localTerms().map(siteOfTerm)], bone);

/**
 * Sites that must be answered for a lesion of this bone (DOMAIN §1.6): a vertebral lesion is never asked sacral questions. A signed
 * document's is what was asked then: the program's own sites and the local ones that it carries (`carried`).
 */
export const checklistFor = (bone: Bone, carried?: readonly LocalTerm[]): readonly Site[] =>
  (carried ? ofBone([...SITES, ...carried.map(siteOfTerm)], bone) : sitesFor(bone)).filter(
    (entry) => entry.onChecklist,
  );
