// The 3D view on the screen: bone and mask surfaces that turn under the pointer, with the markers and a compass on top.
import type { RenderingEngine } from "@cornerstonejs/core";
import type { Vec3 } from "#core/space";
import { add, scale } from "#core/space";
import { type RunMask, sameShape } from "#voxels/mask";
import { drawsInSoftware } from "./cornerstone-start.ts";
import { drawCompass } from "./compass.ts";
import { drawMarkers, placeMarkers } from "./markers.ts";
import { type Orbit, orbitAxes, turned, WHOLE_ZOOM } from "./orbit.ts";
import { fittingMmPerPx, gridCenter, type ScreenFrame, screenFromPatient } from "./planes.ts";
import { createSurfaceActor, type SurfaceActor } from "./surface-actor.ts";
import { listenToOrbit } from "./surface-gestures.ts";
import { createSurfaceImage, type SurfaceImage } from "./surface-image.ts";
import { boneSurface, idlePause, maskSurface } from "./surfaces.ts";
import type { Change, View, ViewOwner } from "./view-scene.ts";
import { addCanvas, clearedContext, createViewRoot } from "./view-root.ts";

const boneColor = "#e9dfc8";
const boneOpacity = 0.18;
const fineBlockMm = 2;
/** A third of the triangles, for WebGL without a GPU. */
const coarseBlockMm = 3;
/** Looks at the pelvis from in front, a little from the left and above. */
const openingOrbit = { turn: 0.45, tilt: 0.2, zoom: WHOLE_ZOOM };
/** Surfaces follow the masks after a pause, so that they never compete with a brush stroke. */
const settleMs = 250;

let nextId = 1;

export interface SurfaceViewOwner extends ViewOwner {
  engine(): RenderingEngine | null;
  /** Resolves when the planes of the volume are on the screen: WebGL's start holds up everything else. */
  afterPlanes(): Promise<void>;
  /** How the view was last turned, kept while it is not mounted; null for the opening view. */
  orbit(): Orbit | null;
  setOrbit(orbit: Orbit): void;
}

