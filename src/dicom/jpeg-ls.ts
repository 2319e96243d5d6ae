// Decodes one-component JPEG-LS streams, lossless and near-lossless (ITU-T T.87). Work and memory are bounded by the size of the image:
// no stream, however damaged, keeps it busy longer than a sound one.
import { JpegLsBits } from "./jpeg-ls-bits.ts";
import {
  type JpegLsHeader,
  type JpegLsParameters,
  jpegLsHeader,
  jpegLsParameters,
} from "./jpeg-ls-header.ts";

interface JpegLsImage {
  readonly rows: number;
  readonly columns: number;
  readonly bitsPerSample: number;
  /** As stored, `[j][i]`, length rows * columns. */
  readonly samples: Uint16Array;
}

/** Throws RangeError where the stream is damaged, `UnsupportedStreamError` where it uses what no CT is written with. */
export function decodeJpegLs(bytes: Uint8Array): JpegLsImage {
  const header = jpegLsHeader(bytes);
  const { rows, columns, bitsPerSample } = header;
  return { rows, columns, bitsPerSample, samples: new Scan(header, bytes).decode() };
}

/** Contexts of regular mode (A.3.3); two more are those of an interrupted run. */
const REGULAR_CONTEXTS = 365;
const MIN_C = -128;
const MAX_C = 127;
/** J of run mode (A.2.1): the logarithm of the run length that one bit stands for. */
const RUN_ORDER = [
  0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
];

/**
 * The state of one scan; names of the fields are those of the standard. Numbers are kept as fields of their own and the contexts as one
 * array of A, B, C, N: every sample needs them (twice as fast).
 */
class Scan {
  readonly #rows: number;
  readonly #columns: number;
  readonly #maxVal: number;
  readonly #near: number;
  readonly #step: number;
  readonly #reset: number;
  readonly #range: number;
  readonly #limit: number;
  readonly #qbpp: number;
  readonly #bits: JpegLsBits;
  /** A, B, C and N of each context. */
  readonly #contexts: Int32Array;
  readonly #Nn = new Int32Array(2);
  /** Quantised gradient (A.3.3) of every difference from -MAXVAL to MAXVAL. */
  readonly #quantised: Int8Array;
  #runIndex = 0;

  constructor(header: JpegLsHeader, bytes: Uint8Array) {
    const parameters = jpegLsParameters(header);
    this.#rows = header.rows;
    this.#columns = header.columns;
    this.#maxVal = header.maxVal;
    this.#near = header.near;
    this.#step = 2 * header.near + 1;
    this.#reset = header.reset;
    this.#range = parameters.range;
    this.#limit = parameters.limit;
    this.#qbpp = parameters.qbpp;
    this.#bits = new JpegLsBits(bytes, header.scanAt);
    const a = Math.max(2, (parameters.range + 32) >> 6);
    this.#contexts = Int32Array.from({ length: 4 * (REGULAR_CONTEXTS + 2) }, (_, n) => [a, 0, 0, 1][n & 3]);
    this.#quantised = quantisedGradients(header.maxVal, parameters, header.near);
  }

  decode(): Uint16Array {
    const columns = this.#columns;
    const samples = new Uint16Array(this.#rows * columns);
    // A sample of margin on either side: the neighbours of the first and last column (A.2.1).
    let above = new Int32Array(columns + 2);
    let line = new Int32Array(columns + 2);
    for (let j = 0; j < this.#rows; j++) {
      above[columns + 1] = above[columns];
      line[0] = above[1];
      this.#decodeLine(above, line);
      for (let i = 1, to = j * columns; i <= columns; i++, to++) samples[to] = line[i];
      const done = line;
      line = above;
      above = done;
    }
    return samples;
  }

  #decodeLine(above: Int32Array, line: Int32Array): void {
    const columns = this.#columns;
    const maxVal = this.#maxVal;
    const quantised = this.#quantised;
    let left = line[0];
    let corner = above[0];
    let up = above[1];
    for (let i = 1; i <= columns;) {
      const next = above[i + 1];
      const context =
        81 * quantised[next - up + maxVal] +
        9 * quantised[up - corner + maxVal] +
        quantised[corner - left + maxVal];
      if (context === 0) {
        i = this.#decodeRun(above, line, i);
        if (i > columns) return;
        left = line[i - 1];
        corner = above[i - 1];
        up = above[i];
      } else {
        left = this.#regular(context, predicted(left, up, corner));
        line[i++] = left;
        corner = up;
        up = next;
      }
    }
  }

