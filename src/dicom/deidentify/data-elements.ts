// A data set as a tree of attributes that can be changed and written again, whatever it was encoded in: text as text, numbers little endian.
import dcmjs from "dcmjs";
import dicomParser from "dicom-parser";
import type { DataSet, Element } from "dicom-parser";
import { type Result, fail, ok, problem } from "#core/problem";
import { decodeText } from "../character-set.ts";
import { inflateUpTo } from "../inflate.ts";
import { MAX_OBJECT_BYTES } from "../input-limits.ts";
import {
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  transferSyntaxOf,
} from "../transfer-syntax.ts";

/** Eight hexadecimal digits, capitals: "00100010". */
export type Tag = string;

export type DataElement = { readonly vr: string } & (
  { readonly text: string } | { readonly bytes: Uint8Array } | { readonly items: readonly DataItem[] }
);
/** In no order. */
export type DataItem = ReadonlyMap<Tag, DataElement>;

const TEXT = new Set("AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT".split(" "));
/** Bytes of one number, for turning big endian round. */
const NUMBER_BYTES: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  OW: 2,
  AT: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OL: 4,
  OF: 4,
  FD: 8,
  OD: 8,
  SV: 8,
  UV: 8,
  OV: 8,
};
export const PIXEL_DATA: Tag = "7FE00010";
/** Depth of sequences in each other; reports rarely reach ten. */
const MAX_DEPTH = 64;

const dictionary = new Map<Tag, string>();
/** Value representation by the dictionary; "UN" where it has none. */
export function representationOf(tag: Tag): string {
  if (dictionary.size === 0)
    for (const entry of Object.values(dcmjs.data.DicomMetaDictionary.nameMap)) {
      const found = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/i.exec(entry?.tag ?? "");
      if (entry && found) dictionary.set(`${found[1]}${found[2]}`.toUpperCase(), entry.vr);
    }
  const vr = dictionary.get(tag) ?? "UN";
  return { ox: "OW", xs: "US", lt: "OW", up: "UL" }[vr] ?? vr;
}

/** Tag of a keyword ("PatientName"). Throws for one that is not in the dictionary. */
export function tagOf(keyword: string): Tag {
  const found = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/i.exec(
    dcmjs.data.DicomMetaDictionary.nameMap[keyword]?.tag ?? "",
  );
  if (!found) throw new Error(`${keyword} is not a DICOM keyword`);
  return `${found[1]}${found[2]}`.toUpperCase();
}

export interface OpenedObject {
  /** Without group 0002 and without Pixel Data. */
  readonly root: DataItem;
  readonly transferSyntaxUid: string;
  /** Native Pixel Data, little endian; null where there is none or it is encapsulated. */
  readonly nativePixels: Uint8Array | null;
}

/** Reads a file whole, with preamble and meta header or without. Fails with "read/not-dicom" or "read/truncated". Never throws. */
export function openObject(file: Uint8Array, fileName: string): Result<OpenedObject> {
  const opening = openingOf(file);
  if (!opening) return fail(problem("read/not-dicom", { fileName }));
  try {
    const { source, syntax } = opening;
    const dataSet = dicomParser.parseDicom(source, syntax ? { TransferSyntaxUID: syntax } : { inflater });
    const transferSyntaxUid = syntax ?? (dataSet.string("x00020010") ?? "").trim();
    const bigEndian = transferSyntaxOf(transferSyntaxUid).bigEndian;
    const pixels: Element | undefined = dataSet.elements.x7fe00010;
    const native = pixels && !pixels.encapsulatedPixelData && !pixels.hadUndefinedLength;
    if (native && pixels.dataOffset + pixels.length > dataSet.byteArray.length)
      return fail(problem("read/truncated", { fileName }));
    const bits = dataSet.uint16("x00280100") ?? 16;
    const bytes = native ? slice(dataSet, pixels) : null;
    return ok({
      root: itemOf(dataSet, [], bigEndian, 0),
      transferSyntaxUid,
      nativePixels: bytes && bigEndian && bits > 8 ? turned(bytes, bits / 8) : bytes,
    });
  } catch {
    // dicom-parser throws strings, Errors or partial data sets: an object that isn't whole isn't used.
    return fail(problem("read/truncated", { fileName }));
  }
}

