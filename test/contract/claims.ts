// What every host promises a plugin, as claims that run inside it: in Node, in our own page, in OHIF's. A claim throws what is not so.
import type { Host, OverlayLayer } from "#contract";
import type { CtVolume } from "#core/volume";
import { patientFromVoxel, type Vec3 } from "#core/space";
import type { SegmentationDocument } from "#core/segmentation-document";
import { STANDARD_CODES } from "#core/standard-codes";
import { voxelIndex } from "#core/volume";
import { emptyMask, voxelCount, type RunMask } from "#voxels/mask";
import { boxMask, equalMasks } from "#voxels/set-operations";
import { CHECK_ID } from "./check-plugin.ts";

export interface Claim {
  readonly says: string;
  /** Only where images are drawn: not in Node. */
  readonly drawn?: true;
  check(host: Host): void | Promise<void>;
}

/** What became of a claim: null where it holds, else why not. */
export type Verdicts = Readonly<Record<string, string | null>>;

const hold = (so: boolean, otherwise: string): void => {
  if (!so) throw new Error(otherwise);
};

function open(host: Host): { volume: CtVolume; mask: RunMask; at: Vec3 } {
  const { volume } = host.scene.get();
  if (!volume) throw new Error("no CT is open");
  const { columns, rows, slices } = volume.grid;
  const [i, j, k] = [columns >> 1, rows >> 1, slices >> 1];
  const mask = boxMask(volume.grid, { i0: i, i1: i + 4, j0: j, j1: j + 3, k0: k, k1: k + 2 });
  return { volume, mask, at: patientFromVoxel(volume.grid, i, j, k) };
}

const NAME = { en: "A check", zh: "检查" };
const eventually = async (so: () => boolean, otherwise: string): Promise<void> => {
  for (let turn = 0; turn < 100 && !so(); turn++) await new Promise((wake) => setTimeout(wake, 50));
  hold(so(), otherwise);
};
const rejects = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: unknown) => error,
  );
const layer = (mask: RunMask): OverlayLayer => ({
  id: "check",
  mask,
  color: "#ff8800",
  fillOpacity: 0.5,
  outlineWidthPx: 1,
  surface: false,
});

function segmentationOf(host: Host): SegmentationDocument {
  const { series } = host.scene.get();
  if (!series) throw new Error("no CT is open");
  return {
    identity: {
      sopInstanceUid: host.newUid(),
      seriesInstanceUid: host.newUid(),
      seriesNumber: 99,
      seriesDescription: "Check",
      createdAt: host.now(),
    },
    source: series,
    equipment: host.settings.get().equipment,
    contentLabel: "CHECK",
    contentDescription: "",
    contentCreatorName: "",
    codingSchemes: [],
    segments: [
      {
        number: 1,
        label: "Check",
        description: "",
        algorithmType: "MANUAL",
        algorithmName: "",
        algorithmVersion: "",
        propertyCategory: STANDARD_CODES.substance,
        propertyType: STANDARD_CODES.pmma,
        propertyTypeModifiers: [],
        anatomicRegion: null,
        anatomicRegionModifiers: [],
        trackingId: "check",
        trackingUid: host.newUid(),
        displayColor: "#ff8800",
      },
    ],
  };
}

