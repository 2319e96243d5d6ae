// A bone envelope from a NIfTI label map or a SEG: placed in patient space, used by the engine, refused in one clear line.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patientFromVoxel, type Vec3, type VoxelGrid } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { LoadedSeries } from "#dicom/load-series";
import { writeSegmentation } from "#dicom/write-segmentation";
import { type RunMask, forEachRun, maskHas, voxelCount } from "#voxels/mask";
import { erode } from "#voxels/morphology";
import { boxMask, difference, unionAll } from "#voxels/set-operations";
import { propose } from "../../../plugins/cement-leakage/engine/propose.ts";
import { makePhantom } from "../../../sample-data/make-phantom.ts";
import { pelvisNifti } from "../../../sample-data/real-anatomies.ts";
import { labelNumbers, niftiEnvelope, readEnvelope } from "../../../src/cli/envelope-file.ts";
import { asymmetricMasks, numbered, smallSeries, testSegmentation } from "../dicom/small-series.ts";
import { SMALL } from "../sample-data/small-phantom.ts";

/** A label map of uint8 with the header fields that count; `affine` rows are RAS. */
function nifti(size: readonly number[], affine: readonly number[][], labelAt: (n: number) => number) {
  const bytes = new Uint8Array(352 + size[0] * size[1] * size[2]);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  [3, ...size, 1].forEach((n, at) => view.setInt16(40 + 2 * at, n, true));
  view.setInt16(70, 2, true);
  view.setFloat32(108, 352, true);
  view.setInt16(254, 1, true);
  affine.flat().forEach((value, at) => view.setFloat32(280 + 4 * at, value, true));
  for (let n = 352; n < bytes.length; n++) bytes[n] = labelAt(n - 352);
  return bytes;
}

const EVEN = [
  [2, 0, 0, -10],
  [0, 2, 0, -20],
  [0, 0, 3, 5],
];

