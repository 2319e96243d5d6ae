// A second reader, blinded; the two reads side by side; and a third version that decides between them and keeps both origins.
import type { EditDraft, ImportedObject } from "#contract";
import { fail, ok, type Problem, type Result } from "#core/problem";
import { z } from "zod";
import { patientFromVoxel, type Vec3, type VoxelGrid } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { difference } from "#voxels/set-operations";
import { compareReads, type ComparedLeak, type Comparison } from "../cohort/compare-reads.ts";
import { leakIdOf } from "../exports/findings.ts";
import { withAudit } from "../model/audit.ts";
import { clashOf, termsIn, withTerms } from "../model/case-terms.ts";
import {
  leaksOf,
  maskIdOfPart,
  withAnswer,
  type CaseDocument,
  type LeakPart,
  type OtherRead,
  type Part,
} from "../model/case-document.ts";
import type { LocalTerm, LocalText, SiteId } from "../model/sites.ts";
import { pairOf, withAgreedAnswers, withBone, withLine, withoutLine } from "./adjudicate.ts";
import { readCase } from "./import-case.ts";
import { nearestInside } from "./nearest-inside.ts";
import { measurePart } from "../model/measures.ts";
import { asideMaskId, readOf, readsToCompare, type OtherReadSide } from "./other-reads.ts";
import type { Reading } from "./reading.ts";
import { STEP, WHY } from "./words.ts";

export type Choice = NonNullable<CaseDocument["adjudication"]>[number]["choice"];

export interface SecondReading {
  /** Why a second read can't begin now; null when it can. */
  whyNotBegin(): string | null;
  /** Puts the signed reading aside, out of sight, and begins an empty one of the same lesions. */
  begin(): void;
  /** Another reader's files of this case are laid beside the signed one. */
  addOther(objects: readonly ImportedObject[]): Result<void>;
  /** The reads that are compared now; null while one of them must not be seen. */
  reads(): readonly [OtherReadSide, OtherReadSide] | null;
  comparison(): Comparison | null;
  /** Begins the third version: what both agree on is taken over, the rest waits for a decision. */
  adjudicate(): void;
  /** Decides one line of the comparison; a reason is wanted where the reads differ. */
  decide(line: ComparedLeak, choice: Choice, reason: string): void;
  decideAnswer(lesionId: string, site: SiteId, choice: "first" | "second", reason: string): void;
  /** Shows a leak of one of the reads. */
  show(line: ComparedLeak): void;
}

const problemOf = (code: string, text: LocalText): Problem => ({
  code,
  severity: "error",
  details: {},
  text,
});

const clashText = ({ id, scheme, code, name }: LocalTerm): LocalText => ({
  en: `The two reads mean different places by "${id}": there it is ${name.en} (${scheme} ${code}). They can't be compared; nothing was changed`,
  zh: `两次阅片中“${id}”所指部位不同：对方为${name.zh}（${scheme} ${code}）。无法比较，未作任何更改`,
});

