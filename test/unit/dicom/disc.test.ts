// Claims about discs: the DICOMDIR as an index, missing and extra files, damage, and whatever else lies on them.
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { foreignProblem } from "#dicom/foreign-file";
import { type NamedFile, memoryFile, readBytes } from "#dicom/named-file";
import { readFiles, unusedObjects } from "#dicom/open-files";
import { writePart10 } from "#dicom/part10";
import { ascii } from "./encode-elements.ts";
import { seriesFiles } from "./synthetic-ct.ts";

const MEDIA_DIRECTORY = "1.2.840.10008.1.3.10";

function directory(path: string, fileIds: readonly (readonly string[])[], inUse = 0xffff): NamedFile {
  const records = fileIds.map((fileId, n) => ({
    RecordInUseFlag: inUse,
    DirectoryRecordType: "IMAGE",
    ReferencedFileID: [...fileId],
    ReferencedSOPInstanceUIDInFile: `2.25.99${n}`,
  }));
  return memoryFile(
    path,
    writePart10({
      SOPClassUID: MEDIA_DIRECTORY,
      SOPInstanceUID: "2.25.98",
      FileSetID: "DISC",
      DirectoryRecordSequence: [{ RecordInUseFlag: 0xffff, DirectoryRecordType: "PATIENT" }, ...records],
    }),
  );
}

const onDisc = (folder: string): NamedFile[] =>
  seriesFiles().map((file, n) => ({ ...file, path: `${folder}/CT/IM${n}` }));
const ids = Array.from({ length: 10 }, (_, n) => ["CT", `IM${n}`]);
const notesOf = async (files: readonly NamedFile[]) => {
  const { notes, rejected, series } = await readFiles(files);
  expect(rejected.filter(({ path }) => /DICOMDIR/i.test(path))).toEqual([]);
  for (const note of notes)
    for (const locale of ["en", "zh"] as const) expect(problemText(note, locale)).toMatch(/DICOMDIR/i);
  const told = notes.filter(({ code }) => code !== "media/complete");
  return {
    codes: told.map(({ code, details }) => [code, details]),
    complete: notes.length - told.length,
    openable: series[0]?.summary.openable ?? false,
  };
};

describe("a disc with an index", () => {
  it("is quiet where everything that it names is there, in any case and with ISO 9660's version numbers", async () => {
    expect(await notesOf([...onDisc("disc"), directory("disc/DICOMDIR", ids)])).toEqual({
      codes: [],
      complete: 1,
      openable: true,
    });
    const lower = onDisc("disc").map((file) => ({ ...file, path: file.path.toLowerCase() }));
    expect((await notesOf([...lower, directory("disc/dicomdir", ids)])).codes).toEqual([]);
    const versions = onDisc("disc").map((file) => ({ ...file, path: `${file.path}.;1` }));
    expect((await notesOf([...versions, directory("disc/DICOMDIR;1", ids)])).codes).toEqual([]);
  });

  it("says which files it names that are not there, and opens the others", async () => {
    const files = onDisc("disc").slice(0, 8);
    const { codes, openable } = await notesOf([...files, directory("disc/DICOMDIR", ids)]);
    expect(codes).toEqual([
      ["media/missing-files", { index: "disc/DICOMDIR", total: 10, missing: 2, first: "CT/IM8" }],
    ]);
    expect(openable).toBe(true);
  });

  it("reads images that it doesn't name all the same, and skips records that are not in use", async () => {
    const { codes, openable } = await notesOf([...onDisc("disc"), directory("disc/DICOMDIR", ids.slice(2))]);
    expect(codes).toEqual([
      ["media/not-in-index", { index: "disc/DICOMDIR", count: 2, first: "disc/CT/IM0" }],
    ]);
    expect(openable).toBe(true);
    const unused = await notesOf([...onDisc("disc"), directory("disc/DICOMDIR", [["GONE"]], 0)]);
    expect(unused.codes.map(([code]) => code)).toEqual(["media/empty-index"]);
  });

  it("opens by its files where the index is damaged, cut off or empty, and never calls it an error", async () => {
    const whole = await readBytes(directory("x", ids));
    for (const bytes of [
      whole.slice(0, 300),
      ascii("not a directory at all, but long enough"),
      whole.slice(0, -9),
    ]) {
      const { codes, openable } = await notesOf([...onDisc("disc"), memoryFile("disc/DICOMDIR", bytes)]);
      expect(codes).toEqual([["media/damaged-index", { index: "disc/DICOMDIR" }]]);
      expect(openable).toBe(true);
    }
  });

  it("never throws, hangs or becomes an error, whichever of its bytes are changed", async () => {
    const whole = await readBytes(directory("x", ids.slice(0, 3)));
    let state = 7;
    const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 400; round++) {
      const bytes = whole.slice(0, random(4) === 0 ? random(whole.length) : whole.length);
      for (let n = random(8); n >= 0; n--)
        if (bytes.length > 140) bytes[132 + random(bytes.length - 132)] = random(256);
      const { rejected, notes } = await readFiles([memoryFile("disc/DICOMDIR", bytes)]);
      expect(rejected.filter(({ problem }) => problem.severity === "error")).toEqual([]);
      expect(notes.length).toBeGreaterThan(0);
    }
  });

  it("alone says that it is only an index; files chosen without their folders are known by their UIDs", async () => {
    expect((await notesOf([directory("DICOMDIR", ids)])).codes.map(([code]) => code)).toEqual([
      "media/index-alone",
    ]);
    const flat = seriesFiles({ change: (k) => ({ SOPInstanceUID: `2.25.99${k}` }) });
    expect((await notesOf([...flat, directory("DICOMDIR", ids)])).codes).toEqual([]);
  });

  it("is read inside a zip, too", async () => {
    const entries = await Promise.all(
      [...onDisc("d").slice(1), directory("d/DICOMDIR", ids)].map(
        async (file) => [file.path, await readBytes(file)] as const,
      ),
    );
    const { codes } = await notesOf([memoryFile("disc.zip", zipSync(Object.fromEntries(entries)))]);
    expect(codes).toMatchObject([["media/missing-files", { missing: 1, first: "CT/IM0" }]]);
  });
});

