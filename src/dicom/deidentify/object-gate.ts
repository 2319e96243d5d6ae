// Which objects may be de-identified: CT, SEG, SR and key objects; pictures only after someone looked at them; all else never.
import { type Problem, problem } from "#core/problem";
import { type DataItem, itemsAt, numbersAt, textAt } from "./data-elements.ts";

const CLASS = "1.2.840.10008.5.1.4.1.1.";
/** CT and the multi-frame CTs. */
export const CT_CLASSES: ReadonlySet<string> = new Set([`${CLASS}2`, `${CLASS}2.1`, `${CLASS}2.2`]);
export const SEGMENTATION_CLASSES: ReadonlySet<string> = new Set([`${CLASS}66.4`, `${CLASS}66.7`]);
/** Basic Text, Enhanced, Comprehensive and Comprehensive 3D SR, Key Object Selection. */
const REPORT_CLASSES = new Set(["11", "22", "33", "34", "59"].map((end) => `${CLASS}88.${end}`));
/** Secondary captures, radiographs, X-ray angiography and fluoroscopy: pixels can hold a burned-in name. */
const LOOKED_AT_CLASSES = new Set(
  ["7", "7.2", "7.3", "7.4", "1", "1.1", "12.1", "12.2"].map((end) => `${CLASS}${end}`),
);

/** Whether the object has pixels of its own to be looked at. */
export const isPicture = (root: DataItem): boolean =>
  CT_CLASSES.has(textAt(root, "00080016")) || LOOKED_AT_CLASSES.has(textAt(root, "00080016"));

/**
 * Null where the object may be de-identified; else why not. "deidentify/class" and "deidentify/no-geometry" hold for good; with
 * "deidentify/look-first" the object may go once someone looked at every frame (`looked`).
 */
export function gateProblem(root: DataItem, fileName: string, looked: boolean): Problem | null {
  const sopClass = textAt(root, "00080016");
  const why = reasonToLook(root);
  if (!isPicture(root) && !SEGMENTATION_CLASSES.has(sopClass) && !REPORT_CLASSES.has(sopClass))
    return problem("deidentify/class", { fileName, sopClass });
  return why !== null && !looked ? problem("deidentify/look-first", { fileName, why }) : null;
}

export type ReasonToLook = "burned-in" | "capture" | "not-axial";

/** Why someone has to look at its pixels first; null where that is not needed. */
export function reasonToLook(root: DataItem): ReasonToLook | null {
  const sopClass = textAt(root, "00080016");
  if (textAt(root, "00280301") === "YES") return "burned-in";
  if (LOOKED_AT_CLASSES.has(sopClass)) return "capture";
  if (!CT_CLASSES.has(sopClass)) return null;
  const [shared] = itemsAt(root, "52009229");
  const [plane] = shared ? itemsAt(shared, "00209116") : [];
  const [frame] = itemsAt(root, "52009230");
  const [framePlane] = frame ? itemsAt(frame, "00209116") : [];
  const direction =
    numbersAt(root, "00200037", 6) ??
    (plane ? numbersAt(plane, "00200037", 6) : null) ??
    (framePlane ? numbersAt(framePlane, "00200037", 6) : null);
  const type = root.get("00080008");
  const types = type && "text" in type ? type.text.toUpperCase() : "";
  if (direction === null || /LOCALIZER|SCREEN|DOSE|SECONDARY/.test(types)) return "not-axial";
  // Within 45 degrees of the axial plane: gantry tilts are, reformats along the sacrum are not.
  const normal = direction[0] * direction[4] - direction[1] * direction[3];
  return Math.abs(normal) < Math.SQRT1_2 ? "not-axial" : null;
}

/** A head may be on a scan of head or neck, of the whole body, or longer than this along the patient: 35 cm of spine and pelvis are not. */
export const LONGEST_WITHOUT_HEAD_MM = 350;
export const namesHead = (root: DataItem): boolean =>
  /HEAD|SKULL|BRAIN|FACE|JAW|NECK|CSPINE|CERVICAL|WHOLE|WSPINE|WBODY|EXTREMITYHEAD/i.test(
    textAt(root, "00180015"),
  );
