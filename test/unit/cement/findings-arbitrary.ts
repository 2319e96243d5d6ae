// Valid findings of every kind, made at random, and ways to break one: each names the field that the reader must be told.
import fc from "fast-check";
import { tian2020Category } from "#cement/model/category";
import {
  type Findings,
  type FindingsLeak,
  type FindingsLesion,
  SCHEMA_VERSION,
} from "#cement/model/findings";
import { checklistFor, sitesFor } from "#cement/model/sites";

const uidFor = (n: number): string => `2.25.${1000 + n}`;

const lesionArbitrary = (index: number): fc.Arbitrary<FindingsLesion> =>
  fc
    .record({
      bone: fc.constantFrom("sacrum", "vertebra", "ilium", "other"),
      side: fc.constantFrom("left", "right", "midline"),
      vertebra: fc.constantFrom("T7", "T12", "L1", "L5", "C3"),
      levels: fc.subarray(["S1", "S2", "S3", "S4", "S5"] as const),
      zones: fc.subarray([1, 2, 3] as const),
      pathology: fc.option(fc.constantFrom("metastasis", "insufficiency_fracture", "myeloma", "other")),
      lysis: fc.option(fc.constantFrom("lytic", "blastic", "mixed", "none")),
      injected: fc.option(fc.integer({ min: 0, max: 80 })),
      needles: fc.array(
        fc.record({ approach: fc.constantFrom("posterior_short_axis", "transiliac", "transpedicular") }),
        { maxLength: 3 },
      ),
      cementMm3: fc.option(fc.integer({ min: 1, max: 9000 })),
    })
    .map(({ bone, side, vertebra, levels, zones, pathology, lysis, injected, needles, cementMm3 }) => ({
      lesionId: `L${index + 1}`,
      bone,
      side,
      ...(bone === "vertebra" ? { vertebra } : {}),
      ...(bone === "sacrum" ? { sacralLevels: levels, denisZones: zones } : {}),
      ...(pathology ? { pathology } : {}),
      ...(lysis ? { lysis } : {}),
      ...(injected === null ? {} : { injectedVolumeMl: injected / 10 }),
      ...(needles.length > 0 ? { needles } : {}),
      ...(cementMm3 === null
        ? {}
        : {
            cement: {
              volumeMm3: cementMm3,
              volumeEstimateMm3: cementMm3 * 1.02,
              volumeCi95Mm3: [cementMm3 * 0.9, cementMm3 * 1.2],
              trackingUid: uidFor(index),
              segmentRef: { segSopInstanceUid: uidFor(900), segmentNumber: index + 1 },
            },
          }),
      leakage: "not_assessed",
    }));

const leakArbitrary = (index: number, lesions: readonly FindingsLesion[]): fc.Arbitrary<FindingsLeak> =>
  fc
    .record({
      lesion: fc.integer({ min: -1, max: lesions.length - 1 }),
      site: fc.nat(),
      route: fc.constantFrom("vein", "cortical_defect", "fracture_line", "foramen", "unknown"),
      side: fc.constantFrom("left", "right", "midline"),
      mm3: fc.option(fc.integer({ min: 1, max: 3000 })),
      confidence: fc.constantFrom("definite", "probable", "possible"),
      symptom: fc.constantFrom("asymptomatic", "radicular", "not_assessed"),
      text: fc.string({ minLength: 1, maxLength: 20 }).filter((value) => value.trim() !== ""),
      comment: fc.option(fc.string({ maxLength: 40 })),
      contact: fc.option(fc.constantFrom("none", "contact", "compression")),
      communicated: fc.boolean(),
    })
    .map((value): FindingsLeak => {
      const lesion = lesions[value.lesion] as FindingsLesion | undefined;
      const bone = lesion?.bone ?? null;
      const sites =
        bone === null ? sitesFor("sacrum") : sitesFor(bone).filter((site) => site.bones.includes(bone));
      const site = sites[value.site % sites.length].id;
      return {
        leakId: `K${index + 1}`,
        partId: `P${index + 1}`,
        lesionRef: lesion?.lesionId ?? null,
        componentId: `C${index % 2}`,
        ...(value.mm3 === null
          ? { notMeasurable: "metal" }
          : {
              volumeMm3: value.mm3,
              volumeCi95Mm3: [value.mm3 * 0.8, value.mm3 * 1.3],
              segmentRef: { segSopInstanceUid: uidFor(900), segmentNumber: 100 + index },
            }),
        trackingUid: uidFor(100 + index),
        site,
        ...(site === "other" ? { siteText: value.text } : {}),
        route: value.route,
        tian2020Category: tian2020Category(bone, site, value.route),
        side: value.side,
        symptom: value.symptom,
        confidence: value.confidence,
        ...(value.contact
          ? { neuralRelation: value.contact, ...(value.contact === "none" ? {} : { roots: ["S1"] }) }
          : {}),
        ...(value.communicated ? { communicated: { to: "ward", at: "2026-01-01T10:00:00Z" } } : {}),
        ...(value.comment ? { comment: value.comment } : {}),
      };
    });

