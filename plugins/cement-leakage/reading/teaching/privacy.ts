// What the author of a teaching case decides of what leaves: words of free texts, the crop, other studies, and what they looked at.
import type { CropRegion, FramePictures, Host, OtherImage, OtherSeries } from "#contract";
import { ProblemError, type Problem } from "#core/problem";
import { writable, type Readable } from "#core/readable";
import { slicesInRegion } from "./same-region.ts";
import { type FreeText, approvedWords } from "../../teaching/free-texts.ts";

/** Frames of one image that were on the screen, and the author's word that nothing in them identifies. */
export interface Looked {
  readonly seen: ReadonlySet<number>;
  readonly nothingFound: boolean;
}

export interface OtherStudy {
  readonly series: OtherSeries;
  readonly included: boolean;
  /** Images that stay, by their place in the series, both ends included. */
  readonly first: number;
  readonly last: number;
  /** Whether the slices around the findings are proposed, or it can't be told where those lie; null for pictures, and once the author chose. */
  readonly around: "proposed" | "unknown" | null;
}

export interface PrivacyState {
  readonly texts: readonly FreeText[];
  /** By text: numbers of the words that may leave. */
  readonly approved: ReadonlyMap<string, ReadonlySet<number>>;
  /** Null: around the findings. */
  readonly region: CropRegion | null;
  /** What lies around the findings; null before a case was made. */
  readonly proposed: CropRegion | null;
  readonly others: readonly OtherStudy[];
  /** By SOP Instance UID. */
  readonly looked: ReadonlyMap<string, Looked>;
  /** What can't be part of the case. */
  readonly refused: readonly Problem[];
  /** The author looked through the images: no head is on them. */
  readonly noHead: boolean;
}

export interface Privacy {
  readonly state: Readable<PrivacyState>;
  approve(text: string, words: ReadonlySet<number>): void;
  crop(region: CropRegion | null): void;
  sayNoHead(noHead: boolean): void;
  /** The author's files or folder, or the CT open beside the case. */
  addStudies(from: "files" | "folder" | "beside"): Promise<void>;
  include(seriesInstanceUid: string, change: Partial<Pick<OtherStudy, "included" | "first" | "last">>): void;
  /** Null, and told, where the image can't be shown. */
  framesOf(image: OtherImage): Promise<FramePictures | null>;
  /** Frame n (from 0) was on the screen. */
  saw(image: OtherImage, n: number): void;
  /** Counts only once every frame was on the screen. */
  sayNothingFound(image: OtherImage, nothingFound: boolean): void;
}

export const NO_PRIVACY_CHOICES: PrivacyState = {
  texts: [],
  approved: new Map(),
  region: null,
  proposed: null,
  others: [],
  looked: new Map(),
  refused: [],
  noHead: false,
};

export const allSeen = ({ frames }: OtherImage, looked: Looked | undefined): boolean =>
  looked?.seen.size === frames;

/** Images of a study that leave: chosen, and looked at where that is needed. */
export const leavingOf = (
  { included, series, first, last }: OtherStudy,
  looked: PrivacyState["looked"],
): readonly OtherImage[] =>
  included
    ? series.images
        .slice(first, last + 1)
        .filter((image) => image.look === null || looked.get(image.sopInstanceUid)?.nothingFound === true)
    : [];

/** What stays of each free text, as the de-identifier takes it. */
export const approvedTexts = ({ approved }: PrivacyState): ReadonlyMap<string, string> =>
  new Map([...approved].map(([text, words]) => [text, approvedWords(text, words)]));

/** `changed` is told of each decision that changes what leaves. */
export function createPrivacy(
  host: Host,
  changed: () => void,
): {
  readonly privacy: Privacy;
  reset(texts: readonly FreeText[]): void;
  propose(region: CropRegion): void;
} {
  const state = writable<PrivacyState>(NO_PRIVACY_CHOICES);
  const set = (change: Partial<PrivacyState>, changes = true): void => {
    state.set({ ...state.get(), ...change });
    if (changes) changed();
  };
  const look = (image: OtherImage, change: (before: Looked) => Looked, changes: boolean): void => {
    const { looked } = state.get();
    const before = looked.get(image.sopInstanceUid) ?? { seen: new Set<number>(), nothingFound: false };
    set({ looked: new Map([...looked, [image.sopInstanceUid, change(before)]]) }, changes);
  };
  /** Of a CT in the case's own frame of reference the slices around the findings; else everything. */
  function proposedOf(series: OtherSeries): OtherStudy {
    const { region, proposed } = state.get();
    const kept = region ?? proposed;
    const own = host.scene.get().series;
    const there = kept && own && slicesInRegion(series, kept, own);
    const [first, last] = there ?? [0, series.images.length - 1];
    const isCt = series.images.some((image) => image.look === null && image.zMm !== null);
    return { series, included: true, first, last, around: there ? "proposed" : isCt ? "unknown" : null };
  }
  const privacy: Privacy = {
    state,
    approve: (text, words) => set({ approved: new Map([...state.get().approved, [text, words]]) }),
    crop: (region) => set({ region }),
    sayNoHead: (noHead) => set({ noHead }),
    async addStudies(from) {
      const chosen = from === "beside" ? undefined : await host.page.pickFiles(from);
      if (chosen?.length === 0) return;
      try {
        const { series, refused } = await host.dicom.otherStudies(chosen);
        const known = new Set(state.get().others.map((one) => one.series.seriesInstanceUid));
        const added = series.filter(({ seriesInstanceUid }) => !known.has(seriesInstanceUid)).map(proposedOf);
        set({ others: [...state.get().others, ...added], refused: [...state.get().refused, ...refused] });
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        host.report(error.problem);
      }
    },
    include: (seriesInstanceUid, change) =>
      set({
        others: state
          .get()
          .others.map((one) =>
            one.series.seriesInstanceUid === seriesInstanceUid
              ? { ...one, ...change, around: "first" in change || "last" in change ? null : one.around }
              : one,
          ),
      }),
    async framesOf(image) {
      const pictures = await host.dicom.framePictures(image.file);
      if (pictures.ok) return pictures.value;
      host.report(pictures.problem);
      return null;
    },
    saw(image, n) {
      if (n < 0 || n >= image.frames) return;
      look(image, (before) => ({ ...before, seen: new Set([...before.seen, n]) }), false);
    },
    sayNothingFound(image, nothingFound) {
      const seen = state.get().looked.get(image.sopInstanceUid);
      if (nothingFound && !allSeen(image, seen)) return;
      look(image, (before) => ({ ...before, nothingFound }), true);
    },
  };
  return {
    privacy,
    reset: (texts) => state.set({ ...NO_PRIVACY_CHOICES, texts }),
    propose: (proposed) => set({ proposed }, false),
  };
}
