// Kernel in AssemblyScript (SIMD): stored 16-bit words of an image as Hounsfield units, with their lowest and highest.
//
// Built by `npm run kernels` into rescale-wasm.ts. The extension keeps TypeScript's tools away from it: usize, v128 and
// load<T> are AssemblyScript's. Memory is laid out by rescale-kernels.ts; nothing is allocated here.

/**
 * HU of `vectors` times eight words at `words`, written to `hu`. The stored value is the word moved `up` bits and back `down`, with its
 * sign where `signed`; unsigned ones have their top bit turned, which takes 32768 away. `first` and `second` are then added, with
 * saturation; values between `padFrom` and `padTo` (as they are before that) become `padding`. The eight lowest and the eight highest of
 * all are left at `extremes`, 32 bytes.
 */
export function rescale(
  words: usize,
  vectors: i32,
  up: i32,
  down: i32,
  signed: i32,
  first: i32,
  second: i32,
  padFrom: i32,
  padTo: i32,
  padding: i32,
  hu: usize,
  extremes: usize,
): void {
  const firsts = i16x8.splat(<i16>first);
  const seconds = i16x8.splat(<i16>second);
  const froms = i16x8.splat(<i16>padFrom);
  const tos = i16x8.splat(<i16>padTo);
  const paddings = i16x8.splat(<i16>padding);
  const top = i16x8.splat(signed ? 0 : <i16>-32768);
  let lowest = i16x8.splat(32767);
  let highest = i16x8.splat(-32768);
  const end = words + (<usize>vectors << 4);
  for (; words < end; words += 16, hu += 16) {
    const moved = i16x8.shl(v128.load(words), up);
    const stored = v128.xor(signed ? i16x8.shr_s(moved, down) : i16x8.shr_u(moved, down), top);
    const isPadding = v128.and(i16x8.ge_s(stored, froms), i16x8.le_s(stored, tos));
    const sum = i16x8.add_sat_s(i16x8.add_sat_s(stored, firsts), seconds);
    const value = v128.bitselect(paddings, sum, isPadding);
    lowest = i16x8.min_s(lowest, value);
    highest = i16x8.max_s(highest, value);
    v128.store(hu, value);
  }
  v128.store(extremes, lowest);
  v128.store(extremes, highest, 16);
}
