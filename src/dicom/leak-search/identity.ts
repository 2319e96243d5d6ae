// What identifies in the originals: names, numbers, dates, UIDs and typed texts, read from their bytes for the search of the result.
import { type RawValue, ascii, isDicom, walkDicom } from "./dicom-values.ts";

/** A value to look for. */
export interface IdentityValue {
  readonly text: string;
  /** As it stands in the original, where that is not UTF-8. */
  readonly raw?: Uint8Array;
  /** "typed": free text of a reader, whose words the author may approve; every other text is an attribute's value. */
  readonly kind: "name" | "date" | "uid" | "text" | "typed";
  /** "(0010,0010) in slice-1.dcm", "file name", "given". */
  readonly from: string;
}

export interface OriginalInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Decoders by the end of a character set's term: "ISO_IR 100" and "ISO 2022 IR 100" are the same letters. */
const SETS: Readonly<Record<string, string>> = {
  "IR 100": "windows-1252",
  "IR 101": "iso-8859-2",
  "IR 109": "iso-8859-3",
  "IR 110": "iso-8859-4",
  "IR 144": "iso-8859-5",
  "IR 127": "iso-8859-6",
  "IR 126": "iso-8859-7",
  "IR 138": "iso-8859-8",
  "IR 148": "windows-1254",
  "IR 203": "iso-8859-15",
  "IR 13": "shift_jis",
  "IR 166": "windows-874",
  "IR 192": "utf-8",
  "IR 87": "iso-2022-jp",
  "IR 149": "euc-kr",
  "IR 58": "gb18030",
  GB18030: "gb18030",
  GBK: "gbk",
};

/**
 * Attributes whose texts name no person, place or thing of one hospital: character set, image type, classes, modality, coding schemes,
 * body part, kernel, template. Everything else that is text counts as identifying.
 */
const SAYS_NOTHING = new Set(
  `00080005 00080008 00080016 00080060 00080061 00080064 00080068 00080100 00080102 00080103 00081150 00180015 00181210 00281054
   0040DB00 00209056 00209421`.split(/\s+/),
);
/** Values that say nothing in some attributes: the great makers of scanners, and versions. */
const HARMLESS: ReadonlyMap<string, RegExp> = new Map([
  [
    "00080070",
    /^(ge|ge medical systems|siemens|siemens healthineers|philips|philips medical systems|toshiba|canon|hitachi|uih|united imaging|neusoft)$/i,
  ],
  ["00181020", /^[\d.]{1,15}$/],
  ["00660031", /^[\d.]{1,15}$/],
]);
/** Text Value of a report's content item. */
const TEXT_VALUE = "0040A160";
const TEXT = /^(PN|LO|SH|ST|LT|UT|UC|UR|AE|UN|)$/;

/** Folders and the file, without its ending: they are often called after a patient. */
export const identityOfPath = (path: string): IdentityValue[] =>
  path
    .split(/[\\/]/)
    .map((part) => ({ text: part.replace(/\.[A-Za-z0-9]{1,4}$/, ""), kind: "text", from: "file name" }));

/** All identifying values of the originals. An original that can't be walked throws: a search that looks for nothing proves nothing. */
export function identityOf(originals: readonly OriginalInput[]): IdentityValue[] {
  const found = new Map<string, IdentityValue>();
  const add = (value: IdentityValue): void => {
    const key = `${value.kind}|${value.text}|${value.raw ? ascii(value.raw) : ""}`;
    if (value.text !== "" && !found.has(key)) found.set(key, value);
  };
  for (const { name, bytes } of originals) {
    identityOfPath(name).forEach(add);
    if (isDicom(bytes)) for (const value of walkDicom(bytes).values) valuesOf(value, name).forEach(add);
    else if (/\.json$/i.test(name)) jsonTexts(JSON.parse(new TextDecoder().decode(bytes)), name).forEach(add);
    else throw new RangeError(`${name} is neither DICOM nor JSON: what identifies in it is not known`);
  }
  return [...found.values()];
}

