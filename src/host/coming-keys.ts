// The reader's keys while a series is loading: those of the case that only look, and none that decides.
import type { App } from "./app.ts";
import { BONE_WINDOW, CEMENT_WINDOW, SOFT_TISSUE_WINDOW } from "./app.ts";
import type { ComingView } from "./coming-port.ts";
import { keysOf, shortcuts } from "./shortcuts.ts";

const verbs: Readonly<Record<string, (view: ComingView) => void>> = {
  "host/next-slice": (view) => view.scroll(1),
  "host/previous-slice": (view) => view.scroll(-1),
  "host/five-on": (view) => view.scroll(5),
  "host/five-back": (view) => view.scroll(-5),
  "host/window-cement": (view) => view.setWindow(CEMENT_WINDOW),
  "host/window-bone": (view) => view.setWindow(BONE_WINDOW),
  "host/window-soft": (view) => view.setWindow(SOFT_TISSUE_WINDOW),
  "host/fit": (view) => view.fit(),
};

/** Listens on the window; returns the stop. The slider's own arrows go the same way as everywhere. */
export function listenWhileComing(app: App, view: ComingView, target: Window): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const keys = keysOf(event);
    const verb = shortcuts(app).find(({ id, keys: own }) => id in verbs && own === keys);
    if (!verb) return;
    event.preventDefault();
    verbs[verb.id](view);
  };
  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}
