// Measurements are steps of the case: undone, redone, exported and read back like everything else.
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { PointerSample } from "#contract";
import type { Vec3 } from "#core/space";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { caseDocumentSchema } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const sample = (at: Vec3): PointerSample => ({
  at,
  normal: [0, 0, -1],
  right: [1, 0, 0],
  halfThicknessMm: 0.5,
});
const measurementsOf = ({ app }: Headless) =>
  app.state.get().documents[ID]
    ? (caseDocumentSchema.parse(app.state.get().documents[ID]).measurements ?? [])
    : [];

async function opened(): Promise<Headless> {
  const host = headless([plugin], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  return host;
}

function drag({ app }: Headless, tool: "distance" | "angle" | "ellipse", from: Vec3, to: Vec3): void {
  const gesture = app.plugins[0].implementation.tools[`${ID}/measure-${tool}`];
  gesture.begin(sample(from));
  gesture.move([sample(to)]);
  gesture.finish();
}

describe("measuring", () => {
  it("makes one step for each measurement; an angle needs two lines, a click none", async () => {
    const host = await opened();
    drag(host, "distance", [-4, 0, 12], [0, 3, 12]);
    drag(host, "distance", [0, 0, 12], [0.1, 0, 12]);
    drag(host, "angle", [0, 0, 12], [5, 0, 12]);
    expect(measurementsOf(host).map(({ kind }) => kind)).toEqual(["distance"]);
    drag(host, "angle", [0, 0, 12], [0, 5, 12]);
    drag(host, "ellipse", [-4, -3, 12], [4, 3, 12]);
    expect(measurementsOf(host).map(({ measurementId, kind }) => `${measurementId} ${kind}`)).toEqual([
      "M1 distance",
      "M2 angle",
      "M3 ellipse",
    ]);
    expect(host.app.state.get().history.done.map(({ name }) => name.en)).toEqual([
      "Measure a distance",
      "Measure an angle",
      "Measure HU in an ellipse",
    ]);
    host.app.undo();
    host.app.undo();
    expect(measurementsOf(host)).toHaveLength(1);
    host.app.redo();
    host.app.redo();
    expect(measurementsOf(host)).toHaveLength(3);
  });

  it("a line of an angle is forgotten when its gesture is cancelled", async () => {
    const host = await opened();
    drag(host, "angle", [0, 0, 12], [5, 0, 12]);
    host.app.plugins[0].implementation.tools[`${ID}/measure-angle`].cancel();
    drag(host, "angle", [0, 0, 12], [0, 5, 12]);
    expect(measurementsOf(host)).toEqual([]);
  });

  it("goes out with the findings and comes back the same", async () => {
    const host = await opened();
    await host.app.plugins[0].implementation.commands[`${ID}/find`].run();
    drag(host, "distance", [-4, 0, 12], [0, 3, 12]);
    drag(host, "ellipse", [-4, -3, 12], [4, 3, 12]);
    const before = measurementsOf(host);
    const [zip] = await host.app.plugins[0].implementation.exporters[`${ID}/export-all`].run();
    const files = unzipSync(zip.bytes);
    const name = Object.keys(files).find((file) => file.endsWith(".json")) ?? "";
    const findings = findingsSchema.parse(JSON.parse(strFromU8(files[name])));
    expect(findings.measurements?.[0]).toMatchObject({ kind: "distance", lengthMm: 5 });
    expect(findings.measurements?.[1].voxels).toBeGreaterThan(10);
    const again = await opened();
    const result = await again.app.plugins[0].implementation.importers[`${ID}/import`].run([
      { path: name, kind: "JSON", bytes: files[name] },
    ]);
    expect(result.ok).toBe(true);
    expect(measurementsOf(again)).toEqual(before);
  });
});
