// A long stroke lands while it is drawn: each part is saved at once, the whole is one step to undo, and a cancelled one leaves nothing.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PointerSample, ToolImplementation } from "#contract";
import type { Vec3 } from "#core/space";
import type { MaskChange } from "#host/edit-history";
import type { Journal } from "#host/journal";
import { landingSink } from "#host/landing-sink";
import { emptyMask, voxelCount } from "#voxels/mask";
import { deltaBytes } from "#voxels/run-delta";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { caseDocumentSchema, maskIdOfPart } from "../../../plugins/cement-leakage/model/case-document.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { headless, type Headless } from "./headless.ts";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const at = (i: number, j: number, k: number): Vec3 => [i - 24, j - 20, k];
const sample = (point: Vec3): PointerSample => ({ at: point, normal: [0, 0, 1], halfThicknessMm: 0.5 });
/** Along a row of voxels that hold no cement, from one slice to another so that parts have slices of their own. */
const path = [4, 10, 16, 22, 28, 34, 40].map((i, n) => sample(at(i, 34, 2 + 3 * n)));

interface Written {
  readonly changes: readonly MaskChange[];
  readonly direction: "forward" | "backward";
}

async function open(): Promise<{ host: Headless; written: Written[] }> {
  const written: Written[] = [];
  const journal = {
    append: async (_entry: unknown, _shape: unknown, changes: readonly MaskChange[], direction) =>
      void written.push({ changes, direction }),
    restore: async () => null,
    list: async () => [],
    room: async () => null,
  } as Partial<Journal> as Journal;
  const host = headless([plugin], jobs, journal);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  await press(host, "brush-range");
  written.length = 0;
  return { host, written };
}
const press = ({ app }: Headless, id: string) => app.plugins[0].implementation.commands[`${ID}/${id}`].run();
const tool = ({ app }: Headless, id: string): ToolImplementation =>
  app.plugins[0].implementation.tools[`${ID}/${id}`];
const partsOf = ({ app }: Headless) => {
  const document = app.state.get().documents[ID];
  return document === undefined ? [] : caseDocumentSchema.parse(document).parts;
};
const maskOf = ({ app }: Headless, partId: string) =>
  app.state.get().masks.get(`${ID}:${maskIdOfPart(partId)}`) ?? emptyMask(SIZE);
const steps = ({ app }: Headless) => app.state.get().history.done.length;

/** Draws the path; lands after each of the samples of `landings`. */
function stroke(host: Headless, id: string, landings: readonly number[], last = path.length): void {
  const brush = tool(host, id);
  brush.begin(path[0]);
  for (let n = 1; n < last; n++) {
    brush.move([path[n]]);
    if (landings.includes(n)) brush.land?.();
  }
}

