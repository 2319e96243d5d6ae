// One candidate in full: site, route, reason, place and measures.
import type { Vec3 } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { boundingBox } from "#voxels/box";
import type { DenisZone, SacralLevel } from "../model/findings.ts";
import type { LocalText } from "../model/sites.ts";
import type { MeasuredPart } from "./candidates.ts";
import type { Foramen } from "./foramina.ts";
import { nearestForamen } from "./foramina.ts";
import { JOINT_HALF_MM } from "./joint-space.ts";
import type { Landmarks } from "./landmarks.ts";
import { NEAR_NERVE_MM, NERVE_COURSE_MM, pelvicSurface, toNervesMm } from "./nerve-course.ts";
import { canalHas } from "./leak-region.ts";
import { depthInside, depthWhere, estimateLeakVolume, type LeakSurroundings } from "./leak-volume.ts";
import type { Candidate, ProposeOptions } from "./proposal.ts";
import { gapBetween, type ShapeKind } from "./shape.ts";
import { leftOfMidlineMm, sideOf } from "./side.ts";
import { reasonSentence, scoreSites } from "./site-proposal.ts";

const SHAPE_ZH: Readonly<Record<ShapeKind, string>> = {
  tubular: "管状",
  sheet: "片状",
  blob: "团块状",
  "straight column": "直柱状",
};

/** From bone to free space, mm of depth: the envelope lies on the cortex; the canal as found takes in the inner slope of its wall. */
const SURFACE_RAMP_MM = [-0.2, 0.7] as const;
const CANAL_RAMP_MM = [0.5, 1.5] as const;

export function describeCandidate(
  volume: CtVolume,
  measured: MeasuredPart,
  landmarks: Landmarks,
  foramina: readonly Foramen[],
  cementHu: number,
  others: RunMask,
  componentId: string,
  options: ProposeOptions,
): Candidate {
  const { shape, part, mask, points, attached } = measured;
  const scores = scoreSites(measured.evidence);
  const [best, ...rest] = scores;
  // a straight stretch of a vein is a tube; "column" is kept for what a needle left
  const needle = best.route === "needle_track";
  const kind: ShapeKind = shape.kind === "straight column" && !needle ? "tubular" : shape.kind;
  const levels = measured.evidence.bone === "sacrum" ? levelsOf(measured, landmarks) : [];
  const { envelope, canal } = landmarks;
  const uncertainty = envelope.uncertaintyMm(shape.centroidMm);
  const estimate = estimateLeakVolume(volume, mask, {
    others,
    cementHu,
    attached,
    borderMm: uncertainty,
    ...borderWithBone(volume, measured, landmarks),
  });
  const notes: LocalText[] = [...estimate.notes];
  const blastic = options.procedure?.lysis === "blastic" || options.procedure?.lysis === "mixed";
  if (blastic)
    notes.push(
      options.prior
        ? {
            en: "Blastic metastasis: not as dense at this place on the earlier CT",
            zh: "成骨性转移：既往 CT 此处未见同样致密",
          }
        : {
            en: "Blastic metastasis: the border of bone is at most possible; no prior CT was compared",
            zh: "成骨性转移：骨边界仅为可能；未与既往 CT 比较",
          },
    );
  const sacral = measured.evidence.bone === "sacrum";
  const pelvic = sacral ? pelvicSurface(landmarks) : null;
  const nerves = toNervesMm(points, pelvic?.courses ?? []);
  const overAla =
    measured.evidence.inFront > 0.5 && Math.abs(leftOfMidlineMm(landmarks.midline, shape.centroidMm)) > 18;
  notes.push(...nerveNotes(nerves, sacral && overAla));
  const nearest = sacral ? nearestForamen(points, foramina) : null;
  if (nearest && nearest.mm < NEAR_FORAMEN_MM) notes.push(foramenNote(nearest));
  const narrowing = part.compartment === "canal" ? canalNarrowing(measured, landmarks) : null;
  if (narrowing !== null)
    notes.push({
      en: `Takes up to ${Math.round(100 * narrowing)} % of the canal's depth, front to back`,
      zh: `最多占椎管/骶管前后径的 ${Math.round(100 * narrowing)} %`,
    });
  if (part.compartment === "disc")
    notes.push({
      en: `In the disc space, up to ${part.beyondMm.toFixed(1)} mm off the end plate: a disc leak, or cement in a Schmorl node or an end-plate fracture`,
      zh: `位于椎间隙，距终板最远 ${part.beyondMm.toFixed(1)} mm：椎间盘渗漏，或许莫氏结节/终板骨折内的骨水泥`,
    });
  const surelyBeyond =
    part.compartment !== "disc" &&
    part.compartment !== "joint" &&
    part.beyondMm - uncertainty >= 1 &&
    shape.volumeMm3 >= 15;
  return {
    mask,
    site: best.site,
    route: best.route,
    score: best.score,
    reason: reasonSentence(
      {
        attached,
        volumeMm3: shape.volumeMm3,
        beyondMm: part.beyondMm,
        level: levels[0] ?? null,
        shapeEn: kind,
        shapeZh: SHAPE_ZH[kind],
      },
      best,
    ),
    alternatives: rest,
    side: sideOf(landmarks.midline, shape.centroidMm),
    sacralLevels: levels,
    denisZoneOrigin: measured.evidence.bone === "sacrum" ? zoneOf(measured, landmarks, foramina) : null,
    componentId,
    attached,
    neckAreaMm2: attached ? measured.neckAreaMm2 : null,
    volumeMm3: shape.volumeMm3,
    volumeEstimateMm3: estimate.mm3,
    volumeCi95Mm3: estimate.ci95Mm3,
    longestExtentMm: shape.longestMm,
    maxBeyondCortexMm: part.compartment === "canal" ? 0 : part.beyondMm,
    borderUncertaintyMm: uncertainty,
    shape: kind,
    centroidMm: shape.centroidMm,
    toCementMm: measured.toCementMm,
    toCanalMm: canal
      ? Math.min(
          ...points.map((p) => {
            const middle = canal.middleAt(p[2]);
            return middle ? Math.max(0, Math.hypot(p[0] - middle[0], p[1] - middle[1]) - 6) : Infinity;
          }),
        )
      : null,
    canalNarrowing: narrowing,
    toForamenMm: nearest?.mm ?? null,
    toPelvicSurfaceMm: pelvic ? gapBetween(points, pelvic.points) : null,
    toL5RootMm: nerves.l5RootMm,
    toLumbosacralTrunkMm: nerves.trunkMm,
    peakHu: part.peakHu,
    excessHu: measured.excessHu,
    evidence: measured.evidence,
    incomplete: touchesEdge(mask),
    confidence: surelyBeyond && (!blastic || options.prior) && best.score > 0.6 ? "probable" : "possible",
    notes,
  };
}

