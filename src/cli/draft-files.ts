// The engine's proposal as files: each candidate a leak of a draft that nobody has read, with UIDs and clock from the CT alone.
import { draftFromProposal } from "#cement/engine/draft";
import type { Proposal } from "#cement/engine/proposal";
import { sidesOf } from "#cement/engine/side";
import { volumeEstimator } from "#cement/engine/volume-estimator";
import { caseFiles } from "#cement/exports/bundle";
import { buildFindings, SOFTWARE_NAME } from "#cement/exports/findings";
import type { CaseDocument, Lesion } from "#cement/model/case-document";
import { leakFieldsOfProposed, maskIdOfPart, newCase } from "#cement/model/case-document";
import type { Findings } from "#cement/model/findings";
import { derivedUid } from "#core/derived-uid";
import { type Result, ok } from "#core/problem";
import { problemText } from "#core/problem-text";
import type { LoadedSeries } from "#dicom/load-series";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import type { RunMask } from "#voxels/mask";
import { isPlaced, type ProcedureFile } from "./procedure-file.ts";

const FILE_NAMES = { SEG: "seg.dcm", SR: "sr.dcm", JSON: "findings.json" } as const;

export interface DraftFilesInput {
  readonly ct: LoadedSeries;
  readonly proposal: Proposal;
  readonly procedure: ProcedureFile;
  readonly createdAt: Date;
  /** The study of the earlier CT that was given; it stands in the findings where it could be compared. */
  readonly priorStudyUid?: string;
  /** What is to stand in the findings beside what the series and the engine noticed. */
  readonly remarks: readonly string[];
}

