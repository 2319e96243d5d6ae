// The whole engine: from a CT to the cement in bone, leak candidates with site, route and reason, and what was rejected and why.
import type { Vec3, VoxelGrid } from "#core/space";
import { patientFromVoxel, spacingMm } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { emptyMask, forEachRun, isEmpty, RunBuilder } from "#voxels/mask";
import { difference, intersection, overlapCount, union, unionAll } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";
import type { SacralLevel } from "../model/findings.ts";
import type { BoneEnvelope } from "./bone-envelope.ts";
import { boneEnvelope } from "./bone-envelope.ts";
import { findCanal } from "./canal.ts";
import { completeCanalParts } from "./canal-leaks.ts";
import type { RejectedPart } from "./not-a-leak.ts";
import { whyNotALeak } from "./not-a-leak.ts";
import { measureParts } from "./candidates.ts";
import type { DensePart, DenseParts } from "./cement-mask.ts";
import { denseParts, partsOf, withHalo } from "./cement-mask.ts";
import { discParts } from "./disc-leaks.ts";
import { findDiscs } from "./disc-space.ts";
import { describeCandidate } from "./describe-candidate.ts";
import { contrastNote, contrastOf, underContrast } from "./contrast.ts";
import { explainElsewhere } from "./elsewhere.ts";
import { envelopeNote, holdsCement } from "./given-envelope.ts";
import type { Landmarks } from "./landmarks.ts";
import { layerExcess } from "./layer-excess.ts";
import { findForamina } from "./foramina.ts";
import { jointParts } from "./joint-leaks.ts";
import { findJoints } from "./joint-space.ts";
import { findLandmarks } from "./landmarks.ts";
import { massBalance } from "../model/mass-balance.ts";
import { matchOtherSide } from "./mirror.ts";
import { againstOtherSide, findSuspects, surfaceOfOtherSide } from "./suspects.ts";
import { canalHas, leakParts } from "./leak-region.ts";
import { peelCortex } from "./peel-cortex.ts";
import { partFeatures } from "./part-features.ts";
import type { PriorComparison } from "./prior.ts";
import { compareWithPrior, decidedByPrior } from "./prior.ts";
import type { Candidate, Intraosseous, Proposal, ProposeOptions, Rejected } from "./proposal.ts";
import { ENGINE_VERSION } from "./proposal.ts";
import { gapBetween, pointsOf } from "./shape.ts";
import type { Midline } from "./side.ts";
import { patientMidline, sideOf } from "./side.ts";
import { estimateVolume } from "./volume-estimate.ts";
import { joinTraces } from "./thick-traces.ts";
import { inRelativeWords, relativeText } from "./uncalibrated.ts";
import { workingVolume } from "./working-volume.ts";

/** Dense parts this near to each other are worked on together. */
const REGION_GAP_MM = 22;
/** What an earlier CT does not have counts as cement from this share of the plateau and this volume on. */
const NEW_CEMENT_SHARE = 0.3;
const NEW_CEMENT_MM3 = 12;
/** No bone is as bright as this share of the cement's plateau. */
const BRIGHT_TRACE = 0.7;
/** Traces are looked for this far from a region's cement. */
const TRACE_MM = 45;

