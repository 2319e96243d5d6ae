// The proof after de-identification: every byte of the result is searched for every identifying value of the originals. It shares no
// code with the de-identifier, so that a fault of the one is not repeated by the other.
import { type IdentityValue, type OriginalInput, identityOf } from "./identity.ts";
import { openStreams } from "./open-streams.ts";
import { PatternIndex, SHORTEST_IN_NOISE, isSearchable, patternsOf } from "./patterns.ts";

export interface OutputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface LeakFound {
  readonly value: IdentityValue;
  /** "case.zip > CT-0001.dcm", or "file name". */
  readonly where: string;
  readonly offsetBytes: number;
  /** "UTF-8", "as in the original", … */
  readonly form: string;
}

export interface LeakReport {
  /** Nothing was found, and nothing was left unopened. */
  readonly clean: boolean;
  readonly files: number;
  readonly bytes: number;
  /** Values that were looked for. */
  readonly values: number;
  /** The first place of each value in each stream. */
  readonly found: readonly LeakFound[];
  /** Too short to be searched for: a person has to look ("Li", "CT"). */
  readonly tooShort: readonly IdentityValue[];
  /** Words that the result may hold on purpose, so that they can't be told from an original's. */
  readonly inVocabulary: readonly IdentityValue[];
  readonly unopened: readonly string[];
}

export interface LeakSearchOptions {
  /** This program's own words in the result: a value that is one of them, or whole words of one, can't be told from it. */
  readonly allowed: readonly string[];
  /**
   * Texts that someone typed, and the words of each that the author approved: these may stand, but no name, number, date or UID that is
   * known from elsewhere, whether it stands in them or not.
   */
  readonly approved?: ReadonlyMap<string, string>;
  /** Values that are in no file: a name that the author knows. */
  readonly more?: readonly IdentityValue[];
}

/** The report, for the screen before anything is saved. Throws where an original can't be read: then nothing is proved. */
export function searchForLeaks(
  outputs: readonly OutputFile[],
  originals: readonly OriginalInput[],
  options: LeakSearchOptions,
): LeakReport {
  const known = [...identityOf(originals), ...(options.more ?? [])];
  const vocabulary = options.allowed.map((text) => text.toLowerCase());
  const isAllowed = (text: string, { kind }: IdentityValue): boolean =>
    vocabulary.some((allowed) => standsIn(allowed, text.toLowerCase(), kind));
  const isApproved = (text: string, { kind, text: whole }: IdentityValue): boolean =>
    kind === "typed" && standsIn(options.approved?.get(whole)?.toLowerCase() ?? "", text.toLowerCase(), kind);
  const all = known.filter((value) => !isApproved(value.text, value));
  const tooShort = all.filter(({ text }) => !isSearchable(text));
  const rest = all.filter(({ text }) => isSearchable(text));
  const inVocabulary = rest.filter((value) => isAllowed(value.text, value));
  const patterns = rest
    .flatMap(patternsOf)
    .filter(({ text, value }) => !isAllowed(text, value) && !isApproved(text, value));
  const searched = new Set(patterns.map(({ value }) => value));
  const index = new PatternIndex(patterns);
  const found: LeakFound[] = [];
  const unopened: string[] = [];
  let bytes = 0;
  const look = (content: Uint8Array, where: string, shortest: number): void => {
    const seen = new Set<IdentityValue>();
    bytes += content.length;
    index.search(content, shortest, ({ value, form }, offsetBytes) => {
      if (seen.has(value)) return;
      seen.add(value);
      found.push({ value, where, offsetBytes, form });
    });
  };
  for (const file of outputs) {
    look(new TextEncoder().encode(file.name), "file name", 0);
    const opened = openStreams(file.name, file.bytes);
    unopened.push(...opened.unopened);
    for (const stream of opened.streams)
      look(stream.bytes, stream.path, stream.noise ? SHORTEST_IN_NOISE : 0);
  }
  return {
    clean: found.length === 0 && unopened.length === 0,
    files: outputs.length,
    bytes,
    values: searched.size,
    found,
    tooShort,
    inVocabulary,
    unopened,
  };
}

/** Whether an allowed text is the value, or holds it as whole words; a UID has to be the same. */
function standsIn(allowed: string, text: string, kind: IdentityValue["kind"]): boolean {
  if (kind === "uid" || kind === "date") return allowed === text;
  const at = allowed.indexOf(text);
  return (
    at >= 0 && !/[a-z0-9]/.test(allowed.charAt(at - 1)) && !/[a-z0-9]/.test(allowed.charAt(at + text.length))
  );
}
