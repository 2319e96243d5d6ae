// A plugin's panel or page: the plugin fills an element and gives back its stop; a throw costs it until it is loaded again.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { problem } from "#core/problem";
import { problemText } from "#core/problem-text";
import type { ActivePlugin } from "#host/registry";
import styles from "./plugin-panel.module.css";
import { useAppState, useText } from "./use-app.ts";

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function PluginPanel({
  plugin,
  panelId,
  ...look
}: Pick<FilledProps, "plugin" | "panelId" | "className">) {
  const text = useText();
  const [failure, setFailure] = useState<string | null>(null);
  const locale = useAppState((state) => state.locale);
  const notSaved = useAppState((state) => state.saving) === "failed";
  if (failure === null) return <Filled plugin={plugin} panelId={panelId} onFailure={setFailure} {...look} />;
  const reason = problem("plugin/panel-threw", { plugin: plugin.manifest.id, message: failure, notSaved });
  return (
    <Alert color="red" m="sm" role="alert" data-testid="panel-failed">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{problemText(reason, locale)}</Text>
        <Button size="xs" onClick={() => setFailure(null)} data-testid="reload-panel">
          {text.reloadPanel}
        </Button>
      </Stack>
    </Alert>
  );
}

interface FilledProps {
  readonly plugin: ActivePlugin;
  /** Of a panel or a page. */
  readonly panelId: string;
  readonly className?: string;
  readonly onFailure: (message: string) => void;
}

function Filled({ plugin, panelId, onFailure, className = styles.panel }: FilledProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return;
    let gone = false;
    // Not at once: the plugin may be in the middle of drawing, and so may this screen.
    const fail = (error: unknown): void =>
      queueMicrotask(() => {
        if (!gone) onFailure(messageOf(error));
      });
    let stop: (() => void) | undefined;
    try {
      const { panels, pages } = plugin.implementation;
      stop = (panels[panelId] ?? pages[panelId])(element.current, fail);
    } catch (error) {
      fail(error);
    }
    return () => {
      gone = true;
      try {
        stop?.();
      } catch {
        // A panel that can't even stop leaves with its element.
      }
    };
  }, [plugin, panelId, onFailure]);
  return <div ref={element} className={className} />;
}
