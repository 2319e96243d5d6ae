// A picture of one plane without WebGL: the same voxels, masks, markers and letters on a 2D canvas, as PNG.
import type { Vec3 } from "#core/space";
import type { PictureRequest } from "#host/contract";
import { affineFromPatient, type DisplayVolume } from "./display-volume.ts";
import { shownAxes } from "./oblique.ts";
import { drawMarks, paintMasks } from "./overlay-canvas.ts";
import { fittingMmPerPx, nearestVoxelCenter, patientFromScreen, type PlaneFrame } from "./planes.ts";
import type { ViewScene } from "./view-scene.ts";

/** A key image shows this much around its point, so that a leak of a few mm can be seen beside its landmarks. */
const shownMm = 120;

/** Refuses (throws) without a volume. The picture is centred on the voxel nearest to `at`. */
export async function capturePlane(shown: ViewScene, request: PictureRequest): Promise<Blob> {
  const scene = asAskedFor(shown, request);
  const { volume, display } = scene;
  if (!volume || !display) throw new Error("nothing is shown that could be captured");
  const { widthPx, heightPx, pixelRatio = 1, fieldMm = shownMm } = request;
  // Key images show acquired slices, whatever layout is on the screen.
  const own = shownAxes(display.grid, volume.grid)[request.plane];
  const focus = nearestVoxelCenter(display.grid, request.at);
  const fitting = fittingMmPerPx(display.grid, own, widthPx, heightPx);
  const frame: PlaneFrame = {
    axes: own,
    widthPx,
    heightPx,
    center: focus,
    mmPerPx: Math.min(fitting, fieldMm / Math.min(widthPx, heightPx)),
  };
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(widthPx * pixelRatio);
  canvas.height = Math.round(heightPx * pixelRatio);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the browser gave no canvas to draw on");

  const image = new ImageData(canvas.width, canvas.height);
  const inPixels: PlaneFrame = {
    ...frame,
    widthPx: canvas.width,
    heightPx: canvas.height,
    mmPerPx: frame.mmPerPx / pixelRatio,
  };
  drawGrey(image, display, inPixels, scene);
  context.putImageData(image, 0, 0);

  const masks = paintMasks(scene, frame, pixelRatio, null);
  if (masks) context.drawImage(await createImageBitmap(masks), 0, 0);
  context.scale(pixelRatio, pixelRatio);
  drawMarks(context, scene, frame, focus, masks, pixelRatio);
  return new Promise((resolve, reject) => {
    canvas.toBlob((png) => (png ? resolve(png) : reject(new Error("the browser made no PNG"))), "image/png");
  });
}

/** The scene with the request's own window and marks in place of the screen's. */
function asAskedFor(shown: ViewScene, { window, marks }: PictureRequest): ViewScene {
  return {
    ...shown,
    ...(window ? { window, slabMm: 0 } : {}),
    ...(marks ? { ...marks, figures: [], overlaysVisible: true } : {}),
  };
}

/** Linear interpolation in the plane and across slices; a slab shows its maximum. Black outside the volume. */
function drawGrey(image: ImageData, display: DisplayVolume, frame: PlaneFrame, scene: ViewScene): void {
  const voxel = affineFromPatient(display.grid);
  const { width, height } = image;
  const lower = scene.window.levelHu - scene.window.widthHu / 2;
  const toGrey = 255 / scene.window.widthHu;
  const passes = Math.floor(scene.slabMm / 2 / frame.axes.stepMm + 1e-6);
  const origin = voxel(patientFromScreen(frame, 0.5, 0.5));
  const minus = (a: Vec3): Vec3 => [a[0] - origin[0], a[1] - origin[1], a[2] - origin[2]];
  const perX = minus(voxel(patientFromScreen(frame, 1.5, 0.5)));
  const perY = minus(voxel(patientFromScreen(frame, 0.5, 1.5)));
  const { forward, stepMm } = frame.axes;
  const p = patientFromScreen(frame, 0.5, 0.5);
  const perSlice = minus(
    voxel([p[0] + forward[0] * stepMm, p[1] + forward[1] * stepMm, p[2] + forward[2] * stepMm]),
  );
  const at = (x: number, y: number, n: number, axis: number): number =>
    origin[axis] + x * perX[axis] + y * perY[axis] + n * perSlice[axis];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let hu = NaN;
      for (let n = -passes; n <= passes; n++) {
        const value = linearHu(display, at(x, y, n, 0), at(x, y, n, 1), at(x, y, n, 2));
        if (!(value <= hu)) hu = Number.isNaN(value) ? hu : value;
      }
      const grey = Number.isNaN(hu) ? 0 : (hu - lower) * toGrey;
      const out = 4 * (y * width + x);
      image.data[out] = grey;
      image.data[out + 1] = grey;
      image.data[out + 2] = grey;
      image.data[out + 3] = 255;
    }
  }
}

/** Trilinear between voxel centres, held constant over the outer half voxel; NaN outside the grid. */
function linearHu({ grid, hu }: DisplayVolume, i: number, j: number, k: number): number {
  const { columns, rows, slices } = grid;
  if (i < -0.5 || j < -0.5 || k < -0.5 || i > columns - 0.5 || j > rows - 0.5 || k > slices - 0.5) return NaN;
  const ci = Math.max(0, Math.min(columns - 1, i));
  const cj = Math.max(0, Math.min(rows - 1, j));
  const ck = Math.max(0, Math.min(slices - 1, k));
  const i0 = Math.floor(ci);
  const j0 = Math.floor(cj);
  const k0 = Math.floor(ck);
  const di = i0 < columns - 1 ? 1 : 0;
  const dj = j0 < rows - 1 ? columns : 0;
  const dk = k0 < slices - 1 ? columns * rows : 0;
  const wi = ci - i0;
  const wj = cj - j0;
  const wk = ck - k0;
  const base = (k0 * rows + j0) * columns + i0;
  const a = hu[base] + wi * (hu[base + di] - hu[base]);
  const b = hu[base + dj] + wi * (hu[base + dj + di] - hu[base + dj]);
  const near = a + wj * (b - a);
  if (wk === 0) return near;
  const c = hu[base + dk] + wi * (hu[base + dk + di] - hu[base + dk]);
  const d = hu[base + dk + dj] + wi * (hu[base + dk + dj + di] - hu[base + dk + dj]);
  return near + wk * (c + wj * (d - c) - near);
}
