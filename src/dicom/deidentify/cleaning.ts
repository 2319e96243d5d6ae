// What de-identification of one case works with: its profile, substitutes and vocabulary, and the counts of what it took out.
import type { CodedConcept } from "#core/coded-concept";
import type { Pseudonyms } from "#core/pseudonyms";
import { STANDARD_CODES, VERTEBRA_CODES } from "#core/standard-codes";
import { type DataItem, type Tag, textAt } from "./data-elements.ts";
import type { Profile } from "./profile.ts";

/** What may stand in the result although someone or some program wrote it: whole values, and codes with their meanings. */
export interface Vocabulary {
  /** Whole values, letter by letter: the fixed vocabulary, written by this program. */
  readonly texts: ReadonlySet<string>;
  /** What may stay of whole values that someone typed: the words that the author approved. They are searched for identities all the same. */
  readonly approved?: ReadonlyMap<string, string>;
  /** Codes beside the viewer's own; a code that is in neither is left out. */
  readonly codes: readonly CodedConcept[];
  /** UIDs of the coding schemes that may be described. */
  readonly schemeUids: ReadonlySet<string>;
}

/** What was taken out, counted; never the values. */
export interface Counts {
  /** Attributes without a row in the profile, by tag: left out. */
  readonly unlisted: Map<Tag, number>;
  privateAttributes: number;
  /** Texts that were not approved. */
  texts: number;
  /** Codes that are not known here, with the report items that hang on them. */
  codes: number;
  /** References to images that were cropped away. */
  references: number;
}

export interface Cleaning {
  readonly profile: Profile;
  readonly pseudonyms: Pseudonyms;
  readonly texts: ReadonlySet<string>;
  readonly approved: ReadonlyMap<string, string>;
  readonly schemeUids: ReadonlySet<string>;
  /** Meaning by "value|scheme". */
  readonly meanings: ReadonlyMap<string, string>;
  /** SOP Instance UIDs of the images that were cropped away. */
  readonly gone: ReadonlySet<string>;
  readonly counts: Counts;
}

/** What of a text may stay: a text of the vocabulary whole, of a typed one the approved words; null for nothing. */
export const keptText = (text: string, { texts, approved }: Cleaning): string | null =>
  texts.has(text) ? text : approved.get(text) || null;

export const CODE_VALUES = ["00080100", "00080119", "00080120"] as const;
export const SCHEME: Tag = "00080102";

export function knownMeanings(codes: readonly CodedConcept[]): ReadonlyMap<string, string> {
  const all = [...Object.values(STANDARD_CODES), ...Object.values(VERTEBRA_CODES), ...codes];
  return new Map(all.map(({ value, scheme, meaning }) => [`${value}|${scheme}`, meaning]));
}

/** Whether an item is a code that stays; for report items that hang on one. */
export const isKnownCode = (item: DataItem | undefined, { meanings }: Cleaning): boolean =>
  item !== undefined &&
  CODE_VALUES.some((tag) => meanings.has(`${textAt(item, tag)}|${textAt(item, SCHEME)}`));
