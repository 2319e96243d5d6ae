// Brings an exported case back: the findings JSON says what was decided, the SEG holds the voxels.
import type { DecodedSegment, DecodedSegmentation, ImportedObject } from "#contract";
import { fail, ok, type Problem, type Result } from "#core/problem";
import type { RunMask } from "#voxels/mask";
import { maskIdOfPart, type CaseDocument, type LeakFields, type Part } from "../model/case-document.ts";
import type { Findings, FindingsLeak } from "../model/findings.ts";
import type { LocalText } from "../model/sites.ts";
import { gatherObjects } from "./found-objects.ts";
import type { Reading } from "./reading.ts";
import { STEP, WHY } from "./words.ts";

const problemOf = (code: string, text: LocalText, severity: Problem["severity"] = "error"): Problem => ({
  code,
  severity,
  details: {},
  text,
});

/** Lands all of it as one undo step, or nothing. A SEG alone becomes undecided parts. */
export function importCase(reading: Reading, objects: readonly ImportedObject[]): Result<void> {
  const { host } = reading;
  if (reading.document.get().status === "final") return fail(problemOf("cement/signed", WHY.signed));
  const read = readCase(reading, objects);
  if (!read.ok) return read;
  const restored = read.value;
  if (!restored) return ok(undefined, read.problems);
  host.edit(STEP.importFindings, (draft) => {
    for (const id of host.masks.get().keys()) draft.deleteMask(id);
    for (const [partId, mask] of restored.masks) draft.setMask(maskIdOfPart(partId), mask);
    const { at, who, what } = reading.stamp(STEP.importFindings);
    draft.setDocument({
      ...restored.document,
      audit: [...(restored.document.audit ?? []), { at, who, what, about: "case", origin: "imported" }],
    });
  });
  reading.select(restored.document.parts.find((part) => part.role === "leak")?.partId ?? null);
  return ok(undefined, read.problems);
}

/**
 * The case in the files, on the open CT's voxels; nothing of it is changed. Null where they hold no findings and no segment. Reports
 * of others are shown beside the case.
 */
export function readCase(reading: Reading, objects: readonly ImportedObject[]): Result<RestoredCase | null> {
  const { host } = reading;
  const { series } = host.scene.get();
  if (!series) return fail(problemOf("cement/no-case", WHY.noCase));
  if (reading.state.get().busy !== null) return fail(problemOf("cement/busy", WHY.busy));
  const found = gatherObjects(host, series.seriesInstanceUid, objects);
  if (!found.ok) return found;
  const { findings, segmentations, unusable, reports, notes } = found.value;
  if (reports.length > 0) reading.setState({ foreignReports: reports });
  if (!findings && segmentations.length === 0 && unusable.length > 0) return fail(unusable[0]);
  const asNotes = unusable.map((problem): Problem => ({ ...problem, severity: "warning" }));
  if (!findings && segmentations.length === 0) return ok(null, notes);

  const restored = findings
    ? caseFromFindings(findings, segmentations, host.newUid)
    : caseFromSegments(reading.document.get(), segmentations, host.newUid);
  if (restored.missing.length > 0 && unusable.length > 0) return fail(unusable[0]);
  const missing =
    restored.missing.length === 0
      ? []
      : [
          problemOf(
            "findings/segments-missing",
            {
              en: `The voxels of ${restored.missing.join(", ")} were not among the files: open the SEG together with the findings`,
              zh: `文件中缺少 ${restored.missing.join("、")} 的体素：请将 SEG 与结果一同打开`,
            },
            "warning",
          ),
        ];
  const extra = findings ? unreferenced(findings, segmentations) : [];
  return ok(restored, [...notes, ...asNotes, ...missing, ...extra]);
}

/** Segmentations that the findings don't speak of: another program's, or of another version. */
function unreferenced(findings: Findings, segmentations: readonly DecodedSegmentation[]): Problem[] {
  const measured = [
    ...findings.leaks,
    ...findings.lesions.flatMap(({ cement }) => cement ?? []),
    ...(findings.previousCement ?? []),
  ];
  const used = new Set(measured.map(({ segmentRef }) => segmentRef?.segSopInstanceUid));
  const tracked = new Set(measured.map(({ trackingUid }) => trackingUid));
  const left = segmentations
    .filter(({ sopInstanceUid }) => !used.has(sopInstanceUid))
    .flatMap(({ segments }) => segments)
    .filter(({ description }) => !tracked.has(description.trackingUid));
  if (left.length === 0) return [];
  const names = left.map(({ description }) => description.label || String(description.number)).join(", ");
  return [
    problemOf(
      "findings/other-segments",
      {
        en: `Left out, because the findings do not speak of them: the segments ${names}. Open that segmentation by itself to see them`,
        zh: `以下分割未被结果引用，已略过：${names}。可单独打开该分割查看`,
      },
      "info",
    ),
  ];
}

interface RestoredCase {
  readonly document: CaseDocument;
  readonly masks: ReadonlyMap<string, RunMask>;
  readonly missing: readonly string[];
}

