// What all views of one port show at this moment, and what a view is; views read the scene whenever they draw.
import type { Rigid } from "#core/rigid";
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { Figure, ImageWindow, Marker, OverlayLayer, Plane } from "#host/contract";
import type { ActiveGesture, Shown, ViewId } from "#host/viewport-port";
import type { DisplayVolume } from "./display-volume.ts";
import type { PlaneAxes, PlaneFrame } from "./planes.ts";

export interface ViewScene {
  readonly volume: CtVolume | null;
  readonly display: DisplayVolume | null;
  readonly axes: Readonly<Record<Plane, PlaneAxes>> | null;
  /** In Cornerstone's cache; null without WebGL or volume. */
  readonly volumeId: string | null;
  readonly focus: Vec3 | null;
  /** From the case's patient space to that of the scan shown in these views; null where they show the case. */
  readonly toShown: Rigid | null;
  readonly window: ImageWindow;
  readonly slabMm: number;
  readonly layers: readonly OverlayLayer[];
  readonly markers: readonly Marker[];
  readonly figures: readonly Figure[];
  readonly overlaysVisible: boolean;
  readonly gesture: ActiveGesture | null;
}

export const emptyScene: ViewScene = {
  volume: null,
  display: null,
  axes: null,
  volumeId: null,
  focus: null,
  toShown: null,
  window: { widthHu: 3000, levelHu: 1000 },
  slabMm: 0,
  layers: [],
  markers: [],
  figures: [],
  overlaysVisible: true,
  gesture: null,
};

/** What changed, so that only that is drawn again. */
export type Change = "camera" | "window" | "slab" | "overlays" | "marks" | "fit";

export interface ViewOwner {
  readonly scene: () => ViewScene;
}

export interface View {
  readonly view: ViewId;
  /** Null for 3D, without a volume, or while the view has no size. */
  frame(): PlaneFrame | null;
  refresh(change: Change): void;
  /** Puts the scene's volume in (or takes it out); resolves when the first picture is on its way. */
  showVolume(): Promise<void>;
  cancelStroke(): void;
  stop(): void;
}

/** A view in an element; the view is made anew after WebGL was lost. */
export interface Mount {
  readonly id: ViewId;
  readonly which: Shown;
  readonly element: HTMLElement;
  view: View;
}
