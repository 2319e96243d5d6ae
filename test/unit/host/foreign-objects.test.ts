// What others wrote is opened with a CT by what it says of itself; of several versions of ours the newest; a changed report is refused.
import { describe, expect, it } from "vitest";
import { strFromU8, strToU8 } from "fflate";
import type { ImportedObject } from "#contract";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { STANDARD_CODES as S } from "#core/standard-codes";
import type { ContentItem, ReportDocument } from "#core/report-document";
import { checklistFor } from "../../../plugins/cement-leakage/model/sites.ts";
import { colorOfPart } from "../../../plugins/cement-leakage/reading/draw-case.ts";
import { readCase } from "../../../plugins/cement-leakage/reading/import-case.ts";
import { numbered, testEquipment, testIdentity, testSegmentation } from "../dicom/small-series.ts";
import { box, documentOf, filesOf, ID, openedCase } from "./written-case.ts";

type Case = Awaited<ReturnType<typeof openedCase>>;

const importInto = (one: Case, objects: readonly ImportedObject[]) =>
  one.app.plugins[0].implementation.importers[`${ID}/import`].run(objects);

const seriesOf = (one: Case) => one.app.state.get().scene.series!;

/** Cement and one leak, with a volume that tells the versions apart. */
function write(one: Case, sizes: { leak: number }) {
  const { grid } = one.volume;
  const before = one.reading.document.get();
  one.write(
    {
      ...before,
      floorHu: 900,
      proposedFloorHu: 900,
      parts: [
        {
          partId: "P1",
          role: "intraosseous",
          lesionId: "L1",
          componentId: "C1",
          trackingUid: "2.25.61",
          origin: "found",
          leak: null,
        },
        {
          partId: "P2",
          role: "leak",
          lesionId: "L1",
          componentId: "C2",
          trackingUid: "2.25.62",
          origin: "found",
          leak: {
            number: 1,
            site: "puncture_path",
            route: "unknown",
            side: "left",
            confidence: "definite",
            symptom: "not_assessed",
          },
        },
      ],
      unmarkedLook: true,
      assessments: checklistFor("sacrum")
        .filter(({ id }) => id !== "puncture_path")
        .map(({ id }) => ({ lesionId: "L1", site: id, answer: "absent" })),
      next: { leak: 2, lesion: 2, part: 3 },
    },
    { P1: box(grid, 4, 22, 8, 7), P2: box(grid, 2, 3, 3, sizes.leak) },
  );
}

function foreignReport(one: Case, content: readonly ContentItem[]): Uint8Array {
  const source = seriesOf(one);
  const document: ReportDocument = {
    identity: testIdentity("SR", 300),
    source,
    equipment: { ...testEquipment, manufacturer: "Elsewhere" },
    completion: "PARTIAL",
    predecessors: [],
    evidence: [
      {
        studyInstanceUid: source.study.studyInstanceUid,
        seriesInstanceUid: source.seriesInstanceUid,
        instances: source.instances.slice(0, 1),
      },
    ],
    title: S.reportTitle,
    templateId: "1500",
    codingSchemes: [],
    content,
  };
  return writeReport(document);
}

describe("a segmentation of another program", () => {
  it("becomes parts with its names, codes and colours, for a person to decide", async () => {
    const one = await openedCase();
    const source = seriesOf(one);
    const masks = [
      box(one.volume.grid, 3, 3, 3, 4),
      box(one.volume.grid, 12, 12, 3, 5),
      box(one.volume.grid, 20, 20, 9, 3),
    ];
    const bytes = writeSegmentation(testSegmentation(source), numbered(masks));
    const read = await importInto(one, [{ path: "seg.dcm", kind: "SEG", bytes }]);
    expect(read.ok ? "" : read.problem.code).toBe("");
    const { parts } = documentOf(one);
    expect(parts.map(({ role }) => role)).toEqual(["undecided", "undecided", "undecided"]);
    const { label, propertyType } = testSegmentation(source).segments[1];
    expect(parts[1].segment).toMatchObject({ label, color: "#ffd43b" });
    expect(parts[1].segment?.propertyType).toContain(propertyType.value);
    expect(colorOfPart(parts[1])).toBe("#ffd43b");
    expect(one.reading.maskOf("P2")).toEqual(masks[1]);
  });

  it("beside findings of ours that don't speak of it is left out, and named", async () => {
    const one = await openedCase();
    write(one, { leak: 4 });
    const files = await filesOf(one, "SR");
    const again = await openedCase();
    const segments = testSegmentation(seriesOf(again)).segments.slice(0, 1);
    const other = writeSegmentation(
      { ...testSegmentation(seriesOf(again)), segments },
      numbered([box(again.volume.grid, 20, 20, 9, 3)]),
    );
    const read = await importInto(again, [...files, { path: "other.dcm", kind: "SEG", bytes: other }]);
    expect(read.ok && read.problems.map(({ code }) => code)).toContain("findings/other-segments");
    expect(documentOf(again).parts).toHaveLength(2);
  });
});

