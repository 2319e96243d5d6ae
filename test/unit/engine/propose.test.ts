// The whole engine on a phantom it was not written for: leaks found with their site, nothing invented.
import { beforeAll, describe, expect, it } from "vitest";
import { overlapCount, unionAll } from "#voxels/set-operations";
import { voxelCount } from "#voxels/mask";
import { propose } from "../../../plugins/cement-leakage/engine/propose.ts";
import type { Proposal } from "../../../plugins/cement-leakage/engine/proposal.ts";
import { makePhantom, type Phantom } from "../../../sample-data/make-phantom.ts";
import { paintVolume, regularGrid, ball } from "./painted-volume.ts";

const small = { sliceMm: 1.5, columns: 256, fovMm: 230.4, fovCentreYMm: 35, seed: 41 };
const TIMEOUT_MS = 120_000;

describe("a sacrum with four leaks", () => {
  let phantom: Phantom;
  let proposal: Proposal;
  beforeAll(() => {
    phantom = makePhantom(small, 0.4);
    proposal = propose(phantom.volume);
  }, TIMEOUT_MS);

  it("finds at least three of them at the right site and invents none", () => {
    const leaks = [...phantom.masks.leaks.entries()];
    const all = unionAll(
      phantom.volume.grid,
      leaks.map(([, mask]) => mask),
    );
    for (const candidate of proposal.candidates)
      expect(overlapCount(candidate.mask, all)).toBeGreaterThan(0.25 * voxelCount(candidate.mask));
    const right = phantom.truth.leaks.filter((leak) => {
      const mask = phantom.masks.leaks.get(leak.leakId);
      return proposal.candidates.some(
        (candidate) => mask && candidate.site === leak.site && overlapCount(candidate.mask, mask) > 0,
      );
    });
    expect(right.length).toBeGreaterThanOrEqual(3);
  });

  it("measures the cement in bone within 10 %, in the right bone and on the right side", () => {
    const [lesion] = phantom.truth.lesions;
    const total = proposal.intraosseous.reduce((sum, part) => sum + part.volumeEstimateMm3, 0);
    expect(Math.abs(total / lesion.volumeMm3 - 1)).toBeLessThan(0.1);
    expect(proposal.intraosseous[0]).toMatchObject({ bone: "sacrum", side: lesion.side });
  });

  it("gives every candidate and every rejected part a reason in both languages", () => {
    for (const { reason } of [...proposal.candidates, ...proposal.rejected]) {
      expect(reason.en.length).toBeGreaterThan(10);
      expect(reason.zh.length).toBeGreaterThan(3);
    }
    expect(proposal.candidates.every((candidate) => candidate.confidence !== ("definite" as string))).toBe(
      true,
    );
  });
});

it("proposes nothing, in words, where there is no cement", () => {
  const volume = paintVolume(
    regularGrid([90, 80, 50], [1.2, 1.2, 2]),
    40,
    [
      { solid: ball([0, 0, 0], 30), hu: 150 },
      { solid: (p) => Math.max(ball([0, 0, 0], 30)(p), -ball([0, 0, 0], 28)(p)), hu: 900 },
    ],
    { noiseHu: 15 },
  );
  const proposal = propose(volume);
  expect(proposal.candidates).toHaveLength(0);
  expect(proposal.intraosseous).toHaveLength(0);
  expect(proposal.notes.some((note) => note.en.startsWith("No cement"))).toBe(true);
});

it("stops when it is told to", () => {
  const stop = new AbortController();
  stop.abort();
  const volume = paintVolume(regularGrid([20, 20, 10], [2, 2, 2]), 40, []);
  expect(() => propose(volume, { signal: stop.signal })).toThrow();
});
