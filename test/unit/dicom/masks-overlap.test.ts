// Whether segments share a voxel, against one comparison per voxel.
import fc from "fast-check";
import { expect, it } from "vitest";
import { masksOverlap } from "#dicom/bit-frames";
import { maskFromDense } from "#voxels/paint";

it("tells two of up to four segments that share a voxel", () => {
  const shape = { columns: 9, rows: 3, slices: 2 };
  const voxels = shape.columns * shape.rows * shape.slices;
  let shared = 0;
  fc.assert(
    fc.property(
      // The segment of each voxel (0 is none), and at most one voxel that a second segment holds too.
      fc.array(fc.nat({ max: 4 }), { minLength: voxels, maxLength: voxels }),
      fc.option(fc.tuple(fc.nat({ max: voxels - 1 }), fc.integer({ min: 1, max: 4 })), { nil: null }),
      (owner, extra) => {
        const masks = [1, 2, 3, 4].map((segment) =>
          maskFromDense(
            Uint8Array.from(owner, (own, at) =>
              own === segment || (extra?.[0] === at && extra[1] === segment) ? 1 : 0,
            ),
            shape,
          ),
        );
        const expected = extra !== null && owner[extra[0]] !== 0 && owner[extra[0]] !== extra[1];
        shared += expected ? 1 : 0;
        expect(masksOverlap(masks)).toBe(expected);
      },
    ),
    { seed: 71, numRuns: 300 },
  );
  expect(shared).toBeGreaterThan(50);
});
