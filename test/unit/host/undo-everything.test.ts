// From the finished case back to the freshly opened one and forth again: every export has the same bytes.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { UNDO_STEPS } from "#host/edit-history";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { caseDocumentSchema } from "../../../plugins/cement-leakage/model/case-document.ts";
import { checklistFor } from "../../../plugins/cement-leakage/model/sites.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);
const pluginOf = ({ app }: Headless) => app.plugins[0].implementation;
const press = (host: Headless, id: string) => pluginOf(host).commands[`${ID}/${id}`].run();
const names = ({ app }: Headless) => app.state.get().history.done.map(({ name }) => name.en);

/** Find, cut, paint, erase, tag, turn down, remove, change a form field, answer every line: all but the signature. */
async function finishedCase(): Promise<Headless> {
  const host = headless([plugin], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  await press(host, "find");
  const { pick, tools } = pluginOf(host);
  const stroke = (tool: string, ...at: (readonly [number, number, number])[]) => {
    const [first, ...rest] = at.map((point) => ({
      at: point,
      normal: [0, 0, 1] as const,
      halfThicknessMm: 0.5,
    }));
    tools[`${ID}/${tool}`].begin(first);
    if (rest.length > 0) tools[`${ID}/${tool}`].move(rest);
    tools[`${ID}/${tool}`].finish();
  };
  pick?.([-12, 0, 12]);
  stroke("cut-line", [-2, -8, 12], [-2, 6, 12]);
  await press(host, "site-4");
  stroke("erase", [2, -4, 12]);
  stroke("paint", [2, -4, 12], [3, -3, 12]);
  while (documentOf(host).parts.some(({ role }) => role === "undecided")) {
    await press(host, "next");
    await press(host, "reject-artery");
  }
  pick?.([-12, 0, 12]);
  await press(host, "intraosseous");
  for (let left = checklistFor("sacrum").length; left > 0; left--) await press(host, "absent");
  const { lesions, ...rest } = documentOf(host);
  host.edit(ID, { ...rest, lesions: [{ ...lesions[0], side: "left", sacralLevels: ["S1"] }] });
  return host;
}

/** Exports mint UIDs one after the other: the bytes are compared at the same place in that row. */
async function exportsOf(host: Headless): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  for (const [id, exporter] of Object.entries(pluginOf(host).exporters))
    for (const { name, bytes } of await exporter.run())
      made[`${id} ${name}`] = createHash("sha256").update(bytes).digest("hex");
  return made;
}

describe("undoing everything", () => {
  it("and redoing it gives the same bytes in every export, step by step and in one go", async () => {
    const untouched = await exportsOf(await finishedCase());
    expect(Object.keys(untouched).length).toBeGreaterThanOrEqual(6);
    const host = await finishedCase();
    const finished = host.app.state.get();
    const steps = finished.history.done.length;
    expect(steps).toBeGreaterThan(10);
    expect(steps).toBeLessThan(UNDO_STEPS);
    for (let n = 0; n < steps; n++) host.app.undo();
    expect([host.app.state.get().masks.size, host.app.state.get().documents]).toEqual([0, {}]);
    for (let n = 0; n < steps; n++) host.app.redo();
    expect(host.app.state.get().masks).toEqual(finished.masks);
    host.app.goToStep(0);
    expect([host.app.state.get().masks.size, host.app.state.get().documents]).toEqual([0, {}]);
    host.app.goToStep(steps);
    expect(host.app.state.get().documents).toEqual(finished.documents);
    expect(await exportsOf(host)).toEqual(untouched);
  });

  it("goes to a step by its place in the list, and an edit there forgets what came after", async () => {
    const host = await finishedCase();
    const all = names(host);
    host.app.goToStep(3);
    expect(names(host)).toEqual(all.slice(0, 3));
    const third = host.app.state.get();
    host.app.goToStep(all.length);
    host.app.undo();
    host.app.goToStep(3);
    expect(host.app.state.get().masks).toEqual(third.masks);
    expect(host.app.state.get().history.undone).toHaveLength(all.length - 3);
    host.edit(ID, { ...documentOf(host) });
    expect(names(host)).toEqual([...all.slice(0, 3), "Test"]);
    expect(host.app.state.get().history.undone).toEqual([]);
  });

  it("keeps the last 200 steps and no more", async () => {
    const host = headless([plugin]);
    const volume = smallVolume();
    await host.open(volume, smallSeries(volume.grid));
    for (let n = 0; n <= UNDO_STEPS + 4; n++) host.edit(ID, { n });
    host.app.goToStep(0);
    expect(host.app.state.get().documents).toEqual({ [ID]: { n: 4 } });
    expect(host.app.state.get().history.undone).toHaveLength(200);
  });
});
