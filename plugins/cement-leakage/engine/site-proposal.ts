// Site and route of a candidate from a table of weighted evidence: every number that speaks for a site can be read and shown.
import type { Route } from "../model/findings.ts";
import type { LocalText, SiteId } from "../model/sites.ts";
import { siteOf } from "../model/sites.ts";

/** What was measured of a candidate; shares and degrees run from 0 to 1. */
export interface Evidence {
  /** The treated bone. */
  readonly bone: "sacrum" | "vertebra" | "ilium";
  /** Contrast of its brightest voxels over that of a cement rod of the same mass and length: 1 for cement, little for what is wide and faint. */
  readonly concentration: number;
  /** HU mm across the surface more than on the other side; null where that cannot be said. */
  readonly layerHuMm: number | null;
  readonly inCanal: number;
  /** In the front half of the canal. */
  readonly canalFront: number;
  readonly inFront: number;
  readonly behind: number;
  readonly beside: number;
  readonly tubular: number;
  /** Little enough to be a bead or a short stretch of a vein. */
  readonly small: number;
  /** Stands off the surface farther than a vein that runs along it. */
  readonly thick: number;
  /** Straight, longer than wide, pointing away from bone, and its line runs back to the cement. */
  readonly column: number;
  /** Runs along the surface of bone rather than away from it. */
  readonly alongSurface: number;
  readonly attached: boolean;
  /** mm to the nearest bone surface. */
  readonly surfaceMm: number;
  readonly nearForamen: number;
  /** In the disc above the sacrum, or in any disc of a treated vertebra. */
  readonly inDisc: number;
  /** In a disc above L5/S1 though the sacrum was treated. */
  readonly inHigherDisc: number;
  /** In the gap between sacrum and iliac bone. */
  readonly inJoint: number;
  /** In a sacral foramen that is seen. */
  readonly inForamen: number;
}

export interface SiteScore {
  readonly site: SiteId;
  readonly route: Route;
  /** 0 to 1, over all sites. */
  readonly score: number;
  readonly because: readonly LocalText[];
}

interface Row {
  readonly weight: number;
  readonly value: (e: Evidence) => number;
  readonly words: LocalText;
}

const row = (weight: number, value: Row["value"], en: string, zh: string): Row => ({
  weight,
  value,
  words: { en, zh },
});

/** Form only speaks where the place fits: in front of the sacrum; in front of or beside a vertebra. */
const near = (e: Evidence): number => (e.bone === "vertebra" ? Math.max(e.inFront, e.beside) : e.inFront);

const inCanal = row(7, (e) => e.inCanal, "inside the canal", "位于椎管/骶管内");
const inFront = row(3, (e) => e.inFront, "in front of bone", "位于骨前方");
const behind = row(
  2.5,
  (e) => Math.max(e.behind, 0.8 * e.beside),
  "behind or beside bone",
  "位于骨后方或侧方",
);
const tubular = row(2.6, (e) => e.tubular * near(e), "tubular", "呈管状");
const notTubular = row(2.6, (e) => (1 - e.tubular) * near(e), "not tubular", "非管状");
/** A detached bead is a stretch of a vein; a little cement through a breach is small as well. */
const small = row(1.8, (e) => (e.attached ? 0.5 : 1) * e.small * (1 - e.thick) * near(e), "small", "体积小");
const thick = row(1.6, (e) => e.thick * (1 - e.tubular) * near(e), "thick", "较厚");
const along = row(1, (e) => e.alongSurface * near(e), "runs along the surface", "沿骨表面走行");
const attached = row(0.5, (e) => (e.attached ? 1 : 0), "attached", "与骨内骨水泥相连");
const detached = row(0.4, (e) => (e.attached ? 0 : 1), "detached", "与骨内骨水泥分离");
const column = row(
  3.4,
  (e) => e.column,
  "a straight column in line with the cement",
  "与骨内骨水泥同轴的直线柱状",
);
const notColumn = row(2, (e) => 1 - e.column, "off any straight track", "偏离直线通道");
const foramen = row(0.4, (e) => e.nearForamen, "at a foramen", "邻近椎间孔/骶孔");
const disc = row(6, (e) => e.inDisc, "in the disc space", "位于椎间隙");
const higherDisc = row(6, (e) => e.inHigherDisc, "in a disc space above L5/S1", "位于 L5/S1 以上椎间隙");
const anteriorForamen = row(7, (e) => e.inForamen * e.canalFront, "in an anterior foramen", "位于骶前孔内");
const posteriorForamen = row(
  7,
  (e) => e.inForamen * (1 - e.canalFront),
  "in a posterior foramen",
  "位于骶后孔内",
);
const joint = row(6, (e) => e.inJoint, "between sacrum and ilium", "位于骶骨与髂骨之间");
const canalFront = row(2, (e) => e.inCanal * e.canalFront, "in its front half", "位于其前半部");
const canalBack = row(2, (e) => e.inCanal * (1 - e.canalFront), "in its back half", "位于其后半部");
const straightInFront = row(
  3,
  (e) => e.inFront * (1 - 0.8 * e.beside),
  "in front of the vertebra",
  "位于椎体前方",
);
const beside = row(2.5, (e) => e.beside, "beside the vertebra", "位于椎体旁");

