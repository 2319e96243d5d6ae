// preview.png: three planes through each proposed leak in the cement window, outlined in the colour of its site, with its reason.
import type { Proposal } from "#cement/engine/proposal";
import type { Findings, FindingsLeak } from "#cement/model/findings";
import { siteOf } from "#cement/model/sites";
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, spacingMm, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { LoadedSeries } from "#dicom/load-series";
import { boundingBox } from "#voxels/box";
import type { Rgb } from "#voxels/dot-letters";
import { drawText, fillBox, lineHeight, textWidth, wrapped } from "#voxels/dot-letters";
import type { RunMask, VoxelBox } from "#voxels/mask";
import { forEachRun, maskHas } from "#voxels/mask";
import { patientBounds, sampleHu } from "#voxels/resample";
import type { RgbImage } from "./png.ts";
import { volumeWords } from "./proposal-words.ts";
import { stacked } from "./three-planes.ts";

const PANE = 360;
const GAP = 6;
const MARGIN = 8;
const WIDTH = 3 * PANE + 2 * GAP;
/** Around a leak: 90 mm, four pixels a millimetre. */
const LEAK_STEP_MM = 90 / PANE;
/** Cement window (DOMAIN §1.3). */
const WINDOW = { width: 3000, level: 1000 } as const;
const BLACK: Rgb = [0, 0, 0];
const GROUND: Rgb = [22, 24, 28];
const WHITE: Rgb = [240, 240, 240];
const GREY: Rgb = [170, 175, 185];
/** As in the app: apart from the colour of every site. */
const IN_BONE: Rgb = [177, 151, 252];

interface Outline {
  readonly mask: RunMask;
  readonly box: VoxelBox;
  readonly rgb: Rgb;
  /** The leak's number; null for cement in bone. */
  readonly label: string | null;
}

/** A plane seen as radiologists see it: `right` and `down` on the screen in patient space (LPS). */
interface Plane {
  readonly name: string;
  readonly right: Vec3;
  readonly down: Vec3;
  /** Letters at the left, right, upper and lower edge. */
  readonly edges: readonly [string, string, string, string];
}

const PLANES: readonly Plane[] = [
  { name: "axial", right: [1, 0, 0], down: [0, 1, 0], edges: ["R", "L", "A", "P"] },
  { name: "sagittal", right: [0, 1, 0], down: [0, 0, -1], edges: ["A", "P", "H", "F"] },
  { name: "coronal", right: [1, 0, 0], down: [0, 0, -1], edges: ["R", "L", "H", "F"] },
];

export interface PreviewInput {
  readonly ct: LoadedSeries;
  readonly proposal: Proposal;
  readonly findings: Findings;
  /** By leak id. */
  readonly leakMasks: ReadonlyMap<string, RunMask>;
}

/** A block for each leak; through the cement where nothing leaked, and the whole scan through its middle where there is no cement. */
export function previewPicture({ ct, proposal, findings, leakMasks }: PreviewInput): RgbImage {
  const { volume } = ct;
  const leaks = findings.leaks.flatMap((leak) => {
    const mask = leakMasks.get(leak.leakId);
    return mask ? [{ leak, mask, number: leak.leakId.slice(1) }] : [];
  });
  const outlines = [
    ...proposal.intraosseous.flatMap(({ mask }) => outline(mask, IN_BONE, null)),
    ...leaks.flatMap(({ leak, mask, number }) => outline(mask, colorOf(leak), number)),
  ];
  const blocks: RgbImage[] = [heading(ct, leaks.length, proposal)];
  for (const { leak, mask, number } of leaks) {
    blocks.push(leakWords(leak, number));
    blocks.push(planes(volume, insidePoint(mask, volume.grid), LEAK_STEP_MM, outlines, number));
  }
  if (leaks.length === 0 && proposal.intraosseous.length > 0)
    blocks.push(
      planes(volume, insidePoint(proposal.intraosseous[0].mask, volume.grid), LEAK_STEP_MM, outlines, null),
    );
  else if (leaks.length === 0) {
    const { minMm, maxMm } = patientBounds(volume.grid);
    const middle: Vec3 = [(minMm[0] + maxMm[0]) / 2, (minMm[1] + maxMm[1]) / 2, (minMm[2] + maxMm[2]) / 2];
    const widestMm = Math.max(...maxMm.map((most, axis) => most - minMm[axis]));
    blocks.push(planes(volume, middle, Math.max(widestMm, 20) / PANE, outlines, null));
  }
  return stacked(blocks);
}