export const findingsArbitrary: fc.Arbitrary<Findings> = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => lesionArbitrary(index))))
  .chain((lesions) =>
    fc.record({
      lesions: fc.constant(lesions),
      leaks: fc
        .integer({ min: 0, max: 4 })
        .chain((count) =>
          fc.tuple(...Array.from({ length: count }, (_, index) => leakArbitrary(index, lesions))),
        ),
      status: fc.constantFrom("draft", "final", "amended"),
      answers: fc.array(fc.constantFrom("absent", "not_assessable"), { minLength: 40, maxLength: 40 }),
    }),
  )
  .map(({ lesions, leaks, status, answers }): Findings => {
    let asked = 0;
    return {
      schemaVersion: SCHEMA_VERSION,
      documentId: "d-1",
      createdAt: "2026-01-02T03:04:05.000Z",
      status,
      ...(status === "amended" ? { supersedes: "d-0" } : {}),
      definitionsVersion: "project draft",
      notForDiagnosis: "Not for diagnosis",
      software: { name: "test", version: "1" },
      imaging: {
        studyInstanceUid: "1.2.3",
        seriesInstanceUid: "1.2.4",
        frameOfReferenceUid: "1.2.5",
        modality: "CT",
        sliceSpacingMm: 1,
        pixelSpacingMm: [0.7, 0.7],
      },
      procedure: { type: "other", guidance: ["ct"] },
      lesions: lesions.map((lesion) => ({
        ...lesion,
        leakage: leaks.some((leak) => leak.lesionRef === lesion.lesionId || leak.lesionRef === null)
          ? "present"
          : "absent",
      })),
      leaks,
      siteAssessments: lesions.flatMap((lesion) =>
        checklistFor(lesion.bone).map(({ id: site }) => {
          const leaked = leaks.some(
            (leak) => leak.site === site && (leak.lesionRef === lesion.lesionId || leak.lesionRef === null),
          );
          const answer = leaked ? "present" : answers[asked++ % answers.length];
          return {
            lesionRef: lesion.lesionId,
            site,
            answer,
            ...(answer === "not_assessable" ? { reason: "cut off" } : {}),
          };
        }),
      ),
      readers: [{ readerId: "Reader 1", role: "radiologist", readAt: "2026-01-02T03:04:05.000Z" }],
    };
  });

export interface Break {
  readonly name: string;
  /** The broken document and the field to be named; null where this one can't be broken so. */
  of(findings: Findings): { readonly broken: unknown; readonly where: string } | null;
}

const withLeak = (findings: Findings, change: object): unknown => ({
  ...findings,
  leaks: findings.leaks.map((leak, index) => (index === 0 ? { ...leak, ...change } : leak)),
});
const withLesion = (findings: Findings, change: object): unknown => ({
  ...findings,
  lesions: findings.lesions.map((lesion, index) => (index === 0 ? { ...lesion, ...change } : lesion)),
});
const ifLeak = (findings: Findings, where: string, change: object) =>
  findings.leaks.length > 0 ? { broken: withLeak(findings, change), where: `leaks.0.${where}` } : null;
const signed = (findings: Findings): boolean => findings.status !== "draft";

