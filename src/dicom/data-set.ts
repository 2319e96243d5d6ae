// Finds and parses the data set inside a file's bytes, whole or only its first part; typed access to its elements.
import dicomParser from "dicom-parser";
import type { DataSet, Element } from "dicom-parser";
import { type Problem, problem } from "#core/problem";
import { decodeText, isUndeclared } from "./character-set.ts";
import { inflateUpTo } from "./inflate.ts";
import { MAX_HEADER_BYTES } from "./input-limits.ts";
import type { InstanceHeader } from "./instance-header.ts";
import { Item } from "./nested-items.ts";
import { EXTENDED_OFFSET_TABLE, placeOfTable } from "./offset-table.ts";
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from "./transfer-syntax.ts";

const PIXEL_DATA = "x7fe00010";
const PREAMBLE_BYTES = 132;
/** Of a deflated data set no more than this is inflated: no CT instance comes near it, a zip bomb does. */
const MAX_INFLATED_BYTES = 1 << 30;
/** A value of a header is shorter than this; what is longer is no text, code or number of it. */
const MAX_VALUE_BYTES = 1 << 16;

export interface ParsedDataSet {
  readonly elements: ElementReader;
  /** The same data set with its sequences. */
  readonly root: Item;
  readonly transferSyntaxUid: string;
  /** Pixel Data, where reached; offset in the file (or in the inflated data set). */
  readonly pixelData: { readonly offsetBytes: number; readonly lengthBytes: number } | null;
  /** Parsing got past every attribute that a header needs (Pixel Data or a group beyond 0028 was met). */
  readonly sawImageGroup: boolean;
  /** The parser stopped inside an element: the file, or the part of it that was given, ends too early. */
  readonly endsEarly: boolean;
  /** Where the last element that was met says that it ends, in the file; 0 where the syntax is deflated. */
  readonly claimedEndBytes: number;
}

export type ParseOutcome =
  { readonly ok: true; readonly dataSet: ParsedDataSet } | { readonly ok: false; readonly problem: Problem };

/** Where a data set starts and what its syntax must be where no meta header says it. */
type Opening =
  | { readonly kind: "part10" }
  | { readonly kind: "bare-meta" }
  | { readonly kind: "bare"; readonly syntax: string };

/**
 * Parses up to Pixel Data. Reads files with a preamble, with a meta header but no preamble, and bare data sets (the syntax is then
 * told from the first element). `bytes` may be only the beginning of a file. Never throws.
 */
