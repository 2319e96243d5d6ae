// Twenty varied cases as a reader would have written them, for what every export has to hold: bones, sites, metal, amendments, second reads.
import type { VoxelGrid } from "#core/space";
import type { RunMask } from "#voxels/mask";
import type {
  CaseDocument,
  LeakFields,
  Lesion,
  Part,
} from "../../../plugins/cement-leakage/model/case-document.ts";
import { checklistFor } from "../../../plugins/cement-leakage/model/sites.ts";
import { box, type openedCase } from "./written-case.ts";

type Case = Awaited<ReturnType<typeof openedCase>>;

const sacral = (more: Partial<Lesion> = {}): Lesion => ({
  lesionId: "L1",
  bone: "sacrum",
  side: "left",
  trackingUid: "2.25.501",
  ...more,
});
const vertebral = (more: Partial<Lesion> = {}): Lesion =>
  sacral({ bone: "vertebra", vertebra: "L3", side: "midline", ...more });

const leak = (number: number, site: LeakFields["site"], more: Partial<LeakFields> = {}): LeakFields => ({
  number,
  site,
  route: "unknown",
  side: "left",
  symptom: "not_assessed",
  confidence: "definite",
  ...more,
});

interface Written {
  readonly lesions?: readonly Lesion[];
  /** With the lesion that each belongs to; "L1" where not said. */
  readonly leaks?: readonly (LeakFields & { readonly of?: string | null; readonly metal?: true })[];
  readonly more?: Partial<CaseDocument>;
  readonly unanswered?: true;
}

/** Cement in each lesion, the leaks beside it, and every other line of each checklist answered in turn. */
function write(one: Case, { lesions = [sacral()], leaks = [], more = {}, unanswered }: Written): void {
  const { grid } = one.volume;
  const masks: Record<string, RunMask> = {};
  const parts: Part[] = [];
  const add = (
    part: Omit<Part, "partId" | "componentId" | "trackingUid" | "origin">,
    mask: RunMask | null,
  ) => {
    const partId = `P${parts.length + 1}`;
    if (mask) masks[partId] = mask;
    parts.push({
      partId,
      componentId: `C-${partId}`,
      trackingUid: `2.25.60${parts.length}`,
      origin: "painted",
      ...part,
    });
  };
  lesions.forEach(({ lesionId }, index) =>
    add({ role: "intraosseous", lesionId, leak: null }, box(grid, 4 + 9 * index, 22, 8, 7)),
  );
  leaks.forEach(({ of = "L1", metal, ...fields }, index) =>
    add(
      { role: "leak", lesionId: of, leak: fields, ...(metal ? { notMeasurable: "metal" as const } : {}) },
      metal ? null : box(grid, 2 + 7 * index, 3, 3, 4),
    ),
  );
  const before = one.reading.document.get();
  const assessments = unanswered
    ? []
    : lesions.flatMap((lesion) =>
        checklistFor(lesion.bone)
          .filter(
            ({ id, bones }) =>
              !leaks.some(
                ({ site, of = "L1" }) =>
                  site === id && (of === lesion.lesionId || (of === null && bones.includes(lesion.bone))),
              ),
          )
          .map(({ id }, index) =>
            index % 3 === 2
              ? {
                  lesionId: lesion.lesionId,
                  site: id,
                  answer: "not_assessable" as const,
                  reason: 'cut off, "so"',
                }
              : { lesionId: lesion.lesionId, site: id, answer: "absent" as const },
          ),
      );
  one.write(
    {
      ...before,
      floorHu: 900,
      proposedFloorHu: 900,
      lesions: [...lesions],
      parts,
      assessments,
      unmarkedLook: true,
      next: { leak: leaks.length + 1, lesion: lesions.length + 1, part: parts.length + 1 },
      ...more,
    },
    masks,
  );
}

const full: CaseDocument["procedure"] = {
  type: "sacroplasty",
  date: "2026-01-01",
  procedureId: "PR-7",
  operatorKey: "OP-3",
  guidance: ["fluoroscopy", "cbct"],
  indication: 'pain, "7/10"; =1+1',
  cement: {
    product: "Palacos V",
    manufacturer: "Heraeus",
    lot: "A1",
    udi: "(01)1",
    radiopacifier: "zirconium_dioxide",
    radiopacifierPct: 15,
    viscosity: "high",
  },
  adjunct: ["rfa"],
  technicalSuccess: { value: "yes", definition: "other", text: "cement in the lesion" },
};

