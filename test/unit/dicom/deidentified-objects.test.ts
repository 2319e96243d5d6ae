// What has to stay true of a de-identified case: the SEG lies on the CT, the SR points at it, every value is unchanged; and what is refused.
import { beforeAll, describe, expect, it } from "vitest";
import type { ContentItem } from "#core/report-document";
import { patientFromVoxel } from "#core/space";
import { type DeidentifyOptions, deidentify } from "#dicom/deidentify/deidentify";
import { makePseudonyms } from "#dicom/deidentify/pseudonyms";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readWholeObject } from "#dicom/nested-items";
import { readFiles } from "#dicom/open-files";
import { type DataSet, writePart10 } from "#dicom/part10";
import { readHeader } from "#dicom/read-header";
import { readReport } from "#dicom/read-report";
import { readSegmentation } from "#dicom/read-segmentation";
import { type RunMask, voxelCount } from "#voxels/mask";
import { innerCase, masksOf, originalFiles, teachingCase } from "./deidentified-case.ts";
import { sliceFile } from "./synthetic-ct.ts";

const pseudonyms = makePseudonyms({ key: new Uint8Array(32).fill(1), dates: [] });
const options: DeidentifyOptions = {
  pseudonyms,
  vocabulary: { texts: new Set(), codes: [], schemeUids: new Set() },
  crops: [],
};

function firstVoxel(mask: RunMask): readonly [number, number, number] {
  const row = mask.rowStart.findIndex((start, n) => start < mask.rowStart[n + 1]);
  return [mask.start[mask.rowStart[row]], row % mask.rows, Math.floor(row / mask.rows)];
}

/** Codes and numbers of a content tree, in order, and all UIDs that it names. */
function saidBy(items: readonly ContentItem[]): { numbers: string[]; uids: string[] } {
  const numbers: string[] = [];
  const uids: string[] = [];
  const visit = (item: ContentItem): void => {
    if (item.type === "NUM") numbers.push(`${item.concept?.value} ${item.value} ${item.unit.value}`);
    if (item.type === "UIDREF") uids.push(item.uid);
    if (item.type === "IMAGE") uids.push(item.reference.sopInstanceUid);
    item.children?.forEach(visit);
  };
  items.forEach(visit);
  return { numbers, uids };
}

