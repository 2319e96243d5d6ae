// The project's private codes, scheme 99BCLT: only where no standard code could be verified (DOMAIN §3.2).
// When a standard code is verified later, it replaces the private one here, and the private one stays as equivalent code.
import type { CodedConcept, CodingScheme } from "#core/coded-concept";
import type {
  Approach,
  Confidence,
  DenisZone,
  FindingsLeak,
  Guidance,
  Route,
  SacralLevel,
} from "./findings.ts";
import { siteOf, SITES, type LocalTerm, type SiteId } from "./sites.ts";

export const PRIVATE_SCHEME: CodingScheme = {
  designator: "99BCLT",
  uid: "2.25.253034361491743159257768606944040481666",
  name: "Cement Leakage Viewer private codes",
  responsibleOrganization: "Cement Leakage Viewer project",
};

const code = (value: string, meaning: string): CodedConcept => ({
  value,
  scheme: PRIVATE_SCHEME.designator,
  meaning,
});

/** What a segment is. */
export const FINDING_CODES = {
  intraosseous: code("CEM-INTRA", "Intraosseous cement"),
  leak: code("CEM-LEAK", "Extraosseous cement leak"),
  previous: code("CEM-PREVIOUS", "Cement from an earlier procedure"),
} as const;

/** Names of the private content items: Q-… answers, N-… numbers. */
export const CONCEPT_CODES = {
  site: code("Q-SITE", "Cement leakage site"),
  route: code("Q-ROUTE", "Cement leakage route"),
  sacralLevel: code("Q-LEVEL", "Sacral level"),
  denisZone: code("Q-DENIS", "Denis zone"),
  yeomType: code("Q-YEOM", "Yeom leakage type"),
  extentGrade: code("Q-EXTENT", "Leak extent grade"),
  neuralRelation: code("Q-NEURAL", "Neural relation of leak"),
  symptom: code("Q-SYMPTOM", "Symptom status of leak"),
  complicationClass: code("Q-COMPLICATION", "Complication class of leak"),
  cirseGrade: code("Q-CIRSE", "CIRSE complication grade"),
  confidence: code("Q-CONF", "Reader confidence"),
  leakage: code("Q-LEAKPRES", "Cement leakage"),
  technicalSuccess: code("Q-TECHSUCCESS", "Technical success"),
  procedure: code("Q-PROCEDURE", "Augmentation procedure"),
  approach: code("Q-APPROACH", "Puncture approach"),
  guidance: code("Q-GUIDANCE", "Image guidance"),
  cementProduct: code("Q-CEMENT", "Cement product"),
  injectedVolume: code("N-INJVOL", "Injected cement volume"),
  needleCount: code("N-NEEDLES", "Number of needles"),
  beyondCortex: code("N-BEYONDCORTEX", "Maximum distance beyond cortex"),
  toCanal: code("N-TOCANAL", "Distance from leak to sacral or spinal canal"),
  toForamen: code("N-TOFORAMEN", "Distance from leak to nearest foramen seen"),
  toPelvicSurface: code("N-TOPELVIC", "Distance from leak to pelvic surface of sacrum"),
  toL5Estimated: code("N-TOL5-EST", "Distance from leak to estimated course of L5 root"),
  toTrunkEstimated: code("N-TOTRUNK-EST", "Distance from leak to estimated course of lumbosacral trunk"),
  neckArea: code("N-NECKAREA", "Area of leak's neck at the cortex"),
  canalNarrowing: code("N-CANALNARROW", "Canal depth taken by leak"),
  borderUncertainty: code("N-BORDER", "Uncertainty of bone border at leak"),
  foundVolume: code("N-FOUNDVOL", "Cement found on CT, in bone and leaked"),
  foundVolumeLow: code("N-FOUNDVOL-LO", "Cement found on CT, lower 95 % bound"),
  foundVolumeHigh: code("N-FOUNDVOL-HI", "Cement found on CT, upper 95 % bound"),
  missingVolume: code("N-MISSINGVOL", "Injected cement not found on CT"),
  leakFraction: code("N-LEAKFRAC", "Leak fraction of cement volume"),
  threshold: code("N-THRESHOLD", "Segmentation threshold"),
  volumeEstimate: code("N-VOLEST", "Estimated leak or cement volume, partial-volume aware"),
  volumeEstimateLow: code("N-VOLEST-LO", "Estimated volume, lower 95 % bound"),
  volumeEstimateHigh: code("N-VOLEST-HI", "Estimated volume, upper 95 % bound"),
  siteAssessed: code("Q-SITEASSESS", "Leakage site assessed"),
  notCement: code("Q-DISTRACTOR", "Dense structure judged not to be cement"),
} as const;

/** The program's own sites, by id (terms.json). */
export const SITE_CODES: Readonly<Record<string, CodedConcept>> = Object.fromEntries(
  SITES.map(({ id, code: value, scheme, meaning }) => [id, { value, scheme, meaning }]),
);

/** The code of a site, the program's or a department's own. */
export function siteCode(id: SiteId): CodedConcept {
  const { code: value, scheme, meaning } = siteOf(id);
  return SITE_CODES[id] ?? { value, scheme, meaning };
}

/** The schemes of the codes in a document: this project's, and those of the local sites that it carries. */
export const codingSchemesOf = (terms: readonly LocalTerm[] | undefined): CodingScheme[] => [
  PRIVATE_SCHEME,
  ...[...new Set(terms?.map(({ scheme }) => scheme))].map((designator) => ({
    designator,
    name: "Codes of a department's own",
  })),
];

