// A page of a plugin, under a bar that leads back to the start page.
import { Button, Center, Group, Loader, Text } from "@mantine/core";
import { useEffect } from "react";
import { inLocale } from "#host/app-state";
import styles from "./page-screen.module.css";
import { PluginPanel } from "./plugin-panel.tsx";
import { LanguageAndTheme } from "./start-screen.tsx";
import { useApp, useAppState, useText } from "./use-app.ts";

export function PageScreen() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const pluginId = useAppState((state) => state.page?.pluginId);
  const pageId = useAppState((state) => state.page?.pageId);
  const page = app.manifests.find(({ id }) => id === pluginId)?.pages.find(({ id }) => id === pageId);
  useAppState((state) => state.pluginsReady);
  useEffect(() => {
    app.loadPlugins().catch((error: unknown) => app.store.reportThrown(error, "page"));
  }, [app]);
  const plugin = app.plugins.find(({ manifest }) => manifest.id === pluginId);
  if (!page) return null;
  return (
    <div className={styles.screen} data-testid="page-screen">
      <header className={styles.bar}>
        <Button size="compact-sm" variant="default" onClick={app.closePage} data-testid="leave-page">
          ← {text.startPage}
        </Button>
        <Text component="h1" fw={600}>
          {inLocale(page.title, locale)}
        </Text>
        <Group ml="auto">
          <LanguageAndTheme />
        </Group>
      </header>
      {plugin ? (
        <PluginPanel key={page.id} plugin={plugin} panelId={page.id} className={styles.page} />
      ) : (
        <Center className={styles.page}>
          <Loader />
        </Center>
      )}
    </div>
  );
}
