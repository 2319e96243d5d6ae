// What goes on beyond OHIF's panel: files in and out, the leaks in OHIF's own segmentations, and our own viewer.
import { Button, Menu, Text } from "@mantine/core";
import { inLocale } from "#host/app-state";
import type { OhifHost } from "./host-adapter.ts";
import { mirrorLeaks } from "./mirror-leaks.ts";
import { openInViewer, whyWithoutCase, type LinkedPage } from "./open-in-viewer.ts";
import type { Words } from "./words.ts";

export function OhifMenu({ host, words }: { host: OhifHost; words: Words }) {
  const { app, viewer } = host;
  const copyLeaks = async (): Promise<void> => {
    try {
      const copied = await mirrorLeaks(host);
      app.store.notify(
        copied === 0 ? words.noLeaks : words.mirrored(copied),
        copied === 0 ? "info" : "success",
      );
    } catch (error) {
      app.store.reportThrown(error, "ohif");
    }
  };
  const openFindings = async (): Promise<void> => {
    const files = await host.pickFiles();
    if (files.length > 0) await app.openFiles(files);
  };
  const saveCase = async (): Promise<void> => {
    const { series } = app.state.get().scene;
    if (series) await app.exportSavedCase(series.seriesInstanceUid);
  };
  const takeCase = async (): Promise<void> => {
    const [chosen] = await host.pickFiles();
    if (!chosen) return;
    await app.importSavedCase(chosen.file);
    await host.follower.openShown();
  };
  const pages = app.plugins.flatMap((plugin) =>
    plugin.manifest.pages.map((page): LinkedPage => ({ plugin, page })),
  );
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button size="compact-xs" variant="default" data-testid="ohif-menu" aria-label={words.menu}>
          ☰
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Item label={words.mirror} hint={words.mirrorHint} onClick={copyLeaks} testid="ohif-mirror" />
        <Menu.Divider />
        <Item label={words.openFindings} hint={words.openFindingsHint} onClick={openFindings} />
        <Item label={words.saveCase} hint={words.saveCaseHint} onClick={saveCase} testid="ohif-save-case" />
        <Item label={words.takeCase} hint={words.takeCaseHint} onClick={takeCase} />
        {viewer && (
          <>
            <Menu.Divider />
            <Item
              label={words.openInViewer}
              hint={words.openInViewerHint}
              onClick={() => openInViewer(host, viewer)}
              testid="ohif-open-viewer"
            />
            {pages.map((linked) => (
              <PageItem key={linked.page.id} host={host} viewer={viewer} linked={linked} words={words} />
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface PageItemProps {
  readonly host: OhifHost;
  readonly viewer: string;
  readonly linked: LinkedPage;
  readonly words: Words;
}

/** Mounted when the menu opens: whether the case can go along is asked then. */
function PageItem({ host, viewer, linked, words }: PageItemProps) {
  const { page } = linked;
  const why = whyWithoutCase(linked, viewer, words);
  return (
    <Item
      label={`${inLocale(page.title, host.app.state.get().locale)} ↗`}
      hint={why === null ? words.withCase : words.withoutCase(why)}
      onClick={() => openInViewer(host, viewer, linked)}
      testid={`ohif-page-${page.path}`}
    />
  );
}

interface ItemProps {
  readonly label: string;
  readonly hint: string;
  readonly onClick: () => void | Promise<void>;
  readonly testid?: string;
}

function Item({ label, hint, onClick, testid }: ItemProps) {
  return (
    <Menu.Item onClick={() => void onClick()} data-testid={testid}>
      {label}
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    </Menu.Item>
  );
}
