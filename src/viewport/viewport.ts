// The viewer's images: implements the host's viewport port over Cornerstone. The only door of this folder.
import { Enums, eventTarget } from "@cornerstonejs/core";
import { writable } from "#core/readable";
import type { Vec3 } from "#core/space";
import { add, dot, scale, subtract, voxelFromPatient } from "#core/space";
import { type CtVolume, voxelIndex } from "#core/volume";
import type { SeriesContext } from "#core/study";
import type { ImageWindow, Plane } from "#host/contract";
import type { CreateViewport, ViewportState } from "#host/viewport-port";
import { capturePlane } from "./capture.ts";
import { hasWebgl2, startEngine } from "./cornerstone-start.ts";
import { displayVolume } from "./display-volume.ts";
import { addLocalVolume, type LocalVolume } from "./local-volume.ts";
import { createPlaneView, type PlaneViewOwner } from "./plane-view.ts";
import {
  centerOn,
  fittingMmPerPx,
  gridCenter,
  nearestVoxelCenter,
  patientFromScreen,
  planeAxes,
  type PlaneFrame,
  screenFromPatient,
} from "./planes.ts";
import { createSurfaceView } from "./surface-view.ts";
import { type Change, emptyScene, type View, type ViewScene } from "./view-scene.ts";

/** Pan and zoom of one plane; the depth is the focus's. */
interface PlaneCamera {
  readonly center: Vec3;
  /** 1 fits the whole volume. */
  readonly zoom: number;
}

const planes: readonly Plane[] = ["axial", "sagittal", "coronal"];
const narrowestWindowHu = 1;
let nextPort = 1;

/** HU of the voxel nearest to a point in the acquired volume, or null outside it. */
function huAt(volume: CtVolume, point: Vec3): number | null {
  const { grid } = volume;
  const [i, j, k] = voxelFromPatient(grid, point).map(Math.round);
  if (i < 0 || j < 0 || k < 0 || i >= grid.columns || j >= grid.rows || k >= grid.slices) return null;
  return volume.hu[voxelIndex(grid, i, j, k)];
}

