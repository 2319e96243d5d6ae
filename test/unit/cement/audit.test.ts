// The history of values: every change of a step is in it, with where the value came from.
import { describe, expect, it } from "vitest";
import { auditOf, historyOf, withAudit } from "../../../plugins/cement-leakage/model/audit.ts";
import {
  leakFieldsOfProposed,
  newCase,
  withAnswer,
  withLesion,
  withPart,
  withPartAdded,
  type CaseDocument,
} from "../../../plugins/cement-leakage/model/case-document.ts";

const stamp = (what: string) => ({ at: "2026-01-02T03:04:05.000Z", who: "Reader One", what });
const start = (): CaseDocument => newCase({ documentId: "d", createdAt: "2026-01-02", trackingUid: "1.2" });

const offered = (document: CaseDocument): CaseDocument =>
  withPartAdded(document, {
    newUid: () => "1.2.3",
    origin: "proposed",
    role: "undecided",
    lesionId: null,
    proposed: {
      site: "puncture_path",
      route: "needle_track",
      side: "left",
      confidence: "probable",
      score: 0.8,
      reason: { en: "straight", zh: "直" },
      engineVersion: "0.4.0",
    },
  });

const accepted = (document: CaseDocument): CaseDocument =>
  withPart(document, "P1", (part) => ({
    ...part,
    role: "leak",
    lesionId: "L1",
    leak: leakFieldsOfProposed(part.proposed!, 1),
  }));

describe("the history of values", () => {
  it("names the engine's version and confidence where the engine proposed", () => {
    const entries = auditOf(
      start(),
      offered(start()),
      [{ partId: "P1", from: null, to: 12 }],
      stamp("Propose"),
    );
    expect(entries.find((entry) => entry.field === "proposedSite")).toEqual({
      ...stamp("Propose"),
      about: "part P1",
      field: "proposedSite",
      to: "puncture_path",
      origin: "proposed",
      engineVersion: "0.4.0",
      score: 0.8,
    });
    expect(entries.find((entry) => entry.field === "voxels")?.to).toBe(12);
  });

  it("tells accepted from changed from entered, with the value before", () => {
    const before = offered(start());
    const taken = withAudit(before, accepted(before), [], stamp("Accept"));
    expect(historyOf(taken, "part P1", "leak.site").map((entry) => entry.origin)).toEqual(["accepted"]);
    expect(historyOf(taken, "part P1", "leak.symptom").map((entry) => entry.origin)).toEqual(["entered"]);
    const other = withAudit(
      taken,
      withPart(taken, "P1", (part) => ({ ...part, leak: { ...part.leak!, site: "sacroiliac_joint" } })),
      [],
      stamp("Set the site"),
    );
    const [, changed] = historyOf(other, "part P1", "leak.site");
    expect(changed).toMatchObject({
      from: "puncture_path",
      to: "sacroiliac_joint",
      origin: "changed",
      score: 0.8,
    });
  });

  it("only grows at its end, and says nothing where nothing changed", () => {
    const one = withAudit(start(), withLesion(start(), "L1", { injectedVolumeMl: 5 }), [], stamp("Lesion"));
    const two = withAudit(
      one,
      withAnswer(one, "L1", "iliac_vein", { answer: "not_assessable", reason: "cut off" }),
      [],
      stamp("Answer"),
    );
    expect(two.audit?.slice(0, one.audit?.length)).toEqual(one.audit);
    expect(historyOf(two, "site L1/iliac_vein").map(({ field, to }) => [field, to])).toEqual([
      ["answer", "not_assessable"],
      ["reason", "cut off"],
    ]);
    expect(withAudit(two, two, [{ partId: "P1", from: 3, to: 3 }], stamp("Nothing"))).toBe(two);
  });

  it("keeps what was taken away as removed", () => {
    const before = accepted(offered(start()));
    const after = { ...before, parts: [] };
    expect(auditOf(before, after, [{ partId: "P1", from: 5, to: null }], stamp("Remove"))).toEqual([
      { ...stamp("Remove"), about: "part P1", origin: "removed" },
      { ...stamp("Remove"), about: "part P1", field: "voxels", from: 5 },
    ]);
  });

  it("does not list what was found and nobody decided of", () => {
    const found = withPartAdded(start(), {
      newUid: () => "1.2",
      origin: "found",
      role: "undecided",
      lesionId: null,
    });
    expect(auditOf(start(), found, [{ partId: "P1", from: null, to: 9 }], stamp("Find"))).toEqual([]);
  });
});
