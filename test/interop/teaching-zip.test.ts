// The zip of a teaching case before judges that are not ours: every kind of object in it, and the consistency of each study.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { earlierCt, fluoroscopy, screenshotOf } from "../unit/dicom/other-study.ts";
import { taughtCase } from "../unit/teaching/taught-case.ts";
import { dcentvfyComplaints, dciodvfyErrors, dsrdump, hasTool } from "./judges.ts";

const folder = mkdtempSync(join(tmpdir(), "teaching-zip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a teaching case with three studies", () => {
  let paths: string[];
  const of = (kind: RegExp) => paths.filter((path) => kind.test(path));

  beforeAll(async () => {
    const { teaching, saved, reading, choose } = await taughtCase();
    const { patient } = reading.host.scene.get().series!;
    const during = { patient, date: "20250101", name: "during" };
    const files = [
      fluoroscopy(during),
      screenshotOf(during),
      ...earlierCt({ patient, date: "20241203", name: "earlier" }),
    ];
    choose(files.map(({ name, bytes }) => ({ path: name, file: new File([bytes.slice()], name) })));
    await teaching.begin();
    const { privacy } = teaching;
    await privacy.addStudies("folder");
    for (const { series } of privacy.state.get().others)
      for (const image of series.images) {
        for (let n = 0; n < image.frames; n++) privacy.saw(image, n);
        privacy.sayNothingFound(image, true);
      }
    await teaching.save("zip");
    const zip = unzipSync(saved[0]?.bytes ?? new Uint8Array());
    paths = Object.entries(zip).flatMap(([name, bytes]) => {
      if (!name.endsWith(".dcm")) return [];
      const path = join(folder, name.replace("dicom/", ""));
      writeFileSync(path, bytes);
      return [path];
    });
  }, 60_000);

  it.skipIf(!hasTool("dicom3tools"))("has no Error before dciodvfy, nor before dcentvfy", async () => {
    const kinds = [
      /CT-0001/,
      /CT-0081/,
      /XA-/,
      /OT-/,
      /SEG-/,
      /SR-/,
      /KO-/,
      /manifest/,
      /teaching-information/,
    ];
    const judged = kinds.flatMap((kind) => of(kind));
    expect(judged.length).toBeGreaterThan(kinds.length);
    const complaints = await Promise.all(
      judged.map(async (path) => (await dciodvfyErrors(path)).map((line) => `${path}: ${line}`)),
    );
    expect(complaints.flat()).toEqual([]);
    const inconsistent = await dcentvfyComplaints(paths);
    expect(inconsistent.filter((line) => line.startsWith("Error"))).toEqual([]);
  });

  it.skipIf(!hasTool("dcmtk"))(
    "says in its additional information what the case is, in IHE's and DICOM's codes",
    async () => {
      const text = await dsrdump(of(/teaching-information/)[0]);
      expect(text).toContain('(128712,DCM,"Additional Teaching File Information")');
      expect(text).toMatch(/TCE101,IHERADTF,"Author"\)="Reader 1, radiologist"/);
      expect(text).toMatch(/128723,DCM,"Teaching File Category"\)=\(128728,DCM/);
      expect(text).toMatch(/128724,DCM,"Level of Difficulty"\)=\(12872[567],DCM/);
      expect(await dsrdump(of(/manifest\.dcm/)[0])).toContain("For Teaching File Export");
    },
  );
});
