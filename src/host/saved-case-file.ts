// A saved case as a file and back: a zip with one JSON, so that work can leave a browser whose storage is to be cleared.
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { z } from "zod";
import { fail, ok, problem, type Result } from "#core/problem";
import type { ExportedFile } from "./contract.ts";
import type { CaseContent } from "./journal.ts";

const FORMAT = "cement-leakage-viewer/saved-case";
const INSIDE = "saved-case.json";

const whole = z.number().int().nonnegative();
const shape = { columns: whole, rows: whole, slices: whole };
const rows32 = z.array(whole).transform((list) => Uint32Array.from(list));
const columns16 = z.array(whole.max(65_535)).transform((list) => Uint16Array.from(list));
const side = z.object({ offset: rows32, start: columns16, end: columns16 });
const delta = z.object({ ...shape, changedRows: rows32, before: side, after: side });
const documents = z.record(z.string(), z.unknown());

const contentSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  entry: z.object({
    caseKey: z.string(),
    seriesInstanceUid: z.string().min(1),
    patientId: z.string(),
    studyDate: z.string(),
    description: z.string(),
    summary: z.string(),
    savedAt: z.string(),
    source: z.union([
      z.object({ kind: z.enum(["sample", "files"]) }),
      z.object({ kind: z.literal("archive"), studyInstanceUid: z.string().regex(/^[\d.]{1,64}$/) }),
    ]),
    picture: z
      .object({ columns: whole, rows: whole, colors: z.array(z.string()), cells: z.string() })
      .optional(),
  }),
  snapshot: z
    .object({
      caseKey: z.string(),
      step: whole,
      shape: z.object(shape),
      masks: z.array(z.object({ id: z.string(), rows: delta })),
      documents,
    })
    .nullable(),
  steps: z.array(
    z.object({
      caseKey: z.string(),
      step: whole,
      masks: z.array(
        z.object({ id: z.string(), delta, direction: z.enum(["forward", "backward"]), exists: z.boolean() }),
      ),
      documents,
    }),
  ),
});

const plain = (_name: string, value: unknown): unknown =>
  value instanceof Uint32Array || value instanceof Uint16Array ? Array.from(value) : value;

const safe = (name: string): string => name.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 40) || "case";

export function savedCaseFile({ entry, snapshot, steps }: CaseContent): ExportedFile {
  const json = JSON.stringify({ format: FORMAT, version: 1, entry, snapshot, steps }, plain);
  return {
    name: `${safe(entry.patientId)}_${safe(entry.studyDate)}_saved-work.zip`,
    mediaType: "application/zip",
    bytes: zipSync({ [INSIDE]: [strToU8(json), { mtime: entry.savedAt }] }),
  };
}

/** The case goes back under its CT's key, wherever it was listed when it was written. */
export function readSavedCaseFile(bytes: Uint8Array): Result<CaseContent> {
  try {
    const inside = unzipSync(bytes)[INSIDE];
    const { entry, snapshot, steps } = contentSchema.parse(JSON.parse(strFromU8(inside)));
    return ok({ entry: { ...entry, caseKey: entry.seriesInstanceUid }, snapshot, steps });
  } catch {
    return fail(problem("journal/not-a-saved-case"));
  }
}
