// The tour: a strip above the images that says what to press next and goes on when it is done. It covers nothing and keeps no key.
import {
  createContext,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";
import { inLocale } from "#host/app-state";
import { keyLabel } from "#host/key-map";
import { runVerb, shortcuts, type Shortcut } from "#host/shortcuts";
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
  const stop = useCallback(() => setRunning(false), []);
  useLeaveByEscape(stop);
  const tour = useMemo(() => ({ running, start: () => setRunning(true), stop }), [running, stop]);
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
  return (
    <button type="button" className={styles.verb} onClick={() => void runVerb(app, verb)}>
      {verb.keys !== "" && <kbd>{keyLabel(verb.keys)}</kbd>} {inLocale(verb.title, locale)}
    </button>
  );
}

/**
 * Escape that nothing else wants: no tool in hand, nothing open over the page, no field being typed in. Asked before any dialog
 * hears of the key (layout effects run before theirs), since a dialog that closes by it leaves no trace afterwards.
 */
function useLeaveByEscape(leave: () => void): void {
  const app = useApp();
  useLayoutEffect(() => {
    let free = false;
    const before = ({ target }: KeyboardEvent): void => {
      const { activeTool, keysShown, opening, choosing } = app.state.get();
      const theirs = target instanceof HTMLElement && target.closest("input, textarea");
      const covered = document.querySelector("[role=menu], [role=dialog], [data-testid=waiting-edit]");
      free = !activeTool && !keysShown && !opening && !choosing && !theirs && !covered;
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
