// Each case once: duplicates, older states, amendments, drafts, second reads and adjudicated reads are left out, each with its reason.
import { describe, expect, it } from "vitest";
import { fail, ok, problem } from "#core/problem";
import type { Findings } from "../../../plugins/cement-leakage/model/findings.ts";
import { caseRecord, sliceClassOf } from "../../../plugins/cement-leakage/cohort/case-record.ts";
import { collect, type GivenFindings } from "../../../plugins/cement-leakage/cohort/collect.ts";
import { digestOf } from "../../../plugins/cement-leakage/cohort/digest.ts";
import { lockOf, readLock, sinceLocked } from "../../../plugins/cement-leakage/cohort/lock.ts";
import { NO_FILTERS } from "../../../plugins/cement-leakage/cohort/analysis.ts";
import { ANY_LEAK, APART, caseAnswer } from "../../../plugins/cement-leakage/cohort/questions.ts";
import { readCsv, writeCsv } from "../../../plugins/cement-leakage/cohort/csv.ts";
import { optionsOf, queryOf } from "../../../plugins/cement-leakage/cohort/address.ts";
import {
  flowOf,
  matchProcedures,
  readProcedureList,
} from "../../../plugins/cement-leakage/cohort/procedure-list.ts";
import { readOutcomes } from "../../../plugins/cement-leakage/cohort/outcomes.ts";
import { sampleCohort } from "../../../sample-data/cohort.ts";

const sample = sampleCohort();
const [first, second, third] = sample.findings;
const given = (findings: Findings, path = findings.documentId): GivenFindings => ({
  path,
  findings: ok(digestOf(findings, path)),
});
const reasons = (all: readonly GivenFindings[]) =>
  collect(all).leftOut.map(({ path, because }) => [path, because]);

describe("what counts", () => {
  it("is each document once, signed, in its newest state", () => {
    const later: Findings = { ...first, readers: [{ ...first.readers[0], readAt: "2030-01-01T00:00:00Z" }] };
    const draft: Findings = { ...second, status: "draft" };
    const files = [
      given(first, "a"),
      given(first, "a again"),
      given(later, "a later"),
      given(draft, "draft"),
      { path: "broken", findings: fail(problem("findings/not-json")) },
    ];
    expect(reasons(files)).toEqual([
      ["a", "older version"],
      ["a again", "duplicate"],
      ["draft", "draft"],
      ["broken", "unreadable"],
    ]);
    expect(collect(files).counted.map(({ path }) => path)).toEqual(["a later"]);
    // Whatever the order.
    expect(collect(files.toReversed()).counted.map(({ path }) => path)).toEqual(["a later"]);
  });

  it("is the amendment, the adjudicated third version, and no second read", () => {
    const amended: Findings = {
      ...first,
      documentId: "amended",
      status: "amended",
      supersedes: first.documentId,
    };
    const secondRead: Findings = { ...second, documentId: "second read", secondReadOf: second.documentId };
    const alone: Findings = { ...third, documentId: "read again", secondReadOf: third.documentId };
    const decided: Findings = {
      ...second,
      documentId: "third",
      adjudicates: [second.documentId, "second read"],
    };
    const all = [first, amended, second, secondRead, decided, third, alone].map((one) => given(one));
    expect(reasons(all)).toEqual([
      [first.documentId, "superseded"],
      [second.documentId, "adjudicated"],
      ["second read", "adjudicated"],
      ["read again", "second read"],
    ]);
    const { counted, otherReads } = collect(all);
    expect(counted.map(({ documentId }) => documentId).toSorted()).toEqual(
      ["amended", "third", third.documentId].toSorted(),
    );
    expect(otherReads.map(({ documentId }) => documentId).toSorted()).toEqual(
      [second.documentId, "second read", "read again"].toSorted(),
    );
  });
});

describe("a case record", () => {
  const leaking = sample.findings.find(({ leaks }) => leaks.length > 0)!;
  const leak = leaking.leaks[0];

  it("counts parts of one component as one event, its worst symptom and its largest part", () => {
    const parts = [
      { ...leak, leakId: "K1", componentId: "C", volumeMm3: 20, symptom: "asymptomatic" as const },
      {
        ...leak,
        leakId: "K2",
        componentId: "C",
        volumeMm3: 70,
        site: "iliac_vein" as const,
        symptom: "radicular" as const,
      },
      { ...leak, leakId: "K3", componentId: "D", volumeMm3: 5 },
    ];
    const { events } = caseRecord({ ...leaking, leaks: parts }, "");
    expect(
      events.map(({ leakIds, site, volumeMm3, symptom }) => [leakIds, site, volumeMm3, symptom]),
    ).toEqual([
      [["K1", "K2"], "iliac_vein", 90, "radicular"],
      [["K3"], leak.site, 5, leak.symptom],
    ]);
  });

  it("keeps tails and distant cement apart from any leak", () => {
    const tail = { ...leak, site: "puncture_path" as const, maxBeyondCortexMm: 4 };
    const distant = { ...leak, componentId: "E", site: "pulmonary_cement_embolism" as const };
    const record = caseRecord({ ...leaking, leaks: [tail, distant] }, "");
    expect(record.events.map(({ apart }) => apart)).toEqual(["tail", "distant"]);
    const answers = [ANY_LEAK, ...APART].map((question) => [question.id, caseAnswer(question, record)]);
    expect(Object.fromEntries(answers)).toMatchObject({
      "any-leak": "absent",
      tail: "present",
      distant: "present",
    });
  });

  it("has no answer where a place was not assessable or not answered", () => {
    const open = first.siteAssessments.map((one, n) =>
      n === 0 ? { ...one, answer: "not_assessable" as const } : one,
    );
    const quiet = { ...first, leaks: [] };
    expect(caseAnswer(ANY_LEAK, caseRecord({ ...quiet, siteAssessments: open }, ""))).toBe("not assessable");
    expect(caseAnswer(ANY_LEAK, caseRecord({ ...quiet, siteAssessments: open.slice(1) }, ""))).toBe(
      "not answered",
    );
    expect(caseAnswer(ANY_LEAK, caseRecord({ ...quiet, siteAssessments: first.siteAssessments }, ""))).toBe(
      "absent",
    );
  });

  it("knows its slice class by the thicker of thickness and spacing", () => {
    expect([1.5, 1.51, 3, 3.1].map(sliceClassOf)).toEqual(["<= 1.5 mm", "<= 3 mm", "<= 3 mm", "> 3 mm"]);
    const { imaging } = first;
    expect(
      caseRecord({ ...first, imaging: { ...imaging, sliceSpacingMm: 3, sliceThicknessMm: 1 } }, "")
        .sliceClass,
    ).toBe("<= 3 mm");
  });
});

