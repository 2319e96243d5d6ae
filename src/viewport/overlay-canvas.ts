// Everything over the grey image of a plane, for the screen and for captured pictures alike: masks as pixels, marks as lines.
import type { Vec3 } from "#core/space";
import { sameShape } from "#voxels/mask";
import {
  drawBanners,
  drawCrosshair,
  drawEdgeLetters,
  drawScaleBar,
  drawSlicePosition,
} from "./annotations.ts";
import { drawFigures } from "./figures.ts";
import { drawMarkers, markerOpacity, placeMarkers } from "./markers.ts";
import { paintLayer } from "./mask-paint.ts";
import { maskSampler } from "./mask-raster.ts";
import { depthMm, type PlaneFrame, screenFromPatient } from "./planes.ts";
import type { ViewScene } from "./view-scene.ts";
import { viewWords } from "./words.ts";

/**
 * The layers as the frame shows them, in device pixels; null when there is nothing to show.
 * `reuse` is painted over when it has the right size.
 */
export function paintMasks(
  scene: ViewScene,
  frame: PlaneFrame,
  pixelRatio: number,
  reuse: ImageData | null,
): ImageData | null {
  const { volume, layers, overlaysVisible, slabMm } = scene;
  if (!volume || !overlaysVisible || layers.length === 0) return null;
  const sample = maskSampler(volume.grid, frame, pixelRatio, slabMm);
  const width = Math.round(frame.widthPx * pixelRatio);
  const height = Math.round(frame.heightPx * pixelRatio);
  let pixels: ImageData | null = null;
  for (const { mask, color, fillOpacity, outlineWidthPx } of layers) {
    // Masks of another grid belong to a volume that has just been replaced.
    const coverage = sameShape(mask, volume.grid) ? sample(mask) : null;
    if (!coverage) continue;
    if (!pixels && reuse?.width === width && reuse.height === height) {
      pixels = reuse;
      pixels.data.fill(0);
    }
    pixels ??= new ImageData(width, height);
    paintLayer(pixels.data, width, coverage, { color, fillOpacity, outlinePx: outlineWidthPx * pixelRatio });
  }
  return pixels;
}

/** Measurements and numbered markers. `masks` are the painted pixels that labels keep off. */
export function drawFindings(
  context: CanvasRenderingContext2D,
  scene: ViewScene,
  frame: PlaneFrame,
  masks: ImageData | null,
  pixelRatio: number,
): void {
  if (!scene.overlaysVisible) return;
  const half = Math.max(scene.slabMm, frame.axes.stepMm) / 2;
  const placed = placeMarkers({
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
    markers: scene.markers,
    project(point) {
      const [x, y] = screenFromPatient(frame, point);
      return { x, y, opacity: markerOpacity(depthMm(frame, point), half) };
    },
    isCovered(x, y) {
      if (!masks) return false;
      const pixel = Math.round(y * pixelRatio) * masks.width + Math.round(x * pixelRatio);
      return masks.data[4 * pixel + 3] > 0;
    },
  });
  drawFigures(context, frame, scene.figures, half);
  drawMarkers(context, placed);
}

/** What was found, with letters, scale bar, slice position and banner. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  scene: ViewScene,
  frame: PlaneFrame,
  at: Vec3,
  masks: ImageData | null,
  pixelRatio: number,
): void {
  if (!scene.volume || !scene.display) return;
  drawFindings(context, scene, frame, masks, pixelRatio);
  drawEdgeLetters(context, frame);
  drawScaleBar(context, frame);
  // Slices are counted as they were acquired, not as an even picture of uneven ones has them.
  const counted = frame.axes.index === 2 ? scene.volume.grid : scene.display.grid;
  drawSlicePosition(context, frame, counted, at, scene.toShown);
  const words = viewWords();
  drawBanners(context, frame, [
    ...(scene.slabMm > 0 ? [words.maximumSlab(scene.slabMm)] : []),
    ...(scene.display.everyNth ? words.everyNthPixel(scene.display.everyNth ** 2) : []),
  ]);
}

/** The other planes' lines through the focus. */
export function drawFocus(context: CanvasRenderingContext2D, scene: ViewScene, frame: PlaneFrame): void {
  if (!scene.focus || !scene.axes) return;
  drawCrosshair(context, frame, scene.axes, scene.focus);
}
