// One case after the other in the same page: nothing of the first is shown, measured or written in the second.
import { describe, expect, it } from "vitest";
import type { Host, OverlayLayer, Plugin } from "#contract";
import type { JobContext, JobTable } from "#core/job";
import type { CtVolume } from "#core/volume";
import {
  findCement,
  type FindOptions,
  type FoundCement,
} from "../../../plugins/cement-leakage/engine/find-cement.ts";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { drawCase } from "../../../plugins/cement-leakage/reading/draw-case.ts";
import { createFinder, type Finder } from "../../../plugins/cement-leakage/reading/find.ts";
import { createReading, type Reading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const command = ({ app }: Headless, id: string) => app.plugins[0].implementation.commands[`${ID}/${id}`];

/** The small case without its last slices: another grid. */
function shorterVolume(): CtVolume {
  const { grid, hu, ...rest } = smallVolume();
  const slices = 14;
  return {
    ...rest,
    hu: hu.slice(0, grid.columns * grid.rows * slices),
    grid: { ...grid, slices, slicePositions: grid.slicePositions.slice(0, slices) },
  };
}

/** Chooses the second series from the list while the first case is open, as the file menu does. */
async function openBesides(host: Headless, volume: CtVolume): Promise<void> {
  await host.open(volume, { ...smallSeries(volume.grid), seriesInstanceUid: "2.25.99" });
  host.app.showSeries("main");
  await host.app.chooseSeries("2.25.99");
}

describe("one case after another", () => {
  it("opens another series while a case is open, without a trace of the first", async () => {
    const host = headless([plugin], jobs);
    const volume = smallVolume();
    await host.open(volume, smallSeries(volume.grid));
    await command(host, "find").run();
    expect(host.app.state.get().masks.size).toBeGreaterThan(0);
    const mixed: string[] = [];
    host.app.state.subscribe(({ scene, masks }) => {
      for (const [id, mask] of masks) if (scene.volume?.grid.slices !== mask.slices) mixed.push(id);
    });
    await openBesides(host, shorterVolume());
    const { scene, masks, documents, screen } = host.app.state.get();
    expect(scene.series?.seriesInstanceUid).toBe("2.25.99");
    expect([masks.size, Object.keys(documents), screen]).toEqual([0, [], "case"]);
    expect(mixed).toEqual([]);
  });

  it("refuses an earlier CT of another patient before it takes the place of the one that is shown", async () => {
    const host = headless([plugin]);
    const volume = smallVolume();
    const series = smallSeries(volume.grid);
    await host.open(volume, series);
    const { read } = host.app.state.get();
    const [summary] = read?.series ?? [];
    const stranger = {
      ...summary,
      seriesInstanceUid: "2.25.77",
      patient: { ...summary.patient, patientId: "X-9" },
    };
    host.app.store.update({ read: { series: [summary, stranger], rejected: [], objects: [] } });
    const loaded: string[] = [];
    host.app.store.state.subscribe(({ opening }) => void (opening && loaded.push(opening.what)));
    host.app.showSeries("prior");
    await host.app.chooseSeries("2.25.77");
    expect(host.app.state.get().notices.at(-1)?.text).toMatch(/another patient/);
    expect(loaded).toEqual([]);
    host.app.showSeries("prior");
    await host.app.chooseSeries(series.seriesInstanceUid);
    expect(host.app.state.get().prior).not.toBeNull();
  });

  it("does not call a change saved where the browser keeps nothing", async () => {
    const host = headless([plugin]);
    const volume = smallVolume();
    await host.open(volume, smallSeries(volume.grid));
    expect(host.app.state.get().saving).toBe("saved");
    host.edit(ID, {});
    expect(host.app.state.get().saving).toBe("failed");
  });

  it("goes on when a plugin throws on being told of a change, and names the plugin", async () => {
    const touchy: Plugin = {
      ...plugin,
      activate(host) {
        host.scene.subscribe(() => {
          throw new Error("touchy");
        });
        return { ...plugin.activate(host), summary: () => JSON.parse("{") };
      },
    };
    const host = headless([touchy], jobs);
    const volume = smallVolume();
    await host.open(volume, smallSeries(volume.grid));
    expect(host.app.state.get().screen).toBe("case");
    host.edit(ID, { any: "document" });
    const said = host.app.state.get().notices.map(({ text }) => text);
    expect(said.join()).toMatch(/cement-leakage.*touchy/);
    expect(host.app.state.get().documents).toEqual({ [ID]: { any: "document" } });
  });

  it("forgets a floor that was being tried, and a search under way, with their case", async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let wait = false;
    let known: Promise<FoundCement> | null = null;
    const slow: JobTable = {
      ...jobs,
      [`${ID}/find`]: async (input: FindOptions, context: JobContext) => {
        const found = await (known ??= Promise.resolve(findCement(context.volume, input, context)));
        if (wait && input.floorHu === undefined) await released;
        context.progress(1);
        return found;
      },
    };
    const { reading, finder, drawn, watched } = withReading();
    const host = headless([watched], slow);
    const volume = smallVolume();
    await host.open(volume, smallSeries(volume.grid));
    await finder().find(null);
    finder().tryFloor(900);
    await expect.poll(() => finder().tried()).not.toBeNull();
    wait = true;
    const late = finder().find(null);
    expect(reading().state.get().busy).not.toBeNull();
    finder().tryFloor(900);
    await expect.poll(() => finder().tried()).not.toBeNull();
    await openBesides(host, shorterVolume());
    expect([finder().tried(), reading().state.get().busy]).toEqual([null, null]);
    release();
    await late;
    expect([finder().tried(), reading().state.get().busy]).toEqual([null, null]);
    expect(host.app.state.get().masks.size).toBe(0);
    expect(drawn().every((layer) => layer.mask.slices === 14)).toBe(true);
    expect(
      host.app.state
        .get()
        .notices.map(({ text }) => text)
        .filter((text) => /failed/.test(text)),
    ).toEqual([]);
  });
});

/** The plugin's own reading and finder, over the same host that its panel would have. */
function withReading() {
  let made: { reading: Reading; finder: Finder } | null = null;
  let layers: readonly OverlayLayer[] = [];
  const watched: Plugin = {
    ...plugin,
    activate(given) {
      const host: Host = { ...given, overlays: { set: (next) => void (layers = next) } };
      const reading = createReading(host);
      const drawing = drawCase(reading, () => finder);
      const finder = createFinder(reading, drawing.redraw);
      made = { reading, finder };
      return plugin.activate(given);
    },
  };
  const of = () => {
    if (!made) throw new Error("the plugin was not activated");
    return made;
  };
  return { watched, drawn: () => layers, reading: () => of().reading, finder: () => of().finder };
}
