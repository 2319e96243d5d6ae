// The frames of an image as pictures for a person who looks for burned-in words: every stored value is shown, none is cut off by a window.
import { type Result, fail, ok, problem } from "#core/problem";
import { openObject, numbersAt, textAt, uint16At } from "./data-elements.ts";
import { storedPixels } from "./stored-pixels.ts";

export interface FramePictures {
  readonly frames: number;
  readonly columns: number;
  readonly rows: number;
  /** RGBA of frame n, from 0. */
  frame(n: number): Uint8ClampedArray<ArrayBuffer>;
}

/** Fails where the pixels can't be decoded or drawn ("deidentify/not-shown"): what can't be looked at can't leave. */
export async function framePictures(bytes: Uint8Array, fileName: string): Promise<Result<FramePictures>> {
  const opened = openObject(bytes, fileName);
  if (!opened.ok) return opened;
  const { root } = opened.value;
  const stored = await storedPixels(bytes, fileName, opened.value);
  if (!stored.ok) return stored;
  const rows = uint16At(root, "00280010") ?? 0;
  const columns = uint16At(root, "00280011") ?? 0;
  const bits = uint16At(root, "00280100") ?? 0;
  const samples = uint16At(root, "00280002") ?? 1;
  const frames = Math.max(1, numbersAt(root, "00280008", 1)?.[0] ?? 1);
  const photometric = textAt(root, "00280004");
  const drawable = samples === 1 ? /^MONOCHROME[12]$/.test(photometric) : photometric === "RGB" && bits === 8;
  const pixels = stored.value;
  const perFrame = rows * columns * samples;
  if (!drawable || (bits !== 8 && bits !== 16) || !pixels || pixels.length < (frames * perFrame * bits) / 8)
    return fail(problem("deidentify/not-shown", { fileName }));
  const planar = uint16At(root, "00280006") === 1;
  const signed = uint16At(root, "00280103") === 1;
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const valueAt = (n: number): number =>
    bits === 8
      ? signed
        ? view.getInt8(n)
        : pixels[n]
      : signed
        ? view.getInt16(2 * n, true)
        : view.getUint16(2 * n, true);
  const grey = (first: number, out: Uint8ClampedArray): void => {
    let [least, most] = [Infinity, -Infinity];
    for (let n = 0; n < rows * columns; n++) {
      const value = valueAt(first + n);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    const [from, to] = photometric === "MONOCHROME1" ? [most, least] : [least, most];
    const scale = to === from ? 0 : 255 / (to - from);
    for (let n = 0; n < rows * columns; n++) {
      const value = (valueAt(first + n) - from) * scale;
      out.set([value, value, value, 255], 4 * n);
    }
  };
  const colour = (first: number, out: Uint8ClampedArray): void => {
    const size = rows * columns;
    for (let n = 0; n < size; n++) {
      const at = (sample: number) => pixels[first + (planar ? sample * size + n : 3 * n + sample)];
      out.set([at(0), at(1), at(2), 255], 4 * n);
    }
  };
  return ok({
    frames,
    columns,
    rows,
    frame(n) {
      const out = new Uint8ClampedArray(4 * rows * columns);
      (samples === 1 ? grey : colour)(n * perFrame, out);
      return out;
    },
  });
}