export function createSurfaceView(parent: HTMLElement, owner: SurfaceViewOwner): View {
  const { root, picture } = createViewRoot(parent, "surface3d");
  root.style.cursor = "grab";
  const marks = addCanvas(root);
  let image: SurfaceImage | null = null;
  let orbit: Orbit = { ...openingOrbit, center: [0, 0, 0] };
  const turnTo = (next: Orbit): void => {
    orbit = next;
    owner.setOrbit(next);
    look();
  };
  let work = new AbortController();
  let settle: ReturnType<typeof setTimeout> | undefined;
  let scheduled = 0;
  let bone: SurfaceActor | null = null;
  let boneAwaited = false;
  let starting = false;
  let stopped = false;
  const shown = new Map<string, { readonly mask: RunMask; readonly actor: SurfaceActor }>();

  function frame(): ScreenFrame | null {
    const { display, axes } = owner.scene();
    const [widthPx, heightPx] = [root.clientWidth, root.clientHeight];
    if (!display || !axes || widthPx < 2 || heightPx < 2) return null;
    const mmPerPx = fittingMmPerPx(display.grid, axes.coronal, widthPx, heightPx) / orbit.zoom;
    return { axes: orbitAxes(orbit), widthPx, heightPx, center: orbit.center, mmPerPx };
  }

  function look(): void {
    const current = frame();
    if (!image || !current) return draw();
    image.setCamera(orbitAxes(orbit), orbit.center, (current.heightPx / 2) * current.mmPerPx);
    image.render();
  }

  function draw(): void {
    cancelAnimationFrame(scheduled);
    scheduled = 0;
    const context = clearedContext(marks);
    const current = frame();
    if (!context || !current || !image) return;
    const { markers, overlaysVisible } = owner.scene();
    if (overlaysVisible) {
      const project = (at: Vec3) => {
        const [x, y] = screenFromPatient(current, at);
        return { x, y, opacity: 1 };
      };
      const { widthPx, heightPx } = current;
      drawMarkers(context, placeMarkers({ widthPx, heightPx, markers, project, isCovered: () => false }));
    }
    drawCompass(context, current);
  }

  const schedule = (): void => {
    if (!scheduled && !stopped) scheduled = requestAnimationFrame(draw);
  };

  function remove(id: string, actor: SurfaceActor): void {
    image?.remove(id);
    actor.delete();
  }

  function clear(): void {
    work.abort();
    clearTimeout(settle);
    for (const [id, { actor }] of shown) remove(id, actor);
    shown.clear();
    if (bone) remove("bone", bone);
    bone = null;
  }

  /** Bone first, then the masks; each appears when it is done. */
  async function build(): Promise<void> {
    const { signal } = (work = new AbortController());
    const pause = idlePause(signal);
    const { display } = owner.scene();
    if (!display || !image) return;
    boneAwaited = true;
    const surface = (await pause())
      ? await boneSurface(display, drawsInSoftware() ? coarseBlockMm : fineBlockMm, pause)
      : null;
    if (signal.aborted || !image) return;
    boneAwaited = false;
    if (surface) {
      bone = createSurfaceActor(surface, boneColor, boneOpacity);
      image.add("bone", bone);
      look();
    }
    await follow(signal);
  }

  /** Brings the mask surfaces up to date with the layers that want one. */
  async function follow(signal: AbortSignal): Promise<void> {
    const pause = idlePause(signal);
    const { volume, layers, overlaysVisible } = owner.scene();
    if (!volume || !image) return;
    const wanted = overlaysVisible
      ? layers.filter((layer) => layer.surface && sameShape(layer.mask, volume.grid))
      : [];
    for (const [id, { actor }] of shown) {
      if (wanted.some((layer) => layer.id === id)) continue;
      remove(id, actor);
      shown.delete(id);
    }
    for (const { id, mask, color } of wanted) {
      const present = shown.get(id);
      present?.actor.setColor(color);
      if (present?.mask === mask) continue;
      const surface = await maskSurface(volume.grid, mask, pause);
      if (signal.aborted || !image) return;
      // The old surface stays until the new one is ready.
      if (present) {
        remove(id, present.actor);
        shown.delete(id);
      }
      if (!surface) continue;
      const actor = createSurfaceActor(surface, color, 1);
      shown.set(id, { mask, actor });
      image.add(id, actor);
    }
    look();
  }

  function followSoon(): void {
    clearTimeout(settle);
    settle = setTimeout(() => {
      // While bone is still being made the masks come after it anyway.
      if (boneAwaited) return;
      work.abort();
      work = new AbortController();
      void follow(work.signal);
    }, settleMs);
  }

  function resized(): void {
    if (stopped || root.clientWidth < 2 || root.clientHeight < 2) return;
    if (image) owner.engine()?.resize(true, true);
    else if (!starting) void start();
    look();
  }

  async function start(): Promise<void> {
    starting = true;
    await owner.afterPlanes();
    starting = false;
    if (stopped || image || root.clientWidth < 2 || root.clientHeight < 2) return;
    const engine = owner.engine();
    if (!engine) return;
    image = createSurfaceImage(engine, `surface3d-${nextId++}`, picture, draw);
    void build();
    look();
  }

  const listener = listenToOrbit(root, {
    turn(dx, dy) {
      turnTo(turned(orbit, dx, dy));
    },
    pan(dx, dy) {
      const current = frame();
      if (!current) return;
      const { right, down } = current.axes;
      const shift = add(scale(right, -dx * current.mmPerPx), scale(down, -dy * current.mmPerPx));
      turnTo({ ...orbit, center: add(orbit.center, shift) });
    },
    zoom(factor) {
      turnTo({ ...orbit, zoom: Math.max(0.5, Math.min(40, orbit.zoom * factor)) });
    },
  });
  const observer = new ResizeObserver(resized);
  observer.observe(root);

  function fit(): void {
    const { display } = owner.scene();
    if (display) orbit = owner.orbit() ?? { ...openingOrbit, center: gridCenter(display.grid) };
  }
  fit();

  return {
    view: "surface3d",
    frame: () => null,
    refresh(change: Change) {
      if (change === "overlays") followSoon();
      if (change === "fit") {
        fit();
        look();
      }
      if (change === "overlays" || change === "marks") schedule();
    },
    async showVolume() {
      clear();
      fit();
      look();
      if (owner.scene().display) void build();
    },
    cancelStroke() {},
    stop() {
      stopped = true;
      observer.disconnect();
      listener();
      cancelAnimationFrame(scheduled);
      clear();
      image?.stop();
      image = null;
      root.remove();
    },
  };
}
