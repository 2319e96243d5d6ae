// The archive's client before a real one, Orthanc: search, every encoding with the voxels of its files, storing once, signing in, and a server that is killed half-way.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { caseFiles } from "#cement/exports/bundle";
import { parseArchiveAddress } from "#dicom/dicomweb/archive-address";
import { retrieveObjects } from "#dicom/dicomweb/archive-objects";
import { readArchiveSeries } from "#dicom/dicomweb/archive-series";
import type { Credentials, ObjectToStore, StudyQuery } from "#dicom/dicomweb/archive-types";
import type { ArchiveCall, Network } from "#dicom/dicomweb/network";
import { retrieveInstance } from "#dicom/dicomweb/retrieve";
import { searchSeries, searchStudies } from "#dicom/dicomweb/search";
import { storeObjects } from "#dicom/dicomweb/store";
import { KeptSlices, type LoadOptions, loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readHeader } from "#dicom/read-header";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { browserNetwork } from "#host/archive-end";
import { provideInstalledCodecs } from "../../src/cli/codec-files.ts";
import { smallCase } from "../unit/cement/small-case.ts";
import { enhancedCt } from "../unit/dicom/enhanced-ct.ts";
import { smallCtFiles, smallSeries } from "../unit/dicom/small-series.ts";
import { hasTool, pythonJson } from "./judges.ts";
import { type Orthanc, hasOrthanc, startOrthanc } from "./orthanc.ts";

const ENCODINGS = new URL("../../sample-data/transfer-syntaxes/", import.meta.url).pathname;
const EVERYTHING: StudyQuery = {
  patientName: "",
  patientId: "",
  studyDateFrom: "",
  studyDateTo: "",
  modality: "",
  limit: 100,
  offset: 0,
};
const IMAGE = /\/series\/.*\/instances\//;

/** The real network; waits are shorter by `speed`, and what is asked for is kept. */
function watched(speed = 1) {
  const asked: string[] = [];
  const network: Network = {
    ...browserNetwork,
    wait: (ms, signal) => browserNetwork.wait(ms > 20_000 ? ms : ms / speed, signal),
    fetch: (url, init) => {
      asked.push(`${init.method} ${new URL(url).pathname}`);
      return browserNetwork.fetch(url, init);
    },
  };
  return { network, asked, images: () => asked.filter((what) => IMAGE.test(what)).length };
}

function callOf(
  orthanc: Orthanc,
  network: Network,
  credentials: Credentials = { kind: "none" },
): ArchiveCall {
  const address = parseArchiveAddress(orthanc.dicomWebUrl, "http://page.test/", credentials);
  if (!address.ok) throw new Error(address.problem.code);
  return { network, address: address.value };
}

const named = (files: readonly Uint8Array[]): ObjectToStore[] =>
  files.map((bytes, n) => ({ name: `file ${n}`, bytes }));
const studyOf = (file: Uint8Array): string => {
  const header = readHeader(file, "file");
  return header.ok ? header.value.study.studyInstanceUid : "";
};

async function putIn(orthanc: Orthanc, files: readonly Uint8Array[], credentials?: Credentials) {
  const call = callOf(orthanc, browserNetwork, credentials);
  const outcome = await storeObjects(call, studyOf(files[0]), named(files));
  expect(outcome.objects.filter(({ problem }) => problem !== null)).toEqual([]);
  expect(outcome.complete).toBe(true);
}

async function seriesIn(call: ArchiveCall, study: string) {
  const listed = await searchSeries(call, study);
  if (!listed.ok) throw new Error(listed.problem.code);
  const read = await readArchiveSeries(
    call,
    listed.value.filter(({ kind }) => kind === "images"),
  );
  if (!read.ok) throw new Error(read.problem.code);
  return { listed: listed.value, ...read.value };
}

async function fromFiles(files: readonly Uint8Array[]) {
  const local = await readFiles(files.map((bytes, n) => memoryFile(`f${n}`, bytes)));
  return loadSeries(local.series[0]);
}

