// What a department always does: the next case starts with it. Nothing of a patient, and nothing that a reader has to answer.
import { z } from "zod";
import type { CaseDocument } from "./case-document.ts";
import { findingsSchema } from "./findings.ts";

const cementShape = findingsSchema.shape.procedure.shape.cement.unwrap().shape;

const habitsSchema = z.strictObject({
  version: z.literal(1),
  guidance: findingsSchema.shape.procedure.shape.guidance,
  cement: z
    .strictObject({
      product: cementShape.product,
      manufacturer: cementShape.manufacturer,
      radiopacifier: cementShape.radiopacifier,
      radiopacifierPct: cementShape.radiopacifierPct,
      viscosity: cementShape.viscosity,
    })
    .optional(),
  needleGauge: z.number().positive().optional(),
});
export type Habits = z.infer<typeof habitsSchema>;

/** Null where nothing is kept or what is kept can't be read: a habit is no reason to stop. */
export function parseHabits(value: unknown): Habits | null {
  const parsed = habitsSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** What a finished case says of the department. Lot and UDI belong to one package, dates and operators to one patient. */
export function habitsOf({ procedure, lesions }: CaseDocument): Habits {
  const { product, manufacturer, radiopacifier, radiopacifierPct, viscosity } = procedure.cement ?? {};
  const cement = {
    ...(product ? { product } : {}),
    ...(manufacturer ? { manufacturer } : {}),
    ...(radiopacifier ? { radiopacifier } : {}),
    ...(radiopacifierPct === undefined ? {} : { radiopacifierPct }),
    ...(viscosity ? { viscosity } : {}),
  };
  const needleGauge = lesions.flatMap((lesion) => lesion.needles ?? []).find(({ gauge }) => gauge)?.gauge;
  return {
    version: 1,
    ...(procedure.guidance?.length ? { guidance: procedure.guidance } : {}),
    ...(Object.keys(cement).length > 0 ? { cement } : {}),
    ...(needleGauge ? { needleGauge } : {}),
  };
}

/** A new case's procedure with the department's habits in it. */
export const procedureWithHabits = (
  procedure: CaseDocument["procedure"],
  habits: Habits | null,
): CaseDocument["procedure"] => ({
  ...procedure,
  ...(habits?.guidance ? { guidance: habits.guidance } : {}),
  ...(habits?.cement ? { cement: habits.cement } : {}),
});
