// Every public file of ../shared/data with pixels: the voxels that gdcm decodes, or refused with its reason. Never silence.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemText } from "#core/problem-text";
import { decodeFrameToHu } from "#dicom/decode-pixels";
import { readHeader } from "#dicom/read-header";
import { provideInstalledCodecs } from "../../src/cli/codec-files.ts";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";

const run = promisify(execFile);
const DATA = join(PROJECT_FOLDER, "../shared/data");
const GDCM = "/usr/bin/gdcmconv";
const FOLDERS = ["transfer-syntaxes", "multiframe-ct"].map((name) => join(DATA, name));
const files = FOLDERS.filter(existsSync).flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/LICENSE|\.md$|\.txt$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

/** The same JPEG stream through another inverse transform may differ by one. */
const ROUNDING = 1;

type Outcome = { readonly hu: Int16Array; readonly lossy: boolean } | { readonly refused: string };

async function ours(bytes: Uint8Array, name: string): Promise<Outcome> {
  const header = readHeader(bytes, name);
  if (!header.ok) return { refused: problemText(header.problem, "en") };
  const { rows, columns } = header.value.format;
  if (rows * columns > 1 << 24) return { refused: "too large" };
  const hu = new Int16Array(rows * columns);
  const result = await decodeFrameToHu(header.value, bytes, hu);
  return result.ok
    ? { hu, lossy: header.value.lossyImageCompression }
    : { refused: problemText(result.problem, "en") };
}

describe.skipIf(files.length === 0 || !existsSync(GDCM))("public files of every syntax", () => {
  let scratch = "";
  const table: string[] = [];
  beforeAll(async () => {
    provideInstalledCodecs();
    scratch = await mkdtemp(join(tmpdir(), "syntaxes-"));
  });
  afterAll(async () => {
    process.stdout.write(`${table.join("\n")}\n`);
    await rm(scratch, { recursive: true });
  });

  it.each(files.map((path) => [relative(DATA, path), path]))("%s", async (name, path) => {
    const found = await ours(new Uint8Array(readFileSync(path)), name);
    if ("refused" in found) {
      table.push(`${name}: refused: ${found.refused}`);
      expect(found.refused).toMatch(/\w+ \w+ \w+/);
      return;
    }
    const raw = join(scratch, "raw.dcm");
    const judge = await run(GDCM, ["--raw", path, raw]).then(
      async () => ours(new Uint8Array(await readFile(raw)), name),
      () => ({ refused: "gdcm can't decode it" }),
    );
    if ("refused" in judge) {
      table.push(`${name}: decoded; no judge (${judge.refused})`);
      return;
    }
    const most = found.hu.reduce((worst, value, n) => Math.max(worst, Math.abs(value - judge.hu[n])), 0);
    table.push(`${name}: ${most === 0 ? "identical to gdcm" : `differs from gdcm by ${most}`}`);
    expect(most).toBeLessThanOrEqual(found.lossy ? ROUNDING : 0);
  });
});