  /** A sample in regular mode (A.4 to A.6). */
  #regular(signedContext: number, median: number): number {
    const maxVal = this.#maxVal;
    const contexts = this.#contexts;
    const sign = signedContext < 0 ? -1 : 1;
    const at = 4 * sign * signedContext;
    let a = contexts[at];
    let b = contexts[at + 1];
    const c = contexts[at + 2];
    let n = contexts[at + 3];
    const corrected = median + sign * c;
    const prediction = corrected < 0 ? 0 : corrected > maxVal ? maxVal : corrected;
    const k = golombOrder(n, a);
    const mapped = this.#bits.golomb(k, this.#limit, this.#qbpp);
    let error = (mapped >>> 1) ^ -(mapped & 1);
    if (k === 0 && this.#near === 0 && 2 * b <= -n) error = -error - 1;
    // First, for it refuses what would make the sums below grow without end.
    const sample = this.#reconstructed(prediction, sign * error);
    b += error * this.#step;
    a += error < 0 ? -error : error;
    if (n === this.#reset) {
      a >>= 1;
      b >>= 1;
      n >>= 1;
    }
    n++;
    if (b <= -n) {
      b = b + n > 1 - n ? b + n : 1 - n;
      if (c > MIN_C) contexts[at + 2] = c - 1;
    } else if (b > 0) {
      b = b - n < 0 ? b - n : 0;
      if (c < MAX_C) contexts[at + 2] = c + 1;
    }
    contexts[at] = a;
    contexts[at + 1] = b;
    contexts[at + 3] = n;
    return sample;
  }

  /** A run and the sample that interrupts it (A.7); returns the next column. */
  #decodeRun(above: Int32Array, line: Int32Array, from: number): number {
    const columns = this.#columns;
    const bits = this.#bits;
    const value = line[from - 1];
    let i = from;
    while (bits.read(1) === 1) {
      const whole = 1 << RUN_ORDER[this.#runIndex];
      const end = Math.min(i + whole, columns + 1);
      if (end - i === whole && this.#runIndex < 31) this.#runIndex++;
      line.fill(value, i, end);
      i = end;
      if (i > columns) return i;
    }
    const end = i + bits.read(RUN_ORDER[this.#runIndex]);
    if (end > columns) throw new RangeError("a run beyond its line");
    line.fill(value, i, end);
    line[end] = this.#interruption(value, above[end]);
    if (this.#runIndex > 0) this.#runIndex--;
    return end + 1;
  }

  #interruption(left: number, up: number): number {
    const alike = Math.abs(left - up) <= this.#near ? 1 : 0;
    const contexts = this.#contexts;
    const Nn = this.#Nn;
    const at = 4 * (REGULAR_CONTEXTS + alike);
    const n = contexts[at + 3];
    const k = golombOrder(n, contexts[at] + (alike === 1 ? n >> 1 : 0));
    const mapped = this.#bits.golomb(k, this.#limit - RUN_ORDER[this.#runIndex] - 1, this.#qbpp);
    const folded = mapped + alike;
    const isOdd = (folded & 1) === 1;
    const size = (folded + 1) >> 1;
    const error = (k !== 0 || 2 * Nn[alike] >= n) === isOdd ? -size : size;
    const sample =
      alike === 1 ? this.#reconstructed(left, error) : this.#reconstructed(up, left > up ? -error : error);
    if (error < 0) Nn[alike]++;
    contexts[at] += (mapped + 1 - alike) >> 1;
    if (n === this.#reset) {
      contexts[at] >>= 1;
      contexts[at + 3] >>= 1;
      Nn[alike] >>= 1;
    }
    contexts[at + 3]++;
    return sample;
  }

  /** Prediction and error as a sample, around the ends of the range (A.4.4, A.4.5). */
  #reconstructed(prediction: number, error: number): number {
    const maxVal = this.#maxVal;
    const near = this.#near;
    const range = this.#range;
    if (error > range || error < -range) throw new RangeError("an error beyond the range of the samples");
    let sample = prediction + error * this.#step;
    if (sample < -near) sample += range * this.#step;
    else if (sample > maxVal + near) sample -= range * this.#step;
    return sample < 0 ? 0 : sample > maxVal ? maxVal : sample;
  }
}

/** The median of left, upper and their plane (A.4.1). */
function predicted(left: number, up: number, corner: number): number {
  const least = left < up ? left : up;
  const most = left < up ? up : left;
  return corner >= most ? least : corner <= least ? most : left + up - corner;
}

/** The least k with N * 2^k >= A (A.5.1). */
function golombOrder(n: number, a: number): number {
  let k = 0;
  for (let reach = n; reach < a; reach *= 2) k++;
  return k;
}

function quantisedGradients(maxVal: number, { t1, t2, t3 }: JpegLsParameters, near: number): Int8Array {
  const out = new Int8Array(2 * maxVal + 1);
  for (let size = near + 1; size <= maxVal; size++) {
    const level = size < t1 ? 1 : size < t2 ? 2 : size < t3 ? 3 : 4;
    out[maxVal + size] = level;
    out[maxVal - size] = -level;
  }
  return out;
}
