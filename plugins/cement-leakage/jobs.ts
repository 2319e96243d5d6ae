// The plugin's long work by id: run in a worker by the browser, in process by the command line.
import type { Job, JobContext, JobTable } from "#core/job";
import type { Vec3 } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { alignPrior, type PriorPlace } from "./engine/align-prior.ts";
import type { FindOptions, FoundCement } from "./engine/find-cement.ts";
import { findCement } from "./engine/find-cement.ts";
import type { Proposal, ProposeOptions } from "./engine/proposal.ts";
import { propose } from "./engine/propose.ts";
import { reshape, type Reshaping } from "./engine/reshape.ts";
import { tryFloor, type TriedFloor } from "./engine/try-floor.ts";
import { sacralPlanes, type SacralPlanes } from "./engine/sacral-planes.ts";

interface ReshapeInput {
  readonly mask: RunMask;
  readonly change: Reshaping;
}

interface AlignPriorInput {
  readonly cement: readonly RunMask[];
  /** Where the reader looks, patient mm. */
  readonly focus: Vec3;
}

/** Types of each job by its id. */
export interface CementJobs {
  readonly "cement-leakage/find": Job<FindOptions, FoundCement>;
  readonly "cement-leakage/try-floor": Job<{ readonly floorHu: number }, TriedFloor>;
  readonly "cement-leakage/propose": Job<Pick<ProposeOptions, "procedure" | "contrastAgent">, Proposal>;
  /** Null without an earlier CT beside the case. */
  readonly "cement-leakage/align-prior": Job<AlignPriorInput, readonly PriorPlace[] | null>;
  readonly "cement-leakage/reshape": Job<ReshapeInput, RunMask>;
  readonly "cement-leakage/sacral-planes": Job<{ readonly cement: RunMask }, SacralPlanes | null>;
}
export type CementJobId = keyof CementJobs;
export type CementJobInput<Id extends CementJobId> =
  CementJobs[Id] extends Job<infer Input, unknown> ? Input : never;
export type CementJobOutput<Id extends CementJobId> =
  CementJobs[Id] extends Job<never, infer Output>
    ? Output
    : CementJobs[Id] extends Job<infer _, infer Output>
      ? Output
      : never;

const cementJobs: CementJobs = {
  "cement-leakage/find": (input: FindOptions, context: JobContext) =>
    findCement(context.volume, input, context),
  "cement-leakage/try-floor": ({ floorHu }: { readonly floorHu: number }, context: JobContext) =>
    tryFloor(context.volume, floorHu),
  "cement-leakage/propose": (
    input: Pick<ProposeOptions, "procedure" | "contrastAgent">,
    context: JobContext,
  ) =>
    propose(context.volume, {
      ...input,
      prior: context.prior,
      signal: context.signal,
      progress: context.progress,
    }),
  "cement-leakage/align-prior": ({ cement, focus }: AlignPriorInput, context: JobContext) =>
    context.prior ? alignPrior(context.volume, context.prior, cement, focus, context.signal) : null,
  "cement-leakage/reshape": ({ mask, change }: ReshapeInput, context: JobContext) =>
    reshape(mask, context.volume, change),
  "cement-leakage/sacral-planes": ({ cement }: { readonly cement: RunMask }, context: JobContext) =>
    sacralPlanes(context.volume, cement),
};

export const jobs: JobTable = { ...cementJobs };

/** A host's way to run a job, narrowed to this plugin's ids. */
export type RunCementJob = <Id extends CementJobId>(
  id: Id,
  input: CementJobInput<Id>,
  options?: { signal?: AbortSignal; progress?: (fraction: number, step?: string) => void },
) => Promise<CementJobOutput<Id>>;
