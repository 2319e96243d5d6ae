// Editing the form of parts with keys and tools: each verb is one named undo step, and nothing is changed that is locked or hidden.
import { describe, expect, it } from "vitest";
import type { Host, OverlayLayer, Plugin, PointerSample } from "#contract";
import { writable } from "#core/readable";
import type { Vec3 } from "#core/space";
import { boundingBox } from "#voxels/box";
import { emptyMask, maskHas, voxelCount, type RunMask } from "#voxels/mask";
import { boxMask, difference, equalMasks, overlapCount, union } from "#voxels/set-operations";
import {
  caseDocumentSchema,
  maskIdOfPart,
  withPartAdded,
  type CaseDocument,
} from "../../../plugins/cement-leakage/model/case-document.ts";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { createEditing } from "../../../plugins/cement-leakage/reading/edit-parts.ts";
import { createReading } from "../../../plugins/cement-leakage/reading/reading.ts";
import { headless, type Headless } from "./headless.ts";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";

const ID = plugin.manifest.id;
const box = (i0: number, i1: number, j0: number, j1: number, k0: number, k1: number): RunMask =>
  boxMask(SIZE, { i0, i1, j0, j1, k0, k1 });
const at = (i: number, j: number, k: number): Vec3 => [i - 24, j - 20, k];
const sample = (point: Vec3, halfThicknessMm = 0.5): PointerSample => ({
  at: point,
  normal: [0, 0, 1],
  halfThicknessMm,
});

/** Cement of the small case: the big bar, the small bar, the bead; `smallVolume` says what is dense. */
const bar = box(6, 20, 12, 26, 6, 18);
const smallBar = box(24, 32, 15, 23, 9, 15);
const bead = box(38, 42, 30, 34, 10, 13);