/** Says what is near; silence is no all-clear, and contact is never excluded. */
function nerveNotes(nerves: ReturnType<typeof toNervesMm>, overAla: boolean): LocalText[] {
  const courses = [
    { mm: nerves.l5RootMm, en: "L5 root", zh: "L5 神经根" },
    { mm: nerves.trunkMm, en: "lumbosacral trunk", zh: "腰骶干" },
  ];
  const near = courses.flatMap(({ mm, en, zh }) =>
    mm !== null && mm <= NEAR_NERVE_MM ? [{ mm: Math.round(mm), en, zh }] : [],
  );
  if (near.length > 0)
    return [
      {
        en: `About ${near.map(({ mm, en }) => `${mm} mm from the ${en}`).join(", ")} (course estimated from the bone, ± ${NERVE_COURSE_MM} mm): nerve contact is not excluded`,
        zh: `${near.map(({ mm, zh }) => `距${zh}约 ${mm} mm`).join("，")}（按骨性标志估计走行，± ${NERVE_COURSE_MM} mm）：不能排除神经接触`,
      },
    ];
  return overAla
    ? [
        {
          en: "In front of the ala: the L5 root and the lumbosacral trunk run here (estimated course); nerve contact is not excluded",
          zh: "骶骨翼前方：L5 神经根与腰骶干走行区（估计），不能排除神经接触",
        },
      ]
    : [];
}