export function createSecondReading(reading: Reading): SecondReading {
  const { host } = reading;

  function whyNotBegin(): string | null {
    if (!host.scene.get().volume) return reading.say(WHY.noCase);
    const document = reading.document.get();
    if (document.status !== "final") return reading.say(WHY.notSigned);
    return document.otherReads?.length || document.adjudicates ? reading.say(WHY.readTwice) : null;
  }

  /** The signed document as it is put aside; it holds no reads itself. */
  function asOther(document: CaseDocument, readId: string): OtherRead {
    const { otherReads: _none, ...own } = document;
    return {
      readId,
      documentId: document.documentId,
      readerName: document.signed?.readerName ?? "",
      role: document.signed?.role ?? "",
      signedAt: document.signed?.at ?? document.createdAt,
      document: z.json().parse(JSON.parse(JSON.stringify(own))), // JSON by its own schema
    };
  }

  function moveMasksAside(draft: EditDraft, readId: string): void {
    for (const id of host.masks.get().keys()) {
      if (id.startsWith("read/")) continue;
      const mask = draft.mask(id);
      if (mask) draft.setMask(asideMaskId(readId, id), mask);
      draft.deleteMask(id);
    }
  }

  let compared: { readonly of: unknown; readonly masks: unknown; readonly result: Comparison } | null = null;
  function comparison(): Comparison | null {
    const { volume } = host.scene.get();
    const document = reading.document.get();
    const masks = host.masks.get();
    if (compared && compared.of === document && compared.masks === masks) return compared.result;
    const both = readsToCompare(reading);
    if (!both || !volume) return null;
    const [first, second] = both.map((side) => readOf(side.document, side.maskOf));
    const result = compareReads(first, second, volume.grid);
    compared = { of: document, masks, result };
    return result;
  }

  const leakOf = (side: OtherReadSide, leakId: string | null): LeakPart | undefined =>
    leaksOf(side.document).find((part) => leakIdOf(part) === leakId);

  /** A leak of a read as a part of the adjudicated document; its voxels are those that no other leak has yet. */
  function withTaken(
    draft: EditDraft,
    document: CaseDocument,
    [first, second]: readonly [OtherReadSide, OtherReadSide],
    line: ComparedLeak,
    choice: "first" | "second",
    reason: string | undefined,
  ): CaseDocument {
    const side = choice === "first" ? first : second;
    const source = leakOf(side, (choice === "first" ? line.first : line.second)?.leakId ?? null);
    if (!source) return document;
    const partId = `P${document.next.part}`;
    const mask = side.maskOf(source.partId);
    if (mask) draft.setMask(maskIdOfPart(partId), withoutTaken(draft, document, mask));
    const origins = [
      ...(line.first ? [{ documentId: first.document.documentId, leakId: line.first.leakId }] : []),
      ...(line.second ? [{ documentId: second.document.documentId, leakId: line.second.leakId }] : []),
    ];
    const part: Part = {
      ...source,
      partId,
      componentId: `${side.readId ?? "R"}-${source.componentId}`,
      trackingUid: host.newUid(),
      leak: {
        ...source.leak,
        number: document.next.leak,
        adjudicated: { origins, ...(reason ? { reason } : {}) },
      },
    };
    return {
      ...document,
      parts: [...document.parts, part],
      next: { ...document.next, part: document.next.part + 1, leak: document.next.leak + 1 },
    };
  }

  function withoutTaken(draft: EditDraft, document: CaseDocument, mask: RunMask): RunMask {
    return document.parts
      .filter((part) => part.role === "leak")
      .reduce((rest, part) => {
        const other = draft.mask(maskIdOfPart(part.partId));
        return other ? difference(rest, other) : rest;
      }, mask);
  }

  const agrees = (line: ComparedLeak): boolean => line.differs.length === 0;

  return {
    whyNotBegin,
    begin() {
      const why = whyNotBegin();
      if (why) return host.notify(why, "warning");
      const signed = reading.document.get();
      host.edit(
        STEP.secondRead,
        (draft) => {
          moveMasksAside(draft, "R1");
          const fresh: CaseDocument = {
            kind: signed.kind,
            version: signed.version,
            documentId: host.newUid(),
            createdAt: host.now().toISOString(),
            status: "draft",
            secondReadOf: signed.documentId,
            floorHu: null,
            proposedFloorHu: null,
            parts: [],
            // What was treated is no finding: both readers know it, and answers are compared lesion by lesion.
            lesions: signed.lesions,
            assessments: [],
            procedure: signed.procedure,
            ...(signed.imagingFacts ? { imagingFacts: signed.imagingFacts } : {}),
            sideConfirmed: signed.sideConfirmed,
            ...(signed.terms ? { terms: signed.terms } : {}),
            otherReads: [asOther(signed, "R1")],
            next: { leak: 1, lesion: signed.next.lesion, part: 1 },
          };
          const { at, who, what } = reading.stamp(STEP.secondRead);
          draft.setDocument({ ...fresh, audit: [{ at, who, what, about: "case" }] });
        },
        // What the first reader did can't be looked at by undoing.
        { lasting: true },
      );
      reading.select(null);
      // The views would still stand at the first reader's last leak.
      const { volume } = host.scene.get();
      if (volume) host.view.goTo(middleOf(volume.grid));
    },
    addOther(objects) {
      const document = reading.document.get();
      if (document.otherReads?.length || document.adjudicates)
        return fail(problemOf("cement/read-twice", WHY.readTwice));
      const read = readCase(reading, objects);
      if (!read.ok) return read;
      // Reports of others are shown beside; they are no reading of the case.
      if (!read.value && reading.state.get().foreignReports.length > 0) return ok(undefined, read.problems);
      if (!read.value) return fail(problemOf("cement/other-unsigned", WHY.otherUnsigned));
      const { document: other, masks } = read.value;
      if (other.status !== "final") return fail(problemOf("cement/other-unsigned", WHY.otherUnsigned));
      if (other.documentId === document.documentId)
        return fail(problemOf("cement/same-document", WHY.sameDocument));
      const clash = clashOf(termsIn(document), other.terms ?? []);
      if (clash) return fail(problemOf("cement/other-terms", clashText(clash)));
      host.edit(STEP.addOtherRead, (draft) => {
        for (const [partId, mask] of masks) draft.setMask(asideMaskId("R1", maskIdOfPart(partId)), mask);
        const { at, who, what } = reading.stamp(STEP.addOtherRead);
        draft.setDocument({
          ...document,
          otherReads: [asOther(other, "R1")],
          audit: [...(document.audit ?? []), { at, who, what, about: "case" }],
        });
      });
      return ok(undefined, read.problems);
    },
    reads: () => readsToCompare(reading),
    comparison,
    adjudicate() {
      const both = readsToCompare(reading);
      const result = comparison();
      const document = reading.document.get();
      const { volume } = host.scene.get();
      if (!both || !result || !volume || document.adjudicates) return;
      host.edit(
        STEP.adjudicate,
        (draft) => {
          moveMasksAside(draft, "R2");
          const sides: readonly [OtherReadSide, OtherReadSide] = [both[0], { ...both[1], readId: "R2" }];
          let third: CaseDocument = {
            ...document,
            documentId: host.newUid(),
            createdAt: host.now().toISOString(),
            status: "draft",
            adjudicates: [both[0].document.documentId, both[1].document.documentId],
            parts: [],
            assessments: [],
            otherReads: [...(document.otherReads ?? []), asOther(document, "R2")],
            adjudication: [],
            otherReaders: both.map(({ document: { signed } }) => ({
              readerId: signed?.readerName || "unnamed reader",
              role: signed?.role || "reader",
              ...(signed ? { readAt: signed.at } : {}),
              ...(signed?.blinded === undefined ? {} : { blinded: signed.blinded }),
            })),
            pair: pairOf(result),
            next: { ...document.next, leak: 1, part: 1 },
          };
          delete third.signed;
          delete third.supersedes;
          delete third.secondReadOf;
          for (const line of result.leaks.filter(agrees))
            third = withLine(withTaken(draft, third, sides, line, "first", undefined), line, "first", "");
          for (const lesion of third.lesions) third = withBone(draft, third, sides[0], lesion.lesionId);
          third = withAgreedAnswers(third, sides);
          draft.setDocument(withAudit(document, withTerms(third), [], reading.stamp(STEP.adjudicate)));
        },
        { lasting: true },
      );
      reading.select(null);
    },
    decide(line, choice, reason) {
      const both = readsToCompare(reading);
      if (!both) return;
      if (!reason.trim()) return host.notify(reading.say(WHY.adjudicateReason), "warning");
      // Masks of the reads are no parts of this document: the host's own draft, with the same refusals as any change.
      const why = reading.whyNot();
      if (why) return host.notify(why, "warning");
      const before = reading.document.get();
      host.edit(STEP.adjudicateLeak, (draft) => {
        let after = withoutLine(draft, before, both, line);
        if (choice !== "neither") after = withTaken(draft, after, both, line, choice, reason.trim());
        after = withLine(after, line, choice, reason.trim());
        draft.setDocument(withAudit(before, withTerms(after), [], reading.stamp(STEP.adjudicateLeak)));
      });
    },
    decideAnswer(lesionId, site, choice, reason) {
      const both = readsToCompare(reading);
      if (!both) return;
      if (!reason.trim()) return host.notify(reading.say(WHY.adjudicateReason), "warning");
      const side = both[choice === "first" ? 0 : 1];
      const stated = side.document.assessments.find(
        (entry) => entry.lesionId === lesionId && entry.site === site,
      );
      if (!stated || stated.answer === "present") return;
      reading.change(STEP.answer, ({ document }) => {
        const next = withAnswer(document, lesionId, site, {
          answer: stated.answer === "absent" ? "absent" : "not_assessable",
          ...(stated.reason ? { reason: stated.reason } : {}),
        });
        const documentIds = both.map(({ document: own }) => own.documentId);
        return {
          ...next,
          assessments: next.assessments.map((entry) =>
            entry.lesionId === lesionId && entry.site === site
              ? { ...entry, adjudicated: { documentIds, reason: reason.trim() } }
              : entry,
          ),
        };
      });
    },
    show(line) {
      const at = pointOfLine(reading, line);
      if (at) host.view.goTo(at, 110);
    },
  };
}

const middleOf = (grid: VoxelGrid): Vec3 =>
  patientFromVoxel(
    grid,
    Math.floor(grid.columns / 2),
    Math.floor(grid.rows / 2),
    Math.floor(grid.slices / 2),
  );

function pointOfLine(reading: Reading, line: ComparedLeak): Vec3 | null {
  const { volume } = reading.host.scene.get();
  const mask = line.first?.mask ?? line.second?.mask ?? null;
  return volume && mask ? nearestInside(mask, volume.grid, measurePart(mask, volume).centroidPatient) : null;
}
