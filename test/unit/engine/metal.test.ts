// Hardware without streaks is known by its form, a fragment by being brighter than the cement it lies beside; a cast is neither.
import { expect, it } from "vitest";
import { denseParts } from "#cement/engine/cement-mask";
import { ball, either, paintVolume, regularGrid, rod } from "./painted-volume.ts";

const grid = regularGrid([110, 90, 90], [1, 1, 1]);
const bone = { solid: ball([0, 0, 0], 40), hu: 250 };
const lumps = either(ball([-20, 0, 0], 8), ball([-14, 6, 4], 6), ball([-24, -4, -6], 6));

it("a straight rod of even calibre is hardware at 2600 HU, a cast as bright is cement", () => {
  const volume = paintVolume(grid, 50, [
    bone,
    { solid: lumps, hu: 2600 },
    { solid: rod([15, -25, -25], [15, 25, 25], 5), hu: 2600 },
  ]);
  const { main, metal } = denseParts(volume);
  expect(main).toHaveLength(1);
  expect(main[0].features.centroidMm[0]).toBeLessThan(-10);
  expect(metal).toHaveLength(1);
  expect(metal[0].features.centroidMm[0]).toBeGreaterThan(10);
});

it("a thin piece brighter than this patient's cement is metal; one no brighter is not", () => {
  const fragment = rod([20, 10, -4], [20, 10, 4], 1.2);
  const parts = (hu: number) =>
    denseParts(
      paintVolume(grid, 50, [bone, { solid: lumps, hu: 1600 }, { solid: fragment, hu }], { softMm: 0.5 }),
    );
  expect(parts(2900).metal).toHaveLength(1);
  expect(parts(1600).metal).toHaveLength(0);
  expect(parts(2900).main).toHaveLength(1);
});
