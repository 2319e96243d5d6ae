// Long work as a pure function: run in a worker by the browser, in process by the command line.
import type { CtVolume } from "./volume.ts";

export interface JobContext {
  readonly volume: CtVolume;
  /** An earlier CT of the same patient, where one is open beside the case. */
  readonly prior?: CtVolume;
  readonly signal: AbortSignal;
  /** 0 to 1, with a word for the step. */
  readonly progress: (fraction: number, step?: string) => void;
}

/** Input and output must survive structured clone (masks do). */
export type Job<Input, Output> = (input: Input, context: JobContext) => Output | Promise<Output>;

/** The jobs a plugin offers, by id "plugin/job". */
export type JobTable = Readonly<Record<string, Job<never, unknown>>>;
