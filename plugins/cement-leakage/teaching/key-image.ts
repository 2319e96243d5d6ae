// Key images of a teaching case as its author decides on them: place, crop, window, arrows, words. Their pixels follow from these.
import { add, dot, type Vec3 } from "#core/space";
import type { Locale } from "#core/problem";
import { crossSections, type PlaneName } from "../exports/best-plane.ts";
import { leakSiteText } from "../exports/sentences.ts";
import type { Findings } from "../model/findings.ts";
import { withCaseTerms } from "../model/sites.ts";
import type { CaseScene } from "./case-scene.ts";
import { TEACHING_WORDS as T } from "./page-words.ts";
import {
  patientFromPicture,
  pictureFromPatient,
  type PictureFrame,
  planeFrame,
  viewFrame,
} from "./picture-frame.ts";
import { bestView, EIGHT_SIDES } from "./render-3d.ts";

export type KeyView = PlaneName | "3d";
/** Which of the two are shown: without marks, with the outlines of cement, or one beside the other. */
export type KeyForm = "both" | "plain" | "marked";

export interface KeyArrow {
  /** Patient mm. */
  readonly tip: Vec3;
  /** Where it points, clockwise from the right edge of the picture. */
  readonly degrees: number;
}

export interface KeyWindow {
  readonly widthHu: number;
  readonly levelHu: number;
}

export interface KeyImage {
  readonly id: string;
  /** "" for a picture of the whole case. */
  readonly leakId: string;
  readonly view: KeyView;
  /** Patient mm; for 3D what lies in its middle. */
  readonly center: Vec3;
  readonly fieldMm: number;
  /** Of planes. */
  readonly window: KeyWindow;
  /** Of 3D: unit vector to the viewer, horizontal. */
  readonly toViewer: Vec3;
  readonly arrows: readonly KeyArrow[];
  readonly caption: string;
  readonly form: KeyForm;
}

/** The windows that are offered. In the first cement stays apart from bone, and what lies beside it is still seen (DOMAIN §1.3). */
export const KEY_WINDOWS = [
  { id: "bone", widthHu: 2000, levelHu: 500 },
  { id: "soft", widthHu: 400, levelHu: 40 },
  { id: "cement", widthHu: 4000, levelHu: 1500 },
] as const;
const [BONE] = KEY_WINDOWS;
const BONE_WINDOW: KeyWindow = { widthHu: BONE.widthHu, levelHu: BONE.levelHu };
/** mm: enough to know the place again, not so much that a small leak is lost. */
const FIELD_MM = { least: 90, most: 150, timesExtent: 2.5 } as const;
const FIELD_3D_MM = { least: 100, timesExtent: 1.5 } as const;
/** Of the field: from the middle of the leak to where an arrow ends, at least, so that it doesn't cover what it points to. */
const ARROW_GAP = 0.03;
const ARROW_DEGREES = 35;

/** The plane or view that a key image shows. */
export const frameOf = ({ view, center, fieldMm, toViewer }: KeyImage): PictureFrame =>
  view === "3d" ? viewFrame(toViewer, center, fieldMm) : planeFrame(view, center, fieldMm);

/**
 * Each leak at its largest cross-section in three planes, the plane that shows most first; then one view of the whole in 3D. Without a
 * leak the cement in bone, for what lies in it is the lesson.
 */
export function proposeKeyImages(scene: CaseScene, findings: Findings, locale: Locale): KeyImage[] {
  return withCaseTerms(findings.terms, () => [
    ...(findings.leaks.length === 0
      ? planesOf(scene, "", T.inBone[locale], locale).map((image) => ({ ...image, arrows: [] }))
      : findings.leaks.flatMap((leak) => planesOf(scene, leak.leakId, leakSiteText(leak, locale), locale))),
    ...wholeOf(scene, findings, locale),
  ]);
}

