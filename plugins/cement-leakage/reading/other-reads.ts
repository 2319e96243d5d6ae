// Readings of the same case that are put aside: their documents and masks, parsed, as the comparison wants them.
import {
  checklistOf,
  siteAnswer,
  caseDocumentSchema,
  leaksOf,
  type CaseDocument,
  type OtherRead,
} from "../model/case-document.ts";
import { leakIdOf } from "../exports/findings.ts";
import type { Read } from "../cohort/compare-reads.ts";
import type { RunMask } from "#voxels/mask";
import type { Reading } from "./reading.ts";

/** The host's id of a mask of a read that is put aside. */
export const asideMaskId = (readId: string, maskId: string): string => `read/${readId}/${maskId}`;

/** The document of a read that was put aside; null where it can't be read any more. */
function documentOfRead(read: OtherRead): CaseDocument | null {
  const known = parsedReads.get(read);
  if (known) return known;
  const parsed = caseDocumentSchema.safeParse(read.document);
  if (!parsed.success) return null;
  parsedReads.set(read, parsed.data);
  return parsed.data;
}

/** A read that is put aside never changes: it is parsed once. */
const parsedReads = new WeakMap<OtherRead, CaseDocument>();

/** A document with its masks as one side of a comparison. */
export function readOf(document: CaseDocument, maskOf: (partId: string) => RunMask | null): Read {
  return {
    documentId: document.documentId,
    leaks: leaksOf(document).map((part) => ({
      leakId: leakIdOf(part),
      site: part.leak.site,
      side: part.leak.side,
      route: part.leak.route,
      confidence: part.leak.confidence,
      mask: part.notMeasurable ? null : maskOf(part.partId),
    })),
    answers: document.lesions.flatMap((lesion) =>
      checklistOf(document, lesion).flatMap(({ id: site }) => {
        const answer = siteAnswer(document, lesion.lesionId, site);
        return answer ? [{ lesionId: lesion.lesionId, site, answer: answer.answer }] : [];
      }),
    ),
  };
}

/** A second read is blind until it has been signed once: what is amended after that has been seen beside the first. */
export const isBlinded = ({ secondReadOf, supersedes }: CaseDocument): boolean =>
  secondReadOf !== undefined && supersedes === undefined;

/** The reads of the open case that can be compared: first and second, in the order in which they were signed. */
export function readsToCompare(reading: Reading): readonly [OtherReadSide, OtherReadSide] | null {
  const document = reading.document.get();
  const aside = (document.otherReads ?? []).flatMap((read): OtherReadSide[] => {
    const own = documentOfRead(read);
    return own
      ? [
          {
            readId: read.readId,
            readerName: read.readerName,
            document: own,
            maskOf: (partId) =>
              reading.host.masks.get().get(asideMaskId(read.readId, `part/${partId}`)) ?? null,
          },
        ]
      : [];
  });
  if (document.adjudicates) return aside.length >= 2 ? [aside[0], aside[1]] : null;
  if (document.status !== "final" || !document.signed || aside.length === 0) return null;
  const mine: OtherReadSide = {
    readId: null,
    readerName: document.signed.readerName,
    document,
    maskOf: reading.maskOf,
  };
  return [aside[0], mine];
}

export interface OtherReadSide {
  /** null: the reading on the screen. */
  readonly readId: string | null;
  readonly readerName: string;
  readonly document: CaseDocument;
  maskOf(partId: string): RunMask | null;
}