/** By `Route`. */
export const ROUTE_CODES = {
  vein: code("R-VENOUS", "Through vein"),
  cortical_defect: code("R-CORTICAL", "Through cortical defect"),
  needle_track: code("R-NEEDLE", "Along needle track"),
  fracture_line: code("R-FRACTURE", "Through fracture line"),
  foramen: code("R-FORAMEN", "Through foramen"),
  unknown: code("R-UNKNOWN", "Unknown route"),
} as const satisfies Readonly<Record<Route, CodedConcept>>;

/** By Yeom type (vertebrae only). */
export const YEOM_CODES = {
  B: code("Y-B", "Yeom type B, basivertebral vein"),
  S: code("Y-S", "Yeom type S, segmental vein"),
  C: code("Y-C", "Yeom type C, cortical defect"),
  D: code("Y-D", "Type D, intradiscal"),
} as const;

/** By procedure type. */
export const PROCEDURE_CODES = {
  sacroplasty: code("P-SACROPLASTY", "Percutaneous sacroplasty"),
  vertebroplasty: code("P-VERTEBROPL", "Percutaneous vertebroplasty"),
  kyphoplasty: code("P-KYPHOPL", "Percutaneous kyphoplasty"),
} as const;

/** By `Approach`. */
export const APPROACH_CODES = {
  posterior_long_axis: code("AP-POST-LONG", "Posterior long-axis approach"),
  posterior_short_axis: code("AP-POST-SHORT", "Posterior short-axis approach"),
  posterior_unspecified: code("AP-POST-NOS", "Posterior approach, unspecified"),
  transiliac: code("AP-TRANSILIAC", "Transiliac approach"),
  anterior_oblique: code("AP-ANT-OBLIQUE", "Anterior-oblique approach"),
  interpedicular: code("AP-INTERPED", "Interpedicular approach"),
  transpedicular: code("AP-TRANSPED", "Transpedicular approach"),
  parapedicular: code("AP-PARAPED", "Parapedicular approach"),
  other: code("AP-OTHER", "Other approach"),
} as const satisfies Readonly<Record<Approach, CodedConcept>>;

/** By `Guidance`. */
export const GUIDANCE_CODES = {
  fluoroscopy: code("G-FLUORO", "Fluoroscopy"),
  ct: code("G-CT", "CT"),
  ct_fluoroscopy: code("G-CTFLUORO", "CT fluoroscopy"),
  cbct: code("G-CBCT", "Cone-beam CT"),
  navigation: code("G-NAV", "Navigation"),
  combined: code("G-COMBINED", "Combined guidance"),
} as const satisfies Readonly<Record<Guidance, CodedConcept>>;

/** By the symptom answer of a leak. */
export const SYMPTOM_CODES = {
  asymptomatic: code("SY-NONE", "Asymptomatic"),
  radicular: code("SY-RADICULAR", "New radicular pain"),
  deficit: code("SY-DEFICIT", "New neurologic deficit"),
  sphincter: code("SY-SPHINCTER", "Sphincter dysfunction"),
  dyspnea: code("SY-DYSPNEA", "Dyspnea"),
  other: code("SY-OTHER", "Other symptom"),
  not_assessed: code("SY-NA", "Symptoms not assessed"),
} as const satisfies Readonly<Record<FindingsLeak["symptom"], CodedConcept>>;

/** By `Confidence`. */
export const CONFIDENCE_CODES = {
  definite: code("CF-DEFINITE", "Definite"),
  probable: code("CF-PROBABLE", "Probable"),
  possible: code("CF-POSSIBLE", "Possible"),
} as const satisfies Readonly<Record<Confidence, CodedConcept>>;

/** By extent grade 0 to 3 (cut-points are this project's own, DOMAIN §1.6). */
export const EXTENT_CODES = {
  0: code("EX-0", "No leak"),
  1: code("EX-1", "Trace"),
  2: code("EX-2", "Limited"),
  3: code("EX-3", "Extensive"),
} as const;

/** By neural relation. */
export const NEURAL_CODES = {
  none: code("NR-NONE", "No neural contact"),
  contact: code("NR-CONTACT", "Neural contact"),
  compression: code("NR-COMPRESS", "Neural displacement or compression"),
} as const satisfies Readonly<Record<NonNullable<FindingsLeak["neuralRelation"]>, CodedConcept>>;

/** By the answer to technical success. */
export const TECHNICAL_SUCCESS_CODES = {
  yes: code("TS-YES", "Technical success achieved"),
  no: code("TS-NO", "Technical success not achieved"),
} as const;

/** Ala of the sacrum: Denis zone I. */
export const SACRAL_ALA = code("A-SACRAL-ALA", "Ala of sacrum");

/** By `SacralLevel`. */
export const SACRAL_LEVEL_CODES = {
  S1: code("LVL-S1", "S1 segment"),
  S2: code("LVL-S2", "S2 segment"),
  S3: code("LVL-S3", "S3 segment"),
  S4: code("LVL-S4", "S4 segment"),
  S5: code("LVL-S5", "S5 segment"),
} as const satisfies Readonly<Record<SacralLevel, CodedConcept>>;

/** By `DenisZone`. */
export const DENIS_ZONE_CODES = {
  1: code("DENIS-1", "Denis zone I"),
  2: code("DENIS-2", "Denis zone II"),
  3: code("DENIS-3", "Denis zone III"),
} as const satisfies Readonly<Record<DenisZone, CodedConcept>>;
