// The pointer on the 3D view: left drag turns, right drag and wheel zoom, middle or Shift drag pans, two fingers do both.
import { wheelPixels, zoomFactor } from "./wheel.ts";

export interface OrbitActions {
  turn(dxPx: number, dyPx: number): void;
  pan(dxPx: number, dyPx: number): void;
  zoom(factor: number): void;
}

type Point = readonly [number, number];

/** Returns the stop. */
export function listenToOrbit(element: HTMLElement, actions: OrbitActions): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const fingers = new Map<number, Point>();
  let mode: "turn" | "pan" | "zoom" | null = null;
  let last: Point = [0, 0];

  function down(event: PointerEvent): void {
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (event.button === 1) event.preventDefault();
    const pans = event.button === 1 || event.shiftKey;
    mode = event.button === 2 ? "zoom" : pans ? "pan" : "turn";
    last = [event.clientX, event.clientY];
  }

  function move(event: PointerEvent): void {
    if (!mode || !fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      const [c, d] = before;
      const apart = Math.hypot(c[0] - d[0], c[1] - d[1]);
      if (apart > 1) actions.zoom(Math.hypot(a[0] - b[0], a[1] - b[1]) / apart);
      actions.pan((a[0] + b[0] - c[0] - d[0]) / 2, (a[1] + b[1] - c[1] - d[1]) / 2);
      return;
    }
    const dx = event.clientX - last[0];
    const dy = event.clientY - last[1];
    last = [event.clientX, event.clientY];
    if (mode === "turn") actions.turn(dx, dy);
    else if (mode === "pan") actions.pan(dx, dy);
    else actions.zoom(zoomFactor(4 * dy));
  }

  function up(event: PointerEvent): void {
    fingers.delete(event.pointerId);
    if (fingers.size === 0) mode = null;
    const [rest] = [...fingers.values()];
    if (rest) last = rest;
  }

  element.addEventListener("pointerdown", down, { signal });
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", up, { signal });
  element.addEventListener("pointercancel", up, { signal });
  element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      actions.zoom(zoomFactor(wheelPixels(event)));
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}
