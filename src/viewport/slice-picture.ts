// The picture of a single slice: its window is set once in its own pixels, and the browser scales it. A tenth of what the drawing of a
// plane through a volume takes before its code is warm, which the first picture of a case has to.
import { patientFromVoxel } from "#core/space";
import type { ImageWindow } from "#host/contract";
import type { DisplayVolume } from "./display-volume.ts";
import { type PlaneFrame, screenFromPatient } from "./planes.ts";

export interface SlicePicture {
  /** Draws at once, in the pixels of the screen; black without a slice. `display` has one slice, which lies in the plane of `frame`. */
  draw(display: DisplayVolume | null, frame: PlaneFrame, window: ImageWindow): void;
}

/** Drawn by the processor: to be given a canvas on the GPU takes longer than all the rest of the first picture. */
const inMemory: CanvasRenderingContext2DSettings = { alpha: false, willReadFrequently: true };

export function createSlicePicture(canvas: HTMLCanvasElement): SlicePicture {
  const own = document.createElement("canvas");
  let drawn: { readonly hu: Int16Array; readonly window: ImageWindow } | null = null;

  function paint({ grid, hu }: DisplayVolume, window: ImageWindow): void {
    if (drawn?.hu === hu && drawn.window === window) return;
    Object.assign(own, { width: grid.columns, height: grid.rows });
    const image = new ImageData(grid.columns, grid.rows);
    paintGrey(new Uint32Array(image.data.buffer), hu, window);
    own.getContext("2d", inMemory)?.putImageData(image, 0, 0);
    drawn = { hu, window };
  }

  return {
    draw(display, frame, window) {
      const context = canvas.getContext("2d", inMemory);
      if (!context) return;
      const width = Math.max(1, Math.round(frame.widthPx * devicePixelRatio));
      const height = Math.max(1, Math.round(frame.heightPx * devicePixelRatio));
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      context.resetTransform();
      context.fillRect(0, 0, width, height);
      if (!display) return;
      paint(display, window);
      context.setTransform(...screenFromSlice(display, frame, width / frame.widthPx));
      context.drawImage(own, 0, 0);
    },
  };
}

/** Grey of each HU, opaque: black at the window's lower end, white at its upper. */
export function paintGrey(pixels: Uint32Array, hu: Int16Array, { widthHu, levelHu }: ImageWindow): void {
  const lowest = levelHu - widthHu / 2;
  const perHu = 255 / widthHu;
  for (let n = 0; n < hu.length; n++) {
    const grey = (hu[n] - lowest) * perHu + 0.5;
    pixels[n] = 0xff000000 | ((grey < 0 ? 0 : grey > 255 ? 255 : grey | 0) * 0x010101);
  }
}

type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** From the slice's pixels, the first of which ends at (1, 1), to those of the screen. */
export function screenFromSlice({ grid }: DisplayVolume, frame: PlaneFrame, pixelRatio: number): Affine {
  const at = (x: number, y: number): readonly [number, number] =>
    screenFromPatient(frame, patientFromVoxel(grid, x - 0.5, y - 0.5, 0));
  const [x, y] = at(0, 0);
  const [right, down] = [at(1, 0), at(0, 1)];
  const along = ([toX, toY]: readonly [number, number]): readonly [number, number] => [
    (toX - x) * pixelRatio,
    (toY - y) * pixelRatio,
  ];
  return [...along(right), ...along(down), x * pixelRatio, y * pixelRatio];
}