export const TWENTY_CASES: Readonly<Record<string, Written | ((one: Case, grid: VoxelGrid) => void)>> = {
  "no leak": {},
  "nothing answered yet": { unanswered: true },
  "one leak": { leaks: [leak(1, "sacral_venous_plexus", { route: "vein", alsoPresacral: true })] },
  "four mission sites": {
    leaks: [
      leak(1, "sacral_venous_plexus"),
      leak(2, "puncture_path", { route: "needle_track" }),
      leak(3, "anterior_epidural_space", {
        canalOccupancy: "25to50",
        neuralRelation: "compression",
        roots: ["S1"],
      }),
      leak(4, "anterior_sacral_space", { confidence: "possible", cortexInterpolated: true }),
    ],
  },
  "two lesions": {
    lesions: [
      sacral(),
      sacral({ lesionId: "L2", side: "right", trackingUid: "2.25.502", denisZones: [1, 2] }),
    ],
    leaks: [leak(1, "puncture_path"), { ...leak(2, "sacroiliac_joint"), of: "L2" }],
  },
  "an unattributed leak": {
    lesions: [sacral(), sacral({ lesionId: "L2", side: "right", trackingUid: "2.25.502" })],
    leaks: [{ ...leak(1, "iliac_vein", { side: "right" }), of: null }],
  },
  "a vertebra": {
    lesions: [vertebral()],
    leaks: [leak(1, "intervertebral_disc", { yeomTypes: ["D", "B"], side: "midline" })],
    more: { procedure: { type: "vertebroplasty" } },
  },
  "two vertebrae, kyphoplasty": {
    lesions: [vertebral(), vertebral({ lesionId: "L2", vertebra: "T12", trackingUid: "2.25.502" })],
    leaks: [leak(1, "spinal_epidural_space"), { ...leak(2, "paravertebral_vein"), of: "L2" }],
    more: { procedure: { type: "kyphoplasty", adjunct: ["balloon"] } },
  },
  "sacrum and vertebra": {
    lesions: [sacral(), vertebral({ lesionId: "L2", trackingUid: "2.25.502" })],
    leaks: [{ ...leak(1, "prevertebral_vein"), of: "L2" }],
    more: { procedure: { type: "other" } },
  },
  "an iliac lesion": { lesions: [sacral({ bone: "ilium" })], leaks: [leak(1, "sacroiliac_joint")] },
  "every field of the procedure": { more: { procedure: full } },
  "needles and lesion facts": {
    lesions: [
      sacral({
        sacralLevels: ["S1", "S2"],
        denisZones: [1],
        pathology: "metastasis",
        lysis: "mixed",
        corticalBreachPre: "present",
        injectedVolumeMl: 4.5,
        needles: [{ approach: "posterior_long_axis", gauge: 13, side: "left" }, { approach: "transiliac" }],
      }),
    ],
  },
  "facts of the CT": {
    more: {
      imagingFacts: {
        hoursAfterProcedure: 1.5,
        contrast: false,
        marUsed: true,
        fieldOfView: ["sacrum", "pelvis"],
      },
    },
  },
  "complications of patient and leak": {
    leaks: [
      leak(1, "anterior_sacral_foramen", {
        symptom: "radicular",
        complication: {
          tian2020: "major",
          sir: "major",
          cirseGrade: "3a",
          cirseEdition: "2026",
          sirAdverseEvent: { grade: "moderate", edition: "2017" },
        },
      }),
    ],
    more: {
      complications: [
        { type: "nerve_root_injury", tian2020: "major", text: "S1" },
        { type: "infection", tian2020: "minor", cirseGrade: "2", cirseEdition: "2017" },
      ],
    },
  },
  "urgent and communicated": {
    leaks: [
      leak(1, "iliac_vein", {
        communicated: { to: "the ward", at: "2026-01-02T10:00:00.000Z" },
        comment: "called",
      }),
    ],
  },
  "a site in words": { leaks: [leak(1, "other", { siteText: 'beside the rectum; "left"' })] },
  "metal, not measurable": { leaks: [{ ...leak(1, "puncture_path"), metal: true }] },
  "amended twice": (one) => {
    write(one, { leaks: [leak(1, "puncture_path")] });
    for (const comment of ["first amendment", "second amendment"]) {
      one.signing.sign();
      one.signing.amend();
      one.reading.change({ en: "Comment", zh: "备注" }, ({ document }) => ({
        ...document,
        parts: document.parts.map((part) =>
          part.leak ? { ...part, leak: { ...part.leak, comment } } : part,
        ),
      }));
    }
    one.signing.sign();
  },
  "second-read": (one) => {
    write(one, { leaks: [leak(1, "puncture_path")] });
    one.signing.sign();
    one.second.begin();
    write(one, { leaks: [leak(1, "anterior_sacral_space")] });
    one.signing.sign();
  },
  adjudicated: (one) => {
    write(one, { leaks: [leak(1, "puncture_path"), leak(2, "iliac_vein")] });
    one.signing.sign();
    one.second.begin();
    write(one, { leaks: [leak(1, "puncture_path")] });
    one.signing.sign();
    one.second.adjudicate();
    const differing = one.second.comparison()!.leaks.filter(({ differs }) => differs.length > 0);
    for (const line of differing) one.second.decide(line, "neither", "an artery");
  },
};

/** Writes one of them into an opened case. */
export function writeCase(one: Case, written: (typeof TWENTY_CASES)[string]): void {
  if (typeof written === "function") written(one, one.volume.grid);
  else write(one, written);
}