describe("a report of another program", () => {
  it("is shown as far as it is understood, and changes nothing of the case", async () => {
    const one = await openedCase();
    const before = one.app.state.get().documents;
    const group: ContentItem = {
      relationship: "CONTAINS",
      type: "CONTAINER",
      concept: S.measurementGroup,
      children: [
        { relationship: "HAS OBS CONTEXT", type: "TEXT", concept: S.trackingIdentifier, text: "Nodule 1" },
        { relationship: "CONTAINS", type: "CODE", concept: S.finding, code: S.pmma },
        { relationship: "CONTAINS", type: "NUM", concept: S.volume, value: 812.5, decimals: 1, unit: S.mm3 },
      ],
    };
    const bytes = foreignReport(one, [group]);
    const read = await importInto(one, [{ path: "sr.dcm", kind: "SR", bytes }]);
    expect(read.ok).toBe(true);
    // The plugin of the app has a reading of its own; the same question asked of this one.
    readCase(one.reading, [{ path: "sr.dcm", kind: "SR", bytes }]);
    expect(one.reading.state.get().foreignReports).toMatchObject([
      {
        title: S.reportTitle.meaning,
        signed: false,
        groups: [
          {
            name: "Nodule 1",
            values: [
              { name: "Finding", value: "Polymethyl methacrylate" },
              { name: "Volume", value: "812.5 mm3" },
            ],
          },
        ],
      },
    ]);
    expect(one.app.state.get().documents).toEqual(before);
  });
});

describe("several versions of findings", () => {
  it("open as the newest that nothing replaces, and say what was left out", async () => {
    const one = await openedCase();
    write(one, { leak: 4 });
    const draft = await filesOf(one, "SR");
    one.signing.sign();
    const signed = await filesOf(one, "SR");
    one.signing.amend();
    one.reading.change({ en: "Comment", zh: "备注" }, ({ document }) => ({
      ...document,
      parts: document.parts.map((part) =>
        part.leak ? { ...part, leak: { ...part.leak, comment: "amended" } } : part,
      ),
    }));
    one.signing.sign();
    const amended = await filesOf(one, "SR");
    const again = await openedCase();
    // In the order that an archive might give them.
    const read = await importInto(again, [...signed, ...amended, ...draft]);
    expect(read.ok && read.problems.map(({ code }) => code)).toContain("findings/versions");
    const { documentId, parts, status } = documentOf(again);
    expect({ documentId, status }).toEqual({ documentId: documentOf(one).documentId, status: "final" });
    expect(parts.find((part) => part.leak)?.leak?.comment).toBe("amended");
  });

  it("are one where JSON and report say the same", async () => {
    const one = await openedCase();
    write(one, { leak: 4 });
    const again = await openedCase();
    const read = await importInto(again, [...(await filesOf(one, "SR")), ...(await filesOf(one, "JSON"))]);
    expect(read.ok && read.problems).toEqual([]);
  });
});

describe("a report of ours whose figures were changed", () => {
  it("is refused, and the case stays as it was", async () => {
    const one = await openedCase();
    write(one, { leak: 4 });
    const files = await filesOf(one, "SR");
    const changed = files.map((file): ImportedObject => {
      if (file.kind !== "SR") return file;
      const text = strFromU8(file.bytes, true);
      // The embedded findings say another volume than the tree; as many digits, so that every length stays true.
      const volume = /"volumeMm3": (\d+(?:\.\d+)?)/.exec(text)![1];
      const other = `${volume[0] === "9" ? "8" : "9"}${volume.slice(1)}`;
      return {
        ...file,
        bytes: strToU8(text.replaceAll(`"volumeMm3": ${volume}`, `"volumeMm3": ${other}`), true),
      };
    });
    const again = await openedCase();
    const before = again.app.state.get().documents;
    const read = await importInto(again, changed);
    expect(read.ok ? "" : read.problem.code).toBe("findings/report-contradicts");
    expect(again.app.state.get().documents).toEqual(before);
  });
});
