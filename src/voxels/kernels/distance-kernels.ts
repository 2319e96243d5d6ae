// The exact distance's inner work in WebAssembly: one plane of lines at a time, in a memory of its own.
import { distanceWasm } from "./distance-wasm.ts";

interface Exports {
  readonly memory: WebAssembly.Memory;
  prepare(square: number, farthest: number, most: number, room: number): void;
  lowerLines(
    positions: number,
    count: number,
    values: number,
    out: number,
    stride: number,
    width: number,
    steps: number,
    square: number,
    most: number,
    room: number,
    root: number,
  ): void;
}

/** Lines of one direction, side by side: values go in as `[n][line]`, envelopes come out as `[x][line]`. */
export interface EnvelopePlane {
  /** Floats between two rows of `values` and of what `lower` returns. */
  readonly stride: number;
  readonly values: Float32Array;
  /**
   * `[x][line]`: the lowest of values[n][line] + (spacing * (x - positions[n]))^2 over n, or its square root, for the first
   * `width` lines. A view that the next call writes to.
   */
  lower(positions: Int32Array, count: number, width: number, root: boolean): Float32Array;
}

let wasm: WebAssembly.Module | null | undefined;

function compiled(): WebAssembly.Module | null {
  if (wasm !== undefined) return wasm;
  try {
    wasm = new WebAssembly.Module(Uint8Array.from(atob(distanceWasm), (letter) => letter.charCodeAt(0)));
  } catch {
    wasm = null;
  }
  return wasm;
}

/**
 * Room for `lines` lines with at most `most` values each at positions at most `farthest` apart, and `steps` results; null where
 * WebAssembly is missing or forbidden. `spacing` in mm.
 */
export function envelopePlane(
  spacing: number,
  lines: number,
  most: number,
  farthest: number,
  steps: number,
): EnvelopePlane | null {
  const module = compiled();
  if (!module) return null;
  // An odd number of cache lines: with a power of two, all values of a line would want the same few places of the cache.
  const stride = (Math.ceil(lines / 16) | 1) * 16;
  const parabolas = most + 1;
  const positions = 64;
  const room = positions + Math.ceil(parabolas / 2) * 8;
  const values = Math.ceil((room + 24 * parabolas + 8 * (farthest + 1)) / 64) * 64;
  const out = values + most * stride * 4;
  // Our own module: distance.as says what it exports, and the tests call it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
  const { memory } = exports;
  memory.grow(Math.max(0, Math.ceil((out + steps * stride * 4 - memory.buffer.byteLength) / 65536)));
  const square = spacing * spacing;
  exports.prepare(square, farthest, parabolas, room);
  const found = new Float32Array(memory.buffer, out, steps * stride);
  const positionsThere = new Int32Array(memory.buffer, positions, most);
  return {
    stride,
    values: new Float32Array(memory.buffer, values, most * stride),
    lower: (at, count, width, root) => {
      positionsThere.set(at.subarray(0, count));
      const mode = root ? 1 : 0;
      exports.lowerLines(positions, count, values, out, stride, width, steps, square, parabolas, room, mode);
      return found;
    },
  };
}