describe("what else lies on a disc", () => {
  it("is counted and named without alarm; what could be meant as images is refused with what to do", async () => {
    const nifti = new Uint8Array(400);
    nifti.set(ascii("n+1\0"), 344);
    const { rejected } = await readFiles([
      memoryFile("disc/autorun.inf", ascii("[autorun]\nopen=viewer.exe\n")),
      memoryFile("disc/viewer.exe", ascii("MZ and then a program of sorts, long enough to be read")),
      memoryFile("disc/LETTER.PDF", ascii("%PDF-1.4 a letter")),
      memoryFile(
        "disc/preview",
        Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...ascii("a picture without an ending")]),
      ),
      memoryFile("disc/head.nii", nifti),
      memoryFile(
        "disc/more.tar.gz",
        Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7]),
      ),
      memoryFile("disc/unknown", ascii("something that has no name of its own")),
    ]);
    const told = rejected.map(({ path, problem }) => [
      path,
      problem.code,
      problem.severity,
      problem.details.kind,
    ]);
    expect(told).toEqual([
      ["disc/LETTER.PDF", "read/not-dicom", "info", "pdf"],
      ["disc/autorun.inf", "read/not-dicom", "info", "autorun"],
      ["disc/head.nii", "read/nifti", "error", undefined],
      ["disc/more.tar.gz", "read/other-archive", "error", undefined],
      ["disc/preview", "read/not-dicom", "info", "picture"],
      ["disc/unknown", "read/not-dicom", "info", undefined],
      ["disc/viewer.exe", "read/not-dicom", "info", "program"],
    ]);
    for (const { path, problem } of rejected)
      for (const locale of ["en", "zh"] as const) {
        expect(problemText(problem, locale)).toContain(path);
        expect(problemText(problem, locale)).not.toMatch(/undefined/);
      }
  });

  it("is not taken for a file of a kind by chance: the bytes decide before the name", () => {
    expect(foreignProblem(ascii("%PDF-1.7"), "picture.jpg").details.kind).toBe("pdf");
    expect(foreignProblem(ascii("words"), "words.nrrd").code).toBe("read/nrrd");
    expect(foreignProblem(ascii("Rar! and more"), "disc.dcm").code).toBe("read/other-archive");
  });

  it("lists DICOM objects that nothing here reads as not used", async () => {
    const { otherObjects } = await readFiles(
      ["1.2.840.10008.5.1.4.1.1.88.67", "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.66.4"].map(
        (SOPClassUID, n) =>
          memoryFile(`o${n}`, writePart10({ SOPClassUID, SOPInstanceUID: `2.25.9${n}`, Modality: "SR" })),
      ),
    );
    expect(
      unusedObjects(otherObjects).map(({ path, problem }) => [path, problemText(problem, "en")]),
    ).toEqual([
      ["o0", "o0 is a dose report; it is not shown here."],
      ["o1", "o1 is a presentation state (how images were shown elsewhere); it is not shown here."],
    ]);
  });
});
