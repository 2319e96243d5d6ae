// The page: start screen or case, with what lies over both — progress, series list, notices, dropping of files.
import { MantineProvider } from "@mantine/core";
import { useEffect, useState, type DragEvent } from "react";
import { readableColors } from "#core/readable-colors";
import type { App } from "#host/app";
import { ArchiveDialog } from "./archive-dialog.tsx";
import { ArchiveFindings, ArchiveInterrupted } from "./archive-offers.tsx";
import { CaseScreen } from "./case-screen.tsx";
import { droppedFiles } from "./dropped-files.ts";
import { FaultBoundary } from "./fault-boundary.tsx";
import { Notices } from "./notices.tsx";
import { OpeningProgress } from "./opening-progress.tsx";
import { PageScreen } from "./page-screen.tsx";
import { SeriesDialog } from "./series-dialog.tsx";
import styles from "./shell.module.css";
import { TourProvider } from "./tour.tsx";
import { StartScreen } from "./start-screen.tsx";
import { theme } from "./theme.ts";
import { AppContext, useApp, useAppState } from "./use-app.ts";
import { WaitingFindings } from "./waiting-findings.tsx";

export function Shell({ app }: { app: App }) {
  return (
    <AppContext value={app}>
      <Themed />
    </AppContext>
  );
}

function Themed() {
  const appearance = useAppState((state) => state.appearance);
  const locale = useAppState((state) => state.locale);
  useEffect(() => {
    document.documentElement.lang = locale === "zh" ? "zh-Hans" : "en";
  }, [locale]);
  return (
    <MantineProvider theme={theme} forceColorScheme={appearance} cssVariablesResolver={readableColors}>
      <TourProvider>
        <Page />
      </TourProvider>
    </MantineProvider>
  );
}

function Page() {
  const app = useApp();
  const screen = useAppState((state) => state.screen);
  const [dragging, setDragging] = useState(false);

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDragging(false);
    void droppedFiles(event.dataTransfer).then(({ files, unreadable }) =>
      app.openFiles(files, { kind: "files" }, unreadable),
    );
  };
  return (
    <div
      className={styles.page}
      data-dragging={dragging || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(event) => {
        if (event.currentTarget === event.target) setDragging(false);
      }}
      onDrop={drop}
    >
      <FaultBoundary key={screen} where={screen}>
        {screen === "start" ? <StartScreen /> : screen === "page" ? <PageScreen /> : <CaseScreen />}
      </FaultBoundary>
      <ArchiveDialog />
      <SeriesDialog />
      <OpeningProgress />
      <WaitingFindings />
      <ArchiveFindings />
      <ArchiveInterrupted />
      <Notices />
    </div>
  );
}