/** A finished case on the small CT: its CT files, and its SEG, SR and key objects. */
function exportedCase() {
  const input = smallCase();
  const files = caseFiles(input, {
    encodeSegmentation: writeSegmentation,
    encodeReport: writeReport,
    encodeKeyObjects: writeKeyObjects,
  });
  if (!files.ok) throw new Error(files.problem.code);
  const objects = files.value.flatMap(({ kind, name, bytes }) =>
    ["SR", "SEG", "KOS"].includes(kind) ? [{ name, bytes }] : [],
  );
  return { ct: smallCtFiles(input.source), objects, study: input.source.study.studyInstanceUid };
}

describe.skipIf(!hasOrthanc())("an archive", () => {
  let orthanc: Orthanc;
  beforeAll(async () => {
    provideInstalledCodecs();
    orthanc = await startOrthanc();
  });
  afterAll(() => orthanc.dispose());

  it("finds studies by name, ID, date and modality, page by page", async () => {
    for (const [n, name] of ["one", "two", "three"].entries()) {
      const source = smallSeries({ name, slices: 2, patientName: `SEARCH^${name.toUpperCase()}` });
      await putIn(orthanc, smallCtFiles(source));
      expect(n).toBeLessThan(3);
    }
    const call = callOf(orthanc, browserNetwork);
    const find = async (change: Partial<StudyQuery>) => {
      const found = await searchStudies(call, { ...EVERYTHING, ...change });
      if (!found.ok) throw new Error(found.problem.code);
      return found.value;
    };
    const names = async (change: Partial<StudyQuery>) =>
      (await find(change)).studies.map(({ patient }) => patient.patientName).sort();
    expect(await names({ patientName: "search*" })).toEqual(["SEARCH^ONE", "SEARCH^THREE", "SEARCH^TWO"]);
    expect(await names({ patientName: "*two" })).toEqual(["SEARCH^TWO"]);
    expect(await names({ patientId: "PH-0001", patientName: "*one" })).toEqual(["SEARCH^ONE"]);
    expect(await names({ patientId: "PH-0002" })).toEqual([]);
    expect(await names({ studyDateFrom: "20250102", studyDateTo: "20250102" })).toHaveLength(3);
    expect(await names({ studyDateFrom: "20250103" })).toEqual([]);
    expect(await names({ studyDateTo: "20250101" })).toEqual([]);
    expect(await names({ modality: "CT" })).toHaveLength(3);
    expect(await names({ modality: "MR" })).toEqual([]);
    const first = await find({ limit: 2 });
    expect([first.studies.length, first.hasMore]).toEqual([2, true]);
    const rest = await find({ limit: 2, offset: 2 });
    expect([rest.studies.length, rest.hasMore]).toEqual([1, false]);
    expect(first.studies[0]).toMatchObject({ modalities: ["CT"], seriesCount: 1, instanceCount: 2 });
  });

  it("opens a phantom's series as its files do, the middle first", async () => {
    const source = smallSeries({ name: "phantom", slices: 31, patientName: "张^三=張^三" });
    const files = smallCtFiles(source, [], true);
    await putIn(orthanc, files);
    const { network, images } = watched();
    const { series } = await seriesIn(callOf(orthanc, network), source.study.studyInstanceUid);
    const order: number[] = [];
    const result = await loadSeries(series[0], { decoded: (k) => order.push(k) });
    const expected = await fromFiles(files);
    if (!result.ok || !expected.ok) throw new Error("not loaded");
    expect(result.value.volume).toEqual(expected.value.volume);
    const { context } = result.value;
    expect({ ...context, verification: null }).toEqual({ ...expected.value.context, verification: null });
    expect(order.slice(0, 6).every((k) => Math.abs(k - 15) <= 6)).toBe(true);
    expect(images()).toBe(31);
  });

  it("opens a multi-frame CT, whose places are listed frame by frame", async () => {
    const file = enhancedCt(smallSeries({ name: "enhanced", slices: 9 }));
    await putIn(orthanc, [file]);
    const { network, images } = watched();
    const { series } = await seriesIn(callOf(orthanc, network), studyOf(file));
    const [ours, theirs] = [await loadSeries(series[0]), await fromFiles([file])];
    if (!ours.ok || !theirs.ok) throw new Error(ours.ok ? "files" : ours.problem.code);
    expect(ours.value.volume).toEqual(theirs.value.volume);
    expect(ours.value.context.instances).toEqual(theirs.value.context.instances);
    expect(images()).toBe(1);
  });

  it.skipIf(!hasTool("pydicom and numpy"))(
    "gives back every encoding as it was stored: the voxels of the files, or the same refusal",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "encodings-"));
      await pythonJson(THREE_SLICES_OF_EACH, [ENCODINGS, folder]);
      const table: string[] = [];
      const names = (await readdir(ENCODINGS)).filter((name) => name.endsWith(".dcm"));
      expect(names).toHaveLength(28);
      for (const name of names) {
        const files = await Promise.all(
          [0, 1, 2].map(async (k) => new Uint8Array(await readFile(join(folder, `${k}-${name}`)))),
        );
        await putIn(orthanc, files);
        const call = callOf(orthanc, browserNetwork);
        const header = readHeader(files[1], name);
        if (!header.ok) throw new Error(`${name}: ${header.problem.code}`);
        const { study, seriesInstanceUid, sopInstanceUid, transferSyntaxUid } = header.value;
        const { studyInstanceUid } = study;
        const bytes = await retrieveInstance(
          call,
          { studyInstanceUid, seriesInstanceUid, sopInstanceUid },
          1e6,
        );
        expect([name, bytes.ok && Buffer.compare(bytes.value, files[1])]).toEqual([name, 0]);
        const { series } = await seriesIn(call, studyInstanceUid);
        const [ours, theirs] = [await loadSeries(series[0]), await fromFiles(files)];
        if (ours.ok && theirs.ok) {
          expect([name, ours.value.volume]).toEqual([name, theirs.value.volume]);
          const lossy = [ours, theirs].map(({ value }) => value.context.lossyImageCompression);
          expect([name, lossy[0]]).toEqual([name, lossy[1]]);
        } else {
          expect([name, ours.ok ? "" : ours.problem.code]).toEqual([
            name,
            theirs.ok ? "" : theirs.problem.code,
          ]);
        }
        table.push(
          `${name} ${transferSyntaxUid}: ${ours.ok ? "identical" : `refused: ${ours.problem.code}`}`,
        );
      }
      process.stdout.write(`${table.join("\n")}\n`);
      expect(table.filter((line) => line.endsWith("identical"))).toHaveLength(26);
      await rm(folder, { recursive: true });
    },
  );

  it("keeps a case's segmentation and report once, and offers them again", async () => {
    const { ct, objects, study } = exportedCase();
    await putIn(orthanc, ct);
    const { network, asked } = watched();
    const call = callOf(orthanc, network);
    const stored = await storeObjects(call, study, objects);
    expect(stored.objects.map(({ state }) => state)).toEqual(["stored", "stored", "stored"]);
    expect(stored.objects.slice(0, 2).map(({ name }) => /seg|sr/.exec(name)?.[0])).toEqual(["seg", "sr"]);
    asked.length = 0;
    const again = await storeObjects(call, study, objects);
    expect(again.objects.map(({ state }) => state)).toEqual(Array(3).fill("already-there"));
    expect(asked.filter((what) => what.startsWith("POST"))).toEqual([]);

    const { listed } = await seriesIn(call, study);
    expect(listed.map(({ kind }) => kind).sort()).toEqual(["KOS", "SEG", "SR", "images"]);
    const found = await retrieveObjects(
      call,
      listed.filter(({ kind }) => kind === "SEG" || kind === "SR"),
    );
    if (!found.ok) throw new Error(found.problem.code);
    for (const { bytes } of found.value)
      expect(objects.some((object) => Buffer.compare(object.bytes, bytes) === 0)).toBe(true);
    expect(found.value.map(({ kind }) => kind).sort()).toEqual(["SEG", "SR"]);
  });
});

