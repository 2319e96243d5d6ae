// The smallest plugin beside the one for cement: it mounts in a host that knows nothing of it, and reads where the reader looks.
import { expect, it } from "vitest";
import type { Host } from "#contract";
import { writable } from "#core/readable";
import type { Vec3 } from "#core/space";
import { plugin as cementLeakage } from "../../../plugins/cement-leakage/plugin.ts";
import { panelPlugin } from "#host/panel-plugin";
import { plugin as probe } from "../../../plugins/hu-probe/plugin.ts";
import { headless } from "../host/headless.ts";
import { smallSeries, smallVolume } from "../host/small-case.ts";

const plugin = panelPlugin(probe);

it("shows the HU of the voxel in focus, in the reader's language, beside the plugin for cement", async () => {
  const focus = writable<Vec3 | null>(null);
  const host = headless([
    cementLeakage,
    {
      ...plugin,
      activate: (given: Host) => plugin.activate({ ...given, view: { ...given.view, focus } }),
    },
  ]);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  const element = { textContent: "" };
  const { implementation } = host.app.plugins[1];
  const stop = implementation.panels["hu-probe/panel"](element as HTMLElement, () => undefined);
  expect(element.textContent).toBe("HU probe: –");
  // Voxel (8, 14, 7) lies in the first bar of cement.
  focus.set([8 - 24, 14 - 20, 7]);
  expect(element.textContent).toBe("HU probe: 1800 HU");
  host.app.setLocale("zh");
  expect(element.textContent).toMatch(/^HU 探针: 1800/);
  stop();
  focus.set([0, 0, 0]);
  expect(element.textContent).toMatch(/1800/);
});
