// Writes DICOM Part 10 files (PS3.10) from plain data sets keyed by keyword.
// Own encoder over dcmjs' dictionary: dcmjs' writer takes seconds for a segmentation of 2000 frames, and cuts what is too long.
import dcmjs from "dcmjs";

type Binary = ArrayBuffer | Uint8Array;
type DataValue = string | number | Binary | DataSet;

/**
 * A data set by DICOM keyword ("PatientName"); sequences are arrays of data sets, binary values ArrayBuffers or Uint8Arrays.
 * A private attribute has its tag and representation for a name: "(0099,1001) UT".
 */
export interface DataSet {
  [keyword: string]: DataValue | readonly DataValue[] | undefined;
}

export const EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
/** Identifies this implementation in the file meta header (PS3.10 7.1). Under the project's own 2.25 root. */
export const IMPLEMENTATION_CLASS_UID = "2.25.253034361491743159257768606944040481667";

/**
 * Encodes one instance as an Explicit VR Little Endian Part 10 file with preamble and meta header; sequences have explicit lengths.
 * `dataSet` needs SOPClassUID and SOPInstanceUID. Undefined entries are left out; the order of keys does not matter.
 * Numbers become DS of at most 16 characters. Throws an Error on what a caller must not do: a keyword that is not in the
 * dictionary, text longer than its value representation allows, a number out of range, text beyond ASCII without ISO_IR 192.
 */
export function writePart10(dataSet: DataSet): Uint8Array {
  const meta = elementsOf(
    {
      FileMetaInformationVersion: new Uint8Array([0, 1]),
      MediaStorageSOPClassUID: dataSet.SOPClassUID,
      MediaStorageSOPInstanceUID: dataSet.SOPInstanceUID,
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: "CEMENTVIEW_1",
    },
    { signedPixels: false, utf8: false, sequences: new Map() },
  );
  const groupLength = elementsOf(
    { FileMetaInformationGroupLength: encodedLength(meta) },
    { signedPixels: false, utf8: false, sequences: new Map() },
  );
  const content = elementsOf(dataSet, {
    signedPixels: dataSet.PixelRepresentation === 1,
    utf8: dataSet.SpecificCharacterSet === "ISO_IR 192",
    sequences: new Map(),
  });
  const parts = [...groupLength, ...meta, ...content];
  const bytes = new Uint8Array(132 + encodedLength(parts));
  bytes.set([0x44, 0x49, 0x43, 0x4d], 128);
  const end = writeElements(parts, new DataView(bytes.buffer), 132);
  if (end !== bytes.length) throw new Error("the encoded length was computed wrongly");
  return bytes;
}

/** An encoded element, or a sequence of items. */
interface EncodedElement {
  readonly group: number;
  readonly element: number;
  readonly vr: string;
  /** Even number of bytes, without the header. */
  readonly length: number;
  readonly value: Uint8Array | readonly (readonly EncodedElement[])[];
}

interface Context {
  readonly signedPixels: boolean;
  readonly utf8: boolean;
  /** Sequences that stand in the data set more than once as one object, encoded: the codes of every frame. */
  readonly sequences: Map<readonly DataValue[], readonly EncodedElement[][]>;
}

/** The longest value of each text representation, in characters (PS3.5 table 6.2-1). */
const MAXIMUM_CHARACTERS: Readonly<Record<string, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10240,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
};
/** Copied from a stranger's CT as they stand: longer than allowed, they must still equal it. */
const COPIED = new Set([
  "AccessionNumber",
  "PatientAge",
  "PatientBirthDate",
  "PatientID",
  "PatientName",
  "PatientSex",
  "ReferringPhysicianName",
  "StudyDate",
  "StudyDescription",
  "StudyID",
  "StudyTime",
]);
const TEXT = new Set([
  "AE",
  "AS",
  "CS",
  "DA",
  "DS",
  "DT",
  "IS",
  "LO",
  "LT",
  "PN",
  "SH",
  "ST",
  "TM",
  "UC",
  "UI",
  "UR",
  "UT",
]);
/** Representations whose length field has four bytes (PS3.5 table 7.1-1). */
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/** Bytes, lowest and highest value, and the writer of each binary number. */
const NUMBERS: Readonly<
  Record<string, readonly [number, number, number, (view: DataView, at: number, value: number) => void]>
