// A picture of one plane without WebGL: the same voxels, masks, markers and letters on a 2D canvas, as PNG.
import type { PictureRequest } from "#host/contract";
import { drawGrey } from "./grey-picture.ts";
import { shownAxes } from "./oblique.ts";
import { drawMarks, paintMasks } from "./overlay-canvas.ts";
import { fittingMmPerPx, nearestVoxelCenter, type PlaneFrame } from "./planes.ts";
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