describe.each([
  ["axial", {}],
  ["tilted gantry", { shearMm: 0.33 }],
  [
    "prone",
    { rowDirection: [-1, 0, 0] as const, columnDirection: [0, -1, 0] as const, patientPosition: "HFP" },
  ],
  ["uneven slices", { spacingMm: [1.25, 1.25, 2] }],
])("a cropped teaching case: %s", (_, series) => {
  const input = innerCase(series);
  let made: Awaited<ReturnType<typeof teachingCase>>;
  beforeAll(async () => {
    made = await teachingCase(input);
  });

  it("has its segments on the same places in the patient and on the same bright voxels", async () => {
    const { series: read } = await readFiles(made.of("CT").map(({ name, bytes }) => memoryFile(name, bytes)));
    const loaded = await loadSeries(read[0]);
    if (!loaded.ok) throw new Error(loaded.problem.code);
    const { context, volume } = loaded.value;
    const { grid } = context;
    expect([grid.columns, grid.rows, grid.slices]).toEqual([
      made.box.columns,
      made.box.rows,
      made.box.instances.size,
    ]);
    expect(grid.slices).toBeLessThan(input.source.grid.slices);
    expect(grid.columns).toBeLessThan(input.source.grid.columns);
    const seg = readSegmentation(made.of("SEG")[0].bytes, context);
    if (!seg.ok) throw new Error(JSON.stringify(seg.problem));
    const before = masksOf(input);
    expect(seg.value.segments).toHaveLength(before.length);
    seg.value.segments.forEach(({ mask }, n) => {
      expect(voxelCount(mask)).toBe(voxelCount(before[n]));
      const [a, b] = [
        patientFromVoxel(grid, ...firstVoxel(mask)),
        patientFromVoxel(input.source.grid, ...firstVoxel(before[n])),
      ];
      a.forEach((value, axis) => expect(value).toBeCloseTo(b[axis], 6));
      for (let row = 0; row < mask.rows * mask.slices; row++)
        for (let run = mask.rowStart[row]; run < mask.rowStart[row + 1]; run++)
          for (let i = mask.start[run]; i < mask.end[run]; i++)
            expect(volume.hu[row * grid.columns + i]).toBeGreaterThan(1000);
    });
  });

  it("has a report with the same numbers that points at objects of the case alone", () => {
    const after = readReport(made.of("SR")[0].bytes);
    const original = made.originals.find(({ name }) => name.includes("cement-sr"));
    const before = readReport(original?.bytes ?? new Uint8Array());
    if (!after.ok || !before.ok) throw new Error("no report");
    const [now, then] = [saidBy(after.value.content), saidBy(before.value.content)];
    expect(now.numbers).toEqual(then.numbers);
    expect(now.numbers.length).toBeGreaterThan(15);
    expect(now.uids).toEqual(then.uids.map((uid) => made.pseudonyms.uid(uid)));
    const here = new Set(made.made.files.map(({ sopInstanceUid }) => sopInstanceUid));
    const named = after.value.evidence.flatMap(({ instances }) =>
      instances.map(({ sopInstanceUid }) => sopInstanceUid),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((uid) => !here.has(uid))).toEqual([]);
  });

  it("names no UID of the original in any byte, and carries the de-identified findings in its report", () => {
    const originals = made.originals.flatMap(({ bytes }) => {
      const object = readWholeObject(bytes);
      return object.ok
        ? ["x00080018", "x0020000d", "x0020000e", "x00200052"].map((tag) => object.value.root.string(tag))
        : [];
    });
    const uids = new Set(originals.filter((uid) => uid !== ""));
    expect(uids.size).toBeGreaterThan(25);
    for (const { bytes } of made.made.files) {
      const text = Buffer.from(bytes).toString("latin1");
      expect([...uids].filter((uid) => text.includes(uid))).toEqual([]);
    }
    const sr = Buffer.from(made.of("SR")[0].bytes).toString("utf8");
    expect(sr).toContain(made.findings.documentId);
    expect(sr).not.toContain(input.findings.documentId);
  });

  it("says in every object what was done", () => {
    for (const { bytes } of made.made.files) {
      const object = readWholeObject(bytes);
      if (!object.ok) throw new Error(object.problem.code);
      const { root } = object.value;
      expect(root.string("x00120062")).toBe("YES");
      expect(root.string("x00280303")).toBe("MODIFIED");
      expect(root.codes("x00120064").map(({ value }) => value)).toEqual([
        "113100",
        "113104",
        "113105",
        "113107",
        "113108",
      ]);
      expect(root.text("x00100010")).toBe(made.pseudonyms.subject);
      expect(root.string("x00101010")).toBe("065Y");
    }
  });
});

