// What the track layout follows: the report's needle where its places are known, else the fitted line, else the part's own axis.
import { expect, it } from "vitest";
import { dot, type Vec3 } from "#core/space";
import { plugin } from "#cement/plugin";
import { headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = "cement-leakage";

it("turns to the needle of the report, nearest first, and says so; without places to the cement itself", async () => {
  const host = headless([plugin], plugin.jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  const { implementation } = host.app.plugins[0];
  await implementation.commands[`${ID}/find`].run();
  const own = await implementation.planesFor?.("track");
  expect(own?.says?.en).toMatch(/own long axis|fitted/);
  const document = host.app.state.get().documents[ID] as { lesions: Record<string, unknown>[] };
  const [lesion, ...others] = document.lesions;
  const needle = (entryMm: Vec3, targetMm: Vec3) => ({ approach: "other", entryMm, targetMm });
  const far = needle([200, 0, 0], [200, 50, 0]);
  const near = needle([0, 30, 40], [0, 0, 10]);
  host.edit(ID, {
    ...document,
    lesions: [{ ...lesion, needles: [far, near, { approach: "other" }] }, ...others],
  });
  const found = await implementation.planesFor?.("track");
  expect(found?.says).toMatchObject({
    en: expect.stringMatching(/report's needle/),
    zh: expect.stringMatching(/报告/),
  });
  expect(found?.at).toEqual([0, 30, 40]);
  const axis: Vec3 = [0, Math.SQRT1_2, Math.SQRT1_2];
  const across = found?.across ?? "axial";
  for (const [plane, normal] of Object.entries(found?.planes ?? {}))
    expect(Math.abs(dot(normal, axis))).toBeCloseTo(plane === across ? 1 : 0);
});
