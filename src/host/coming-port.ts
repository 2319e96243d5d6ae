// Looking through a series that is still loading: what its view is asked, and what of it goes over into the case.
import type { Readable } from "#core/readable";
import { patientFromVoxel, type Vec3, voxelFromPatient } from "#core/space";
import type { ImageWindow, Plane } from "./contract.ts";
import type { ComingSlice, LoadedSeries } from "./worker-protocol.ts";

/** How the reader has set the picture; null parts are as they come. */
export interface ComingLook {
  readonly window: ImageWindow | null;
  /** What lies in the middle, and mm across the shorter side. */
  readonly field: { readonly center: Vec3; readonly mm: number } | null;
}

/** The slices of a series that is still loading, one of which the reader looks at. */
export interface Coming {
  /** Place of the slice that is looked at. */
  readonly at: number;
  /** The last that came; another than the one looked at while that is not read yet. */
  readonly slice: ComingSlice;
  /** The reader went there. */
  readonly moved: boolean;
  readonly look: ComingLook;
}

export const beginLooking = (slice: ComingSlice): Coming => ({
  at: slice.k,
  slice,
  moved: false,
  look: { window: null, field: null },
});

export interface ComingReading {
  readonly window: ImageWindow;
  /** The plane that the slices come closest to. */
  readonly plane: Plane;
  /** Whether places and the numbers of slices, which count as in the case's views, grow together. */
  readonly ascending: boolean;
}

/** One view of slices that come. It tells no HU and lets nothing be measured. */
export interface ComingView {
  readonly reading: Readable<ComingReading | null>;
  /** Shows the slice that is looked at, or black while it is not there. */
  show(coming: Coming): void;
  /** Goes on by slices as the case's views count them. */
  scroll(slices: number): void;
  setWindow(window: ImageWindow): void;
  /** Shows all of the slice again. */
  fit(): void;
  stop(): void;
}

export interface ComingViewEvents {
  /** The reader goes to this place. */
  onLookAt(k: number): void;
  onLook(look: ComingLook): void;
  onDrawn(): void;
}

export type MountComing = (element: HTMLElement, events: ComingViewEvents) => ComingView;

/** What an opened case begins with: where the reader was, and how the picture was set. */
export interface Landing {
  readonly at: Vec3;
  readonly fieldMm?: number;
  readonly window?: ImageWindow;
}

/** Null where the reader has touched nothing. */
export function landingOf(
  { volume: { grid }, context }: LoadedSeries,
  coming: Coming | null,
): Landing | null {
  if (!coming) return null;
  const { at, slice, moved, look } = coming;
  if (!moved && !look.window && !look.field) return null;
  // By name a slice may have stood elsewhere.
  const found = context.instances.findIndex(
    ({ sopInstanceUid }) => slice.k === at && sopInstanceUid === slice.sopInstanceUid,
  );
  const k = found >= 0 ? found : Math.min(at, grid.slices - 1);
  const [i, j] = look.field
    ? voxelFromPatient(grid, look.field.center)
    : [(grid.columns - 1) / 2, (grid.rows - 1) / 2];
  return {
    at: patientFromVoxel(grid, i, j, k),
    ...(look.field ? { fieldMm: look.field.mm } : {}),
    ...(look.window ? { window: look.window } : {}),
  };
}
