// A series of an archive: the voxels that its files have, images asked for once, and none that is not what was listed.
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { readArchiveSeries } from "#dicom/dicomweb/archive-series";
import { retrieveInstance } from "#dicom/dicomweb/retrieve";
import { KeptSlices } from "#dicom/kept-slices";
import { loadSeries, type LoadOptions } from "#dicom/load-series";
import { memoryFile, readBytes } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import type { DataSet } from "#dicom/part10";
import { thumbnailOf } from "#dicom/thumbnail";
import { enhancedCt } from "../enhanced-ct.ts";
import { smallSeries } from "../small-series.ts";
import { seriesFiles, sliceFile } from "../synthetic-ct.ts";
import { BOUNDARY, FakeArchive, json, seriesOf, uidOf } from "./fake-archive.ts";

const SLICES = 24;
const PLACE = { studyInstanceUid: "1.2", seriesInstanceUid: "1.3", sopInstanceUid: "1.4" };
const stackOf = async (change?: (k: number) => DataSet) =>
  Promise.all(seriesFiles({ slices: SLICES, change }).map((file) => readBytes(file)));
const IMAGE = /^GET .*\/instances\//;

async function opened(archive: FakeArchive, options: LoadOptions = {}) {
  const [first] = archive.instances.values();
  const read = await readArchiveSeries(archive.signedIn(undefined, options.signal), [seriesOf(first)]);
  if (!read.ok) throw new Error(read.problem.code);
  const [series] = read.value.series;
  return { series, load: (more: LoadOptions = {}) => loadSeries(series, { ...options, ...more }) };
}
async function refusalOf(archive: FakeArchive) {
  const result = await (await opened(archive)).load();
  if (result.ok) throw new Error("it was loaded");
  return result.problem;
}

/** The listing of an image of so many rows, columns and frames. */
const hugeImage = (side: number, frames: number) => ({
  "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.2"] },
  "00080018": { vr: "UI", Value: ["1.2.3"] },
  "00280008": { vr: "IS", Value: [frames] },
  "00280010": { vr: "US", Value: [side] },
  "00280011": { vr: "US", Value: [side] },
  "00280100": { vr: "US", Value: [16] },
});

