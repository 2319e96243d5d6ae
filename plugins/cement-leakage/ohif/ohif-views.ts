// The host's viewport port over OHIF's viewports: our masks and marks lie over its images, and the crosshair is OHIF's own places.
import { writable } from "#core/readable";
import { add, dot, scale, subtract, type Vec3 } from "#core/space";
import type { ImageWindow } from "#host/contract";
import type { CreateViewport, ViewportState } from "#host/viewport-port";
import { capturePlane } from "#viewport/capture";
import { displayVolume } from "#viewport/display-volume";
import { huAt } from "#viewport/hu-at";
import { shownAxes } from "#viewport/oblique";
import { gridCenter, nearestVoxelCenter, type PlaneFrame } from "#viewport/planes";
import { emptyScene, type ViewScene } from "#viewport/view-scene";
import type { Cornerstone, OhifViewport } from "./ohif-types.ts";
import { createViewOverlay, type ViewOverlay } from "./view-overlay.ts";

/** mm: nearer than this a viewport counts as being where it was. */
const SAME_PLACE_MM = 0.01;

/** Series Instance UIDs of what a viewport shows. */
export type SeriesIn = (viewportId: string) => readonly string[];

/**
 * What OHIF shows in ways of its own is left to it: turned planes, 3D, another reconstruction, an earlier CT beside the case. The port takes
 * those requests and does nothing, and the panel doesn't offer them.
 */