interface SiteRule {
  readonly site: SiteId;
  readonly route: (e: Evidence) => Route;
  readonly bias: number;
  readonly rows: readonly Row[];
}

const vein = (): Route => "vein";
const defect = (): Route => "cortical_defect";
const throughForamen = (): Route => "foramen";
const needle = (): Route => "needle_track";
const canalRoute = (e: Evidence): Route => (e.tubular > 0.6 || !e.attached ? "vein" : "cortical_defect");

const SACRAL: readonly SiteRule[] = [
  {
    site: "sacral_venous_plexus",
    route: vein,
    bias: 0,
    rows: [inFront, tubular, small, along, detached, foramen],
  },
  { site: "anterior_sacral_space", route: defect, bias: 0, rows: [inFront, notTubular, thick, attached] },
  { site: "puncture_path", route: needle, bias: 0.6, rows: [behind, column] },
  { site: "paraspinal_gluteal_soft_tissue", route: defect, bias: -2.6, rows: [behind, notColumn] },
  { site: "anterior_epidural_space", route: canalRoute, bias: 0, rows: [inCanal, canalFront] },
  { site: "sacral_canal_other", route: canalRoute, bias: -1.6, rows: [inCanal, canalBack] },
  { site: "l5s1_disc", route: defect, bias: -0.5, rows: [disc] },
  // no site of the sacrum: the reason says which
  { site: "other", route: defect, bias: -0.5, rows: [higherDisc] },
  { site: "anterior_sacral_foramen", route: throughForamen, bias: -1, rows: [anteriorForamen] },
  { site: "posterior_sacral_foramen", route: throughForamen, bias: -1, rows: [posteriorForamen] },
  { site: "sacroiliac_joint", route: defect, bias: -0.5, rows: [joint] },
];

const VERTEBRAL: readonly SiteRule[] = [
  { site: "spinal_epidural_space", route: canalRoute, bias: 0, rows: [inCanal] },
  { site: "intervertebral_disc", route: defect, bias: 0, rows: [disc] },
  { site: "prevertebral_vein", route: vein, bias: 0, rows: [straightInFront, tubular, along] },
  { site: "paravertebral_vein", route: vein, bias: 0, rows: [beside, tubular, along] },
  {
    site: "paravertebral_soft_tissue",
    route: defect,
    bias: -0.2,
    rows: [row(2.5, (e) => Math.max(e.beside, e.inFront), "beside the vertebra", "位于椎体旁"), notTubular],
  },
  { site: "vertebral_puncture_path", route: needle, bias: -0.3, rows: [behind, column] },
];

/** All sites of the bone with their scores, best first; scores add up to 1. Each names the two strongest reasons it has. */
export function scoreSites(evidence: Evidence): SiteScore[] {
  const rules = evidence.bone === "vertebra" ? VERTEBRAL : SACRAL;
  const totals = rules.map(
    (rule) => rule.bias + rule.rows.reduce((sum, r) => sum + r.weight * r.value(evidence), 0),
  );
  const top = Math.max(...totals);
  const parts = totals.map((total) => Math.exp(total - top));
  const sum = parts.reduce((a, b) => a + b, 0);
  return rules
    .map((rule, n) => ({
      site: rule.site,
      route: rule.route(evidence),
      score: parts[n] / sum,
      because: rule.rows
        .map((r) => ({ words: r.words, speaks: r.weight * r.value(evidence) }))
        .filter((r) => r.speaks > 0.35)
        .sort((a, b) => b.speaks - a.speaks)
        .slice(0, 3)
        .map((r) => r.words),
    }))
    .sort((a, b) => b.score - a.score);
}

export interface ReasonFacts {
  readonly attached: boolean;
  readonly volumeMm3: number;
  readonly beyondMm: number;
  readonly level: string | null;
  readonly shapeEn: string;
  readonly shapeZh: string;
}

/** One sentence in plain words: "detached, 43 mm³, 2.1 mm beyond the S1 cortex, tubular, …: sacral venous plexus". */
export function reasonSentence(facts: ReasonFacts, best: SiteScore): LocalText {
  const { name } = siteOf(best.site);
  const mm3 = Math.round(facts.volumeMm3);
  const beyond = facts.beyondMm.toFixed(1);
  const inside = best.because.some((words) => /canal|disc|foramen|between/.test(words.en));
  const level = facts.level ? `${facts.level} ` : "";
  // what the sentence has said already is not said twice
  const said = [facts.shapeEn, "attached", "detached"];
  const because = best.because.filter(
    (words) => !said.some((word) => words.en === word || words.en === `a ${word}`),
  );
  return {
    en: [
      facts.attached ? "attached" : "detached",
      `${mm3} mm³`,
      ...(inside ? [] : [`up to ${beyond} mm beyond the ${level}cortex`]),
      facts.shapeEn,
      ...because.map((words) => words.en),
    ]
      .join(", ")
      .concat(`: ${name.en[0].toLowerCase()}${name.en.slice(1)}`),
    zh: [
      facts.attached ? "相连" : "分离",
      `${mm3} mm³`,
      ...(inside ? [] : [`最远超出${level}皮质 ${beyond} mm`]),
      facts.shapeZh,
      ...because.map((words) => words.zh),
    ]
      .join("，")
      .concat(`：${name.zh}`),
  };
}
