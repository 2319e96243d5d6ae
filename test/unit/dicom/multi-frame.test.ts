// Claims about multi-frame CT: each frame is a slice in its place with its HU, whatever the encoding, and exports name the frame.
import dicomParser from "dicom-parser";
import { deflateSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import type { SeriesContext } from "#core/study";
import { fragmentsByFrame } from "#dicom/encapsulated";
import { loadSeries } from "#dicom/load-series";
import { type NamedFile, memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { writePart10 } from "#dicom/part10";
import { readHeader } from "#dicom/read-header";
import { readSegmentation } from "#dicom/read-segmentation";
import { writeSegmentation } from "#dicom/write-segmentation";
import { LEGACY_ENHANCED_CT, asRle, enhancedCt } from "./enhanced-ct.ts";
import { asymmetricMasks, numbered, smallCtFiles, smallSeries, testSegmentation } from "./small-series.ts";

const single = smallSeries();
const FRAME_BYTES = single.grid.columns * single.grid.rows * 2;
const SLICES = single.grid.slices;

async function opened(...files: readonly Uint8Array[]) {
  const { series } = await readFiles(files.map((bytes, n) => memoryFile(`mf${n}`, bytes)));
  const result = await loadSeries(series[0]);
  if (!result.ok) throw new Error(problemText(result.problem, "en"));
  return { ...result.value, summary: series[0].summary };
}

async function refusal(...files: readonly Uint8Array[]): Promise<Problem> {
  const { series } = await readFiles(files.map((bytes, n) => memoryFile(`mf${n}`, bytes)));
  const [{ summary }] = series;
  expect(summary.openable).toBe(false);
  for (const problem of summary.problems)
    for (const locale of ["en", "zh"] as const)
      expect(problemText(problem, locale)).not.toMatch(/undefined|NaN/);
  return summary.problems[0];
}

/** Ends of the file order 0…n-1 in two objects, as a concatenation has it. */
const halves = [Array.from({ length: 4 }, (_, k) => k), Array.from({ length: SLICES - 4 }, (_, k) => k + 4)];

/** Deflates everything after the meta header, whose transfer syntax is renamed. */
function deflated(native: Uint8Array): Uint8Array {
  const meta = dicomParser.readPart10Header(native);
  const end = "position" in meta && typeof meta.position === "number" ? meta.position : 0;
  const head = Buffer.from(native.slice(0, end));
  const uid = "1.2.840.10008.1.2.1\0";
  const at = head.indexOf(uid);
  const renamed = Buffer.concat([
    head.subarray(0, at),
    Buffer.from("1.2.840.10008.1.2.1.99"),
    head.subarray(at + uid.length),
  ]);
  renamed.writeUInt16LE(22, at - 2);
  renamed.writeUInt32LE(renamed.readUInt32LE(140) + 2, 140);
  return new Uint8Array(Buffer.concat([renamed, deflateSync(native.subarray(end))]));
}

describe("a multi-frame CT", () => {
  const native = enhancedCt(single);
  it.each<[string, readonly Uint8Array[]]>([
    ["enhanced", [native]],
    ["legacy converted", [enhancedCt(single, { sopClassUid: LEGACY_ENHANCED_CT })]],
    ["groups in every frame", [enhancedCt(single, { perFrame: true })]],
    [
      "two objects of one series",
      halves.map((slices, n) => enhancedCt(single, { slices, sopInstanceUid: `2.25.91${n}` })),
    ],
    [
      "one frame in each object",
      Array.from({ length: SLICES }, (_, k) =>
        enhancedCt(single, { slices: [k], sopInstanceUid: `2.25.92${k}` }),
      ),
    ],
    ["RLE without offset tables", [asRle(native, FRAME_BYTES)]],
    ["RLE with a basic offset table", [asRle(native, FRAME_BYTES, { basicTable: true })]],
    ["RLE with an extended offset table", [asRle(native, FRAME_BYTES, { extendedTable: true })]],
    ["deflated", [deflated(native)]],
  ])("has the voxels and the places of the single-frame series: %s", async (_, files) => {
    const expected = await opened(...smallCtFiles(single));
    const found = await opened(...files);
    expect(found.volume.grid).toEqual(expected.volume.grid);
    expect(Buffer.compare(Buffer.from(found.volume.hu.buffer), Buffer.from(expected.volume.hu.buffer))).toBe(
      0,
    );
    expect(found.context.problems).toEqual([]);
    expect(found.summary).toMatchObject({
      imageCount: SLICES,
      convolutionKernel: "B70",
      sliceThicknessMm: 1.25,
    });
    expect(found.context.kvp).toBe(120);
  });

  it("names the frame of each slice, and none where the object has only one", async () => {
    const { context } = await opened(native);
    expect(context.instances.map(({ frameNumber }) => frameNumber)).toEqual(
      Array.from({ length: SLICES }, (_, k) => SLICES - k),
    );
    const one = await opened(
      ...[0, 1].map((k) => enhancedCt(single, { slices: [k], sopInstanceUid: `2.25.93${k}` })),
    );
    expect(one.context.instances.map(({ frameNumber }) => frameNumber)).toEqual([undefined, undefined]);
  });

  it("finds kernel and kV where a legacy conversion keeps them, and contrast in its sequence", async () => {
    const bytes = enhancedCt(single, {
      sopClassUid: LEGACY_ENHANCED_CT,
      change: {
        ContrastBolusAgentSequence: [
          { CodeMeaning: "Iohexol", CodeValue: "1", CodingSchemeDesignator: "SCT" },
        ],
      },
      changeShared: {
        CTReconstructionSequence: undefined,
        CTXRayDetailsSequence: undefined,
        UnassignedSharedConvertedAttributesSequence: [{ ConvolutionKernel: "I70f" }],
      },
      changeFrame: () => ({ UnassignedPerFrameConvertedAttributesSequence: [{ KVP: 140 }] }),
    });
    const { context } = await opened(bytes);
    expect([context.convolutionKernel, context.kvp]).toEqual(["I70f", 140]);
    const header = readHeader(bytes, "mf");
    expect(header.ok && header.value.contrastAgent).toBe("Iohexol");
  });

  it("takes the rescale of each frame", async () => {
    const values = (n: number) => [{ RescaleIntercept: -1024 - n, RescaleSlope: 1, RescaleType: "HU" }];
    const bytes = enhancedCt(single, {
      changeFrame: (n) => ({ PixelValueTransformationSequence: values(n) }),
    });
    const [plain, shifted] = [await opened(native), await opened(bytes)];
    const sliceVoxels = FRAME_BYTES / 2;
    for (let k = 0; k < SLICES; k++)
      expect(shifted.volume.hu[k * sliceVoxels] - plain.volume.hu[k * sliceVoxels]).toBe(k + 1 - SLICES);
  });

  it("reads native frames one by one and never the whole file", async () => {
    const reads: number[] = [];
    const file: NamedFile = {
      ...memoryFile("mf", native),
      slice: (start, end) => {
        reads.push(end - start);
        return memoryFile("mf", native).slice(start, end);
      },
    };
    const { series } = await readFiles([file]);
    reads.length = 0;
    expect((await loadSeries(series[0])).ok).toBe(true);
    expect(reads.filter((bytes) => bytes === FRAME_BYTES).length).toBe(SLICES);
    expect(reads.length).toBe(SLICES + 1);
  });

  it("sets scout frames aside", async () => {
    const scout = { CTImageFrameTypeSequence: [{ FrameType: ["ORIGINAL", "PRIMARY", "LOCALIZER", "NONE"] }] };
    const { context } = await opened(enhancedCt(single, { changeFrame: (n) => (n === 0 ? scout : {}) }));
    expect(context.grid.slices).toBe(SLICES - 1);
    expect(context.problems.map(({ code, details }) => [code, details.count])).toEqual([
      ["stack/localizers-set-aside", 1],
    ]);
  });

  const content = (change: Record<string, string | number>) => (n: number) =>
    n < 6 ? {} : { FrameContentSequence: [{ StackID: "1", TemporalPositionIndex: 1, ...change }] };
  it.each<[string, Parameters<typeof enhancedCt>[1], string]>([
    [
      "without functional groups",
      { change: { SharedFunctionalGroupsSequence: undefined, PerFrameFunctionalGroupsSequence: undefined } },
      "stack/multi-frame",
    ],
    ["with a frame too many in its count", { change: { NumberOfFrames: SLICES - 1 } }, "stack/frame-count"],
    [
      "without a position in one frame",
      { changeFrame: (n) => (n === 3 ? { PlanePositionSequence: undefined } : {}) },
      "stack/no-position",
    ],
    [
      "without orientation",
      { changeShared: { PlaneOrientationSequence: undefined } },
      "stack/no-orientation",
    ],
    ["without spacing", { changeShared: { PixelMeasuresSequence: undefined } }, "stack/no-spacing"],
    [
      "in another unit",
      {
        changeShared: {
          PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept: 0, RescaleType: "MGML" }],
        },
      },
      "stack/not-hounsfield",
    ],
    ["of two stacks", { changeFrame: content({ StackID: "2" }) }, "stack/several-stacks"],
    ["of two points in time", { changeFrame: content({ TemporalPositionIndex: 2 }) }, "stack/several-times"],
    ["with two frames in one place", { slices: [0, 1, 2, 3, 3, 4] }, "stack/same-position"],
    [
      "with frames in two orientations",
      {
        changeFrame: (n) =>
          n === 5 ? { PlaneOrientationSequence: [{ ImageOrientationPatient: [0, 1, 0, 0, 0, -1] }] } : {},
      },
      "stack/mixed-orientation",
    ],
  ])("is refused %s, with where", async (_, options, code) => {
    const problem = await refusal(enhancedCt(single, options));
    expect(problem.code).toBe(code);
    expect(String(problem.details.fileName)).toMatch(/^mf0/);
  });

  it("names the frame that lacks its position, and both stacks with a frame of each", async () => {
    const lacking = await refusal(
      enhancedCt(single, { changeFrame: (n) => (n === 3 ? { PlanePositionSequence: undefined } : {}) }),
    );
    expect(lacking.details.fileName).toBe("mf0 #4");
    expect(
      (await refusal(enhancedCt(single, { changeFrame: content({ StackID: "2" }) }))).details,
    ).toMatchObject({
      firstFrame: 1,
      otherFrame: 7,
      first: "1",
      other: "2",
    });
  });

  it("is refused whole when it is cut off, native or encoded", async () => {
    expect((await refusal(native.slice(0, -FRAME_BYTES))).code).toBe("series/broken-file");
    const { series } = await readFiles([
      memoryFile("mf0", asRle(native, FRAME_BYTES).slice(0, -FRAME_BYTES)),
    ]);
    const result = await loadSeries(series[0]);
    expect(result.ok ? "" : result.problem.code).toBe("decode/truncated-pixels");
  });

  it("counts a second copy once, and refuses one UID with other places", async () => {
    const { context } = await opened(native, native);
    expect(context.problems.map(({ code, details }) => [code, details.count])).toEqual([
      ["stack/duplicates-dropped", 1],
    ]);
    const turned = enhancedCt(single, { slices: single.instances.map((_, k) => k) });
    expect((await refusal(native, turned)).code).toBe("stack/conflicting-copies");
  });
});

