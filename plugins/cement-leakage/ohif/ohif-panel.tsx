// OHIF's side panel: the case's column, and above it how what OHIF shows stands to what is read here.
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { derived, type Readable } from "#core/readable";
import type { AppState } from "#host/app-state";
import { CaseColumn } from "#ui/case-column";
import { mountThemed } from "../panels/themed-root.tsx";
import { useReadable } from "../panels/use-readable.ts";
import type { OhifHost } from "./host-adapter.ts";
import { OhifMenu } from "./ohif-menu.tsx";
import { wordsIn, type Words } from "./words.ts";

/** Fills the element of OHIF's panel. */
export const ohifPanel =
  (host: OhifHost) =>
  (element: HTMLElement): (() => void) => {
    const { app } = host;
    return mountThemed(
      element,
      (error) => app.store.reportThrown(error, "panel"),
      derived(app.state, (state) => state.appearance),
      <Panel host={host} />,
    );
  };

function useAppPart<T>(state: Readable<AppState>, select: (state: AppState) => T): T {
  // The selections are written where they are used, and never change.
  // oxlint-disable-next-line react/exhaustive-deps
  return useReadable(useMemo(() => derived(state, select), [state]));
}

function Panel({ host }: { host: OhifHost }) {
  const words = wordsIn(useAppPart(host.app.state, ({ locale }) => locale));
  return (
    <CaseColumn app={host.app} menu={<OhifMenu host={host} words={words} />}>
      <Shown host={host} words={words} />
    </CaseColumn>
  );
}

function Shown({ host: { app, follower }, words }: { host: OhifHost; words: Words }) {
  const { shown, fetching } = useReadable(follower.state);
  const opening = useAppPart(app.state, (state) => state.opening);
  const series = useAppPart(app.state, ({ scene }) => scene.series);
  if (fetching || opening)
    return (
      <Stack p="xs" gap={6} role="status" data-testid="ohif-opening">
        <Text size="sm">{words.opening}</Text>
        <Progress value={100 * (opening?.progress.fraction ?? 0)} aria-label={words.opening} />
        <Group>
          <Button size="compact-xs" variant="default" onClick={app.archive.cancelOpening}>
            {words.cancel}
          </Button>
        </Group>
      </Stack>
    );
  if (!shown)
    return series ? null : (
      <Text size="sm" p="xs">
        {words.noCt}
      </Text>
    );
  if (series?.seriesInstanceUid === shown.SeriesInstanceUID) return null;
  return (
    <Group p="xs" gap={6} justify="space-between" data-testid="ohif-other-series">
      <Text size="sm">{series ? words.shownElse(shown.SeriesDescription ?? "CT") : words.notOpen}</Text>
      <Button size="compact-xs" onClick={() => void follower.openShown()}>
        {series ? words.readThis : words.tryAgain}
      </Button>
    </Group>
  );
}
