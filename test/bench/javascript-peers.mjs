// What NiiVue, Cornerstone and dcmjs take for the tasks of `npm run bench`: reads one task a line, answers "result milliseconds number".
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [, , volumeFile, framesFile, peersFolder] = process.argv;
const shape = [512, 512, 400];
const buffer = readFileSync(volumeFile);
const hu = new Int16Array(buffer.buffer, buffer.byteOffset, buffer.length / 2);

/** Threshold, then label; NiiVue wants a Uint32Array of the volume. @param {number} lowHu */
async function niivue(lowHu) {
  const file = `${peersFolder}/node_modules/@niivue/niivue/dist/index.js`;
  if (!existsSync(file)) return null;
  const { Niivue } = await import(pathToFileURL(file).href);
  const started = performance.now();
  const image = new Uint32Array(hu.length);
  for (let at = 0; at < hu.length; at++) image[at] = hu[at] >= lowHu ? 1 : 0;
  // The method needs nothing of a viewer, so none is made.
  const [parts] = Niivue.prototype.bwlabel.call({}, image, new Uint32Array(shape), 26, false);
  return [performance.now() - started, parts];
}

/**
 * The part that holds one voxel (the caller gives one of the largest part), by 26 neighbours.
 * @param {number} lowHu
 * @param {readonly number[]} seed
 */
async function cornerstone(lowHu, seed) {
  const { default: floodFill } = await import(
    new URL(
      "../../node_modules/@cornerstonejs/tools/dist/esm/utilities/segmentation/floodFill.js",
      import.meta.url,
    ).href
  );
  const [columns, rows, slices] = shape;
  /** @type {(i: number, j: number, k: number) => boolean | undefined} */
  const getter = (i, j, k) =>
    i >= 0 && j >= 0 && k >= 0 && i < columns && j < rows && k < slices
      ? hu[(k * rows + j) * columns + i] >= lowHu
      : undefined;
  const started = performance.now();
  const { flooded } = floodFill(getter, seed, { diagonals: true });
  return [performance.now() - started, flooded.length];
}

/** Pixel data of frames given as bytes of 0 and 1. */
async function dcmjsPacking() {
  const { default: dcmjs } = await import("dcmjs");
  const data = /** @type {{ BitArray: { pack(bits: Uint8Array): Uint8Array } }} */ (
    /** @type {unknown} */ (dcmjs.data)
  );
  const frames = readFileSync(framesFile);
  const started = performance.now();
  const packed = data.BitArray.pack(frames);
  const ms = performance.now() - started;
  let set = 0;
  for (const byte of packed) for (let bits = byte; bits > 0; bits >>= 1) set += bits & 1;
  return [ms, set];
}

/** What an undo history without deltas costs: a copy of the labels of the volume, one byte a voxel. */
function volumeCopy() {
  const labels = new Uint8Array(hu.length).fill(1);
  const started = performance.now();
  const copy = labels.slice();
  return [performance.now() - started, copy.length];
}

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const [task, low, ...seed] = line.split(" ");
  const found =
    task === "niivue"
      ? await niivue(Number(low))
      : task === "cornerstone"
        ? await cornerstone(Number(low), seed.map(Number))
        : task === "packing"
          ? await dcmjsPacking()
          : volumeCopy();
  process.stdout.write(found ? `result ${found[0]} ${found[1]}\n` : "result NaN NaN\n");
}
