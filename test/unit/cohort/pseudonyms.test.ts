// What identifies a patient goes no further than the number that replaces it: the same in findings, reports, lists and names of files.
import { describe, expect, it } from "vitest";
import { ok } from "#core/problem";
import { digestOf } from "../../../plugins/cement-leakage/cohort/digest.ts";
import { outcomeLines, readOutcomes } from "../../../plugins/cement-leakage/cohort/outcomes.ts";
import { matchProcedures, readProcedureList } from "../../../plugins/cement-leakage/cohort/procedure-list.ts";
import { collect } from "../../../plugins/cement-leakage/cohort/collect.ts";
import { readObject } from "../../../plugins/cement-leakage/cohort/given-findings.ts";
import { underPseudonyms, type ReadObject } from "../../../plugins/cement-leakage/cohort/pseudonyms.ts";
import type { Findings } from "../../../plugins/cement-leakage/model/findings.ts";
import { sampleCohort } from "../../../sample-data/cohort.ts";

const [first, second, third] = sampleCohort().findings;
const NO_LISTS = { procedures: null, outcomes: null };

/** Findings as our app writes them: with the patient's ID, no procedure's id. */
const ofPatient = (findings: Findings, patientKey: string | undefined): Findings => ({
  ...findings,
  subject: patientKey === undefined ? { ageYears: 70 } : { patientKey },
  procedure: { ...findings.procedure, procedureId: undefined, date: "2016-03-01" },
});
const asJson = (findings: Findings, path = "findings.json"): ReadObject =>
  readObject({ path, kind: "JSON", bytes: new TextEncoder().encode(JSON.stringify(findings)) }, () => {
    throw new Error("a JSON file is no report");
  });
/** The same findings in a report that carries a patient's ID. */
const asReport = (findings: Findings, patientId: string): ReadObject => ({
  path: "report.dcm",
  findings: ok(digestOf(findings, "report.dcm")),
  patientId,
});
const patientsOf = (read: readonly ReadObject[]) =>
  underPseudonyms(read, NO_LISTS).given.map(({ findings }) =>
    findings.ok ? findings.value.record.patient : "",
  );

describe("patients of a cohort", () => {
  it("are numbered in the order of their IDs, the same in a file and in a report", () => {
    expect(
      patientsOf([
        asJson(ofPatient(first, "HOSPITAL-77")),
        asReport(ofPatient(second, "HOSPITAL-77"), "HOSPITAL-77"),
        asReport(ofPatient(third, undefined), "HOSPITAL-12"),
      ]),
    ).toEqual(["P002", "P002", "P001"]);
  });

  it("keep a pseudonym of their own, and no number is given twice", () => {
    const own = { ...first, subject: { pseudonym: "P001" } };
    expect(patientsOf([asJson(own), asJson(ofPatient(second, "HOSPITAL-77"))])).toEqual(["P001", "P002"]);
  });

  it("that no file names are one each", () => {
    const [one, other] = patientsOf([
      asJson(ofPatient(first, undefined)),
      asJson(ofPatient(second, undefined)),
    ]);
    expect(one).not.toBe(other);
  });

  it("are found again in lists that are kept by ID", () => {
    const read = [asJson(ofPatient(first, "HOSPITAL-77")), asJson(ofPatient(second, "HOSPITAL-12"))];
    const { given, procedures, outcomes } = underPseudonyms(read, {
      procedures: readProcedureList(
        "pseudonym,procedure,date\nHOSPITAL-77,SP-1,2016-03-01\nHOSPITAL-99,SP-2,2016-03-02",
      ),
      outcomes: readOutcomes("pseudonym,timepoint,vas\nHOSPITAL-77,baseline,8\nHOSPITAL-77,day 3,3"),
    });
    const { cases, withoutCase } = matchProcedures(collect(given).counted, procedures);
    expect(cases.map(({ patient }) => patient)).toEqual(["P002"]);
    expect(withoutCase.map(({ procedure }) => procedure)).toEqual(["SP-2"]);
    expect(outcomeLines(outcomes!, ["P002"], "vas").map(({ n }) => n)).toEqual([1, 1]);
  });

  it("leave no ID in anything that is counted or listed, names of files among it", () => {
    const draft: Findings = { ...ofPatient(second, "HÖ 12/7"), status: "draft" };
    const collected = collect(
      underPseudonyms(
        [
          asJson(ofPatient(first, "HOSPITAL-77"), "HOSPITAL-77_20160301_cement-findings.json"),
          asJson(ofPatient(first, "HOSPITAL-77"), "again/HOSPITAL-77_20160301_cement-findings.json"),
          asJson(draft, "HO-12-7_20160301_cement-findings-DRAFT.json"),
        ],
        NO_LISTS,
      ).given,
    );
    expect(collected.counted[0].procedureId).toBe("P001 2016-03-01");
    expect(collected.leftOut.map(({ path }) => path)).toEqual([
      "again/P001_20160301_cement-findings.json",
      "P002_20160301_cement-findings-DRAFT.json",
    ]);
  });
});
