// The slices that were displayed: shown beside the checklist, kept in memory, and exported only where the department wants it.
import { strFromU8 } from "fflate";
import { afterEach, expect, it } from "vitest";
import type { Host, Plugin } from "#contract";
import { writable } from "#core/readable";
import type { Vec3 } from "#core/space";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { setDepartmentTerms } from "../../../plugins/cement-leakage/model/sites.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { createDeciding } from "../../../plugins/cement-leakage/reading/decide.ts";
import { createReading, type Reading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { cementRange, rangesOf, rangesText } from "../../../plugins/cement-leakage/reading/seen-slices.ts";
import { headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
afterEach(() => setDepartmentTerms(null));

async function opened() {
  const seenAxial = writable<Vec3 | null>(null);
  const watched: Plugin<typeof plugin.manifest> = {
    ...plugin,
    activate: (inner: Host) => plugin.activate({ ...inner, view: { ...inner.view, seenAxial } }),
  };
  const host = headless([watched], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  await host.app.plugins[0].implementation.commands[`${ID}/find`].run();
  const inner = host.hostOf(ID);
  const reading = createReading({ ...inner, view: { ...inner.view, seenAxial } });
  const draw = (...slices: number[]) => slices.forEach((k) => seenAxial.set([0, 0, k]));
  return { host, volume, reading, draw };
}

const stated = async ({ app }: Awaited<ReturnType<typeof opened>>["host"], site: string) => {
  const [file] = await app.plugins[0].implementation.exporters[`${ID}/export-json`].run();
  const { siteAssessments } = findingsSchema.parse(JSON.parse(strFromU8(file.bytes)));
  return siteAssessments.find((entry) => entry.site === site);
};
const absent = (reading: Reading, site: "puncture_path" | "iliac_vein" | "l5s1_disc") =>
  createDeciding(reading).answer("L1", site, "absent");

it("are ranges of what was drawn, whatever the order, and none outside the scan", async () => {
  expect(rangesOf([5, 3, 4, 9, 3])).toEqual([
    [3, 5],
    [9, 9],
  ]);
  const { reading, draw, volume } = await opened();
  expect(reading.seenSlices.get()).toEqual([]);
  draw(7, 5, 6, 12, 6, -3, 10_000);
  expect(reading.seenSlices.get()).toEqual([
    [5, 7],
    [12, 12],
  ]);
  // The stack runs to the head: the images count from there.
  const last = volume.grid.slices;
  expect(rangesText(reading.seenSlices.get(), volume.grid)).toBe(`${last - 12}, ${last - 7}–${last - 5}`);
});

it("stand beside the slices of the lesion's own cement", async () => {
  const { reading } = await opened();
  const part = reading.document.get().parts[0];
  reading.select(part.partId);
  createDeciding(reading).markIntraosseous();
  const range = cementRange(reading.document.get(), "L1", reading.maskOf);
  expect(range).not.toBeNull();
  expect(range![0]).toBeLessThan(range![1]);
  expect(cementRange(reading.document.get(), "L9", reading.maskOf)).toBeNull();
});

it("stay on this machine unless the department wants them in its findings, then with the answer that they belong to", async () => {
  const { host, reading, draw } = await opened();
  draw(4, 5, 6);
  absent(reading, "puncture_path");
  expect(await stated(host, "puncture_path")).toEqual({
    lesionRef: "L1",
    site: "puncture_path",
    answer: "absent",
  });
  setDepartmentTerms({ sites: [], exportSeenSlices: true });
  absent(reading, "iliac_vein");
  draw(7, 20);
  absent(reading, "l5s1_disc");
  expect((await stated(host, "iliac_vein"))?.seenSlices).toEqual([[5, 7]]);
  expect((await stated(host, "l5s1_disc"))?.seenSlices).toEqual([
    [5, 8],
    [21, 21],
  ]);
  expect((await stated(host, "puncture_path"))?.seenSlices).toBeUndefined();
});

it("begin anew with another document of the same case", async () => {
  const { reading, draw } = await opened();
  draw(4, 5);
  absent(reading, "puncture_path");
  expect(reading.seenSlices.get()).toEqual([[4, 5]]);
  reading.host.edit({ en: "Test", zh: "Test" }, (draft) =>
    draft.setDocument({ ...reading.document.get(), documentId: "2.25.998" }),
  );
  expect(reading.seenSlices.get()).toEqual([]);
});