describe("a label map", () => {
  it("lies where its affine says, in LPS, with the chosen labels", () => {
    const bytes = nifti([4, 3, 2], EVEN, (n) => (n === 0 ? 25 : n === 23 ? 77 : n === 5 ? 3 : 0));
    const { mask, grid } = niftiEnvelope("a.nii", bytes, new Set([25, 77]));
    expect(voxelCount(mask)).toBe(2);
    expect([grid.columnSpacingMm, grid.rowSpacingMm, grid.slicePositions.length]).toEqual([2, 2, 2]);
    // RAS (-10, -20, 5) is LPS (10, 20, 5)
    expect(grid.slicePositions[0]).toEqual([10, 20, 5]);
    expect([maskHas(mask, 0, 0, 0), maskHas(mask, 3, 2, 1), maskHas(mask, 1, 1, 0)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(voxelCount(niftiEnvelope("a.nii", gzipSync(bytes), null).mask)).toBe(3);
  });

  it.each([
    ["two dimensions", () => nifti([4, 3, 1], EVEN, () => 1), /a label map of a volume is needed/],
    [
      "cut off",
      () => nifti([4, 3, 2], EVEN, () => 1).subarray(0, 360),
      /cut off: 4 x 3 x 2 voxels are announced, 8 are/,
    ],
    [
      "no such label",
      () => nifti([4, 3, 2], EVEN, () => 9),
      /no voxel has the labels asked for \(it has 9\)/,
    ],
    ["no place", () => nifti([4, 3, 2], EVEN, () => 1).fill(0, 254, 256), /neither sform nor qform/],
    ["sheared", () => nifti([4, 3, 2], [[2, 1, 0, 0], ...EVEN.slice(1)], () => 1), /right angles/],
    ["another file", () => new Uint8Array(400), /not a NIfTI-1 file/],
    ["a damaged gzip", () => gzipSync(nifti([4, 3, 2], EVEN, () => 1)).subarray(0, 40), /damaged or cut off/],
  ])("with %s is refused in words", (_name, make, words) => {
    expect(() => niftiEnvelope("a.nii", new Uint8Array(make()), new Set([25]))).toThrow(words);
  });

  it("labels are whole numbers", () => {
    expect([...(labelNumbers("25, 77") ?? [])]).toEqual([25, 77]);
    expect(labelNumbers(undefined)).toBeNull();
    expect(() => labelNumbers("sacrum")).toThrow(/whole numbers/);
  });
});

describe("an envelope for a CT", () => {
  const phantom = makePhantom({ ...SMALL, seed: 7 }, 0.5);
  // only the voxels and the grid are looked at for a label map
  const ct = { volume: phantom.volume } as LoadedSeries;
  let root = "";
  beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), "envelope-"))));
  afterAll(() => rm(root, { recursive: true, force: true }));

  const mapOf = (mask: RunMask, shiftMm = 0) => {
    const { grid } = phantom.volume;
    const [x, y, z] = grid.slicePositions[0];
    const affine = [
      [-grid.columnSpacingMm, 0, 0, -x + shiftMm],
      [0, -grid.rowSpacingMm, 0, -y],
      [0, 0, grid.slicePositions[1][2] - z, z],
    ];
    const { columns, rows, slices } = grid;
    return nifti([columns, rows, slices], affine, (n) =>
      maskHas(mask, n % columns, Math.floor(n / columns) % rows, Math.floor(n / columns / rows)) ? 25 : 0,
    );
  };

  it("decides what is bone: the true one as well as the program's own, an empty place not at all", async () => {
    const path = join(root, "bone.nii.gz");
    await writeFile(path, gzipSync(mapOf(phantom.masks.boneEnvelope)));
    const envelope = await readEnvelope(path, new Set([25]), ct);
    const proposal = propose(phantom.volume, { envelope });
    expect(proposal.notes.some((note) => /is the given envelope's/.test(note.en))).toBe(true);
    const [truth] = phantom.truth.lesions;
    const total = proposal.intraosseous.reduce((sum, part) => sum + part.volumeEstimateMm3, 0);
    expect(Math.abs(total / truth.volumeMm3 - 1)).toBeLessThan(0.12);

    // a border drawn 5 mm inside the true one leaves cement outside: the file decides, not the program
    const { grid } = phantom.volume;
    const shrunk = propose(phantom.volume, {
      envelope: { mask: erode(phantom.masks.boneEnvelope, grid, 5), grid },
    });
    const inBone = shrunk.intraosseous.reduce((sum, part) => sum + part.volumeMm3, 0);
    expect(inBone).toBeLessThan(0.93 * proposal.intraosseous.reduce((sum, part) => sum + part.volumeMm3, 0));
  }, 120_000);

  it("that lies elsewhere, or is no file of this kind, is refused", async () => {
    const far = join(root, "far.nii");
    await writeFile(far, mapOf(phantom.masks.boneEnvelope, 900));
    await expect(readEnvelope(far, null, ct)).rejects.toThrow(/does not meet this CT/);
    const text = join(root, "bone.txt");
    await writeFile(text, "bone");
    await expect(readEnvelope(text, null, ct)).rejects.toThrow(/--envelope takes a DICOM SEG/);
    await expect(readEnvelope(join(root, "none.nii"), null, ct)).rejects.toThrow(/none\.nii/);
  });
});