function valuesOf({ tag, vr, bytes, characterSet }: RawValue, file: string): IdentityValue[] {
  const isPrivate = Number.parseInt(tag[3] ?? "0", 16) % 2 === 1;
  const from = `(${tag.slice(0, 4)},${tag.slice(4)}) in ${file}`;
  if (tag.startsWith("0002") && !/^0002(0003|0016|0017|0018|0026|0027|0028|0102)$/.test(tag)) return [];
  if (SAYS_NOTHING.has(tag) || bytes.length === 0 || bytes.length > 1 << 20) return [];
  const plain = ascii(bytes).replaceAll("\0", "");
  if (HARMLESS.get(tag)?.test(plain)) return [];
  if (vr === "UI" || (vr !== "DS" && vr !== "IS" && /^[0-2](\.\d+){3,}$/.test(plain)))
    return plain
      .split("\\")
      .flatMap((uid) => (isOwnUid(uid) ? [{ text: uid.trim(), kind: "uid" as const, from }] : []));
  if (vr === "DA" || vr === "DT")
    return plain
      .split("\\")
      .flatMap((date) =>
        /^\d{8}/.test(date) ? [{ text: date.slice(0, 8), kind: "date" as const, from }] : [],
      );
  const readable = TEXT.test(vr) || (isPrivate && !/^(DS|IS|TM|FL|FD|US|SS|UL|SL|OW|OF|OD|AT)$/.test(vr));
  if (!readable || (/^(UN|OB|)$/.test(vr) && !isPrintable(bytes))) return [];
  // Implicit files say no representation: numbers, times and terms of the standard are told by their form.
  if (
    vr === "" &&
    !isPrivate &&
    /^[-+\d.eE\\ ]{0,24}$|^[A-Z0-9_ \\]{1,16}$/.test(plain) &&
    !/^00(10|20|32|38|40)/.test(tag)
  )
    return [];
  const kind = vr === "PN" ? "name" : tag === TEXT_VALUE ? "typed" : "text";
  return [...readings(bytes, characterSet)].flatMap((text) => {
    // A document inside the object is looked at field by field.
    const inside = jsonOf(text);
    if (inside !== undefined) return jsonTexts(inside, from);
    return text
      .split("\\")
      .map((one) => one.trim())
      .filter((one) => one !== "")
      .map((one) => ({ text: one, kind, from, ...(text === plain ? {} : { raw: bytes }) }));
  });
}

/** Not registered by DICOM. */
const isOwnUid = (uid: string): boolean => uid.trim().length > 0 && !uid.trim().startsWith("1.2.840.10008.");

const isPrintable = (bytes: Uint8Array): boolean =>
  bytes.every(
    (byte, n) =>
      byte >= 0x20 ||
      byte === 0x0a ||
      byte === 0x0d ||
      byte === 0x09 ||
      byte === 0x1b ||
      (byte === 0 && n >= bytes.length - 1),
  );

/** What the bytes say in each character set that may be meant; a value that reads differently is looked for in every reading. */
function readings(bytes: Uint8Array, characterSet: string): Set<string> {
  const named = characterSet
    .split("\\")
    .flatMap((set) => SETS[/(IR \d+|GB18030|GBK)\s*$/.exec(set)?.[1] ?? ""] ?? []);
  const out = new Set<string>();
  const add = (text: string) => out.add(text.replaceAll("\0", "").trim());
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) add(ascii(bytes));
  // The escapes of ISO 2022 say which set follows; only the Japanese decoder reads them itself.
  else
    for (const encoding of named)
      add(new TextDecoder(encoding).decode(encoding === "iso-2022-jp" ? bytes : withoutEscapes(bytes)));
  if (out.size > 0) return out;
  try {
    add(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    add(ascii(bytes));
  }
  return out;
}

/** Escape sequences: ESC, one or more of 0x20 to 0x2F, one of 0x40 to 0x7E. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x1b) {
      out.push(bytes[at]);
      continue;
    }
    while (at + 1 < bytes.length && bytes[at + 1] >= 0x20 && bytes[at + 1] <= 0x2f) at++;
    at++;
  }
  return Uint8Array.from(out);
}

function jsonOf(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}

/** Of a JSON original: UIDs, dates, and what stands under keys of people, places and free text. */
function jsonTexts(json: unknown, file: string): IdentityValue[] {
  const out: IdentityValue[] = [];
  const visit = (node: unknown, path: string): void => {
    if (Array.isArray(node)) node.forEach((one) => visit(one, path));
    else if (isChosen(node))
      Object.entries(node).forEach(
        ([key, value]) => key !== "from" && key !== "to" && visit(value, `${path}.${key}`),
      );
    else if (typeof node === "object" && node !== null)
      for (const [key, value] of Object.entries(node)) visit(value, `${path}.${key}`);
    else if (typeof node === "string") {
      const from = `${path.slice(1)} in ${file}`;
      if (/^\d{4}-\d{2}-\d{2}/.test(node))
        out.push({ text: node.slice(0, 10).replaceAll("-", ""), kind: "date", from });
      else if (/^[0-2](\.\d+){2,}$/.test(node) && !/version$/i.test(path))
        out.push({ text: node, kind: "uid", from });
      else if (PERSONAL_KEY.test(path))
        out.push({
          text: node,
          kind: /name|who|reader/i.test(path) ? "name" : TYPED_KEY.test(path) ? "typed" : "text",
          from,
        });
    }
  };
  visit(json, "");
  return out;
}

/** A step of a history whose value was chosen from a list ("final"), not typed. */
const isChosen = (node: unknown): node is object =>
  typeof node === "object" &&
  node !== null &&
  "field" in node &&
  typeof node.field === "string" &&
  !/(text|comment|reason|name|indication|product|manufacturer|lot|udi|date|communicated|operator|procedure|reader|role|id|uid)$/i.test(
    node.field,
  );

const TYPED_KEY = /(indication|siteText|comment|\.text|\.reason)$/;

const PERSONAL_KEY =
  /(documentId|documentIds|supersedes|secondReadOf|adjudicates|pseudonym|patientKey|procedureId|operatorKey|indication|lot|udi|siteText|comment|readerId|who|\.to|\.from|\.text|\.reason|patientName|accession\w*|institution\w*)$/i;
