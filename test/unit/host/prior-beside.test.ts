// The earlier CT beside the case: where it is put, when it is registered again, and that it leaves when it is closed.
import { describe, expect, it } from "vitest";
import { writable } from "#core/readable";
import { type Rigid, shiftedBy } from "#core/rigid";
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import { initialState } from "#host/app-state";
import { createStore } from "#host/app-store";
import type { PriorPlacement } from "#host/contract";
import { createLayouts } from "#host/layouts";
import { createPriorBeside } from "#host/prior-beside";
import type { ActivePlugin } from "#host/registry";
import type { ViewportPort, ViewportState } from "#host/viewport-port";
import { emptyMask } from "#voxels/mask";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";

const volume = smallVolume();
const series = smallSeries(volume.grid);
const earlier = smallVolume();
const prior = {
  volume: {
    ...earlier,
    grid: {
      ...earlier.grid,
      slicePositions: earlier.grid.slicePositions.map(([x, y, z]) => [x, y, z + 300] as const),
    },
  },
  context: { ...series, seriesInstanceUid: "2.25.99", frameOfReferenceUid: "2.25.98" },
};
const place = (at: Vec3, z: number | null): PriorPlacement => ({
  at,
  toPrior: z === null ? null : shiftedBy([0, 0, z]),
  errorMm: z === null ? null : 0.6,
  why: z === null ? { en: "no match", zh: "无法配准" } : null,
});

function bench(answers: PriorPlacement[][]) {
  const state = writable({ focus: [0, 0, 0], planes: {} } as unknown as ViewportState);
  const shown: (CtVolume | null)[] = [];
  const placed: { toEarlier: Rigid; registered: boolean }[] = [];
  const port = {
    state,
    setPlanes: () => undefined,
    showBeside: async (one: CtVolume | null) => void shown.push(one),
    placeBeside: (toEarlier: Rigid, registered: boolean) => void placed.push({ toEarlier, registered }),
  } as unknown as ViewportPort;
  const store = createStore(
    initialState({ locale: "en", appearance: "dark", settings: {}, keyMap: {} } as unknown as Parameters<
      typeof initialState
    >[0]),
  );
  store.update({ scene: { series, volume } });
  let asked = 0;
  const placePrior = async () => answers[asked++] ?? [];
  const plugins = () => [{ implementation: { placePrior } } as unknown as ActivePlugin];
  const viewport = writable<ViewportPort | null>(port);
  const beside = createPriorBeside({ store, viewport, plugins });
  const layouts = createLayouts(store, viewport, plugins, beside.placePrior);
  const stop = beside.followPrior(port);
  const look = (focus: Vec3) => state.set({ ...state.get(), focus });
  return { store, layouts, shown, placed, look, stop, asked: () => asked };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("an earlier CT beside the case", () => {
  it("is shown as soon as it is open, laid over the case where the reader looks", async () => {
    const { store, shown, placed, look, stop } = bench([[place([0, 0, 0], 10), place([0, 0, 120], -7)]]);
    store.update({ prior });
    await settled();
    expect(shown).toEqual([prior.volume]);
    expect(store.get().layout).toBe("prior");
    expect(store.get().priorPlacement?.errorMm).toBe(0.6);
    expect(placed.at(-1)).toEqual({ toEarlier: shiftedBy([0, 0, 10]), registered: true });
    look([0, 0, 110]);
    expect(placed.at(-1)).toEqual({ toEarlier: shiftedBy([0, 0, -7]), registered: true });
    const count = placed.length;
    look([0, 0, 115]);
    expect(placed.length).toBe(count);
    stop();
  });

  it("has its middle over the case's where it is not registered, says why, and stays as moved by hand", async () => {
    const { store, placed, look } = bench([[place([0, 0, 0], null)]]);
    store.update({ prior });
    await settled();
    expect(store.get().priorPlacement?.why?.en).toBe("no match");
    const { toEarlier, registered } = placed.at(-1) ?? {};
    expect(registered).toBe(false);
    expect(toEarlier?.translationMm[2]).toBeCloseTo(300);
    const count = placed.length;
    look([3, 4, 5]);
    expect(placed.length).toBe(count);
  });

  it("is registered once, and again when the case has got masks", async () => {
    const { store, layouts, placed, asked } = bench([[place([0, 0, 0], null)], [place([0, 0, 0], 4)]]);
    store.update({ prior });
    await settled();
    await layouts.setLayout("prior");
    expect(asked()).toBe(1);
    store.update({ masks: new Map([["one", emptyMask(SIZE)]]) });
    await layouts.setLayout("prior");
    expect(asked()).toBe(2);
    expect(placed.at(-1)?.registered).toBe(true);
    await layouts.setLayout("prior");
    expect(asked()).toBe(2);
  });

  it("leaves the views, and its layout, when it is closed; without one its key says what to do", async () => {
    const { store, layouts, shown } = bench([[place([0, 0, 0], 1)]]);
    store.update({ prior });
    await settled();
    layouts.enlargeNext();
    expect(store.get().large).toBe("axial");
    for (let n = 0; n < 3; n++) layouts.enlargeNext();
    expect(store.get().large).toBeNull();
    store.update({ prior: null });
    await settled();
    expect(shown.at(-1)).toBeNull();
    expect(store.get()).toMatchObject({ layout: "four", priorPlacement: null, placingPrior: false });
    await expect(layouts.setLayout("prior")).rejects.toThrow();
    expect(store.get().layout).toBe("four");
  });
});
