// The bar above the images: whose CT, what to mind, windows, undo, saving, files.
import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Menu,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from "@mantine/core";
import type { ReactNode } from "react";
import { problemText } from "#core/problem-text";
import { BONE_WINDOW, CEMENT_WINDOW, SOFT_TISSUE_WINDOW } from "#host/app";
import { inLocale } from "#host/app-state";
import type { ImageWindow } from "#host/contract";
import type { ViewportPort } from "#host/viewport-port";
import styles from "./case-screen.module.css";
import { dateText } from "./series-dialog.tsx";
import { StepList } from "./step-list.tsx";
import { KeysSheet } from "./keys-sheet.tsx";
import { usePickers } from "./pickers.tsx";
import { LanguageAndTheme } from "./start-screen.tsx";
import { useTour } from "./tour.tsx";
import { useApp, useAppState, useKeyLabel, useReadable, useText } from "./use-app.ts";
import { VerificationBadge } from "./verification-dialog.tsx";

export function CaseBar() {
  const app = useApp();
  const viewport = useReadable(app.viewport);
  return (
    <header className={styles.bar}>
      <FileMenu />
      <BackToPage />
      <CaseTitle />
      <Badges />
      <Group gap={6} ml="auto" justify="flex-end" className={styles.barTools}>
        {viewport && <WindowControls viewport={viewport} />}
        <UndoRedo />
        <Saving />
        <ReaderButton />
        <Keys />
        <LanguageAndTheme />
      </Group>
    </header>
  );
}

/** A case that a plugin's page opened leads back to it. */
function BackToPage() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const page = useAppState((state) => state.page);
  if (!page) return null;
  const title = app.manifests
    .find(({ id }) => id === page.pluginId)
    ?.pages.find(({ id }) => id === page.pageId)?.title;
  if (!title) return null;
  const label = text.backTo(inLocale(title, locale));
  return (
    <Button
      size="compact-sm"
      variant="light"
      title={label}
      styles={{ label: { display: "block", height: "auto", textOverflow: "ellipsis" } }}
      onClick={app.backToPage}
      data-testid="back-to-page"
    >
      ← {label}
    </Button>
  );
}

