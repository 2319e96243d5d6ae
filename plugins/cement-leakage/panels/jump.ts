// From a gap in the list to the field that fills it: its section is unfolded, brought into sight, and the field has the focus.
import type { Gap } from "../model/what-is-missing.ts";

interface Place {
  /** What is scrolled to. */
  readonly section: string;
  /** Where the field is looked for; the section where left out. */
  readonly within?: string;
  /** The field, the best first. */
  readonly fields: readonly string[];
}

const ANY_FIELD = "input:not([type=hidden])";

function placeOf({ procedure, field, comparison, site, lesionId }: Gap["target"]): Place | null {
  if (procedure)
    return {
      section: '[data-section="procedure"]',
      ...(field ? { within: `[data-field="${field}"]` } : {}),
      fields: ["input[type=text]", ANY_FIELD, "button"],
    };
  if (comparison)
    return {
      section: '[data-testid="comparison"]',
      within: "[data-open]",
      fields: [ANY_FIELD, "button"],
    };
  if (site)
    return {
      section: `[data-testid="checklist"] [data-site="${site}"]`,
      fields: [ANY_FIELD, '[data-testid="take-back"]', '[data-testid="absent"]', "button"],
    };
  if (lesionId) return { section: '[data-section="lesion"]', fields: [ANY_FIELD] };
  return null;
}

/** Nothing happens where the panel has no such place now. */
export function jumpTo(panel: Element, target: Gap["target"]): void {
  const place = placeOf(target);
  const section = place && panel.querySelector<HTMLElement>(place.section);
  if (!place || !section) return;
  const within = (place.within && section.querySelector<HTMLElement>(place.within)) || section;
  const field = place.fields
    .map((selector) => within.querySelector<HTMLElement>(selector))
    .find((found) => found !== null);
  for (let fold = (field ?? section).closest("details"); fold && panel.contains(fold);) {
    fold.open = true;
    fold = fold.parentElement?.closest("details") ?? null;
  }
  section.scrollIntoView({ block: "nearest" });
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}
