// Walks the bytes of a DICOM file for the search, by its own rules: no dictionary, no parser of the viewer, nothing shared with the writer.
import { inflateSync } from "fflate";

export interface RawValue {
  /** Eight hexadecimal digits, capitals. */
  readonly tag: string;
  /** "" where the file has none (implicit). */
  readonly vr: string;
  readonly bytes: Uint8Array;
  /** Specific Character Set in force. */
  readonly characterSet: string;
}

export interface DicomStream {
  /** What the values and places are of: the file, or the inflated data set. */
  readonly bytes: Uint8Array;
  readonly inflated: boolean;
  readonly values: readonly RawValue[];
  /** Pixel Data, by place in `bytes`. */
  readonly pixels: readonly (readonly [from: number, to: number])[];
}

const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const UNDEFINED_LENGTH = 0xffffffff;

const EXPLICIT = "1.2.840.10008.1.2.1";
const IMPLICIT = "1.2.840.10008.1.2";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const DEFLATED = "1.2.840.10008.1.2.1.99";

/** Where the elements begin, and the syntax of a file without meta header; null for what is no DICOM. */
function beginning(file: Uint8Array): { readonly at: number; readonly syntax?: string } | null {
  if (file.length > 136 && ascii(file.subarray(128, 132)) === "DICM") return { at: 132 };
  if (file.length < 16) return null;
  const letters = /^[A-Z]{2}$/.test(ascii(file.subarray(4, 6)));
  if (file[0] === 2 && file[1] === 0 && letters) return { at: 0 };
  if (file[0] === 8 && file[1] === 0) return { at: 0, syntax: letters ? EXPLICIT : IMPLICIT };
  return file[0] === 0 && file[1] === 8 && letters ? { at: 0, syntax: BIG_ENDIAN } : null;
}

export const isDicom = (bytes: Uint8Array): boolean => beginning(bytes) !== null;

/** Throws where the file is no DICOM that can be walked to its end. */
export function walkDicom(file: Uint8Array): DicomStream {
  const start = beginning(file);
  if (!start) throw new RangeError("no DICOM file");
  const walk = new Walk(file);
  const bodyStart = start.syntax ? start.at : walk.meta(start.at);
  const syntax = start.syntax ?? walk.transferSyntax;
  if (syntax === DEFLATED) {
    const inner = new Walk(inflateSync(file.subarray(bodyStart)));
    inner.body(0, true, true);
    return {
      bytes: inner.file,
      inflated: true,
      values: [...walk.values, ...inner.values],
      pixels: inner.pixels,
    };
  }
  walk.body(bodyStart, syntax !== IMPLICIT, syntax !== BIG_ENDIAN);
  return { bytes: file, inflated: false, values: walk.values, pixels: walk.pixels };
}

class Walk {
  readonly file: Uint8Array;
  readonly values: RawValue[] = [];
  readonly pixels: (readonly [number, number])[] = [];
  transferSyntax = IMPLICIT;
  readonly #view: DataView;
  #explicit = true;
  #little = true;

  constructor(file: Uint8Array) {
    this.file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  /** Group 0002; gives where the data set begins. */
  meta(from: number): number {
    let at = from;
    while (at + 8 <= this.file.length && this.#view.getUint16(at, true) === 2) {
      const start = this.values.length;
      at = this.#element(at, "");
      const value = this.values[start];
      if (value?.tag === "00020010") this.transferSyntax = ascii(value.bytes);
    }
    return at;
  }

  body(start: number, explicit: boolean, little: boolean): void {
    this.#explicit = explicit;
    this.#little = little;
    const end = this.#items(start, this.file.length, "");
    if (this.file.subarray(end).some((byte) => byte !== 0)) throw new RangeError("an element is cut off");
  }

  /** Elements up to `end` or an item delimiter; gives the place after. */
  #items(start: number, end: number, outerSet: string): number {
    let at = start;
    let characterSet = outerSet;
    while (at + 8 <= end) {
      const tag = this.#tag(at);
      if (tag === "FFFEE00D") return at + 8;
      const before = this.values.length;
      at = this.#element(at, characterSet);
      const value = this.values[before];
      if (value?.tag === "00080005") characterSet = ascii(value.bytes);
    }
    return at;
  }

  #tag(at: number): string {
    const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, "0");
    return hex(this.#view.getUint16(at, this.#little)) + hex(this.#view.getUint16(at + 2, this.#little));
  }

  #element(at: number, characterSet: string): number {
    const tag = this.#tag(at);
    let vr = "";
    let length = 0;
    let value = at + 8;
    const meta = tag.startsWith("0002");
    if (this.#explicit || meta) {
      vr = String.fromCharCode(this.file[at + 4], this.file[at + 5]);
      if (LONG.has(vr)) {
        length = this.#view.getUint32(at + 8, this.#little);
        value = at + 12;
      } else length = this.#view.getUint16(at + 6, this.#little);
    } else length = this.#view.getUint32(at + 4, this.#little);
    const fragments = length === UNDEFINED_LENGTH && (tag === "7FE00010" || vr === "OB" || vr === "OW");
    if (fragments) return this.#fragments(value);
    if (vr === "SQ" || length === UNDEFINED_LENGTH || this.#looksLikeItems(vr, value, length))
      return this.#sequence(value, length, characterSet, vr === "UN");
    if (value + length > this.file.length) throw new RangeError("an element runs past the end");
    if (tag === "7FE00010") this.pixels.push([value, value + length]);
    else this.values.push({ tag, vr, bytes: this.file.subarray(value, value + length), characterSet });
    return value + length;
  }

  /** Implicit syntax and UN say nothing of sequences: an item tag at the beginning does. */
  #looksLikeItems(vr: string, at: number, length: number): boolean {
    return (
      (vr === "" || vr === "UN") && length >= 8 && at + 8 <= this.file.length && this.#tag(at) === "FFFEE000"
    );
  }

  #sequence(start: number, length: number, characterSet: string, implicit: boolean): number {
    const explicitBefore = this.#explicit;
    if (implicit) this.#explicit = false;
    const end = length === UNDEFINED_LENGTH ? this.file.length : start + length;
    let at = start;
    while (at + 8 <= end) {
      const tag = this.#tag(at);
      const itemLength = this.#view.getUint32(at + 4, this.#little);
      at += 8;
      if (tag === "FFFEE0DD") break;
      if (tag !== "FFFEE000") throw new RangeError("no item where one has to be");
      at = this.#items(at, itemLength === UNDEFINED_LENGTH ? end : at + itemLength, characterSet);
    }
    this.#explicit = explicitBefore;
    return length === UNDEFINED_LENGTH ? at : end;
  }

  #fragments(start: number): number {
    let at = start;
    while (at + 8 <= this.file.length) {
      const tag = this.#tag(at);
      const length = this.#view.getUint32(at + 4, this.#little);
      at += 8;
      if (tag === "FFFEE0DD") return at;
      this.pixels.push([at, at + length]);
      at += length;
    }
    throw new RangeError("fragments without an end");
  }
}

/** Bytes as Latin-1 without padding. */
export function ascii(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text.replace(/[\0 ]+$/, "").trim();
}
