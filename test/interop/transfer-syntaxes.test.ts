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
import { frameHeaders } from "#dicom/frame-groups";
import { readHeader } from "#dicom/read-header";
import { stackSeries } from "#dicom/stack";
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

interface Decoded {
  /** Of all frames, one after the other. */
  readonly hu: Int16Array;
  readonly frames: number;
  readonly lossy: boolean;
  /** Why a multi-frame file does not open as a stack; empty where it does. */
  readonly unstacked: string;
}
type Outcome = Decoded | { readonly refused: string };

async function ours(bytes: Uint8Array, name: string): Promise<Outcome> {
  const header = readHeader(bytes, name);
  if (!header.ok) return { refused: problemText(header.problem, "en") };
  const { rows, columns } = header.value.format;
  if (rows * columns > 1 << 24) return { refused: "too large" };
  const frames = frameHeaders(header.value);
  const hu = new Int16Array(rows * columns * frames.length);
  for (const [n, frame] of frames.entries()) {
    const target = hu.subarray(n * rows * columns, (n + 1) * rows * columns);
    const result = await decodeFrameToHu(frame, bytes, target);
    if (!result.ok) return { refused: problemText(result.problem, "en") };
  }
  const stack = frames.length > 1 ? stackSeries([header.value]) : null;
  const unstacked = stack && !stack.ok ? problemText(stack.problem, "en") : "";
  return { hu, frames: frames.length, lossy: header.value.lossyImageCompression, unstacked };
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
    const how = most === 0 ? "identical to gdcm" : `differs from gdcm by ${most}`;
    const frames = found.frames > 1 ? ` in ${found.frames} frames` : "";
    const opens = found.unstacked === "" ? "" : `; not opened: ${found.unstacked}`;
    table.push(`${name}: ${how}${frames}${opens}`);
    expect(found.frames).toBe(judge.frames);
    expect(most).toBeLessThanOrEqual(found.lossy ? ROUNDING : 0);
  });
});
