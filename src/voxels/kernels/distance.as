// Kernel in AssemblyScript: lower envelopes of parabolas along every line of a plane, the inner work of the exact distance.
//
// The same operations in the same order as `Envelope` in ../distance.ts, so that both give the same bits.
// Built by `npm run kernels` into distance-wasm.ts.

/**
 * For each of `width` lines i: out[x][i] = the lowest of values[n][i] + square * (x - positions[n])^2 for x = 0 .. steps - 1,
 * or its square root. Rows of `values` and `out` are `stride` floats apart. `room` holds 24 bytes for each of count + 1
 * parabolas, then 8 for each of farthest + 1 inverses, which `prepare` has written.
 */
export function lowerLines(
  positions: usize,
  count: i32,
  values: usize,
  out: usize,
  stride: i32,
  width: i32,
  steps: i32,
  square: f64,
  most: i32,
  room: usize,
  root: bool,
): void {
  const step = <usize>stride << 2;
  const value = room;
  const height = value + (<usize>most << 3);
  const position = height + (<usize>most << 3);
  const begin = position + (<usize>most << 2);
  const inverse = begin + (<usize>most << 2);
  for (let i = 0; i < width; i++) {
    const line = values + (<usize>i << 2);
    let top = 0;
    let lastX = load<i32>(positions);
    const f0 = <f64>load<f32>(line);
    let lastHeight = f0 + square * <f64>lastX * <f64>lastX;
    let lastBegin = 0;
    store<i32>(position, lastX);
    store<f64>(value, f0);
    store<f64>(height, lastHeight);
    store<i32>(begin, 0);
    let skipped = false;
    let before = <f32>f0;
    let here: f32 = count > 1 ? load<f32>(line + step) : 0;
    for (let n = 1; n < count; n++) {
      const x = load<i32>(positions + (<usize>n << 2));
      const single = here;
      const after: f32 = n + 1 < count ? load<f32>(line + <usize>(n + 1) * step) : 1;
      const previous = before;
      before = here;
      here = after;
      if (
        single == 0 &&
        after == 0 &&
        previous == 0 &&
        load<i32>(positions + (<usize>(n + 1) << 2)) - load<i32>(positions + (<usize>(n - 1) << 2)) == 2
      ) {
        skipped = true;
        continue;
      }
      const f = <f64>single;
      const h = f + square * <f64>x * <f64>x;
      let crossing = (h - lastHeight) * load<f64>(inverse + (<usize>(x - lastX) << 3));
      if (crossing >= <f64>(steps - 1)) continue;
      while (crossing < <f64>lastBegin) {
        top--;
        if (top < 0) break;
        lastX = load<i32>(position + (<usize>top << 2));
        lastHeight = load<f64>(height + (<usize>top << 3));
        lastBegin = load<i32>(begin + (<usize>top << 2));
        crossing = (h - lastHeight) * load<f64>(inverse + (<usize>(x - lastX) << 3));
      }
      lastBegin = top < 0 || crossing < 0 ? 0 : <i32>Math.floor(crossing) + 1;
      lastX = x;
      lastHeight = h;
      top++;
      store<i32>(position + (<usize>top << 2), x);
      store<f64>(value + (<usize>top << 3), f);
      store<f64>(height + (<usize>top << 3), h);
      store<i32>(begin + (<usize>top << 2), lastBegin);
    }
    const target = out + (<usize>i << 2);
    for (let n = 0; n <= top; n++) {
      const stop = n < top ? load<i32>(begin + (<usize>(n + 1) << 2)) : steps;
      const f = load<f64>(value + (<usize>n << 3));
      let x = load<i32>(begin + (<usize>n << 2));
      let d = <f64>(x - load<i32>(position + (<usize>n << 2)));
      let at = target + <usize>x * step;
      if (root) {
        for (; x < stop; x++, d += 1, at += step) store<f32>(at, Mathf.sqrt(<f32>(f + square * d * d)));
      } else {
        for (; x < stop; x++, d += 1, at += step) store<f32>(at, <f32>(f + square * d * d));
      }
    }
    if (!skipped) continue;
    for (let n = 1; n < count; n++) {
      const x = load<i32>(positions + (<usize>n << 2));
      if (x >= 0 && x < steps && load<f32>(line + <usize>n * step) == 0) store<f32>(target + <usize>x * step, 0);
    }
  }
}

/** Writes 1 / (2 square n) for n = 0 .. farthest behind the room of the parabolas. */
export function prepare(square: f64, farthest: i32, most: i32, room: usize): void {
  const inverse = room + <usize>most * 24;
  for (let n = 0; n <= farthest; n++) store<f64>(inverse + (<usize>n << 3), 1 / (2 * square * <f64>n));
}
