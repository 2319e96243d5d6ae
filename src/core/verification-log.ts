// What was checked of a series when it was opened: an ordered list of checks with their figures, what was found and what was done.
import type { Locale, ProblemDetails } from "./problem.ts";
import { verificationSentences } from "./verification-sentences.ts";

/**
 * passed: as it should be. handled: unusual, and dealt with exactly; the entry says how. attention: measured or shown with a
 * limit that the reader has to know.
 */
export type VerificationOutcome = "passed" | "handled" | "attention";

export interface VerificationEntry {
  /** Stable: "geometry/tilt"; its words stand in `verification-sentences.ts`. */
  readonly check: string;
  readonly outcome: VerificationOutcome;
  /** Figures and places; units stand in their names (`tiltDegrees`, `spacingMm`). */
  readonly figures: ProblemDetails;
}

/** Sentences of one entry; `done` is empty where nothing had to be done. */
export interface VerificationText {
  readonly checked: string;
  readonly found: string;
  readonly done: string;
}

export function verificationText(
  { check, outcome, figures }: VerificationEntry,
  locale: Locale,
): VerificationText {
  const words = verificationSentences[check]?.[locale];
  if (words)
    return {
      checked: words.checked,
      found: words.found(figures, outcome),
      done: words.done?.(figures, outcome) ?? "",
    };
  const found = Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  return { checked: check, found, done: "" };
}

/** "Gantry tilt: 12.0°. Shown straight; …" */
export function verificationLine(entry: VerificationEntry, locale: Locale): string {
  const { checked, found, done } = verificationText(entry, locale);
  return locale === "zh"
    ? `${checked}：${found}。${done && `${done}。`}`
    : `${checked}: ${found}.${done && ` ${done}.`}`;
}

/** Whether a check has its words in every language; tests hold every check that is made to it. */
export const hasVerificationText = (check: string): boolean => check in verificationSentences;
