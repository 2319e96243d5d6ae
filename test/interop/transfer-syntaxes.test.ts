// Every file of ../shared/data and every encoding of one slice has a line: the voxels that gdcm or dcmtk decode, refused with its
// reason, an object with its kind, or an index. Never silence. The table is printed.
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
import { memoryFile } from "#dicom/named-file";
import { readFiles, unusedObjects } from "#dicom/open-files";
import { readHeader } from "#dicom/read-header";
import { provideInstalledCodecs } from "../../src/cli/codec-files.ts";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";

const run = promisify(execFile);
const DATA = join(PROJECT_FOLDER, "../shared/data");
const ENCODINGS = join(PROJECT_FOLDER, "sample-data/transfer-syntaxes");
const GDCM = "/usr/bin/gdcmconv";
/** Each takes what the others of dcmtk refuse; the last one only changes the byte order and the like. */
const DCMTK = ["dcmdjpeg", "dcmdjpls", "dcmdrle", "dcmconv"].map((name) => `/usr/bin/${name}`);

const filesUnder = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];

/** The same JPEG stream through another inverse transform may differ by one. */
const ROUNDING = 1;

interface Decoded {
  /** Of all frames, one after the other. */
  readonly hu: Int16Array;
  readonly frames: number;
  readonly lossy: boolean;
}
type Outcome = Decoded | { readonly refused: string };

async function decoded(bytes: Uint8Array, name: string): Promise<Outcome> {
  const header = readHeader(bytes, name);
  if (!header.ok) return { refused: problemText(header.problem, "en") };
  const { rows, columns } = header.value.format;
  const frames = frameHeaders(header.value);
  if (rows * columns * frames.length > 1 << 26) return { refused: "too large" };
  const hu = new Int16Array(rows * columns * frames.length);
  for (const [n, frame] of frames.entries()) {
    const target = hu.subarray(n * rows * columns, (n + 1) * rows * columns);
    const result = await decodeFrameToHu(frame, bytes, target);
    if (!result.ok) return { refused: problemText(result.problem, "en") };
  }
  return { hu, frames: frames.length, lossy: header.value.lossyImageCompression };
}

/** What the viewer says of the file alone, as it would to who opens it: a kind, and the sentence where it isn't shown as a volume. */
async function toldOf(
  path: string,
  bytes: Uint8Array,
): Promise<{ readonly kind: string; readonly says: string }> {
  const { series, otherObjects, rejected, notes } = await readFiles([memoryFile(path, bytes)]);
  const reject = [...rejected, ...unusedObjects(otherObjects)][0];
  if (series.length > 0) {
    const { problems, openable, modality } = series[0].summary;
    const why = problems.find(({ severity }) => severity === "error");
    return { kind: `image ${modality}`, says: openable || !why ? "" : problemText(why, "en") };
  }
  if (reject) return { kind: "left out", says: problemText(reject.problem, "en") };
  if (otherObjects.length > 0) return { kind: `object ${otherObjects[0].kind}`, says: "" };
  if (notes.length > 0) return { kind: "index of a disc", says: problemText(notes[0], "en") };
  return { kind: "", says: "" };
}

describe.skipIf(!existsSync(GDCM))("every file of the public data and every encoding", () => {
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

  /** As gdcm decodes it, else as dcmtk does; who did it stands beside it. */
  async function judged(path: string, name: string): Promise<Outcome & { readonly judge: string }> {
    const raw = join(scratch, "raw.dcm");
    for (const [judge, program, args] of [
      ["gdcm", GDCM, ["--raw", path, raw]],
      ...DCMTK.map((each) => ["dcmtk", each, [path, raw]] as const),
    ] as const) {
      await rm(raw, { force: true });
      const wrote = await run(program, [...args]).then(
        () => existsSync(raw),
        () => false,
      );
      if (!wrote) continue;
      const outcome = await decoded(new Uint8Array(await readFile(raw)), name);
      if (!("refused" in outcome)) return { ...outcome, judge };
    }
    // High-throughput JPEG 2000 is too new for both: what it was made from lies beside it.
    const original = join(ENCODINGS, "explicit_le.dcm");
    if (path.startsWith(ENCODINGS) && path !== original) {
      const outcome = await judged(original, name);
      return { ...outcome, judge: `the uncompressed slice, as ${outcome.judge} decodes it` };
    }
    return { refused: "neither gdcm nor dcmtk decodes it", judge: "nobody" };
  }

  /** Adds the file's line to the table, and returns how many lines it has. */
  async function line(path: string, name: string): Promise<number> {
    const bytes = new Uint8Array(readFileSync(path));
    const { kind, says } = await toldOf(path, bytes);
    expect(kind).not.toBe("");
    if (!kind.startsWith("image")) {
      table.push(`${name}: ${kind}${says === "" ? "" : `: ${says.replaceAll(path, name)}`}`);
      if (!kind.startsWith("object")) expect(says).toMatch(/\w+ \w+ \w+/);
      return table.length;
    }
    const found = await decoded(bytes, name);
    if ("refused" in found) {
      // Of a CT it is the encoding that refuses it, whatever else is said of a file alone.
      const why = kind === "image CT" ? found.refused : says || found.refused;
      table.push(`${name}: ${kind}, refused: ${why.replaceAll(path, name)}`);
      expect(why).toMatch(/\w+ \w+ \w+/);
      return table.length;
    }
    const opens = says === "" ? "" : `; alone it isn't opened: ${says.replaceAll(path, name)}`;
    const judge = await judged(path, name);
    if ("refused" in judge) {
      table.push(`${name}: ${kind}, decoded; ${judge.refused}${opens}`);
      expect(judge.refused).toBe("");
      return table.length;
    }
    const most = found.hu.reduce((worst, value, n) => Math.max(worst, Math.abs(value - judge.hu[n])), 0);
    const how = most === 0 ? `identical to ${judge.judge}` : `differs from ${judge.judge} by ${most}`;
    table.push(`${name}: ${kind}, ${how}${found.frames > 1 ? ` in ${found.frames} frames` : ""}${opens}`);
    expect(found.frames).toBe(judge.frames);
    expect(found.hu.length).toBe(judge.hu.length);
    expect(most).toBeLessThanOrEqual(found.lossy ? ROUNDING : 0);
    return table.length;
  }

  const encodings = filesUnder(ENCODINGS).filter((path) => path.endsWith(".dcm"));
  it("are 28 encodings", () => expect(encodings).toHaveLength(28));
  it.each(encodings.map((path) => [relative(ENCODINGS, path), path]))("%s", async (name, path) => {
    const before = table.length;
    expect(await line(path, name)).toBe(before + 1);
  });

  const shared = filesUnder(DATA);
  it.skipIf(shared.length === 0).each(shared.map((path) => [relative(DATA, path), path]))(
    "%s",
    async (name, path) => {
      const before = table.length;
      expect(await line(path, name)).toBe(before + 1);
    },
  );
});
