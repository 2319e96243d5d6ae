// The look without marks: slices that were really drawn without them count, moves of the focus do not.
import { expect, it } from "vitest";
import type { Host, Plugin } from "#contract";
import { writable } from "#core/readable";
import type { Vec3 } from "#core/space";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { caseDocumentSchema } from "../../../plugins/cement-leakage/model/case-document.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
/** The slices of the small case's cement. */
const [FIRST, LAST] = [6, 17];
const at = (k: number): Vec3 => [0, 0, k];

it("is noted when the cement's slices were drawn one after the other, not when the focus went through them", async () => {
  const focus = writable<Vec3 | null>(null);
  const seenUnmarked = writable<Vec3 | null>(null);
  const watched: Plugin<typeof plugin.manifest> = {
    ...plugin,
    activate(inner: Host) {
      const overlaysVisible = writable(false);
      return plugin.activate({ ...inner, view: { ...inner.view, focus, seenUnmarked, overlaysVisible } });
    },
  };
  const host = headless([watched], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  await host.app.plugins[0].implementation.commands[`${ID}/find`].run();
  const looked = () => caseDocumentSchema.parse(host.app.state.get().documents[ID]).unmarkedLook ?? false;

  for (let k = FIRST; k <= LAST; k++) focus.set(at(k));
  expect(looked()).toBe(false);
  // Both ends, with nothing drawn between them.
  seenUnmarked.set(at(FIRST));
  seenUnmarked.set(at(LAST));
  expect(looked()).toBe(false);
  for (let k = FIRST; k <= LAST; k++) seenUnmarked.set(at(k));
  expect(looked()).toBe(true);
});