/** Exported for tests: the inverse of `buildFindings`. */
export function caseFromFindings(
  findings: Findings,
  decoded: readonly DecodedSegmentation[],
  newUid: () => string,
): RestoredCase {
  const masks = new Map<string, RunMask>();
  const parts: Part[] = [];
  const missing: string[] = [];
  const maskOf = (reference: FindingsLeak["segmentRef"], trackingUid: string | undefined): RunMask | null => {
    const segments = decoded.flatMap((one) => one.segments.map((segment) => ({ one, segment })));
    const hit =
      segments.find(
        ({ one, segment }) =>
          reference !== undefined &&
          one.sopInstanceUid === reference.segSopInstanceUid &&
          segment.description.number === reference.segmentNumber,
      ) ?? segments.find(({ segment }) => trackingUid && segment.description.trackingUid === trackingUid);
    return hit?.segment.mask ?? null;
  };
  // The history names parts by their ids: those that the file gives are kept, all others come after them.
  const { notCement = [], previousCement = [] } = findings;
  const given = [...findings.leaks, ...previousCement, ...notCement].flatMap((entry) => entry.partId ?? []);
  let lastPart = Math.max(0, ...given.map((id) => numberAtEnd(id) ?? 0));
  const freeId = (wanted: string | undefined): string =>
    wanted !== undefined && !parts.some((part) => part.partId === wanted) ? wanted : `P${++lastPart}`;
  const addPart = (
    part: Omit<Part, "partId">,
    mask: RunMask | null,
    name: string,
    wantedId?: string,
  ): void => {
    const partId = freeId(wantedId);
    if (mask) masks.set(partId, mask);
    else if (!part.notMeasurable) missing.push(name); // never had voxels in a file
    parts.push({ partId, ...part });
  };

  const lesions = findings.lesions.map((lesion) => {
    const { cement, leakage: _leakage, ...fields } = lesion;
    const trackingUid = cement?.trackingUid ?? newUid();
    if (cement?.segmentRef)
      addPart(
        {
          role: "intraosseous",
          lesionId: lesion.lesionId,
          componentId: `C-${lesion.lesionId}`,
          origin: "imported",
          trackingUid: newUid(),
          leak: null,
        },
        maskOf(cement.segmentRef, trackingUid),
        `lesion ${lesion.lesionId}`,
      );
    return { ...fields, trackingUid };
  });
  findings.leaks.forEach((leak, index) => {
    const number = numberAtEnd(leak.leakId) ?? index + 1;
    addPart(
      {
        role: "leak",
        lesionId: leak.lesionRef,
        componentId: leak.componentId ?? leak.leakId,
        // What the engine proposed asks for the look without marks also after it has been read back.
        origin: leak.proposal ? "proposed" : "imported",
        trackingUid: leak.trackingUid ?? newUid(),
        ...(leak.method === "local half maximum" && leak.thresholdHu !== undefined
          ? { thresholdHu: leak.thresholdHu }
          : {}),
        ...(leak.notMeasurable ? { notMeasurable: leak.notMeasurable } : {}),
        leak: leakFields(leak, number),
      },
      maskOf(leak.segmentRef, leak.trackingUid),
      `leak ${number}`,
      leak.partId,
    );
  });
  for (const entry of previousCement)
    addPart(
      {
        role: "not_cement",
        previous: true,
        lesionId: null,
        componentId: entry.partId ?? entry.previousId,
        origin: "imported",
        trackingUid: entry.trackingUid ?? newUid(),
        reason: entry.reason,
        leak: null,
        lastKnown: { volumeMm3: entry.volumeMm3 ?? 0, centroidMm: entry.centroidMm },
      },
      maskOf(entry.segmentRef, entry.trackingUid),
      `earlier cement ${entry.previousId}`,
      entry.partId,
    );
  for (const entry of notCement)
    parts.push({
      partId: freeId(entry.partId),
      role: "not_cement",
      lesionId: null,
      componentId: entry.partId,
      origin: "imported",
      trackingUid: newUid(),
      reason: entry.reason,
      ...(entry.notMeasurable ? { notMeasurable: entry.notMeasurable } : {}),
      leak: null,
      ...(entry.centroidMm
        ? { lastKnown: { volumeMm3: entry.volumeMm3 ?? 0, centroidMm: entry.centroidMm } }
        : {}),
    });

  const reader = findings.readers[0];
  const signed = findings.status !== "draft" && reader;
  const floorHu =
    findings.lesions.find((lesion) => lesion.cement?.thresholdHu !== undefined)?.cement?.thresholdHu ??
    findings.imaging.relativeFloor ??
    null;
  const document: CaseDocument = {
    kind: "cement-leakage-case",
    version: 1,
    documentId: findings.documentId,
    createdAt: findings.createdAt,
    status: signed ? "final" : "draft",
    ...(findings.supersedes ? { supersedes: findings.supersedes } : {}),
    ...(findings.terms ? { terms: findings.terms } : {}),
    ...(findings.secondReadOf ? { secondReadOf: findings.secondReadOf } : {}),
    ...(findings.adjudicates ? { adjudicates: findings.adjudicates } : {}),
    ...(findings.pair ? { pair: findings.pair } : {}),
    ...(findings.readers.length > 1 ? { otherReaders: findings.readers.slice(1) } : {}),
    ...(findings.adjudication ? { adjudication: findings.adjudication } : {}),
    ...(signed
      ? {
          signed: {
            readerName: reader.readerId,
            role: reader.role,
            at: reader.readAt ?? findings.createdAt,
            ...(reader.blinded === undefined ? {} : { blinded: reader.blinded }),
          },
        }
      : {}),
    ...(signed ? { unmarkedLook: true } : {}),
    floorHu,
    proposedFloorHu: floorHu,
    parts,
    lesions,
    assessments: findings.siteAssessments
      .filter((entry) => entry.answer !== "present")
      .map(({ lesionRef, ...entry }) => ({ lesionId: lesionRef, ...entry })),
    ...(findings.measurements
      ? {
          measurements: findings.measurements.map(({ measurementId, trackingUid, kind, pointsMm }) => ({
            measurementId,
            trackingUid,
            kind,
            points: pointsMm,
          })),
        }
      : {}),
    procedure: findings.procedure,
    ...(findings.complications ? { complications: findings.complications } : {}),
    ...imagingFactsOf(findings),
    ...(findings.history ? { audit: findings.history } : {}),
    ...(findings.imaging.priorStudyUid ? { priorStudyUid: findings.imaging.priorStudyUid } : {}),
    sideConfirmed: findings.imaging.sideConfirmedByReader ?? false,
    next: {
      leak: 1 + Math.max(0, ...parts.map((part) => part.leak?.number ?? 0)),
      lesion: 1 + Math.max(0, ...lesions.map((lesion) => numberAtEnd(lesion.lesionId) ?? 0)),
      part: lastPart + 1,
    },
  };
  return { document, masks, missing };
}

