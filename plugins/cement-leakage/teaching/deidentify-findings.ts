// The findings of a case without what identifies: UIDs, dates and readers by the case's substitutes, free text only where approved.
// Values that were measured are never touched.
import { type Pseudonyms, ageBand } from "#core/pseudonyms";
import { type Findings, type FindingsLeak, type Measures, findingsSchema } from "../model/findings.ts";
import type { LocalTerm, SiteId } from "../model/sites.ts";

/** "L1", "K2", "C-K1", "P12": what the program names things; another id was typed or came from elsewhere. */
const PROGRAM_ID = /^[A-Z]{1,2}(-[A-Z]?\d{1,4})?\d{0,4}$/;
/** Words of the program: how voxels were found, and who reads. */
const METHODS = new Set([
  "local half maximum",
  "threshold, 26-connected",
  "relative threshold, 26-connected",
  "threshold+region-grow",
  "painted",
  "manual",
]);
const ROLES = new Set(["radiologist", "reader", "resident", "interventional radiologist", "adjudicator"]);
const PROGRAM_TRACKING = /^(Lesion [A-Z]\d{1,3} intraosseous cement|[A-Z]\d{1,3})$/;
const KERNEL =
  /^([A-Z][a-z]?\d{2,3}[a-z]{0,2}|FC\d{2}|STANDARD|SOFT|BONE|BONEPLUS|DETAIL|EDGE|LUNG|CHEST|[A-F]|Y[A-C]|U[A-C])$/;

/**
 * A document of its own under the substitutes of the case; `approved` is what the author let stand of each free text (`freeTextsOf`). Left
 * out are history, communication, operator, procedure number, product batch, seen slices and the log in words. Throws ZodError for
 * findings that are not valid to begin with.
 */
export function deidentifyFindings(
  findings: Findings,
  pseudonyms: Pseudonyms,
  approved: ReadonlyMap<string, string>,
): Findings {
  const c = new Change(pseudonyms, approved, findings.terms ?? []);
  const { imaging, procedure, subject } = findings;
  const made = {
    schemaVersion: findings.schemaVersion,
    documentId: c.uid(findings.documentId),
    createdAt: c.date(findings.createdAt),
    status: findings.status,
    supersedes: c.optional(findings.supersedes, c.uid),
    secondReadOf: c.optional(findings.secondReadOf, c.uid),
    adjudicates: findings.adjudicates?.map(c.uid),
    pair: findings.pair && {
      ...findings.pair,
      matchedSites: findings.pair.matchedSites.map((pair) => pair.map(c.site)),
    },
    adjudication: findings.adjudication?.map(({ firstLeakId, secondLeakId, choice, reason }) => ({
      firstLeakId: firstLeakId && c.id(firstLeakId),
      secondLeakId: secondLeakId && c.id(secondLeakId),
      choice,
      reason: c.text(reason),
    })),
    definitionsVersion:
      findings.definitionsVersion === "project draft" ? "project draft" : "a department's own",
    terms: findings.terms?.map(c.term),
    notForDiagnosis: "Teaching case, de-identified. Not for diagnosis.",
    software: {
      name: "Cement Leakage Viewer",
      version: /^[\d.]{1,12}$/.test(findings.software.version) ? findings.software.version : "0",
    },
    subject: {
      pseudonym: pseudonyms.subject,
      ageYears: subject?.ageYears === undefined ? undefined : ageBand(subject.ageYears),
      sex: subject?.sex,
    },
    imaging: {
      ...imaging,
      studyInstanceUid: c.uid(imaging.studyInstanceUid),
      seriesInstanceUid: c.uid(imaging.seriesInstanceUid),
      frameOfReferenceUid: c.uid(imaging.frameOfReferenceUid),
      studyDate: c.optional(imaging.studyDate, c.date),
      priorStudyUid: c.optional(imaging.priorStudyUid, c.uid),
      kernel: imaging.kernel && KERNEL.test(imaging.kernel) ? imaging.kernel : c.text(imaging.kernel),
      contrastAgent: imaging.contrastAgent && (c.text(imaging.contrastAgent) ?? "Contrast agent"),
      patientPosition:
        imaging.patientPosition && /^[HF]F[SP]$|^[HF]FD[LR]$/.test(imaging.patientPosition)
          ? imaging.patientPosition
          : undefined,
    },
    procedure: {
      ...procedure,
      procedureId: undefined,
      operatorKey: undefined,
      date: c.optional(procedure.date, c.date),
      indication: c.text(procedure.indication),
      cement: procedure.cement && {
        ...procedure.cement,
        product: c.text(procedure.cement.product),
        manufacturer: c.text(procedure.cement.manufacturer),
        lot: undefined,
        udi: undefined,
      },
      technicalSuccess: procedure.technicalSuccess && {
        ...procedure.technicalSuccess,
        text: c.text(procedure.technicalSuccess.text),
      },
    },
    lesions: findings.lesions.map((lesion) => ({
      ...lesion,
      lesionId: c.id(lesion.lesionId),
      cement: lesion.cement && { ...lesion.cement, ...c.measures(lesion.cement) },
    })),
    leaks: findings.leaks.map((leak) => leakWithout(leak, c)),
    previousCement: findings.previousCement?.map((previous) => ({
      ...previous,
      ...c.measures(previous),
      previousId: c.id(previous.previousId),
      partId: c.optional(previous.partId, c.id),
      reason: c.text(previous.reason) ?? "Cement of an earlier procedure",
    })),
    massBalance: findings.massBalance,
    siteAssessments: findings.siteAssessments.map((one) => ({
      lesionRef: c.id(one.lesionRef),
      site: c.site(one.site),
      answer: one.answer,
      reason: c.text(one.reason),
      adjudicated: one.adjudicated && {
        documentIds: one.adjudicated.documentIds.map(c.uid),
        reason: c.text(one.adjudicated.reason),
      },
    })),
    notCement: findings.notCement?.map((one) => ({
      ...one,
      partId: c.id(one.partId),
      reason: c.text(one.reason) ?? "Not cement",
    })),
    measurements: findings.measurements?.map((one) => ({
      ...one,
      measurementId: c.id(one.measurementId),
      trackingUid: c.uid(one.trackingUid),
    })),
    notAssessed: findings.notAssessed?.filter(
      (id) => /^[a-z_0-9]{1,40}$/.test(id) && !id.startsWith("local_"),
    ),
    complications: findings.complications?.map((one) => ({
      ...one,
      text: c.text(one.text),
      cirseGrade: one.cirseGrade?.slice(0, 2),
    })),
    readers: findings.readers.map(({ readerId, role, readAt, blinded }) => ({
      readerId: pseudonyms.reader(readerId),
      role: ROLES.has(role) ? role : "reader",
      readAt: c.optional(readAt, c.date),
      blinded,
    })),
    references: findings.references && {
      segSopInstanceUid: c.optional(findings.references.segSopInstanceUid, c.uid),
      srSopInstanceUid: c.optional(findings.references.srSopInstanceUid, c.uid),
      kosSopInstanceUid: c.optional(findings.references.kosSopInstanceUid, c.uid),
    },
    // A figure that is a word may be a file's name; the check goes with its sentences.
    verification: findings.verification?.filter(({ figures }) =>
      Object.values(figures).every((figure) => typeof figure !== "string"),
    ),
  };
  // Undefined fields are left out, as in every findings file.
  return findingsSchema.parse(JSON.parse(JSON.stringify(made)));
}