/** P1, P2 ... are the masks given, at a floor of 700 HU; P1 is selected, and the crosshair is where `focus` says. */
async function open(...masks: RunMask[]) {
  const focus = writable<Vec3 | null>(null);
  let inner: Host | null = null;
  let shown: string[] = [];
  const watched: Plugin<typeof plugin.manifest> = {
    ...plugin,
    activate(host) {
      const overlays = {
        set: (layers: readonly OverlayLayer[]) => void (shown = layers.map(({ id }) => id)),
      };
      inner = { ...host, view: { ...host.view, focus }, overlays };
      return plugin.activate(inner);
    },
  };
  const host = headless([watched], jobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  if (!inner) throw new Error("the plugin was not started");
  const reading = createReading(inner);
  reading.change({ en: "Prepare", zh: "准备" }, (draft) => {
    let document: CaseDocument = { ...draft.document, floorHu: 700 };
    for (const mask of masks) {
      draft.setMask(`P${document.next.part}`, mask);
      document = withPartAdded(document, {
        newUid: reading.host.newUid,
        origin: "found",
        role: "undecided",
        lesionId: null,
      });
    }
    return document;
  });
  const { implementation } = host.app.plugins[0];
  const click = (point: Vec3) => {
    focus.set(point);
    implementation.pick?.(point);
    reading.pick(point);
  };
  const first = boundingBox(masks[0]);
  if (first) click(at(first.i0, first.j0, first.k0));
  return { host, reading, click, focus, drawn: () => shown };
}
const press = async ({ app }: Headless, id: string) =>
  app.plugins[0].implementation.commands[`${ID}/${id}`].run();
const draw = ({ app }: Headless, tool: string, ...[first, ...more]: PointerSample[]) => {
  const implementation = app.plugins[0].implementation.tools[`${ID}/${tool}`];
  implementation.begin(first);
  implementation.move(more);
  implementation.finish();
};
const documentOf = ({ app }: Headless) => caseDocumentSchema.parse(app.state.get().documents[ID]);
const idsOf = (host: Headless) => documentOf(host).parts.map(({ partId }) => partId);
const maskOf = ({ app }: Headless, partId: string) =>
  app.state.get().masks.get(`${ID}:${maskIdOfPart(partId)}`) ?? emptyMask(SIZE);
const said = ({ app }: Headless) => app.state.get().notices.at(-1)?.text ?? "";

describe("brush and eraser", () => {
  it("paint a disc in the slice or a ball through slices", async () => {
    const { host } = await open(bead);
    await press(host, "brush-range");
    draw(host, "paint", sample(at(20, 30, 12)));
    const ball = boundingBox(difference(maskOf(host, "P1"), bead));
    host.app.undo();
    await press(host, "brush-shape");
    draw(host, "paint", sample(at(20, 30, 12)));
    const disc = boundingBox(difference(maskOf(host, "P1"), bead));
    expect([disc?.k0, disc?.k1]).toEqual([12, 13]);
    expect([ball?.i0, ball?.i1]).toEqual([disc?.i0, disc?.i1]);
    expect((ball?.k1 ?? 0) - (ball?.k0 ?? 0)).toBe((ball?.i1 ?? 0) - (ball?.i0 ?? 0));
    host.app.undo();
    expect(maskOf(host, "P1")).toEqual(bead);
  });

  it("take only voxels of the HU range, which one key inverts; brush and eraser have one each", async () => {
    const { host, reading } = await open(bead);
    const hu = (mask: RunMask, dense: RunMask) => voxelCount(mask) - overlapCount(mask, dense);
    const cement = union(union(bar, smallBar), bead);
    draw(host, "paint", sample(at(6, 18, 12)));
    expect(hu(maskOf(host, "P1"), cement)).toBe(0);
    expect(voxelCount(maskOf(host, "P1"))).toBeGreaterThan(voxelCount(bead));
    host.app.undo();
    await press(host, "brush-invert");
    draw(host, "paint", sample(at(6, 18, 12)));
    expect(overlapCount(maskOf(host, "P1"), bar)).toBe(0);
    expect(voxelCount(maskOf(host, "P1"))).toBeGreaterThan(voxelCount(bead));
    expect(reading.host.tools.active.get()).toBeNull();
    host.app.activateTool(`${ID}/erase`);
    draw(host, "erase", sample(at(40, 32, 11)));
    expect(voxelCount(maskOf(host, "P1"))).toBeGreaterThan(0);
    expect(overlapCount(maskOf(host, "P1"), bead)).toBeLessThan(voxelCount(bead));
  });

  it("takes over from other parts what it touches, and nothing else", async () => {
    const { host } = await open(bar, smallBar);
    draw(host, "take", sample(at(24, 18, 12)));
    const mine = difference(maskOf(host, "P1"), bar);
    expect(voxelCount(mine)).toBeGreaterThan(3);
    expect(equalMasks(union(mine, maskOf(host, "P2")), smallBar)).toBe(true);
    host.app.undo();
    expect(maskOf(host, "P2")).toEqual(smallBar);
  });
});

describe("pieces", () => {
  const three = union(union(bar, smallBar), bead);

  it("keeps or removes the one at the crosshair", async () => {
    const { host, click } = await open(three);
    click(at(40, 32, 11));
    await press(host, "remove-piece");
    expect(maskOf(host, "P1")).toEqual(union(bar, smallBar));
    await press(host, "remove-piece");
    expect(said(host)).toMatch(/crosshair/);
    click(at(28, 18, 12));
    await press(host, "keep-piece");
    expect(maskOf(host, "P1")).toEqual(smallBar);
    await press(host, "remove-piece");
    expect(said(host)).toMatch(/leave nothing/);
    host.app.undo();
    host.app.undo();
    expect(maskOf(host, "P1")).toEqual(three);
  });

  it("keeps the largest where the crosshair is in none, splits all", async () => {
    const { host, focus } = await open(three);
    focus.set(null);
    await press(host, "keep-piece");
    expect(maskOf(host, "P1")).toEqual(bar);
    host.app.undo();
    await press(host, "split-pieces");
    expect(["P1", "P2", "P3"].map((id) => maskOf(host, id))).toEqual([bar, smallBar, bead]);
    host.app.undo();
    expect(idsOf(host)).toEqual(["P1"]);
  });

  it("removes what is below the limit only", async () => {
    const speck = box(2, 3, 2, 4, 2, 3);
    const { host } = await open(union(three, speck));
    await press(host, "remove-small");
    expect(maskOf(host, "P1")).toEqual(three);
  });

  it("moves one to the part that was selected before; a part left empty goes", async () => {
    const { host, click } = await open(bar, union(smallBar, bead));
    click(at(40, 32, 11));
    await press(host, "move-piece");
    expect([maskOf(host, "P1"), maskOf(host, "P2")]).toEqual([union(bar, bead), smallBar]);
    click(at(28, 18, 12));
    await press(host, "move-piece");
    expect(idsOf(host)).toEqual(["P1"]);
    host.app.undo();
    host.app.undo();
    expect([maskOf(host, "P1"), maskOf(host, "P2")]).toEqual([bar, union(smallBar, bead)]);
  });
});

describe("growing, shrinking, smoothing, filling", () => {
  it("grows by mm, above the floor or anywhere, never into another part", async () => {
    const { host } = await open(box(6, 18, 12, 26, 6, 18), box(18, 20, 12, 26, 6, 18));
    await press(host, "grow");
    expect(said(host)).toMatch(/Nothing changes/);
    await press(host, "grow-dense");
    await press(host, "grow");
    const grown = boundingBox(maskOf(host, "P1"));
    expect([grown?.i0, grown?.j0, grown?.k1]).toEqual([5, 11, 19]);
    expect(overlapCount(maskOf(host, "P1"), maskOf(host, "P2"))).toBe(0);
    await press(host, "shrink");
    expect(voxelCount(maskOf(host, "P1"))).toBeLessThan(voxelCount(box(6, 19, 12, 26, 6, 18)));
    host.app.undo();
    host.app.undo();
    expect(maskOf(host, "P1")).toEqual(box(6, 18, 12, 26, 6, 18));
  });

  it("fills a hole and the slices between, but refuses to shrink a part away", async () => {
    const hollow = difference(bar, box(10, 12, 18, 20, 10, 12));
    const { host } = await open(hollow);
    await press(host, "fill-holes");
    expect(maskOf(host, "P1")).toEqual(bar);
    const sliced = await open(difference(bar, box(0, 48, 0, 40, 8, 16)));
    await press(sliced.host, "fill-between");
    expect(maskOf(sliced.host, "P1")).toEqual(bar);
    const thin = await open(box(6, 20, 12, 13, 6, 7));
    await press(thin.host, "shrink");
    expect(said(thin.host)).toMatch(/leave nothing/);
    expect(voxelCount(maskOf(thin.host, "P1"))).toBe(14);
  });

  it("smooths a bump away", async () => {
    const { host } = await open(union(bar, box(20, 21, 18, 19, 12, 13)));
    await press(host, "smooth");
    expect(maskHas(maskOf(host, "P1"), 20, 18, 12)).toBe(false);
  });

  it("shows a slow change first: Enter takes it over, dropping it leaves no trace", async () => {
    const { host, reading } = await open(bar);
    const shown: (RunMask | null)[] = [];
    const editing = createEditing(reading, (change) => void shown.push(change?.mask ?? null), {
      voxels: 0,
      ballRows: 0,
    });
    await editing.shrink();
    expect(maskOf(host, "P1")).toEqual(bar);
    expect(reading.state.get().waitingPartId).toBe("P1");
    expect(editing.dismiss()).toBe(true);
    expect([editing.confirm(), reading.state.get().waitingPartId]).toEqual([false, null]);
    await editing.shrink();
    expect(editing.confirm()).toBe(true);
    expect(maskOf(host, "P1")).toEqual(box(7, 19, 13, 25, 7, 17));
    expect(shown.map((mask) => mask && voxelCount(mask))).toEqual([1440, null, 1440, null]);
    host.app.undo();
    expect(maskOf(host, "P1")).toEqual(bar);
  });
});

describe("a slow change while the worker makes it", () => {
  it("is dropped by Esc, by another selection and by another step, and Enter does not take it over", async () => {
    const { host, reading, click } = await open(bar, smallBar);
    const editing = createEditing(reading, () => undefined, { voxels: 0, ballRows: 0 });
    for (const meanwhile of [
      () => expect(editing.dismiss()).toBe(true),
      () => click(at(28, 18, 12)),
      () => void press(host, "lock"),
    ]) {
      click(at(10, 18, 12));
      const made = editing.shrink();
      expect(editing.confirm()).toBe(true);
      meanwhile();
      expect(editing.confirm()).toBe(false);
      await made;
      expect(reading.state.get().waitingPartId).toBeNull();
      expect([maskOf(host, "P1"), maskOf(host, "P2")]).toEqual([bar, smallBar]);
    }
  });
});

describe("scissors", () => {
  const around = (halfMm: number) =>
    [at(5, 11, 12), at(10, 11, 12), at(10, 27, 12), at(5, 27, 12)].map((point) => sample(point, halfMm));

  it("cut through everything, or only through what is shown", async () => {
    const through = await open(bar);
    draw(through.host, "cut-contour", ...around(2.5));
    const all = boundingBox(maskOf(through.host, "P2"));
    expect([all?.k0, all?.k1]).toEqual([6, 18]);
    const shown = await open(bar);
    await press(shown.host, "cut-depth");
    draw(shown.host, "cut-contour", ...around(2.5));
    const slab = boundingBox(maskOf(shown.host, "P2"));
    expect([slab?.k0, slab?.k1]).toEqual([10, 15]);
    expect(voxelCount(maskOf(shown.host, "P1")) + voxelCount(maskOf(shown.host, "P2"))).toBe(voxelCount(bar));
  });
});

describe("locked and hidden parts", () => {
  it("are changed by no tool and no verb; unlocking is an undo step like the lock", async () => {
    for (const verb of ["lock", "hide"]) {
      const { host, click } = await open(bar, smallBar);
      await press(host, verb);
      draw(host, "paint", sample(at(24, 18, 12)));
      draw(host, "erase", sample(at(10, 18, 12)));
      for (const edit of ["grow-dense", "grow", "shrink", "smooth", "remove", "split", "join"])
        await press(host, edit);
      expect(said(host)).toMatch(verb === "lock" ? /P1 is locked/ : /P1 is hidden/);
      expect([maskOf(host, "P1"), maskOf(host, "P2")]).toEqual([bar, smallBar]);
      click(at(28, 18, 12));
      await press(host, "brush-range");
      draw(host, "paint", sample(at(20, 18, 12)));
      draw(host, "take", sample(at(18, 18, 12)));
      expect(maskOf(host, "P1")).toEqual(bar);
      expect(overlapCount(maskOf(host, "P2"), bar)).toBe(0);
      await press(host, "next"); // the key reaches what can't be clicked on
      await press(host, verb);
      await press(host, "shrink");
      expect(voxelCount(maskOf(host, "P1"))).toBeLessThan(voxelCount(bar));
      host.app.undo();
      host.app.undo();
      expect(documentOf(host).parts[0][verb === "lock" ? "locked" : "hidden"]).toBe(true);
    }
  });

  it("hidden ones are not drawn and not picked", async () => {
    const { host, click, reading, drawn } = await open(bar, smallBar);
    expect(drawn()).toEqual(["P1", "P2"]);
    await press(host, "hide");
    expect(drawn()).toEqual(["P2"]);
    click(at(28, 18, 12));
    click(at(10, 18, 12));
    expect(reading.selected()?.partId).toBe("P2");
  });
});

describe("searching again", () => {
  it("is refused with a reason while a part that it would change is locked, and leaves all as it was", async () => {
    const { host, reading } = await open(bar, smallBar);
    await press(host, "lock");
    const before = documentOf(host);
    await press(host, "find");
    expect(said(host)).toMatch(/P1 is locked/);
    expect(documentOf(host)).toEqual(before);
    expect(reading.state.get().selectedPartId).toBe("P1");
  });
});
