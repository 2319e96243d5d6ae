// The tour: a strip above the images that says what to press next and goes on when it is done. It covers nothing and keeps no key.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { inLocale } from "#host/app-state";
import { keyLabel } from "#host/key-map";
import { shortcuts, type Shortcut } from "#host/shortcuts";
import styles from "./tour.module.css";
import { useApp, useAppState, useText } from "./use-app.ts";

interface Tour {
  readonly running: boolean;
  start(): void;
  stop(): void;
}

const TourContext = createContext<Tour>({ running: false, start: () => undefined, stop: () => undefined });

export const useTour = (): Tour => useContext(TourContext);

export function TourProvider({ children }: { children: ReactNode }) {
  const [running, setRunning] = useState(false);
  const tour = useMemo(
    () => ({ running, start: () => setRunning(true), stop: () => setRunning(false) }),
    [running],
  );
  return <TourContext value={tour}>{children}</TourContext>;
}

export function TourStrip() {
  const { running } = useTour();
  return running ? <Strip /> : null;
}

function Strip() {
  const app = useApp();
  const text = useText();
  const { stop } = useTour();
  const locale = useAppState((state) => state.locale);
  useAppState((state) => state.documents);
  useAppState((state) => state.keyMap);
  useLeaveByEscape(stop);
  const steps = app.plugins.flatMap(({ implementation }) => implementation.tour ?? []);
  const at = steps.findIndex((step) => !step.done());
  const step = steps[at];
  const verbs = step ? shortcuts(app).filter(({ id }) => step.verbs.includes(id)) : [];
  return (
    <section className={styles.strip} aria-label={text.tour.title} data-testid="tour" data-step={at + 1}>
      <div role="status" className={styles.words}>
        {step ? (
          <>
            <span className={styles.count}>{text.tour.step(at + 1, steps.length)}</span>{" "}
            <strong>{inLocale(step.title, locale)}.</strong> {inLocale(step.hint, locale)}
          </>
        ) : (
          text.tour.done
        )}
      </div>
      <div className={styles.verbs}>
        {step?.verbs.map((id) => {
          const verb = verbs.find((one) => one.id === id);
          return verb && <VerbButton key={id} verb={verb} />;
        })}
        <button type="button" className={styles.verb} onClick={stop} data-testid="leave-tour">
          <kbd>Esc</kbd> {text.tour.leave}
        </button>
      </div>
    </section>
  );
}

/** The key to press, and the same as a button for who has no keys at hand. */
function VerbButton({ verb }: { verb: Shortcut }) {
  const app = useApp();
  const locale = useAppState((state) => state.locale);
  const run = async (): Promise<void> => {
    const why = verb.disabledReason?.() ?? null;
    if (why) return app.store.notify(why, "warning");
    try {
      await verb.run();
    } catch (error) {
      app.store.reportThrown(error, verb.id);
    }
  };
  return (
    <button type="button" className={styles.verb} onClick={() => void run()}>
      {verb.keys !== "" && <kbd>{keyLabel(verb.keys)}</kbd>} {inLocale(verb.title, locale)}
    </button>
  );
}

/** Escape that nothing else wants: no tool in hand, nothing open over the page, no field being typed in. */
function useLeaveByEscape(leave: () => void): void {
  const app = useApp();
  useEffect(() => {
    let free = false;
    // Before the others, which may put away what made it theirs; and after them, unless one has kept it to itself.
    const before = (event: KeyboardEvent): void => {
      const { activeTool, keysShown, opening, choosing } = app.state.get();
      const inField =
        event.target instanceof HTMLElement &&
        event.target.closest("input, textarea, [role=dialog], [role=menu]");
      const covered = document.querySelector("[role=menu], [role=dialog]") !== null;
      free = !activeTool && !keysShown && !opening && !choosing && !inField && !covered;
    };
    const after = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && free) leave();
    };
    window.addEventListener("keydown", before, { capture: true });
    window.addEventListener("keydown", after);
    return () => {
      window.removeEventListener("keydown", before, { capture: true });
      window.removeEventListener("keydown", after);
    };
  }, [app, leave]);
}