/** Of a leak, or of the first cement in bone (""). */
function planesOf(
  { masks, seriesGrid }: CaseScene,
  leakId: string,
  what: string,
  locale: Locale,
): KeyImage[] {
  const mask = masks.find((one) => one.leakId === leakId)?.mask;
  if (!mask) return [];
  const sections = crossSections(mask, seriesGrid);
  const extentMm = 2 * Math.sqrt(Math.max(...sections.map(({ areaMm2 }) => areaMm2)));
  const { least, most, timesExtent } = FIELD_MM;
  const fieldMm = Math.round(Math.max(least, Math.min(most, timesExtent * extentMm)) / 5) * 5;
  return sections.map(({ plane, at, areaMm2 }): KeyImage => {
    const frame = planeFrame(plane, at, fieldMm);
    return {
      id: `${leakId || "bone"}-${plane}`,
      leakId,
      view: plane,
      center: at,
      fieldMm,
      window: BONE_WINDOW,
      toViewer: [0, -1, 0],
      arrows: [arrowAt(frame, at, Math.sqrt(areaMm2 / Math.PI) / fieldMm)],
      caption: T.caption(leakId, T.plane[plane][locale], what)[locale],
      form: "both",
    };
  });
}

/** Points to the place from the lower left, from just outside of it. `radius` in fractions of the side. */
export function arrowAt(frame: PictureFrame, at: Vec3, radius = 0): KeyArrow {
  const [x, y] = pictureFromPatient(frame, at);
  const angle = (-ARROW_DEGREES * Math.PI) / 180;
  const away = radius + ARROW_GAP;
  const tip = patientFromPicture(frame, [x - away * Math.cos(angle), y - away * Math.sin(angle)]);
  return { tip, degrees: -ARROW_DEGREES };
}

function wholeOf(scene: CaseScene, findings: Findings, locale: Locale): KeyImage[] {
  const view = bestView(scene);
  if (!view) return [];
  const { least, timesExtent } = FIELD_3D_MM;
  return [
    {
      id: "3d",
      leakId: "",
      view: "3d",
      center: view.center,
      fieldMm: Math.round(Math.max(least, timesExtent * view.extentMm) / 5) * 5,
      window: BONE_WINDOW,
      toViewer: view.toViewer,
      arrows: [],
      caption: T.caption3d[locale]
        .replace("{from}", viewText(view.toViewer, locale))
        .replace("{what}", findings.leaks.map(({ leakId }) => leakId).join(", ") || T.noLeaksShown[locale]),
      form: "both",
    },
  ];
}

/** "left and front": the sides from which the patient is seen. */
export function viewText([x, y]: Vec3, locale: Locale): string {
  const sides = [
    ...(Math.abs(y) > 0.38 ? [y < 0 ? T.seenFrom.front : T.seenFrom.back] : []),
    ...(Math.abs(x) > 0.38 ? [x > 0 ? T.seenFrom.left : T.seenFrom.right] : []),
  ];
  return sides.map((side) => side[locale]).join(T.seenFrom.and[locale]);
}

/** The same picture with its middle moved within the picture by fractions of its side. */
export const moved = (image: KeyImage, x: number, y: number): KeyImage => ({
  ...image,
  center: patientFromPicture(frameOf(image), [0.5 + x, 0.5 + y]),
});

const FIELD_LIMITS_MM = [30, 250] as const;

/** A tenth or so more or less of the patient in the picture. */
export function zoomed(image: KeyImage, way: 1 | -1): KeyImage {
  const fieldMm = Math.round((image.fieldMm * (way > 0 ? 1.15 : 1 / 1.15)) / 5) * 5;
  return { ...image, fieldMm: Math.max(FIELD_LIMITS_MM[0], Math.min(FIELD_LIMITS_MM[1], fieldMm)) };
}

/** 3D from the next of the eight sides, clockwise as seen from above; nothing for planes. */
export function walkedAround(image: KeyImage, by: 1 | -1): KeyImage {
  if (image.view !== "3d") return image;
  const now = EIGHT_SIDES.findIndex((side) => dot(side, image.toViewer) > 0.99);
  return { ...image, toViewer: EIGHT_SIDES[(now + by + EIGHT_SIDES.length) % EIGHT_SIDES.length] };
}

/** A step through the slices of a plane, mm towards the viewer's far side; nothing for 3D. */
export function stepped(image: KeyImage, mm: number): KeyImage {
  if (image.view === "3d") return image;
  const through = { axial: [0, 0, 1], sagittal: [1, 0, 0], coronal: [0, 1, 0] } as const;
  const [x, y, z] = through[image.view];
  const by = (at: Vec3): Vec3 => add(at, [x * mm, y * mm, z * mm]);
  return {
    ...image,
    center: by(image.center),
    arrows: image.arrows.map((one) => ({ ...one, tip: by(one.tip) })),
  };
}