/** Proposes cement, leaks, sites and rejections for a post-procedure CT. Pure; throws the signal's reason when cancelled. */
export function propose(volume: CtVolume, options: ProposeOptions = {}): Proposal {
  const tick = (fraction: number, step: string) => {
    options.signal?.throwIfAborted();
    options.progress?.(fraction, step);
  };
  tick(0, "cement");
  const all = denseParts(volume);
  if (options.prior) tick(0.1, "earlier CT");
  const earlier = compareWithPrior(volume, all, options.prior, options.signal);
  const { dense, previous } = earlier;
  const rejected: Rejected[] = dense.metal.map((part) =>
    rejection(volume, part.mask, {
      en: `Metal (up to ${part.features.huMax} HU): volume not measurable`,
      zh: `金属（最高 ${part.features.huMax} HU）：体积不可测`,
    }),
  );
  tick(0.15, "midline");
  const midline = patientMidline(volume);
  rejected.push(...previous.map((part) => rejection(volume, part.mask, part.reason)));
  const notes = earlier.note ? [earlier.note] : [];
  const intraosseous: Intraosseous[] = [];
  const candidates: Candidate[] = [];
  if (midline && midline.symmetry < 0.35)
    notes.push({ en: "The median plane is uncertain: check left and right", zh: "正中面不确定：请核对左右" });
  const regions = midline ? groupParts(volume, dense.main, dense.floor.plateauHu) : [];
  regions.forEach((parts, n) => {
    tick(0.2 + (0.75 * n) / regions.length, "bone");
    const elsewhere = regions.flatMap((other) => (other === parts ? [] : other));
    const found =
      midline && proposeRegion(volume, dense, parts, elsewhere, midline, options, `c${n + 1}`, earlier);
    if (!found) {
      for (const part of parts)
        rejected.push(
          rejection(volume, part.mask, {
            en: "Dense, but not in bone and far from any cement in bone",
            zh: "致密影，但不在骨内且远离骨内骨水泥",
          }),
        );
      return;
    }
    if (options.envelope) notes.push(envelopeNote(found.given, n, regions.length));
    intraosseous.push(...found.intraosseous);
    candidates.push(...found.candidates);
    rejected.push(...found.rejected.map(({ mask, reason }) => rejection(volume, mask, reason)));
  });
  if (intraosseous.length === 0)
    notes.push({ en: "No cement was found in bone on this CT.", zh: "该 CT 未发现骨内骨水泥。" });
  // A balance rests on estimates, and those on HU.
  const balance = volume.relative
    ? null
    : massBalance(options.procedure?.injectedVolumeMl, [...intraosseous, ...candidates]);
  if (balance) notes.push(balance.text);
  const contrast = contrastOf(volume, midline, intraosseous[0]?.centroidMm, options.contrastAgent);
  // What the header names stands in the series' own notices.
  if (contrast?.vessel) notes.push(contrastNote(contrast));
  const elsewhere = explainElsewhere(
    volume,
    dense,
    midline,
    { intraosseous, candidates, rejected },
    previous,
  );
  const decided = decidedByPrior(earlier, elsewhere.rejected, elsewhere.notes);
  tick(1, "done");
  const found: Proposal = {
    engineVersion: ENGINE_VERSION,
    floorHu: dense.floor.proposedFloorHu,
    intraosseous,
    candidates: candidates
      .map((candidate) => underContrast(candidate, contrast))
      .sort((a, b) => b.volumeMm3 - a.volumeMm3),
    rejected: decided.rejected,
    notes: [...notes, ...decided.notes],
    priorCompared: earlier.compared,
    ...(contrast ? { contrast } : {}),
  };
  return volume.relative ? withoutHu(found) : found;
}

/** On values that are no HU. */
const withoutHu = (found: Proposal): Proposal => ({
  ...found,
  candidates: inRelativeWords(found.candidates),
  rejected: inRelativeWords(found.rejected),
  notes: found.notes.map(relativeText),
});

function rejection(volume: CtVolume, mask: RunMask, reason: Rejected["reason"]): Rejected {
  const points = pointsOf(mask, volume.grid, 500);
  const sum = points.reduce<Vec3>((a, p) => [a[0] + p[0], a[1] + p[1], a[2] + p[2]], [0, 0, 0]);
  const count = Math.max(1, points.length);
  return {
    mask,
    reason,
    volumeMm3: maskVolumeMm3(mask, volume.grid),
    centroidMm: [sum[0] / count, sum[1] / count, sum[2] / count],
  };
}

/** A lump this large (or a quarter of the largest) can be the cement of a lesion; what is smaller belongs to the nearest one. */
const LESION_MM3 = 800;
/** Cement of one patient is of one kind: a small lump on its own is about as bright as the rest. */
const LEAST_OF_CEMENT = 0.85;
/** A detached leak lies this near to the cement that it came from. */
const LEAK_GAP_MM = 60;

