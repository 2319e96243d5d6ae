// How the views are arranged, and which planes an oblique layout turns: proposed by a plugin, else by a usual tilt.
import { ProblemError, type Problem } from "#core/problem";
import { derived, type Readable } from "#core/readable";
import { normalize, type Vec3 } from "#core/space";
import type { AppStore } from "./app-store.ts";
import type { ObliqueLayout, ObliquePlanes, ProposedPlanes } from "./contract.ts";
import type { ActivePlugin } from "./registry.ts";
import type { ViewId, ViewportPort } from "./viewport-port.ts";

/** All planes and 3D, an oblique layout, or the planes of the case and of the earlier CT side by side. */
export type Layout = "four" | ObliqueLayout | "prior";

export interface Layouts {
  /** Arranges the views; an oblique layout turns its planes as soon as they are known. */
  setLayout(layout: Layout): Promise<void>;
  /** Turns the planes that are turned already, around the patient's left-right axis; positive leans their upper ends forward. */
  tilt(degrees: number): void;
  /** One view fills the place of all; null shows all again. */
  enlarge(view: ViewId | null): void;
  /** One view after the other fills the place of all, then all are shown again. */
  enlargeNext(): void;
}

const order: readonly (ViewId | null)[] = [null, "axial", "sagittal", "coronal", "surface3d"];
/** Side by side there is no 3D. */
const besideOrder = order.filter((view) => view !== "surface3d");

const noPrior: Problem = {
  code: "open/no-prior",
  severity: "info",
  details: {},
  text: {
    en: "No earlier CT is open beside the case. Open its folder: menu ☰, “Earlier CT …”",
    zh: "未打开对照的既往 CT。请打开其文件夹：菜单 ☰“既往 CT…”",
  },
};

/** The sacrum leans about this far where nothing better is known (degrees from the patient's axis): the reader turns on from it. */
const USUAL_SACRAL_TILT_DEGREES = 35;

export function usualSacralPlanes(): ObliquePlanes {
  const tilt = (USUAL_SACRAL_TILT_DEGREES * Math.PI) / 180;
  // The sacrum runs down and back: its front looks down.
  return {
    axial: normalize([0, Math.sin(tilt), -Math.cos(tilt)]),
    coronal: normalize([0, Math.cos(tilt), Math.sin(tilt)]),
  };
}

export function createLayouts(
  store: AppStore,
  viewport: Readable<ViewportPort | null>,
  plugins: () => readonly ActivePlugin[],
  placePrior: () => Promise<void>,
): Layouts {
  async function proposed(layout: ObliqueLayout): Promise<ProposedPlanes | null> {
    for (const { implementation } of plugins()) {
      const planes = await implementation.planesFor?.(layout);
      if (planes) return planes;
    }
    return null;
  }
  const stillWanted = (layout: Layout, series: unknown): boolean =>
    store.get().layout === layout && store.get().scene.series === series;

  derived(store.state, (state) => state.overview).subscribe((overview) => {
    if (store.get().layout === "four") viewport.get()?.setPlanes(overview);
  });

  /** In the planes that are shown now, turned or not. */
  async function sideBySide(): Promise<void> {
    const { prior, read, scene } = store.get();
    if (prior) {
      store.update({ layout: "prior", large: null });
      return placePrior();
    }
    const others = read?.series.some(
      (series) => series.openable && series.seriesInstanceUid !== scene.series?.seriesInstanceUid,
    );
    if (!others) throw new ProblemError(noPrior);
    store.update({ choosing: "prior" });
  }

  // Who opens an earlier CT wants to see it; without it nothing lies beside the case.
  derived(store.state, (state) => state.prior).subscribe((prior) => {
    if (prior) void sideBySide().catch((error: unknown) => store.reportThrown(error, "prior"));
    else if (store.get().layout === "prior") store.update({ layout: "four", large: null });
  });

  return {
    async setLayout(layout) {
      if (layout === "prior") return sideBySide();
      const { series } = store.get().scene;
      const before = store.get();
      store.update({ layout, large: null, proposed: null });
      if (layout === "four") {
        // Asked for again, the overview's own turned planes go back to the acquired ones, and so on.
        const turned = Object.keys(viewport.get()?.state.get().planes ?? {}).length > 0;
        const again = before.layout === "four" && before.large === null && turned;
        viewport.get()?.setPlanes(again ? {} : before.overview);
        return;
      }
      if (layout === "sacral") viewport.get()?.setPlanes(usualSacralPlanes());
      const found = await proposed(layout).catch((error: unknown) => {
        store.reportThrown(error, layout);
        return null;
      });
      if (!stillWanted(layout, series)) return;
      if (found) {
        store.update({ proposed: found });
        viewport.get()?.setPlanes(found.planes);
        if (found.at) viewport.get()?.goTo(found.at);
      } else if (layout === "sacral") {
        store.notify(
          {
            en: "The sacrum's axis was not found here: the planes lean as usual. Turn them by the rings on their lines",
            zh: "未能在此找到骶骨轴：平面按常规角度倾斜。请拖动线上的圆环旋转",
          }[store.get().locale],
          "warning",
        );
      } else {
        store.update({ layout: "four" });
        viewport.get()?.setPlanes(store.get().overview);
      }
    },
    tilt(degrees) {
      const port = viewport.get();
      if (!port) return;
      const cos = Math.cos((degrees * Math.PI) / 180);
      const sin = Math.sin((degrees * Math.PI) / 180);
      const turned = ([x, y, z]: Vec3): Vec3 => [x, y * cos - z * sin, z * cos + y * sin];
      const { axial, sagittal, coronal } = port.state.get().planes;
      if (!axial && !sagittal && !coronal) return;
      port.setPlanes({
        ...(axial ? { axial: turned(axial) } : {}),
        ...(sagittal ? { sagittal: turned(sagittal) } : {}),
        ...(coronal ? { coronal: turned(coronal) } : {}),
      });
    },
    enlarge: (large) => store.update({ large }),
    enlargeNext: () =>
      store.update(({ layout, large }) => {
        const views = layout === "prior" ? besideOrder : order;
        return { large: views[(views.indexOf(large) + 1) % views.length] };
      }),
  };
}
