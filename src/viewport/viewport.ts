// The viewer's images: implements the host's viewport port over Cornerstone. The only door of this folder.
import { writable } from "#core/readable";
import type { Vec3 } from "#core/space";
import { add, dot, scale, subtract } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { SeriesContext } from "#core/study";
import type { ImageWindow, ObliquePlanes, Plane } from "#host/contract";
import type { CreateViewport, Shown, ViewId, ViewportState } from "#host/viewport-port";
import { createBeside } from "./beside.ts";
import { capturePlane } from "./capture.ts";
import { createCoveredImage } from "./covered-image.ts";
import { displayVolume, type DisplayVolume } from "./display-volume.ts";
import { huAt } from "./hu-at.ts";
import { addDisplayed, type LocalVolume, uploadOf } from "./local-volume.ts";
import { firstDrawing } from "./first-drawing.ts";
import { placedInGrid, shownAxes, turnedAxes } from "./oblique.ts";
import { planeActions, type PlaneVerbs } from "./plane-actions.ts";
import { createPlaneImage } from "./plane-image.ts";
import { createPlaneView, type PlaneViewOwner } from "./plane-view.ts";
import { fittingCameras, inSight, type PlaneCamera, type PlaneCameras, planeFrame } from "./plane-cameras.ts";
import { gridCenter, nearestVoxelCenter, type PlaneFrame } from "./planes.ts";
import { lookingFrom, nextSide, type Orbit, standardOrbit } from "./orbit.ts";
import { createSlicedImage } from "./sliced-image.ts";
import { createStage } from "./stage.ts";
import { createSurfaceView, type SurfaceViewOwner } from "./surface-view.ts";
import { type Change, emptyScene, type Mount, type View, type ViewScene } from "./view-scene.ts";

const planes: readonly Plane[] = ["axial", "sagittal", "coronal"];
const narrowestWindowHu = 1;
let nextVolume = 1;