describe("a series of an archive", () => {
  it("opens with the voxels and the context of its files", async () => {
    const files = await stackOf();
    const local = await readFiles(files.map((bytes, n) => memoryFile(`f${n}`, bytes)));
    const expected = await loadSeries(local.series[0]);
    const archive = new FakeArchive(files);
    const { series, load } = await opened(archive);
    expect(archive.count(IMAGE)).toBe(0);
    const { problems: _ours, ...summary } = series.summary;
    const { problems: _theirs, ...listed } = local.series[0].summary;
    expect(summary).toEqual(listed);
    const result = await load();
    if (!result.ok || !expected.ok) throw new Error("not loaded");
    expect(result.value.volume).toEqual(expected.value.volume);
    expect(result.value.context.instances).toEqual(expected.value.context.instances);
    expect(archive.count(IMAGE)).toBe(SLICES);
  });

  it("opens from a multi-frame file, which is retrieved once", async () => {
    const file = enhancedCt(smallSeries());
    const local = await readFiles([memoryFile("f", file)]);
    const expected = await loadSeries(local.series[0]);
    const archive = new FakeArchive([file]);
    const { load } = await opened(archive);
    const result = await load();
    if (!result.ok || !expected.ok) throw new Error(result.ok ? "files" : result.problem.code);
    expect(result.value.volume.hu).toEqual(expected.value.volume.hu);
    expect(result.value.context.instances).toEqual(expected.value.context.instances);
    expect(archive.count(IMAGE)).toBe(1);
  });

  it("shows the picture of its middle image, which is not fetched again when the series is loaded", async () => {
    const files = await stackOf();
    const local = await readFiles(files.map((bytes, n) => memoryFile(`f${n}`, bytes)));
    const archive = new FakeArchive(files);
    const { series, load } = await opened(archive);
    const picture = await thumbnailOf(series);
    expect(picture).not.toBeNull();
    expect(picture).toEqual(await thumbnailOf(local.series[0]));
    expect(archive.count(IMAGE)).toBe(1);
    expect((await load()).ok).toBe(true);
    expect(archive.count(IMAGE)).toBe(SLICES);
  });

  it("is loaded from its middle outwards, and shows each slice as soon as it is there", async () => {
    const order: number[] = [];
    const { load } = await opened(new FakeArchive(await stackOf()), {
      concurrency: 1,
      decoded: (k, hu) => {
        order.push(k);
        expect(new Set(hu)).toEqual(new Set([k]));
      },
    });
    expect((await load()).ok).toBe(true);
    expect(order.slice(0, 5)).toEqual([11, 10, 12, 9, 13]);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: SLICES }, (_, k) => k));
  });

  it("goes on after the line broke for good, and fetches nothing twice", async () => {
    const archive = new FakeArchive(await stackOf());
    const kept = new KeptSlices();
    const { load } = await opened(archive, { kept });
    let images = 0;
    archive.interfere = ({ path }) => (IMAGE.test(`GET ${path}`) && ++images > 10 ? "drop" : null);
    const broken = await load();
    expect(broken.ok ? "loaded" : broken.problem.code).toBe("archive/unreachable");
    expect(kept.slices.size).toBe(10);
    archive.interfere = () => null;
    archive.requests.length = 0;
    const seen: number[] = [];
    const result = await load({ progress: ({ filesDone }) => seen.push(filesDone) });
    expect(archive.count(IMAGE)).toBe(SLICES - 10);
    expect(seen[0]).toBe(11);
    if (!result.ok) throw new Error(result.problem.code);
    for (let k = 0; k < SLICES; k++) expect(result.value.volume.hu[k * 48 + 7]).toBe(k);
  });

  it("survives a line that breaks in the middle of an image, and an answer that ends early", async () => {
    const archive = new FakeArchive(await stackOf());
    const { load } = await opened(archive);
    let images = 0;
    archive.interfere = async ({ path }) => {
      if (!IMAGE.test(`GET ${path}`)) return null;
      images++;
      if (images !== 3 && images !== 5) return null;
      const headers = { "Content-Type": `multipart/related; boundary="${BOUNDARY}"` };
      const begin = new TextEncoder().encode(`--${BOUNDARY}\r\n\r\nhalf an im`);
      return new Response(
        new ReadableStream({
          start(to) {
            to.enqueue(begin);
            if (images === 5) to.close();
          },
          pull: (to) => to.error(new TypeError("terminated")),
        }),
        { headers },
      );
    };
    expect((await load()).ok).toBe(true);
    expect(archive.count(IMAGE)).toBe(SLICES + 2);
  });

  it("is stopped by the reader: no image is asked for after that", async () => {
    const archive = new FakeArchive(await stackOf());
    const control = new AbortController();
    const { load } = await opened(archive, { signal: control.signal });
    let images = 0;
    archive.interfere = ({ path }) => {
      if (!IMAGE.test(`GET ${path}`) || ++images < 8) return null;
      if (images === 8) setTimeout(() => control.abort(new DOMException("enough", "AbortError")), 1);
      return "silence";
    };
    await expect(load()).rejects.toThrow("enough");
    expect(images).toBeLessThan(SLICES);
  });

  it.each([
    ["no images", [], "archive/no-instances"],
    [
      "images without their sizes",
      [{ "00080018": { vr: "UI", Value: ["1.2"] } }],
      "archive/headers-incomplete",
    ],
    ["images that no scanner makes", [hugeImage(65_535, 1)], "read/absurd-size"],
    ["images of a million frames", [hugeImage(64, 1_000_000)], "read/absurd-size"],
    ["images without an identity", [{ "00280010": { vr: "US", Value: [4] } }], "read/no-instance-uid"],
  ])("that lists %s says so", async (_what, listed, code) => {
    const archive = new FakeArchive(await stackOf());
    archive.interfere = () => json(listed);
    const read = await readArchiveSeries(archive.signedIn(), [seriesOf([...archive.instances.values()][0])]);
    expect(read.ok ? "read" : read.problem.code).toBe(code);
  });
});

