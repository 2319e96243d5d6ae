// Stored words as Hounsfield units in WebAssembly: one slice at a time, through a memory of its own.
import { rescaleWasm } from "./rescale-wasm.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  rescale(
    words: number,
    vectors: number,
    up: number,
    down: number,
    signed: number,
    first: number,
    second: number,
    padFrom: number,
    padTo: number,
    padding: number,
    hu: number,
    extremes: number,
  ): void;
}

/** How 16-bit words are to be read; HU are the stored values plus `intercept` (a whole number), clamped to 16 bits. */
export interface WordScale {
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly intercept: number;
  /** Stored values from .. to, both included, that become `paddingHu`. */
  readonly padding: readonly [number, number] | null;
  readonly paddingHu: number;
}

const INT16_MAX = 32767;
const INT16_MIN = -32768;
/** Room for the extremes; no address is 0. */
const firstAddress = 64;
const pageBytes = 65536;

let loaded: Exports | null | undefined;

function kernel(): Exports | null {
  if (loaded !== undefined) return loaded;
  try {
    const bytes = Uint8Array.from(atob(rescaleWasm), (letter) => letter.charCodeAt(0));
    // Our own module: rescale.as says what it exports, and the tests call it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    loaded = new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports as unknown as Exports;
  } catch {
    loaded = null;
  }
  return loaded;
}

const into16 = (value: number): number => Math.max(INT16_MIN, Math.min(INT16_MAX, value));

/**
 * Writes the HU of the little-endian words that `bytes` begins with to `target`; their lowest and highest. Null where there is no SIMD,
 * or the intercept is beyond what two additions reach.
 */
export function rescaleByKernel(
  bytes: Uint8Array,
  { bitsStored, highBit, signed, intercept, padding, paddingHu }: WordScale,
  target: Int16Array,
): { readonly minHu: number; readonly maxHu: number } | null {
  const exports = kernel();
  if (!exports || intercept < INT16_MIN || intercept >= INT16_MAX || target.length === 0) return null;
  const vectors = Math.ceil(target.length / 8);
  const words = firstAddress;
  const hu = words + vectors * 16;
  const missing = hu + vectors * 16 - exports.memory.buffer.byteLength;
  if (missing > 0) exports.memory.grow(Math.ceil(missing / pageBytes));
  const { buffer } = exports.memory;
  new Uint8Array(buffer, words, target.length * 2).set(bytes.subarray(0, target.length * 2));
  // The last vector is filled up with a word that is there, so that the extremes are those of the image.
  const all = new Uint16Array(buffer, words, vectors * 8);
  all.fill(all[target.length - 1], target.length);
  const turned = signed ? 0 : 32768;
  const shift = intercept + turned;
  const first = into16(shift);
  const from = (padding?.[0] ?? 1) - turned;
  const to = (padding?.[1] ?? 0) - turned;
  // A range that no word of 16 bits reaches is none.
  const reached = padding !== null && from <= INT16_MAX && to >= INT16_MIN && from <= to;
  exports.rescale(
    words,
    vectors,
    15 - highBit,
    16 - bitsStored,
    signed ? 1 : 0,
    first,
    into16(shift - first),
    reached ? into16(from) : 1,
    reached ? into16(to) : 0,
    paddingHu,
    hu,
    0,
  );
  target.set(new Int16Array(buffer, hu, target.length));
  const extremes = new Int16Array(buffer, 0, 16);
  return { minHu: Math.min(...extremes.subarray(0, 8)), maxHu: Math.max(...extremes.subarray(8)) };
}
