// What the engine proposes for a part, with its reason, what lies near, and what makes it less sure: no label without one.
import { Button, Text as Words } from "@mantine/core";
import { NEAR_NERVE_MM } from "../engine/nerve-course.ts";
import type { Proposed } from "../model/case-document.ts";
import { siteOf } from "../model/sites.ts";
import { useLocale, useText, useVerbs } from "./case-view.ts";
import { Key } from "./key.tsx";
import styles from "./panel.module.css";
import type { Text } from "./text/en.ts";

/** The engine's measures and notes are of its own voxels: none once the part has others. */
const geometryOf = (proposed: Proposed, voxels: number | null) =>
  proposed.geometry?.voxels === voxels ? proposed.geometry : undefined;

interface OfferProps {
  readonly proposed: Proposed;
  /** How many the part has now. */
  readonly voxels: number | null;
}

/** Above the decision: why, that there is something to mind, and the proposal as a button. */
export function Offer({ proposed, voxels, open }: OfferProps & { open: boolean }) {
  const { deciding } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const notes = geometryOf(proposed, voxels) ? (proposed.notes?.length ?? 0) : 0;
  return (
    <>
      <Words size="xs" c="dimmed" lh={1.35}>
        {proposed.reason[locale]}
        {notes > 0 && (
          <Words span size="xs" c="yellow">
            {" "}
            ▲ {text.parts.notesBelow(notes)}
          </Words>
        )}
      </Words>
      {open && (
        <Button fullWidth size="xs" mt={4} onClick={deciding.accept} data-testid="accept">
          {text.parts.accept}: {siteOf(proposed.site).name[locale]} ({Math.round(100 * proposed.score)} %)
          <Key verb="accept" />
        </Button>
      )}
    </>
  );
}

/** Below the decision: what lies near, and what makes the proposal less sure. */
export function OfferDetails({ proposed, voxels }: OfferProps) {
  const text = useText();
  const locale = useLocale();
  const geometry = geometryOf(proposed, voxels);
  return (
    <>
      {geometry && (
        <Words size="xs" className={styles.numbers} data-testid="distances">
          {distancesText(geometry, text.parts.distances)}
        </Words>
      )}
      {geometry &&
        (proposed.notes ?? []).map((note) => (
          <Words key={note.en} size="xs" c="yellow">
            {note[locale]}
          </Words>
        ))}
    </>
  );
}

/** "canal 12 mm · pelvic surface 1 mm · L5 root ≈ 6 mm (estimated)": only what was measured. */
function distancesText(
  geometry: NonNullable<Proposed["geometry"]>,
  words: Text["parts"]["distances"],
): string {
  const mm = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`${name} ${value.toFixed(0)} mm`];
  const about = (name: string, value: number | undefined): string[] =>
    // what is nearer stands in a note, with what it means
    value === undefined || value <= NEAR_NERVE_MM
      ? []
      : [`${name} ≈ ${value.toFixed(0)} mm (${words.estimated})`];
  return [
    ...mm(words.canal, geometry.toCanalMm),
    ...mm(words.foramen, geometry.toForamenMm),
    ...mm(words.pelvic, geometry.toPelvicSurfaceMm),
    ...about(words.l5, geometry.toL5RootEstimatedMm),
    ...about(words.trunk, geometry.toLumbosacralTrunkEstimatedMm),
    ...(geometry.neckAreaMm2 === undefined ? [] : [`${words.neck} ${geometry.neckAreaMm2.toFixed(0)} mm²`]),
    ...(geometry.canalNarrowingPct === undefined
      ? []
      : [`${words.narrowing} ${geometry.canalNarrowingPct} %`]),
  ].join(" · ");
}
