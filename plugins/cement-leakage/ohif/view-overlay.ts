// What lies over one of OHIF's viewports: masks, markers and measurements on a canvas, and the pointer while a tool of ours is active.
import type { Vec3 } from "#core/space";
import type { PointerSample } from "#host/contract";
import { drawGesture } from "#viewport/gesture-preview";
import { drawFindings, paintMasks } from "#viewport/overlay-canvas";
import { listenToPlane } from "#viewport/plane-gestures";
import { patientFromScreen, type PlaneFrame } from "#viewport/planes";
import type { ViewScene } from "#viewport/view-scene";
import { clearedContext } from "#viewport/view-root";
import type { OhifViewport } from "./ohif-types.ts";
import { frameOfViewport } from "./viewport-frame.ts";

export interface OverlayOwner {
  scene(): ViewScene;
  /** Whether the viewport shows the open CT. */
  shows(viewport: OhifViewport): boolean;
  /** mm of the slab that the viewport shows; 0 for the single slice. */
  slabOf(viewport: OhifViewport): number;
  /** OHIF has drawn the image, and the overlay lies on it. */
  drawn(viewport: OhifViewport, frame: PlaneFrame): void;
  /** A click with no tool of ours active. */
  pick(at: Vec3): void;
  hover(frame: PlaneFrame, at: Vec3 | null): void;
  scroll(slices: number): void;
}

export interface ViewOverlay {
  readonly viewport: OhifViewport;
  frame(): PlaneFrame | null;
  /** Draws in the next animation frame. */
  refresh(): void;
  /** The gesture changed: the canvas takes the pointer, or leaves it to OHIF. */
  takePointer(): void;
  cancelStroke(): void;
  stop(): void;
}

/** Cornerstone listens on the element around: what is meant for our tool must not reach its tools. */
const POINTER_EVENTS = [
  "mousedown",
  "mousemove",
  "mouseup",
  "dblclick",
  "touchstart",
  "touchmove",
  "touchend",
];
const CLICK_TOLERANCE_PX = 4;

export function createViewOverlay(
  viewport: OhifViewport,
  rendered: string,
  owner: OverlayOwner,
): ViewOverlay {
  const parent = viewport.element.querySelector<HTMLElement>(".viewport-element") ?? viewport.element;
  const canvas = document.createElement("canvas");
  canvas.dataset.cementOverlay = viewport.id;
  Object.assign(canvas.style, {
    position: "absolute",
    inset: "0",
    width: "100%",
    height: "100%",
    pointerEvents: "none",
    touchAction: "none",
  });
  parent.append(canvas);
  const stop = new AbortController();
  const { signal } = stop;
  let scheduled = 0;
  let masks: ImageData | null = null;
  let pointer: readonly [number, number] | null = null;
  let stroke: readonly Vec3[] = [];

  const frame = (): PlaneFrame | null => {
    const { axes, volume } = owner.scene();
    if (!axes || !volume || !owner.shows(viewport)) return null;
    return frameOfViewport(viewport, axes, canvas.clientWidth, canvas.clientHeight);
  };

  function draw(): void {
    cancelAnimationFrame(scheduled);
    scheduled = 0;
    const context = clearedContext(canvas);
    const current = frame();
    // For whoever drives the page from outside.
    canvas.dataset.plane = current?.axes.plane ?? "";
    canvas.dataset.centerMm = current ? current.center.map((mm) => mm.toFixed(3)).join(" ") : "";
    canvas.dataset.mmPerPx = current ? String(current.mmPerPx) : "";
    if (!context || !current) {
      masks = null;
      return;
    }
    const scene = { ...owner.scene(), slabMm: owner.slabOf(viewport) };
    masks = paintMasks(scene, current, devicePixelRatio, masks);
    if (masks) context.putImageData(masks, 0, 0);
    drawFindings(context, scene, current, masks, devicePixelRatio);
    if (!scene.gesture) return;
    const { kind, radiusMm } = scene.gesture;
    drawGesture(context, current, { kind, radiusMm, points: stroke, pointer });
  }

  const refresh = (): void => {
    if (!scheduled && !signal.aborted) scheduled = requestAnimationFrame(draw);
  };

  function sampleAt([x, y]: readonly [number, number]): PointerSample {
    const current = frame();
    if (!current) throw new Error("a pointer sample was asked of a viewport without an image");
    const { axes } = current;
    return {
      at: patientFromScreen(current, x, y),
      normal: axes.forward,
      right: axes.right,
      halfThicknessMm: Math.max(owner.slabOf(viewport), axes.stepMm) / 2,
    };
  }

  const listener = listenToPlane(canvas, {
    isReady: () => owner.scene().gesture !== null && frame() !== null,
    activeGesture: () => owner.scene().gesture,
    sampleAt,
    // While a tool of ours is active the left button draws; windows, panning and zooming wait for OHIF's own tools.
    pick: () => undefined,
    grabLine: () => null,
    dragWindow: () => undefined,
    pan: () => undefined,
    zoom: () => undefined,
    scroll: owner.scroll,
    hover(point) {
      pointer = point;
      refresh();
    },
    showStroke(points) {
      stroke = points;
      refresh();
    },
  });
  for (const kind of POINTER_EVENTS)
    canvas.addEventListener(kind, (event) => event.stopPropagation(), { signal });

  let pressed: readonly [number, number] | null = null;
  const placeOf = (event: MouseEvent): readonly [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  viewport.element.addEventListener(
    "mousedown",
    (event) => void (pressed = event.button === 0 ? placeOf(event) : null),
    { signal, capture: true },
  );
  viewport.element.addEventListener(
    "mouseup",
    (event) => {
      const from = pressed;
      pressed = null;
      const [x, y] = placeOf(event);
      const current = frame();
      if (!from || !current || owner.scene().gesture) return;
      if (Math.hypot(x - from[0], y - from[1]) < CLICK_TOLERANCE_PX)
        owner.pick(patientFromScreen(current, x, y));
    },
    { signal, capture: true },
  );
  viewport.element.addEventListener(
    "mousemove",
    (event) => {
      const current = frame();
      if (current) owner.hover(current, patientFromScreen(current, ...placeOf(event)));
    },
    { signal, capture: true },
  );
  viewport.element.addEventListener(
    rendered,
    () => {
      draw();
      const current = frame();
      if (current) owner.drawn(viewport, current);
    },
    { signal },
  );

  const overlay: ViewOverlay = {
    viewport,
    frame,
    refresh,
    takePointer() {
      canvas.style.pointerEvents = owner.scene().gesture ? "auto" : "none";
      canvas.style.cursor = owner.scene().gesture ? "crosshair" : "";
      refresh();
    },
    cancelStroke: () => listener.cancelStroke(),
    stop() {
      stop.abort();
      listener.stop();
      cancelAnimationFrame(scheduled);
      canvas.remove();
    },
  };
  overlay.takePointer();
  return overlay;
}
