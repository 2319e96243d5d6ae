// A whole data set with its sequences, for objects whose meaning is nested: segmentations and structured reports.
import dicomParser from "dicom-parser";
import type { DataSet, Element } from "dicom-parser";
import type { CodedConcept } from "#core/coded-concept";
import { type Result, fail, ok, problem } from "#core/problem";
import { decodeText } from "./character-set.ts";
import { inflateUpTo } from "./inflate.ts";
import { MAX_OBJECT_BYTES } from "./input-limits.ts";
import { type TransferSyntax, transferSyntaxOf } from "./transfer-syntax.ts";

const PIXEL_DATA = "x7fe00010";

export interface WholeObject {
  readonly root: Item;
  readonly transferSyntax: TransferSyntax;
  /** Bytes of native Pixel Data; null where there is none or it is encapsulated. */
  readonly nativePixels: Uint8Array | null;
  /** Where the fragments of encapsulated Pixel Data begin; null where there are none. */
  readonly encapsulatedPixels: { readonly file: Uint8Array; readonly offsetBytes: number } | null;
}

/** Parses a Part 10 file completely. Problem "read/not-dicom" or "read/truncated" where that fails. Never throws. */
export function readWholeObject(bytes: Uint8Array): Result<WholeObject> {
  if (bytes.length < 132 || String.fromCharCode(...bytes.subarray(128, 132)) !== "DICM")
    return fail(problem("read/not-dicom"));
  try {
    const dataSet = dicomParser.parseDicom(bytes, { inflater });
    const uid = (dataSet.string("x00020010") ?? "").trim();
    const pixels: Element | undefined = dataSet.elements[PIXEL_DATA];
    if (pixels && !pixels.hadUndefinedLength && pixels.dataOffset + pixels.length > dataSet.byteArray.length)
      return fail(problem("read/truncated"));
    return ok({
      root: new Item(dataSet, []),
      transferSyntax: transferSyntaxOf(uid),
      nativePixels:
        pixels && !pixels.encapsulatedPixelData
          ? dataSet.byteArray.subarray(pixels.dataOffset, pixels.dataOffset + pixels.length)
          : null,
      encapsulatedPixels: pixels?.encapsulatedPixelData
        ? { file: dataSet.byteArray, offsetBytes: pixels.dataOffset }
        : null,
    });
  } catch {
    // dicom-parser throws strings, Errors or partial data sets: an object that isn't whole isn't used.
    return fail(problem("read/truncated"));
  }
}

/** The data set alone: the parser reads what this returns from its first byte. */
function inflater(file: Uint8Array, position: number): Uint8Array {
  const { bytes, whole } = inflateUpTo(file.subarray(position), MAX_OBJECT_BYTES);
  if (!whole) throw new RangeError("the deflated data set is cut off, or larger than any");
  return bytes;
}

/** A data set or sequence item. Absent values are "", null or []; malformed numbers are null. Tags as "xggggeeee". */
export class Item {
  readonly #dataSet: DataSet;
  readonly #characterSets: readonly string[];

  constructor(dataSet: DataSet, inherited: readonly string[]) {
    this.#dataSet = dataSet;
    const own = (dataSet.string("x00080005") ?? "").split("\\").map((term) => term.trim());
    this.#characterSets = own.some((term) => term !== "") ? own : inherited;
  }

  has(tag: string): boolean {
    return this.#dataSet.elements[tag] !== undefined;
  }

  /** Text in the item's character set; backslashes stay. */
  text(tag: string): string {
    const bytes = this.#bytes(tag);
    return bytes ? decodeText(bytes, this.#characterSets).trim() : "";
  }

  /** First value of an ASCII attribute (UI, CS, DA, TM). */
  string(tag: string): string {
    return this.strings(tag)[0] ?? "";
  }

  strings(tag: string): readonly string[] {
    const text = this.text(tag).replaceAll("\0", "");
    return text === "" ? [] : text.split("\\").map((value) => value.trim());
  }

  /** Values of a DS or IS attribute; null unless there are at least `count` and all are numbers. */
  numbers(tag: string, count: number): readonly number[] | null {
    const values = this.strings(tag).map((value) => (value === "" ? Number.NaN : Number(value)));
    return values.length >= count && values.every(Number.isFinite) ? values : null;
  }

  number(tag: string): number | null {
    return this.numbers(tag, 1)?.[0] ?? null;
  }

  /** n-th value of a US attribute. */
  uint16(tag: string, index = 0): number | null {
    const element = this.#element(tag);
    return element && element.length >= 2 * (index + 1) ? (this.#dataSet.uint16(tag, index) ?? null) : null;
  }

  /** First value of a UL attribute. */
  uint32(tag: string): number | null {
    const element = this.#element(tag);
    return element && element.length >= 4 ? (this.#dataSet.uint32(tag) ?? null) : null;
  }

  uint16s(tag: string): readonly number[] {
    const element = this.#element(tag);
    const count = element ? Math.floor(element.length / 2) : 0;
    return Array.from({ length: count }, (_, n) => this.#dataSet.uint16(tag, n) ?? 0);
  }

  /** FL values; none where the element is missing. */
  floats(tag: string): readonly number[] {
    const count = Math.floor((this.#element(tag)?.length ?? 0) / 4);
    return Array.from({ length: count }, (_, index) => this.#dataSet.float(tag, index) ?? 0);
  }

  /** Items of a sequence. */
  items(tag: string): readonly Item[] {
    const element = this.#element(tag);
    return (element?.items ?? []).flatMap((item) =>
      item.dataSet ? [new Item(item.dataSet, this.#characterSets)] : [],
    );
  }

  first(tag: string): Item | null {
    return this.items(tag)[0] ?? null;
  }

  /** First item of a code sequence; long and URN values are taken too (PS3.3 table 8.8-1). */
  code(tag: string): CodedConcept | null {
    return this.first(tag)?.asCode() ?? null;
  }

  codes(tag: string): readonly CodedConcept[] {
    return this.items(tag).flatMap((item) => item.asCode() ?? []);
  }

  asCode(): CodedConcept | null {
    const value = this.text("x00080100") || this.text("x00080119") || this.text("x00080120");
    if (value === "") return null;
    return { value, scheme: this.text("x00080102"), meaning: this.text("x00080104") };
  }

  /** None where its value would run past the bytes that there are. */
  #element(tag: string): Element | undefined {
    const element: Element | undefined = this.#dataSet.elements[tag];
    if (!element || element.items || element.hadUndefinedLength) return element;
    return element.dataOffset + element.length <= this.#dataSet.byteArray.length ? element : undefined;
  }

  #bytes(tag: string): Uint8Array | null {
    const element = this.#element(tag);
    if (!element || element.items || element.length > this.#dataSet.byteArray.length) return null;
    return this.#dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  }
}