describe("a stroke that lands in parts", () => {
  it("makes what it makes in one go, in one step with the whole stroke's name", async () => {
    const [whole, parts] = [await open(), await open()];
    stroke(whole.host, "paint", []);
    tool(whole.host, "paint").finish();
    const before = steps(parts.host);
    stroke(parts.host, "paint", [1, 3, 4]);
    tool(parts.host, "paint").finish();
    expect(voxelCount(maskOf(parts.host, "P1"))).toBeGreaterThan(500);
    expect(maskOf(parts.host, "P1")).toEqual(maskOf(whole.host, "P1"));
    expect(partsOf(parts.host)).toHaveLength(1);
    expect(steps(parts.host)).toBe(before + 1);
    const made = maskOf(parts.host, "P1");
    parts.host.app.undo();
    expect(partsOf(parts.host)).toHaveLength(0);
    expect(maskOf(parts.host, "P1")).toEqual(emptyMask(SIZE));
    parts.host.app.redo();
    expect(maskOf(parts.host, "P1")).toEqual(made);
    // The eraser goes the same way back.
    for (const { host } of [whole, parts]) stroke(host, "erase", host === parts.host ? [2, 4] : [], 6);
    for (const { host } of [whole, parts]) tool(host, "erase").finish();
    expect(maskOf(parts.host, "P1")).toEqual(maskOf(whole.host, "P1"));
    expect(steps(parts.host)).toBe(before + 2);
  });

  it("gives the journal each part as it lands, once, and as little as that part changed", async () => {
    const { host, written } = await open();
    stroke(host, "paint", [1, 3], 6);
    expect(written).toHaveLength(2);
    const saved = voxelCount(maskOf(host, "P1"));
    expect(saved).toBeGreaterThan(100);
    tool(host, "paint").finish();
    expect(written).toHaveLength(3);
    const rowsOf = ({ changes }: Written) => [...changes[0].delta.changedRows];
    const [, second, last] = written.map(rowsOf);
    // Only rows under the brush since the landing before, with the brush's own reach of 3 mm.
    expect(Math.min(...second.map((row) => Math.floor(row / SIZE.rows)))).toBeGreaterThanOrEqual(5 - 3);
    expect(Math.min(...last.map((row) => Math.floor(row / SIZE.rows)))).toBeGreaterThanOrEqual(11 - 3);
    // The step in the list holds the changed rows once: 12 bytes a row and 4 a run on each side, no mask and no volume.
    const [{ delta }] = host.app.state.get().history.done.at(-1)?.masks ?? [];
    const rows = new Set(written.flatMap(rowsOf));
    expect(delta.changedRows).toHaveLength(rows.size);
    expect(deltaBytes(delta)).toBeLessThanOrEqual(rows.size * (3 * 4 + 2 * 4) + 2 * 4);
  });

  it("leaves no trace when it is cancelled, and what could be redone can be redone", async () => {
    const { host, written } = await open();
    stroke(host, "paint", []);
    tool(host, "paint").finish();
    host.app.undo();
    const { history, masks } = host.app.state.get();
    written.length = 0;
    stroke(host, "paint", [1, 3], 5);
    expect(steps(host)).toBe(history.done.length + 1);
    tool(host, "paint").cancel();
    expect(host.app.state.get().history).toEqual(history);
    expect(host.app.state.get().masks).toEqual(masks);
    expect(partsOf(host)).toHaveLength(0);
    expect(written.map(({ direction }) => direction)).toEqual(["forward", "forward", "backward"]);
    host.app.redo();
    expect(voxelCount(maskOf(host, "P1"))).toBeGreaterThan(500);
    // A cancelled stroke takes back its own landings only.
    const painted = maskOf(host, "P1");
    tool(host, "erase").begin(path[0]);
    tool(host, "erase").cancel();
    expect(maskOf(host, "P1")).toEqual(painted);
  });

  it("stays apart from what was undone under it, and from the next stroke", async () => {
    const { host } = await open();
    stroke(host, "paint", []);
    tool(host, "paint").finish();
    const first = maskOf(host, "P1");
    const before = steps(host);
    stroke(host, "erase", [2], 3);
    host.app.undo();
    expect(maskOf(host, "P1")).toEqual(first);
    tool(host, "erase").move([path[3], path[4]]);
    tool(host, "erase").finish();
    expect(steps(host)).toBe(before + 1);
    expect(voxelCount(maskOf(host, "P1"))).toBeLessThan(voxelCount(first));
    host.app.undo();
    expect(maskOf(host, "P1")).toEqual(first);
  });
});

describe("when a stroke lands", () => {
  afterEach(() => void vi.useRealTimers());

  it("is less than a second after anything was drawn, and only while the pointer is down", () => {
    vi.useFakeTimers();
    const landed: number[] = [];
    const began = Date.now();
    const sink = landingSink({
      begin: () => undefined,
      move: () => undefined,
      land: () => void landed.push(Date.now() - began),
      finish: () => undefined,
      cancel: () => undefined,
    });
    sink.begin(path[0]);
    for (let n = 0; n < 40; n++) {
      vi.advanceTimersByTime(50);
      sink.move([path[1]]);
    }
    // Held still: what was drawn last lands once, and then there is nothing more.
    vi.advanceTimersByTime(5000);
    const [first, ...rest] = landed;
    expect(first).toBeLessThan(900);
    rest.forEach((ms, n) => expect(ms - landed[n]).toBeLessThan(900));
    expect(landed.at(-1)).toBeLessThan(2000 + 900);
    const count = landed.length;
    sink.move([path[1]]);
    sink.finish();
    sink.begin(path[0]);
    sink.cancel();
    vi.advanceTimersByTime(5000);
    expect(landed).toHaveLength(count);
  });
});
