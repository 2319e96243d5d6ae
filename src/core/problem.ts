// A failure a user can meet, as data: what happened, to what, and (through its text) what to do.

export type Severity = "error" | "warning" | "info";
export type Locale = "en" | "zh";
export type ProblemDetails = Readonly<Record<string, string | number | boolean>>;

/** What went wrong. `code` is stable ("stack/missing-slice"); words come from `problem-text.ts` or, for a plugin, from `text`. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly details: ProblemDetails;
  readonly text?: Readonly<Record<Locale, string>>;
}

/** A value, with what was assumed or dropped on the way; or the one problem that prevented it. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problem: Problem };

export function problem(code: string, details: ProblemDetails = {}, severity: Severity = "error"): Problem {
  return { code, severity, details };
}

export function ok<T>(value: T, problems: readonly Problem[] = []): Result<T> {
  return { ok: true, value, problems };
}

export function fail<T = never>(reason: Problem): Result<T> {
  return { ok: false, problem: reason };
}

/** Carries a problem through code that can only throw (a library's callback, an AbortSignal's reader). Caught once, at the edge. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(reason: Problem) {
    super(`${reason.code} ${JSON.stringify(reason.details)}`);
    this.name = "ProblemError";
    this.problem = reason;
  }
}