export const createViewport: CreateViewport = async (events, drawing) => {
  const stage = createStage(
    drawing,
    () => update({ webgl: "lost" }),
    () => void rebuild(),
  );
  const state = writable<ViewportState>({
    focus: null,
    window: emptyScene.window,
    slabMm: 0,
    pointer: null,
    planes: {},
    inPlace: false,
    webgl: stage.works ? "ok" : "missing",
  });
  let scene: ViewScene = emptyScene;
  let cameras: PlaneCameras | null = null;
  let orbit: Orbit | null = null;
  let local: LocalVolume | null = null;
  /** Another reconstruction of the same scan that lies over the volume; masks, focus and cameras stay the volume's. */
  let other: { readonly volume: CtVolume; readonly local: LocalVolume } | null = null;
  let frameOfReferenceUid = "";
  let showing: Promise<void> = Promise.resolve();
  let disposed = false;
  const firstPlanes = firstDrawing();
  let planesOnGpu = stage.drawsPlanesOf(null);
  const mounts = new Set<Mount>();
  const showIn = ({ view }: Mount): Promise<void> => view.showVolume();

  function putUp(display: DisplayVolume, frameOfReference: string): LocalVolume {
    const onGpu = planesOnGpu && stage.engine() !== null;
    return addDisplayed(`volume-${nextVolume++}`, display, frameOfReference, onGpu);
  }
  const update = (change: Partial<ViewportState>) => state.set({ ...state.get(), ...change });
  const refresh = (change: Change, only?: Plane) => {
    for (const { id, view } of mounts) if (!only || id === only) view.refresh(change);
  };

  function frameOf(plane: Plane, widthPx: number, heightPx: number): PlaneFrame | null {
    const { display, axes, focus } = scene;
    if (!display || !axes || !focus || !cameras) return null;
    return planeFrame(display.grid, axes[plane], cameras[plane], focus, widthPx, heightPx);
  }

  function setCamera(plane: Plane, camera: PlaneCamera): void {
    if (!cameras) return;
    cameras = { ...cameras, [plane]: camera };
    refresh("camera", plane);
  }

  function setFocus(at: Vec3): void {
    const { display, axes, focus: before } = scene;
    if (!display || !axes || !before) return;
    const focus = placedInGrid(display.grid, axes, at);
    const moved = subtract(focus, before);
    scene = { ...scene, focus };
    for (const plane of planes) {
      const recentered = keepInSight(plane, focus);
      const deeper = Math.abs(dot(moved, axes[plane].forward)) > 1e-6;
      refresh(deeper || recentered ? "camera" : "marks", plane);
    }
    if (dot(moved, moved) > 1e-12) update({ focus });
  }

  /** A focus that left the picture (or nearly) brings the picture along. */
  function keepInSight(plane: Plane, focus: Vec3): boolean {
    const hidden = [...mounts].some(({ id, view }) => {
      const frame = id === plane ? view.frame() : null;
      return frame !== null && !inSight(frame, focus);
    });
    if (hidden && cameras) cameras = { ...cameras, [plane]: { ...cameras[plane], center: focus } };
    return hidden;
  }

  function setPlanes(normals: ObliquePlanes): void {
    const { volume, display, focus } = scene;
    if (!volume || !display || !focus) return;
    scene = { ...scene, axes: turnedAxes(shownAxes(display.grid, volume.grid), display.grid, normals) };
    update({ planes: normals });
    setFocus(focus);
    refresh("camera");
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

  const verbs: PlaneVerbs = {
    scene: () => scene,
    cameras: () => cameras,
    turnedPlanes: () => state.get().planes,
    pick(at) {
      setFocus(at);
      events.onPick(at);
    },
    setPlanes,
    setWindow,
    setCamera,
    scroll,
  };
  const owner: PlaneViewOwner & SurfaceViewOwner = {
    engine: () => stage.engine(),
    createImage(viewportId, element, rendered) {
      if (!planesOnGpu) return createSlicedImage(element, rendered);
      const engine = stage.engine();
      return (
        engine &&
        createCoveredImage(
          {
            gpu: (drawn) => createPlaneImage(engine, viewportId, element, drawn),
            cover: (drawn) => createSlicedImage(element, drawn),
            uploadOf,
          },
          rendered,
        )
      );
    },
    scene: () => scene,
    frame: frameOf,
    actions: (plane, frame) => planeActions(verbs, plane, frame),
    afterPlanes: () => firstPlanes.after(),
    hover(plane, at) {
      const { volume } = scene;
      const shown = other?.volume ?? volume;
      update({ pointer: shown && at ? { view: plane, of: "case", at, hu: huAt(shown, at) } : null });
    },
    drawn(plane) {
      const { volume, focus, overlaysVisible: marked, slabMm, axes } = scene;
      if (volume) events.onDrawn(plane, volume);
      firstPlanes.drawn();
      if (plane === "axial" && volume && focus && slabMm === 0)
        events.onAxial(focus, { marked, turned: axes?.axial.tiltDegrees !== 0 });
    },
    orbit: () => orbit,
    setOrbit: (turned) => void (orbit = turned),
    imageFrame: (frame) => frame,
  };
  const beside = createBeside({
    owner,
    addLocal: (display) => putUp(display, "beside"),
    refresh: () => mounts.forEach(({ which, view }) => which === "earlier" && view.refresh("camera")),
    hover: (plane, at, volume) =>
      update({ pointer: volume && at ? { view: plane, of: "earlier", at, hu: huAt(volume, at) } : null }),
  });
  function createView(id: ViewId, element: HTMLElement, which: Shown): View {
    if (id === "surface3d") return createSurfaceView(element, owner);
    return which === "earlier"
      ? createPlaneView(id, element, { ...beside.owner, drawn: undefined }, `earlier-${id}`)
      : createPlaneView(id, element, owner);
  }

  /** Hands the shown volume to Cornerstone; the one before it leaves when all views have changed over. */
  async function putVolumeIn(): Promise<void> {
    const previous = local;
    const { display } = scene;
    local = display && putUp(display, frameOfReferenceUid);
    const previousOther = other;
    other = null;
    scene = { ...scene, volumeId: local?.volumeId ?? null };
    update({ inPlace: false });
    await Promise.all([...mounts].map(showIn));
    previous?.remove();
    previousOther?.local.remove();
  }

  async function putInPlace(volume: CtVolume | null): Promise<void> {
    if (disposed || !local || volume === (other?.volume ?? null)) return;
    const before = other;
    other = volume && {
      volume,
      local: putUp(displayVolume(volume), frameOfReferenceUid),
    };
    scene = { ...scene, volumeId: (other?.local ?? local).volumeId };
    update({ inPlace: other !== null, pointer: null });
    await Promise.all([...mounts].filter(({ id }) => id !== "surface3d").map(showIn));
    before?.local.remove();
  }

  /** With no volume and no view, WebGL's memory and what the libraries keep beside it go back: an engine starts within a frame or two. */
  function rest(): void {
    if (!scene.volume && mounts.size === 0) stage.restart();
  }

  /** Views whose planes something else draws from now on are made anew in the same elements. */
  function drawBy(onGpu: boolean): void {
    if (onGpu === planesOnGpu) return;
    planesOnGpu = onGpu;
    for (const mount of mounts) {
      if (mount.id === "surface3d") continue;
      mount.view.stop();
      mount.view = createView(mount.id, mount.element, mount.which);
    }
  }

  async function showNow(volume: CtVolume | null, context: SeriesContext | null): Promise<void> {
    if (disposed) return;
    for (const { view } of mounts) view.cancelStroke();
    frameOfReferenceUid = context?.frameOfReferenceUid ?? "";
    const display = volume && displayVolume(volume);
    if (display) drawBy(stage.drawsPlanesOf(display));
    scene = {
      ...scene,
      volume,
      display,
      axes: display && shownAxes(display.grid, volume.grid),
      focus: display && nearestVoxelCenter(display.grid, gridCenter(display.grid)),
    };
    cameras = display && fittingCameras(display.grid);
    orbit = null;
    firstPlanes.restart();
    update({
      focus: scene.focus,
      window: scene.window,
      slabMm: scene.slabMm,
      pointer: null,
      planes: {},
    });
    await putVolumeIn();
    rest();
  }

  /** After WebGL was lost and given back: new engine, new texture, new views in the same elements. */
  function rebuild(): Promise<void> {
    const next = showing.then(async () => {
      if (disposed) return;
      for (const { view } of mounts) view.stop();
      local?.remove();
      local = null;
      other?.local.remove();
      other = null;
      stage.restart();
      beside.putAgain();
      for (const mount of mounts) mount.view = createView(mount.id, mount.element, mount.which);
      await putVolumeIn();
      update({ webgl: "ok" });
    });
    showing = next.catch(() => update({ webgl: "lost" }));
    return next;
  }

  return {
    state,
    mount(view, element, which = "case") {
      const mount: Mount = { id: view, which, element, view: createView(view, element, which) };
      mounts.add(mount);
      return () => {
        if (!mounts.delete(mount)) return;
        mount.view.stop();
        // Not before a volume that is being taken out has left.
        showing = showing.then(rest);
      };
    },
    show(volume, context) {
      // At once, so that what is set for the new volume while it is being put in stays.
      scene = { ...scene, layers: [], markers: [], figures: [], window: emptyScene.window, slabMm: 0 };
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
    setFigures(figures) {
      scene = { ...scene, figures };
      refresh("marks");
    },
    setGesture(gesture) {
      if (scene.gesture?.sink !== gesture?.sink) for (const { view } of mounts) view.cancelStroke();
      scene = { ...scene, gesture };
      refresh("marks");
    },
    setOverlaysVisible(overlaysVisible) {
      scene = { ...scene, overlaysVisible };
      refresh("overlays");
    },
    goTo(at, fieldMm) {
      if (fieldMm !== undefined && cameras) {
        const camera: PlaneCamera = { center: at, fieldMm };
        cameras = { axial: camera, sagittal: camera, coronal: camera };
        refresh("camera");
      }
      setFocus(at);
    },
    scroll,
    setWindow,
    setSlab(slabMm) {
      scene = { ...scene, slabMm };
      update({ slabMm });
      refresh("slab");
    },
    setPlanes,
    lookFrom(outward, at) {
      orbit = lookingFrom(outward, at, orbit);
      refresh("fit");
    },
    lookFromSide(side = nextSide(orbit)) {
      if (scene.display) orbit = standardOrbit(side, gridCenter(scene.display.grid));
      refresh("fit");
    },
    showInPlace(volume) {
      const next = showing.then(() => putInPlace(volume));
      showing = next.catch(() => undefined);
      return next;
    },
    showBeside(volume) {
      const next = showing.then(async () => {
        if (disposed) return;
        beside.put(volume);
        await Promise.all([...mounts].filter(({ which }) => which === "earlier").map(showIn));
        beside.settle();
      });
      showing = next.catch(() => undefined);
      return next;
    },
    placeBeside: beside.place,
    resetCamera() {
      if (scene.display) cameras = fittingCameras(scene.display.grid);
      orbit = null;
      refresh("camera");
      refresh("fit");
    },
    capture: (options) => capturePlane(scene, options),
    dispose() {
      disposed = true;
      for (const { view } of mounts) view.stop();
      mounts.clear();
      local?.remove();
      local = null;
      other?.local.remove();
      other = null;
      beside.put(null);
      beside.settle();
      scene = emptyScene;
      stage.stop();
    },
  };
};