function outline(mask: RunMask, rgb: Rgb, label: string | null): Outline[] {
  const box = boundingBox(mask);
  return box ? [{ mask, box, rgb, label }] : [];
}

function colorOf(leak: FindingsLeak): Rgb {
  const hex = Number.parseInt(siteOf(leak.site).color.slice(1), 16);
  return [hex >> 16, (hex >> 8) & 255, hex & 255];
}

/** Lines of text on the ground colour, the picture's full width. */
function textBlock(
  lines: readonly { readonly text: string; readonly rgb: Rgb; readonly scale: number }[],
): RgbImage {
  const broken = lines.flatMap(({ text, rgb, scale }) =>
    wrapped(text, WIDTH - 2 * MARGIN, scale).map((line) => ({ text: line, rgb, scale })),
  );
  const height = broken.reduce((sum, { scale }) => sum + lineHeight(scale), 2 * MARGIN);
  const image: RgbImage = { width: WIDTH, height, rgb: new Uint8Array(WIDTH * height * 3) };
  fillBox(image, 0, 0, WIDTH, height, GROUND);
  let y = MARGIN;
  for (const { text, rgb, scale } of broken) {
    drawText(image, text, { x: MARGIN, y }, { scale, rgb });
    y += lineHeight(scale);
  }
  return image;
}

function heading({ context }: LoadedSeries, leaks: number, proposal: Proposal): RgbImage {
  const cement = proposal.intraosseous.length;
  const title =
    leaks > 0
      ? `${leaks} proposed leak${leaks === 1 ? "" : "s"} of bone cement`
      : cement > 0
        ? "Bone cement found, no leak proposed"
        : "No cement was found in bone on this CT";
  const drawn = cement + leaks > 0;
  return textBlock([
    { text: title, rgb: WHITE, scale: 3 },
    {
      text: `Draft of the engine ${proposal.engineVersion}, read by nobody. Not for diagnosis. Series ${context.seriesNumber} "${context.seriesDescription}", window ${WINDOW.width} level ${WINDOW.level}.`,
      rgb: GREY,
      scale: 2,
    },
    ...(drawn
      ? [
          {
            text: "Violet outline: cement in bone. Other colours and numbers: leaks.",
            rgb: IN_BONE,
            scale: 2,
          },
        ]
      : []),
  ]);
}

function leakWords(leak: FindingsLeak, number: string): RgbImage {
  const levels = leak.sacralLevels ? `, ${leak.sacralLevels.join(" ")}` : "";
  return textBlock([
    { text: `${number}  ${siteOf(leak.site).name.en}, ${leak.side}${levels}`, rgb: colorOf(leak), scale: 3 },
    { text: `${leak.confidence}; ${volumeWords(leak)} with 95 % interval`, rgb: WHITE, scale: 2 },
    { text: leak.proposal?.reason ?? "", rgb: GREY, scale: 2 },
  ]);
}

/** The voxel of the mask nearest to its centre of mass: a curved leak's own middle may lie outside it. */
function insidePoint(mask: RunMask, grid: VoxelGrid): Vec3 {
  let voxels = 0;
  const sum: [number, number, number] = [0, 0, 0];
  forEachRun(mask, (j, k, start, end) => {
    const n = end - start;
    voxels += n;
    sum[0] += (n * (start + end - 1)) / 2;
    sum[1] += n * j;
    sum[2] += n * k;
  });
  const middle = sum.map((total) => total / Math.max(1, voxels));
  const mm = spacingMm(grid);
  let best: Vec3 = [middle[0], middle[1], middle[2]];
  let least = Infinity;
  forEachRun(mask, (j, k, start, end) => {
    const i = Math.max(start, Math.min(end - 1, Math.round(middle[0])));
    const away = Math.hypot((i - middle[0]) * mm[0], (j - middle[1]) * mm[1], (k - middle[2]) * mm[2]);
    if (away < least) [least, best] = [away, [i, j, k]];
  });
  return patientFromVoxel(grid, ...best);
}

/** Axial, sagittal and coronal side by side. The outlines of leak `current` are drawn twice as thick. */
function planes(
  volume: CtVolume,
  at: Vec3,
  stepMm: number,
  outlines: readonly Outline[],
  current: string | null,
): RgbImage {
  const image: RgbImage = { width: WIDTH, height: PANE, rgb: new Uint8Array(WIDTH * PANE * 3) };
  PLANES.forEach((plane, n) => {
    const left = n * (PANE + GAP);
    const shown = drawPane(image, left, volume, plane, at, stepMm, outlines);
    shown.forEach((pixels, o) =>
      drawOutline(image, left, pixels, outlines[o].rgb, outlines[o].label === current ? 2 : 1),
    );
    shown.forEach((pixels, o) => drawNumber(image, left, pixels, outlines[o]));
    drawMarks(image, left, plane, stepMm);
  });
  return image;
}

