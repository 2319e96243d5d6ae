// One line of a case's history, as it is kept in the working document and travels with the findings JSON.
import { z } from "zod";

const json = z.json();

export const auditEntrySchema = z.strictObject({
  at: z.string(),
  /** The reader at the screen; what the engine proposed names the engine's version as well. */
  who: z.string(),
  /** The step's name, in English. */
  what: z.string(),
  /** Whose value: "case", "procedure", "lesion L1", "part P3", "site L1/puncture_path", "measurement M1". */
  about: z.string().optional(),
  /** Path below it: "leak.site", "injectedVolumeMl"; "voxels" counts them. */
  field: z.string().optional(),
  /** Absent: there was no value before, or there is none now. */
  from: json.optional(),
  to: json.optional(),
  origin: z.enum(["proposed", "accepted", "changed", "entered", "imported", "removed", "habit"]).optional(),
  /** Which engine proposed the value, and how sure it was (0 to 1). */
  engineVersion: z.string().optional(),
  score: z.number().min(0).max(1).optional(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