export const BREAKS: readonly Break[] = [
  { name: "a field left out", of: ({ documentId: _id, ...rest }) => ({ broken: rest, where: "documentId" }) },
  { name: "a word for a number", of: (f) => ifLeak(f, "max3dDiameterMm", { max3dDiameterMm: "12" }) },
  { name: "a negative length", of: (f) => ifLeak(f, "maxBeyondCortexMm", { maxBeyondCortexMm: -1 }) },
  { name: "an unknown site", of: (f) => ifLeak(f, "site", { site: "nowhere" }) },
  {
    name: "an unknown bone",
    of: (f) => ({ broken: withLesion(f, { bone: "femur" }), where: "lesions.0.bone" }),
  },
  {
    name: "a bad UID",
    of: (f) => ({
      broken: { ...f, imaging: { ...f.imaging, studyInstanceUid: "1.2.x" } },
      where: "imaging.studyInstanceUid",
    }),
  },
  { name: "a lesion that isn't there", of: (f) => ifLeak(f, "lesionRef", { lesionRef: "L9" }) },
  {
    name: "a category that doesn't follow",
    of: (f) =>
      ifLeak(f, "tian2020Category", {
        tian2020Category: f.leaks.at(0)?.tian2020Category === "other" ? "puncture_path" : "other",
      }),
  },
  {
    name: "a leakage that contradicts the leaks",
    of: (f) => ({
      broken: withLesion(f, { leakage: f.lesions[0].leakage === "present" ? "absent" : "present" }),
      where: "lesions.0.leakage",
    }),
  },
  {
    name: "an interval the wrong way round",
    of: (f) => ifLeak(f, "volumeCi95Mm3", { volumeCi95Mm3: [5, 4], volumeEstimateMm3: undefined }),
  },
  {
    name: "an estimate outside its interval",
    of: (f) => ifLeak(f, "volumeEstimateMm3", { volumeCi95Mm3: [5, 6], volumeEstimateMm3: 7 }),
  },
  {
    name: "a signed leak without a volume",
    of: (f) =>
      signed(f) ? ifLeak(f, "volumeMm3", { volumeMm3: undefined, notMeasurable: undefined }) : null,
  },
  {
    name: "roots without contact",
    of: (f) => (signed(f) ? ifLeak(f, "roots", { neuralRelation: "none", roots: ["S1"] }) : null),
  },
  {
    name: "Yeom types of a sacral leak",
    of: (f) =>
      signed(f) && f.lesions.find((lesion) => lesion.lesionId === f.leaks.at(0)?.lesionRef)?.bone === "sacrum"
        ? ifLeak(f, "yeomTypes", { yeomTypes: ["B"] })
        : null,
  },
  {
    name: "sacral levels of a vertebra",
    of: (f) =>
      signed(f) && f.lesions[0].bone === "vertebra"
        ? { broken: withLesion(f, { sacralLevels: ["S1"] }), where: "lesions.0.sacralLevels" }
        : null,
  },
  {
    name: "one segment for two things",
    of: (f) => {
      const reference = f.lesions[0].cement?.segmentRef;
      const leak = f.leaks.findIndex((entry) => entry.segmentRef);
      if (!reference || leak < 0) return null;
      const leaks = f.leaks.map((entry, index) =>
        index === leak ? { ...entry, segmentRef: reference } : entry,
      );
      return { broken: { ...f, leaks }, where: `leaks.${leak}.segmentRef.segmentNumber` };
    },
  },
  {
    name: "an absence that a leak contradicts",
    of: (f) => {
      const index = f.siteAssessments.findIndex((entry) => entry.answer === "present");
      if (index < 0) return null;
      const siteAssessments = f.siteAssessments.map((entry, n) =>
        n === index ? { ...entry, answer: "absent" } : entry,
      );
      return { broken: { ...f, siteAssessments }, where: `siteAssessments.${index}.answer` };
    },
  },
  {
    name: "not assessable without a reason",
    of: (f) => {
      const index = f.siteAssessments.findIndex((entry) => entry.answer === "not_assessable");
      if (index < 0 || !signed(f)) return null;
      const siteAssessments = f.siteAssessments.map((entry, n) =>
        n === index ? { ...entry, reason: " " } : entry,
      );
      return { broken: { ...f, siteAssessments }, where: `siteAssessments.${index}.reason` };
    },
  },
  {
    name: "an amendment of nothing",
    of: (f) =>
      f.status === "amended" ? { broken: { ...f, supersedes: undefined }, where: "supersedes" } : null,
  },
  {
    name: "signed by nobody",
    of: (f) => (signed(f) ? { broken: { ...f, readers: [] }, where: "readers" } : null),
  },
  { name: "an unknown field", of: (f) => ({ broken: { ...f, diagnosis: "x" }, where: "the document" }) },
];