export const ohifViews =
  (cornerstone: Cornerstone, seriesIn: SeriesIn): CreateViewport =>
  async (events) => {
    const { eventTarget, Enums } = cornerstone;
    const overlays = new Map<HTMLDivElement, ViewOverlay>();
    const stop = new AbortController();
    let scene: ViewScene = emptyScene;
    let frameOfReferenceUid = "";
    let seriesInstanceUid = "";
    const state = writable<ViewportState>({
      focus: null,
      window: emptyScene.window,
      slabMm: 0,
      pointer: null,
      planes: {},
      inPlace: false,
      webgl: "ok",
    });
    const update = (change: Partial<ViewportState>) => state.set({ ...state.get(), ...change });
    const refresh = () => overlays.forEach((overlay) => overlay.refresh());
    const shows = (viewport: OhifViewport): boolean =>
      scene.volume !== null && viewport.getFrameOfReferenceUID() === frameOfReferenceUid;
    const shown = (): OhifViewport[] => [...overlays.values()].map(({ viewport }) => viewport).filter(shows);

    /** OHIF's smallest thickness stands for the single slice. */
    function slabOf(viewport: OhifViewport): number {
      const thickness = viewport.getSlabThickness?.() ?? 0;
      const step = scene.axes?.axial.stepMm ?? 1;
      return thickness > Math.max(1, 1.5 * step) ? thickness : 0;
    }

    function setFocus(at: Vec3): void {
      const { display, focus } = scene;
      if (!display) return;
      const placed = nearestVoxelCenter(display.grid, at);
      const moved = focus ? subtract(placed, focus) : placed;
      if (dot(moved, moved) < SAME_PLACE_MM ** 2) return;
      scene = { ...scene, focus: placed };
      update({ focus: placed });
    }

    /** Where each viewport stood: a place that it scrolled to becomes the focus, its being drawn again does not. */
    const stood = new Map<string, number>();
    function drawn(viewport: OhifViewport, frame: PlaneFrame): void {
      const { focus, overlaysVisible: marked } = scene;
      if (!focus) return;
      const depth = dot(frame.center, frame.axes.forward);
      const before = stood.get(viewport.id);
      stood.set(viewport.id, depth);
      const onPlane = add(focus, scale(frame.axes.forward, depth - dot(focus, frame.axes.forward)));
      if (before !== undefined && Math.abs(depth - before) > SAME_PLACE_MM) setFocus(onPlane);
      const slabMm = slabOf(viewport);
      if (slabMm !== state.get().slabMm) update({ slabMm });
      // Masks lie over every series of the same frame of reference; only the case's own slices count as seen.
      const isOwn = seriesIn(viewport.id).includes(seriesInstanceUid);
      if (isOwn && frame.axes.plane === "axial" && slabMm === 0)
        events.onAxial(onPlane, { marked, turned: frame.axes.tiltDegrees !== 0 });
    }

    /** By its place in the patient: OHIF counts a stack's slices as they were sent, the reader towards the feet. */
    function scroll({ viewport, frame }: ViewOverlay, slices: number): void {
      const now = frame();
      if (!now) return;
      viewport.jumpToWorld?.([...add(now.center, scale(now.axes.forward, slices * now.axes.stepMm))]);
      viewport.render();
    }

    function setWindow(window: ImageWindow): void {
      scene = { ...scene, window };
      update({ window });
      for (const viewport of shown()) {
        viewport.setProperties({ voiRange: voiRangeOf(window) });
        viewport.render();
      }
    }

    function attach(viewport: OhifViewport): void {
      if (overlays.has(viewport.element)) return;
      const overlay = createViewOverlay(viewport, Enums.Events.IMAGE_RENDERED, {
        scene: () => scene,
        shows,
        slabOf,
        drawn,
        pick(at) {
          setFocus(at);
          events.onPick(at);
        },
        hover(frame, at) {
          const { volume } = scene;
          update({
            pointer: volume && at ? { view: frame.axes.plane, of: "case", at, hu: huAt(volume, at) } : null,
          });
        },
        scroll: (slices) => scroll(overlay, slices),
      });
      overlays.set(viewport.element, overlay);
    }

    function lookForViewports(): void {
      const now = (cornerstone.getRenderingEngines() ?? []).flatMap((engine) => engine.getViewports());
      for (const [element, overlay] of overlays)
        if (!now.some((viewport) => viewport === overlay.viewport)) {
          overlay.stop();
          overlays.delete(element);
        }
      // Viewports of images only: a video or a whole slide has no place in the patient.
      for (const viewport of now) if (/stack|orthographic/i.test(viewport.type)) attach(viewport);
    }
    for (const event of [Enums.Events.ELEMENT_ENABLED, Enums.Events.ELEMENT_DISABLED])
      // Not at once: OHIF fills the element in the same task.
      eventTarget.addEventListener(event, () => setTimeout(lookForViewports), { signal: stop.signal });
    lookForViewports();

    return {
      state,
      // OHIF's layout has the views; nothing of ours is put into an element.
      mount: () => () => undefined,
      async show(volume, context) {
        for (const overlay of overlays.values()) overlay.cancelStroke();
        frameOfReferenceUid = context?.frameOfReferenceUid ?? "";
        seriesInstanceUid = context?.seriesInstanceUid ?? "";
        const display = volume && displayVolume(volume);
        scene = {
          ...emptyScene,
          overlaysVisible: scene.overlaysVisible,
          volume,
          display,
          axes: display && shownAxes(display.grid, volume.grid),
          focus: display && nearestVoxelCenter(display.grid, gridCenter(display.grid)),
        };
        stood.clear();
        update({ focus: scene.focus, slabMm: 0, pointer: null });
        lookForViewports();
        // Cement can't be told from bone in the window that OHIF opens a CT with.
        if (volume) setWindow(emptyScene.window);
        refresh();
      },
      setOverlays(layers) {
        scene = { ...scene, layers };
        refresh();
      },
      setMarkers(markers) {
        scene = { ...scene, markers };
        refresh();
      },
      setFigures(figures) {
        scene = { ...scene, figures };
        refresh();
      },
      setGesture(gesture) {
        if (scene.gesture?.sink !== gesture?.sink)
          for (const overlay of overlays.values()) overlay.cancelStroke();
        scene = { ...scene, gesture };
        for (const overlay of overlays.values()) overlay.takePointer();
      },
      setOverlaysVisible(overlaysVisible) {
        scene = { ...scene, overlaysVisible };
        // Drawn anew by OHIF too: what is seen without marks is told by its picture.
        for (const viewport of shown()) viewport.render();
        refresh();
      },
      goTo(at) {
        setFocus(at);
        // An acquired slice, also where OHIF cuts planes through a volume.
        const place = scene.focus ?? at;
        for (const viewport of shown()) {
          viewport.jumpToWorld?.([...place]);
          viewport.render();
        }
      },
      scroll(view, slices) {
        for (const overlay of overlays.values())
          if (overlay.frame()?.axes.plane === view) scroll(overlay, slices);
      },
      setWindow,
      setSlab(slabMm) {
        // A slab is OHIF's to show; only its end is asked for, before something is decided that has to be seen thin.
        if (slabMm > 0) return;
        for (const viewport of shown()) {
          viewport.resetSlabThickness?.();
          viewport.render();
        }
        update({ slabMm: 0 });
      },
      setPlanes: () => undefined,
      lookFrom: () => undefined,
      lookFromSide: () => undefined,
      showInPlace: async () => undefined,
      showBeside: async () => undefined,
      placeBeside: () => undefined,
      resetCamera() {
        for (const viewport of shown()) {
          viewport.resetCamera?.();
          viewport.render();
        }
      },
      capture: (request) => capturePlane(scene, request),
      dispose() {
        stop.abort();
        for (const overlay of overlays.values()) overlay.stop();
        overlays.clear();
      },
    };
  };

/** The darkest and the brightest value of a window, as PS3.3 C.11.2.1.2 counts them and OHIF shows them. */
const voiRangeOf = ({ widthHu, levelHu }: ImageWindow) => ({
  lower: levelHu - widthHu / 2,
  upper: levelHu + widthHu / 2 - 1,
});