> = {
  US: [2, 0, 0xffff, (view, at, value) => view.setUint16(at, value, true)],
  SS: [2, -0x8000, 0x7fff, (view, at, value) => view.setInt16(at, value, true)],
  UL: [4, 0, 0xffffffff, (view, at, value) => view.setUint32(at, value, true)],
  SL: [4, -0x80000000, 0x7fffffff, (view, at, value) => view.setInt32(at, value, true)],
  FL: [4, -3.4e38, 3.4e38, (view, at, value) => view.setFloat32(at, value, true)],
  FD: [8, -Infinity, Infinity, (view, at, value) => view.setFloat64(at, value, true)],
  // An attribute tag as 0xggggeeee: two numbers of 16 bits.
  AT: [
    4,
    0,
    0xffffffff,
    (view, at, value) => {
      view.setUint16(at, value >>> 16, true);
      view.setUint16(at + 2, value & 0xffff, true);
    },
  ],
};

/** Elements in ascending tag order. */
function elementsOf(dataSet: DataSet, context: Context): EncodedElement[] {
  const elements: EncodedElement[] = [];
  for (const [keyword, value] of Object.entries(dataSet)) {
    if (value === undefined) continue;
    const { group, element, vr: declared } = attributeOf(keyword);
    const values = isList(value) ? value : [value];
    const vr = representationOf(declared, dataSet, context);
    const encoded = vr === "SQ" ? itemsOf(values, keyword, context) : bytesOf(values, vr, keyword, context);
    elements.push({
      group,
      element,
      vr,
      length:
        encoded instanceof Uint8Array
          ? encoded.length
          : encoded.reduce((sum, item) => sum + 8 + encodedLength(item), 0),
      value: encoded,
    });
  }
  return elements.toSorted((a, b) => a.group - b.group || a.element - b.element);
}

interface Attribute {
  readonly group: number;
  readonly element: number;
  readonly vr: string;
}
const attributes = new Map<string, Attribute>();

/** Tag and representation of a keyword; remembered, because a segmentation asks for the same few thousands of times. */
function attributeOf(keyword: string): Attribute {
  const known = attributes.get(keyword);
  if (known) return known;
  const own = /^\(([0-9A-F]{3}[13579BDF],[0-9A-F]{4})\) ([A-Z]{2})$/i.exec(keyword);
  const entry = own ? { tag: `(${own[1]})`, vr: own[2] } : dcmjs.data.DicomMetaDictionary.nameMap[keyword];
  const tag = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/i.exec(entry?.tag ?? "");
  if (!entry || !tag) throw new Error(`${keyword} is not a DICOM keyword`);
  const attribute = { group: parseInt(tag[1], 16), element: parseInt(tag[2], 16), vr: entry.vr };
  attributes.set(keyword, attribute);
  return attribute;
}

/** PS3.5 A.2: Pixel Data is OB where Bits Allocated is at most 8, else OW. US or SS follows Pixel Representation. */
function representationOf(vr: string, dataSet: DataSet, context: Context): string {
  if (vr === "ox") return Number(dataSet.BitsAllocated) > 8 ? "OW" : "OB";
  if (vr === "xs") return context.signedPixels ? "SS" : "US";
  return vr;
}

function itemsOf(
  values: readonly DataValue[],
  keyword: string,
  context: Context,
): readonly EncodedElement[][] {
  const known = context.sequences.get(values);
  if (known) return known;
  const items = values.map((item) => {
    if (!isDataSet(item)) throw new Error(`${keyword} is a sequence; its items must be data sets`);
    return elementsOf(item, context);
  });
  context.sequences.set(values, items);
  return items;
}

