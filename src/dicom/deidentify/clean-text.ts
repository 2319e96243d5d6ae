// What a rule makes of one text value: a substitute, a rounded or shifted value, the value itself where it is of a harmless form.
import { ageBand } from "#core/pseudonyms";
import { type Cleaning, keptText } from "./cleaning.ts";
import type { DataElement, Tag } from "./data-elements.ts";
import { type Action, TERMS } from "./kept-attributes.ts";

/** The attribute with its value treated; null where it is left out. */
export function cleanText(
  tag: Tag,
  { vr, text }: { readonly vr: string; readonly text: string },
  action: Action,
  cleaning: Cleaning,
): DataElement | null {
  const { pseudonyms, counts } = cleaning;
  const value = (changed: string | null): DataElement | null =>
    changed === null ? null : { vr, text: changed };
  const each = (change: (one: string) => string) =>
    value(
      text === ""
        ? ""
        : text
            .split("\\")
            .map((one) => change(one.trim()))
            .join("\\"),
    );
  if (typeof action === "object") {
    const { words, form } = action;
    if (text === "" || form?.test(text)) return value(text);
    const kept = keptText(text, cleaning);
    if (kept !== null) return value(kept);
    counts.texts++;
    return value(words);
  }
  switch (action) {
    case "uid":
      return each((uid) => pseudonyms.uid(uid));
    case "date":
      return each((date) => pseudonyms.date(date));
    case "time":
      return value(/^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/.test(text) ? text : "");
    case "person":
      return each((name) => (name === "" ? "" : pseudonyms.reader(name)));
    case "label":
      return value(text === "" ? "" : (keptText(text, cleaning) ?? pseudonyms.label(text)));
    case "subject":
      return value(pseudonyms.subject);
    case "sex":
      return value(/^[MFO]$/.test(text) ? text : "");
    case "age":
      return value(ageText(text));
    case "size":
      return value(roundedSize(tag, text));
    case "number":
      return value(text.split("\\").every((one) => one.trim() === "" || isNumber(one)) ? text : null);
    case "term":
      return value(text.split("\\").every((one) => TERMS.has(one.trim())) ? text : knownTerms(text) || null);
    case "registered":
      return value(/^1\.2\.840\.10008\.[\d.]+$/.test(text) ? text : null);
    case "empty":
      return value("");
    case "dummy":
      return value(dummyText(vr));
    // These are for sequences.
    case "items":
    case "content":
    case "schemes":
    case "remove":
      return null;
  }
}

/** Image Type and its like stay as far as they are known: their first values have a meaning by their place. */
function knownTerms(text: string): string {
  const values = text.split("\\").map((one) => one.trim());
  const end = values.findIndex((one) => !TERMS.has(one));
  return values.slice(0, end).join("\\");
}

const isNumber = (text: string): boolean =>
  text.trim().length <= 16 && /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$|^[+-]?\.\d+$/.test(text.trim());

/** AS in bands of five years; months, weeks and days are a band of their own. */
function ageText(text: string): string {
  const found = /^(\d{3})([YMWD])$/.exec(text);
  if (!found) return "";
  const years = found[2] === "Y" ? Number(found[1]) : 0;
  return `${String(ageBand(years)).padStart(3, "0")}Y`;
}

/** To 5 cm and 5 kg. */
function roundedSize(tag: Tag, text: string): string {
  const step = tag === "00101020" ? 0.05 : 5;
  return isNumber(text) ? String(Number((Math.round(Number(text) / step) * step).toFixed(2))) : "";
}

function dummyText(vr: string): string {
  if (vr === "DS" || vr === "IS") return "0";
  if (/^(DA|DT|TM|AS|UI|UR)$/.test(vr)) return "";
  return vr === "CS" || vr === "AE" ? "NONE" : "not stated";
}
