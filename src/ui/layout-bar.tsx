// The row above the images: how they are arranged and which reconstruction is shown, each with its key.
import type { ReactNode } from "react";
import type { ViewportPort } from "#host/viewport-port";
import styles from "./case-screen.module.css";
import { useApp, useAppState, useKeyLabel, useReadable, useText } from "./use-app.ts";

export function LayoutBar({ viewport }: { viewport: ViewportPort }) {
  const app = useApp();
  const text = useText();
  const layout = useAppState((state) => state.layout);
  const large = useAppState((state) => state.large);
  const second = useAppState((state) => state.second);
  const { inPlace } = useReadable(viewport.state);
  const keyOf = useKeyLabel();
  const button = (
    name: string,
    [id, declared]: readonly [string, string],
    pressed: boolean,
    hint: string,
    run: () => void,
  ): ReactNode => (
    <button type="button" className={styles.layout} aria-pressed={pressed} title={hint} onClick={run}>
      {name} <kbd>{keyOf(id, declared)}</kbd>
    </button>
  );
  const { layouts } = text;
  const shown = (name: typeof layout) => large === null && layout === name;
  const toggleSecond = () =>
    void app.toggleSecond().catch((error: unknown) => app.store.reportThrown(error, "second"));
  return (
    <div className={styles.layouts} role="toolbar" aria-label={text.layout} data-testid="layouts">
      {button(layouts.one, ["host/one-view", "F2"], large !== null, layouts.oneHint, app.enlargeNext)}
      {button(
        layouts.four,
        ["host/four-views", "F3"],
        shown("four"),
        layouts.fourHint,
        () => void app.setLayout("four"),
      )}
      {button(
        layouts.sacral,
        ["host/sacral-views", "F4"],
        shown("sacral"),
        layouts.sacralHint,
        () => void app.setLayout("sacral"),
      )}
      {button(
        layouts.track,
        ["host/track-views", "F8"],
        shown("track"),
        layouts.trackHint,
        () => void app.setLayout("track"),
      )}
      {button(layouts.second, ["host/second", "F9"], inPlace, layouts.secondHint, toggleSecond)}
      {inPlace && second && (
        <strong className={styles.inPlace} role="status">
          {text.inPlace(
            [second.context.seriesDescription, second.context.convolutionKernel].filter(Boolean).join(" · "),
          )}
        </strong>
      )}
    </div>
  );
}
