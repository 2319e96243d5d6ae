// What goes on beyond OHIF's panel: files in and out, the leaks in OHIF's own segmentations, and our own viewer.
import { Button, Menu, Text } from "@mantine/core";
import { handOver, type HandedOver } from "#host/hand-over";
import type { OhifHost } from "./host-adapter.ts";
import { mirrorLeaks } from "./mirror-leaks.ts";
import { isOfFiles } from "./original-files.ts";
import { noWindow, type Words } from "./words.ts";

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
  const openInViewer = async (): Promise<void> => {
    const handed = await caseOf(host);
    if (viewer && handed && !handOver(window, viewer, handed)) app.store.report(noWindow());
  };
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
              onClick={openInViewer}
              testid="ohif-open-viewer"
            />
            {app.plugins.flatMap(({ manifest }) =>
              manifest.pages.map((page) => (
                <Menu.Item
                  key={page.id}
                  component="a"
                  href={`${viewer}#/p/${manifest.id}/${page.path}`}
                  target="_blank"
                  rel="noopener"
                >
                  {page.title[app.state.get().locale]} ↗
                </Menu.Item>
              )),
            )}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The open case as another page can take it up; its work is in the storage of both. */
async function caseOf({ app, worker, services }: OhifHost): Promise<HandedOver | null> {
  const { series } = app.state.get().scene;
  if (!series) return null;
  const { seriesInstanceUid, study, instances } = series;
  const shown = services.displaySetService
    .getActiveDisplaySets()
    .find((set) => set.SeriesInstanceUID === seriesInstanceUid);
  if (shown && !isOfFiles(shown))
    return { kind: "archive", studyInstanceUid: study.studyInstanceUid, seriesInstanceUid };
  const uids = [...new Set(instances.map(({ sopInstanceUid }) => sopInstanceUid))];
  const originals = await worker.originals(seriesInstanceUid, uids);
  return {
    kind: "files",
    files: originals.map(({ name, bytes }) => ({ path: name, file: new File([bytes.slice()], name) })),
  };
}

interface ItemProps {
  readonly label: string;
  readonly hint: string;
  readonly onClick: () => Promise<void>;
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