/** Paints the CT; returns the pixels of each outline's mask. */
function drawPane(
  image: RgbImage,
  left: number,
  volume: CtVolume,
  { right, down }: Plane,
  at: Vec3,
  stepMm: number,
  outlines: readonly Outline[],
): Uint8Array[] {
  const shown = outlines.map(() => new Uint8Array(PANE * PANE));
  for (let y = 0; y < PANE; y++)
    for (let x = 0; x < PANE; x++) {
      const a = (x - PANE / 2) * stepMm;
      const b = (y - PANE / 2) * stepMm;
      const [i, j, k] = voxelFromPatient(volume.grid, [
        at[0] + a * right[0] + b * down[0],
        at[1] + a * right[1] + b * down[1],
        at[2] + a * right[2] + b * down[2],
      ]);
      const share = (sampleHu(volume, i, j, k) - WINDOW.level) / WINDOW.width + 0.5;
      const grey = Math.round(255 * Math.max(0, Math.min(1, share)));
      const pixel = (y * WIDTH + left + x) * 3;
      image.rgb.fill(grey, pixel, pixel + 3);
      const [ci, cj, ck] = [Math.round(i), Math.round(j), Math.round(k)];
      outlines.forEach(({ mask, box }, n) => {
        if (ck < box.k0 || ck >= box.k1 || cj < box.j0 || cj >= box.j1 || ci < box.i0 || ci >= box.i1) return;
        if (maskHas(mask, ci, cj, ck)) shown[n][y * PANE + x] = 1;
      });
    }
  return shown;
}

/** A line around the pixels, not over them: a leak two pixels wide stays to be seen. */
function drawOutline(image: RgbImage, left: number, pixels: Uint8Array, rgb: Rgb, thick: number): void {
  if (!pixels.includes(1)) return;
  for (let y = 0; y < PANE; y++)
    for (let x = 0; x < PANE; x++) {
      if (pixels[y * PANE + x] === 1) continue;
      let near = false;
      for (let dy = -thick; dy <= thick && !near; dy++)
        for (let dx = -thick; dx <= thick && !near; dx++) {
          const [u, v] = [x + dx, y + dy];
          near = u >= 0 && v >= 0 && u < PANE && v < PANE && pixels[v * PANE + u] === 1;
        }
      if (near) image.rgb.set(rgb, (y * WIDTH + left + x) * 3);
    }
}

/** The leak's number at the upper right of what is seen of it. */
function drawNumber(image: RgbImage, left: number, pixels: Uint8Array, { label, rgb }: Outline): void {
  const first = pixels.indexOf(1);
  if (label === null || first < 0) return;
  const top = Math.floor(first / PANE);
  let right = 0;
  for (let p = first; p < pixels.length; p++) if (pixels[p] === 1) right = Math.max(right, p % PANE);
  const x = Math.min(right + 7, PANE - textWidth(label, 2) - 2);
  drawText(image, label, { x: left + x, y: Math.max(4, top - 16) }, { scale: 2, rgb, backing: BLACK });
}

/** Name, directions, and a bar of 1 cm (5 cm where the whole scan is shown). */
function drawMarks(image: RgbImage, left: number, plane: Plane, stepMm: number): void {
  const text = { scale: 2, rgb: WHITE, backing: BLACK };
  const middle = PANE / 2;
  const [west, east, north, south] = plane.edges;
  drawText(image, west, { x: left + 6, y: middle - 8 }, text);
  drawText(image, east, { x: left + PANE - 16, y: middle - 8 }, text);
  drawText(image, north, { x: left + middle - 6, y: 6 }, text);
  drawText(image, south, { x: left + middle - 6, y: PANE - 22 }, text);
  drawText(image, plane.name, { x: left + 6, y: 6 }, { ...text, rgb: GREY });
  const barMm = stepMm > LEAK_STEP_MM ? 50 : 10;
  const bar = Math.round(barMm / stepMm);
  fillBox(image, left + PANE - bar - 9, PANE - 11, bar + 2, 5, BLACK);
  fillBox(image, left + PANE - bar - 8, PANE - 10, bar, 3, WHITE);
  const words = `${barMm / 10} cm`;
  drawText(image, words, { x: left + PANE - textWidth(words, 2) - 6, y: PANE - 30 }, { ...text, rgb: GREY });
}
