// What the engine proposes for a part, with its reason, what lies near, and what makes it less sure: no label without one.
import { Button, Text as Words } from "@mantine/core";
import { NEAR_NERVE_MM } from "../engine/nerve-course.ts";
import type { Proposed } from "../model/case-document.ts";
import { siteOf } from "../model/sites.ts";
import { useLocale, useText, useVerbs } from "./case-view.ts";
import { Key } from "./key.tsx";
import styles from "./panel.module.css";
import type { Text } from "./text/en.ts";

/** `voxels`: how many the part has now; the engine's measures are those of its own voxels. */
export function Offer({
  proposed,
  open,
  voxels,
}: {
  proposed: Proposed;
  open: boolean;
  voxels: number | null;
}) {
  const { deciding } = useVerbs();
  const text = useText();
  const locale = useLocale();
  const geometry = proposed.geometry?.voxels === voxels ? proposed.geometry : undefined;
  return (
    <>
      <Words size="xs" c="dimmed">
        {proposed.reason[locale]}
      </Words>
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
      {open && (
        <Button fullWidth size="xs" mt={4} onClick={deciding.accept} data-testid="accept">
          {text.parts.accept}: {siteOf(proposed.site).name[locale]} ({Math.round(100 * proposed.score)} %)
          <Key verb="accept" />
        </Button>
      )}
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