describe("fragments of several frames", () => {
  const stream = (start: readonly number[], length: number) =>
    new Uint8Array([...start, ...new Uint8Array(length).fill(7)]);
  const JPEG = [0xff, 0xd8, 0xff];
  const encapsulated = (table: readonly number[], fragments: readonly Uint8Array[]): Uint8Array => {
    const tag = (element: number, length: number) => [
      0xfe,
      0xff,
      element & 0xff,
      element >> 8,
      length & 0xff,
      length >> 8,
      0,
      0,
    ];
    return new Uint8Array([
      ...tag(0xe000, table.length * 4),
      ...new Uint8Array(new Uint32Array(table).buffer),
      ...fragments.flatMap((fragment) => [...tag(0xe000, fragment.length), ...fragment]),
      ...tag(0xe0dd, 0),
    ]);
  };
  const parts = [
    stream(JPEG, 5),
    stream([], 4),
    stream([], 6),
    stream(JPEG, 9),
    stream(JPEG, 1),
    stream([], 2),
  ];
  const lengths = (found: ReturnType<typeof fragmentsByFrame>) =>
    typeof found === "string" ? found : found.map((frame) => frame.map(({ length }) => length));

  it("are told apart by the start of a stream, or by the offset table alone", () => {
    expect(lengths(fragmentsByFrame(encapsulated([], parts), 0, 3))).toEqual([[8, 4, 6], [12], [4, 2]]);
    const plain = parts.map(({ length }) => stream([], length));
    expect(lengths(fragmentsByFrame(encapsulated([], plain), 0, 3))).toBe("unclear");
    expect(lengths(fragmentsByFrame(encapsulated([0, 42, 62], plain), 0, 3))).toEqual([
      [8, 4, 6],
      [12],
      [4, 2],
    ]);
    expect(lengths(fragmentsByFrame(encapsulated([0, 43, 62], plain), 0, 3))).toBe("unclear");
  });

  it("are missing where there are fewer than frames", () => {
    expect(lengths(fragmentsByFrame(encapsulated([], parts), 0, 7))).toBe("cut-off");
    expect(lengths(fragmentsByFrame(encapsulated([], parts).slice(0, -9), 0, 3))).toBe("cut-off");
  });
});

