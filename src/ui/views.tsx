// The images: their arrangement, what each view is called, and what stands in its corners.
import { Center, Loader, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Plane } from "#host/contract";
import type { ViewId, ViewportPort } from "#host/viewport-port";
import styles from "./case-screen.module.css";
import { LayoutBar } from "./layout-bar.tsx";
import { useApp, useAppState, useReadable, useText } from "./use-app.ts";

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

function ViewGrid({ viewport }: { viewport: ViewportPort }) {
  const app = useApp();
  const text = useText();
  const prior = useAppState((state) => state.prior);
  const priorViewport = useReadable(app.priorViewport);
  const wanted = useAppState((state) => state.large);
  const layout = useAppState((state) => state.layout);
  const overview = useAppState((state) => state.overview);
  const proposed = useAppState((state) => state.proposed);
  const { webgl, planes } = useReadable(viewport.state);
  if (webgl !== "ok")
    return (
      <Center className={styles.views}>
        <Text maw={480} data-testid="webgl-message">
          {webgl === "missing" ? text.noWebgl : text.webglLost}
        </Text>
      </Center>
    );
  const besides = prior && priorViewport ? priorViewport : null;
  const views: readonly ViewId[] = besides
    ? ["axial", "sagittal", "surface3d"]
    : ["axial", "sagittal", "coronal", "surface3d"];
  const large = wanted && views.includes(wanted) ? wanted : null;
  const label = (view: ViewId): string =>
    view !== "surface3d" && planes[view]
      ? text.obliqueViews[planes === overview || planes === proposed ? layout : "turned"][view]
      : text.views[view];
  return (
    <div className={styles.viewColumn}>
      <LayoutBar viewport={viewport} />
      <div
        className={styles.views}
        data-large={large ?? undefined}
        data-layout={layout}
        data-prior={besides ? true : undefined}
      >
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
        {besides && (
          <OneView
            port={besides}
            view="axial"
            area="prior"
            label={`${text.prior} · ${text.priorNotRegistered}`}
            hidden={large !== null}
          />
        )}
      </div>
    </div>
  );
}

interface OneViewProps {
  readonly port: ViewportPort;
  readonly view: ViewId;
  readonly area?: string;
  readonly label: string;
  readonly hidden: boolean;
  readonly large?: boolean;
  readonly onToggle?: () => void;
}

function OneView({ port, view, area = view, label, hidden, large, onToggle }: OneViewProps) {
  const text = useText();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  useEffect(
    () => (element && !hidden ? port.mount(view, element) : undefined),
    [port, view, element, hidden],
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
      {view !== "surface3d" && <Reading port={port} view={view} />}
    </section>
  );
}

/** HU under the pointer and the window, at the lower left of the view. */
function Reading({ port, view }: { port: ViewportPort; view: Plane }) {
  const text = useText();
  const { pointer, window } = useReadable(port.state);
  return (
    <div className={styles.reading}>
      {pointer?.view === view && pointer.hu !== null && <strong>{text.hu(pointer.hu)} · </strong>}
      {text.windowText(Math.round(window.widthHu), Math.round(window.levelHu))}
    </div>
  );
}