export interface DraftFiles {
  readonly findings: Findings;
  /** By leak id. */
  readonly leakMasks: ReadonlyMap<string, RunMask>;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The same input gives the same bytes. Without cement there is no SEG and no SR (DOMAIN §4.3b). */
export function draftFiles({
  ct,
  proposal,
  procedure,
  createdAt,
  priorStudyUid,
  remarks,
}: DraftFilesInput): Result<DraftFiles> {
  const { context, volume } = ct;
  const drafted = caseOf(context.seriesInstanceUid, proposal, procedure, createdAt);
  const { masks } = drafted;
  const document: CaseDocument = {
    ...drafted.document,
    ...(priorStudyUid && proposal.priorCompared ? { priorStudyUid } : {}),
  };
  const { findings, masks: caseMasks } = buildFindings({
    document,
    masks,
    volume,
    series: context,
    softwareVersion: proposal.engineVersion,
    estimate: estimatesOf(proposal, volumeEstimator(document, masks, volume)),
    readerName: null,
    readerRole: "",
    createdAt,
    ...(procedure.injectedVolumeMl === undefined ? {} : { injectedVolumeMl: procedure.injectedVolumeMl }),
    sideAt: sidesOf(volume),
    verificationLog: [
      ...context.problems.map((problem) => problemText(problem, "en")),
      ...proposal.notes.map((note) => note.en),
      ...notesOf(drafted, proposal),
      ...drafted.remarks,
      ...remarks,
    ],
  });
  // Another result is another object: its UID hangs on all that is said in it.
  const said = JSON.stringify(findings);
  const uids = (what: string) => ({
    sopInstanceUid: derivedUid(context.seriesInstanceUid, "proposed", what, said),
    seriesInstanceUid: derivedUid(context.seriesInstanceUid, "proposed", what, "series"),
  });
  const files = caseFiles(
    {
      findings,
      masks: caseMasks,
      source: context,
      equipment: {
        manufacturer: SOFTWARE_NAME,
        manufacturerModelName: SOFTWARE_NAME,
        deviceSerialNumber: "0",
        softwareVersions: proposal.engineVersion,
      },
      uids: { segmentation: uids("SEG"), report: uids("SR"), keyObjects: uids("KOS") },
      createdAt,
    },
    { encodeSegmentation: writeSegmentation, encodeReport: writeReport, encodeKeyObjects: writeKeyObjects },
  );
  if (!files.ok) return files;
  const unwritten = files.problems.filter((problem) => problem.code !== "export/no-cement");
  return ok(
    {
      findings,
      leakMasks: caseMasks.leaks,
      files: files.value.flatMap(({ kind, bytes }) =>
        kind === "SEG" || kind === "SR" || kind === "JSON" ? [{ name: FILE_NAMES[kind], bytes }] : [],
      ),
    },
    unwritten,
  );
}

/** The engine's own estimates, made with the bone's border in view and held to the truth by `npm run evaluate`; `other` where it made none. */
function estimatesOf(
  proposal: Proposal,
  other: ReturnType<typeof volumeEstimator>,
): (mask: RunMask) => Pick<ReturnType<typeof other>, "mm3" | "ci95Mm3"> {
  const known = new Map(
    [...proposal.candidates, ...proposal.intraosseous].map((part) => [
      part.mask,
      { mm3: part.volumeEstimateMm3, ci95Mm3: part.volumeCi95Mm3 },
    ]),
  );
  return (mask) => known.get(mask) ?? other(mask);
}

interface DraftedCase {
  readonly document: CaseDocument;
  /** By part mask id. */
  readonly masks: ReadonlyMap<string, RunMask>;
  readonly lesionIdOfCast: readonly string[];
  /** What of the procedure file could not be placed on this CT. */
  readonly remarks: readonly string[];
}

function caseOf(
  seriesUid: string,
  proposal: Proposal,
  procedure: ProcedureFile,
  createdAt: Date,
): DraftedCase {
  let made = 0;
  const newUid = (): string => derivedUid(seriesUid, "proposed", "tracking", String(++made));
  const { injectedVolumeMl: _injected, lysis, pathology, lesions: known = [], type, ...facts } = procedure;
  const empty = newCase({
    documentId: derivedUid(seriesUid, "proposed", "document"),
    createdAt: createdAt.toISOString(),
    trackingUid: newUid(),
    procedureType: type ?? (proposal.intraosseous[0]?.bone === "vertebra" ? "vertebroplasty" : "sacroplasty"),
  });
  const stated = statedLesions(known, empty.procedure.type, newUid);
  const { document, masks, lesionIdOfCast } = draftFromProposal(
    {
      ...empty,
      lesions: stated,
      next: { ...empty.next, lesion: stated.length + 1 },
      procedure: { ...empty.procedure, ...facts },
    },
    proposal,
    { newUid, locale: "en" },
  );
  let { leak } = document.next;
  const parts = document.parts.map((part) => {
    if (part.role !== "undecided") return part;
    return part.proposed
      ? { ...part, role: "leak" as const, leak: leakFieldsOfProposed(part.proposed, leak++) }
      : // nobody will look at a draft's queue: what has to be looked at stands in its list
        { ...part, role: "not_cement" as const };
  });
  const total = procedure.injectedVolumeMl;
  // A lesion that has no cement here and no place of its own is not claimed.
  const held = document.lesions.filter(
    ({ lesionId }, n) => lesionIdOfCast.includes(lesionId) || known[n]?.side !== undefined,
  );
  const lesions = held.map((lesion): Lesion => ({
    ...lesion,
    ...(lysis && lesion.lysis === undefined ? { lysis } : {}),
    ...(pathology && lesion.pathology === undefined ? { pathology } : {}),
    // A total over several lesions says nothing of one of them.
    ...(total !== undefined && held.length === 1 && lesion.injectedVolumeMl === undefined
      ? { injectedVolumeMl: total }
      : {}),
  }));
  const lost = stated.filter(({ lesionId }) => !lesionIdOfCast.includes(lesionId));
  return {
    document: { ...document, parts, lesions, next: { ...document.next, leak } },
    masks: new Map([...masks].map(([partId, mask]) => [maskIdOfPart(partId), mask])),
    lesionIdOfCast,
    remarks: [
      ...lost.map(
        ({ bone, vertebra, side, sacralLevels = [] }) =>
          `Procedure file: no cement could be told to be that of the lesion ${[vertebra ?? bone, ...(vertebra ? [] : [side]), ...sacralLevels].join(" ")}`,
      ),
      ...(known.length > stated.length
        ? ["Procedure file: its lesions have no side, levels or vertebra, so which is which is not known"]
        : []),
    ],
  };
}

/** The procedure file's lesions as those of a case. Several without a place can't be told apart: none of them is taken. */
function statedLesions(
  known: NonNullable<ProcedureFile["lesions"]>,
  type: CaseDocument["procedure"]["type"],
  newUid: () => string,
): Lesion[] {
  if (known.length > 1 && !known.every(isPlaced)) return [];
  return known.map(({ bone, side, ...facts }, n) => ({
    lesionId: `L${n + 1}`,
    bone: bone ?? (facts.vertebra || (type !== "sacroplasty" && type !== "other") ? "vertebra" : "sacrum"),
    side: side ?? "midline",
    trackingUid: newUid(),
    ...facts,
  }));
}

/** What the engine notes of a part, under the name that the findings give it. */
function notesOf({ document, lesionIdOfCast }: DraftedCase, proposal: Proposal): string[] {
  const ofLesions = proposal.intraosseous.flatMap((cement, n) =>
    cement.notes.map((note) => `${lesionIdOfCast[n]}: ${note.en}`),
  );
  const ofLeaks = proposal.candidates
    .map((candidate) => ({
      notes: candidate.notes,
      number: document.parts.find((part) => part.leak && part.proposed?.reason === candidate.reason)?.leak
        ?.number,
    }))
    .toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))
    .flatMap(({ notes, number }) => notes.map((note) => `K${number ?? "?"}: ${note.en}`));
  return [...ofLesions, ...ofLeaks];
}
