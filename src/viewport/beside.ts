// An earlier CT beside the case: the same planes through the same anatomy, brought there by a rigid motion; focus, window, slab and
// zoom are the case's own. Its voxels are handed over as they are and given back when it leaves.
import type { CtVolume } from "#core/volume";
import { moved, type Rigid, rotated, shiftedBy } from "#core/rigid";
import { add, scale } from "#core/space";
import type { Plane } from "#host/contract";
import { type DisplayVolume, displayVolume } from "./display-volume.ts";
import type { LocalVolume } from "./local-volume.ts";
import type { PlaneViewOwner } from "./plane-view.ts";
import type { PlaneFrame } from "./planes.ts";
import type { ViewScene } from "./view-scene.ts";

export interface BesideOptions {
  readonly owner: PlaneViewOwner;
  /** Makes a volume one that views can show. */
  addLocal(display: DisplayVolume): LocalVolume;
  /** Draws the earlier CT's views anew. */
  refresh(): void;
  hover(plane: Plane, at: ReturnType<typeof moved> | null, volume: CtVolume | null): void;
}

export interface Beside {
  readonly owner: PlaneViewOwner;
  /** The volume that is to be shown; the views change over before `settle` gives the one before it back. */
  put(volume: CtVolume | null): void;
  /** Hands the volume to a new Cornerstone engine: the textures of the last one are gone. */
  putAgain(): void;
  settle(): void;
  place(toBeside: Rigid, registered: boolean): void;
}

export function createBeside({ owner, addLocal, refresh, hover }: BesideOptions): Beside {
  let shown: { readonly volume: CtVolume; readonly local: LocalVolume | null } | null = null;
  let leaving: LocalVolume[] = [];
  let toBeside: Rigid = shiftedBy([0, 0, 0]);
  let registered = false;

  function scene(): ViewScene {
    const now = owner.scene();
    return {
      ...now,
      volumeId: shown?.local?.volumeId ?? null,
      // Outlines only, so that what lay there before is seen; none where nobody knows what lies under them.
      layers: registered ? now.layers.map((layer) => ({ ...layer, fillOpacity: 0 })) : [],
      markers: [],
      figures: [],
      gesture: null,
      toShown: toBeside,
    };
  }

  /** By hand, where it could not be registered: the picture goes along with the pointer. */
  function shift(by: readonly [number, number, number]): void {
    toBeside = { ...toBeside, translationMm: add(toBeside.translationMm, rotated(toBeside, by)) };
    refresh();
  }

  return {
    owner: {
      ...owner,
      scene,
      imageFrame(frame: PlaneFrame): PlaneFrame {
        const { right, down, forward } = frame.axes;
        return {
          ...frame,
          center: moved(toBeside, frame.center),
          axes: {
            ...frame.axes,
            right: rotated(toBeside, right),
            down: rotated(toBeside, down),
            forward: rotated(toBeside, forward),
          },
        };
      },
      actions(plane, frame) {
        const linked = owner.actions(plane, frame);
        return {
          ...linked,
          isReady: () => shown !== null && linked.isReady(),
          // Nothing is drawn on the earlier CT.
          activeGesture: () => null,
          scroll(slices) {
            const current = frame();
            if (registered || !current) linked.scroll(slices);
            else shift(scale(current.axes.forward, slices * current.axes.stepMm));
          },
          pan(dx, dy) {
            const current = frame();
            if (registered || !current) return linked.pan(dx, dy);
            const { axes, mmPerPx } = current;
            shift(add(scale(axes.right, -dx * mmPerPx), scale(axes.down, -dy * mmPerPx)));
          },
        };
      },
      hover: (plane, at) => hover(plane, at && moved(toBeside, at), shown?.volume ?? null),
    },
    put(volume) {
      if (shown?.local) leaving.push(shown.local);
      shown = volume && { volume, local: addLocal(displayVolume(volume)) };
    },
    putAgain() {
      shown?.local?.remove();
      if (shown) shown = { ...shown, local: addLocal(displayVolume(shown.volume)) };
    },
    settle() {
      for (const local of leaving) local.remove();
      leaving = [];
    },
    place(motion, isRegistered) {
      toBeside = motion;
      registered = isRegistered;
      refresh();
    },
  };
}
