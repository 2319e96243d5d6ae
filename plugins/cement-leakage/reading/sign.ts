// Draft, signed, amended: a signed case is read-only; an amendment names the document it replaces.
import { isBlinded } from "./other-reads.ts";
import { withAudit } from "../model/audit.ts";
import type { CaseDocument } from "../model/case-document.ts";
import { habitsOf } from "../model/habits.ts";
import { whatIsMissing } from "../model/what-is-missing.ts";
import type { Reading } from "./reading.ts";
import { STEP, WHY } from "./words.ts";

export interface Signing {
  /** Why it can't be signed now; null when it can. */
  whyNotSign(): string | null;
  sign(): void;
  amend(): void;
}

export function createSigning(reading: Reading): Signing {
  const { host } = reading;

  function whyNotSign(): string | null {
    const why = reading.whyNot();
    if (why) return why;
    const { series } = host.scene.get();
    if (whatIsMissing(reading.document.get(), series).length > 0) return reading.say(WHY.gapsLeft);
    return host.settings.get().readerName.trim() ? null : reading.say(WHY.noReader);
  }

  return {
    whyNotSign,
    sign() {
      const why = whyNotSign();
      if (why) {
        host.notify(why, "warning");
        return;
      }
      const { readerName, readerRole } = host.settings.get();
      // Not undone but amended: a signed document may have left the page already, and two would carry one id.
      reading.change(
        STEP.sign,
        ({ document }) => ({
          ...document,
          status: "final",
          signed: {
            readerName,
            role: readerRole || "radiologist",
            at: host.now().toISOString(),
            ...(document.secondReadOf ? { blinded: isBlinded(document) } : {}),
          },
        }),
        { lasting: true },
      );
      host.setHabits(habitsOf(reading.document.get()));
    },
    amend() {
      const document = reading.document.get();
      if (document.status !== "final") return;
      // Not through `change`, which refuses signed cases: the amendment is a new document, so the signed one stays as it was.
      host.edit(STEP.amend, (draft) => {
        const { signed: _signed, ...rest } = document;
        const amended: CaseDocument = {
          ...rest,
          status: "draft",
          documentId: host.newUid(),
          supersedes: document.documentId,
          createdAt: host.now().toISOString(),
        };
        draft.setDocument(withAudit(document, amended, [], reading.stamp(STEP.amend)));
      });
    },
  };
}
