// A synthetic cohort after the published counts of Tian 2020 (J Pain Res 2020;13:151): 35 patients, 41 lesions, 12 leaks.
// No patient is in it. How the leaks split over approaches was never published: the split here is invented, and so is everything
// that the paper does not print.
import { findingsSchema, SCHEMA_VERSION, type Findings } from "#cement/model/findings";
import { checklistFor, type SiteId } from "#cement/model/sites";
import { tian2020Category } from "#cement/model/category";
import { derivedUid } from "#core/derived-uid";

/** How often each value occurs, so that mean and SD are those of the paper. */
type Histogram = readonly (readonly [value: number, count: number])[];
const values = (histogram: Histogram): number[] =>
  histogram.flatMap(([value, count]) => Array.from({ length: count }, () => value));

/** 7.20 ± 0.93 before, 3.43 ± 1.38 at day 3 (35 patients). */
const VAS_BEFORE = values([
  [9, 2],
  [8, 12],
  [7, 13],
  [6, 7],
  [5, 1],
]);
const VAS_DAY_3 = values([
  [7, 1],
  [6, 2],
  [5, 3],
  [4, 10],
  [3, 10],
  [2, 7],
  [1, 2],
]);
/** Those whose pain falls by less than three: 31 of 35 have relief. Before, and at day 3. */
const WITHOUT_RELIEF = [
  [9, 7],
  [8, 6],
  [8, 6],
  [7, 5],
] as const;

/** 5.20 ± 1.55 mL, 2 to 8, of 41 lesions. */
const CEMENT_ML = values([
  [2, 1],
  [2.5, 1],
  [3, 4],
  [3.5, 3],
  [4, 3],
  [4.5, 6],
  [5.5, 6],
  [6, 3],
  [6.5, 7],
  [7, 5],
  [7.5, 1],
  [8, 1],
]);

const APPROACHES = [
  ["posterior_unspecified", 18],
  ["transiliac", 7],
  ["anterior_oblique", 10],
] as const;
/** Invented: the paper gives no split over approaches. */
const LEAKS: readonly (readonly [
  patient: number,
  site: SiteId,
  route: "vein" | "needle_track" | "cortical_defect",
])[] = [
  [2, "sacral_venous_plexus", "vein"],
  [5, "sacral_venous_plexus", "vein"],
  [9, "sacral_venous_plexus", "vein"],
  [20, "sacral_venous_plexus", "vein"],
  [28, "sacral_venous_plexus", "vein"],
  [7, "puncture_path", "needle_track"],
  [31, "puncture_path", "needle_track"],
  [12, "anterior_epidural_space", "cortical_defect"],
  [23, "anterior_epidural_space", "cortical_defect"],
  [15, "anterior_sacral_space", "cortical_defect"],
  [26, "anterior_sacral_space", "cortical_defect"],
  [33, "anterior_sacral_space", "cortical_defect"],
];
/** Patients with a lesion in either ala. */
const BILATERAL = new Set([3, 9, 14, 21, 27, 34]);
const PATIENTS = 35;
const FEMALES = 11;

export const COHORT_NOTICE =
  "Synthetic cohort made after the printed counts of Tian 2020 (J Pain Res 2020;13:151). No patient is in it; the split of leaks over approaches was not published and is invented.";

export interface SampleCohort {
  readonly findings: readonly Findings[];
  /** pseudonym, timepoint, vas. */
  readonly outcomesCsv: string;
  /** pseudonym, procedure, date, operator, approach, ct. */
  readonly proceduresCsv: string;
  readonly notice: string;
}

const pseudonymOf = (patient: number): string => `S${String(patient).padStart(2, "0")}`;

/** March 2016 to August 2018, a case every 26 days. */
const dateOf = (patient: number): string =>
  new Date(Date.UTC(2016, 2, 3) + (patient - 1) * 26 * 86_400_000).toISOString().slice(0, 10);

function approachOf(patient: number): (typeof APPROACHES)[number][0] {
  // Taken in turns, so that approaches are spread over the years as they would be.
  const order = APPROACHES.flatMap(([name, count]) =>
    Array.from({ length: count }, (_, n) => ({ name, place: (n + 0.5) / count })),
  ).toSorted((a, b) => a.place - b.place);
  return order[patient - 1].name;
}

export function sampleCohort(): SampleCohort {
  let lesionsMade = 0;
  // Spread by a step that is prime to 41, so that large volumes are not all at the end.
  const cementOf = (): number => CEMENT_ML[(lesionsMade++ * 17) % CEMENT_ML.length];
  const findings = Array.from({ length: PATIENTS }, (_, n) => caseOf(n + 1, cementOf));
  return { findings, outcomesCsv: outcomes(), proceduresCsv: procedures(), notice: COHORT_NOTICE };
}