function FileMenu() {
  const app = useApp();
  const text = useText();
  const { chooseFiles, chooseFolder, inputs } = usePickers();
  const prior = useAppState((state) => state.prior);
  const read = useAppState((state) => state.read);
  const { findings } = useReadable(app.archive.state);
  const tour = useTour();
  const close = () => {
    if (app.state.get().saving !== "failed" || window.confirm(text.closeUnsaved)) {
      tour.stop();
      app.closeCase();
    }
  };
  return (
    <>
      <Menu position="bottom-start" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button size="compact-sm" variant="default" aria-label={text.caseMenu} data-testid="case-menu">
            ☰
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={chooseFolder}>{text.chooseFolder}</Menu.Item>
          <Menu.Item onClick={chooseFiles}>{text.chooseFiles}</Menu.Item>
          <Menu.Item onClick={() => app.archive.show("search")}>{text.archive.open}</Menu.Item>
          {findings && (
            <Menu.Item onClick={() => app.archive.offerFindings(true)}>
              {text.archive.findingsOffer}
            </Menu.Item>
          )}
          {read && <Menu.Item onClick={() => app.showSeries("main")}>{text.seriesTitle}</Menu.Item>}
          <Menu.Divider />
          {prior ? (
            <Menu.Item onClick={app.closePrior}>{text.closePrior}</Menu.Item>
          ) : (
            <Menu.Item onClick={chooseFolder}>{text.addPrior}</Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item onClick={tour.start} data-testid="start-tour">
            {text.tour.title}
          </Menu.Item>
          <Menu.Item onClick={close}>{text.closeCase}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {inputs}
    </>
  );
}

function CaseTitle() {
  const series = useAppState((state) => state.scene.series);
  if (!series) return null;
  return (
    <div className={styles.barTitle}>
      <Text component="h1" size="sm" fw={600} m={0} truncate>
        {series.patient.patientId} · {dateText(series.study.studyDate)}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {series.seriesDescription} · {series.grid.slices} × {series.grid.columns} × {series.grid.rows}
      </Text>
    </div>
  );
}

export function Badges() {
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const series = useAppState((state) => state.scene.series);
  const problems = useAppState((state) => state.problems);
  if (!series) return null;
  const position = series.patientPosition;
  return (
    <Group gap={4} wrap="nowrap" flex="none">
      {position.endsWith("P") && <Badge color="yellow">{text.prone}</Badge>}
      {/D[LR]$/.test(position) && <Badge color="yellow">{text.decubitus}</Badge>}
      {position.startsWith("FF") && (
        <Badge color="gray" variant="light">
          {text.feetFirst}
        </Badge>
      )}
      {series.sideNeedsConfirmation && <Badge color="red">{text.confirmSide}</Badge>}
      {problems.length > 0 && (
        <Popover width={420} position="bottom-start" withArrow>
          <Popover.Target>
            <Badge
              color="yellow"
              variant="light"
              component="button"
              style={{ cursor: "pointer" }}
              data-testid="case-problems"
            >
              {text.warnings(problems.length)}
            </Badge>
          </Popover.Target>
          <Popover.Dropdown>
            <Text fw={600} size="sm" mb={4}>
              {text.warningsTitle}
            </Text>
            {problems.map((problem, index) => (
              <Text size="sm" key={index}>
                • {problemText(problem, locale)}
              </Text>
            ))}
          </Popover.Dropdown>
        </Popover>
      )}
      <VerificationBadge />
    </Group>
  );
}

/** What it is called, with its key where it has one. */
const named = (name: string, key: string): ReactNode => (
  <>
    {name}
    {key && (
      <>
        &nbsp;<kbd>{key}</kbd>
      </>
    )}
  </>
);

const same = (a: ImageWindow, b: ImageWindow): boolean => a.widthHu === b.widthHu && a.levelHu === b.levelHu;

function WindowControls({ viewport }: { viewport: ViewportPort }) {
  const app = useApp();
  const text = useText();
  const { window, slabMm } = useReadable(viewport.state);
  const visible = useAppState((state) => state.overlaysVisible);
  const label = useKeyLabel();
  const presets = { cement: CEMENT_WINDOW, bone: BONE_WINDOW, soft: SOFT_TISSUE_WINDOW };
  const current = (["cement", "bone", "soft"] as const).find((name) => same(presets[name], window)) ?? "";
  return (
    <>
      <SegmentedControl
        size="xs"
        value={current}
        onChange={(name) => {
          if (name === "cement" || name === "bone" || name === "soft") app.setWindow(presets[name]);
        }}
        data={[
          { value: "cement", label: named(text.windowCement, label("host/window-cement", "c")) },
          { value: "bone", label: named(text.windowBone, label("host/window-bone", "b")) },
          { value: "soft", label: named(text.windowSoft, label("host/window-soft", "t")) },
        ]}
      />
      <Button size="compact-xs" variant={slabMm > 0 ? "filled" : "default"} onClick={app.toggleSlab}>
        {named(text.slab, label("host/slab", "m"))}
      </Button>
      <Button size="compact-xs" variant={visible ? "default" : "filled"} onClick={app.toggleOverlays}>
        {named(visible ? text.hide : text.show, label("host/overlays", "h"))}
      </Button>
    </>
  );
}

export function UndoRedo() {
  const app = useApp();
  const text = useText();
  const locale = useAppState((state) => state.locale);
  const history = useAppState((state) => state.history);
  const done = history.done.at(-1);
  const undone = history.undone.at(-1);
  return (
    <Group gap={2} wrap="nowrap">
      <Tooltip label={done ? text.undoOf(inLocale(done.name, locale)) : text.nothingToUndo}>
        <ActionIcon
          variant="default"
          onClick={app.undo}
          data-disabled={!done || undefined}
          aria-disabled={!done}
          aria-label={text.undo}
        >
          ↶
        </ActionIcon>
      </Tooltip>
      <Tooltip label={undone ? text.redoOf(inLocale(undone.name, locale)) : text.nothingToRedo}>
        <ActionIcon
          variant="default"
          onClick={app.redo}
          data-disabled={!undone || undefined}
          aria-disabled={!undone}
          aria-label={text.redo}
        >
          ↷
        </ActionIcon>
      </Tooltip>
      <StepList />
    </Group>
  );
}

export function Saving() {
  const text = useText();
  const saving = useAppState((state) => state.saving);
  return (
    <Text
      size="xs"
      c={saving === "failed" ? "red" : "dimmed"}
      fw={saving === "failed" ? 700 : 400}
      data-testid="saving"
      data-state={saving}
    >
      {{ saved: text.saved, saving: text.saving, failed: text.saveFailed }[saving]}
    </Text>
  );
}

export function ReaderButton() {
  const app = useApp();
  const text = useText();
  const { readerName, readerRole } = useAppState((state) => state.settings);
  return (
    <Popover width={260} position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button size="compact-xs" variant={readerName ? "subtle" : "default"}>
          {readerName || text.reader}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <TextInput
            size="xs"
            label={text.readerName}
            value={readerName}
            onChange={(event) => app.setReader(event.target.value, readerRole)}
            data-autofocus
          />
          <TextInput
            size="xs"
            label={text.readerRole}
            value={readerRole}
            onChange={(event) => app.setReader(readerName, event.target.value)}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

export function Keys() {
  const app = useApp();
  const text = useText();
  const label = useKeyLabel();
  return (
    <>
      <Button size="compact-xs" variant="subtle" onClick={() => app.showKeys(true)}>
        {named(text.keys, label("host/keys", "?"))}
      </Button>
      <KeysSheet />
    </>
  );
}
