// One plane on the screen: the grey image, the masks' canvas over it, the lines and letters on top, and the pointer.
import type { RenderingEngine } from "@cornerstonejs/core";
import type { Vec3 } from "#core/space";
import type { Plane } from "#host/contract";
import { drawCrosshair, drawEdgeLetters, drawScaleBar, drawSlabBanner, drawSlicePosition } from "./annotations.ts";
import { drawGesture } from "./gesture-preview.ts";
import { paintLayer } from "./mask-paint.ts";
import { maskSampler } from "./mask-raster.ts";
import { drawMarkers, markerOpacity, placeMarkers } from "./markers.ts";
import { createPlaneImage, type PlaneImage } from "./plane-image.ts";
import { listenToPlane, type PlaneActions } from "./plane-gestures.ts";
import { depthMm, patientFromScreen, type PlaneFrame, screenFromPatient } from "./planes.ts";
import type { View, ViewOwner } from "./view-scene.ts";
import { addCanvas, clearedContext, createViewRoot } from "./view-root.ts";

export interface PlaneViewOwner extends ViewOwner {
  readonly engine: RenderingEngine | null;
  /** The frame for a view of this size, or null without a volume. */
  frame(plane: Plane, widthPx: number, heightPx: number): PlaneFrame | null;
  actions(plane: Plane, frame: () => PlaneFrame | null): Omit<PlaneActions, "hover" | "showStroke">;
  hover(plane: Plane, at: Vec3 | null): void;
}

let nextId = 1;

export function createPlaneView(plane: Plane, parent: HTMLElement, owner: PlaneViewOwner): View {
  const { root, picture } = createViewRoot(parent, plane);
  const masks = addCanvas(root);
  const marks = addCanvas(root);

  let image: PlaneImage | null = null;
  let shownVolumeId: string | null = null;
  let masksStale = true;
  let scheduled = 0;
  let pixels: ImageData | null = null;
  let pointer: readonly [number, number] | null = null;
  let stroke: readonly Vec3[] = [];
  let stopped = false;

  const size = (): readonly [number, number] => [root.clientWidth, root.clientHeight];
  const frame = (): PlaneFrame | null => {
    const [width, height] = size();
    return width < 2 || height < 2 ? null : owner.frame(plane, width, height);
  };

  function drawMasks(current: PlaneFrame | null): void {
    masksStale = false;
    const context = masks.getContext("2d");
    if (!context) return;
    const { volume, layers, overlaysVisible, slabMm } = owner.scene();
    const ratio = devicePixelRatio;
    const width = Math.round(root.clientWidth * ratio);
    const height = Math.round(root.clientHeight * ratio);
    if (masks.width !== width || masks.height !== height) {
      masks.width = width;
      masks.height = height;
      pixels = null;
    }
    if (!volume || !current || !overlaysVisible || layers.length === 0) {
      pixels = null;
      context.clearRect(0, 0, width, height);
      return;
    }
    if (pixels) pixels.data.fill(0);
    else pixels = new ImageData(width, height);
    const sample = maskSampler(volume.grid, current, ratio, slabMm);
    for (const { mask, color, fillOpacity, outlineWidthPx } of layers) {
      const coverage = sample(mask);
      const outlinePx = outlineWidthPx * ratio;
      if (coverage) paintLayer(pixels.data, width, coverage, { color, fillOpacity, outlinePx });
    }
    context.putImageData(pixels, 0, 0);
  }

  function drawMarks(current: PlaneFrame | null): void {
    const context = clearedContext(marks);
    if (!context) return;
    const ratio = devicePixelRatio;
    const [width, height] = size();
    const scene = owner.scene();
    const { display, focus } = scene;
    if (!display || !focus || !current) return;
    const others = Object.values(scene.axes ?? {}).filter((axes) => axes.plane !== plane);
    drawCrosshair(context, current, others, focus);
    if (scene.overlaysVisible) {
      const half = Math.max(scene.slabMm, current.axes.stepMm) / 2;
      const covered = pixels;
      drawMarkers(
        context,
        placeMarkers({
          widthPx: width,
          heightPx: height,
          markers: scene.markers,
          project(at) {
            const [x, y] = screenFromPatient(current, at);
            return { x, y, opacity: markerOpacity(depthMm(current, at), half) };
          },
          isCovered(x, y) {
            if (!covered) return false;
            const at = Math.round(y * ratio) * covered.width + Math.round(x * ratio);
            return covered.data[4 * at + 3] > 0;
          },
        }),
      );
    }
    drawEdgeLetters(context, current);
    drawScaleBar(context, current);
    drawSlicePosition(context, current, display.grid, focus);
    if (scene.slabMm > 0) drawSlabBanner(context, current, scene.slabMm);
    if (scene.gesture) {
      drawGesture(context, current, {
        kind: scene.gesture.kind,
        radiusMm: scene.gesture.radiusMm,
        points: stroke,
        pointer,
      });
    }
  }

  function drawOver(): void {
    cancelAnimationFrame(scheduled);
    scheduled = 0;
    const current = frame();
    if (masksStale) drawMasks(current);
    drawMarks(current);
  }

  const schedule = (): void => {
    if (!scheduled && !stopped) scheduled = requestAnimationFrame(drawOver);
  };

  async function putVolumeIn(): Promise<void> {
    const { volumeId } = owner.scene();
    if (!image || volumeId === shownVolumeId) return;
    shownVolumeId = volumeId;
    if (volumeId) {
      await image.setVolume(volumeId);
      if (stopped || shownVolumeId !== volumeId) return;
    }
    applyAll();
  }

  function applyAll(): void {
    const scene = owner.scene();
    const current = frame();
    masksStale = true;
    if (image && shownVolumeId && current) {
      image.setWindow(scene.window);
      image.setSlab(scene.slabMm);
      image.setFrame(current);
      image.render();
    } else {
      schedule();
    }
  }

  function resized(): void {
    const [width, height] = size();
    if (stopped || width < 2 || height < 2) return;
    if (!image && owner.engine) {
      image = createPlaneImage(owner.engine, `${plane}-${nextId++}`, picture, drawOver);
      void putVolumeIn();
    } else {
      owner.engine?.resize(true, true);
      applyAll();
    }
  }

  const listener = listenToPlane(root, {
    ...owner.actions(plane, frame),
    hover(point) {
      pointer = point;
      if (owner.scene().gesture) schedule();
      const current = frame();
      owner.hover(plane, point && current ? patientFromScreen(current, point[0], point[1]) : null);
    },
    showStroke(points) {
      stroke = points;
      schedule();
    },
  });
  const observer = new ResizeObserver(resized);
  observer.observe(root);

  return {
    view: plane,
    frame,
    showVolume: putVolumeIn,
    refresh(change) {
      const scene = owner.scene();
      const current = frame();
      if (change === "fit") return;
      if (change === "camera" || change === "slab" || change === "overlays") masksStale = true;
      if (image && shownVolumeId && current && (change === "camera" || change === "window" || change === "slab")) {
        if (change === "camera") image.setFrame(current);
        if (change === "window") image.setWindow(scene.window);
        if (change === "slab") image.setSlab(scene.slabMm);
        image.render();
      } else {
        schedule();
      }
    },
    cancelStroke: () => listener.cancelStroke(),
    stop() {
      stopped = true;
      observer.disconnect();
      listener.stop();
      cancelAnimationFrame(scheduled);
      image?.stop();
      root.remove();
    },
  };
}

