// Twenty varied cases before every judge: validators, one start of Java for all reports, the folder of judges beside the checkout, pydicom.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseFolder, measuredThings, type CaseFolder } from "../interop/case-folder.ts";
import {
  dcentvfyComplaints,
  dciodvfyErrors,
  dsrdump,
  hasTool,
  pixelmedErrorsOfAll,
  pythonFileJson,
} from "../interop/judges.ts";
import { TWENTY_CASES } from "../unit/host/twenty-cases.ts";

const CHECK = resolve(import.meta.dirname, "../../../shared/check/check_export.py");
const READ_BACK = join(import.meta.dirname, "../interop/read_back.py");
const temporary = mkdtempSync(join(tmpdir(), "judged-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

let folders: readonly CaseFolder[] = [];
beforeAll(async () => {
  const made: CaseFolder[] = [];
  for (const name of Object.keys(TWENTY_CASES)) made.push(await caseFolder(name, temporary));
  folders = made;
});
const objectsOf = ({ path }: CaseFolder): string[] =>
  ["cement-seg", "cement-sr", "cement-key-images"].flatMap((kind) => path(kind) ?? []);

describe("twenty varied cases", () => {
  it("are twenty, each with a SEG and an SR", () => {
    expect(folders).toHaveLength(20);
    for (const folder of folders) expect(objectsOf(folder).length).toBeGreaterThanOrEqual(2);
  });

  it.skipIf(!hasTool("dicom3tools"))("dciodvfy has no error, dcentvfy no complaint", async () => {
    for (const folder of folders) {
      const pictures = folder.findings.leaks.flatMap(
        ({ leakId, segmentRef }) => (segmentRef && folder.path(`cement-picture-${leakId}`)) ?? [],
      );
      const objects = [...objectsOf(folder), ...pictures];
      for (const file of objects) expect([file, await dciodvfyErrors(file)]).toEqual([file, []]);
      expect([folder.name, await dcentvfyComplaints([...folder.ct, ...objects])]).toEqual([folder.name, []]);
    }
  });

  it.skipIf(!hasTool("PixelMed"))("PixelMed has no error on any SEG or SR", async () => {
    const judged = await pixelmedErrorsOfAll(
      folders.flatMap(({ path }) => [
        { kind: "sr" as const, path: path("cement-sr") ?? "" },
        { kind: "iod" as const, path: path("cement-seg") ?? "" },
      ]),
    );
    expect(judged.size).toBe(40);
    expect([...judged].filter(([, complaints]) => complaints.length > 0)).toEqual([]);
  });

  it.skipIf(!hasTool("dcmtk"))("dsrdump prints every tree", async () => {
    for (const { path } of folders)
      expect(await dsrdump(path("cement-sr") ?? "")).toContain("Imaging Measurement Report");
  });

  it.skipIf(!existsSync(CHECK))("the checks beside the checkout pass", () => {
    for (const { folder } of folders) {
      const result = spawnSync("/usr/bin/python3", [CHECK, folder], { encoding: "utf8", maxBuffer: 1 << 26 });
      const failed = result.stdout.split("\n").filter((line) => line.startsWith("FAIL"));
      expect([folder, failed, result.status]).toEqual([folder, [], 0]);
    }
  });

  it.skipIf(!hasTool("pydicom and numpy"))(
    "pydicom measures every segment anew to the same volume",
    async () => {
      for (const { folder, findings } of folders) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const read = (await pythonFileJson(READ_BACK, [folder])) as Record<string, { volumeMm3: number }>;
        for (const { trackingUid = "", volumeMm3 } of measuredThings(findings))
          expect(read[trackingUid].volumeMm3).toBeCloseTo(volumeMm3 ?? NaN, 3);
      }
    },
  );
});