function bytesOf(values: readonly DataValue[], vr: string, keyword: string, context: Context): Uint8Array {
  if (TEXT.has(vr))
    return textBytes(
      values.map((value) => textOf(value, vr, keyword)),
      vr,
      keyword,
      context,
    );
  const form = NUMBERS[vr];
  if (form) return numberBytes(values, form, keyword);
  const [value] = values;
  if (value === undefined) return new Uint8Array(0);
  if (!isBinary(value)) throw new Error(`${keyword} (${vr}) needs bytes`);
  return evenBytes(value instanceof Uint8Array ? value : new Uint8Array(value), 0);
}

function textOf(value: DataValue, vr: string, keyword: string): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Error(`${keyword} is not a finite number`);
    return vr === "DS" ? decimalString(value) : String(value);
  }
  if (typeof value !== "string") throw new Error(`${keyword} (${vr}) needs text`);
  // PN: 64 characters for each of the alphabetic, ideographic and phonetic groups.
  const limit = MAXIMUM_CHARACTERS[vr];
  const parts = vr === "PN" ? value.split("=") : value.split("\\");
  const whole = vr === "LT" || vr === "ST" ? [value] : parts;
  if (!COPIED.has(keyword) && whole.some((part) => part.length > (vr === "PN" ? 64 : (limit ?? Infinity))))
    throw new Error(`${keyword} is longer than its representation ${vr} allows: ${value}`);
  return value;
}

const utf8 = new TextEncoder();

function textBytes(values: readonly string[], vr: string, keyword: string, context: Context): Uint8Array {
  const text = values.join("\\");
  const bytes = utf8.encode(text);
  if (bytes.length !== text.length && !context.utf8)
    throw new Error(
      `${keyword} has characters beyond ASCII, but the character set is not ISO_IR 192: ${text}`,
    );
  return evenBytes(bytes, vr === "UI" ? 0 : 0x20);
}

function numberBytes(
  values: readonly DataValue[],
  [size, low, high, write]: (typeof NUMBERS)[string],
  keyword: string,
): Uint8Array {
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, n) => {
    const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
    if (!(number >= low && number <= high))
      throw new Error(`${keyword} can't hold ${typeof value === "string" ? value : number}`);
    write(view, n * size, number);
  });
  return bytes;
}

/** Values have an even number of bytes (PS3.5 7.1.1). */
function evenBytes(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  padded[bytes.length] = padding;
  return padded;
}

/** Bytes of the elements with their headers. */
const encodedLength = (elements: readonly EncodedElement[]): number =>
  elements.reduce((sum, { vr, length }) => sum + (LONG.has(vr) ? 12 : 8) + length, 0);

function writeElements(elements: readonly EncodedElement[], view: DataView, start: number): number {
  let at = start;
  for (const { group, element, vr, length, value } of elements) {
    view.setUint16(at, group, true);
    view.setUint16(at + 2, element, true);
    view.setUint8(at + 4, vr.charCodeAt(0));
    view.setUint8(at + 5, vr.charCodeAt(1));
    if (LONG.has(vr)) view.setUint32(at + 8, length, true);
    else if (length > 0xffff) throw new Error(`a value of ${length} bytes doesn't fit ${vr}`);
    else view.setUint16(at + 6, length, true);
    at += LONG.has(vr) ? 12 : 8;
    if (value instanceof Uint8Array) {
      new Uint8Array(view.buffer).set(value, at);
      at += length;
    } else for (const item of value) at = writeItem(item, view, at);
  }
  return at;
}

function writeItem(item: readonly EncodedElement[], view: DataView, at: number): number {
  view.setUint16(at, 0xfffe, true);
  view.setUint16(at + 2, 0xe000, true);
  view.setUint32(at + 4, encodedLength(item), true);
  return writeElements(item, view, at + 8);
}

const isList = (value: DataValue | readonly DataValue[]): value is readonly DataValue[] =>
  Array.isArray(value);
const isBinary = (value: DataValue): value is Binary =>
  value instanceof ArrayBuffer || value instanceof Uint8Array;
const isDataSet = (value: DataValue): value is DataSet => typeof value === "object" && !isBinary(value);

/** The DS text (at most 16 characters) nearest to `value`; equal text reads back to the same number where 16 characters allow. */
export function decimalString(value: number): string {
  for (let digits = 17; digits > 0; digits--) {
    const text = digits === 17 ? String(value) : String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return "0";
}