describe.skipIf(!hasOrthanc())("an archive with a sign-in", () => {
  const VIEWER: Credentials = { kind: "basic", user: "viewer", password: "viewer" };
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc({ auth: true });
  });
  afterAll(() => orthanc.dispose());

  it("opens and stores for who may, and says what is wrong otherwise", async () => {
    const { ct, objects, study } = exportedCase();
    await putIn(orthanc, ct, VIEWER);
    const search = async (credentials: Credentials) => {
      const found = await searchStudies(callOf(orthanc, browserNetwork, credentials), EVERYTHING);
      return found.ok ? found.value.studies.length : found.problem.code;
    };
    expect(await search(VIEWER)).toBe(1);
    expect(await search({ kind: "none" })).toBe("archive/sign-in");
    expect(await search({ ...VIEWER, password: "other" })).toBe("archive/wrong-credentials");
    expect(await search({ kind: "bearer", token: "other" })).toBe("archive/wrong-credentials");
    const { series } = await seriesIn(callOf(orthanc, browserNetwork, VIEWER), study);
    expect((await loadSeries(series[0])).ok).toBe(true);
    const reader: Credentials = { kind: "basic", user: "readonly", password: "readonly" };
    const refused = await storeObjects(callOf(orthanc, browserNetwork, reader), study, objects);
    expect(refused.objects.map(({ state, problem }) => problem?.code ?? state)).toEqual([
      "archive/forbidden",
      "not-sent",
      "not-sent",
    ]);
  });
});

