// What an earlier CT changes in the proposal, on a phantom with cement of an earlier vertebroplasty.
import { beforeAll, describe, expect, it } from "vitest";
import type { CtVolume } from "#core/volume";
import { overlapCount } from "#voxels/set-operations";
import { voxelCount } from "#voxels/mask";
import type { Proposal } from "../../../plugins/cement-leakage/engine/proposal.ts";
import { propose } from "../../../plugins/cement-leakage/engine/propose.ts";
import type { Phantom } from "../../../sample-data/make-phantom.ts";
import { makePhantom } from "../../../sample-data/make-phantom.ts";
import { movedScan } from "../../../sample-data/moved-scan.ts";
import { SMALL } from "../sample-data/small-phantom.ts";

const MOTION = { turn: [0.08, -0.04, 0.05], shiftMm: [12, -20, 90] } as const;
const OPTIONS = { ...SMALL, case: "previous-cement", seed: 5 } as const;

let phantom: Phantom;
let prior: CtVolume;
let without: Proposal;
let compared: Proposal;

beforeAll(() => {
  phantom = makePhantom(OPTIONS, 0.5);
  const before = makePhantom({ ...OPTIONS, before: true }, 0.5).volume;
  prior = movedScan(before, { motion: MOTION, pixelMm: 1.2, sliceMm: 2.5, noiseHu: 15, seed: 9 });
  without = propose(phantom.volume, { procedure: { lysis: "blastic" } });
  compared = propose(phantom.volume, { prior, procedure: { lysis: "blastic" } });
}, 180_000);

const onEarlier = (proposal: Proposal) =>
  proposal.rejected.filter((part) => part.reason.en.startsWith("Already on the earlier CT"));

describe("with an earlier CT", () => {
  it("earlier cement is listed as such and kept out of cement and leaks", () => {
    const old = phantom.masks.mimics.get("M20");
    if (!old) throw new Error("the phantom has no earlier cement");
    const heldBy = (parts: readonly { mask: Parameters<typeof overlapCount>[0] }[]) =>
      parts.reduce((sum, part) => sum + overlapCount(part.mask, old), 0) / voxelCount(old);
    expect(heldBy(without.intraosseous)).toBeGreaterThan(0.5);
    expect(heldBy(compared.intraosseous)).toBeLessThan(0.02);
    expect(heldBy(compared.candidates)).toBe(0);
    const listed = onEarlier(compared).filter((part) =>
      /cement of an earlier procedure/.test(part.reason.en),
    );
    expect(heldBy(listed)).toBeGreaterThan(0.5);
    expect(listed.every((part) => part.kind === "previous")).toBe(true);
    // what is no cement of the earlier procedure is not called so
    const other = compared.rejected.filter((part) => part.kind === "previous" && !listed.includes(part));
    for (const part of other) expect(overlapCount(part.mask, old)).toBeGreaterThan(0);
    expect(without.rejected.some((part) => part.kind === "previous")).toBe(false);
    expect([compared.priorCompared, without.priorCompared]).toEqual([true, false]);
    expect(listed.every((part) => part.reason.zh.includes("既往"))).toBe(true);
  });

  it("new cement stays: the cast, and every leak that was found without it", () => {
    const cast = [...phantom.masks.intraosseous.values()][0];
    const held = compared.intraosseous.reduce((sum, part) => sum + overlapCount(part.mask, cast), 0);
    expect(held / voxelCount(cast)).toBeGreaterThan(0.8);
    const found = (proposal: Proposal) =>
      [...phantom.masks.leaks].filter(([, leak]) =>
        proposal.candidates.some(
          (one) => overlapCount(one.mask, leak) >= 0.25 * voxelCount(one.mask) && voxelCount(one.mask) > 0,
        ),
      ).length;
    expect(found(without)).toBeGreaterThan(0);
    expect(found(compared)).toBe(found(without));
  });

  it("says how far off the registration is, in both languages; without one each call is marked", () => {
    expect(compared.notes[0].en).toMatch(/^Earlier CT compared: .* 0\.\d mm/);
    expect(compared.notes[0].zh).toMatch(/0\.\d mm/);
    expect(without.notes.some((note) => note.en.startsWith("Earlier CT"))).toBe(false);
    const judged = (proposal: Proposal) =>
      proposal.rejected.filter((part) => part.kind !== "metal" && part.volumeMm3 >= 5);
    expect(judged(compared).length).toBeGreaterThan(0);
    for (const part of judged(without)) expect(part.reason.en).toMatch(/\(no prior\)$/);
    for (const part of judged(compared))
      expect(part.reason.en).toMatch(/^Already on the earlier CT|\(not on the earlier CT\)$/);
  });

  it("a blastic lesion's border is at most possible only where nothing was compared", () => {
    for (const one of without.candidates) {
      expect(one.confidence).toBe("possible");
      expect(one.notes.some((note) => /no prior CT was compared/.test(note.en))).toBe(true);
    }
    for (const one of compared.candidates)
      expect(one.notes.some((note) => /no prior CT was compared/.test(note.en))).toBe(false);
  });
});

describe("an earlier CT that can't decide", () => {
  it("is not used where it is not from before the procedure", () => {
    const same = propose(phantom.volume, {
      prior: movedScan(phantom.volume, { motion: MOTION, pixelMm: 1, sliceMm: 1.5, noiseHu: 10, seed: 2 }),
    });
    expect(same.notes[0].en).toMatch(/not used: all dense lumps/);
    expect(same.intraosseous.length).toBe(without.intraosseous.length);
    expect(same.priorCompared).toBe(false);
    expect(onEarlier(same)).toEqual([]);
  }, 60_000);

  it("is not used where it shows another part of the body", () => {
    const { grid, hu, ...rest } = prior;
    const feet = { ...rest, grid, hu: hu.map((value) => Math.min(value, 60)) };
    const proposal = propose(phantom.volume, { prior: feet });
    expect(proposal.notes[0].en).toMatch(/^Earlier CT not used: too little bone/);
    expect(onEarlier(proposal)).toEqual([]);
  }, 60_000);
});
