// The case screen while its series is still loading: one plane to look through, and in the other places what comes when it is whole.
import { Button, Progress } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { problemText } from "#core/problem-text";
import type { Opening } from "#host/app-state";
import { listenWhileComing } from "#host/coming-keys";
import type { Coming, ComingView } from "#host/coming-port";
import type { ViewId } from "#host/viewport-port";
import styles from "./case-screen.module.css";
import own from "./coming-screen.module.css";
import { OpeningFigures } from "./opening-figures.tsx";
import { useApp, useAppState, useReadable, useText } from "./use-app.ts";

interface ComingScreenProps {
  readonly title: string;
  readonly opening: Opening;
  readonly coming: Coming;
}

const views: readonly ViewId[] = ["axial", "sagittal", "coronal", "surface3d"];

export function ComingScreen({ title, opening: { progress }, coming }: ComingScreenProps) {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const [view, setView] = useState<ComingView | null>(null);
  useEffect(() => (view ? listenWhileComing(app, view, window) : undefined), [app, view]);
  // What the case needs next comes meanwhile, if it isn't there yet.
  useEffect(() => {
    void app.startViewport().catch((error: unknown) => app.store.reportThrown(error, "viewport"));
  }, [app]);
  return (
    <div className={`${styles.screen} ${own.over}`} role="dialog" aria-label={title} data-testid="coming">
      <header className={`${styles.bar} ${own.bar}`}>
        <strong>{title}</strong>
        {/* Without a transition: it would be drawn sixty times a second while the machine has better things to do. */}
        <Progress
          className={own.progress}
          value={100 * progress.fraction}
          transitionDuration={0}
          aria-label={title}
        />
        <OpeningFigures progress={progress} />
        <Button size="compact-xs" variant="default" onClick={app.cancel}>
          {text.cancel}
        </Button>
        {progress.waiting && (
          <span role="status" data-testid="waiting" className={own.waiting}>
            {problemText(progress.waiting, locale)}
          </span>
        )}
      </header>
      <div className={styles.tools} />
      <main className={styles.viewColumn}>
        <div className={`${styles.layouts} ${own.layouts}`}>
          {view && <SliceSlider view={view} coming={coming} />}
        </div>
        <ComingViews coming={coming} view={view} setView={setView} />
      </main>
      <aside className={`${styles.panels} ${own.panels}`}>
        <p>{text.coming.toolsLater}</p>
        {coming.slice.place === "by-name" && <p>{text.coming.byName}</p>}
      </aside>
    </div>
  );
}

interface ComingViewsProps {
  readonly coming: Coming;
  readonly view: ComingView | null;
  readonly setView: (view: ComingView | null) => void;
}

function ComingViews({ coming, view, setView }: ComingViewsProps) {
  const text = useText();
  const [plane, setPlane] = useState<ViewId>("axial");
  useEffect(() => {
    const place = (): void => setPlane(view?.reading.get()?.plane ?? "axial");
    place();
    return view?.reading.subscribe(place);
  }, [view]);
  return (
    <div className={styles.views} data-layout="four">
      <section className={styles.view} style={{ gridArea: plane }} aria-label={text.views[plane]}>
        <ComingImage coming={coming} view={view} setView={setView} />
        <div className={styles.viewBar}>
          <span>{text.views[plane]}</span>
        </div>
        {view && <NotThere view={view} coming={coming} />}
        {view && <WindowReading view={view} />}
      </section>
      {views
        .filter((other) => other !== plane)
        .map((other) => (
          <section key={other} className={styles.view} style={{ gridArea: other }}>
            <div className={styles.viewBar}>
              <span>{text.views[other]}</span>
            </div>
            <p className={own.later}>{text.coming.planeLater}</p>
          </section>
        ))}
    </div>
  );
}

/** The element of the view, which lives as long as the screen. */
function ComingImage({ coming, view, setView }: ComingViewsProps) {
  const app = useApp();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let mounted: ComingView | null = null;
    let isGone = false;
    const mount = async (): Promise<void> => {
      const made = element.current && (await app.mountComing(element.current));
      if (isGone) made?.stop();
      else setView((mounted = made));
    };
    void mount().catch((error: unknown) => app.store.reportThrown(error, "coming"));
    return () => {
      isGone = true;
      mounted?.stop();
      setView(null);
    };
  }, [app, setView]);
  useEffect(() => view?.show(coming), [view, coming]);
  return <div ref={element} className={styles.image} />;
}

interface OfComing {
  readonly view: ComingView;
  readonly coming: Coming;
}

/** Number of the slice that is looked at, as the views count. */
const numberOf = ({ at, slice }: Coming, ascending: boolean): number =>
  ascending ? at + 1 : slice.slices - at;

function SliceSlider({ view, coming }: OfComing) {
  const app = useApp();
  const text = useText();
  const reading = useReadable(view.reading);
  const ascending = reading?.ascending ?? true;
  const { slices } = coming.slice;
  const number = numberOf(coming, ascending);
  const isThere = coming.slice.k === coming.at;
  return (
    <label className={own.slider}>
      <span>{text.coming.slice(number, slices)}</span>
      <input
        type="range"
        min={1}
        max={slices}
        value={number}
        aria-valuetext={isThere ? text.coming.slice(number, slices) : text.coming.notThere(number, slices)}
        onChange={({ currentTarget: { valueAsNumber: wanted } }) =>
          app.lookAt(ascending ? wanted - 1 : slices - wanted)
        }
      />
      <span className={own.hint}>{text.coming.howToMove}</span>
    </label>
  );
}

/** In place of a picture, while there is none of this slice. */
function NotThere({ view, coming }: OfComing) {
  const text = useText();
  const reading = useReadable(view.reading);
  return (
    <p className={own.notThere} role="status" data-testid="not-there">
      {coming.slice.k === coming.at
        ? ""
        : text.coming.notThere(numberOf(coming, reading?.ascending ?? true), coming.slice.slices)}
    </p>
  );
}

function WindowReading({ view }: { readonly view: ComingView }) {
  const text = useText();
  const reading = useReadable(view.reading);
  return reading ? (
    <div className={styles.reading}>
      {text.windowText(Math.round(reading.window.widthHu), Math.round(reading.window.levelHu))}
    </div>
  ) : null;
}