function groupParts(volume: CtVolume, parts: readonly DensePart[], cementHu: number): DensePart[][] {
  const groups: { parts: DensePart[]; points: Vec3[] }[] = [];
  const large = Math.min(LESION_MM3, 0.25 * (parts[0]?.features.volumeMm3 ?? 0));
  for (const part of parts) {
    const points = pointsOf(part.mask, volume.grid, 200);
    const gaps = groups.map((group) => gapBetween(group.points, points));
    const joined = { parts: [part], points };
    const nearest = gaps.indexOf(Math.min(...gaps));
    const small = part.features.volumeMm3 < large && gaps[nearest] < LEAK_GAP_MM;
    for (const group of groups.filter((_, n) => gaps[n] < REGION_GAP_MM || (small && n === nearest))) {
      joined.parts.push(...group.parts);
      joined.points.push(...group.points);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(joined);
  }
  // dense end plates and facets far from the cement are lumps too, but dimmer than this patient's cement
  return groups
    .map((group) => group.parts)
    .filter((group) =>
      group.some(
        ({ features }) => features.volumeMm3 >= large || features.plateauHu >= LEAST_OF_CEMENT * cementHu,
      ),
    );
}

function proposeRegion(
  volume: CtVolume,
  dense: DenseParts,
  parts: readonly DensePart[],
  elsewhere: readonly DensePart[],
  midline: Midline,
  options: ProposeOptions,
  regionId: string,
  earlier: PriorComparison,
) {
  const { grid } = volume;
  const main = unionAll(
    grid,
    parts.map((part) => part.mask),
  );
  const mainPoints = pointsOf(main, grid, 1500);
  const casts = castsOf(parts, grid);
  const traces = dense.other.filter(
    (part) =>
      part.features.volumeMm3 < 1500 && gapBetween(mainPoints, pointsOf(part.mask, grid, 60)) < TRACE_MM,
  );
  // cement of other regions is looked at there; here it only must not pass for bone
  const foreign = unionAll(
    grid,
    elsewhere.map((part) => part.mask),
  );
  const foreignPoints = pointsOf(foreign, grid, 1500);
  const solid = unionAll(grid, [main, foreign, ...[...traces, ...earlier.previous].map((part) => part.mask)]);
  const metal = unionAll(
    grid,
    dense.metal.map((part) => part.mask),
  );
  const hidden = withHalo(isEmpty(metal) ? solid : union(solid, metal), volume, 400);
  const bright = [...parts, ...traces].filter(
    ({ mask, features }) =>
      features.huMax >= BRIGHT_TRACE * dense.floor.plateauHu && overlapCount(mask, casts) === 0,
  );
  const first = workingVolume(
    volume,
    main,
    hidden,
    midline.offsetMm,
    unionAll(
      grid,
      bright.map((part) => part.mask),
    ),
  );
  if (!first) return null;
  const given = options.envelope && holdsCement(options.envelope, main, grid) ? options.envelope : null;
  const bare = boneEnvelope(first, undefined, given);
  options.signal?.throwIfAborted();
  const mirror = matchOtherSide(bare.surface, bare.grid, midline, mainPoints);
  const against = mirror && againstOtherSide(first, bare.surface, mirror);
  const layer = mirror && layerExcess(first, mirror);
  const suspects = against && findSuspects(first, bare, against, pointsOf(main, grid, 250));
  const work = suspects ? { ...first, hidden: first.hidden.map((value, n) => value | suspects[n]) } : first;
  const otherSide = against && mirror && surfaceOfOtherSide(first, against, mirror);
  const envelope = otherSide ? boneEnvelope(work, otherSide, given) : bare;
  options.signal?.throwIfAborted();
  const canal = findCanal(work, envelope, midline);
  const discs = findDiscs(work, envelope, canal, midline);
  const landmarks = findLandmarks(envelope, canal, midline, discs, findJoints(work, canal, midline));

  const foramina = findForamina(work, landmarks);
  const leastHu = Math.max(260, envelope.boneHu + 130);
  const inDiscs = discParts(volume, landmarks, leastHu, dense.floor.plateauHu, against);
  const inJoints = jointParts(volume, main, landmarks.joints, dense.floor.plateauHu);
  const inGaps = unionAll(
    grid,
    [...inDiscs, ...inJoints].map((part) => part.mask),
  );
  const inBone = difference(insideBone(volume, main, envelope, landmarks), inGaps);
  if (maskVolumeMm3(inBone, grid) < 100) return null;
  const bone = treatedBone(inBone, volume, landmarks);
  const found = completeCanalParts(
    volume,
    [...leakParts(volume, envelope, canal, leastHu, against, casts), ...inDiscs, ...inJoints],
    [...parts, ...traces],
    largestOf(parts),
    envelope,
    canal,
  );
  const cementHu = dense.floor.plateauHu;
  const withoutMetal = found
    .filter((part) => isEmpty(metal) || isEmpty(intersection(part.mask, metal)))
    .flatMap((part) => (layer ? peelCortex(volume, part, envelope, layer, cementHu, against) : [part]));
  const [pixelMm, , sliceMm] = spacingMm(grid);
  const scan = { cementHu, sliceMm, pixelMm };
  const measured = measureParts(joinTraces(volume, withoutMetal, envelope, leastHu), {
    volume,
    cement: inBone,
    cementHu,
    landmarks,
    foramina,
    bone,
    against,
    layer,
  });
  const rejected: RejectedPart[] = [];
  const candidates: Candidate[] = [];
  const kept = measured.filter((one) => {
    if (gapBetween(one.points, foreignPoints) < one.toCementMm) return false;
    const doubt = whyNotALeak(one, scan);
    // bone, calcification and phlebolith were there before; what came since and is bright is cement
    const came = doubt !== null && one.part.peakHu > NEW_CEMENT_SHARE * cementHu && earlier.isNew(one.mask);
    const reason =
      (came && one.shape.volumeMm3 >= NEW_CEMENT_MM3 ? null : doubt) ?? earlier.already(one.mask);
    if (reason && one.shape.volumeMm3 >= 3) rejected.push({ mask: one.mask, reason });
    return reason === null;
  });
  const leaks = unionAll(
    grid,
    kept.map((one) => one.mask),
  );
  kept.forEach((one, n) => {
    const others = union(difference(solid, one.mask), difference(leaks, one.mask));
    candidates.push(
      describeCandidate(volume, one, landmarks, foramina, cementHu, others, `${regionId}-${n + 1}`, {
        ...options,
        prior: earlier.comparedAt(one.shape.centroidMm) ? options.prior : undefined,
      }),
    );
  });
  const intraosseous = partsOf(difference(inBone, leaks), grid, 60).map((mask): Intraosseous => {
    const features = partFeatures(volume, mask);
    const estimate = estimateVolume(volume, mask, { cementHu, others: leaks });
    const levels = new Set<SacralLevel>();
    for (const p of pointsOf(mask, grid, 300)) {
      const level = bone === "sacrum" ? landmarks.levelAt(p) : null;
      if (level) levels.add(level);
    }
    return {
      mask,
      bone,
      side: sideOf(midline, features.centroidMm),
      levels: [...levels].sort(),
      volumeMm3: features.volumeMm3,
      volumeEstimateMm3: estimate.mm3,
      volumeCi95Mm3: estimate.ci95Mm3,
      incomplete: features.touchesEdge,
      centroidMm: features.centroidMm,
      notes: estimate.notes,
    };
  });
  return { intraosseous, candidates, rejected, given: given !== null };
}

/** Cement that is no trace: a lump of this size, mm3, and the largest. */
const CAST_MM3 = 500;

const castsOf = (parts: readonly DensePart[], grid: VoxelGrid): RunMask =>
  unionAll(grid, [
    largestOf(parts),
    ...parts.filter(({ features }) => features.volumeMm3 >= CAST_MM3).map(({ mask }) => mask),
  ]);

const largestOf = (parts: readonly DensePart[]): RunMask =>
  parts.reduce((a, b) => (b.features.volumeMm3 > a.features.volumeMm3 ? b : a)).mask;

/** The voxels of the main cement that lie inside the envelope and outside the canal. */
function insideBone(volume: CtVolume, main: RunMask, envelope: BoneEnvelope, { canal }: Landmarks): RunMask {
  if (isEmpty(main)) return emptyMask(volume.grid);
  const builder = new RunBuilder(volume.grid);
  forEachRun(main, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      const p = patientFromVoxel(volume.grid, i, j, k);
      if (envelope.surfaceMm(p) <= 0.4 && !canalHas(canal, envelope, p))
        builder.add(k * volume.grid.rows + j, i, i + 1);
    }
  });
  return builder.finish();
}

/** Sacrum where bone reaches far to both sides (alae, iliac wings) at the cement's height; else a vertebra. */
function treatedBone(
  cement: RunMask,
  volume: CtVolume,
  { envelope, midline }: Landmarks,
): "sacrum" | "vertebra" {
  const points = pointsOf(cement, volume.grid, 400);
  const [x, y, z] = points
    .reduce<Vec3>((a, p) => [a[0] + p[0], a[1] + p[1], a[2] + p[2]], [0, 0, 0])
    .map((v) => v / points.length);
  const middleX =
    (midline.offsetMm - midline.leftward[1] * y - midline.leftward[2] * z) / midline.leftward[0];
  let wide = 0;
  let tried = 0;
  for (const side of [-1, 1])
    for (let off = 28; off <= 56; off += 4)
      for (let dy = -30; dy <= 40; dy += 5) {
        tried++;
        if (envelope.surfaceMm([middleX + side * off, y + dy, z]) < 0) wide++;
      }
  const lateral = Math.abs(x - middleX) > 24;
  return lateral || wide / tried > 0.18 ? "sacrum" : "vertebra";
}
