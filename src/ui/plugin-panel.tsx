// A plugin's panel: the plugin fills an element and gives back its stop; a throw costs the panel, not the viewer.
import { Alert } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import type { ActivePlugin } from "#host/registry";
import styles from "./case-screen.module.css";
import { useAppState } from "./use-app.ts";

export function PluginPanel({ plugin, panelId }: { plugin: ActivePlugin; panelId: string }) {
  const element = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const locale = useAppState((state) => state.locale);
  useEffect(() => {
    if (!element.current) return;
    try {
      return plugin.implementation.panels[panelId](element.current);
    } catch (error) {
      const message = String(error);
      const shown = requestAnimationFrame(() => setFailure(message));
      return () => cancelAnimationFrame(shown);
    }
  }, [plugin, panelId]);
  if (failure !== null)
    return (
      <Alert color="red" m="sm">
        {problemText(
          problem("plugin/threw", { plugin: plugin.manifest.id, where: "panel", message: failure }),
          locale,
        )}
      </Alert>
    );
  return <div ref={element} className={styles.panel} />;
}