function leakWithout(leak: FindingsLeak, c: Change): object {
  return {
    ...leak,
    ...c.measures(leak),
    leakId: c.id(leak.leakId),
    partId: c.optional(leak.partId, c.id),
    lesionRef: leak.lesionRef && c.id(leak.lesionRef),
    componentId: c.optional(leak.componentId, c.id),
    site: c.site(leak.site),
    siteText: c.text(leak.siteText),
    roots: leak.roots?.filter((root) => /^[A-Z]\d{1,2}$/.test(root)),
    complication: leak.complication && {
      ...leak.complication,
      cirseGrade: leak.complication.cirseGrade?.slice(0, 2),
    },
    proposal: leak.proposal && { ...leak.proposal, site: c.site(leak.proposal.site) },
    communicated: undefined,
    keyImages: leak.keyImages?.map(({ sopInstanceUid, frame }) => ({
      sopInstanceUid: c.uid(sopInstanceUid),
      frame,
    })),
    comment: c.text(leak.comment),
    adjudicated: leak.adjudicated && {
      origins: leak.adjudicated.origins.map(({ documentId, leakId }) => ({
        documentId: c.uid(documentId),
        leakId: c.id(leakId),
      })),
      reason: c.text(leak.adjudicated.reason),
    },
  };
}

/** What becomes of each kind of value. */
class Change {
  readonly #pseudonyms: Pseudonyms;
  readonly #approved: ReadonlyMap<string, string>;
  readonly #local: readonly string[];

  constructor(pseudonyms: Pseudonyms, approved: ReadonlyMap<string, string>, terms: readonly LocalTerm[]) {
    this.#pseudonyms = pseudonyms;
    this.#approved = approved;
    this.#local = terms.map(({ id }) => id);
  }

  readonly uid = (original: string): string => this.#pseudonyms.uid(original);
  readonly date = (original: string): string => this.#pseudonyms.date(original);
  readonly id = (original: string): string =>
    PROGRAM_ID.test(original) ? original : this.#pseudonyms.label(original);
  readonly text = (original: string | undefined): string | undefined =>
    (original !== undefined && this.#approved.get(original)) || undefined;

  optional<T>(original: T | undefined, change: (value: T) => string): string | undefined {
    return original === undefined ? undefined : change(original) || undefined;
  }

  /** A department's own site may be called after it. */
  readonly site = (site: SiteId): SiteId => {
    if (!site.startsWith("local_")) return site;
    return `local_site_${this.#local.indexOf(site) + 1}`;
  };

  readonly term = (term: LocalTerm, index: number): LocalTerm => {
    const number = index + 1;
    return {
      id: `local_site_${number}`,
      code: `LOCAL-${number}`,
      scheme: "99LOCAL",
      name: {
        en: this.text(term.name.en) ?? `Local site ${number}`,
        zh: this.text(term.name.zh) ?? `本地部位${number}`,
      },
      bones: term.bones,
      checklist: term.checklist,
      ...(term.inCanal === undefined ? {} : { inCanal: term.inCanal }),
    };
  };

  /** References and names of a measured thing; its numbers stay. */
  measures(from: Measures): Partial<Measures> {
    const { segmentRef, trackingId, trackingUid, method } = from;
    return {
      segmentRef: segmentRef && { ...segmentRef, segSopInstanceUid: this.uid(segmentRef.segSopInstanceUid) },
      trackingId: trackingId && PROGRAM_TRACKING.test(trackingId) ? trackingId : this.text(trackingId),
      trackingUid: trackingUid && this.uid(trackingUid),
      method: method && METHODS.has(method) ? method : this.text(method),
    };
  }
}
