// What the author of a teaching case decides, what the dialog shows of it, and the verbs.
import type { LeakReport } from "#contract";
import type { Problem } from "#core/problem";
import type { Readable } from "#core/readable";
import type { LocalText } from "../../model/sites.ts";
import type { Basis, Category, Difficulty, TeachingWords } from "../../teaching/compose.ts";
import type { Figure } from "../../teaching/figure.ts";
import type { KeyImage } from "../../teaching/key-image.ts";
import type { Privacy } from "./privacy.ts";

export interface TeachingChoices {
  readonly words: TeachingWords;
  readonly difficulty: Difficulty;
  readonly categories: readonly Category[];
  /** What the answer rests on. */
  readonly basis: Basis;
  /** In the order in which they are shown. */
  readonly pictures: readonly KeyImage[];
  /** Answers shown from the start. */
  readonly open: boolean;
}

export interface TeachingState {
  readonly step: "closed" | "working" | "ready";
  readonly choices: TeachingChoices | null;
  /** As they were proposed. */
  readonly keyImages: readonly KeyImage[];
  /** Why the patient might be recognised all the same. */
  readonly warnings: readonly LocalText[];
  /** Of the search of these choices; null where they were changed since. */
  readonly report: LeakReport | null;
  /** Objects that were left out, and why. */
  readonly notes: readonly Problem[];
  /** Why there is no teaching case. */
  readonly problem: Problem | null;
}

/** One page; everything with DICOM; for RSNA MIRC; pictures for slides. */
export type SavedForm = "html" | "zip" | "mirc" | "figures";

export interface Teaching {
  readonly state: Readable<TeachingState>;
  whyNot(): string | null;
  /** Proposes the whole case in the reader's language, makes it, and searches it. */
  begin(): Promise<void>;
  change(choices: Partial<TeachingChoices>): void;
  /** As it would be shown; null where no case is being made. */
  figure(image: KeyImage): Figure | null;
  /** What leaves; each decision takes the search's report back. */
  readonly privacy: Privacy;
  /** Makes and searches what was changed, and saves nothing. */
  check(): Promise<void>;
  /** Makes and searches what was changed; nothing is saved where something that identifies is found. */
  save(form: SavedForm): Promise<void>;
  close(): void;
}