/** What a reader said of the CT that its headers don't. */
function imagingFactsOf({ imaging }: Findings): Pick<CaseDocument, "imagingFacts"> {
  const { hoursAfterProcedure, marUsed, contrast, vesselHu, fieldOfView } = imaging;
  const facts = {
    ...(hoursAfterProcedure === undefined ? {} : { hoursAfterProcedure }),
    ...(marUsed === undefined ? {} : { marUsed }),
    ...(contrast === undefined ? {} : { contrast }),
    ...(vesselHu === undefined ? {} : { vesselHu }),
    ...(fieldOfView === undefined ? {} : { fieldOfView }),
  };
  return Object.keys(facts).length > 0 ? { imagingFacts: facts } : {};
}

function caseFromSegments(
  before: CaseDocument,
  decoded: readonly DecodedSegmentation[],
  newUid: () => string,
): RestoredCase {
  const masks = new Map<string, RunMask>();
  const parts = decoded
    .flatMap((one) => one.segments)
    .map((segment, index): Part => {
      const partId = `P${index + 1}`;
      masks.set(partId, segment.mask);
      return {
        partId,
        role: "undecided",
        lesionId: null,
        componentId: partId,
        origin: "imported",
        trackingUid: newUid(),
        segment: segmentFacts(segment.description),
        leak: null,
      };
    });
  return {
    document: { ...before, parts, next: { ...before.next, part: parts.length + 1 } },
    masks,
    missing: [],
  };
}

function segmentFacts({
  label,
  number,
  propertyType,
  algorithmType,
  algorithmName,
  displayColor,
}: DecodedSegment["description"]) {
  const { value, scheme, meaning } = propertyType;
  return {
    label: label || `${number}`,
    propertyType: value === "" ? "" : `${meaning} (${value}, ${scheme})`,
    algorithm: [algorithmType.toLowerCase(), algorithmName].filter((word) => word !== "").join(", "),
    color: displayColor,
  };
}

const numberAtEnd = (id: string): number | null => {
  const digits = /(\d+)$/.exec(id)?.[1];
  return digits ? Number(digits) : null;
};

/** The reader's fields of a leak; measured and derived ones are computed again. */
function leakFields(leak: FindingsLeak, number: number): LeakFields {
  return {
    number,
    site: leak.site,
    siteText: leak.siteText,
    route: leak.route,
    side: leak.side,
    sacralLevels: leak.sacralLevels,
    denisZoneOrigin: leak.denisZoneOrigin,
    yeomTypes: leak.yeomTypes,
    alsoPresacral: leak.alsoPresacral,
    neuralRelation: leak.neuralRelation,
    roots: leak.roots,
    canalOccupancy: leak.canalOccupancy,
    cortexInterpolated: leak.cortexInterpolated,
    maxBeyondCortexMm: leak.maxBeyondCortexMm,
    geometry: leak.geometry,
    symptom: leak.symptom,
    complication: leak.complication,
    confidence: leak.confidence,
    proposal: leak.proposal,
    communicated: leak.communicated,
    comment: leak.comment,
    adjudicated: leak.adjudicated,
  };
}
