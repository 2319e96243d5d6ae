// The propose command: reads a CT, runs the engine, writes a draft and a picture of it. 0 done, 2 unusable input in one line.
import { constants } from "node:fs";
import { access, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { injectedInAll } from "#cement/model/mass-balance";
import { propose } from "#cement/engine/propose";
import { setDepartmentTerms } from "#cement/model/sites";
import { problemText } from "#core/problem-text";
import { isEarlier, type SeriesContext } from "#core/study";
import type { LoadedSeries } from "#dicom/load-series";
import { loadCt } from "./ct-folder.ts";
import { draftFiles } from "./draft-files.ts";
import { labelNumbers, readEnvelope } from "./envelope-file.ts";
import { encodePng } from "./png.ts";
import { previewPicture } from "./preview-picture.ts";
import { readProcedureFile, type ProcedureFile } from "./procedure-file.ts";
import { readTermsFile } from "./terms-file.ts";
import { resultLines } from "./proposal-words.ts";
import { exitCodeOf, folderArguments, type Lines } from "./folder-command.ts";
import { fileTrouble, Unusable } from "./unusable.ts";

const USAGE =
  "usage: npm run propose -- CT_FOLDER --out DIR [--procedure FILE.json] [--prior FOLDER] [--envelope FILE [--envelope-labels N,N]] [--terms FILE] [--now ISO_TIME]";

export const proposeCommand = (args: readonly string[], lines: Lines): Promise<number> =>
  exitCodeOf(() => run(args, lines), lines);

const parsed = (args: readonly string[]) =>
  folderArguments(
    () =>
      parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
          out: { type: "string" },
          procedure: { type: "string" },
          prior: { type: "string" },
          envelope: { type: "string" },
          "envelope-labels": { type: "string" },
          terms: { type: "string" },
          now: { type: "string" },
        },
      }),
    USAGE,
  );

async function run(args: readonly string[], { result, progress }: Lines): Promise<void> {
  const { folder, out, ...given } = parsed(args);
  const started = performance.now();
  const procedure: ProcedureFile = given.procedure ? await readProcedureFile(given.procedure) : {};
  setDepartmentTerms(given.terms ? await readTermsFile(given.terms) : null);
  const labels = labelNumbers(given["envelope-labels"]);
  const now = given.now === undefined ? null : momentOf(given.now);
  await makeFolder(out);
  const ct = await loadCt(folder, progress);
  const prior = given.prior ? await loadPrior(given.prior, ct.context, progress) : null;
  const envelope = given.envelope ? await readEnvelope(given.envelope, labels, ct) : null;
  const proposal = propose(ct.volume, {
    ...(prior ? { prior: prior.volume } : {}),
    ...(envelope ? { envelope } : {}),
    procedure: engineFacts(procedure),
    ...(ct.context.contrastAgent ? { contrastAgent: ct.context.contrastAgent } : {}),
    progress: (fraction, step) =>
      progress(`${String(Math.round(fraction * 100)).padStart(3)} % ${step ?? ""}`),
  });
  const draft = draftFiles({
    ct,
    proposal,
    procedure,
    createdAt: now ?? studyMoment(ct.context),
    ...(prior ? { priorStudyUid: prior.context.study.studyInstanceUid } : {}),
    remarks: [
      prior
        ? `Prior CT: series ${prior.context.seriesInstanceUid} of ${prior.context.study.studyDate || "an unknown day"}`
        : "No prior CT was given: what only a prior could decide is marked no prior.",
      ...(envelope?.note ? [envelope.note] : []),
    ],
  });
  if (!draft.ok) throw new Unusable(`${folder}: ${problemText(draft.problem, "en")}`);
  const { findings, files, leakMasks } = draft.value;
  const picture = previewPicture({ ct, proposal, findings, leakMasks });
  await save(out, [...files, { name: "preview.png", bytes: encodePng(picture) }]);
  for (const problem of draft.problems) progress(problemText(problem, "en"));
  if (envelope?.note) result(envelope.note);
  // No HU, and contrast that the header names.
  for (const found of ct.context.problems)
    if (found.code.startsWith("values/")) result(problemText(found, "en"));
  for (const note of proposal.notes) if (/^Earlier CT|envelope|^Contrast: /.test(note.en)) result(note.en);
  for (const line of resultLines(findings, proposal)) result(line);
  result(
    `Draft, not for diagnosis. Written to ${out}: ${[...files.map((file) => file.name), "preview.png"].join(", ")}`,
  );
  progress(`${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function momentOf(text: string): Date {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw new Unusable(`--now ${text}: not a time such as 2026-01-31T12:00:00Z`);
  return moment;
}

/** The study's own date and time (taken as UTC), so that the same CT gives the same bytes; 1 January 1970 where it has none. */
function studyMoment({ study, seriesDate }: SeriesContext): Date {
  const date = [study.studyDate, seriesDate].find((text) => /^\d{8}$/.test(text)) ?? "19700101";
  const time = /^(\d\d)(\d\d)?(\d\d)?/.exec(study.studyTime) ?? [];
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
  const moment = new Date(`${iso}T${time[1] ?? "00"}:${time[2] ?? "00"}:${time[3] ?? "00"}Z`);
  return Number.isNaN(moment.getTime()) ? new Date(0) : moment;
}

async function makeFolder(out: string): Promise<void> {
  try {
    await folderAt(resolve(out));
  } catch (error) {
    throw new Unusable(`${out}: can't be written to: ${fileTrouble(error)}`);
  }
}