describe("what does not leave", () => {
  const ct = (change: DataSet = {}, z = 0) => ({
    name: `z${z}.dcm`,
    bytes: sliceFile({ position: [0, 0, z], change }),
  });
  const codesOf = async (
    files: readonly { name: string; bytes: Uint8Array }[],
    more: Partial<DeidentifyOptions> = {},
  ) => {
    const result = await deidentify(files, { ...options, ...more });
    return result.ok
      ? {
          files: result.value.files.length,
          codes: result.problems.map(({ code, details }) => `${code} ${String(details.why ?? "")}`.trim()),
        }
      : { files: 0, codes: [result.problem.code] };
  };

  it("is pictures, burned-in words, localizers and reformats until someone looked at them", async () => {
    const files = {
      "burned-in": ct({ BurnedInAnnotation: "YES" }),
      capture: ct({ SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", Modality: "OT" }),
      "not-axial": ct({ ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] }),
    };
    for (const [why, file] of Object.entries(files)) {
      expect(await codesOf([file])).toEqual({ files: 0, codes: [`deidentify/look-first ${why}`] });
      const header = readHeader(file.bytes, file.name);
      const uid = header.ok ? header.value.sopInstanceUid : "";
      expect(await codesOf([file], { lookedAt: new Set([uid]) })).toEqual({ files: 1, codes: [] });
    }
    const coronal = {
      name: "c",
      bytes: sliceFile({ position: [0, 0, 0], row: [1, 0, 0], column: [0, 0, -1] }),
    };
    expect(await codesOf([coronal])).toEqual({ files: 0, codes: ["deidentify/look-first not-axial"] });
  });

  it("is documents, dose reports and unknown classes, ever", async () => {
    for (const SOPClassUID of [
      "1.2.840.10008.5.1.4.1.1.104.1",
      "1.2.840.10008.5.1.4.1.1.88.67",
      "1.2.840.10008.5.1.4.1.1.66",
      "1.2.3.4",
    ]) {
      const file = ct({ SOPClassUID });
      const header = readHeader(file.bytes, file.name);
      const lookedAt = new Set([header.ok ? header.value.sopInstanceUid : ""]);
      expect(await codesOf([file], { lookedAt })).toEqual({ files: 0, codes: ["deidentify/class"] });
    }
  });

  it("is a scan on which the head may be, unless it is cropped or someone said that none is", async () => {
    const spine = [0, 200, 420].map((z) => ct({}, z));
    expect((await codesOf(spine)).codes).toEqual(["deidentify/may-show-head"]);
    expect(await codesOf(spine, { noHead: true })).toEqual({ files: 3, codes: [] });
    const uids = spine
      .map(({ bytes, name }) => readHeader(bytes, name))
      .flatMap((header) => (header.ok ? [header.value.sopInstanceUid] : []));
    const box = {
      seriesInstanceUid: "2.25.1001",
      firstColumn: 1,
      firstRow: 1,
      columns: 4,
      rows: 3,
      instances: new Set(uids.slice(0, 2)),
    };
    expect(await codesOf(spine, { crops: [box] })).toEqual({ files: 2, codes: [] });
    expect((await codesOf([ct({ BodyPartExamined: "HEADNECK" })])).codes).toEqual([
      "deidentify/may-show-head",
    ]);
  });

  it("is files of two patients, a crop outside the image or through a segment", async () => {
    expect((await codesOf([ct({ PatientID: "A" }), ct({ PatientID: "B" }, 1)])).codes).toEqual([
      "deidentify/patients",
    ]);
    const uid = readHeader(ct().bytes, "ct");
    const instances = new Set([uid.ok ? uid.value.sopInstanceUid : ""]);
    const outside = {
      seriesInstanceUid: "2.25.1001",
      firstColumn: 6,
      firstRow: 0,
      columns: 4,
      rows: 3,
      instances,
    };
    expect((await codesOf([ct()], { crops: [outside] })).codes).toEqual(["deidentify/crop-outside"]);
    const input = innerCase();
    const all = new Set(input.source.instances.map(({ sopInstanceUid }) => sopInstanceUid));
    const through = {
      seriesInstanceUid: input.source.seriesInstanceUid,
      firstColumn: 0,
      firstRow: 0,
      columns: 30,
      rows: 53,
      instances: all,
    };
    expect((await codesOf(originalFiles(input), { crops: [through] })).codes).toEqual([
      "deidentify/crop-cuts-segment",
    ]);
  });

  it("is a reference to an image that was cropped away, given or not, and a selection of such images alone", async () => {
    const reference = (uid: string): DataSet => ({
      ReferencedSOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      ReferencedSOPInstanceUID: uid,
    });
    const selection = (...uids: string[]) =>
      writePart10({
        SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.59",
        SOPInstanceUID: "2.25.7002",
        Modality: "KO",
        CurrentRequestedProcedureEvidenceSequence: [
          {
            StudyInstanceUID: "2.25.1000",
            ReferencedSeriesSequence: [
              { SeriesInstanceUID: "2.25.1001", ReferencedSOPSequence: uids.map(reference) },
            ],
          },
        ],
        ContentSequence: uids.map((uid) => ({
          RelationshipType: "CONTAINS",
          ValueType: "IMAGE",
          ReferencedSOPSequence: [reference(uid)],
        })),
      });
    const crop = { seriesInstanceUid: "2.25.1001", firstColumn: 0, firstRow: 0, columns: 4, rows: 3 };
    const crops = [{ ...crop, instances: new Set(["2.25.61"]), cropped: new Set(["2.25.62"]) }];
    const made = await deidentify([{ name: "ko", bytes: selection("2.25.61", "2.25.62") }], {
      ...options,
      crops,
    });
    if (!made.ok) throw new Error(made.problem.code);
    const text = Buffer.from(made.value.files[0].bytes).toString("latin1");
    expect(text.split(pseudonyms.uid("2.25.61"))).toHaveLength(3);
    expect(text).not.toContain(pseudonyms.uid("2.25.62"));
    expect((await codesOf([{ name: "ko", bytes: selection("2.25.62") }], { crops })).codes).toEqual([
      "deidentify/nothing-left",
    ]);
  });

  it("is what is no DICOM or is cut off", async () => {
    const { bytes } = ct();
    expect((await codesOf([{ name: "x", bytes: new Uint8Array(300) }])).codes).toEqual(["read/not-dicom"]);
    expect((await codesOf([{ name: "x", bytes: bytes.subarray(0, bytes.length - 20) }])).codes).toEqual([
      "read/truncated",
    ]);
  });

  it("is an old overlay, thumbnail, weight to the gram and age to the year", async () => {
    const old = ct({
      PatientAge: "093Y",
      PatientWeight: "83.4",
      PatientSize: "1.73",
      OverlayData: new Uint8Array(8).fill(7),
      IconImageSequence: [{ Rows: 1 }],
    });
    const result = await deidentify([old], options);
    if (!result.ok) throw new Error(result.problem.code);
    const object = readWholeObject(result.value.files[0].bytes);
    if (!object.ok) throw new Error(object.problem.code);
    const { root } = object.value;
    expect([root.string("x00101010"), root.number("x00101030"), root.number("x00101020")]).toEqual([
      "090Y",
      85,
      1.75,
    ]);
    expect([root.has("x60003000"), root.has("x00880200")]).toEqual([false, false]);
  });

  it("is a report item of an unknown code, a person's name or a text that nobody approved", async () => {
    const [name, text] = ["STRANGER^NAME", "Seen with the family"];
    const item = (more: DataSet): DataSet => ({
      RelationshipType: "CONTAINS",
      ConceptNameCodeSequence: [
        { CodeValue: "121106", CodingSchemeDesignator: "DCM", CodeMeaning: "Comment of Dr. Who" },
      ],
      ...more,
    });
    const bytes = writePart10({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.88.34",
      SOPInstanceUID: "2.25.7001",
      SpecificCharacterSet: "ISO_IR 192",
      Modality: "SR",
      ContentSequence: [
        item({ ValueType: "TEXT", TextValue: text }),
        item({ ValueType: "PNAME", PersonName: name }),
        item({
          ValueType: "CODE",
          ConceptCodeSequence: [
            { CodeValue: "WARD-7", CodingSchemeDesignator: "99HOSP", CodeMeaning: "Ward" },
          ],
        }),
      ],
    });
    const run = async (approved: readonly string[]) => {
      const result = await deidentify([{ name: "sr", bytes }], {
        ...options,
        vocabulary: { ...options.vocabulary, texts: new Set(approved) },
      });
      return result.ok ? Buffer.from(result.value.files[0].bytes).toString("latin1") : "";
    };
    expect(await run([])).not.toMatch(/STRANGER|family|WARD|99HOSP|Dr\. Who/);
    expect(await run([])).toContain("Reader 1");
    expect(await run([text])).toContain(text);
  });
});
