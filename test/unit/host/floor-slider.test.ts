// The floor slider: however fast it moves, one trial is at work, none piles up behind it, and the last floor is the one that is shown.
import { describe, expect, it } from "vitest";
import type { OverlayLayer, Plugin } from "#contract";
import type { JobContext, JobTable } from "#core/job";
import { tryFloor } from "../../../plugins/cement-leakage/engine/try-floor.ts";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { drawCase } from "../../../plugins/cement-leakage/reading/draw-case.ts";
import { createFinder, type Finder } from "../../../plugins/cement-leakage/reading/find.ts";
import { createReading, type Reading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;

/** The plugin with its finder at hand; what is drawn, and the trials, are written down. A trial ends when it is let go. */
async function opened() {
  const drawn: (readonly OverlayLayer[])[] = [];
  const ran: number[] = [];
  const atWork: (() => void)[] = [];
  let isHeld = false;
  const table: JobTable = {
    ...jobs,
    [`${ID}/try-floor`]: async ({ floorHu }: { floorHu: number }, { volume }: JobContext) => {
      ran.push(floorHu);
      if (isHeld) await new Promise<void>((go) => atWork.push(go));
      return tryFloor(volume, floorHu);
    },
  };
  let made: { finder: Finder; reading: Reading } | null = null;
  const watched: Plugin<typeof plugin.manifest> = {
    ...plugin,
    activate(host) {
      const overlays = {
        set: (layers: readonly OverlayLayer[]) => (drawn.push(layers), host.overlays.set(layers)),
      };
      const reading = createReading({ ...host, overlays });
      const drawing = drawCase(reading, () => finder);
      const finder: Finder = createFinder(reading, drawing.redraw);
      made = { finder, reading };
      return plugin.activate(host);
    },
  };
  const host = headless([watched], table);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  if (!made) throw new Error("the plugin was not activated");
  const { finder, reading } = made as { finder: Finder; reading: Reading };
  await finder.find(null);
  const trials = () => drawn.filter((layers) => layers[0]?.id === "trying");
  return {
    finder,
    reading,
    ran,
    trials,
    hold: () => void (isHeld = true),
    release() {
      isHeld = false;
      for (const go of atWork.splice(0)) go();
    },
  };
}

describe("the floor slider", () => {
  it("tries one floor at a time and then the last one asked for, whatever lay between", async () => {
    const { finder, ran, hold, release, trials } = await opened();
    hold();
    for (let hu = 1000; hu <= 1500; hu += 10) finder.tryFloor(hu);
    expect(ran).toEqual([1000]);
    release();
    await expect.poll(() => finder.tried()?.floorHu).toBe(1500);
    expect(ran).toEqual([1000, 1500]);
    // Drawn once for each trial, and not again for what the panel is told beside it.
    expect(trials()).toHaveLength(2);
  });

  it("changes nothing else of the reading: a panel is not drawn anew because the slider moves", async () => {
    const { finder, reading } = await opened();
    const before = reading.state.get();
    for (let hu = 1000; hu <= 1200; hu += 50) finder.tryFloor(hu);
    await expect.poll(() => finder.tried()?.floorHu).toBe(1200);
    finder.tryFloor(null);
    expect(reading.state.get()).toBe(before);
  });

  it("tells mL and parts of what it shows", async () => {
    const { finder, reading } = await opened();
    finder.tryFloor(1775);
    await expect.poll(() => reading.trial.get()?.found?.floorHu).toBe(1775);
    expect(reading.trial.get()?.found).toMatchObject({
      partCount: 1,
      speckCount: 0,
      volumeMm3: 14 * 14 * 12,
    });
  });

  it("shows nothing of a trial that was given up while it was at work", async () => {
    const { finder, reading, hold, release, trials } = await opened();
    hold();
    finder.tryFloor(1200);
    finder.tryFloor(null);
    release();
    await new Promise((wake) => setTimeout(wake, 20));
    expect(finder.tried()).toBeNull();
    expect(reading.trial.get()).toBeNull();
    expect(trials()).toHaveLength(0);
    finder.tryFloor(1300);
    await expect.poll(() => finder.tried()?.floorHu).toBe(1300);
  });
});