describe.skipIf(!hasOrthanc())("an archive that is killed and comes back", () => {
  const source = smallSeries({ name: "killed", slices: 60, columns: 96, rows: 96 });
  const files = smallCtFiles(source);
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    await putIn(orthanc, files);
  });
  afterAll(() => orthanc.dispose());
  let late: Promise<void> = Promise.resolve();
  afterEach(() => late);

  /** Kills the server once so many slices are there; `then` happens after that. */
  const killedAt = (slices: number, then: () => void = () => undefined): LoadOptions["decoded"] => {
    let decoded = 0;
    return () => {
      if (++decoded === slices) late = orthanc.kill().then(then);
    };
  };
  const comesBackAfter = (ms: number) => () => {
    setTimeout(() => void orthanc.start(), ms);
  };

  it("in mid-load: the loading waits and goes on by itself", async () => {
    const { network, images } = watched();
    const { series } = await seriesIn(callOf(orthanc, network), source.study.studyInstanceUid);
    const result = await loadSeries(series[0], { decoded: killedAt(12, comesBackAfter(900)) });
    const expected = await fromFiles(files);
    if (!result.ok || !expected.ok) throw new Error(result.ok ? "files" : result.problem.code);
    expect(result.value.volume).toEqual(expected.value.volume);
    // Only what was under way when it died, or was tried while it was dead, is asked for again.
    expect(images()).toBeGreaterThan(60);
    expect(images()).toBeLessThan(60 + 6 * 6);
  });

  it("in mid-load, and stays away longer: said in words, and what came is not fetched again", async () => {
    const { network, asked, images } = watched(50);
    const { series } = await seriesIn(callOf(orthanc, network), source.study.studyInstanceUid);
    const kept = new KeptSlices();
    const broken = await loadSeries(series[0], { kept, decoded: killedAt(12) });
    expect(broken.ok ? "loaded" : broken.problem.code).toBe("archive/unreachable");
    const came = kept.slices.size;
    expect(came).toBeGreaterThanOrEqual(12);
    expect(came).toBeLessThan(60);
    await late;
    await orthanc.start();
    asked.length = 0;
    const result = await loadSeries(series[0], { kept });
    const expected = await fromFiles(files);
    if (!result.ok || !expected.ok) throw new Error(result.ok ? "files" : result.problem.code);
    expect(result.value.volume).toEqual(expected.value.volume);
    expect(images()).toBe(60 - came);
  });

  it("in mid-store: storing waits, goes on by itself, and nothing is there twice", async () => {
    const { ct, objects, study } = exportedCase();
    await putIn(orthanc, ct);
    const { network, asked } = watched();
    let posts = 0;
    const killing: Network = {
      ...network,
      fetch: async (url, init) => {
        if (init.method !== "POST" || ++posts !== 2) return network.fetch(url, init);
        const sending = network.fetch(url, init);
        late = orthanc.kill().then(comesBackAfter(700));
        return sending;
      },
    };
    const outcome = await storeObjects(callOf(orthanc, killing), study, objects);
    expect(outcome.objects.map(({ state }) => state)).toEqual(["stored", "stored", "stored"]);
    expect(posts).toBeGreaterThanOrEqual(3);
    const { listed } = await seriesIn(callOf(orthanc, network), study);
    expect(listed.map(({ kind, instanceCount }) => `${kind} ${instanceCount}`).sort()).toEqual([
      "KOS 1",
      "SEG 1",
      "SR 1",
      `images ${ct.length}`,
    ]);
    asked.length = 0;
    expect((await storeObjects(callOf(orthanc, network), study, objects)).complete).toBe(true);
    expect(asked.filter((what) => what.startsWith("POST"))).toEqual([]);
  });

  it("in mid-store, and stays away longer: asked again, storing goes on with what is missing", async () => {
    const { ct, objects, study } = exportedCase();
    const other = derivedCopies([...ct, ...objects.map(({ bytes }) => bytes)]);
    expect(other).toHaveLength(ct.length + objects.length);
    const { network } = watched(50);
    let posts = 0;
    const killing: Network = {
      ...network,
      fetch: async (url, init) => {
        if (init.method === "POST" && ++posts === 5) await orthanc.kill();
        return network.fetch(url, init);
      },
    };
    const all = named(other);
    const broken = await storeObjects(callOf(orthanc, killing), study, all);
    expect(broken.complete).toBe(false);
    expect(broken.objects.map(({ state }) => state)).toEqual([
      ...Array(4).fill("stored"),
      ...Array(other.length - 4).fill("not-sent"),
    ]);
    expect(broken.objects[4].problem?.code).toBe("archive/unreachable");
    await orthanc.start();
    const rest = await storeObjects(callOf(orthanc, network), study, all);
    expect(rest.objects.map(({ state }) => state)).toEqual([
      ...Array(4).fill("already-there"),
      ...Array(other.length - 4).fill("stored"),
    ]);
  });
});

