// A key image as it is shown: its pixels, and over them outlines, names, arrows, sides and a scale bar as lines that stay sharp.
import { patientFromVoxel, scale } from "#core/space";
import type { CaseScene } from "./case-scene.ts";
import { frameOf, type KeyImage } from "./key-image.ts";
import { outlinePath } from "./outline-path.ts";
import { pictureFromPatient, type PictureFrame, sideLetters } from "./picture-frame.ts";

import { render3d } from "./render-3d.ts";
import { greyPixels, labelPixels } from "./render-plane.ts";
import { base64Of, colorPicture, voxelPicture } from "./voxel-picture.ts";

/** Pixels of a side; places and lengths of a figure are counted in them. */
export const SIDE_PX = 480;
/** Of 3D, whose rays take time: shown as large as the others. */
const SIDE_3D_PX = 360;

export interface Outline {
  readonly color: string;
  /** SVG path data. */
  readonly path: string;
}

export interface FigureText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly color: string;
}

export interface Figure {
  readonly id: string;
  /** PNG, base64. */
  readonly plain: string;
  /** PNG, base64: in place of `plain` with the marks; null where the marks are lines alone. */
  readonly marked: string | null;
  readonly outlines: readonly Outline[];
  readonly names: readonly FigureText[];
  readonly arrows: readonly { readonly x: number; readonly y: number; readonly degrees: number }[];
  readonly sides: {
    readonly left: string;
    readonly right: string;
    readonly top: string;
    readonly bottom: string;
  };
  readonly scaleBar: { readonly px: number; readonly mm: number };
  /** "" for 3D. */
  readonly window: string;
}

/** The part of a figure that takes time: it rests on place, crop and window alone. */
export type Drawn = Pick<Figure, "plain" | "marked" | "outlines" | "names">;

/** Equal for images whose pixels are equal. */
export const drawnKey = ({ view, center, fieldMm, window, toViewer }: KeyImage): string =>
  JSON.stringify([view, center, fieldMm, window, toViewer]);

export function drawnOf(scene: CaseScene, image: KeyImage): Drawn {
  const frame = frameOf(image);
  return image.view === "3d" ? in3d(scene, image, frame) : inPlane(scene, image, frame);
}

/** Deterministic: the same image of the same scene gives the same figure. */
export function figureOf(image: KeyImage, drawn: Drawn): Figure {
  const frame = frameOf(image);
  const { widthHu, levelHu } = image.window;
  const sides = {
    left: sideLetters(scale(frame.right, -1)),
    right: sideLetters(frame.right),
    top: sideLetters(scale(frame.down, -1)),
    bottom: sideLetters(frame.down),
  };
  return {
    id: image.id,
    ...drawn,
    arrows: image.arrows.map(({ tip, degrees }) => {
      const [x, y] = pictureFromPatient(frame, tip);
      return { x: x * SIDE_PX, y: y * SIDE_PX, degrees };
    }),
    sides,
    scaleBar: scaleBarOf(frame.fieldMm),
    window: image.view === "3d" ? "" : `W ${widthHu} L ${levelHu}`,
  };
}

function inPlane(scene: CaseScene, image: KeyImage, frame: PictureFrame): Drawn {
  const labels = labelPixels(scene, frame, SIDE_PX);
  const outlines: Outline[] = [];
  const names: FigureText[] = [];
  for (const [label, { leakId, color }] of new Map(scene.masks.map((one) => [one.label, one]))) {
    const path = outlinePath(labels, SIDE_PX, label);
    if (path === "") continue;
    outlines.push({ color, path });
    if (leakId !== "") names.push({ text: leakId, color, ...besideLabel(labels, label) });
  }
  const grey = greyPixels(scene, frame, image.window, SIDE_PX);
  return { plain: base64Of(voxelPicture(grey, SIDE_PX, SIDE_PX)), marked: null, outlines, names };
}

function in3d(scene: CaseScene, image: KeyImage, frame: PictureFrame): Drawn {
  const { plain, marked } = render3d(scene, frame, image.toViewer, SIDE_3D_PX);
  return {
    plain: base64Of(voxelPicture(plain, SIDE_3D_PX, SIDE_3D_PX)),
    marked: base64Of(colorPicture(marked, SIDE_3D_PX, SIDE_3D_PX)),
    outlines: [],
    names: namesIn3d(scene, frame),
  };
}

const EDGE_PX = 34;
const inside = (px: number): number => Math.max(EDGE_PX, Math.min(SIDE_PX - EDGE_PX, px));

/** Upper right of the label's pixels. */
function besideLabel(labels: Uint8Array, label: number): { readonly x: number; readonly y: number } {
  let [x, y] = [0, SIDE_PX];
  for (let n = 0; n < labels.length; n++)
    if (labels[n] === label) {
      x = Math.max(x, n % SIDE_PX);
      y = Math.min(y, Math.floor(n / SIDE_PX));
    }
  return { x: inside(x + 6), y: inside(y - 2) };
}

/** Over the middle of each leak, at its upper end. */
function namesIn3d({ volume: { grid }, labels, masks }: CaseScene, frame: PictureFrame): FigureText[] {
  return masks.flatMap(({ label, leakId, color }): FigureText[] => {
    if (leakId === "") return [];
    let [sum, count, top] = [0, 0, Infinity];
    for (let n = 0; n < labels.length; n++) {
      if (labels[n] !== label) continue;
      const row = Math.floor(n / grid.columns);
      const at = patientFromVoxel(grid, n % grid.columns, row % grid.rows, Math.floor(row / grid.rows));
      const [x, y] = pictureFromPatient(frame, at);
      sum += x;
      count++;
      top = Math.min(top, y);
    }
    if (count === 0) return [];
    return [{ text: leakId, color, x: inside((sum / count) * SIDE_PX), y: inside(top * SIDE_PX - 6) }];
  });
}

/** A round length of about a quarter of the field. */
function scaleBarOf(fieldMm: number): Figure["scaleBar"] {
  const mm = [5, 10, 20, 30, 50, 100].findLast((one) => one <= fieldMm * 0.3) ?? 5;
  return { mm, px: (mm / fieldMm) * SIDE_PX };
}
