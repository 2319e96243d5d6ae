// A department's own site through a whole case: asked, tagged, signed, exported, and read where nobody knows it.
import { strFromU8 } from "fflate";
import { afterEach, expect, it } from "vitest";
import type { ContentItem } from "#core/report-document";
import { readReport } from "#dicom/read-report";
import { readSegmentation } from "#dicom/read-segmentation";
import type { CaseDocument, Part } from "../../../plugins/cement-leakage/model/case-document.ts";
import { findingsSchema, type Findings } from "../../../plugins/cement-leakage/model/findings.ts";
import {
  checklistFor,
  setDepartmentTerms,
  siteOf,
  type LocalTerm,
} from "../../../plugins/cement-leakage/model/sites.ts";
import { whatIsMissing } from "../../../plugins/cement-leakage/model/what-is-missing.ts";
import { box, documentOf, filesOf, ID, openedCase } from "./written-case.ts";
import { smallSeries } from "./small-case.ts";

type Case = Awaited<ReturnType<typeof openedCase>>;

const piriformis: LocalTerm = {
  id: "local_piriformis",
  code: "PIR",
  scheme: "99XYZ",
  name: { en: "Piriformis", zh: "梨状肌" },
  bones: ["sacrum"],
  checklist: true,
};
const notch: LocalTerm = {
  ...piriformis,
  id: "local_notch",
  code: "NOTCH",
  scheme: "99OTHER",
  name: { en: "Sciatic notch", zh: "坐骨切迹" },
};
const unused: LocalTerm = { ...piriformis, id: "local_unused", code: "U", checklist: false };
const ofDepartment = (...sites: LocalTerm[]) => setDepartmentTerms({ sites, exportSeenSlices: false });

afterEach(() => setDepartmentTerms(null));

/** Cement in bone and a leak in the piriformis; every other site absent but those left open. */
function write(one: Case, open: readonly string[] = []): void {
  const { grid } = one.volume;
  const before = one.reading.document.get();
  const bone: Part = {
    partId: "P1",
    role: "intraosseous",
    lesionId: "L1",
    componentId: "C1",
    origin: "painted",
    trackingUid: "2.25.71",
    leak: null,
  };
  const leak: Part = {
    ...bone,
    partId: "P2",
    role: "leak",
    componentId: "C2",
    trackingUid: "2.25.72",
    leak: {
      number: 1,
      site: "local_piriformis",
      route: "vein",
      side: "left",
      symptom: "not_assessed",
      confidence: "definite",
    },
  };
  one.write(before, { P1: box(grid, 8, 20, 8, 8), P2: box(grid, 2, 2, 2) });
  one.reading.change({ en: "Test", zh: "Test" }, () => ({
    ...before,
    floorHu: 1000,
    proposedFloorHu: 1000,
    parts: [bone, leak],
    assessments: checklistFor("sacrum")
      .filter(({ id }) => id !== "local_piriformis" && !open.includes(id))
      .map(({ id }) => ({ lesionId: "L1", site: id, answer: "absent" as const })),
    next: { leak: 2, lesion: 2, part: 3 },
  }));
}

const gaps = (document: CaseDocument): string[] => whatIsMissing(document, null).map(({ text }) => text.en);
const findingsOf = (files: Awaited<ReturnType<typeof filesOf>>): Findings =>
  findingsSchema.parse(JSON.parse(strFromU8(files.find(({ kind }) => kind === "JSON")!.bytes)));
const everyItem = (items: readonly ContentItem[]): ContentItem[] =>
  items.flatMap((item) => [item, ...everyItem(item.children ?? [])]);
const opens = (one: Case, files: Awaited<ReturnType<typeof filesOf>>) =>
  one.app.plugins[0].implementation.importers[`${ID}/import`].run(files);

it("is asked before the case is signed, and goes with its definition into every export", async () => {
  ofDepartment(piriformis, notch, unused);
  const one = await openedCase();
  write(one, ["local_notch"]);
  expect(gaps(documentOf(one))).toEqual(["Lesion L1: Sciatic notch not answered"]);
  write(one);
  one.signing.sign();
  expect(documentOf(one).status).toBe("final");

  const files = await filesOf(one);
  const findings = findingsOf(files);
  expect(findings.terms).toEqual([piriformis, notch]); // what it rests on, and no other
  expect(findings.leaks.map((leak) => [leak.site, leak.tian2020Category])).toEqual([
    ["local_piriformis", "other"],
  ]);
  expect(findings.siteAssessments.at(-1)).toEqual({ lesionRef: "L1", site: "local_notch", answer: "absent" });

  const { exporters } = one.app.plugins[0].implementation;
  const run = async (id: string) => (await exporters[`${ID}/${id}`].run()).at(-1)!.bytes;
  const csv = strFromU8(await run("export-csv"));
  expect(csv).toContain(",local_piriformis,PIR,99XYZ,Piriformis,");
  expect(strFromU8(await run("export-page"))).toContain("Piriformis");

  const seg = readSegmentation(await run("export-seg"), smallSeries(one.volume.grid));
  if (!seg.ok) throw new Error(seg.problem.text?.en);
  const modifiers = seg.value.segments.flatMap((segment) => segment.description.propertyTypeModifiers);
  expect(modifiers).toContainEqual({ value: "PIR", scheme: "99XYZ", meaning: "Piriformis" });
  const report = readReport(await run("export-sr"));
  if (!report.ok) throw new Error(report.problem.text?.en);
  const items = everyItem(report.value.content);
  expect(items.some((item) => item.type === "CODE" && item.code.scheme === "99XYZ")).toBe(true);
  expect(items.some(({ concept }) => concept?.scheme === "99OTHER" && concept.value === "NOTCH")).toBe(true);
});