/** What the parser reads, and the syntax where no meta header says it. */
function openingOf(file: Uint8Array): { readonly source: Uint8Array; readonly syntax?: string } | null {
  const letters = (at: number, count: number) => String.fromCharCode(...file.subarray(at, at + count));
  if (letters(128, 4) === "DICM") return { source: file };
  const explicit = /^[A-Z]{2}$/.test(letters(4, 2));
  const group = file[0] | (file[1] << 8);
  if (group === 0x0002 && explicit) {
    const source = new Uint8Array(file.length + 132);
    source.set([0x44, 0x49, 0x43, 0x4d], 128);
    source.set(file, 132);
    return { source };
  }
  if (group === 0x0008)
    return { source: file, syntax: explicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN };
  return group === 0x0800 && explicit ? { source: file, syntax: EXPLICIT_BIG_ENDIAN } : null;
}

function inflater(file: Uint8Array, position: number): Uint8Array {
  const { bytes, whole } = inflateUpTo(file.subarray(position), MAX_OBJECT_BYTES);
  if (!whole) throw new RangeError("the deflated data set is cut off, or larger than any");
  return bytes;
}

const slice = (dataSet: DataSet, element: Element): Uint8Array =>
  dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);

function itemOf(dataSet: DataSet, inherited: readonly string[], bigEndian: boolean, depth: number): DataItem {
  if (depth > MAX_DEPTH) throw new RangeError("too deep");
  const own = (dataSet.string("x00080005") ?? "").split("\\").map((term) => term.trim());
  const characterSets = own.some((term) => term !== "") ? own : inherited;
  const item = new Map<Tag, DataElement>();
  for (const [key, element] of Object.entries(dataSet.elements)) {
    const tag = key.slice(1).toUpperCase();
    // Group lengths are made anew; the character set is always UTF-8 in what is written.
    if (tag.startsWith("0002") || tag.endsWith("0000") || tag === "00080005" || tag === PIXEL_DATA) continue;
    const stated = element.vr && element.vr !== "UN" ? element.vr : representationOf(tag);
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- the types leave out that a sequence may have none
    if (element.items || stated === "SQ") {
      const items = (element.items ?? []).flatMap((one) =>
        one.dataSet ? [itemOf(one.dataSet, characterSets, bigEndian, depth + 1)] : [],
      );
      item.set(tag, { vr: "SQ", items });
      continue;
    }
    if (element.dataOffset + element.length > dataSet.byteArray.length) throw new RangeError("cut off");
    const bytes = slice(dataSet, element);
    if (TEXT.has(stated)) item.set(tag, { vr: stated, text: textOf(bytes, stated, characterSets) });
    else {
      const size = NUMBER_BYTES[stated] ?? 1;
      item.set(tag, { vr: stated, bytes: bigEndian && size > 1 ? turned(bytes, size) : bytes });
    }
  }
  return item;
}

/** LO, PN, SH, ST, LT, UC and UT follow the character set; all others are ASCII. */
const textOf = (bytes: Uint8Array, vr: string, characterSets: readonly string[]): string =>
  decodeText(bytes, /^(LO|PN|SH|ST|LT|UC|UT)$/.test(vr) ? characterSets : ["ISO_IR 100"])
    .replaceAll("\0", "")
    .trim();

function turned(bytes: Uint8Array, size: number): Uint8Array {
  const out = bytes.slice();
  for (let at = 0; at + size <= out.length; at += size) out.subarray(at, at + size).reverse();
  return out;
}

/** First value of a text attribute, trimmed; "" where it is missing. */
export function textAt(item: DataItem, tag: Tag): string {
  const element = item.get(tag);
  return element && "text" in element ? (element.text.split("\\")[0] ?? "").trim() : "";
}

/** Items of a sequence; none where it is missing. */
export function itemsAt(item: DataItem, tag: Tag): readonly DataItem[] {
  const element = item.get(tag);
  return element && "items" in element ? element.items : [];
}

/** First value of a US attribute; null where it is missing. */
export function uint16At(item: DataItem, tag: Tag): number | null {
  const element = item.get(tag);
  return element && "bytes" in element && element.bytes.length >= 2
    ? element.bytes[0] | (element.bytes[1] << 8)
    : null;
}

/** Numbers of a DS or IS attribute; null unless there are `count` of them. */
export function numbersAt(item: DataItem, tag: Tag, count: number): readonly number[] | null {
  const element = item.get(tag);
  const numbers = element && "text" in element ? element.text.split("\\").map(Number) : [];
  return numbers.length >= count && numbers.every(Number.isFinite) ? numbers : null;
}
