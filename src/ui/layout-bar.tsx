// The row above the images: how they are arranged and which reconstruction is shown, each with its key.
import type { ReactNode } from "react";
import type { ViewportPort } from "#host/viewport-port";
import { inLocale } from "#host/app-state";
import styles from "./case-screen.module.css";
import { dateText } from "./series-dialog.tsx";
import { useApp, useAppState, useKeyLabel, useReadable, useText } from "./use-app.ts";

export function LayoutBar({ viewport }: { viewport: ViewportPort }) {
  const app = useApp();
  const text = useText();
  const layout = useAppState((state) => state.layout);
  const large = useAppState((state) => state.large);
  const second = useAppState((state) => state.second);
  const prior = useAppState((state) => state.prior);
  const proposed = useAppState((state) => state.proposed);
  const locale = useAppState((state) => state.locale);
  const { inPlace, planes } = useReadable(viewport.state);
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
      {button(
        layouts.prior,
        ["host/prior-views", "F10"],
        prior !== null && shown("prior"),
        layouts.priorHint,
        () => void app.setLayout("prior").catch((error: unknown) => app.store.reportThrown(error, "prior")),
      )}
      {button(layouts.second, ["host/second", "F9"], inPlace, layouts.secondHint, toggleSecond)}
      {layout === "track" && planes === proposed?.planes && proposed.says && (
        <strong className={styles.registered} role="status" data-testid="track-axis">
          {inLocale(proposed.says, locale)}
        </strong>
      )}
      {layout === "prior" && prior && <HowItLies date={dateText(prior.context.study.studyDate)} />}
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

/** Whether the earlier CT is registered, how well, and what can be done where it is not. */
function HowItLies({ date }: { date: string }) {
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const placement = useAppState((state) => state.priorPlacement);
  const placing = useAppState((state) => state.placingPrior);
  const { toPrior = null, errorMm = null, why = null } = placement ?? {};
  const registered = toPrior !== null && errorMm !== null;
  const words = placing
    ? text.placingPrior(date)
    : registered
      ? text.priorRegistered(date, errorMm.toFixed(1))
      : text.priorNotRegistered(date, why ? inLocale(why, locale) : "");
  return (
    <strong
      className={registered ? styles.registered : styles.inPlace}
      role="status"
      data-testid="prior-placement"
      title={registered ? `${words}. ${text.priorErrorHint}` : words}
    >
      {words}
    </strong>
  );
}
