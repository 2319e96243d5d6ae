// Claims about the grouping of series: by Patient ID alone, studies by date, contradictions said, nothing guessed.
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { type SeriesSummary, areOfOnePatient } from "#core/study";
import { groupByPatient } from "#core/study-groups";

interface Facts {
  readonly id?: string;
  readonly name?: string;
  readonly born?: string;
  readonly study?: string;
  readonly date?: string;
  readonly time?: string;
  readonly aside?: SeriesSummary["aside"];
}

const series = (uid: string, facts: Facts = {}): SeriesSummary => ({
  patient: {
    patientId: facts.id ?? "P1",
    patientName: facts.name ?? "DOE^JANE",
    patientBirthDate: facts.born ?? "19500101",
    patientSex: "F",
    patientAge: "",
  },
  study: {
    studyInstanceUid: facts.study ?? "S1",
    studyId: "",
    studyDate: facts.date ?? "20250110",
    studyTime: facts.time ?? "",
    studyDescription: "",
    accessionNumber: "",
    referringPhysicianName: "",
  },
  seriesInstanceUid: uid,
  seriesNumber: "",
  seriesDescription: "",
  modality: "CT",
  imageCount: 100,
  sliceSpacingMm: 1,
  sliceThicknessMm: 1,
  convolutionKernel: "",
  rows: 512,
  columns: 512,
  aside: facts.aside ?? null,
  merits: [],
  openable: true,
  problems: [],
});

const shapeOf = (list: readonly SeriesSummary[]) =>
  groupByPatient(list).map(({ patientId, studies }) => [
    patientId,
    studies.map(({ series: own, daysBefore }) => [
      own.map((one) => one.seriesInstanceUid).join(" "),
      daysBefore,
    ]),
  ]);

describe("groupByPatient", () => {
  it("puts priors under their patient, newest first, dated against the newest", () => {
    const list = [
      series("new"),
      series("old", { study: "S0", date: "20231231" }),
      series("undated", { study: "S3", date: "" }),
      series("morning", { study: "S2", date: "20250110", time: "08" }),
    ];
    expect(shapeOf(list)).toEqual([
      [
        "P1",
        [
          ["morning", 0],
          ["new", 0],
          ["old", 376],
          ["undated", null],
        ],
      ],
    ]);
    expect(shapeOf([series("only")])).toEqual([["P1", [["only", null]]]]);
  });

  it("keeps different IDs apart though the names agree, and files without an ID study by study", () => {
    expect(shapeOf([series("a"), series("b", { id: "P2", study: "S9" })])).toEqual([
      ["P1", [["a", null]]],
      ["P2", [["b", null]]],
    ]);
    const nameless = [series("a", { id: "" }), series("b", { id: "", study: "S9" })];
    expect(shapeOf(nameless)).toEqual([
      ["", [["a", null]]],
      ["", [["b", null]]],
    ]);
  });

  it("says when one ID has two names or birth dates; spelling and missing values contradict nothing", () => {
    const same = [series("a"), series("b", { name: "Doe^Jane^^" }), series("c", { name: "", born: "" })];
    expect(groupByPatient(same)[0].problems).toEqual([]);
    const [group] = groupByPatient([
      series("a"),
      series("b", { name: "ROE^ANN", born: "19610101", study: "S0" }),
    ]);
    expect(group.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ["identity/other-name", "warning"],
      ["identity/other-birth-date", "warning"],
    ]);
    expect(problemText(group.problems[0], "en")).toMatch(/P1 .*DOE\^JANE.*ROE\^ANN/);
    expect(problemText(group.problems[1], "zh")).toMatch(/19500101.*19610101/);
  });

  it("keeps scouts and captures apart from the volumes of their study", () => {
    const [{ studies }] = groupByPatient([series("ct"), series("scout", { aside: "localizer" })]);
    expect(studies[0].series.map((one) => one.seriesInstanceUid)).toEqual(["ct"]);
    expect(studies[0].aside.map((one) => one.seriesInstanceUid)).toEqual(["scout"]);
  });
});

describe("areOfOnePatient", () => {
  it("goes by the ID; without one only within a study", () => {
    expect(areOfOnePatient(series("a"), series("b", { study: "S0", name: "ROE^ANN" }))).toBe(true);
    expect(areOfOnePatient(series("a"), series("b", { id: "P2" }))).toBe(false);
    expect(areOfOnePatient(series("a", { id: "" }), series("b", { id: "" }))).toBe(true);
    expect(areOfOnePatient(series("a", { id: "" }), series("b", { id: "", study: "S0" }))).toBe(false);
  });
});