describe("an image that is not what was listed", () => {
  /** Listed is the one, sent is the other; what is said of it. */
  const told = async (change: DataSet) => {
    const files = await stackOf();
    const archive = new FakeArchive(files);
    const other = (await stackOf((k) => (k === 20 ? change : {})))[20];
    const uid = uidOf(files[20], "00080018");
    archive.interfere = ({ path }) =>
      path.endsWith(`/instances/${uid}`) ? archive.multipart([other]) : null;
    const found = await refusalOf(archive);
    expect(problemText(found, "zh")).toMatch(/未打开/);
    return `${found.code} ${problemText(found, "en")}`;
  };
  it.each([
    ["ImagePositionPatient", { ImagePositionPatient: [-10, -20, 51] }],
    ["ImageOrientationPatient", { ImageOrientationPatient: [0, 1, 0, 1, 0, 0] }],
    ["PixelSpacing", { PixelSpacing: ["0.8", "0.51"] }],
    ["RescaleSlope", { RescaleSlope: "2" }],
    ["RescaleIntercept", { RescaleIntercept: "-1024" }],
    ["PatientPosition", { PatientPosition: "FFS" }],
    ["Rows", { Rows: 8, Columns: 6 }],
  ])("%s", async (attribute, change) => {
    expect(await told(change)).toMatch(
      new RegExp(`^archive/header-differs .*${attribute}: listed .*, in the image `),
    );
  });
  it.each([
    ["PatientID", { PatientID: "T2" }],
    ["StudyInstanceUID", { StudyInstanceUID: "1.9" }],
    ["FrameOfReferenceUID", { FrameOfReferenceUID: "1.9" }],
  ])("%s", async (attribute, change) => {
    expect(await told(change)).toMatch(new RegExp(`^archive/identity-differs .*${attribute} differs`));
  });
  it.each([
    ["another instance", { SOPInstanceUID: "1.9" }, /^archive\/another-instance .*another object/],
    ["too few pixels", { PixelData: new Uint8Array(40) }, /^archive\/wrong-frame-length .*sent 40 .*96 are/],
  ])("%s", async (_what, change, words) => {
    expect(await told(change)).toMatch(words);
  });

  it.each([
    [
      "a page",
      () => new Response("<html>", { headers: { "Content-Type": "text/html" } }),
      "archive/not-dicom",
    ],
    [
      "no file",
      (archive: FakeArchive) => archive.multipart([new TextEncoder().encode("hello")]),
      "read/not-dicom",
    ],
    ["no part", (archive: FakeArchive) => archive.multipart([]), "archive/not-found"],
    ["nothing", () => new Response("", { status: 404 }), "archive/not-found"],
    ["its own failure", () => new Response("", { status: 500 }), "archive/server-error"],
  ])("%s", async (_what, answer, code) => {
    const archive = new FakeArchive(await stackOf());
    archive.interfere = ({ path }) => (IMAGE.test(`GET ${path}`) ? answer(archive) : null);
    expect((await refusalOf(archive)).code).toBe(code);
  });

  it("is asked for as stored; of an archive that does not know how, as it likes to send it", async () => {
    const archive = new FakeArchive(await stackOf());
    archive.interfere = ({ accept }) => (accept?.includes("=*") ? new Response("", { status: 406 }) : null);
    expect((await (await opened(archive)).load()).ok).toBe(true);
    expect(archive.requests.at(-2)?.accept).toMatch(/^multipart\/related; type="application\/dicom"/);
    archive.interfere = () => new Response("", { status: 406 });
    expect((await retrieveInstance(archive.signedIn(), PLACE, 100)).ok).toBe(false);
  });

  it("is taken bare where the archive sends no parts", async () => {
    const archive = new FakeArchive(await stackOf());
    archive.interfere = ({ path }) => {
      const file = archive.instances.get(path.split("/").at(-1) ?? "");
      return file && IMAGE.test(`GET ${path}`)
        ? new Response(new Uint8Array(file), { headers: { "Content-Type": "application/dicom" } })
        : null;
    };
    expect((await (await opened(archive)).load()).ok).toBe(true);
  });

  it("is never held in memory beyond what its size can be", async () => {
    const archive = new FakeArchive(await stackOf());
    archive.interfere = ({ path }) =>
      IMAGE.test(`GET ${path}`)
        ? new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(16 << 20)) }), {
            headers: { "Content-Type": "application/dicom" },
          })
        : null;
    expect((await refusalOf(archive)).code).toBe("archive/answer-too-large");
  });
});

describe("a header in DICOM JSON", () => {
  it("with names beyond ASCII, absent values, private attributes and bulk data is read", async () => {
    const file = sliceFile({ position: [0, 0, 0] });
    const archive = new FakeArchive([file]);
    archive.interfere = async ({ path }) => {
      if (!path.endsWith("/metadata")) return null;
      archive.interfere = () => null;
      const answer = await archive.fetch(`https://pacs.test/dicom-web${path}`, {});
      const [set] = (await answer.json()) as [Record<string, unknown>];
      return json([
        {
          ...set,
          "00100010": { vr: "PN", Value: [{ Alphabetic: "Wáng^Xiǎo", Ideographic: "王^小" }] },
          "00080090": { vr: "PN", Value: [] },
          "00180050": { vr: "DS", Value: ["1.25"] },
          "00280106": { vr: "US", Value: [null] },
          "00091001": { vr: "UN", InlineBinary: "AAAA" },
          "7FE00010": { vr: "OW", BulkDataURI: "https://elsewhere.test/pixels" },
          nonsense: 7,
        },
      ]);
    };
    const { series } = await opened(archive);
    expect(series.summary.patient.patientName).toBe("Wáng^Xiǎo=王^小");
    expect(series.summary.sliceThicknessMm).toBe(1.25);
    expect(archive.requests.every(({ path }) => path.startsWith("/studies"))).toBe(true);
  });
});
