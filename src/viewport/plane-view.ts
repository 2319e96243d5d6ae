// One plane on the screen: the grey image, masks, lines and letters on a canvas over it, and the pointer.
import type { Vec3 } from "#core/space";
import type { Plane } from "#host/contract";
import { drawGesture } from "./gesture-preview.ts";
import { drawFocus, drawMarks, paintMasks } from "./overlay-canvas.ts";
import type { PlaneImage } from "./plane-image.ts";
import { listenToPlane, type PlaneActions } from "./plane-gestures.ts";
import { patientFromScreen, type PlaneFrame } from "./planes.ts";
import type { View, ViewOwner } from "./view-scene.ts";
import { addCanvas, clearedContext, createViewRoot } from "./view-root.ts";

export interface PlaneViewOwner extends ViewOwner {
  /** The grey image in an element that has a size; null where it can't be drawn. */
  createImage(viewportId: string, element: HTMLDivElement, rendered: () => void): PlaneImage | null;
  /** The frame for a view of this size, or null without a volume. */
  frame(plane: Plane, widthPx: number, heightPx: number): PlaneFrame | null;
  actions(plane: Plane, frame: () => PlaneFrame | null): Omit<PlaneActions, "hover" | "showStroke">;
  hover(plane: Plane, at: Vec3 | null): void;
  /** The picture at the focus has just been drawn. */
  drawn?(plane: Plane): void;
  /** Where the frame lies in the patient space of the grey image; another scan's differs from the case's. */
  imageFrame(frame: PlaneFrame): PlaneFrame;
}

let nextId = 1;

/** `name` tells the view from others of the same plane, for whoever drives the page from outside. */
export function createPlaneView(
  plane: Plane,
  parent: HTMLElement,
  owner: PlaneViewOwner,
  name: string = plane,
): View {
  const { root, picture } = createViewRoot(parent, name);
  root.style.cursor = "crosshair";
  const canvas = addCanvas(root);

  let image: PlaneImage | null = null;
  let shownVolumeId: string | null = null;
  let masksStale = true;
  let scheduled = 0;
  let masks: ImageData | null = null;
  let spare: ImageData | null = null;
  let pointer: readonly [number, number] | null = null;
  let stroke: readonly Vec3[] = [];
  let stopped = false;

  const size = (): readonly [number, number] => [root.clientWidth, root.clientHeight];
  const frame = (): PlaneFrame | null => {
    const [width, height] = size();
    return width < 2 || height < 2 ? null : owner.frame(plane, width, height);
  };

  function draw(): void {
    cancelAnimationFrame(scheduled);
    scheduled = 0;
    const context = clearedContext(canvas);
    const scene = owner.scene();
    const current = frame();
    if (!context || !current || !scene.focus || !image) {
      masks = null;
      return;
    }
    // The picture's place in the patient, for whoever drives the page from outside.
    root.dataset.centerMm = current.center.map((mm) => mm.toFixed(3)).join(" ");
    root.dataset.mmPerPx = String(current.mmPerPx);
    const ratio = devicePixelRatio;
    if (masksStale) {
      spare = masks ?? spare;
      masks = paintMasks(scene, current, ratio, spare);
      masksStale = false;
    }
    if (masks) context.putImageData(masks, 0, 0);
    drawFocus(context, scene, current);
    drawMarks(context, scene, current, scene.focus, masks, ratio);
    if (!scene.gesture) return;
    const { kind, radiusMm } = scene.gesture;
    drawGesture(context, current, { kind, radiusMm, points: stroke, pointer });
  }

  function rendered(): void {
    draw();
    if (shownVolumeId) owner.drawn?.(plane);
  }

  const schedule = (): void => {
    if (!scheduled && !stopped) scheduled = requestAnimationFrame(draw);
  };

  async function putVolumeIn(): Promise<void> {
    const { volumeId } = owner.scene();
    if (!image || volumeId === shownVolumeId) return;
    shownVolumeId = null;
    if (volumeId) await image.setVolume(volumeId);
    else image.clear();
    if (stopped || volumeId !== owner.scene().volumeId) return;
    shownVolumeId = volumeId;
    applyAll();
  }

  function applyAll(): void {
    const scene = owner.scene();
    const current = frame();
    masksStale = true;
    if (image && shownVolumeId && current) {
      image.setWindow(scene.window);
      image.setSlab(scene.slabMm);
      image.setFrame(owner.imageFrame(current));
      image.render();
    } else {
      schedule();
    }
  }

  function resized(): void {
    const [width, height] = size();
    if (stopped || width < 2 || height < 2) return;
    if (image) {
      image.resized();
      applyAll();
      return;
    }
    image = owner.createImage(`${plane}-${nextId++}`, picture, rendered);
    if (image) void putVolumeIn();
    else applyAll();
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
      if (
        image &&
        shownVolumeId &&
        current &&
        (change === "camera" || change === "window" || change === "slab")
      ) {
        if (change === "camera") image.setFrame(owner.imageFrame(current));
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
