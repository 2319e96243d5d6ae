// The search of everything that a teaching case would save for what identifies the patient.
import type { LeakReport } from "#contract";
import { findingsJson } from "../../exports/bundle.ts";
import type { Locale } from "#core/problem";
import { findingsJsonSchema } from "../../model/findings.ts";
import { withoutProgram } from "../../teaching/offline-page.ts";
import { pageScripts } from "../../teaching/page-scripts.ts";
import { TEACHING_WORDS as T, pageWords } from "../../teaching/page-words.ts";
import type { TeachingFile } from "../../teaching/teaching-zip.ts";
import type { DeidentifiedCase } from "./deidentified-case.ts";

/** The proposed words and those of the markup are this program's own; what the author wrote instead is searched in full. */
export function searchFiles(
  taught: DeidentifiedCase,
  files: readonly TeachingFile[],
  markup: readonly string[],
): LeakReport {
  const { composed, deidentifying, keyImages, locale, originals, prepared, vocabulary } = taught;
  const original = {
    name: "findings.json",
    bytes: new TextEncoder().encode(findingsJson(prepared.findings)),
  };
  const own = [
    ...Object.values<string>({ ...composed.words }),
    ...keyImages.map(({ caption }) => caption),
    ...Object.values(pageWords(locale)),
    ...wordsOf(T, locale),
    ...schemaWords(),
    ...markup,
  ];
  return deidentifying.search(files.map(searched), [...originals, original], own, vocabulary);
}

/** A page without its fixed script. */
const searched = ({ name, bytes }: TeachingFile): TeachingFile => ({
  name,
  bytes: name.endsWith(".html")
    ? new TextEncoder().encode(withoutProgram(new TextDecoder().decode(bytes), pageScripts))
    : bytes,
});

/** Every text of a table of words. */
const wordsOf = (table: unknown, locale: Locale): string[] =>
  typeof table === "string"
    ? [table]
    : typeof table === "object" && table !== null
      ? Object.entries(table).flatMap(([key, value]: [string, unknown]) =>
          (key === "en" || key === "zh") && key !== locale ? [] : wordsOf(value, locale),
        )
      : [];

/** Answers that the schema itself lists, and the roles of readers: words that a findings file holds on purpose. */
function schemaWords(): string[] {
  const words = ["radiologist", "reader", "resident", "interventional radiologist", "adjudicator"];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node))
      if (key === "const" || key === "enum")
        for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
          if (typeof one === "string") words.push(one);
        }
      else visit(value);
  };
  visit(findingsJsonSchema());
  return words;
}
