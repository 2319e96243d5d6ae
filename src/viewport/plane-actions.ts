// What the pointer does on a plane, in terms of the scene: pick a point, turn a plane by its line, window, pan, zoom, scroll.
import type { Vec3 } from "#core/space";
import type { ImageWindow, ObliquePlanes, Plane } from "#host/contract";
import { handleAt, lineHandles, turnedByDrag } from "./oblique.ts";
import { panned, type PlaneCamera, type PlaneCameras, zoomed } from "./plane-cameras.ts";
import type { PlaneActions } from "./plane-gestures.ts";
import { patientFromScreen, type PlaneFrame } from "./planes.ts";
import type { ViewScene } from "./view-scene.ts";

/** The viewport as the pointer sees it. */
export interface PlaneVerbs {
  scene(): ViewScene;
  cameras(): PlaneCameras | null;
  turnedPlanes(): ObliquePlanes;
  pick(at: Vec3): void;
  setPlanes(planes: ObliquePlanes): void;
  setWindow(window: ImageWindow): void;
  setCamera(plane: Plane, camera: PlaneCamera): void;
  scroll(plane: Plane, slices: number): void;
}

const planes: readonly Plane[] = ["axial", "sagittal", "coronal"];

export const planeActions = (
  verbs: PlaneVerbs,
  plane: Plane,
  frame: () => PlaneFrame | null,
): Omit<PlaneActions, "hover" | "showStroke"> => ({
  isReady: () => verbs.scene().volume !== null && frame() !== null,
  activeGesture: () => verbs.scene().gesture,
  sampleAt([x, y]) {
    const current = frame();
    if (!current) throw new Error("a pointer sample was asked of a view without an image");
    return {
      at: patientFromScreen(current, x, y),
      normal: current.axes.forward,
      right: current.axes.right,
      halfThicknessMm: Math.max(verbs.scene().slabMm, current.axes.stepMm) / 2,
    };
  },
  pick([x, y]) {
    const current = frame();
    if (current) verbs.pick(patientFromScreen(current, x, y));
  },
  grabLine(from) {
    const { axes, focus, gesture } = verbs.scene();
    const current = frame();
    if (!current || !focus || !axes) return null;
    // A tool does not turn planes by mistake that nobody has turned.
    if (gesture && !planes.some((one) => axes[one].turnedDegrees > 0)) return null;
    const handle = handleAt(lineHandles(current, axes, focus), ...from);
    if (!handle) return null;
    const normal = axes[handle.plane].forward;
    return (to) =>
      verbs.setPlanes({
        ...verbs.turnedPlanes(),
        [handle.plane]: turnedByDrag(current, normal, focus, from, to),
      });
  },
  dragWindow: (dx, dy) => verbs.setWindow(windowDragged(verbs.scene().window, dx, dy)),
  pan(dx, dy) {
    const current = frame();
    const cameras = verbs.cameras();
    if (current && cameras) verbs.setCamera(plane, panned(current, cameras[plane], dx, dy));
  },
  zoom(factor, [x, y]) {
    const current = frame();
    if (current) verbs.setCamera(plane, zoomed(current, factor, x, y));
  },
  scroll: (slices) => verbs.scroll(plane, slices),
});

/** Wider to the right, darker downwards; a wide window in larger steps. */
export function windowDragged({ widthHu, levelHu }: ImageWindow, dxPx: number, dyPx: number): ImageWindow {
  const perPx = Math.max(1, widthHu / 400);
  return { widthHu: Math.round(widthHu + dxPx * perPx), levelHu: Math.round(levelHu + dyPx * perPx) };
}
