// Key images: three planes of every leak and one view in 3D, drawn from the region alone, with what their author changes.
import { describe, expect, it } from "vitest";
import { unzlibSync } from "fflate";
import { distance, type VoxelGrid } from "#core/space";
import { caseScene } from "#cement/teaching/case-scene";
import { croppedVolume } from "#cement/teaching/case-region";
import { drawnOf, figureOf, SIDE_PX } from "#cement/teaching/figure";
import { figureSvg } from "#cement/teaching/figure-svg";
import { frameOf, moved, proposeKeyImages, stepped, walkedAround, zoomed } from "#cement/teaching/key-image";
import { outlinePath } from "#cement/teaching/outline-path";
import {
  patientFromPicture,
  pictureFromPatient,
  planeFrame,
  sideLetters,
} from "#cement/teaching/picture-frame";
import { greyPixels } from "#cement/teaching/render-plane";
import { barePng } from "#cement/teaching/bare-png";
import { colorPicture } from "#cement/teaching/voxel-picture";
import { box } from "../host/written-case.ts";

const grid: VoxelGrid = {
  columns: 60,
  rows: 50,
  slices: 40,
  columnSpacingMm: 1,
  rowSpacingMm: 1,
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  slicePositions: Array.from({ length: 40 }, (_, k) => [-30, -25, 2 * k] as const),
};
const cement = box(grid, 20, 20, 14, 10);
const leak = box(grid, 38, 12, 22, 6);
const hu = new Int16Array(60 * 50 * 40).fill(40);
for (let k = 0; k < 40; k++)
  for (let j = 0; j < 50; j++)
    for (let i = 0; i < 60; i++) {
      const inside = (lo: readonly number[], n: number) =>
        [i, j, k].every((at, axis) => at >= lo[axis] && at < lo[axis] + n);
      if (inside([20, 20, 14], 10) || inside([38, 12, 22], 6)) hu[(k * 50 + j) * 60 + i] = 2000;
    }
const volume = { grid, hu, storableHu: [-1024, 3071] as const, clippedAtHu: null };
const region = { firstColumn: 10, columns: 45, firstRow: 5, rows: 40, firstSlice: 4, slices: 32 };
const findings = {
  terms: [],
  lesions: [],
  leaks: [{ leakId: "K1", site: "anterior_sacral_space", side: "left" }],
};
const scene = caseScene(
  volume,
  region,
  [
    { kind: "intraosseous", mask: cement },
    { kind: "leak", mask: leak, leak: findings.leaks[0] },
  ] as never, // what a scene reads of them
  findings as never,
);
const images = proposeKeyImages(scene, findings as never, "en");
const pixelsOf = (png: string): Uint8Array => {
  const file = Buffer.from(png, "base64");
  return unzlibSync(file.subarray(41, 41 + file.readUInt32BE(33)));
};