function caseOf(patient: number, cementOf: () => number): Findings {
  const date = dateOf(patient);
  const approach = approachOf(patient);
  const uid = (what: string) => derivedUid("sample cohort", pseudonymOf(patient), what);
  const sides = BILATERAL.has(patient)
    ? (["left", "right"] as const)
    : ([patient % 2 ? "left" : "right"] as const);
  const leak = LEAKS.find(([of]) => of === patient);
  const lesions: Findings["lesions"] = sides.map((side, n) => {
    const injectedVolumeMl = cementOf();
    return {
      lesionId: `L${n + 1}`,
      bone: "sacrum",
      side,
      sacralLevels: ["S1"],
      denisZones: [1],
      pathology: "metastasis",
      lysis: "lytic",
      injectedVolumeMl,
      needles: [{ approach, gauge: 13, side }],
      cement: { volumeMm3: Math.round(injectedVolumeMl * 960), trackingUid: uid(`cement ${n}`) },
      leakage: leak && n === 0 ? "present" : "absent",
    };
  });
  const leaks: Findings["leaks"] = leak
    ? [
        {
          leakId: "K1",
          lesionRef: "L1",
          componentId: "C1",
          site: leak[1],
          route: leak[2],
          tian2020Category: tian2020Category("sacrum", leak[1], leak[2]),
          side: lesions[0].side,
          volumeMm3: 40 + ((patient * 37) % 400),
          max3dDiameterMm: 6 + (patient % 9),
          maxBeyondCortexMm: 5.5 + (patient % 5),
          extentGrade: (patient * 37) % 400 > 60 ? 2 : 1,
          symptom: "asymptomatic",
          confidence: "definite",
        },
      ]
    : [];
  const document: Findings = {
    schemaVersion: SCHEMA_VERSION,
    documentId: uid("findings"),
    createdAt: `${date}T12:00:00.000Z`,
    status: "final",
    definitionsVersion: "project draft",
    notForDiagnosis: `Not for diagnosis. ${COHORT_NOTICE}`,
    software: { name: "Cement Leakage Viewer, sample cohort", version: "1" },
    subject: {
      pseudonym: pseudonymOf(patient),
      sex: patient % 3 === 0 && patient <= 3 * FEMALES ? "F" : "M",
    },
    imaging: {
      studyInstanceUid: uid("study"),
      seriesInstanceUid: uid("series"),
      frameOfReferenceUid: uid("frame of reference"),
      modality: "CT",
      studyDate: date,
      hoursAfterProcedure: 0,
      sliceThicknessMm: 1.25,
      sliceSpacingMm: 1.25,
      pixelSpacingMm: [0.7, 0.7],
      contrast: false,
      fieldOfView: ["sacrum", "pelvis"],
    },
    procedure: {
      procedureId: `SP-${String(patient).padStart(3, "0")}`,
      operatorKey: patient % 2 ? "A" : "B",
      type: "sacroplasty",
      date,
      guidance: ["fluoroscopy"],
      indication: "painful sacral metastasis",
      cement: { product: "Palacos V", manufacturer: "Heraeus" },
      technicalSuccess: { value: "yes", definition: "tian2020" },
    },
    lesions,
    leaks,
    siteAssessments: lesions.flatMap(({ lesionId }, n) =>
      checklistFor("sacrum").map(({ id }) => ({
        lesionRef: lesionId,
        site: id,
        answer: leak && n === 0 && leak[1] === id ? ("present" as const) : ("absent" as const),
      })),
    ),
    notAssessed: ["pulmonary_cement_embolism"],
    readers: [{ readerId: "R1", role: "radiologist", readAt: `${date}T13:00:00.000Z` }],
  };
  return findingsSchema.parse(document);
}

/** Pairs of the two distributions in which exactly four have no relief; both keep their mean and SD. */
function outcomes(): string {
  const left = [VAS_BEFORE, VAS_DAY_3].map((all, which) => {
    const rest = [...all];
    for (const pair of WITHOUT_RELIEF) rest.splice(rest.indexOf(pair[which]), 1);
    return rest.toSorted((a, b) => b - a);
  });
  const pairs = [...left[0].map((before, n) => [before, left[1][n]] as const), ...WITHOUT_RELIEF];
  const lines = pairs.flatMap(([before, after], n) => {
    // 8 is prime to 35: neighbours in the list are not neighbours in pain.
    const pseudonym = pseudonymOf(((n * 8) % PATIENTS) + 1);
    return [`${pseudonym},baseline,${before}`, `${pseudonym},day 3,${after}`];
  });
  return `pseudonym,timepoint,vas\n${lines.toSorted().join("\n")}\n`;
}

function procedures(): string {
  const lines = Array.from({ length: PATIENTS }, (_, n) => {
    const patient = n + 1;
    return `${pseudonymOf(patient)},SP-${String(patient).padStart(3, "0")},${dateOf(patient)},${patient % 2 ? "A" : "B"},${approachOf(patient)},yes`;
  });
  return `pseudonym,procedure,date,operator,approach,ct\n${lines.join("\n")}\n`;
}
