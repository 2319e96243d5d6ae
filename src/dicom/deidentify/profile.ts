// The de-identification profile: PS3.15 Table E.1-1 as data, the options that DOMAIN 6 chooses, and the rows that the table lacks.
import { type Tag, representationOf, tagOf } from "./data-elements.ts";
import { type Action, KEPT, OWN_ROWS } from "./kept-attributes.ts";
import table from "./profile.json" with { type: "json" };

/** Name, Basic Profile action ("X", "Z/D", …), options that treat it in their own way. */
type Row = readonly string[];

export interface Profile {
  readonly edition: string;
  /** By tag; "x" stands for any digit. */
  readonly table: ReadonlyMap<Tag, Row>;
  readonly own: ReadonlyMap<Tag, Action>;
  readonly kept: ReadonlyMap<Tag, Action>;
  /** What has no row anywhere is left out. Tests let it stay to see what each row does alone. */
  readonly unlisted: "leave-out" | "keep";
}

export const TEACHING_PROFILE: Profile = {
  edition: table.edition,
  table: new Map(Object.entries(table.attributes)),
  own: OWN_ROWS,
  kept: KEPT,
  unlisted: "leave-out",
};

/** CID 7050: Basic Profile, and the options that were followed. Clean Pixel Data only where the pixels were looked at. */
export const METHOD_CODES = [
  ["113100", "Basic Application Confidentiality Profile"],
  ["113104", "Clean Structured Content Option"],
  ["113105", "Clean Descriptors Option"],
  ["113107", "Retain Longitudinal Temporal Information Modified Dates Option"],
  ["113108", "Retain Patient Characteristics Option"],
] as const;
export const CLEAN_PIXELS_CODE = ["113101", "Clean Pixel Data Option"] as const;

/** Rows of the table that this project treats in a way of its own; each is at least as strict as the option that allows it. */
const DECIDED: ReadonlyMap<Tag, Action> = new Map<Tag, Action>([
  [tagOf("PatientName"), "subject"],
  [tagOf("PatientID"), "subject"],
  [tagOf("PatientSex"), "sex"],
  [tagOf("PatientAge"), "age"],
  [tagOf("PatientSize"), "size"],
  [tagOf("PatientWeight"), "size"],
  [tagOf("ContentSequence"), "content"],
  [tagOf("DeviceSerialNumber"), "dummy"],
  [tagOf("ContentCreatorName"), "person"],
  [tagOf("StudyDescription"), { words: "Teaching case" }],
  [tagOf("SeriesDescription"), { words: "Series" }],
  [tagOf("ContrastBolusAgent"), { words: "Contrast agent" }],
]);

/** What the profile does with an attribute; undefined where it has no row. Private attributes are removed by every profile. */
export function actionFor(tag: Tag, profile: Profile): Action | undefined {
  if (parseInt(tag[3], 16) % 2 === 1) return "remove";
  const row = rowOf(tag, profile);
  if (!row) return profile.own.get(tag) ?? profile.kept.get(tag);
  return DECIDED.get(tag) ?? byTable(row, representationOf(tag));
}

function rowOf(tag: Tag, { table: rows }: Profile): Row | undefined {
  return (
    rows.get(tag) ??
    (/^[56]0/.test(tag)
      ? (rows.get(`${tag.slice(0, 2)}XX${tag.slice(4)}`) ??
        (tag.startsWith("50") ? rows.get("50XXXXXX") : undefined))
      : undefined)
  );
}

function byTable([, basic, ...options]: Row, vr: string): Action {
  // Dates that the Basic Profile takes out of every object are not needed here, moved or not.
  if (options.includes("dates") && basic !== "X") {
    if (vr === "DA" || vr === "DT") return "date";
    if (vr === "TM") return "time";
  }
  if (basic === "U") return "uid";
  if (basic === "X/Z/U*") return "items";
  const letters = basic.split("/");
  if (options.includes("descriptors") && vr !== "SQ")
    return { words: letters.includes("X") ? null : letters.includes("Z") ? "" : "not stated" };
  if (vr === "SQ" && letters.includes("Z")) return "empty";
  if (letters.includes("X")) return "remove";
  if (letters.includes("Z")) return "empty";
  return vr === "PN" ? "person" : vr === "SQ" ? "items" : "dummy";
}