describe("the procedure list", () => {
  const all = collect(sample.findings.map((one) => given(one)));

  it("is the denominator: what has no case is shown with why, what is not listed is not counted", () => {
    const lines = sample.proceduresCsv.trim().split("\n");
    const csv = [
      ...lines.slice(0, -2),
      "X1,SP-900,2017-01-01,A,transiliac,no",
      "X2,SP-901,2017-01-02,A,transiliac,yes",
    ].join("\n");
    const list = readProcedureList(csv);
    const matched = matchProcedures(all.counted, list);
    expect([matched.cases.length, matched.notListed.length, matched.withoutCase.length]).toEqual([33, 2, 2]);
    const flow = flowOf(matched, list, []);
    expect(flow.map(({ id, count }) => [id, count])).toEqual([
      ["performed", 35],
      ["ct", 33],
      ["signed", 33],
      ["covered", 33],
      ["counted", 33],
    ]);
    expect(flow[1].lost.map(({ why, count }) => [why.en, count])).toEqual([
      ["no CT afterwards", 1],
      ["no findings submitted", 1],
    ]);
  });

  it("names the lines that it can't use, and refuses a list without its columns", () => {
    const { faults, procedures } = readProcedureList(
      "pseudonym;procedure;date\nA;1;2020-01-01\n;2;2020-01-01\nB;3;01.02.2020\nA;1;2020-01-01",
    );
    expect(procedures).toHaveLength(1);
    expect(faults.map(({ line, why }) => [line, why])).toEqual([
      [2, "no pseudonym"],
      [3, "01.02.2020 is no date (YYYY-MM-DD)"],
      [4, "the same procedure twice"],
    ]);
    expect(() => readProcedureList("patient,date\n1,2")).toThrow("no column pseudonym");
    expect(readOutcomes("pseudonym,timepoint,vas\nA,baseline,11\nA,day 3,4").faults).toEqual([
      { line: 1, why: "vas 11 is not between 0 and 10" },
    ]);
  });
});

describe("what leaves and what comes back", () => {
  it("CSV keeps quotes and lines, and runs no formula", () => {
    const csv = writeCsv(
      ["a", "b"],
      [
        ['x "y"', "=1+1"],
        ["line\nbreak", null],
      ],
    );
    expect(csv).toContain("'=1+1");
    expect(readCsv(csv).rows.map(({ cells }) => cells)).toEqual([
      { a: 'x "y"', b: "'=1+1" },
      { a: "line\nbreak", b: "" },
    ]);
  });

  it("a lock sees what was amended, added and taken away, and that it was not changed itself", () => {
    const before = collect([first, second, third].map((one) => given(one)));
    const lock = lockOf(before, NO_FILTERS, "2026-01-01T00:00:00Z", "test 1");
    expect(readLock(JSON.stringify(lock))).toEqual(lock);
    const amended: Findings = { ...first, documentId: "new id", supersedes: first.documentId };
    const after = collect([first, amended, third, sample.findings[4]].map((one) => given(one)));
    expect(sinceLocked(lock, after)).toEqual({
      added: [sample.findings[4].documentId],
      changed: [first.documentId],
      gone: [second.documentId],
    });
    const changed = { ...lock, cases: lock.cases.slice(1) };
    expect(() => readLock(JSON.stringify(changed))).toThrow("does not have the hash");
  });

  it("filters stand in the address and come back from it; what is not understood is left out", () => {
    const options = {
      filters: { groups: { approach: "transiliac", slices: "<= 3 mm" }, from: "2017-01-01", to: "" },
      question: "category:puncture_path",
      period: "year" as const,
      thresholds: { acceptable: 0.3, unacceptable: 0.5, source: "our board" },
    };
    expect(optionsOf(queryOf(options))).toEqual(options);
    expect(queryOf(optionsOf(""))).toBe("");
    expect(optionsOf("approach=&from=yesterday&question=none&by=week&acceptable=2")).toEqual(optionsOf(""));
  });
});