describe("key images that are proposed", () => {
  it("are each leak in three planes and the whole in 3D, with and without overlay, an arrow and a caption", () => {
    expect(images.map(({ id }) => id).toSorted()).toEqual(["3d", "K1-axial", "K1-coronal", "K1-sagittal"]);
    for (const image of images) {
      expect(image.form).toBe("both");
      if (image.view === "3d") continue;
      expect(image.caption).toMatch(/^K1, (axial|sagittal|coronal): Presacral space$/);
      expect(image.arrows).toHaveLength(1);
      // In the middle of the leak: voxels 38 to 43, 12 to 17, 22 to 27.
      expect(distance(image.center, [10.5, -10.5, 49])).toBeLessThan(6.5);
      const [x, y] = pictureFromPatient(frameOf(image), image.arrows[0].tip);
      expect(x).toBeLessThan(0.5);
      expect(y).toBeGreaterThan(0.5);
    }
    expect(images.at(-1)?.caption).toMatch(/^3D from the .*: K1$/);
  });

  it("are the cement in bone, with nothing to point at, where nothing leaked", () => {
    const none = { ...findings, leaks: [] };
    const inBone = { ...scene, masks: scene.masks.filter(({ leakId }) => leakId === "") };
    const proposed = proposeKeyImages(inBone, none as never, "en");
    expect(proposed.map(({ caption }) => caption)).toContain("Cement in bone, axial");
    expect(proposed.flatMap(({ arrows }) => arrows)).toEqual([]);
  });

  it("show nothing outside the region", () => {
    const axial = images.find(({ view }) => view === "axial")!;
    const frame = { ...frameOf(axial), fieldMm: 200 };
    const pixels = greyPixels(scene, frame, axial.window, 100);
    for (const [n, grey] of pixels.entries()) {
      const [x, y] = patientFromPicture(frame, [((n % 100) + 0.5) / 100, (Math.floor(n / 100) + 0.5) / 100]);
      const inside = x > -21 && x < 26 && y > -21 && y < 21;
      if (!inside) expect(grey).toBe(0);
    }
    expect(pixels.some((grey) => grey > 200)).toBe(true);
  });

  it("are drawn with outline, name, sides, scale bar and window, and without marks where the author says so", () => {
    const axial = images.find(({ view }) => view === "axial")!;
    const figure = figureOf(axial, drawnOf(scene, axial));
    expect(figure.sides).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
    expect(figure.names.map(({ text }) => text)).toEqual(["K1"]);
    expect(figure.scaleBar.px / SIDE_PX).toBeCloseTo(figure.scaleBar.mm / axial.fieldMm, 6);
    const marked = figureSvg(figure, { marked: true, title: axial.caption, locale: "en" });
    const plain = figureSvg(figure, { marked: false, title: axial.caption, locale: "en" });
    expect(marked).toMatch(/<g class="marks">.*K1</);
    for (const svg of [marked, plain]) {
      expect(svg).toContain("20 mm");
      expect(svg).toContain("W 2000 L 500");
      expect(svg).toContain("Not for diagnosis");
      expect(svg).not.toMatch(/<script|<style|style=|href="(?!data:image\/png)/);
    }
    expect(plain.replace(axial.caption, "")).not.toContain("K1");
  });

  it("show leaks in 3D in their colour only where they are marked", () => {
    const whole = images.find(({ view }) => view === "3d")!;
    const drawn = drawnOf(scene, whole);
    const { plain, marked } = drawn;
    expect(marked).not.toBeNull();
    expect(pixelsOf(plain).some((byte) => byte > 0)).toBe(true);
    expect(figureOf(whole, drawn).names.map(({ text }) => text)).toEqual(["K1"]);
    expect(walkedAround(walkedAround(whole, 1), -1)).toEqual(whole);
    expect(stepped(whole, 3)).toBe(whole);
  });

  it("keep arrows at their place in the patient while crop and size change, and move them along through slices", () => {
    const axial = images.find(({ view }) => view === "axial")!;
    const changed = zoomed(moved(axial, 0.1, -0.05), 1);
    expect(changed.arrows).toEqual(axial.arrows);
    expect(changed.fieldMm).toBeGreaterThan(axial.fieldMm);
    expect(distance(changed.center, axial.center)).toBeCloseTo(axial.fieldMm * Math.hypot(0.1, 0.05), 6);
    expect(stepped(axial, 3).arrows[0].tip[2]).toBeCloseTo(axial.arrows[0].tip[2] + 3, 6);
  });
});

describe("the parts of a picture", () => {
  it("lie where the patient is: there and back, and the letters of its sides", () => {
    const frame = planeFrame("sagittal", [3, 4, 5], 100);
    const [x, y] = pictureFromPatient(frame, patientFromPicture(frame, [0.2, 0.7]));
    expect([x, y]).toEqual([expect.closeTo(0.2, 9), expect.closeTo(0.7, 9)]);
    expect([sideLetters(frame.right), sideLetters(frame.down)]).toEqual(["P", "F"]);
    expect(sideLetters([Math.SQRT1_2, -Math.SQRT1_2, 0])).toHaveLength(2);
  });

  it("are outlined along the pixels, holes and touching corners too", () => {
    const labels = Uint8Array.from([2, 2, 2, 0, 2, 0, 2, 0, 2, 2, 2, 0, 0, 0, 0, 2]);
    const path = outlinePath(labels, 4, 2);
    expect(path).toContain("M0 0H3V3H0V0Z");
    expect(path.match(/M/g)).toHaveLength(3);
    expect(outlinePath(labels, 4, 3)).toBe("");
  });

  it("keep the patient's millimetres when the region is cut out", () => {
    const cropped = croppedVolume(volume, region);
    expect(cropped.grid.slicePositions[0]).toEqual([-20, -20, 8]);
    expect(cropped.hu.length).toBe(45 * 40 * 32);
    expect(cropped.hu[((22 - 4) * 40 + (12 - 5)) * 45 + (38 - 10)]).toBe(2000);
  });

  it("leave a PNG of another program with its pixels alone", () => {
    const png = colorPicture(Uint8Array.from([1, 2, 3, 4, 5, 6]), 2, 1);
    const text = Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from("tEXtAuthor\0X"), Buffer.alloc(4)]);
    const withText = Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]);
    expect(Buffer.from(barePng(withText)).equals(Buffer.from(png))).toBe(true);
  });
});
