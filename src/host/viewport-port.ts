// What the host asks of whatever draws the images. `src/viewport` implements it over Cornerstone; tests may fake it.
import type { Readable } from "#core/readable";
import type { Vec3 } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import type { ImageWindow, Marker, OverlayLayer, Plane, PointerSample } from "./contract.ts";

export type ViewId = Plane | "surface3d";

/** What the screen around the image says; changes with every move of the pointer. */
export interface PointerReading {
  readonly view: Plane;
  readonly at: Vec3;
  readonly hu: number | null;
}

export interface ViewportState {
  readonly focus: Vec3 | null;
  readonly window: ImageWindow;
  /** mm of the maximum-intensity slab; 0 shows the single slice. */
  readonly slabMm: number;
  readonly pointer: PointerReading | null;
  /** What the axial view is centred on and how much it shows (mm across its shorter side; null fits all), to show another CT alike. */
  readonly camera: { readonly center: Vec3; readonly fieldMm: number | null } | null;
  readonly webgl: "ok" | "missing" | "lost";
}

/** A gesture of the active tool. The viewport reports pointer paths; the host hands them to the plugin. */
export interface GestureSink {
  begin(sample: PointerSample): void;
  move(samples: readonly PointerSample[]): void;
  finish(): void;
  cancel(): void;
}

export interface ActiveGesture {
  readonly kind: "brush" | "line" | "contour";
  readonly radiusMm: number;
  readonly sink: GestureSink;
}

export interface ViewportPort {
  /** Puts a view into an element; several at once. Returns the stop. */
  mount(view: ViewId, element: HTMLElement): () => void;
  /** Shows a volume (or none). Views follow the patient: anterior up, patient's left on screen right. */
  show(volume: CtVolume | null, context: SeriesContext | null): Promise<void>;
  setOverlays(layers: readonly OverlayLayer[]): void;
  setMarkers(markers: readonly Marker[]): void;
  setGesture(gesture: ActiveGesture | null): void;
  setOverlaysVisible(visible: boolean): void;
  /** Moves the focus there; with `fieldMm`, every plane shows a square of that side around it. */
  goTo(at: Vec3, fieldMm?: number): void;
  /** Moves the focus along the view's normal by whole slices (positive: towards feet, posterior, right for the plane's order). */
  scroll(view: Plane, slices: number): void;
  setWindow(window: ImageWindow): void;
  setSlab(slabMm: number): void;
  /** Fits every view to the patient again. */
  resetCamera(): void;
  capture(options: { plane: Plane; at: Vec3; widthPx: number; heightPx: number }): Promise<Blob>;
  readonly state: Readable<ViewportState>;
  dispose(): void;
}

export interface ViewportEvents {
  /** A click without drag while no tool is active; the focus has already moved there. */
  onPick(at: Vec3): void;
}

export type CreateViewport = (events: ViewportEvents) => Promise<ViewportPort>;
