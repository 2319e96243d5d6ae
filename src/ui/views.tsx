// The images: their arrangement, what each view is called, and what stands in its corners.
import { Center, Loader, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Plane } from "#host/contract";
import type { Shown, ViewId, ViewportPort } from "#host/viewport-port";
import styles from "./case-screen.module.css";
import { FaultBoundary } from "./fault-boundary.tsx";
import { LayoutBar } from "./layout-bar.tsx";
import { TourStrip } from "./tour.tsx";
import { useApp, useAppState, useKeyLabel, useReadable, useText } from "./use-app.ts";

export function Views() {
  const app = useApp();
  const text = useText();
  const viewport = useReadable(app.viewport);
  if (!viewport)
    return (
      <Center className={styles.views}>
        <Stack align="center">
          <Loader />
          <Text size="sm" c="dimmed">
            {text.startingViewer}
          </Text>
        </Stack>
      </Center>
    );
  return <ViewGrid viewport={viewport} />;
}

const slices: readonly Plane[] = ["axial", "sagittal", "coronal"];

function ViewGrid({ viewport }: { viewport: ViewportPort }) {
  const app = useApp();
  const text = useText();
  const prior = useAppState((state) => state.prior);
  const placement = useAppState((state) => state.priorPlacement);
  const wanted = useAppState((state) => state.large);
  const layout = useAppState((state) => state.layout);
  const overview = useAppState((state) => state.overview);
  const proposed = useAppState((state) => state.proposed);
  const { webgl, planes } = useReadable(viewport.state);
  if (webgl === "lost")
    return (
      <Center className={styles.views}>
        <Text maw={480} data-testid="webgl-message">
          {text.webglLost}
        </Text>
      </Center>
    );
  const sideBySide = layout === "prior" && prior !== null;
  const views: readonly ViewId[] = sideBySide ? slices : [...slices, "surface3d"];
  const planesOf =
    planes === overview ? "four" : planes === proposed?.planes && layout === "sacral" ? "sacral" : "turned";
  const large = wanted && views.includes(wanted) ? wanted : null;
  const label = (view: ViewId): string =>
    view === "surface3d" || !planes[view]
      ? text.views[view]
      : planes === proposed?.planes && layout === "track"
        ? text.trackView(text.views[view], proposed.across === view)
        : text.obliqueViews[planesOf][view];
  return (
    <main className={styles.viewColumn}>
      <LayoutBar viewport={viewport} />
      <FaultBoundary where="tour">
        <TourStrip />
      </FaultBoundary>
      <div className={styles.views} data-large={large ?? undefined} data-layout={layout}>
        {views.map((view) => (
          <OneView
            key={view}
            port={viewport}
            view={view}
            label={label(view)}
            hidden={large !== null && large !== view}
            onToggle={() => app.enlarge(large === view ? null : view)}
            large={large === view}
          />
        ))}
        {sideBySide &&
          slices.map((view) => (
            <OneView
              key={`earlier-${view}`}
              port={viewport}
              view={view}
              which="earlier"
              area={`earlier-${view}`}
              label={text.earlierView(text.views[view], placement !== null && placement.toPrior !== null)}
              hidden={large !== null && large !== view}
              large={large === view}
            />
          ))}
      </div>
    </main>
  );
}

interface OneViewProps {
  readonly port: ViewportPort;
  readonly view: ViewId;
  readonly which?: Shown;
  readonly area?: string;
  readonly label: string;
  readonly hidden: boolean;
  readonly large?: boolean;
  readonly onToggle?: () => void;
}

function OneView({ port, view, which = "case", area = view, label, hidden, large, onToggle }: OneViewProps) {
  const text = useText();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  useEffect(
    () => (element && !hidden ? port.mount(view, element, which) : undefined),
    [port, view, which, element, hidden],
  );
  return (
    <section
      className={styles.view}
      style={{ gridArea: area }}
      data-view={area}
      data-large={large || undefined}
      hidden={hidden}
      aria-label={label}
    >
      <div ref={setElement} className={styles.image} />
      {view === "surface3d" && <WithoutWebgl port={port} />}
      <div className={styles.viewBar}>
        <span>{label}</span>
        {onToggle && (
          <button
            type="button"
            onClick={onToggle}
            aria-label={large ? text.restore : text.maximize}
            title={large ? text.restore : text.maximize}
          >
            {large ? "⤡" : "⤢"}
          </button>
        )}
      </div>
      {view === "surface3d" && <StandardViews port={port} />}
      {view !== "surface3d" && <Reading port={port} view={view} which={which} />}
    </section>
  );
}

/** The planes are drawn without WebGL too; 3D is not. */
function WithoutWebgl({ port }: { port: ViewportPort }) {
  const text = useText();
  const { webgl } = useReadable(port.state);
  return webgl === "missing" ? (
    <Center pos="absolute" inset={0} p="xl" c="gray.4">
      <Text maw={360} size="sm" ta="center" data-testid="webgl-message">
        {text.noWebgl}
      </Text>
    </Center>
  ) : null;
}

/** HU under the pointer and the window, at the lower left of the view. */
function Reading({ port, view, which }: { port: ViewportPort; view: Plane; which: Shown }) {
  const text = useText();
  const { pointer, window } = useReadable(port.state);
  return (
    <div className={styles.reading}>
      {pointer?.view === view && pointer.of === which && pointer.hu !== null && (
        <strong>{text.hu(pointer.hu)} · </strong>
      )}
      {text.windowText(Math.round(window.widthHu), Math.round(window.levelHu))}
    </div>
  );
}

const sides = ["A", "P", "L", "R", "H", "F"] as const;

/** Back to the standard views of 3D. */
function StandardViews({ port }: { port: ViewportPort }) {
  const text = useText();
  const keyOf = useKeyLabel();
  return (
    <div className={styles.standardViews} role="group" aria-label={text.standardViews}>
      {sides.map((side) => (
        <button
          key={side}
          type="button"
          onClick={() => port.lookFromSide(side)}
          aria-label={text.fromSide[side]}
          title={text.fromSide[side]}
        >
          {side}
        </button>
      ))}
      <kbd>{keyOf("host/standard-view", "z")}</kbd>
    </div>
  );
}