describe("an envelope as a SEG", () => {
  const context = smallSeries();
  // only the grid is looked at
  const ct = { context, volume: { grid: context.grid } } as LoadedSeries;
  let root = "";
  beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), "envelope-seg-"))));
  afterAll(() => rm(root, { recursive: true, force: true }));

  const save = async (name: string, source: SeriesContext, masks: readonly RunMask[]) => {
    const path = join(root, name);
    await writeFile(path, writeSegmentation(testSegmentation(source), numbered(masks)));
    return path;
  };
  /** Patient mm of every voxel. */
  const places = (mask: RunMask, grid: VoxelGrid): string[] => {
    const found: string[] = [];
    forEachRun(mask, (j, k, start, end) => {
      for (let i = start; i < end; i++)
        found.push(
          patientFromVoxel(grid, i, j, k)
            .map((mm) => mm.toFixed(2))
            .join(" "),
        );
    });
    return found.toSorted();
  };

  it("of this CT keeps its voxels, and nothing is said", async () => {
    const masks = asymmetricMasks(context.grid);
    const read = await readEnvelope(await save("own.dcm", context, masks), null, ct);
    expect([read.grid, read.mask, read.note]).toEqual([context.grid, unionAll(context.grid, masks), null]);
  });

  it.each([
    ["thicker slices", { spacingMm: 2.5, slices: 6 }],
    ["a tilted stack", { shearMm: 0.31 }],
    ["turned slices", { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] }],
  ] as const)(
    "on %s of the same frame of reference lies where it was drawn, in words",
    async (name, options) => {
      const other = smallSeries(options);
      // half a pixel beside the CT's voxels, and beyond its edge
      const grid = {
        ...other.grid,
        slicePositions: other.grid.slicePositions.map(([x, y, z]): Vec3 => [x + 0.35, y + 4.4, z]),
      };
      const source = { ...other, grid };
      // an empty slice between two that hold something: its frame is not stored
      const masks = asymmetricMasks(grid).map((mask) =>
        difference(mask, boxMask(grid, { i0: 0, i1: 99, j0: 0, j1: 99, k0: 3, k1: 4 })),
      );
      const read = await readEnvelope(await save(`${name}.dcm`, source, masks), null, ct);
      expect(places(read.mask, read.grid)).toEqual(places(unionAll(grid, masks), grid));
      expect(read.note).toMatch(/other slices \(37 x 29 x .* nearest voxel$/);
      const one = await readEnvelope(join(root, `${name}.dcm`), new Set([2]), ct);
      expect(voxelCount(one.mask)).toBe(voxelCount(masks[1]));
    },
  );

  it("of another frame of reference, or with slices at uneven distances, is refused with what to do", async () => {
    const far = { ...smallSeries({ spacingMm: 2 }), frameOfReferenceUid: "1.2.3" };
    const foreign = await save("foreign.dcm", far, asymmetricMasks(far.grid));
    await expect(readEnvelope(foreign, null, ct)).rejects.toThrow(
      /foreign\.dcm: .*another frame of reference \(1\.2\.3\) than this CT \(.*register it to this CT/,
    );
    const otherStudy = { ...far, study: { ...far.study, studyInstanceUid: "1.2.4" } };
    const stranger = await save("stranger.dcm", otherStudy, asymmetricMasks(far.grid));
    await expect(readEnvelope(stranger, null, ct)).rejects.toThrow(/register it to this CT/);
    const uneven = smallSeries({ spacingMm: [1.25, 2.1, 1.6] });
    const odd = await save("odd.dcm", uneven, asymmetricMasks(uneven.grid));
    await expect(readEnvelope(odd, null, ct)).rejects.toThrow(/odd\.dcm: .*save it on this CT's slices/);
  });
});

const SHARED = join(import.meta.dirname, "../../../../shared");
const LABELS = join(SHARED, "data/ct-pelvis-nifti/example_seg_fast_force_split.nii.gz");

describe.skipIf(!existsSync(LABELS))("a real label map", () => {
  it("lies on the bones of its CT", async () => {
    const anatomy = pelvisNifti(SHARED);
    if (!anatomy) throw new Error("no CT");
    const { volume } = anatomy;
    const { mask, grid } = niftiEnvelope(LABELS, await readFile(LABELS), labelNumbers("25,77,78"));
    expect(grid.slicePositions.length).toBe(volume.grid.slicePositions.length);
    expect(voxelCount(mask)).toBeGreaterThan(5000);
    let dense = 0;
    let all = 0;
    for (let k = 0; k < mask.slices; k++)
      for (let j = 0; j < mask.rows; j++)
        for (let i = 0; i < mask.columns; i++)
          if (maskHas(mask, i, j, k)) {
            all++;
            if (volume.hu[(k * mask.rows + j) * mask.columns + i] > 80) dense++;
          }
    expect(dense / all).toBeGreaterThan(0.7);
  });
});
