// The one mutable cell of the host: the current state, notices, and reporting of problems.
import { ProblemError, problem, type Problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import { writable, type Readable } from "#core/readable";
import type { AppState, Notice } from "./app-state.ts";

export interface AppStore {
  readonly state: Readable<AppState>;
  get(): AppState;
  update(change: Partial<AppState> | ((state: AppState) => Partial<AppState>)): void;
  notify(text: string, severity?: Notice["severity"]): void;
  dismiss(id: number): void;
  /** Shows a problem in the reader's language. */
  report(problem: Problem): void;
  /** Reports whatever was thrown; a cancellation is not an error. */
  reportThrown(error: unknown, where: string): void;
}

export function createStore(initial: AppState): AppStore {
  const cell = writable(initial);
  let lastNotice = 0;
  const store: AppStore = {
    state: cell,
    get: cell.get,
    update(change) {
      const before = cell.get();
      cell.set({ ...before, ...(typeof change === "function" ? change(before) : change) });
    },
    notify(text, severity = "info") {
      const notice: Notice = { id: ++lastNotice, severity, text };
      store.update((state) => ({ notices: [...state.notices.slice(-4), notice] }));
    },
    dismiss(id) {
      store.update((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
    },
    report(reason) {
      const { locale, saving } = cell.get();
      // Sentences that say "your work is saved" must know whether it is.
      const details = saving === "failed" ? { ...reason.details, notSaved: true } : reason.details;
      store.notify(problemText({ ...reason, details }, locale), reason.severity);
    },
    reportThrown(error, where) {
      if (error instanceof ProblemError) store.report(error.problem);
      else if (error instanceof DOMException && error.name === "AbortError") return;
      else store.report(problem("app/unexpected", { where, message: String(error) }));
    },
  };
  return store;
}
