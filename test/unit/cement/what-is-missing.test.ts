// What keeps a case from being signed: answers that contradict, also across the lesions of one procedure.
import { describe, expect, it } from "vitest";
import { newCase, withAnswer, type CaseDocument, type Part } from "#cement/model/case-document";
import { lesionLeakage, whatIsMissing } from "#cement/model/what-is-missing";

const fresh = newCase({ documentId: "1", createdAt: "2026-01-01", trackingUid: "2.25.1" });
const leak = (lesionId: string | null): Part => ({
  partId: "P1",
  role: "leak",
  lesionId,
  componentId: "P1",
  origin: "found",
  trackingUid: "2.25.2",
  leak: {
    number: 1,
    site: "anterior_epidural_space",
    route: "unknown",
    side: "left",
    symptom: "not_assessed",
    confidence: "definite",
  },
});
const twoLesions = (lesionId: string | null): CaseDocument => ({
  ...fresh,
  parts: [leak(lesionId)],
  lesions: [...fresh.lesions, { lesionId: "L2", bone: "sacrum", side: "left", trackingUid: "2.25.3" }],
});
const contradictions = (document: CaseDocument) =>
  whatIsMissing(document, null).filter(({ code }) => code === "leak/contradicts-answer");

describe("whatIsMissing", () => {
  it("says that an unattributed leak contradicts an absence, whichever lesion it was stated for", () => {
    const absent = { answer: "absent" } as const;
    const stated = withAnswer(twoLesions(null), "L2", "anterior_epidural_space", absent);
    expect(contradictions(stated)).toHaveLength(1);
    expect(lesionLeakage(stated, "L2")).toBe("present");
    expect(contradictions(withAnswer(twoLesions("L1"), "L2", "anterior_epidural_space", absent))).toEqual([]);
  });

  it("is content once the answer is taken back", () => {
    const site = "anterior_epidural_space";
    const stated = withAnswer(twoLesions("L1"), "L1", site, { answer: "absent" });
    expect(contradictions(stated)).toHaveLength(1);
    expect(contradictions(withAnswer(stated, "L1", site, null))).toEqual([]);
  });
});
