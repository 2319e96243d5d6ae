// The answer in one line: leak or not, where, how much, and what is still open.
import { Badge, Group, Text as Words } from "@mantine/core";
import { isLeak, leaksOf } from "../model/case-document.ts";
import { measurePart, volumeText } from "../model/measures.ts";
import { siteOf } from "../model/sites.ts";
import { whatIsMissing } from "../model/what-is-missing.ts";
import { useCase, useLocale, useReadable, useText, useVerbs } from "./case-view.ts";
import styles from "./panel.module.css";
import { UrgentLines } from "./urgent-lines.tsx";
import { SiteGlyph } from "./site-glyph.tsx";

export function AnswerLine() {
  const { reading } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const document = useCase();
  useReadable(reading.host.masks);
  const { volume, series } = useReadable(reading.host.scene);
  const leaks = leaksOf(document);
  const undecided = document.parts.filter((part) => part.role === "undecided").length;
  const open = whatIsMissing(document, series).length;

  let insideMm3 = 0;
  let leakedMm3 = 0;
  for (const part of document.parts) {
    const mask = reading.maskOf(part.partId);
    if (!mask || !volume || part.notMeasurable) continue;
    if (part.role === "intraosseous") insideMm3 += measurePart(mask, volume).volumeMm3;
    if (isLeak(part)) leakedMm3 += measurePart(mask, volume).volumeMm3;
  }
  const headline =
    document.floorHu === null && document.parts.length === 0
      ? text.answer.notSearched
      : leaks.length > 0
        ? text.answer.leaks(leaks.length)
        : document.parts.length === 0
          ? text.answer.noCement
          : undecided > 0
            ? text.answer.noLeakYet(undecided)
            : text.answer.noLeak;
  const sites = [...new Set(leaks.map((part) => part.leak.site))].filter((site) => site !== null);
  return (
    <header className={styles.answer} data-testid="answer-line">
      <Words fw={700} size="lg" truncate>
        {headline}
      </Words>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Words size="sm" className={styles.numbers} truncate>
          {insideMm3 > 0 || leakedMm3 > 0
            ? text.answer.totals(volumeText(insideMm3), volumeText(leakedMm3))
            : ""}
        </Words>
        <Group gap={4} wrap="nowrap">
          <Badge color={open > 0 ? "yellow" : "teal"} variant="light">
            {open > 0 ? text.answer.open(open) : text.answer.complete}
          </Badge>
          <Badge
            color={document.status === "final" ? "teal" : "gray"}
            variant={document.status === "final" ? "filled" : "light"}
            title={document.signed?.readerName}
          >
            {document.status === "final" ? text.signed : text.draft}
          </Badge>
        </Group>
      </Group>
      <UrgentLines />
      {sites.length > 0 && (
        <Group gap={8} mt={2}>
          {sites.map((site) => (
            <Group key={site} gap={3} wrap="nowrap">
              <SiteGlyph glyph={siteOf(site).glyph} color={siteOf(site).color} />
              <Words size="xs">{siteOf(site).name[locale]}</Words>
            </Group>
          ))}
        </Group>
      )}
    </header>
  );
}
