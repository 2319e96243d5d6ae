// What the host knows of a series that is still loading: one slice to look at, no volume, and where the case then begins.
import { describe, expect, it } from "vitest";
import { ok } from "#core/problem";
import { initialState } from "#host/app-state";
import { createStore } from "#host/app-store";
import { type Coming, landingOf } from "#host/coming-port";
import { createOpenCase } from "#host/open-case";
import type { CaseEdits } from "#host/case-edits";
import type { ComingSlice, LoadedSeries, LoadOptions, WorkerLine } from "#host/worker-protocol";
import { smallSeries } from "../dicom/small-series.ts";

const context = smallSeries({ name: "coming", slices: 9 });
const { grid } = context;
const loaded: LoadedSeries = {
  context,
  volume: {
    grid,
    hu: new Int16Array(grid.columns * grid.rows * grid.slices),
    storableHu: [-1024, 3071],
    clippedAtHu: null,
  },
};

const slice = (k: number, uidOf = k): ComingSlice => ({
  k,
  slices: grid.slices,
  place: "by-name",
  sopInstanceUid: context.instances[uidOf].sopInstanceUid,
  grid: { ...grid, slices: 1, slicePositions: [grid.slicePositions[k]] },
  hu: new Int16Array(grid.columns * grid.rows),
});

/** The opening of a case over a worker whose answers the test gives. */
function opening() {
  const calls: { options: LoadOptions; done(value: unknown): void; failed(reason: unknown): void }[] = [];
  const call = (options: LoadOptions = {}): Promise<never> =>
    new Promise((done, failed) => calls.push({ options, done, failed }));
  const worker = {
    read: (_files: unknown, options: LoadOptions) => call(options),
    load: (_uid: string, _role: string, options: LoadOptions) => call(options),
    forget: async () => null,
  } as unknown as WorkerLine; // the part that an opening asks
  const store = createStore(
    initialState({
      locale: "en",
      appearance: "dark",
      settings: {} as never,
      keyMap: {},
      habits: {},
    }),
  );
  const landed: (Coming | null)[] = [];
  const openCase = createOpenCase({
    store,
    worker,
    journal: null,
    edits: { reset: () => undefined } as unknown as CaseEdits,
    plugins: () => [],
    ready: async () => undefined,
    refreshSavedCases: async () => undefined,
    landing: (_loaded, coming) => landed.push(coming),
  });
  const coming = () => store.get().opening?.coming;
  return { calls, store, openCase, coming, landed };
}

const files = [{ path: "a", file: new File([], "a") }];
const found = {
  series: [{ seriesInstanceUid: context.seriesInstanceUid, openable: true }],
  rejected: [],
  objects: [],
};
const later = (): Promise<unknown> => new Promise((go) => setTimeout(go));

describe("a series that is still loading", () => {
  it("shows the first slice, then those that the reader goes to, through all steps, without a volume", async () => {
    const { calls, store, openCase, coming, landed } = opening();
    const done = openCase.openFiles(files);
    const { looking } = calls[0].options;
    expect(looking?.at.get()).toBeNull();
    const asked: (number | null)[] = [];
    looking?.at.subscribe((at) => asked.push(at));
    looking?.came(slice(4));
    expect(coming()).toMatchObject({ at: 4, moved: false, slice: { k: 4 } });
    openCase.lookAt(7);
    openCase.lookAt(99);
    expect(coming()).toMatchObject({ at: 8, moved: true, slice: { k: 4 } });
    // One that was asked for on the way is no longer looked at.
    looking?.came(slice(7));
    expect(coming()?.slice.k).toBe(4);
    looking?.came(slice(8));
    expect(coming()?.slice.k).toBe(8);
    expect(asked).toEqual([4, 7, 8]);
    openCase.setComingLook({ window: { widthHu: 400, levelHu: 40 }, field: null });

    const shown: boolean[] = [];
    store.state.subscribe(({ opening: now }) => shown.push(now?.coming !== undefined));
    calls[0].done(found);
    await later();
    expect(store.get().opening?.what).toBe("series");
    expect(shown.every(Boolean)).toBe(true);
    expect(calls[1].options.looking?.at.get()).toBe(8);
    expect(store.get()).toMatchObject({ scene: { volume: null }, screen: "start" });
    calls[1].done(ok(loaded));
    await done;
    expect(store.get()).toMatchObject({ opening: null, scene: { volume: loaded.volume }, screen: "case" });
    expect(landed).toMatchObject([{ at: 8, look: { window: { widthHu: 400 } } }]);
  });

  it("leaves nothing behind when it is cancelled, fails, or turns out to be several", async () => {
    const { calls, store, openCase, coming } = opening();
    const cancelled = openCase.openFiles(files);
    calls[0].options.looking?.came(slice(4));
    openCase.cancel();
    calls[0].failed(calls[0].options.signal?.reason);
    await cancelled;
    expect(store.get().opening).toBeNull();
    calls[0].options.looking?.came(slice(5));
    expect(coming()).toBeUndefined();

    const several = openCase.openFiles(files);
    calls[1].options.looking?.came(slice(4));
    calls[1].done({ ...found, series: [...found.series, { seriesInstanceUid: "2.25.9", openable: true }] });
    await several;
    expect(store.get()).toMatchObject({ opening: null, choosing: "main" });
    // The one that is chosen may be another.
    void openCase.chooseSeries("2.25.9");
    await later();
    expect(store.get().opening).toMatchObject({ what: "series" });
    expect(coming()).toBeUndefined();
  });
});

describe("the case that it becomes", () => {
  const look: Coming["look"] = { window: null, field: null };

  it("begins as any other where the reader has touched nothing", () => {
    expect(landingOf(loaded, null)).toBeNull();
    expect(landingOf(loaded, { at: 4, slice: slice(4), moved: false, look })).toBeNull();
  });

  it("begins at the slice and with the picture that the reader had, by the slice's own identity", () => {
    const depth = (k: number) => grid.slicePositions[k][2];
    const at = (coming: Coming) => landingOf(loaded, coming);
    expect(at({ at: 7, slice: slice(7), moved: true, look })?.at[2]).toBeCloseTo(depth(7));
    // The names had it elsewhere.
    expect(at({ at: 7, slice: slice(7, 2), moved: true, look })?.at[2]).toBeCloseTo(depth(2));
    // Not there yet when the last of all came.
    expect(at({ at: 7, slice: slice(3), moved: true, look })?.at[2]).toBeCloseTo(depth(7));
    const window = { widthHu: 400, levelHu: 40 };
    const [x, y] = grid.slicePositions[7];
    const field = { center: [x + 2, y + 3, 0] as const, mm: 80 };
    const landing = at({ at: 7, slice: slice(7), moved: false, look: { window, field } });
    expect(landing).toMatchObject({ window, fieldMm: 80 });
    expect(landing?.at).toEqual([x + 2, y + 3, depth(7)].map((mm) => expect.closeTo(mm)));
  });
});
