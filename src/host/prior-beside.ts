// The earlier CT beside the case: laid over it by what a plugin finds of the bones, near where the reader looks; said in words where not.
import { derived, type Readable } from "#core/readable";
import { shiftedBy } from "#core/rigid";
import { add, distance, patientFromVoxel, scale, subtract, type Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { AppStore } from "./app-store.ts";
import type { PriorPlacement } from "./contract.ts";
import type { ActivePlugin } from "./registry.ts";
import type { ViewportPort } from "./viewport-port.ts";

export interface PriorBeside {
  /** Registers the earlier CT that is open; again when that was done before the case had masks. Nothing to do without one. */
  placePrior(): Promise<void>;
  /** Shows the earlier CT in the port's views for it as long as it is open. Returns the stop. */
  followPrior(port: ViewportPort): () => void;
}

export interface PriorBesideOptions {
  readonly store: AppStore;
  readonly viewport: Readable<ViewportPort | null>;
  readonly plugins: () => readonly ActivePlugin[];
}

/** What was found for which earlier CT, and whether the case had masks then. */
interface Known {
  readonly prior: unknown;
  readonly withMasks: boolean;
  readonly places: readonly PriorPlacement[];
}

const middleOf = ({ grid }: CtVolume): Vec3 =>
  scale(
    add(patientFromVoxel(grid, 0, 0, 0), patientFromVoxel(grid, grid.columns, grid.rows, grid.slices - 1)),
    0.5,
  );

export function createPriorBeside({ store, viewport, plugins }: PriorBesideOptions): PriorBeside {
  let known: Known | null = null;
  let running: unknown = null;

  async function ask(focus: Vec3): Promise<readonly PriorPlacement[]> {
    for (const { implementation } of plugins()) {
      const places = await implementation.placePrior?.(focus);
      if (places && places.length > 0) return places;
    }
    return [];
  }

  /** The place nearest to where the reader looks. */
  function nearestPlace(focus: Vec3): PriorPlacement | null {
    const places = known !== null && known.prior === store.get().prior ? known.places : [];
    return places.reduce<PriorPlacement | null>(
      (best, other) => (best && distance(best.at, focus) <= distance(other.at, focus) ? best : other),
      null,
    );
  }

  function place(port: ViewportPort): void {
    const { prior, scene } = store.get();
    const { focus } = port.state.get();
    if (!prior || !scene.volume || !scene.series || !focus) return;
    const nearest = nearestPlace(focus);
    store.update({ priorPlacement: nearest });
    if (nearest?.toPrior) return port.placeBeside(nearest.toPrior, true);
    // Scans of one session lie right as they are; others at least with their middles together.
    const sameFrame =
      prior.context.frameOfReferenceUid !== "" &&
      prior.context.frameOfReferenceUid === scene.series.frameOfReferenceUid;
    const off = sameFrame ? ([0, 0, 0] as const) : subtract(middleOf(prior.volume), middleOf(scene.volume));
    port.placeBeside(shiftedBy(off), false);
  }

  return {
    async placePrior() {
      const { prior, scene, masks } = store.get();
      const focus = viewport.get()?.state.get().focus;
      if (!prior || !focus || running === prior) return;
      const withMasks = masks.size > 0;
      if (known !== null && known.prior === prior && (known.withMasks || !withMasks)) return;
      running = prior;
      store.update({ placingPrior: true });
      try {
        const places = await ask(focus);
        if (store.get().prior !== prior || store.get().scene.series !== scene.series) return;
        known = { prior, withMasks, places };
        const port = viewport.get();
        if (port) place(port);
      } finally {
        if (running === prior) running = null;
        if (store.get().prior === prior) store.update({ placingPrior: false });
      }
    },
    followPrior(port) {
      const show = (): void => {
        const { prior } = store.get();
        if (!prior) known = null;
        store.update({ priorPlacement: null, placingPrior: false });
        port
          .showBeside(prior?.volume ?? null)
          .then(() => place(port))
          .catch((error: unknown) => store.reportThrown(error, "viewport"));
      };
      const stops = [
        derived(store.state, (state) => state.prior).subscribe(show),
        // Only a change of place: what was moved by hand stays.
        derived(port.state, (state) => state.focus).subscribe((focus) => {
          if (focus && nearestPlace(focus) !== store.get().priorPlacement) place(port);
        }),
      ];
      if (store.get().prior) show();
      return () => stops.forEach((stop) => stop());
    },
  };
}
