// One plane's grey image: a Cornerstone orthographic viewport whose camera follows our own frame.
import { Enums, type RenderingEngine, type Types, VolumeViewport } from "@cornerstonejs/core";
import type { Vec3 } from "#core/space";
import { add, scale } from "#core/space";
import type { ImageWindow } from "#host/contract";
import { type PlaneFrame, towardsViewer } from "./planes.ts";

export interface PlaneImage {
  /** Puts the volume in; the first frame follows `setFrame`. */
  setVolume(volumeId: string): Promise<void>;
  /** Takes the volume out and shows black. */
  clear(): void;
  setFrame(frame: PlaneFrame): void;
  setWindow(window: ImageWindow): void;
  /** mm of the maximum-intensity slab; 0 for the single slice. */
  setSlab(slabMm: number): void;
  /** Draws in the next animation frame. */
  render(): void;
  /** The element has another size. */
  resized(): void;
  stop(): void;
}

const point3 = (v: Vec3): Types.Point3 => [v[0], v[1], v[2]];

/** `element` must have a size. `rendered` is called in the animation frame in which the picture has been drawn. */
export function createPlaneImage(
  engine: RenderingEngine,
  viewportId: string,
  element: HTMLDivElement,
  rendered: () => void,
): PlaneImage | null {
  engine.enableElement({
    viewportId,
    element,
    type: Enums.ViewportType.ORTHOGRAPHIC,
    defaultOptions: { background: [0, 0, 0], orientation: Enums.OrientationAxis.AXIAL },
  });
  const viewport = engine.getViewport(viewportId);
  if (!(viewport instanceof VolumeViewport)) return null;
  element.addEventListener(Enums.Events.IMAGE_RENDERED, rendered);

  return {
    async setVolume(volumeId) {
      await viewport.setVolumes([{ volumeId }], false, true);
    },
    clear() {
      viewport.removeAllActors();
      viewport.render();
    },
    setFrame(frame) {
      const viewPlaneNormal = towardsViewer(frame.axes);
      viewport.setCamera({
        focalPoint: point3(frame.center),
        position: point3(add(frame.center, scale(viewPlaneNormal, 1000))),
        viewPlaneNormal: point3(viewPlaneNormal),
        viewUp: point3(scale(frame.axes.down, -1)),
        parallelScale: (frame.heightPx / 2) * frame.mmPerPx,
      });
    },
    setWindow({ widthHu, levelHu }) {
      viewport.setProperties({ voiRange: { lower: levelHu - widthHu / 2, upper: levelHu + widthHu / 2 } });
    },
    setSlab(slabMm) {
      const { MAXIMUM_INTENSITY_BLEND, COMPOSITE } = Enums.BlendModes;
      viewport.setBlendMode(slabMm > 0 ? MAXIMUM_INTENSITY_BLEND : COMPOSITE);
      // Cornerstone puts its clipping planes at this distance on both sides: the slab shown is twice as thick.
      if (slabMm > 0) viewport.setSlabThickness(slabMm / 2);
      else viewport.resetSlabThickness();
    },
    render: () => viewport.render(),
    resized: () => engine.resize(true, true),
    stop() {
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, rendered);
      engine.disableElement(viewportId);
    },
  };
}