describe("a segmentation of a multi-frame CT", () => {
  const source = async (): Promise<SeriesContext> => (await opened(enhancedCt(single))).context;

  it("names the frame of each source image, and the object once", async () => {
    const context = await source();
    const bytes = writeSegmentation(testSegmentation(context), numbered(asymmetricMasks(context.grid)));
    const { elements } = dicomParser.parseDicom(bytes);
    const listed = elements.x00081115.items?.[0].dataSet?.elements.x0008114a.items ?? [];
    expect(listed.map(({ dataSet }) => [dataSet?.string("x00081155"), dataSet?.string("x00081160")])).toEqual(
      [["2.25.900", undefined]],
    );
    const frames = elements.x52009230.items ?? [];
    expect(frames.length).toBeGreaterThan(10);
    for (const { dataSet } of frames) {
      const image = dataSet?.elements.x00089124.items?.[0].dataSet?.elements.x00082112.items?.[0].dataSet;
      const position = dataSet?.elements.x00209113.items?.[0].dataSet
        ?.string("x00200032")
        ?.split("\\")
        .map(Number);
      const k = context.grid.slicePositions.findIndex((place) => place[2] === position?.[2]);
      expect(image?.string("x00081160")).toBe(String(SLICES - k));
    }
  });

  it("comes back voxel for voxel, even by its frame numbers alone", async () => {
    const context = await source();
    const masks = asymmetricMasks(context.grid);
    const bytes = writeSegmentation(testSegmentation(context), numbered(masks));
    const back = readSegmentation(bytes, context);
    expect(back.ok && back.value.segments.map(({ mask }) => mask)).toEqual(masks);
    // Plane Position and Plane Orientation under other tags: only the source image and its frame are left.
    const blind = Buffer.from(bytes);
    for (const [from, to] of [
      [0x13, 0x14],
      [0x16, 0x17],
    ])
      for (
        let at = blind.indexOf(Buffer.from([0x20, 0, from, 0x91, 0x53, 0x51]));
        at >= 0;
        at = blind.indexOf(Buffer.from([0x20, 0, from, 0x91, 0x53, 0x51]), at)
      )
        blind[at + 2] = to;
    const blindly = readSegmentation(new Uint8Array(blind), context);
    expect(blindly.ok && blindly.value.segments.map(({ mask }) => mask)).toEqual(masks);
  });
});

it("says of an ultrasound loop that it is not CT", async () => {
  const problem = await refusal(
    writePart10({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.3.1",
      SOPInstanceUID: "2.25.94",
      Modality: "US",
      StudyInstanceUID: "2.25.1",
      SeriesInstanceUID: "2.25.2",
      NumberOfFrames: 2,
      SamplesPerPixel: 1,
      PhotometricInterpretation: "MONOCHROME2",
      Rows: 2,
      Columns: 2,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      PixelData: new Uint8Array(8),
    }),
  );
  expect(problem.code).toBe("stack/not-ct");
});
