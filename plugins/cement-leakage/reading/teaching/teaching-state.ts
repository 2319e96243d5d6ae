// What the author of a teaching case decides, what the dialog shows of it, and the verbs.
import type { LeakReport } from "#contract";
import type { Problem } from "#core/problem";
import type { Readable } from "#core/readable";
import type { LocalText } from "../../model/sites.ts";
import type { Difficulty, TeachingWords } from "../../teaching/compose.ts";
import type { LeakPictures } from "../report-pictures.ts";
import type { Privacy } from "./privacy.ts";

export interface TeachingChoices {
  readonly words: TeachingWords;
  readonly difficulty: Difficulty;
  /** By leak id. */
  readonly pictures: ReadonlyMap<string, { readonly marked: boolean; readonly plain: boolean }>;
  /** Answers shown from the start. */
  readonly open: boolean;
}

export interface TeachingState {
  readonly step: "closed" | "working" | "ready";
  readonly choices: TeachingChoices | null;
  readonly pictures: readonly LeakPictures[];
  /** What the answer rests on. */
  readonly basis: string;
  /** Why the patient might be recognised all the same. */
  readonly warnings: readonly LocalText[];
  /** Of the search of these choices; null where they were changed since. */
  readonly report: LeakReport | null;
  /** Objects that were left out, and why. */
  readonly notes: readonly Problem[];
  /** Why there is no teaching case. */
  readonly problem: Problem | null;
}

export interface Teaching {
  readonly state: Readable<TeachingState>;
  whyNot(): string | null;
  /** Proposes the whole case in the reader's language, makes it, and searches it. */
  begin(): Promise<void>;
  change(choices: Partial<TeachingChoices>): void;
  /** What leaves; each decision takes the search's report back. */
  readonly privacy: Privacy;
  /** Makes and searches what was changed, and saves nothing. */
  check(): Promise<void>;
  /** Makes and searches what was changed; nothing is saved where something that identifies is found. */
  save(form: "html" | "zip" | "mirc"): Promise<void>;
  close(): void;
}
