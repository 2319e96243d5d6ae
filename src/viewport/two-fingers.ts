// Two fingers on a plane: apart or together they zoom, side by side up or down they scroll through the slices. Pure.

type Point = readonly [number, number];

export interface TwoFingerActions {
  pan(dxPx: number, dyPx: number): void;
  zoom(factor: number, around: Point): void;
  scroll(slices: number): void;
}

export interface TwoFingers {
  /** Where the fingers are now, CSS pixels. */
  move(a: Point, b: Point): void;
}

/** So far the fingers go before it is known what they want. */
const DECIDED_PX = 10;
const PX_PER_SLICE = 14;

const apart = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** From the moment the second finger is down; what is wanted is decided once and kept until they are lifted. */
export function twoFingers(a: Point, b: Point, actions: TwoFingerActions): TwoFingers {
  let wants: "zoom" | "scroll" | null = null;
  let last: readonly [Point, Point] = [a, b];
  let rest = 0;
  return {
    move(c, d) {
      const before = middle(...last);
      const now = middle(c, d);
      if (wants === null) {
        const spread = Math.abs(apart(c, d) - apart(...last));
        const upOrDown = Math.abs(now[1] - before[1]);
        if (Math.max(spread, upOrDown, Math.abs(now[0] - before[0])) < DECIDED_PX) return;
        wants = upOrDown > spread ? "scroll" : "zoom";
      }
      const distance = apart(...last);
      last = [c, d];
      if (wants === "scroll") {
        rest += now[1] - before[1];
        const slices = Math.trunc(rest / PX_PER_SLICE);
        rest -= slices * PX_PER_SLICE;
        if (slices !== 0) actions.scroll(slices);
        return;
      }
      actions.pan(now[0] - before[0], now[1] - before[1]);
      if (distance > 1) actions.zoom(apart(c, d) / distance, now);
    },
  };
}
