// The evidence table: place decides first, form second, and every proposal says why.
import { expect, it } from "vitest";
import type { Evidence } from "../../../plugins/cement-leakage/engine/site-proposal.ts";
import { reasonSentence, scoreSites } from "../../../plugins/cement-leakage/engine/site-proposal.ts";

const nothing: Evidence = {
  bone: "sacrum",
  concentration: 1,
  layerHuMm: null,
  inCanal: 0,
  canalFront: 0,
  inFront: 0,
  behind: 0,
  beside: 0,
  tubular: 0,
  small: 0,
  thick: 0,
  column: 0,
  alongSurface: 0,
  attached: true,
  surfaceMm: 1,
  nearForamen: 0,
  inDisc: 0,
  inHigherDisc: 0,
  inJoint: 0,
  inForamen: 0,
};

it.each([
  ["anterior_epidural_space", { inCanal: 1, canalFront: 0.9 }],
  ["sacral_canal_other", { inCanal: 1, canalFront: 0 }],
  ["sacral_venous_plexus", { inFront: 1, tubular: 1, alongSurface: 1 }],
  ["anterior_sacral_space", { inFront: 1, thick: 1 }],
  ["l5s1_disc", { inDisc: 1 }],
  ["other", { inHigherDisc: 1 }],
  ["sacroiliac_joint", { inJoint: 1 }],
  ["anterior_sacral_foramen", { inForamen: 1, canalFront: 1 }],
  ["posterior_sacral_foramen", { inForamen: 1, canalFront: 0 }],
  ["puncture_path", { behind: 1, column: 1 }],
  ["spinal_epidural_space", { bone: "vertebra", inCanal: 1 }],
  ["prevertebral_vein", { bone: "vertebra", inFront: 1, tubular: 1, alongSurface: 1 }],
  ["vertebral_puncture_path", { bone: "vertebra", behind: 1, column: 1 }],
] as const)("proposes %s", (site, evidence) => {
  const [best, ...others] = scoreSites({ ...nothing, ...evidence });
  expect(best.site).toBe(site);
  expect(best.because.length).toBeGreaterThan(0);
  expect(best.score + others.reduce((sum, other) => sum + other.score, 0)).toBeCloseTo(1, 9);
});

it("never proposes a sacral site for a vertebra or the other way round", () => {
  const sites = (bone: Evidence["bone"]) => new Set(scoreSites({ ...nothing, bone }).map(({ site }) => site));
  for (const site of sites("vertebra")) expect(sites("sacrum").has(site)).toBe(false);
});

it("says its reason in one sentence in both languages, with size, distance and level", () => {
  const [best] = scoreSites({ ...nothing, inFront: 1, tubular: 1, attached: false });
  const text = reasonSentence(
    { attached: false, volumeMm3: 43.2, beyondMm: 2.14, level: "S1", shapeEn: "tubular", shapeZh: "管状" },
    best,
  );
  expect(text.en).toBe(
    "detached, 43 mm³, up to 2.1 mm beyond the S1 cortex, tubular, in front of bone: sacral venous plexus",
  );
  expect(text.zh).toContain("骶静脉丛");
});
