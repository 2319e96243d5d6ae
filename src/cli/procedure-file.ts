// What is known of the procedure beside the CT: a JSON file in the words of the findings.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { findingsSchema } from "#cement/model/findings";
import { fileTrouble, Unusable } from "./unusable.ts";

const procedure = findingsSchema.shape.procedure.shape;
const lesion = findingsSchema.shape.lesions.element.shape;

/** The findings' procedure object, all of it optional, with injected volume and state of the bone: for all lesions, or lesion by lesion. */
const procedureFileSchema = z.strictObject({
  ...procedure,
  type: procedure.type.optional(),
  injectedVolumeMl: lesion.injectedVolumeMl,
  lysis: lesion.lysis,
  pathology: lesion.pathology,
  lesions: z
    .array(
      z.strictObject({
        bone: lesion.bone.optional(),
        side: lesion.side.optional(),
        sacralLevels: lesion.sacralLevels,
        vertebra: lesion.vertebra,
        injectedVolumeMl: lesion.injectedVolumeMl,
        lysis: lesion.lysis,
        pathology: lesion.pathology,
        corticalBreachPre: lesion.corticalBreachPre,
        needles: lesion.needles,
      }),
    )
    .optional(),
});
export type ProcedureFile = z.infer<typeof procedureFileSchema>;

/** Throws Unusable with the name of the first field that can't be used. */
export async function readProcedureFile(path: string): Promise<ProcedureFile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "not a JSON file" : fileTrouble(error);
    throw new Unusable(`${path}: ${why}`);
  }
  const parsed = procedureFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknownKey = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = [...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])].join(".");
  const why = unknownKey === undefined ? issue.message.split("\n")[0] : "not a field of a procedure";
  throw new Unusable(`${path}: ${field === "" ? "" : `field "${field}": `}${why}`);
}

export type StatedLesion = NonNullable<ProcedureFile["lesions"]>[number];

/** Whether a lesion of the file can be found on a CT: by its side, levels or vertebra. */
export const isPlaced = ({ side, sacralLevels, vertebra }: StatedLesion): boolean =>
  side !== undefined || sacralLevels !== undefined || vertebra !== undefined;
