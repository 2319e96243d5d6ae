// The propose command on a small phantom in a folder: what it writes, that it writes it again alike, and what it says of bad input.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CtVolume } from "#core/volume";
import { loadSeries } from "#dicom/load-series";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { readReport } from "#dicom/read-report";
import { readSegmentation } from "#dicom/read-segmentation";
import { voxelCount } from "#voxels/mask";
import { findingsSchema } from "../../../plugins/cement-leakage/model/findings.ts";
import { seriesFiles } from "../../../sample-data/dicom-series.ts";
import { makePhantom } from "../../../sample-data/make-phantom.ts";
import { DEFAULT_OPTIONS } from "../../../sample-data/phantom-options.ts";
import { loadCt } from "../../../src/cli/ct-folder.ts";
import { proposeCommand } from "../../../src/cli/propose-command.ts";
import { paintVolume, regularGrid } from "../engine/painted-volume.ts";
import { SMALL as FINE } from "../sample-data/small-phantom.ts";

/** A third of the voxels: what the command writes hangs on no leak's size. */
const SMALL = { ...FINE, columns: 100, sliceMm: 2 };

let root = "";
const at = (...names: string[]): string => join(root, ...names);

async function propose(...args: string[]) {
  const results: string[] = [];
  const progress: string[] = [];
  const code = await proposeCommand(args, {
    result: (line) => void results.push(line),
    progress: (line) => void progress.push(line),
  });
  return { code, results, progress };
}

async function writeSeries(folder: string, volume: CtVolume, before = false): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { fileName, bytes } of seriesFiles(volume, { ...DEFAULT_OPTIONS, ...SMALL, before }))
    await writeFile(join(folder, fileName), bytes);
}

/** Width, height and the RGB rows of a PNG without filters. */
async function decodePng(path: string) {
  const png = await readFile(path);
  const data: Uint8Array[] = [];
  for (let n = 8; n < png.length; n += png.readUInt32BE(n) + 12)
    if (png.toString("latin1", n + 4, n + 8) === "IDAT")
      data.push(png.subarray(n + 8, n + 8 + png.readUInt32BE(n)));
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    rows: inflateSync(Buffer.concat(data)),
  };
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "propose-"));
  const phantom = makePhantom({ ...SMALL }, 0.5);
  await writeSeries(at("case", "nested", "deeper"), phantom.volume);
  await writeFile(at("case", "notes.txt"), "other files lie among the images");
  const bare = paintVolume(regularGrid([24, 20, 8], [1, 1, 2]), 40, [], { noiseHu: 10 });
  await writeSeries(at("bare"), bare);
  await mkdir(at("text"));
  await writeFile(at("text", "readme.txt"), "no images here");
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