/** Where bone begins for a part: the envelope's surface, canal left free; for a part in the canal, the canal's wall. */
function borderWithBone(
  { grid }: CtVolume,
  { part }: MeasuredPart,
  { envelope, canal, discs, joints }: Landmarks,
): Pick<LeakSurroundings, "depthMm" | "boneRampMm" | "alikeAtDepth"> {
  const inCanal = (p: Vec3) => canalHas(canal, envelope, p);
  if (part.compartment === "canal")
    return {
      depthMm: (box) => depthInside(grid, box, inCanal),
      boneRampMm: CANAL_RAMP_MM,
      alikeAtDepth: false,
    };
  if (part.compartment === "disc" || part.compartment === "joint") {
    const inDisc = (p: Vec3) => discs.map((disc) => disc.depthMm(p) ?? -1);
    const inJoint = (p: Vec3) =>
      joints.map((joint) => JOINT_HALF_MM - Math.abs(joint.acrossMm(p) ?? Infinity));
    const inGap = (p: Vec3) => Math.max(-1, ...(part.compartment === "disc" ? inDisc : inJoint)(p));
    return {
      depthMm: (box) => depthWhere(grid, box, inGap),
      boneRampMm: SURFACE_RAMP_MM,
      alikeAtDepth: true,
    };
  }
  return {
    depthMm: (box) =>
      depthWhere(grid, box, (p) => (inCanal(p) ? Math.max(1, envelope.surfaceMm(p)) : envelope.surfaceMm(p))),
    boneRampMm: SURFACE_RAMP_MM,
    alikeAtDepth: true,
  };
}

function levelsOf({ points }: MeasuredPart, landmarks: Landmarks): SacralLevel[] {
  const found = new Set<SacralLevel>();
  for (const p of points) {
    const level = landmarks.levelAt(p);
    if (level) found.add(level);
  }
  return [...found].sort();
}

/** A foramen is about this wide to either side of its middle, mm. */
const FORAMEN_HALF_MM = 6;
/** From here on a note names the foramen. */
const NEAR_FORAMEN_MM = 8;

function foramenNote({ foramen, mm }: NonNullable<ReturnType<typeof nearestForamen>>): LocalText {
  const side = foramen.side === "left" ? { en: "left", zh: "左" } : { en: "right", zh: "右" };
  return {
    en: `${mm.toFixed(0)} mm from the middle of the ${side.en} ${foramen.level} foramen: root contact is not excluded`,
    zh: `距${side.zh}侧 ${foramen.level} 骶孔中心 ${mm.toFixed(0)} mm：不能排除神经根接触`,
  };
}

/** Denis zone: III the canal, II through the foramina, I the ala. By the nearest foramen of its side; where none is seen by 8 and 24 mm. */
function zoneOf(
  { shape, part }: MeasuredPart,
  { midline }: Landmarks,
  foramina: readonly Foramen[],
): DenisZone {
  if (part.compartment === "canal") return 3;
  const beside = leftOfMidlineMm(midline, shape.centroidMm);
  const off = Math.abs(beside);
  const side = beside > 0 ? "left" : "right";
  const nearest = nearestForamen(
    [shape.centroidMm],
    foramina.filter((foramen) => foramen.side === side),
  );
  const middle = nearest ? Math.abs(leftOfMidlineMm(midline, nearest.foramen.centreMm)) : 16;
  const half = nearest ? FORAMEN_HALF_MM : 8;
  return off < middle - half ? 3 : off < middle + half ? 2 : 1;
}

/** Largest share of the canal's cross-section, slice by slice, that lies within half a voxel of the candidate's front-to-back extent. */
function canalNarrowing({ points }: MeasuredPart, { canal, envelope }: Landmarks): number | null {
  if (!canal) return null;
  const { grid } = envelope;
  const first = grid.slicePositions[0];
  const step = grid.columnSpacingMm;
  let most = 0;
  const bySlice = new Map<number, [number, number]>();
  for (const p of points) {
    const k = Math.round((p[2] - first[2]) / step);
    const span = bySlice.get(k) ?? [Infinity, -Infinity];
    bySlice.set(k, [Math.min(span[0], p[1]), Math.max(span[1], p[1])]);
  }
  for (const [k, [front, back]] of bySlice) {
    if (k < 0 || k >= grid.slices) continue;
    let low = Infinity;
    let high = -Infinity;
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++)
        if (canal.inside[(k * grid.rows + j) * grid.columns + i] === 1) {
          const y = first[1] + j * step;
          low = Math.min(low, y);
          high = Math.max(high, y);
        }
    if (high > low) most = Math.max(most, Math.min(1, (back - front + step) / (high - low + step)));
  }
  return most;
}

function touchesEdge(mask: RunMask): boolean {
  const box = boundingBox(mask);
  if (!box) return false;
  return (
    box.i0 === 0 ||
    box.j0 === 0 ||
    box.k0 === 0 ||
    box.i1 === mask.columns ||
    box.j1 === mask.rows ||
    box.k1 === mask.slices
  );
}