it("opens where nobody knows it, asks no more than was asked, and goes out again unchanged", async () => {
  ofDepartment(piriformis, notch);
  const one = await openedCase();
  write(one);
  one.signing.sign();
  const files = await filesOf(one);

  const elsewhere: LocalTerm = { ...notch, id: "local_elsewhere", code: "ELSE" };
  ofDepartment(elsewhere);
  const again = await openedCase();
  expect(siteOf("local_piriformis").name.en).toBe("local_piriformis");
  const read = await opens(again, files);
  expect(read.ok ? "" : read.problem.text?.en).toBe("");
  expect(again.reading.document.get().status).toBe("final");
  expect(siteOf("local_piriformis").name.zh).toBe("梨状肌");
  const before = findingsOf(files);
  const after = findingsOf(await filesOf(again));
  expect([after.terms, after.siteAssessments]).toEqual([before.terms, before.siteAssessments]);
  expect(after.leaks[0].trackingId).toBe("Leak 1 Piriformis");

  // An amendment is a draft of this department: it is asked this department's site as well.
  again.signing.amend();
  expect(gaps(again.reading.document.get())).toEqual(["Lesion L1: Sciatic notch not answered"]);
});

it("means in an opened case what its file says, also where this department means something else by the id", async () => {
  ofDepartment(piriformis);
  const one = await openedCase();
  write(one);
  const files = await filesOf(one);
  ofDepartment({ ...piriformis, code: "X", name: { en: "Something else", zh: "其他" } });
  const again = await openedCase();
  await opens(again, files);
  expect(again.reading.document.get().terms).toEqual([piriformis]);
  expect(siteOf("local_piriformis").name.en).toBe("Piriformis");
});

it("is refused where the file doesn't define it, defines it twice or defines it wrongly, and the field named", async () => {
  ofDepartment(piriformis);
  const one = await openedCase();
  write(one);
  const files = await filesOf(one);
  setDepartmentTerms(null);
  const again = await openedCase();
  const told = async (change: (findings: Findings) => unknown): Promise<unknown> => {
    const bytes = new TextEncoder().encode(JSON.stringify(change(findingsOf(files))));
    const read = await opens(again, [{ path: "f.json", kind: "JSON", bytes }]);
    return read.ok ? "opened" : read.problem.details.where;
  };
  expect(await told(({ terms: _none, ...rest }) => rest)).toBe("leaks.0.site");
  expect(await told((f) => ({ ...f, terms: [piriformis, piriformis] }))).toBe("terms.1.id");
  expect(await told((f) => ({ ...f, terms: [{ ...piriformis, scheme: "SCT" }] }))).toBe("terms.0.scheme");
  expect(await told((f) => f)).toBe("opened");
});

it("can't be compared with a read that means another place by the same id", async () => {
  ofDepartment(piriformis);
  const other = await openedCase();
  write(other);
  other.signing.sign();
  const files = await filesOf(other);

  ofDepartment({ ...piriformis, code: "X" });
  const mine = await openedCase();
  for (let n = 0; n < 500; n++) mine.reading.host.newUid(); // another document: its UIDs begin elsewhere
  write(mine);
  mine.reading.host.edit({ en: "Test", zh: "Test" }, (draft) =>
    draft.setDocument({ ...mine.reading.document.get(), documentId: "2.25.999" }),
  );
  mine.signing.sign();
  const read = await opens(mine, files);
  expect(read.ok ? "" : read.problem.code).toBe("cement/other-terms");

  ofDepartment(piriformis);
  const same = await openedCase();
  for (let n = 0; n < 500; n++) same.reading.host.newUid();
  write(same);
  same.reading.host.edit({ en: "Test", zh: "Test" }, (draft) =>
    draft.setDocument({ ...same.reading.document.get(), documentId: "2.25.998" }),
  );
  same.signing.sign();
  const agreed = await opens(same, files);
  expect(agreed.ok ? "" : agreed.problem.text?.en).toBe("");
  same.second.adjudicate();
  expect(same.reading.document.get().terms).toEqual([piriformis]);
});