/** The same objects under other instance UIDs of the same length. */
function derivedCopies(all: readonly Uint8Array[]): Uint8Array[] {
  return all.map((file) => {
    const header = readHeader(file, "file");
    if (!header.ok) throw new Error(header.problem.code);
    const uid = header.value.sopInstanceUid;
    const text = Buffer.from(file).toString("latin1");
    const other = `${uid.slice(0, -1)}${(Number(uid.at(-1)) + 1) % 10}`;
    return new Uint8Array(Buffer.from(text.replaceAll(uid, other), "latin1"));
  });
}

/** A series of three slices of each encoding: other UIDs and places, the pixels as they are. */
const THREE_SLICES_OF_EACH = `
import json, os, sys, pydicom
from pydicom._uid_dict import UID_dictionary
from pydicom.uid import generate_uid
# Newer than this pydicom.
UID_dictionary["1.2.840.10008.1.2.4.201"] = ("HTJ2K Lossless", "Transfer Syntax", "", "", "HTJ2KLossless")
source, target = sys.argv[1:3]
for name in sorted(n for n in os.listdir(source) if n.endswith(".dcm")):
    study, series = (generate_uid(entropy_srcs=[name, what]) for what in ("study", "series"))
    for k in range(3):
        ds = pydicom.dcmread(os.path.join(source, name), force=True)
        ds.StudyInstanceUID, ds.SeriesInstanceUID = study, series
        ds.SOPInstanceUID = generate_uid(entropy_srcs=[name, str(k)])
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        ds.ImagePositionPatient = [0, 0, k]
        bare = "TransferSyntaxUID" not in ds.file_meta
        if bare:
            # A file without a meta header can't be sent to an archive: it gets one.
            ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        ds.save_as(os.path.join(target, f"{k}-{name}"), write_like_original=not bare)
print(json.dumps("done"))
`;