export const createViewport: CreateViewport = async (events) => {
  const portId = `port-${nextPort++}`;
  const engine = hasWebgl2() ? startEngine(portId) : null;
  const state = writable<ViewportState>({
    focus: null,
    window: emptyScene.window,
    slabMm: 0,
    pointer: null,
    webgl: engine ? "ok" : "missing",
  });
  let scene: ViewScene = emptyScene;
  let cameras: Readonly<Record<Plane, PlaneCamera>> | null = null;
  let local: LocalVolume | null = null;
  let shown = 0;
  let showing: Promise<void> = Promise.resolve();
  let disposed = false;
  const views = new Set<View>();

  const update = (change: Partial<ViewportState>) => state.set({ ...state.get(), ...change });
  const refresh = (change: Change, only?: Plane) => {
    for (const view of views) if (!only || view.view === only) view.refresh(change);
  };

  function frameOf(plane: Plane, widthPx: number, heightPx: number): PlaneFrame | null {
    const { display, axes, focus } = scene;
    if (!display || !axes || !focus || !cameras) return null;
    const own = axes[plane];
    const { center, zoom } = cameras[plane];
    return {
      axes: own,
      widthPx,
      heightPx,
      center: add(center, scale(own.forward, dot(subtract(focus, center), own.forward))),
      mmPerPx: fittingMmPerPx(display.grid, own, widthPx, heightPx) / zoom,
    };
  }

  function setCamera(plane: Plane, camera: PlaneCamera): void {
    if (!cameras) return;
    cameras = { ...cameras, [plane]: camera };
    refresh("camera", plane);
  }

  function setFocus(at: Vec3): void {
    const { display, axes, focus: before } = scene;
    if (!display || !axes || !before) return;
    const focus = nearestVoxelCenter(display.grid, at);
    const moved = subtract(focus, before);
    scene = { ...scene, focus };
    for (const plane of planes) {
      const recentered = keepInSight(plane, focus);
      const deeper = Math.abs(dot(moved, axes[plane].forward)) > 1e-6;
      refresh(deeper || recentered ? "camera" : "marks", plane);
    }
    if (dot(moved, moved) > 1e-12) update({ focus });
  }

  /** Centres every plane on a point, with a square of `fieldMm` in sight. */
  function frameAround(at: Vec3, fieldMm: number): void {
    const { display, axes } = scene;
    if (!display || !axes || !cameras) return;
    for (const view of views) {
      const plane = planes.find((name) => name === view.view);
      const frame = plane && view.frame();
      if (!plane || !frame) continue;
      const { widthPx, heightPx } = frame;
      const fitting = fittingMmPerPx(display.grid, axes[plane], widthPx, heightPx);
      setCamera(plane, { center: at, zoom: (fitting * Math.min(widthPx, heightPx)) / fieldMm });
    }
  }

  /** A focus that left the picture (or nearly) brings the picture along. */
  function keepInSight(plane: Plane, focus: Vec3): boolean {
    for (const view of views) {
      const frame = view.view === plane ? view.frame() : null;
      if (!frame || !cameras) continue;
      const [x, y] = screenFromPatient(frame, focus);
      const marginX = frame.widthPx * 0.04;
      const marginY = frame.heightPx * 0.04;
      const inSight =
        x >= marginX && y >= marginY && x <= frame.widthPx - marginX && y <= frame.heightPx - marginY;
      if (!inSight) {
        cameras = { ...cameras, [plane]: { ...cameras[plane], center: focus } };
        return true;
      }
    }
    return false;
  }

  function setWindow({ widthHu, levelHu }: ImageWindow): void {
    const window = { widthHu: Math.max(narrowestWindowHu, widthHu), levelHu };
    scene = { ...scene, window };
    update({ window });
    refresh("window");
  }

  function scroll(plane: Plane, slices: number): void {
    const { axes, focus } = scene;
    if (axes && focus) setFocus(add(focus, scale(axes[plane].forward, slices * axes[plane].stepMm)));
  }

  const owner: PlaneViewOwner = {
    engine,
    scene: () => scene,
    frame: frameOf,
    actions: (plane, frame) => ({
      isReady: () => scene.volume !== null && frame() !== null,
      activeGesture: () => scene.gesture,
      sampleAt([x, y]) {
        const current = frame();
        if (!current) throw new Error("a pointer sample was asked of a view without an image");
        return {
          at: patientFromScreen(current, x, y),
          normal: current.axes.forward,
          halfThicknessMm: Math.max(scene.slabMm, current.axes.stepMm) / 2,
        };
      },
      pick([x, y]) {
        const current = frame();
        if (!current) return;
        const at = patientFromScreen(current, x, y);
        setFocus(at);
        events.onPick(at);
      },
      dragWindow(dx, dy) {
        const { widthHu, levelHu } = scene.window;
        const perPx = Math.max(1, widthHu / 400);
        setWindow({
          widthHu: Math.round(widthHu + dx * perPx),
          levelHu: Math.round(levelHu + dy * perPx),
        });
      },
      pan(dx, dy) {
        const current = frame();
        if (!current || !cameras) return;
        const { right, down } = current.axes;
        const shift = add(scale(right, -dx * current.mmPerPx), scale(down, -dy * current.mmPerPx));
        setCamera(plane, { ...cameras[plane], center: add(cameras[plane].center, shift) });
      },
      zoom(factor, [x, y]) {
        const current = frame();
        if (!current || !cameras) return;
        const zoom = Math.max(0.5, Math.min(40, cameras[plane].zoom * factor));
        const center = centerOn(current, x, y, zoom / cameras[plane].zoom);
        setCamera(plane, { center, zoom });
      },
      scroll: (slices) => scroll(plane, slices),
    }),
    hover(plane, at) {
      const { volume } = scene;
      update({ pointer: volume && at ? { view: plane, at, hu: huAt(volume, at) } : null });
    },
  };

  function fit(): void {
    const { display } = scene;
    if (!display) return;
    const camera: PlaneCamera = { center: gridCenter(display.grid), zoom: 1 };
    cameras = { axial: camera, sagittal: camera, coronal: camera };
  }

  async function showNow(volume: CtVolume | null, context: SeriesContext | null): Promise<void> {
    if (disposed) return;
    const previous = local;
    local = null;
    for (const view of views) view.cancelStroke();
    if (!volume) {
      scene = { ...scene, volume: null, display: null, axes: null, volumeId: null, focus: null };
      cameras = null;
    } else {
      const display = displayVolume(volume);
      if (engine) {
        local = addLocalVolume(`${portId}-volume-${++shown}`, display, context?.frameOfReferenceUid ?? "");
      }
      scene = {
        ...scene,
        volume,
        display,
        axes: planeAxes(display.grid),
        volumeId: local?.volumeId ?? null,
        focus: nearestVoxelCenter(display.grid, gridCenter(display.grid)),
      };
      fit();
    }
    update({ focus: scene.focus, window: scene.window, slabMm: scene.slabMm, pointer: null });
    await Promise.all([...views].map((view) => view.showVolume()));
    previous?.remove();
  }

  const isOurs = (event: Event): boolean =>
    event instanceof CustomEvent && event.detail.renderingEngineId === portId;
  const lost = (event: Event): void => {
    if (isOurs(event)) update({ webgl: "lost" });
  };
  const restored = (event: Event): void => {
    if (!isOurs(event)) return;
    update({ webgl: "ok" });
    refresh("camera");
  };
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, lost);
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_RESTORED, restored);

  return {
    state,
    mount(view, element) {
      const mounted =
        view === "surface3d"
          ? createSurfaceView(element, engine, owner)
          : createPlaneView(view, element, owner);
      views.add(mounted);
      return () => {
        views.delete(mounted);
        mounted.stop();
      };
    },
    show(volume, context) {
      // At once, so that what is set for the new volume while it is being put in stays.
      scene = { ...scene, layers: [], markers: [], window: emptyScene.window, slabMm: 0 };
      // One after the other: a volume must not leave Cornerstone's cache while a view still takes it in.
      const next = showing.then(() => showNow(volume, context));
      showing = next.catch(() => undefined);
      return next;
    },
    setOverlays(layers) {
      scene = { ...scene, layers };
      refresh("overlays");
    },
    setMarkers(markers) {
      scene = { ...scene, markers };
      refresh("marks");
    },
    setGesture(gesture) {
      if (scene.gesture?.sink !== gesture?.sink) for (const view of views) view.cancelStroke();
      scene = { ...scene, gesture };
      refresh("marks");
    },
    setOverlaysVisible(overlaysVisible) {
      scene = { ...scene, overlaysVisible };
      refresh("overlays");
    },
    goTo(at, fieldMm) {
      if (fieldMm !== undefined) frameAround(at, fieldMm);
      setFocus(at);
    },
    scroll,
    setWindow,
    setSlab(slabMm) {
      scene = { ...scene, slabMm };
      update({ slabMm });
      refresh("slab");
    },
    resetCamera() {
      fit();
      refresh("camera");
      refresh("fit");
    },
    capture: (options) => capturePlane(scene, options),
    dispose() {
      disposed = true;
      eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_LOST, lost);
      eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_RESTORED, restored);
      for (const view of views) view.stop();
      views.clear();
      local?.remove();
      local = null;
      scene = emptyScene;
      engine?.destroy();
    },
  };
};
