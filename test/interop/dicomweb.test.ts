// The archive's client before a real one, Orthanc: search, every encoding with the voxels of its files, storing once, and signing in.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { retrieveObjects } from "#dicom/dicomweb/archive-objects";
import type { Credentials, StudyQuery } from "#dicom/dicomweb/archive-types";
import { retrieveInstance } from "#dicom/dicomweb/retrieve";
import { searchStudies } from "#dicom/dicomweb/search";
import { storeObjects } from "#dicom/dicomweb/store";
import { loadSeries } from "#dicom/load-series";
import { readHeader } from "#dicom/read-header";
import { browserNetwork } from "#host/archive-end";
import { provideInstalledCodecs } from "../../src/cli/codec-files.ts";
import { enhancedCt } from "../unit/dicom/enhanced-ct.ts";
import { smallCtFiles, smallSeries } from "../unit/dicom/small-series.ts";
import { callOf, exportedCase, fromFiles, putIn, seriesIn, studyOf, watched } from "./archive-case.ts";
import { hasTool, pythonJson } from "./judges.ts";
import { type Orthanc, startOrthanc, whyNoOrthanc } from "./orthanc.ts";

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
describe.skipIf(whyNoOrthanc !== null)("an archive", () => {
  let orthanc: Orthanc;
  beforeAll(async () => {
    provideInstalledCodecs();
    orthanc = await startOrthanc();
  });
  afterAll(() => orthanc.stop());

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

describe.skipIf(whyNoOrthanc !== null)("an archive with a sign-in", () => {
  const VIEWER: Credentials = { kind: "basic", user: "viewer", password: "viewer" };
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc({
      user: { name: "viewer", password: "viewer" },
      onlyReads: { name: "readonly", password: "readonly" },
    });
  });
  afterAll(() => orthanc.stop());

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