describe("propose", () => {
  it("writes SEG, SR, findings and a picture of a nested folder that read back alike, twice the same bytes", async () => {
    const first = await propose(at("case"), "--out", at("out1"));
    expect(first.code).toBe(0);
    expect((await readdir(at("out1"))).sort()).toEqual(["findings.json", "preview.png", "seg.dcm", "sr.dcm"]);
    const findings = findingsSchema.parse(JSON.parse(await readFile(at("out1", "findings.json"), "utf8")));
    expect(findings.status).toBe("draft");
    expect(findings.readers).toEqual([]);
    expect(findings.leaks.length).toBeGreaterThan(0);
    for (const leak of findings.leaks) {
      expect(leak.proposal).toMatchObject({ site: leak.site, route: leak.route });
      expect(leak.proposal?.reason.length).toBeGreaterThan(10);
      expect(["probable", "possible"]).toContain(leak.confidence);
      expect(first.results.filter((line) => line.startsWith(`Leak ${leak.leakId}: `))).toHaveLength(1);
    }

    const folder = at("case", "nested", "deeper");
    const names = await readdir(folder);
    const read = await readFiles(
      await Promise.all(names.map(async (name) => memoryFile(name, await readFile(join(folder, name))))),
    );
    const ct = await loadSeries(read.series[0]);
    if (!ct.ok) throw new Error(ct.problem.code);
    const seg = readSegmentation(await readFile(at("out1", "seg.dcm")), ct.value.context);
    if (!seg.ok) throw new Error(seg.problem.code);
    const referenced = [...findings.lesions.map((lesion) => lesion.cement), ...findings.leaks];
    expect(seg.value.segments).toHaveLength(referenced.length);
    for (const segment of seg.value.segments) expect(voxelCount(segment.mask)).toBeGreaterThan(0);
    const report = readReport(await readFile(at("out1", "sr.dcm")));
    if (!report.ok) throw new Error(report.problem.code);
    expect(report.value.completion).toBe("PARTIAL");

    const { width, height, rows } = await decodePng(at("out1", "preview.png"));
    expect(rows).toHaveLength(height * (3 * width + 1));
    expect(height).toBeGreaterThan(360 * findings.leaks.length);

    expect((await propose(at("case"), "--out", at("out2"))).code).toBe(0);
    for (const name of await readdir(at("out1")))
      expect((await readFile(at("out2", name))).equals(await readFile(at("out1", name)))).toBe(true);
  }, 120_000);

  it("gives each lesion of the procedure file its own cement, and says what of the injected cement is missing", async () => {
    const lesions = [
      { side: "right", injectedVolumeMl: 3 },
      { side: "left", injectedVolumeMl: 40 },
    ];
    await writeFile(at("two.json"), JSON.stringify({ lesions }));
    const { code, results } = await propose(at("case"), "--out", at("two"), "--procedure", at("two.json"));
    expect(code).toBe(0);
    const findings = findingsSchema.parse(JSON.parse(await readFile(at("two", "findings.json"), "utf8")));
    expect(
      findings.lesions.map(({ side, injectedVolumeMl, cement }) => [side, injectedVolumeMl, !cement]),
    ).toEqual([
      ["right", 3, true],
      ["left", 40, false],
    ]);
    expect(findings.massBalance?.injectedMl).toBe(43);
    expect(findings.massBalance?.missingMl).toBeGreaterThan(20);
    expect(results.find((line) => line.startsWith("Balance: "))).toMatch(/of 43\.0 mL injected not found/);
    expect(findings.verificationLog?.join("; ")).toMatch(
      /no cement could be told to be that of the lesion sacrum right/,
    );
    for (const { lesionRef, geometry } of findings.leaks) {
      expect(lesionRef).not.toBe("L1");
      expect(geometry?.shape).toBeDefined();
    }
  }, 120_000);

  it("compares an earlier CT, says how far off, and takes a SEG as the envelope; refuses a later CT", async () => {
    const earlier = makePhantom({ ...SMALL, before: true }, 0.5);
    await writeSeries(at("earlier"), earlier.volume, true);
    const { code, results } = await propose(at("case"), "--out", at("out8"), "--prior", at("earlier"));
    expect(code).toBe(0);
    expect(results[0]).toMatch(/^Earlier CT compared: .* 0\.\d mm/);
    const findings = findingsSchema.parse(JSON.parse(await readFile(at("out8", "findings.json"), "utf8")));
    expect(findings.verificationLog).toContain(results[0]);
    const { context } = await loadCt(at("earlier"), () => undefined);
    expect(findings.imaging.priorStudyUid).toBe(context.study.studyInstanceUid);
    const alone = findingsSchema.parse(JSON.parse(await readFile(at("two", "findings.json"), "utf8")));
    expect(alone.imaging.priorStudyUid).toBeUndefined();
    expect(findings.leaks.length).toBeGreaterThan(0);
    expect(findings.notCement?.every((part) => !/no prior/.test(part.reason))).toBe(true);

    const later = await propose(at("earlier"), "--out", at("out9"), "--prior", at("case"));
    expect([later.code, later.progress.at(-1)]).toEqual([2, expect.stringContaining("later day")]);

    const seg = at("out8", "seg.dcm");
    const labels = ["--envelope-labels", "1"];
    const held = await propose(at("case"), "--out", at("out10"), "--envelope", seg, ...labels);
    expect([held.code, held.results[0]]).toEqual([0, expect.stringContaining("given envelope's")]);
    const other = await propose(at("earlier"), "--out", at("out11"), "--envelope", seg);
    expect([other.code, other.progress.at(-1)]).toEqual([2, expect.stringContaining("--envelope takes")]);
  }, 120_000);

  it("says that there is no cement, and takes an earlier draft's SEG away", async () => {
    await mkdir(at("out3"));
    await writeFile(at("out3", "seg.dcm"), "of an earlier run");
    const { code, results } = await propose(at("bare"), "--out", at("out3"));
    expect(code).toBe(0);
    expect(results.join(" ")).toMatch(/No cement was found/);
    expect((await readdir(at("out3"))).sort()).toEqual(["findings.json", "preview.png"]);
    const findings = findingsSchema.parse(JSON.parse(await readFile(at("out3", "findings.json"), "utf8")));
    expect([findings.leaks, findings.lesions, findings.references]).toEqual([[], [], undefined]);
  });

  it("takes the procedure over, and names the field that it can't use", async () => {
    await writeFile(
      at("good.json"),
      JSON.stringify({ type: "kyphoplasty", operatorKey: "A", injectedVolumeMl: 5 }),
    );
    expect((await propose(at("bare"), "--out", at("out4"), "--procedure", at("good.json"))).code).toBe(0);
    const findings = findingsSchema.parse(JSON.parse(await readFile(at("out4", "findings.json"), "utf8")));
    expect(findings.procedure).toEqual({ type: "kyphoplasty", operatorKey: "A" });
    await writeFile(at("bad.json"), JSON.stringify({ cement: { viscosity: "runny" } }));
    const bad = await propose(at("bare"), "--out", at("out5"), "--procedure", at("bad.json"));
    expect([bad.code, bad.progress.length]).toEqual([2, 1]);
    expect(bad.progress[0]).toContain('"cement.viscosity"');
  });

  it.each([
    ["a folder without images", () => [at("text"), "--out", at("out6")], /no CT/],
    ["a missing folder", () => [at("nowhere"), "--out", at("out6")], /no such file or folder/],
    ["an output that is a file", () => [at("bare"), "--out", at("text", "readme.txt")], /can't be written/],
    ["a missing --out", () => [at("bare")], /usage/],
    ["a prior without images", () => [at("bare"), "--out", at("out6"), "--prior", at("text")], /no CT/],
  ])("answers %s with code 2 and one line that names it", async (_what, args, words) => {
    const { code, results, progress } = await propose(...args());
    expect([code, results]).toEqual([2, []]);
    expect(progress.at(-1)).toMatch(words);
    expect(progress.at(-1)).not.toContain("\n");
  });
});

const SACRUM = join(import.meta.dirname, "../../../../shared/data/ct-sacrum");

describe.skipIf(!existsSync(SACRUM))("propose on a real CT without cement", () => {
  it("proposes nothing, in words", async () => {
    const { code, results } = await propose(SACRUM, "--out", at("real"));
    expect(code).toBe(0);
    expect(results[0]).toMatch(/No cement was found/);
    expect((await readdir(at("real"))).sort()).toEqual(["findings.json", "preview.png"]);
  });

  it("refuses another patient's CT as the prior, and the CT itself", async () => {
    const other = await propose(at("bare"), "--out", at("out7"), "--prior", SACRUM);
    expect([other.code, other.progress.at(-1)]).toEqual([2, expect.stringContaining("another patient")]);
    const own = await propose(at("bare"), "--out", at("out7"), "--prior", at("bare"));
    expect([own.code, own.progress.at(-1)]).toEqual([2, expect.stringContaining("same series")]);
  });
});
