// The open case in a narrow column, for a host that shows the images itself: bar, tools, the plugins' panels, and what lies over them.
import { ActionIcon, Alert, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { App } from "#host/app";
import { ArchiveFindings, ArchiveInterrupted } from "./archive-offers.tsx";
import { Badges, Keys, ReaderButton, Saving, UndoRedo } from "./case-bar.tsx";
import styles from "./case-column.module.css";
import { FaultBoundary } from "./fault-boundary.tsx";
import { PluginPanel } from "./plugin-panel.tsx";
import { LanguageAndTheme } from "./start-screen.tsx";
import { ToolStrip } from "./tool-strip.tsx";
import { AppContext, useApp, useAppState, useText } from "./use-app.ts";
import { WaitingFindings } from "./waiting-findings.tsx";

interface CaseColumnProps {
  /** At the end of the bar: verbs of the host around it. */
  readonly menu?: ReactNode;
  /** Between bar and tools: what the host around it has to say. */
  readonly children?: ReactNode;
}

/** The theme comes from above. */
export function CaseColumn({ app, ...around }: CaseColumnProps & { app: App }) {
  return (
    <AppContext value={app}>
      <Column {...around} />
    </AppContext>
  );
}

function Column({ menu, children }: CaseColumnProps) {
  const app = useApp();
  const isOpen = useAppState((state) => state.scene.volume !== null);
  return (
    <div className={styles.column} data-testid="case-column">
      {isOpen && (
        <FaultBoundary where="bar">
          <div className={styles.bar}>
            <Badges />
            <UndoRedo />
            <Saving />
            <ReaderButton />
            <Keys />
            <LanguageAndTheme />
            {menu}
          </div>
        </FaultBoundary>
      )}
      <Errors />
      {children}
      {isOpen && (
        <>
          <FaultBoundary where="tools">
            <div className={styles.tools}>
              <ToolStrip />
            </div>
          </FaultBoundary>
          <div className={styles.plugins}>
            {app.plugins.flatMap((plugin) =>
              plugin.manifest.panels.map((panel) => (
                <PluginPanel key={panel.id} plugin={plugin} panelId={panel.id} />
              )),
            )}
          </div>
        </>
      )}
      <WaitingFindings />
      <ArchiveFindings />
      <ArchiveInterrupted />
    </div>
  );
}

/** Why a CT was refused, or what went wrong: it stays until it is closed. */
function Errors() {
  const app = useApp();
  const text = useText();
  const notices = useAppState((state) => state.notices);
  return notices
    .filter(({ severity }) => severity === "error")
    .map(({ id, text: said }) => (
      <Alert key={id} color="red" variant="light" p="xs" m={6} role="alert" data-testid="column-error">
        <Group wrap="nowrap" align="flex-start" gap={6}>
          <Text size="sm" flex={1} style={{ overflowWrap: "anywhere" }}>
            {said}
          </Text>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={text.close}
            onClick={() => app.store.dismiss(id)}
          >
            ✕
          </ActionIcon>
        </Group>
      </Alert>
    ));
}