/** Node's own recursive mkdir never returns where a parent exists that takes no folders (/proc). */
async function folderAt(path: string): Promise<void> {
  const present = await stat(path).catch(() => null);
  if (present?.isDirectory()) return await access(path, constants.W_OK);
  if (!present && dirname(path) !== path) await folderAt(dirname(path));
  await mkdir(path);
}

const OUR_FILES = ["seg.dcm", "sr.dcm", "findings.json", "preview.png"];

/** An earlier draft's files go first: a folder never holds the SEG of one run beside the findings of another. */
async function save(
  out: string,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  try {
    for (const name of OUR_FILES) await rm(join(out, name), { force: true });
    for (const { name, bytes } of files) await writeFile(join(out, name), bytes);
  } catch (error) {
    throw new Unusable(`${out}: can't be written to: ${fileTrouble(error)}`);
  }
}

/** The earlier CT. Throws Unusable where it is no CT, another patient's, this very series or a later one. */
async function loadPrior(
  path: string,
  context: SeriesContext,
  say: (line: string) => void,
): Promise<LoadedSeries> {
  const prior = await loadCt(path, (line) => say(`Prior: ${line}`));
  const { patientId } = prior.context.patient;
  if (patientId !== context.patient.patientId)
    throw new Unusable(
      `${path}: the prior belongs to another patient (patient ID "${patientId}" instead of "${context.patient.patientId}")`,
    );
  if (prior.context.seriesInstanceUid === context.seriesInstanceUid)
    throw new Unusable(`${path}: the prior is the same series as the CT; give one from before the procedure`);
  if (!isEarlier(prior.context, context))
    throw new Unusable(
      `${path}: the prior is of a later day (${prior.context.study.studyDate}) than the CT (${context.study.studyDate}); give one from before the procedure`,
    );
  return prior;
}

/** What the engine weighs: the volume of all lesions together, and how the bone was. */
function engineFacts(procedure: ProcedureFile) {
  const { injectedVolumeMl, lysis, pathology, lesions = [], indication } = procedure;
  const total = injectedVolumeMl ?? injectedInAll(lesions);
  return {
    injectedVolumeMl: total,
    lysis: lysis ?? lesions.find((lesion) => lesion.lysis)?.lysis,
    pathology: pathology ?? lesions.find((lesion) => lesion.pathology)?.pathology ?? indication,
  };
}
