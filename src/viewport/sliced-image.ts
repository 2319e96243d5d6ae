// One plane's grey image without WebGL: drawn by the processor on a canvas of its own, from the voxels where they lie.
import { drawGrey } from "./grey-picture.ts";
import { displayedVolume } from "./local-volume.ts";
import type { PlaneImage } from "./plane-image.ts";
import type { PlaneFrame } from "./planes.ts";
import { addCanvas } from "./view-root.ts";

/** As `createPlaneImage`; nothing is copied and nothing is handed over, so that a volume is shown as soon as it is there. */
export function createSlicedImage(element: HTMLDivElement, rendered: () => void): PlaneImage {
  const canvas = addCanvas(element);
  let shown: string | null = null;
  let frame: PlaneFrame | null = null;
  let window = { widthHu: 1, levelHu: 0 };
  let slab = 0;
  let scheduled = 0;
  let image: ImageData | null = null;

  function draw(): void {
    scheduled = 0;
    const display = shown === null ? null : displayedVolume(shown);
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return;
    const ratio = devicePixelRatio;
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    if (!display || !frame) {
      context.fillRect(0, 0, width, height);
    } else {
      if (image?.width !== width || image.height !== height) image = new ImageData(width, height);
      drawGrey(image, display, inDevicePixels(frame, width, height, ratio), { window, slabMm: slab });
      context.putImageData(image, 0, 0);
    }
    rendered();
  }

  const render = (): void => {
    if (!scheduled) scheduled = requestAnimationFrame(draw);
  };
  return {
    setVolume(volumeId) {
      shown = volumeId;
      return Promise.resolve();
    },
    clear() {
      shown = null;
      render();
    },
    setFrame: (next) => void (frame = next),
    setWindow: (next) => void (window = next),
    setSlab: (slabMm) => void (slab = slabMm),
    render,
    resized: () => undefined,
    stop() {
      cancelAnimationFrame(scheduled);
      canvas.remove();
    },
  };
}

const inDevicePixels = (frame: PlaneFrame, widthPx: number, heightPx: number, ratio: number): PlaneFrame => ({
  ...frame,
  widthPx,
  heightPx,
  mmPerPx: frame.mmPerPx / ratio,
});
