// The end of the work: what is missing, sign, export, copy.
import { Button, Group, Menu, Text as Words, Tooltip } from "@mantine/core";
import { flushSync } from "react-dom";
import { whatIsMissing, type Gap } from "../model/what-is-missing.ts";
import { manifest } from "../manifest.ts";
import { isLeak } from "../model/case-document.ts";
import { useCase, useLocale, useReadable, useText, useVerbs } from "./case-view.ts";
import { History } from "./history.tsx";
import { jumpTo } from "./jump.ts";
import { Key } from "./key.tsx";
import styles from "./panel.module.css";
import { StoreItem, StoreState } from "./store-section.tsx";
import { TeachingDialog } from "./teaching/dialog.tsx";
import { TeachingItem } from "./teaching/menu-item.tsx";

export function ReportSection() {
  const { exporting, reading, signing } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const document = useCase();
  const { series } = useReadable(reading.host.scene);
  useReadable(reading.host.settings);
  const gaps = whatIsMissing(document, series);
  const signed = document.status === "final";
  const whyNotSign = signing.whyNotSign();
  const whyNotCopy = exporting.whyNotCopy();
  return (
    <footer className={styles.report}>
      {document.signed && (
        <Words size="xs" c="dimmed">
          {text.signedBy(document.signed.readerName, new Date(document.signed.at).toLocaleString(locale))}
        </Words>
      )}
      {signed && <EngineReview />}
      {!signed && document.parts.length > 0 && <Missing gaps={gaps} />}
      {document.audit && document.audit.length > 0 && <History about={null} />}
      <StoreState />
      <TeachingDialog />
      <Group gap={4} wrap="nowrap">
        {signed ? (
          <Button size="compact-sm" px={6} variant="default" onClick={signing.amend}>
            {text.report.amend}
          </Button>
        ) : (
          <Tooltip label={whyNotSign} disabled={whyNotSign === null}>
            <Button
              size="compact-sm"
              px={6}
              color="teal"
              onClick={signing.sign}
              data-disabled={whyNotSign !== null || undefined}
              aria-disabled={whyNotSign !== null}
              data-testid="sign"
            >
              {text.report.sign}
            </Button>
          </Tooltip>
        )}
        <ExportMenu />
        <Tooltip label={whyNotCopy} disabled={whyNotCopy === null}>
          <Button
            size="compact-sm"
            px={6}
            variant="default"
            onClick={() => void exporting.copyText()}
            data-disabled={whyNotCopy !== null || undefined}
            aria-disabled={whyNotCopy !== null}
          >
            {text.report.copyText}
            <Key verb="copy-text" />
          </Button>
        </Tooltip>
        <Tooltip label={whyNotCopy} disabled={whyNotCopy === null}>
          <Button
            size="compact-sm"
            px={6}
            variant="default"
            onClick={() => void exporting.copyImage()}
            data-disabled={whyNotCopy !== null || undefined}
            aria-disabled={whyNotCopy !== null}
          >
            {text.report.copyImage}
            <Key verb="copy-image" />
          </Button>
        </Tooltip>
      </Group>
    </footer>
  );
}

/** How the engine's draft fared, and what the case took: for the reader, on this machine only. */
function EngineReview() {
  const { effort } = useVerbs();
  const text = useText();
  const { parts } = useCase();
  const { clicks, elapsedMs, keys } = useReadable(effort);
  const drafted = parts.some((part) => part.origin === "proposed");
  const leaks = parts.filter(isLeak);
  const offered = leaks.filter((part) => part.proposed);
  const accepted = offered.filter((part) => part.leak.site === part.proposed?.site).length;
  const rejected = parts.filter((part) => part.proposed && !isLeak(part)).length;
  return (
    <Words size="xs" c="dimmed" data-testid="effort">
      {drafted &&
        text.report.engine(accepted, offered.length - accepted, rejected, leaks.length - offered.length)}{" "}
      {elapsedMs > 0 && text.report.effort(Math.round(elapsedMs / 1000), keys, clicks)}
    </Words>
  );
}

/** More than a reader works through in one go. */
const MOST_GAPS = 40;

/** The first gaps in words, each a jump to it. */
function Missing({ gaps }: { gaps: readonly Gap[] }) {
  const { reading } = useVerbs();
  const text = useText();
  useLocale();
  useReadable(reading.host.keys);
  if (gaps.length === 0)
    return (
      <Words size="xs" c="teal">
        {text.report.ready}
      </Words>
    );
  const jump = ({ target }: Gap, from: HTMLElement) => {
    // At once: the field that is jumped to may be of another part or lesion than the one shown.
    flushSync(() => {
      if (target.partId) reading.select(target.partId);
      if (target.lesionId) reading.setState({ selectedLesionId: target.lesionId });
    });
    const panel = from.closest('[data-testid="cement-panel"]');
    if (panel) jumpTo(panel, target);
  };
  return (
    <details className={styles.folded} data-testid="missing">
      <summary>{text.report.missing(gaps.length)}</summary>
      <ul>
        {gaps.slice(0, MOST_GAPS).map((gap, index) => (
          <li key={index}>
            <button type="button" onClick={({ currentTarget }) => jump(gap, currentTarget)}>
              {reading.say(gap.text)}
            </button>
          </li>
        ))}
        {gaps.length > MOST_GAPS && <li>{text.report.more(gaps.length - MOST_GAPS)}</li>}
      </ul>
    </details>
  );
}

function ExportMenu() {
  const { exporting, reading } = useVerbs();
  const text = useText();
  const locale = useLocale();
  useCase();
  useReadable(reading.host.masks);
  const whyNotPrint = exporting.whyNotCopy();
  const item = ({ id, title, description }: (typeof manifest.exporters)[number]) => {
    const why = exporting.exporters[id].disabledReason();
    return (
      <Menu.Item key={id} disabled={why !== null} onClick={() => void exporting.save(id)} data-exporter={id}>
        <div>{title[locale]}</div>
        <Words size="xs" c={why ? "yellow" : "dimmed"}>
          {why ?? description[locale]}
        </Words>
      </Menu.Item>
    );
  };
  return (
    <Menu
      position="top-start"
      width={330}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <Button size="compact-sm" px={6} data-testid="export">
          {text.report.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {manifest.exporters.filter((exporter) => !("seldom" in exporter)).map(item)}
        <Menu.Sub position="right-end">
          <Menu.Sub.Target>
            <Menu.Sub.Item data-testid="more-formats">{text.report.moreFormats}</Menu.Sub.Item>
          </Menu.Sub.Target>
          <Menu.Sub.Dropdown maw={330}>
            {manifest.exporters.filter((exporter) => "seldom" in exporter).map(item)}
          </Menu.Sub.Dropdown>
        </Menu.Sub>
        <Menu.Divider />
        <StoreItem />
        <TeachingItem />
        <Menu.Divider />
        <Menu.Item
          disabled={whyNotPrint !== null}
          onClick={() => void exporting.printPage()}
          data-testid="print-page"
        >
          {text.report.printPage} <Key verb="print-page" />
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
