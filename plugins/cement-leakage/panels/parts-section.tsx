// The parts by volume: to decide first, then leaks and cement in bone; what is not cement stays folded, never dropped.
import { Button, Text as Words } from "@mantine/core";
import { SPECKS_MASK_ID, type Part } from "../model/case-document.ts";
import { volumeText } from "../model/measures.ts";
import { siteOf } from "../model/sites.ts";
import { colorOfPart, glyphOfPart } from "../reading/draw-case.ts";
import {
  useCase,
  useLocale,
  useMeasures,
  useReadable,
  useReadingState,
  useText,
  useVerbs,
} from "./case-view.ts";
import styles from "./panel.module.css";
import { Section } from "./section.tsx";
import { SelectedPart } from "./selected-part.tsx";
import { SiteGlyph } from "./site-glyph.tsx";

const order: Record<Part["role"], number> = { leak: 0, undecided: 1, intraosseous: 2, not_cement: 3 };

export function PartsSection() {
  const text = useText();
  const { parts } = useCase();
  const { selectedPartId } = useReadingState();
  if (parts.length === 0) return null;
  const shown = parts
    .filter((part) => part.role !== "not_cement")
    .toSorted((a, b) => order[a.role] - order[b.role] || (a.leak?.number ?? 0) - (b.leak?.number ?? 0));
  const dropped = parts.filter((part) => part.role === "not_cement");
  return (
    <Section title={text.parts.title}>
      <div className={styles.parts} role="listbox" aria-label={text.parts.title} data-testid="parts">
        {shown.map((part) => (
          <PartRow key={part.partId} part={part} />
        ))}
      </div>
      {dropped.length > 0 && (
        <details
          className={styles.folded}
          open={dropped.some((part) => part.partId === selectedPartId) || undefined}
        >
          <summary>{text.parts.notCementList(dropped.length)}</summary>
          <div className={styles.parts} role="listbox" aria-label={text.parts.notCement}>
            {dropped.map((part) => (
              <PartRow key={part.partId} part={part} />
            ))}
          </div>
        </details>
      )}
      <Specks />
      <SelectedPart />
    </Section>
  );
}

/** What is too small to be a part: counted and shown, listed on request. */
function Specks() {
  const { deciding, reading } = useVerbs();
  const text = useText();
  useReadable(reading.host.masks);
  const { status } = useCase();
  const specks = reading.maskOf(SPECKS_MASK_ID);
  if (!specks) return null;
  return (
    <div className={styles.folded}>
      {text.parts.specks(deciding.countSpecks())}{" "}
      {status === "draft" && (
        <Button size="compact-xs" variant="subtle" onClick={deciding.listSpecks}>
          {text.parts.listSpecks}
        </Button>
      )}
    </div>
  );
}

function PartRow({ part }: { part: Part }) {
  const { reading } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const { selectedPartId } = useReadingState();
  const measures = useMeasures(part);
  const selected = part.partId === selectedPartId;
  const name =
    part.leak !== null
      ? part.leak.site
        ? siteOf(part.leak.site).name[locale]
        : `${text.parts.leak(part.leak.number)} · ${text.parts.siteOpen}`
      : part.role === "intraosseous"
        ? `${text.parts.intraosseous}${part.lesionId ? ` · ${part.lesionId}` : ""}`
        : part.role === "undecided"
          ? part.proposed
            ? text.parts.candidate(siteOf(part.proposed.site).name[locale])
            : (part.segment?.label ?? text.parts.undecided)
          : (part.reason ?? text.parts.notCement);
  const lowerBound = measures !== null && (measures.clippedShare > 0 || measures.incomplete);
  return (
    <button
      type="button"
      role="option"
      aria-selected={selected}
      className={styles.part}
      data-part={part.partId}
      data-role={part.role}
      onClick={() => reading.select(part.partId)}
      title={part.reason}
    >
      <SiteGlyph
        glyph={glyphOfPart(part)}
        color={colorOfPart(part)}
        text={part.leak ? String(part.leak.number) : undefined}
      />
      <span className={styles.partName}>
        {name}
        {part.locked || part.hidden ? (
          <small data-testid="kept">
            {" "}
            · {[part.locked && text.edit.locked, part.hidden && text.edit.hidden].filter(Boolean).join(", ")}
          </small>
        ) : null}
        {part.leak?.side && part.leak.site ? (
          <small>
            {" "}
            · {text.sides[part.leak.side]}
            {part.leak.sacralLevels?.length ? ` ${part.leak.sacralLevels.join("/")}` : ""}
          </small>
        ) : null}
      </span>
      <small className={styles.partId}>{part.partId}</small>
      <Words
        span
        size="sm"
        className={styles.numbers}
        title={lowerBound ? text.parts.clippedTitle : undefined}
      >
        {measures?.incomplete && !part.notMeasurable ? text.parts.clippedMark : ""}
        {part.notMeasurable ? (
          <small>{text.parts.notMeasurable}</small>
        ) : measures ? (
          volumeText(measures.volumeMm3)
        ) : (
          "–"
        )}
      </Words>
    </button>
  );
}
