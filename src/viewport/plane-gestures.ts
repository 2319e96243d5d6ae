// The pointer on a plane: click to go there, drag for window, pan, zoom, wheel to scroll, or the active tool's stroke.
// By touch one finger taps, pans or draws; two pinch to zoom, or scroll through the slices side by side.
import type { Vec3 } from "#core/space";
import type { PointerSample } from "#host/contract";
import type { ActiveGesture } from "#host/viewport-port";
import { twoFingers, type TwoFingers } from "./two-fingers.ts";
import { wheelPixels, wheelSteps, zoomFactor } from "./wheel.ts";

type Point = readonly [number, number];

/** What a plane does when the pointer asks for it. Positions are CSS pixels from the view's top left. */
export interface PlaneActions {
  /** False while there is no image: the pointer then does nothing. */
  isReady(): boolean;
  activeGesture(): ActiveGesture | null;
  sampleAt(point: Point): PointerSample;
  pick(point: Point): void;
  /** The handle of another plane's line under the pointer: what turns that plane while it is dragged; null elsewhere. */
  grabLine(point: Point): ((to: Point) => void) | null;
  dragWindow(dxPx: number, dyPx: number): void;
  pan(dxPx: number, dyPx: number): void;
  zoom(factor: number, around: Point): void;
  scroll(slices: number): void;
  hover(point: Point | null): void;
  /** The stroke so far, for its preview; empty when it has ended. */
  showStroke(points: readonly Vec3[]): void;
}

export interface PlanePointer {
  /** Ends a stroke without a trace: the tool was put away. */
  cancelStroke(): void;
  stop(): void;
}

type Drag =
  | { readonly kind: "undecided" | "window" | "pan" | "zoom"; readonly start: Point; last: Point }
  | { readonly kind: "stroke"; readonly gesture: ActiveGesture; readonly points: Vec3[] }
  | { readonly kind: "turn"; readonly start: Point; readonly turn: (to: Point) => void; moved: boolean }
  | { readonly kind: "fingers"; readonly fingers: TwoFingers };

const clickTolerancePx = 4;

export function listenToPlane(element: HTMLElement, actions: PlaneActions): PlanePointer {
  const stop = new AbortController();
  const { signal } = stop;
  const touches = new Map<number, Point>();
  const steps = wheelSteps();
  let drag: Drag | null = null;
  let spaceHeld = false;

  const pointOf = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  function cancelStroke(): void {
    if (drag?.kind !== "stroke") return;
    const { sink } = drag.gesture;
    drag = null;
    actions.showStroke([]);
    sink.cancel();
  }

  function beginStroke(gesture: ActiveGesture, point: Point): void {
    const sample = actions.sampleAt(point);
    drag = { kind: "stroke", gesture, points: [sample.at] };
    actions.showStroke([sample.at]);
    gesture.sink.begin(sample);
  }

  function down(event: PointerEvent): void {
    if (!actions.isReady()) return;
    const point = pointOf(event);
    element.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") {
      touches.set(event.pointerId, point);
      if (touches.size === 2) {
        cancelStroke();
        const [a, b] = [...touches.values()];
        drag = { kind: "fingers", fingers: twoFingers(a, b, actions) };
        return;
      }
    }
    if (drag) return;
    if (event.button === 1) event.preventDefault();
    const wantsPan = event.button === 1 || (event.button === 0 && (spaceHeld || event.shiftKey));
    const gesture = actions.activeGesture();
    const turn = event.button === 0 && !wantsPan ? actions.grabLine(point) : null;
    if (wantsPan) drag = { kind: "pan", start: point, last: point };
    else if (event.button === 2) drag = { kind: "zoom", start: point, last: point };
    else if (event.button !== 0) return;
    else if (turn) drag = { kind: "turn", start: point, turn, moved: false };
    else if (gesture) beginStroke(gesture, point);
    else drag = { kind: "undecided", start: point, last: point };
  }

  function move(event: PointerEvent): void {
    if (!actions.isReady()) return;
    const point = pointOf(event);
    actions.hover(point);
    if (touches.has(event.pointerId)) touches.set(event.pointerId, point);
    if (!drag) return;
    if (drag.kind === "fingers") {
      const [a, b] = [...touches.values()];
      if (a && b) drag.fingers.move(a, b);
      return;
    }
    if (drag.kind === "turn") {
      drag.moved ||= Math.hypot(point[0] - drag.start[0], point[1] - drag.start[1]) >= clickTolerancePx;
      if (drag.moved) drag.turn(point);
      return;
    }
    if (drag.kind === "stroke") {
      const events = event.getCoalescedEvents();
      const samples = (events.length > 0 ? events : [event]).map((e) => actions.sampleAt(pointOf(e)));
      for (const { at } of samples) drag.points.push(at);
      actions.showStroke(drag.points);
      drag.gesture.sink.move(samples);
      return;
    }
    if (drag.kind === "undecided") {
      const far = Math.hypot(point[0] - drag.start[0], point[1] - drag.start[1]);
      if (far < clickTolerancePx) return;
      // A finger pushes the image; windows have buttons.
      drag = {
        kind: event.pointerType === "touch" ? "pan" : "window",
        start: drag.start,
        last: drag.start,
      };
    }
    const dx = point[0] - drag.last[0];
    const dy = point[1] - drag.last[1];
    drag.last = point;
    if (drag.kind === "window") actions.dragWindow(dx, dy);
    else if (drag.kind === "pan") actions.pan(dx, dy);
    else actions.zoom(zoomFactor(4 * dy), drag.start);
  }

  function up(event: PointerEvent): void {
    touches.delete(event.pointerId);
    if (event.pointerType !== "touch" && event.buttons !== 0 && drag?.kind !== "stroke") return;
    const ended = drag;
    drag = null;
    if (ended?.kind === "undecided" || (ended?.kind === "turn" && !ended.moved)) actions.pick(ended.start);
    if (ended?.kind === "stroke") {
      actions.showStroke([]);
      ended.gesture.sink.finish();
    }
  }

  function lost(event: PointerEvent): void {
    touches.delete(event.pointerId);
    if (drag?.kind === "stroke") cancelStroke();
    else drag = null;
  }

  function wheel(event: WheelEvent): void {
    if (!actions.isReady()) return;
    event.preventDefault();
    if (drag?.kind === "stroke") return;
    const pixels = wheelPixels(event);
    if (event.ctrlKey || event.metaKey) {
      actions.zoom(zoomFactor(pixels), pointOf(event));
      return;
    }
    const slices = steps(pixels);
    if (slices !== 0) actions.scroll(slices);
  }

  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", lost, { signal });
  element.addEventListener("pointerleave", () => actions.hover(null), { signal });
  element.addEventListener("wheel", wheel, { signal, passive: false });
  element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  const key = (event: KeyboardEvent): void => {
    if (event.key === " ") spaceHeld = event.type === "keydown";
    if (event.key === "Escape" && event.type === "keydown" && drag?.kind === "stroke") {
      // The stroke takes this Escape; the next one may put the tool away.
      event.preventDefault();
      event.stopImmediatePropagation();
      cancelStroke();
    }
  };
  window.addEventListener("keydown", key, { signal, capture: true });
  window.addEventListener("keyup", key, { signal, capture: true });
  window.addEventListener("blur", () => (spaceHeld = false), { signal });

  return {
    cancelStroke,
    stop() {
      cancelStroke();
      stop.abort();
    },
  };
}
