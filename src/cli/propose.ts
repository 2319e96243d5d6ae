// npm run propose -- CT_FOLDER --out DIR [--procedure FILE.json] [--prior FOLDER]: the engine's draft without a browser.
import { randomUUID } from "node:crypto";
import { readdir, readFile, stat, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { caseFiles } from "#cement/exports/bundle";
import { buildFindings, SOFTWARE_NAME } from "#cement/exports/findings";
import { propose } from "#cement/engine/propose";
import { volumeEstimator } from "#cement/engine/volume-estimator";
import type { Proposal } from "#cement/engine/proposal";
import { problemText } from "#core/problem-text";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import { loadSeries } from "#dicom/load-series";
import type { NamedFile } from "#dicom/named-file";
import { memoryFile } from "#dicom/named-file";
import { readFiles } from "#dicom/open-files";
import { writeKeyObjects } from "#dicom/write-key-objects";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { draftCase } from "./draft-case.ts";
import { encodePng } from "./png.ts";
import { stacked, threePlanes } from "./three-planes.ts";

const UNUSABLE = 2;

/** What a procedure file may say; the rest of a case comes from the CT. */
const procedureSchema = z.looseObject({
  type: z.enum(["sacroplasty", "vertebroplasty", "kyphoplasty", "other"]).optional(),
  injectedVolumeMl: z.number().nonnegative().optional(),
  lysis: z.enum(["lytic", "blastic", "mixed", "none"]).optional(),
  pathology: z.string().optional(),
});

class Unusable extends Error {}

const newUid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`;

async function filesUnder(path: string): Promise<NamedFile[]> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new Unusable(`${path}: no such file or folder`);
  if (found.isFile()) return [memoryFile(path, await readFile(path))];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files: NamedFile[] = [];
  for (const entry of entries)
    if (entry.isFile()) {
      const name = join(entry.parentPath, entry.name);
      files.push(memoryFile(name, await readFile(name)));
    }
  if (files.length === 0) throw new Unusable(`${path}: the folder is empty`);
  return files;
}

async function readCt(path: string) {
  const { series, rejected } = await readFiles(await filesUnder(path));
  const first = series.find((one) => one.summary.openable) ?? series[0];
  if (!first) {
    const why = rejected[0] ? problemText(rejected[0].problem, "en") : "no DICOM series";
    throw new Unusable(`${path}: nothing to open (${why})`);
  }
  const loaded = await loadSeries(first);
  if (!loaded.ok) throw new Unusable(`${path}: ${problemText(loaded.problem, "en")}`);
  return loaded.value;
}

async function readProcedure(path: string | undefined): Promise<z.infer<typeof procedureSchema>> {
  if (!path) return {};
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) throw new Unusable(`${path}: cannot be read`);
  try {
    return procedureSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Unusable(
      `${path}: not a procedure file (${error instanceof Error ? error.message.split("\n")[0] : "unreadable"})`,
    );
  }
}

/** Three planes through each leak; through the cement, or the middle of the scan, where there is none. */
function preview(volume: CtVolume, proposal: Proposal): Uint8Array {
  const { grid } = volume;
  const middle = patientFromVoxel(grid, (grid.columns - 1) / 2, (grid.rows - 1) / 2, (grid.slices - 1) / 2);
  const places: Vec3[] = proposal.candidates.map((candidate) => candidate.centroidMm);
  if (places.length === 0) places.push(proposal.intraosseous[0]?.centroidMm ?? middle);
  const outlines = [
    ...proposal.intraosseous.map(({ mask }) => ({ mask, rgb: [90, 200, 120] as const })),
    ...proposal.candidates.map(({ mask }) => ({ mask, rgb: [255, 210, 60] as const })),
  ];
  return encodePng(stacked(places.map((at) => threePlanes(volume, at, outlines))));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: "string" }, procedure: { type: "string" }, prior: { type: "string" } },
  });
  const [folder] = positionals;
  if (!folder || !values.out)
    throw new Unusable(
      "Usage: npm run propose -- CT_FOLDER --out DIR [--procedure FILE.json] [--prior FOLDER]",
    );
  const procedure = await readProcedure(values.procedure);
  const { volume, context } = await readCt(folder);
  const proposal = propose(volume, {
    procedure: {
      injectedVolumeMl: procedure.injectedVolumeMl,
      lysis: procedure.lysis,
      pathology: procedure.pathology,
    },
  });
  const createdAt = new Date();
  const { document, masks } = draftCase(proposal, {
    documentId: randomUUID(),
    createdAt,
    newUid,
    procedure: {
      type:
        procedure.type ?? (proposal.intraosseous[0]?.bone === "vertebra" ? "vertebroplasty" : "sacroplasty"),
    },
    injectedVolumeMl: procedure.injectedVolumeMl,
  });
  const log = [
    ...context.problems.map((problem) => problemText(problem, "en")),
    ...proposal.notes.map((note) => note.en),
    ...proposal.candidates.flatMap((candidate, n) =>
      candidate.notes.map((note) => `Leak ${n + 1}: ${note.en}`),
    ),
    values.prior
      ? "A prior CT was given but is not compared by this version: calls on sclerosis and calcification are marked no prior."
      : "No prior CT was compared.",
  ];
  const { findings, masks: caseMasks } = buildFindings({
    document,
    masks,
    volume,
    series: context,
    softwareVersion: proposal.engineVersion,
    estimate: volumeEstimator(document, masks, volume),
    readerName: "engine",
    readerRole: "software",
    createdAt,
    verificationLog: log,
  });
  const uids = () => ({ sopInstanceUid: newUid(), seriesInstanceUid: newUid() });
  const files = caseFiles(
    {
      findings,
      masks: caseMasks,
      source: context,
      equipment: {
        manufacturer: SOFTWARE_NAME,
        manufacturerModelName: SOFTWARE_NAME,
        deviceSerialNumber: "0",
        softwareVersions: proposal.engineVersion,
      },
      uids: { segmentation: uids(), report: uids(), keyObjects: uids() },
      createdAt,
    },
    { encodeSegmentation: writeSegmentation, encodeReport: writeReport, encodeKeyObjects: writeKeyObjects },
  );
  if (!files.ok) throw new Unusable(`${folder}: ${problemText(files.problem, "en")}`);
  await mkdir(values.out, { recursive: true });
  const names = { SEG: "seg.dcm", SR: "sr.dcm", JSON: "findings.json" } as const;
  for (const file of files.value)
    if (file.kind === "SEG" || file.kind === "SR" || file.kind === "JSON")
      await writeFile(join(values.out, names[file.kind]), file.bytes);
  await writeFile(join(values.out, "preview.png"), preview(volume, proposal));
  for (const note of proposal.notes) process.stdout.write(`${note.en}\n`);
  proposal.intraosseous.forEach((cement, n) =>
    process.stdout.write(
      `Cement ${n + 1}: ${cement.bone}, ${cement.side}${cement.levels.length > 0 ? `, ${cement.levels.join(" ")}` : ""}, ${(cement.volumeEstimateMm3 / 1000).toFixed(2)} mL${cement.incomplete ? " (incomplete: at least)" : ""}\n`,
    ),
  );
  proposal.candidates.forEach((candidate, n) =>
    process.stdout.write(
      `Leak ${n + 1} (${candidate.confidence}, ${candidate.score.toFixed(2)}): ${candidate.reason.en}\n`,
    ),
  );
  for (const rejected of proposal.rejected)
    process.stdout.write(`Not cement, ${Math.round(rejected.volumeMm3)} mm³: ${rejected.reason.en}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message.split("\n")[0] : String(error)}\n`);
  process.exitCode = error instanceof Unusable ? UNUSABLE : 1;
}
