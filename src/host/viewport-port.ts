// What the host asks of whatever draws the images. `src/viewport` implements it over Cornerstone; tests may fake it.
import type { Readable } from "#core/readable";
import type { Vec3 } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import type {
  Figure,
  Gesture,
  ImageWindow,
  Marker,
  ObliquePlanes,
  OverlayLayer,
  Plane,
  PointerSample,
} from "./contract.ts";

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
  /** Planes that are turned away from the acquired ones. */
  readonly planes: ObliquePlanes;
  /** Another reconstruction of the same scan is shown in place of the volume; masks and marks stay the volume's. */
  readonly inPlace: boolean;
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
  readonly kind: Gesture;
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
  setFigures(figures: readonly Figure[]): void;
  setGesture(gesture: ActiveGesture | null): void;
  setOverlaysVisible(visible: boolean): void;
  /** Moves the focus there; with `fieldMm`, every plane shows a square of that side around it. */
  goTo(at: Vec3, fieldMm?: number): void;
  /** Moves the focus along the view's normal by whole slices (positive: towards feet, posterior, right for the plane's order). */
  scroll(view: Plane, slices: number): void;
  setWindow(window: ImageWindow): void;
  setSlab(slabMm: number): void;
  /** Turns planes away from the acquired ones; a plane that is left out goes back. The reader can turn them by their lines. */
  setPlanes(planes: ObliquePlanes): void;
  /** Turns 3D so that `at` is seen from the side that `outward` points to. */
  lookFrom(outward: Vec3, at: Vec3): void;
  /** Shows another volume of the same frame of reference in the planes, with everything else as it is; null goes back. */
  showInPlace(volume: CtVolume | null): Promise<void>;
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
