// Clean Structured Content (PS3.15 E.3.5): a report's content items stay by what they say, in codes, numbers and places that are known.
import { type Cleaning, isKnownCode, keptText } from "./cleaning.ts";
import { type DataItem, type Tag, itemsAt, textAt } from "./data-elements.ts";

const VALUE_TYPE: Tag = "0040A040";
const CONCEPT_NAME: Tag = "0040A043";
const TEXT_VALUE: Tag = "0040A160";
/** Tracking Identifier (112039, DCM): TID 1411 needs it, so it gets a label instead of being left out. */
const TRACKING_IDENTIFIER = "112039";

/**
 * The item with its children; null where it may not stay: a concept that is not known here, a coded value that is not, a text that
 * nobody approved, an image that was cropped away, a waveform. Children go with it. `cleanAttributes` treats all other attributes.
 */
export function cleanContent(
  item: DataItem,
  cleaning: Cleaning,
  cleanAttributes: (item: DataItem, cleaning: Cleaning) => DataItem | null,
): DataItem | null {
  const { counts, pseudonyms } = cleaning;
  const [concept] = itemsAt(item, CONCEPT_NAME);
  if (concept !== undefined && !isKnownCode(concept, cleaning)) {
    counts.codes++;
    return null;
  }
  switch (textAt(item, VALUE_TYPE)) {
    case "CODE": {
      if (isKnownCode(itemsAt(item, "0040A168")[0], cleaning)) break;
      counts.codes++;
      return null;
    }
    case "NUM": {
      const [measured] = itemsAt(item, "0040A300");
      if (!measured || isKnownCode(itemsAt(measured, "004008EA")[0], cleaning)) break;
      counts.codes++;
      return null;
    }
    case "TEXT": {
      const element = item.get(TEXT_VALUE);
      const text = element && "text" in element ? element.text : "";
      if (keptText(text, cleaning) !== null) break;
      counts.texts++;
      if (!concept || textAt(concept, "00080100") !== TRACKING_IDENTIFIER) return null;
      const rest = new Map([...item].filter(([tag]) => tag !== TEXT_VALUE));
      const cleaned = cleanAttributes(rest, cleaning);
      return cleaned && new Map([...cleaned, [TEXT_VALUE, { vr: "UT", text: pseudonyms.label(text) }]]);
    }
    case "CONTAINER":
    case "UIDREF":
    case "PNAME":
    case "DATE":
    case "TIME":
    case "DATETIME":
    case "IMAGE":
    case "COMPOSITE":
    case "SCOORD":
    case "SCOORD3D":
      break;
    // By-reference items have no value type and point at places that may be gone; waveforms and tables are not known here.
    default:
      return null;
  }
  return cleanAttributes(item, cleaning);
}