export function parseDataSet(bytes: Uint8Array, fileName: string): ParseOutcome {
  const opening = openingOf(bytes);
  if (!opening) return { ok: false, problem: problem("read/not-dicom", { fileName }) };
  const shiftBytes = opening.kind === "bare-meta" ? PREAMBLE_BYTES : 0;
  const source = opening.kind === "bare-meta" ? withPreamble(bytes) : bytes;
  let inflateFailed = false;
  const options = {
    untilTag: PIXEL_DATA,
    inflater: (file: Uint8Array, position: number) => {
      try {
        return inflateUpTo(file.subarray(position), MAX_HEADER_BYTES).bytes;
      } catch {
        inflateFailed = true;
        return new Uint8Array(0);
      }
    },
    ...(opening.kind === "bare" ? { TransferSyntaxUID: opening.syntax } : {}),
  };
  let { parsed, endsEarly, tooDeep } = parsedAsFarAs(source, options);
  const table: Element | undefined = parsed?.elements[EXTENDED_OFFSET_TABLE];
  const place = parsed && table ? placeOfTable(parsed.byteArray, table) : null;
  if (place) {
    // Once more up to the table: what follows it was misread.
    ({ parsed, endsEarly, tooDeep } = parsedAsFarAs(source, { ...options, untilTag: EXTENDED_OFFSET_TABLE }));
    if (parsed) delete parsed.elements[EXTENDED_OFFSET_TABLE];
    endsEarly = place.pixelData === null;
  }
  // Thousands of sequences in each other: the parser calls itself for each, and no file that means something does that.
  if (tooDeep) return { ok: false, problem: problem("read/nested-too-deep", { fileName }) };
  if (inflateFailed) return { ok: false, problem: problem("read/damaged-deflate", { fileName }) };
  if (!parsed) return { ok: false, problem: problem("read/truncated-header", { fileName }) };
  const transferSyntaxUid = opening.kind === "bare" ? opening.syntax : metaTransferSyntax(source);
  if (transferSyntaxUid === "")
    return { ok: false, problem: problem("read/no-transfer-syntax", { fileName }) };
  const deflated = transferSyntaxUid === DEFLATED_LITTLE_ENDIAN;
  const size = parsed.byteArray.length;
  let sawImageGroup = false;
  let claimedEndBytes = 0;
  for (const [tag, element] of Object.entries(parsed.elements)) {
    // The meta header's places count in the file, not in the inflated bytes.
    if (deflated && tag < "x00030000") delete parsed.elements[tag];
    if (tag > "x0028ffff") sawImageGroup = true;
    if (tag === PIXEL_DATA) continue;
    if (!element.hadUndefinedLength && element.dataOffset + element.length > size) {
      if (!deflated)
        claimedEndBytes = Math.max(claimedEndBytes, element.dataOffset + element.length - shiftBytes);
      endsEarly = true;
      delete parsed.elements[tag];
    }
  }
  const element: Element | undefined = parsed.elements[PIXEL_DATA];
  const pixels = element
    ? { offsetBytes: element.dataOffset, lengthBytes: element.hadUndefinedLength ? -1 : element.length }
    : (place?.pixelData ?? null);
  return {
    ok: true,
    dataSet: {
      elements: new ElementReader(parsed),
      root: new Item(parsed, []),
      transferSyntaxUid,
      pixelData: pixels ? { ...pixels, offsetBytes: pixels.offsetBytes - (deflated ? 0 : shiftBytes) } : null,
      sawImageGroup,
      endsEarly,
      claimedEndBytes,
    },
  };
}

/**
 * The bytes that the header's `pixelData` counts in: the file's own, or for the deflated syntax the inflated form, as far as its pixels
 * of at most two bytes reach. Null when damaged.
 */
export function pixelBytes(
  file: Uint8Array,
  { transferSyntaxUid, pixelData, format }: InstanceHeader,
): Uint8Array | null {
  if (transferSyntaxUid !== DEFLATED_LITTLE_ENDIAN) return file;
  const opening = openingOf(file);
  const source = opening?.kind === "bare-meta" ? withPreamble(file) : file;
  try {
    const packed = source.subarray(metaEnd(source));
    const pixels = format.rows * format.columns * Math.max(1, format.numberOfFrames);
    const neededBytes = (pixelData?.offsetBytes ?? 0) + 2 * pixels;
    return inflateUpTo(packed, Math.min(neededBytes, MAX_INFLATED_BYTES)).bytes;
  } catch {
    return null;
  }
}

function openingOf(bytes: Uint8Array): Opening | null {
  if (bytes.length >= PREAMBLE_BYTES && ascii(bytes, 128, 4) === "DICM") return { kind: "part10" };
  if (bytes.length < 16) return null;
  const group = bytes[0] | (bytes[1] << 8);
  const explicit = /^[A-Z]{2}$/.test(ascii(bytes, 4, 2));
  if (group === 0x0002 && explicit) return { kind: "bare-meta" };
  if (group === 0x0008)
    return { kind: "bare", syntax: explicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN };
  if (group === 0x0800 && explicit) return { kind: "bare", syntax: EXPLICIT_BIG_ENDIAN };
  return null;
}

function withPreamble(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + PREAMBLE_BYTES);
  out.set([0x44, 0x49, 0x43, 0x4d], 128);
  out.set(bytes, PREAMBLE_BYTES);
  return out;
}

/** First byte after the meta header; dicom-parser sets this property but its types leave it out. */
function metaEnd(source: Uint8Array): number {
  const meta = dicomParser.readPart10Header(source, { untilTag: PIXEL_DATA });
  return "position" in meta && typeof meta.position === "number" ? meta.position : 0;
}