export const CLAIMS: readonly Claim[] = [
  {
    says: "the scene holds a series and its volume on one grid",
    check(host) {
      const { series } = host.scene.get();
      const { grid, hu } = open(host).volume;
      hold(series?.grid.slices === grid.slices, "series and volume have other slices");
      hold(series?.instances.length === grid.slices, "not every slice has its image");
      hold(hu.length === grid.columns * grid.rows * grid.slices, "the volume has another size than its grid");
    },
  },
  {
    says: "an edit changes masks and document in one step, told once",
    check(host) {
      const { mask } = open(host);
      let told = 0;
      const stop = host.document.subscribe(() => told++);
      host.edit(NAME, (draft) => {
        draft.setMask("m", mask);
        draft.setDocument({ n: 1 });
      });
      stop();
      hold(told === 1, `told ${told} times`);
      const kept = host.masks.get().get("m");
      hold(kept !== undefined && equalMasks(kept, mask), "the mask is another");
      hold(JSON.stringify(host.document.get()) === '{"n":1}', "the document is another");
    },
  },
  {
    says: "an edit that throws changes nothing",
    check(host) {
      const before = [host.document.get(), host.masks.get().get("m")];
      let threw = false;
      try {
        host.edit(NAME, (draft) => {
          draft.setDocument({ n: 2 });
          draft.deleteMask("m");
          throw new RangeError("on purpose");
        });
      } catch {
        threw = true;
      }
      hold(threw, "the plugin was not told");
      hold(host.document.get() === before[0] && host.masks.get().get("m") === before[1], "something changed");
    },
  },
  {
    says: "edits within one gesture are withdrawn together",
    check(host) {
      const within = {};
      const before = host.document.get();
      for (const n of [3, 4]) host.edit(NAME, (draft) => draft.setDocument({ n }), { within });
      hold(JSON.stringify(host.document.get()) === '{"n":4}', "the second part did not land");
      host.withdraw(within);
      hold(JSON.stringify(host.document.get()) === JSON.stringify(before), "not taken back");
    },
  },
  {
    says: "a listener that throws costs nobody else the change",
    check(host) {
      let told = false;
      const stops = [
        host.document.subscribe(() => {
          throw new Error("on purpose");
        }),
        host.document.subscribe(() => (told = true)),
      ];
      host.edit(NAME, (draft) => draft.setDocument({ n: 5 }));
      for (const stop of stops) stop();
      hold(told, "the next listener was not told");
    },
  },
  {
    says: "layers, markers and measurements are taken; a mask of another grid is refused",
    check(host) {
      const { mask, at } = open(host);
      host.overlays.set([layer(mask)]);
      host.markers.set([{ id: "m", at, text: "1", color: "#ff8800", glyph: "circle", emphasized: true }]);
      host.figures.set([]);
      let refused = false;
      try {
        host.overlays.set([layer(emptyMask({ columns: 3, rows: 3, slices: 3 }))]);
      } catch {
        refused = true;
      }
      hold(refused, "a mask of 3 × 3 × 3 was taken");
    },
  },
  {
    says: "going to a place makes it the focus",
    drawn: true,
    async check(host) {
      const { at, volume } = open(host);
      host.view.goTo(at);
      const near = (): boolean => {
        const focus = host.view.focus.get();
        return focus !== null && Math.hypot(...focus.map((mm, n) => mm - at[n])) < volume.grid.rowSpacingMm;
      };
      await eventually(near, `the focus is ${host.view.focus.get()?.join(", ")}, not ${at.join(", ")}`);
    },
  },
  {
    says: "the acquired slice that is drawn is told, and whether without marks",
    drawn: true,
    async check(host) {
      const { volume } = open(host);
      host.view.goTo(patientFromVoxel(volume.grid, 2, 2, 3));
      const z = volume.grid.slicePositions[3][2];
      const there = (at: Vec3 | null): boolean => at !== null && Math.abs(at[2] - z) < 0.1;
      await eventually(
        () => there(host.view.seenAxial.get()),
        `drawn at ${host.view.seenAxial.get()?.[2]}, not ${z}`,
      );
      hold(host.view.overlaysVisible.get(), "marks are off");
      hold(!there(host.view.seenUnmarked.get()), "it counts as seen without marks");
    },
  },
  {
    says: "single slices are shown when a decision asks for it",
    drawn: true,
    check: (host) => hold(host.view.thinSlice() || host.view.thinSlice(), "a slab stays on"),
  },
  {
    says: "a plane is captured as PNG, with the marks that were asked for",
    drawn: true,
    async check(host) {
      const { at, mask } = open(host);
      const asked = { plane: "axial", at, widthPx: 120, heightPx: 90 } as const;
      const plain = await host.view.capture({ ...asked, marks: { layers: [], markers: [] } });
      const marked = await host.view.capture({ ...asked, marks: { layers: [layer(mask)], markers: [] } });
      hold(plain.type === "image/png" && plain.size > 100, `${plain.size} bytes of ${plain.type}`);
      hold(plain.size !== marked.size, "the mask makes no difference");
    },
  },
  {
    says: "a tool of the plugin is active until it is put away",
    check(host) {
      host.tools.activate(`${CHECK_ID}/line`);
      hold(host.tools.active.get() === `${CHECK_ID}/line`, "it is not active");
      host.tools.activate(null);
      hold(host.tools.active.get() === null, "it stays active");
      hold(host.tools.radiusMm.get() > 0, "the brush has no radius");
    },
  },
  {
    says: "a job gets the volume, tells how far it is, and gives its result",
    async check(host) {
      const { volume } = open(host);
      const told: number[] = [];
      const place = [4, 5, 6] as const;
      const hu = await host.jobs.run<number>(`${CHECK_ID}/hu-at`, place, {
        progress: (part) => told.push(part),
      });
      hold(hu === volume.hu[voxelIndex(volume.grid, ...place)], `it read ${hu}`);
      await eventually(() => told.includes(1), "no progress was told");
    },
  },
  {
    says: "a job that is cancelled rejects with the signal's reason",
    async check(host) {
      const control = new AbortController();
      const running = host.jobs.run(`${CHECK_ID}/forever`, null, { signal: control.signal });
      const reason = new DOMException("enough", "AbortError");
      control.abort(reason);
      hold((await rejects(running)) === reason, "it rejects with something else");
    },
  },
  {
    says: "a job that nobody has is refused",
    check: async (host) => void (await rejects(host.jobs.run("nobody/nothing", null))),
  },
  {
    says: "a segmentation is written and read back, voxel for voxel",
    check(host) {
      const { mask } = open(host);
      const bytes = host.dicom.encodeSegmentation(segmentationOf(host), new Map([[1, mask]]));
      const read = host.dicom.decodeSegmentation(bytes);
      if (!read.ok) throw new Error(read.problem.code);
      const [segment] = read.value.segments;
      hold(equalMasks(segment.mask, mask), `${voxelCount(segment.mask)} voxels, not ${voxelCount(mask)}`);
    },
  },
  {
    says: "what is no segmentation is refused in words",
    check: (host) => hold(!host.dicom.decodeSegmentation(new Uint8Array(200)).ok, "it was taken"),
  },
  {
    says: "without an archive nothing is stored, and that is said",
    async check(host) {
      hold(host.archive.target.get() === null, "there is an archive");
      const stopped = AbortSignal.timeout(500);
      await rejects(host.archive.store([], { signal: stopped }));
    },
  },
  {
    says: "new UIDs are under the installation's root, each another one of at most 64 characters",
    check(host) {
      const uids = Array.from({ length: 50 }, host.newUid);
      hold(new Set(uids).size === 50, "one came twice");
      const { uidRoot } = host.settings.get();
      hold(
        uids.every((uid) => uid.startsWith(`${uidRoot}.`) && uid.length <= 64),
        `${uids[0]} is not under ${uidRoot}`,
      );
    },
  },
  {
    says: "habits are kept",
    check(host) {
      host.setHabits({ always: "so" });
      hold(JSON.stringify(host.habits.get()) === '{"always":"so"}', "they are others");
    },
  },
  {
    says: "a verb's key is told as the reader sees it",
    check: (host) =>
      hold(host.keys.get()[`${CHECK_ID}/verb`] === "⇧W", `it is ${host.keys.get()[`${CHECK_ID}/verb`]}`),
  },
  {
    says: "language and appearance are known, notices are taken",
    check(host) {
      hold(["en", "zh"].includes(host.locale.get()), `the language is ${host.locale.get()}`);
      hold(["dark", "light"].includes(host.appearance.get()), `the appearance is ${host.appearance.get()}`);
      host.notify("A check", "info");
      hold(Number.isFinite(host.now().getTime()), "there is no time");
    },
  },
];

/** Every claim in order, on a host with a CT open. */
export async function verdictsOf(host: Host, drawn: boolean): Promise<Verdicts> {
  const verdicts: Record<string, string | null> = {};
  for (const claim of CLAIMS) {
    if (claim.drawn && !drawn) continue;
    try {
      await claim.check(host);
      verdicts[claim.says] = null;
    } catch (error) {
      verdicts[claim.says] = error instanceof Error ? error.message : String(error);
    }
  }
  return verdicts;
}
