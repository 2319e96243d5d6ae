// Which slice is read next.
import fc from "fast-check";
import { expect, it } from "vitest";
import { ReadingOrder } from "#dicom/reading-order";

function all(order: ReadingOrder): number[] {
  const found: number[] = [];
  for (let place = order.next(); place !== null; place = order.next()) found.push(place);
  return found;
}

it("goes from the middle outwards while nobody has chosen a slice, and leaves out what is done", () => {
  expect(all(new ReadingOrder(7))).toEqual([3, 2, 4, 1, 5, 0, 6]);
  expect(all(new ReadingOrder(6))).toEqual([2, 1, 3, 0, 4, 5]);
  const isDone = (place: number): boolean => place === 2;
  expect(all(new ReadingOrder(5, () => 4, isDone))).toEqual([4, 3, 1, 0]);
  expect(all(new ReadingOrder(0))).toEqual([]);
});

it("gives out each place once, whatever is looked at meanwhile: always the nearest that is left", () => {
  const wherever = fc.option(fc.integer({ min: -3, max: 30 }), { nil: null });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.array(wherever), (count, looks) => {
      let at: number | null = null;
      const order = new ReadingOrder(count, () => at);
      const left = new Set(Array.from({ length: count }, (_, place) => place));
      for (const look of [...looks, ...Array.from({ length: count }, () => at)]) {
        at = look;
        const center = Math.max(0, Math.min(count - 1, at ?? Math.floor((count - 1) / 2)));
        const nearest = Math.min(...[...left].map((place) => Math.abs(place - center)));
        const place = order.next();
        if (left.size === 0) expect(place).toBeNull();
        else expect(Math.abs((place ?? Infinity) - center)).toBe(nearest);
        if (place !== null) expect(left.delete(place)).toBe(true);
      }
      expect(left.size).toBe(0);
    }),
  );
});
