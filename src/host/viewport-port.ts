// What the host asks of whatever draws the images. `src/viewport` implements it over Cornerstone; tests may fake it.
import type { Readable } from "#core/readable";
import type { Rigid } from "#core/rigid";
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
  PictureRequest,
  Plane,
  PointerSample,
} from "./contract.ts";

export type ViewId = Plane | "surface3d";

/** Whose images a view shows: the case's, or those of the earlier CT beside it in the same planes. */
export type Shown = "case" | "earlier";

/** Where 3D is looked from: in front, behind, the patient's left and right, the head's and the feet's end. */
export type PatientSide = "A" | "P" | "L" | "R" | "H" | "F";

/** What the screen around the image says; changes with every move of the pointer. */
export interface PointerReading {
  readonly view: Plane;
  readonly of: Shown;
  readonly at: Vec3;
  readonly hu: number | null;
}

export interface ViewportState {
  readonly focus: Vec3 | null;
  readonly window: ImageWindow;
  /** mm of the maximum-intensity slab; 0 shows the single slice. */
  readonly slabMm: number;
  readonly pointer: PointerReading | null;
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
  mount(view: ViewId, element: HTMLElement, which?: Shown): () => void;
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
  /** Turns 3D to a standard view of the whole patient; without a side to the next one. */
  lookFromSide(side?: PatientSide): void;
  /** Shows another volume of the same frame of reference in the planes, with everything else as it is; null goes back. */
  showInPlace(volume: CtVolume | null): Promise<void>;
  /** Puts an earlier CT into the views that were mounted for it; null gives it back. */
  showBeside(volume: CtVolume | null): Promise<void>;
  /**
   * Where the earlier CT lies: the motion from the case's patient space to its own. One that is not registered can be moved by hand, by
   * scrolling and dragging in its views.
   */
  placeBeside(toEarlier: Rigid, registered: boolean): void;
  /** Fits every view to the patient again. */
  resetCamera(): void;
  capture(request: PictureRequest): Promise<Blob>;
  readonly state: Readable<ViewportState>;
  dispose(): void;
}

export interface ViewportEvents {
  /** A click without drag while no tool is active; the focus has already moved there. */
  onPick(at: Vec3): void;
  /** A plane of this volume has been drawn. */
  onDrawn(plane: Plane, volume: CtVolume): void;
  /** The axial plane through `at` has been drawn without a slab; `marked`: with masks and markers, `turned`: it is no acquired slice. */
  onAxial(at: Vec3, how: { readonly marked: boolean; readonly turned: boolean }): void;
}

/** What draws the planes: "auto" is the GPU where there is one, else the processor. */
export type Drawing = "auto" | "gpu" | "processor";

export type CreateViewport = (events: ViewportEvents, drawing: Drawing) => Promise<ViewportPort>;
