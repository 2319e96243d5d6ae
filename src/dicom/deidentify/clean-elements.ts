// Applies a profile to a tree of attributes: what each rule makes of a value, of items, and of codes.
import { cleanContent } from "./clean-content.ts";
import { cleanText } from "./clean-text.ts";
import { CODE_VALUES, type Cleaning, SCHEME } from "./cleaning.ts";
import { type DataElement, type DataItem, type Tag, itemsAt, textAt } from "./data-elements.ts";
import type { Action } from "./kept-attributes.ts";
import { actionFor } from "./profile.ts";

const MEANING: Tag = "00080104";
const REFERENCED_INSTANCE: Tag = "00081155";
const REFERENCED_SERIES: Tag = "00081115";
const EVIDENCE: Tag = "0040A375";
/** Referenced SOP, Instance, Source Image and Referenced Image Sequence. */
const REFERENCES = new Set<Tag>(["00081199", "0008114A", "00082112", "00081140"]);

/** The item without what identifies; null where nothing of it may stay (an unknown code, a reference to what was cropped away). */
export function cleanItem(item: DataItem, cleaning: Cleaning): DataItem | null {
  if (CODE_VALUES.some((tag) => item.has(tag))) return cleanCode(item, cleaning);
  if (cleaning.gone.has(textAt(item, REFERENCED_INSTANCE))) {
    cleaning.counts.references++;
    return null;
  }
  return cleanAttributes(item, cleaning);
}

/** As `cleanItem`, for an item that is neither code nor reference. */
export function cleanAttributes(item: DataItem, cleaning: Cleaning): DataItem | null {
  const out = cleanedAll(item, cleaning);
  const lost = [...REFERENCES, REFERENCED_SERIES].some((tag) => lostAll(tag, item, out));
  return lost ? null : out;
}

/** The whole data set; null for a report or selection whose images are all gone. */
export function cleanRoot(root: DataItem, cleaning: Cleaning): DataItem | null {
  const out = cleanedAll(root, cleaning);
  if (lostAll(EVIDENCE, root, out)) return null;
  for (const tag of REFERENCES) if (lostAll(tag, root, out)) out.delete(tag);
  return out;
}

const lostAll = (tag: Tag, before: DataItem, after: DataItem): boolean =>
  itemsAt(before, tag).length > 0 && itemsAt(after, tag).length === 0 && after.has(tag);

function cleanedAll(item: DataItem, cleaning: Cleaning): Map<Tag, DataElement> {
  const out = new Map<Tag, DataElement>();
  for (const [tag, element] of item) {
    const cleaned = cleanElement(tag, element, cleaning);
    if (cleaned) out.set(tag, cleaned);
  }
  return out;
}

function cleanElement(tag: Tag, element: DataElement, cleaning: Cleaning): DataElement | null {
  const { counts, profile } = cleaning;
  const action = actionFor(tag, profile);
  if (action === undefined) {
    counts.unlisted.set(tag, (counts.unlisted.get(tag) ?? 0) + 1);
    return profile.unlisted === "keep" ? keptAsItIs(element, cleaning) : null;
  }
  if (action === "remove") {
    if (parseInt(tag[3], 16) % 2 === 1) counts.privateAttributes++;
    return null;
  }
  if ("items" in element) return cleanSequence(element.items, action, cleaning);
  return "text" in element ? cleanText(tag, element, action, cleaning) : cleanBytes(element, action);
}

function keptAsItIs(element: DataElement, cleaning: Cleaning): DataElement {
  return "items" in element
    ? { vr: "SQ", items: element.items.flatMap((item) => cleanItem(item, cleaning) ?? []) }
    : element;
}

function cleanSequence(items: readonly DataItem[], action: Action, cleaning: Cleaning): DataElement | null {
  const of = (kept: readonly DataItem[]): DataElement => ({ vr: "SQ", items: kept });
  if (action === "empty") return of([]);
  if (action === "content") {
    const said = items.flatMap((item) => cleanContent(item, cleaning, cleanAttributes) ?? []);
    // A container without content has no sequence (PS3.3 C.17.3).
    return said.length > 0 ? of(said) : null;
  }
  if (action === "schemes") {
    const known = items.filter((item) => cleaning.schemeUids.has(textAt(item, "0008010C")));
    return known.length > 0 ? of(known.map(schemeItem)) : null;
  }
  if (action !== "items" && action !== "dummy") return null;
  const kept = items.flatMap((item) => cleanItem(item, cleaning) ?? []);
  // A sequence that was empty may have to be there; one that lost all its codes may not.
  return kept.length > 0 || items.length === 0 || !isCodes(items) ? of(kept) : null;
}

const isCodes = (items: readonly DataItem[]): boolean =>
  items.some((item) => CODE_VALUES.some((tag) => item.has(tag)));

/** Designator and UID alone: name and organisation may be a department's. */
const schemeItem = (item: DataItem): DataItem =>
  new Map([...item].filter(([tag]) => tag === SCHEME || tag === "0008010C"));

/** A known code with the meaning that this program has for it, never the file's own words. */
function cleanCode(item: DataItem, cleaning: Cleaning): DataItem | null {
  const value = CODE_VALUES.map((tag) => textAt(item, tag)).find((text) => text !== "") ?? "";
  const meaning = cleaning.meanings.get(`${value}|${textAt(item, SCHEME)}`);
  if (meaning === undefined) {
    cleaning.counts.codes++;
    return null;
  }
  const rest = new Map([...item].filter(([, element]) => "items" in element));
  return new Map<Tag, DataElement>([
    ...(cleanAttributes(rest, cleaning) ?? []),
    ...[...item].filter(([tag]) => tag === SCHEME || CODE_VALUES.some((code) => code === tag)),
    [MEANING, { vr: "LO", text: meaning }],
  ]);
}

function cleanBytes(
  element: { readonly vr: string; readonly bytes: Uint8Array },
  action: Action,
): DataElement | null {
  if (action === "number") return /^(US|SS|UL|SL|FL|FD|AT)$/.test(element.vr) ? element : null;
  if (action === "empty") return { vr: element.vr, bytes: new Uint8Array(0) };
  if (action === "dummy") return { vr: element.vr, bytes: new Uint8Array(element.bytes.length) };
  return null;
}
