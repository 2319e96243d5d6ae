// What all views of one port show at this moment; views read it whenever they draw.
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { ImageWindow, Marker, OverlayLayer, Plane } from "#host/contract";
import type { ActiveGesture } from "#host/viewport-port";
import type { DisplayVolume } from "./display-volume.ts";
import type { PlaneAxes } from "./planes.ts";

export interface ViewScene {
  readonly volume: CtVolume | null;
  readonly display: DisplayVolume | null;
  readonly axes: Readonly<Record<Plane, PlaneAxes>> | null;
  /** In Cornerstone's cache; null without WebGL or volume. */
  readonly volumeId: string | null;
  readonly focus: Vec3 | null;
  readonly window: ImageWindow;
  readonly slabMm: number;
  readonly layers: readonly OverlayLayer[];
  readonly markers: readonly Marker[];
  readonly overlaysVisible: boolean;
  readonly gesture: ActiveGesture | null;
}

export const emptyScene: ViewScene = {
  volume: null,
  display: null,
  axes: null,
  volumeId: null,
  focus: null,
  window: { widthHu: 3000, levelHu: 1000 },
  slabMm: 0,
  layers: [],
  markers: [],
  overlaysVisible: true,
  gesture: null,
};
