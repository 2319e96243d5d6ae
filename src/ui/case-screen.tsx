// The open case: bar on top, tools at the left, the views, and the plugins' panels at the right.
import { useEffect } from "react";
import { listenForShortcuts } from "#host/shortcuts";
import { CaseBar } from "./case-bar.tsx";
import styles from "./case-screen.module.css";
import { FaultBoundary } from "./fault-boundary.tsx";
import { PluginPanel } from "./plugin-panel.tsx";
import { ToolStrip } from "./tool-strip.tsx";
import { useApp } from "./use-app.ts";
import { Views } from "./views.tsx";

export function CaseScreen() {
  const app = useApp();
  useEffect(() => listenForShortcuts(app, window), [app]);
  useEffect(() => {
    void app.startViewport().catch((error: unknown) => app.store.reportThrown(error, "viewport"));
  }, [app]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (app.state.get().saving !== "saved") event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [app]);
  return (
    <div className={styles.screen}>
      <FaultBoundary where="bar">
        <CaseBar />
      </FaultBoundary>
      <FaultBoundary where="tools">
        <ToolStrip />
      </FaultBoundary>
      <FaultBoundary where="views">
        <Views />
      </FaultBoundary>
      <aside className={styles.panels}>
        {app.plugins.flatMap((plugin) =>
          plugin.manifest.panels.map((panel) => (
            <PluginPanel key={panel.id} plugin={plugin} panelId={panel.id} />
          )),
        )}
      </aside>
    </div>
  );
}
