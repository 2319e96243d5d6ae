// Arrangements of the views and the reconstruction in place, over a viewport that only remembers what it was told.
import { describe, expect, it } from "vitest";
import { ok } from "#core/problem";
import { writable } from "#core/readable";
import { dot, type Vec3 } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import { initialState } from "#host/app-state";
import { createStore } from "#host/app-store";
import type { ObliquePlanes, ProposedPlanes } from "#host/contract";
import { createLayouts, usualSacralPlanes } from "#host/layouts";
import type { ActivePlugin } from "#host/registry";
import { createSecondSeries } from "#host/second-series";
import type { ViewportPort, ViewportState } from "#host/viewport-port";
import type { WorkerLine } from "#host/worker-protocol";
import { smallSeries, smallVolume } from "./small-case.ts";

const volume = smallVolume();
const series = smallSeries(volume.grid);

function bench(proposed: ProposedPlanes | null = null) {
  const went: Vec3[] = [];
  const state = writable({ planes: {}, inPlace: false } as ViewportState);
  let shown: CtVolume | null = null;
  const port = {
    state,
    setPlanes: (planes: ObliquePlanes) => state.set({ ...state.get(), planes }),
    goTo: (at: Vec3) => void went.push(at),
    showInPlace: async (other: CtVolume | null) => {
      shown = other;
      state.set({ ...state.get(), inPlace: other !== null });
    },
  } as unknown as ViewportPort;
  const store = createStore(
    initialState({ locale: "en", appearance: "dark", settings: {}, keyMap: {} } as unknown as Parameters<
      typeof initialState
    >[0]),
  );
  store.update({ scene: { series, volume } });
  const plugin = { implementation: { planesFor: async () => proposed } } as unknown as ActivePlugin;
  const viewport = writable<ViewportPort | null>(port);
  return {
    store,
    port,
    went,
    viewport,
    shown: () => shown,
    layouts: createLayouts(
      store,
      viewport,
      () => [plugin],
      async () => undefined,
    ),
  };
}

describe("layouts", () => {
  it("turn to what the plugin proposes, go there, and back to the acquired planes", async () => {
    const planes = { axial: [0, 0.6, -0.8], coronal: [0, 0.8, 0.6] } as const;
    const { layouts, port, store, went } = bench({ planes, at: [1, 2, 3] });
    await layouts.setLayout("sacral");
    expect(port.state.get().planes).toEqual(planes);
    expect(went).toEqual([[1, 2, 3]]);
    expect(store.get().proposed?.planes).toBe(port.state.get().planes);
    await layouts.setLayout("four");
    expect(port.state.get().planes).toEqual({});
    expect(store.get().layout).toBe("four");
  });

  it("lean as usual where nothing is proposed, and say so; a track without a leak changes nothing", async () => {
    const { layouts, port, store } = bench();
    await layouts.setLayout("sacral");
    expect(port.state.get().planes).toEqual(usualSacralPlanes());
    expect(store.get().proposed).toBeNull();
    expect(store.get().notices.at(-1)?.text).toMatch(/axis was not found/);
    const { axial, coronal } = usualSacralPlanes();
    expect(dot(axial ?? [0, 0, 0], coronal ?? [1, 1, 1])).toBeCloseTo(0);
    await layouts.setLayout("track");
    expect(store.get().layout).toBe("four");
    expect(port.state.get().planes).toEqual({});
  });

  it("give the overview its turned plane as soon as it is known, and take it away when asked again", async () => {
    const { layouts, port, store } = bench();
    const overview = { coronal: [0, 0.8, 0.6] } as const;
    store.update({ overview });
    expect(port.state.get().planes).toEqual(overview);
    await layouts.setLayout("four");
    expect(port.state.get().planes).toEqual({});
    await layouts.setLayout("four");
    expect(port.state.get().planes).toEqual(overview);
  });

  it("lean by keys, and only what is turned", () => {
    const { layouts, port } = bench();
    layouts.tilt(10);
    expect(port.state.get().planes).toEqual({});
    port.setPlanes({ coronal: [0, 1, 0] });
    layouts.tilt(30);
    const { coronal } = port.state.get().planes;
    expect(coronal?.[1]).toBeCloseTo(Math.cos(Math.PI / 6));
    // As the sacrum's: the upper end forward, the normal up.
    expect(coronal?.[2]).toBeCloseTo(0.5);
    layouts.tilt(-30);
    expect(port.state.get().planes.coronal?.[2]).toBeCloseTo(0);
  });

  it("enlarge one view after the other, then show all again", () => {
    const { layouts, store } = bench();
    const seen = Array.from({ length: 5 }, () => {
      layouts.enlargeNext();
      return store.get().large;
    });
    expect(seen).toEqual(["axial", "sagittal", "coronal", "surface3d", null]);
  });
});

describe("a second reconstruction", () => {
  const second: SeriesContext = { ...series, seriesInstanceUid: "2.25.77", seriesDescription: "Soft" };
  const listed = (context: SeriesContext) => ({
    ...context,
    imageCount: 1,
    sliceSpacingMm: 1,
    rows: 1,
    columns: 1,
    aside: null,
    merits: [],
    openable: true,
  });
  const workerWith = (context: SeriesContext, loads: string[]): WorkerLine =>
    ({
      load: async (uid: string, role: string) => {
        loads.push(`${role} ${uid}`);
        return ok({ context, volume: smallVolume() });
      },
      forget: async () => null,
    }) as unknown as WorkerLine;

  it("is loaded once, shown in place, and taken away by the same key", async () => {
    const { store, viewport, port, shown } = bench();
    store.update({ read: { series: [listed(series), listed(second)], rejected: [], objects: [] } });
    const loads: string[] = [];
    const { toggleSecond } = createSecondSeries({ store, worker: workerWith(second, loads), viewport });
    await toggleSecond();
    expect(port.state.get().inPlace).toBe(true);
    expect(store.get().second?.context.seriesDescription).toBe("Soft");
    await toggleSecond();
    expect([port.state.get().inPlace, shown()]).toEqual([false, null]);
    await toggleSecond();
    expect(loads).toEqual(["second 2.25.77"]);
    expect(store.get().opening).toBeNull();
  });

  it("of another frame of reference is never laid over the case", async () => {
    const { store, viewport, port } = bench();
    store.update({ read: { series: [listed(series), listed(second)], rejected: [], objects: [] } });
    const elsewhere = { ...second, frameOfReferenceUid: "2.25.99" };
    const { toggleSecond } = createSecondSeries({ store, worker: workerWith(elsewhere, []), viewport });
    await expect(toggleSecond()).rejects.toThrow();
    expect(port.state.get().inPlace).toBe(false);
    expect(store.get().second).toBeNull();
  });
});
