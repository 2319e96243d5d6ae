// Twenty varied cases go from the form to JSON and SEG and back into the form without a difference.
import { strFromU8 } from "fflate";
import { describe, expect, it } from "vitest";
import type { CaseDocument } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema, type Findings } from "../../../plugins/cement-leakage/model/findings.ts";
import { TWENTY_CASES, writeCase } from "./twenty-cases.ts";
import { documentOf, filesOf, ID, openedCase } from "./written-case.ts";

/** The form: everything that a reader says, without ids that a file renews and without what is only of this machine. */
function formOf(document: CaseDocument): unknown {
  const { documentId, status, supersedes, secondReadOf, adjudicates, pair, adjudication, otherReaders } =
    document;
  const { procedure, complications, imagingFacts, signed, floorHu, measurements, sideConfirmed } = document;
  return JSON.parse(
    JSON.stringify({
      ...{ documentId, status, supersedes, secondReadOf, adjudicates, pair, adjudication, otherReaders },
      ...{ procedure, complications, imagingFacts, signed, floorHu, measurements, sideConfirmed },
      lesions: document.lesions,
      leaks: document.parts
        .filter(({ role }) => role === "leak")
        .map(({ partId, lesionId, leak: fields, notMeasurable }) => ({
          partId,
          lesionId,
          fields,
          notMeasurable,
        })),
      answers: document.assessments.toSorted((x, y) =>
        `${x.lesionId} ${x.site}`.localeCompare(`${y.lesionId} ${y.site}`),
      ),
    }),
  ) as unknown;
}

const findingsOf = (files: Awaited<ReturnType<typeof filesOf>>): Findings =>
  findingsSchema.parse(JSON.parse(strFromU8(files.find(({ kind }) => kind === "JSON")!.bytes)));

/** What a new export renews: when it was made, and the objects that go with it. */
function renewed({ createdAt: _at, references: _files, history: _trail, ...rest }: Findings): unknown {
  const without = <T extends { segmentRef?: unknown }>({ segmentRef: _ref, ...values }: T) => values;
  return {
    ...rest,
    lesions: rest.lesions.map(({ cement, ...lesion }) => ({ ...lesion, cement: cement && without(cement) })),
    leaks: rest.leaks.map(without),
  };
}

describe("twenty varied cases", () => {
  it("are twenty", () => expect(Object.keys(TWENTY_CASES)).toHaveLength(20));

  it.each(Object.entries(TWENTY_CASES))(
    "%s: form to files and back without a difference",
    async (_, written) => {
      const one = await openedCase();
      writeCase(one, written);
      const first = findingsOf(await filesOf(one));
      // An archive keeps SEG and SR, not the JSON.
      for (const kind of ["JSON", "SR"] as const) {
        const files = await filesOf(one, kind);
        const again = await openedCase();
        const read = await again.app.plugins[0].implementation.importers[`${ID}/import`].run(files);
        expect(read.ok ? "" : read.problem.text?.en).toBe("");
        expect(formOf(documentOf(again))).toEqual(formOf(documentOf(one)));
        const second = findingsOf(await filesOf(again));
        expect(renewed(second)).toEqual(renewed(first));
        // The trail only grows.
        expect(second.history?.slice(0, first.history?.length ?? 0)).toEqual(first.history ?? []);
      }
    },
  );
});