function metaTransferSyntax(source: Uint8Array): string {
  try {
    return (dicomParser.readPart10Header(source, { untilTag: PIXEL_DATA }).string("x00020010") ?? "").trim();
  } catch {
    return "";
  }
}

/** V8 throws a RangeError, Firefox an InternalError; dicom-parser's own exceptions are strings. It wraps what it caught. */
function isStackOverflow(thrown: unknown): boolean {
  const cause =
    typeof thrown === "object" && thrown !== null && "exception" in thrown ? thrown.exception : thrown;
  return cause instanceof Error && /call stack|recursion/i.test(cause.message);
}

/** dicom-parser throws strings, Errors, or { exception, dataSet } with what it had read when the bytes ran out. */
function parsedAsFarAs(
  source: Uint8Array,
  options: dicomParser.ParseDicomOptions,
): { parsed: DataSet | null; endsEarly: boolean; tooDeep: boolean } {
  try {
    return { parsed: dicomParser.parseDicom(source, options), endsEarly: false, tooDeep: false };
  } catch (thrown) {
    return { parsed: partialDataSet(thrown), endsEarly: true, tooDeep: isStackOverflow(thrown) };
  }
}

function partialDataSet(thrown: unknown): DataSet | null {
  if (typeof thrown !== "object" || thrown === null || !("dataSet" in thrown)) return null;
  return isDataSet(thrown.dataSet) ? thrown.dataSet : null;
}

const isDataSet = (value: unknown): value is DataSet =>
  typeof value === "object" && value !== null && "elements" in value && "byteArray" in value;

const ascii = (bytes: Uint8Array, at: number, count: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + count));

/** Typed reading of a parsed data set: absent or malformed values are "" or null, never an exception. */
export class ElementReader {
  readonly #dataSet: DataSet;
  readonly #characterSets: readonly string[];
  /** Set once a text with undeclared non-ASCII characters was read. */
  readUndeclaredText = false;

  constructor(dataSet: DataSet) {
    this.#dataSet = dataSet;
    this.#characterSets = this.codes("x00080005");
  }

  /** Text in the file's character set (PN, LO, SH). Backslashes stay. */
  text(tag: string): string {
    const bytes = this.#bytes(tag);
    if (!bytes) return "";
    if (isUndeclared(bytes, this.#characterSets)) this.readUndeclaredText = true;
    return decodeText(bytes, this.#characterSets).trim();
  }

  /** First or n-th value of an ASCII attribute (UI, CS, DA, TM, IS as text). */
  code(tag: string, index = 0): string {
    return this.codes(tag)[index] ?? "";
  }

  codes(tag: string): readonly string[] {
    const bytes = this.#bytes(tag);
    if (!bytes || bytes.length === 0) return [];
    return decodeText(bytes, ["ISO_IR 100"])
      .split("\\")
      .map((value) => value.replace(/\0/gu, "").trim());
  }

  /** Values of a DS or IS attribute; null when absent, too few, or one of them is not a number. */
  numbers(tag: string, count: number): readonly number[] | null {
    const values = this.codes(tag);
    if (values.length < count) return null;
    const numbers = values.slice(0, count).map((value) => (value === "" ? Number.NaN : Number(value)));
    return numbers.every(Number.isFinite) ? numbers : null;
  }

  number(tag: string): number | null {
    return this.numbers(tag, 1)?.[0] ?? null;
  }

  /** An unsigned 16-bit value (US, or the bits of an SS). */
  uint16(tag: string): number | null {
    const element = this.#element(tag);
    if (!element || element.length < 2) return null;
    return this.#dataSet.uint16(tag) ?? null;
  }

  #element(tag: string): Element | null {
    const element: Element | undefined = this.#dataSet.elements[tag];
    return element && !element.items && element.length <= MAX_VALUE_BYTES ? element : null;
  }

  #bytes(tag: string): Uint8Array | null {
    const element = this.#element(tag);
    return element
      ? this.#dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length)
      : null;
  }
}
