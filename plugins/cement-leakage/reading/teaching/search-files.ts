// The search of everything that a teaching case would save for what identifies the patient.
import type { LeakReport } from "#contract";
import { findingsJson } from "../../exports/bundle.ts";
import { findingsJsonSchema } from "../../model/findings.ts";
import { pageScripts } from "../../teaching/page-scripts.ts";
import { pageStyle } from "../../teaching/page-style.ts";
import { pageWords } from "../../teaching/page-words.ts";
import type { TeachingFile } from "../../teaching/teaching-zip.ts";
import type { DeidentifiedCase } from "./deidentified-case.ts";

/** The proposed words are this program's own; what the author wrote instead is searched in full. */
export function searchFiles(taught: DeidentifiedCase, files: readonly TeachingFile[]): LeakReport {
  const { composed, deidentifying, locale, originals, prepared, vocabulary } = taught;
  const original = {
    name: "findings.json",
    bytes: new TextEncoder().encode(findingsJson(prepared.findings)),
  };
  const own = [
    ...Object.values<string>({ ...composed.words }),
    composed.basis,
    ...Object.values(pageWords(locale)),
    ...schemaWords(),
  ];
  const fixed = [...pageScripts, pageStyle];
  return deidentifying.search(files, [...originals, original], own, vocabulary, fixed);
}

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
