// One view of a series that is still loading: a slice at a time, with scrolling, window, pan and zoom as in
// the case's views. It needs nothing of Cornerstone, so that it is there before the viewer is.
import { writable } from "#core/readable";
import type { ImageWindow } from "#host/contract";
import type { Coming, ComingReading, ComingView, MountComing } from "#host/coming-port";
import { drawEdgeLetters, drawPosition, drawScaleBar } from "./annotations.ts";
import type { DisplayVolume } from "./display-volume.ts";
import { windowDragged } from "./plane-actions.ts";
import { panned, type PlaneCamera, planeFrame, zoomed } from "./plane-cameras.ts";
import { listenToPlane } from "./plane-gestures.ts";
import { gridCenter, planeAxes, type PlaneAxes, type PlaneFrame, positionText } from "./planes.ts";
import { createSlicePicture } from "./slice-picture.ts";
import { addCanvas, clearedContext, createViewRoot } from "./view-root.ts";
import { emptyScene } from "./view-scene.ts";

interface Shown {
  readonly coming: Coming;
  readonly display: DisplayVolume;
  readonly axes: PlaneAxes;
}

export const mountComing: MountComing = (parent, events): ComingView => {
  const { root, picture } = createViewRoot(parent, "coming");
  const grey = createSlicePicture(addCanvas(picture));
  const marks = addCanvas(root);
  const reading = writable<ComingReading | null>(null);
  let shown: Shown | null = null;

  const isThere = (): boolean => shown !== null && shown.coming.slice.k === shown.coming.at;
  const windowNow = (): ImageWindow => shown?.coming.look.window ?? emptyScene.window;

  function cameraNow({ coming, display }: Shown): PlaneCamera {
    const { field } = coming.look;
    return field
      ? { center: field.center, fieldMm: field.mm }
      : { center: gridCenter(display.grid), fieldMm: null };
  }

  function frame(): PlaneFrame | null {
    const [width, height] = [root.clientWidth, root.clientHeight];
    if (!shown || width < 2 || height < 2) return null;
    const { grid } = shown.display;
    return planeFrame(grid, shown.axes, cameraNow(shown), gridCenter(grid), width, height);
  }

  /** At once: frames are rare while the slices take all of the machine. */
  function draw(): void {
    const current = frame();
    if (!current || !shown) return;
    grey.draw(isThere() ? shown.display : null, current, windowNow());
    if (isThere()) events.onDrawn();
    drawOver(current, shown);
  }

  function drawOver(current: PlaneFrame, { coming, axes, display }: Shown): void {
    root.dataset.at = String(coming.at);
    root.dataset.there = String(isThere());
    const context = clearedContext(marks);
    if (!context) return;
    drawEdgeLetters(context, current);
    drawScaleBar(context, current);
    const number = axes.ascending ? coming.at + 1 : coming.slice.slices - coming.at;
    const count = `${number}/${coming.slice.slices}`;
    const at = `${positionText(axes, gridCenter(display.grid))} · ${count}`;
    drawPosition(context, current, isThere() ? at : count);
  }

  function scroll(slices: number): void {
    if (shown) events.onLookAt(shown.coming.at + (shown.axes.ascending ? slices : -slices));
  }

  const setWindow = (window: ImageWindow): void => {
    if (shown) events.onLook({ ...shown.coming.look, window });
  };

  function setCamera(change: (current: PlaneFrame, camera: PlaneCamera) => PlaneCamera): void {
    const current = frame();
    if (!shown || !current) return;
    const { center, fieldMm } = change(current, cameraNow(shown));
    const mm = fieldMm ?? current.mmPerPx * Math.min(current.widthPx, current.heightPx);
    events.onLook({ ...shown.coming.look, field: { center, mm } });
  }

  const listener = listenToPlane(root, {
    isReady: () => shown !== null,
    activeGesture: () => null,
    sampleAt: () => {
      throw new Error("no tool works on a series that is still loading");
    },
    pick: () => undefined,
    grabLine: () => null,
    dragWindow: (dx, dy) => setWindow(windowDragged(windowNow(), dx, dy)),
    pan: (dx, dy) => setCamera((current, camera) => panned(current, camera, dx, dy)),
    zoom: (factor, [x, y]) => setCamera((current) => zoomed(current, factor, x, y)),
    scroll,
    hover: () => undefined,
    showStroke: () => undefined,
  });
  const observer = new ResizeObserver(draw);
  observer.observe(root);

  return {
    reading,
    show(coming) {
      const { grid, hu } = coming.slice;
      const axes = acquiredPlane(grid);
      shown = { coming, display: { grid, hu, resampled: false }, axes };
      const { plane, ascending } = axes;
      const before = reading.get();
      const window = windowNow();
      if (before?.plane !== plane || before.ascending !== ascending || before.window !== window)
        reading.set({ plane, ascending, window });
      draw();
    },
    scroll,
    setWindow,
    fit: () => shown && events.onLook({ ...shown.coming.look, field: null }),
    stop() {
      observer.disconnect();
      listener.stop();
      root.remove();
    },
  };
};

/** The plane whose slices were acquired. */
function acquiredPlane(grid: DisplayVolume["grid"]): PlaneAxes {
  const axes = Object.values(planeAxes(grid));
  return axes.find(({ index }) => index === 2) ?? axes[0];
}
