// What the offline teaching page is given: words, voxels, and the answers that it asks for.
import type { Locale } from "#core/problem";
import type { Vec3 } from "#core/space";
import type { PageWords } from "./page-words.ts";

export interface PlayStack {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly columnMm: number;
  readonly rowMm: number;
  readonly rowDirection: Vec3;
  readonly columnDirection: Vec3;
  /** First voxel of each slice, mm from that of the first slice. */
  readonly positions: readonly Vec3[];
  /** HU of the stored 0, and HU a step. */
  readonly lowestHu: number;
  readonly stepHu: number;
}

export interface PlayLeak {
  /** In the label picture. */
  readonly label: number;
  readonly name: string;
  /** Index into `sites`. */
  readonly site: number;
  /** Null where it could not be measured. */
  readonly size: {
    readonly ml: number;
    readonly intervalMl: readonly [number, number] | null;
    readonly text: string;
  } | null;
  /** Voxel in the middle of its largest axial cross-section. */
  readonly at: readonly [i: number, j: number, k: number];
}

export interface PlayPicture {
  readonly caption: string;
  /** SVG as `figureSvg` writes it. */
  readonly svg: string;
  /** Without marks, with them, or one beside the other. */
  readonly form: "plain" | "marked" | "both";
}

export interface PlayData {
  readonly format: "cement-teaching-case";
  readonly formatVersion: 1;
  readonly locale: Locale;
  /** Stands for the patient in a learner's answers: random, as everywhere in the case. */
  readonly caseId: string;
  readonly title: string;
  /** Seen before the answer; paragraphs are lines. */
  readonly history: string;
  /** Something in it looks like cement and is none. */
  readonly mimic: boolean;
  /** Answers shown from the start. */
  readonly open: boolean;
  readonly words: PageWords;
  readonly stack: PlayStack;
  /** PNG, base64: 16 bits, and 8 bits (0: nothing). */
  readonly hu: string;
  readonly labels: string;
  readonly colors: readonly (readonly [label: number, color: string])[];
  readonly leaks: readonly PlayLeak[];
  readonly sites: readonly string[];
  readonly ranges: readonly { readonly ml: readonly [number, number]; readonly text: string }[];
  readonly windows: readonly { readonly name: string; readonly widthHu: number; readonly levelHu: number }[];
  readonly answer: readonly { readonly heading: string; readonly text: string }[];
  readonly pictures: readonly PlayPicture[];
}
