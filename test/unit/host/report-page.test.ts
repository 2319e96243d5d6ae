// The report page on the real host: its pictures are asked for with their own marks, and print, file and zip hold the same page.
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { PictureRequest, Plugin } from "#contract";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const PICTURE = new Uint8Array(70_000).map((_, n) => n % 251);

/** The plugin in a host that draws pictures (of nothing) and remembers what was asked for. */
function drawing(requests: PictureRequest[]): Plugin {
  return {
    ...plugin,
    activate: (host) =>
      plugin.activate({
        ...host,
        view: {
          ...host.view,
          async capture(request) {
            requests.push(request);
            return new Blob([PICTURE]);
          },
        },
      }),
  };
}

const implementation = ({ app }: Headless) => app.plugins[0].implementation;
const run = (host: Headless, id: string) => implementation(host).commands[`${ID}/${id}`].run();

async function caseWithALeak(of: Plugin): Promise<Headless> {
  const host = headless([of], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  return host;
}

async function readIt(host: Headless): Promise<void> {
  await run(host, "find");
  implementation(host).pick?.([-12, 0, 12]);
  await run(host, "intraosseous");
  implementation(host).pick?.([15, 11, 11]); // the bead: 4 x 4 x 3 voxels
  await run(host, "site-2");
}

describe("the report page", () => {
  it("is printed, saved and zipped alike, with a picture of the leak in the plane that shows most of it", async () => {
    const requests: PictureRequest[] = [];
    const host = await caseWithALeak(drawing(requests));
    await readIt(host);
    await run(host, "print-page");
    const [page] = host.printed;
    expect(page).toContain("Puncture path");
    const data = Buffer.from(PICTURE).toString("base64");
    expect(page).toContain(`src="data:image/png;base64,${data}"`);

    expect(requests).toHaveLength(1);
    const [{ plane, at, window, marks, fieldMm }] = requests;
    expect(plane).toBe("axial"); // 16 mm2 against 12
    expect(at.map((mm) => Number(mm.toFixed(3)))).toEqual([15.5, 11.5, 10]);
    expect(window).toEqual({ widthHu: 2000, levelHu: 500 });
    expect(fieldMm).toBe(70);
    // The leak lies on top with its number; whatever else is on the screen stays out.
    expect(marks?.layers.map(({ fillOpacity }) => fillOpacity > 0)).toEqual([false, true]);
    expect(marks?.markers.map(({ text }) => text)).toEqual(["1"]);

    const { exporters } = implementation(host);
    const [file] = await exporters[`${ID}/export-page`].run();
    expect(file.name).toMatch(/cement-report-DRAFT\.html$/);
    expect(strFromU8(file.bytes)).toBe(page);
    const [zip] = await exporters[`${ID}/export-all`].run();
    expect(strFromU8(unzipSync(zip.bytes)[file.name])).toBe(page);
  });

  it("does without pictures where nothing draws them, and says so", async () => {
    const host = await caseWithALeak(plugin);
    await readIt(host);
    await run(host, "print-page");
    expect(host.printed[0]).toContain("No picture available");
  });

  it("says why there is none before cement was looked for", async () => {
    const host = await caseWithALeak(plugin);
    expect(implementation(host).commands[`${ID}/print-page`].disabledReason?.()).toMatch(/Find cement first/);
    await run(host, "print-page");
    expect(host.printed).toEqual([]);
    expect(host.app.state.get().notices.map(({ text }) => text)).toContain("Find cement first (F)");
    expect(implementation(host).exporters[`${ID}/export-page`].disabledReason()).toMatch(/Find cement first/);
  });
});
