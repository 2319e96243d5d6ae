// A DICOM JSON data set as the bytes of a file without pixels, so that the one reader of headers reads archives' headers too.
import { joined } from "../encapsulated.ts";
import { EXPLICIT_LITTLE_ENDIAN } from "../transfer-syntax.ts";
import { type JsonDataSet, elementOf, isDataSet, textOf } from "./dicom-json.ts";

const TEXT = new Set("AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT".split(" "));
/** Representations whose length field has four bytes (PS3.5 table 7.1-1). */
const LONG = new Set(["OW", "SQ", "UC", "UR", "UT"]);
const NUMBERS: Readonly<Record<string, readonly [bytes: number, write: NumberWriter]>> = {
  US: [2, (view, at, value) => view.setUint16(at, value, true)],
  SS: [2, (view, at, value) => view.setInt16(at, value, true)],
  UL: [4, (view, at, value) => view.setUint32(at, value, true)],
  SL: [4, (view, at, value) => view.setInt32(at, value, true)],
  FL: [4, (view, at, value) => view.setFloat32(at, value, true)],
  FD: [8, (view, at, value) => view.setFloat64(at, value, true)],
};
type NumberWriter = (view: DataView, at: number, value: number) => void;

/** Functional groups nest four deep. */
const DEPTH = 8;
const utf8 = new TextEncoder();

/**
 * Explicit VR little endian with preamble and meta header, ending with an empty Pixel Data. Only what JSON holds as values: bulk data,
 * inline binary, private attributes and values of another shape than their representation are left out. Text is UTF-8 and declared so.
 */
export function encodeJson(set: JsonDataSet): Uint8Array {
  const meta = element("00020010", "UI", textBytes(EXPLICIT_LITTLE_ENDIAN, "UI"));
  const declared = { ...set, "00080005": { vr: "CS", Value: ["ISO_IR 192"] } };
  const preamble = new Uint8Array(132);
  preamble.set([0x44, 0x49, 0x43, 0x4d], 128);
  return joined([
    preamble,
    meta,
    ...elementsOf(declared, DEPTH),
    element("7FE00010", "OW", new Uint8Array(0)),
  ]);
}

function elementsOf(set: JsonDataSet, depth: number): Uint8Array[] {
  return Object.keys(set)
    .filter((tag) => /^[0-7][0-9A-F]{2}[02468ACE][0-9A-F]{4}$/i.test(tag) && tag >= "0008" && tag < "7FE0")
    .sort()
    .flatMap((tag) => {
      const found = elementOf(set, tag);
      const value = found && valueBytes(found.vr, found.values, depth);
      return found && value && (LONG.has(found.vr) || value.length < 0xffff)
        ? [element(tag, found.vr, value)]
        : [];
    });
}

function valueBytes(vr: string, values: readonly unknown[], depth: number): Uint8Array | null {
  if (vr === "SQ") return depth > 0 ? sequenceBytes(values, depth - 1) : null;
  if (TEXT.has(vr)) return textBytes(values.map(textOf).join("\\"), vr);
  const form = NUMBERS[vr];
  if (!form) return null;
  const [size, write] = form;
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  for (const [n, value] of values.entries()) {
    const number = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
    if (!Number.isFinite(number)) return null;
    write(view, n * size, number);
  }
  return bytes;
}

function sequenceBytes(values: readonly unknown[], depth: number): Uint8Array {
  return joined(
    values.filter(isDataSet).flatMap((item) => {
      const content = joined(elementsOf(item, depth));
      const head = new Uint8Array(8);
      const view = new DataView(head.buffer);
      view.setUint16(0, 0xfffe, true);
      view.setUint16(2, 0xe000, true);
      view.setUint32(4, content.length, true);
      return [head, content];
    }),
  );
}

function textBytes(text: string, vr: string): Uint8Array {
  const bytes = utf8.encode(text);
  return bytes.length % 2 === 0 ? bytes : joined([bytes, new Uint8Array([vr === "UI" ? 0 : 0x20])]);
}

function element(tag: string, vr: string, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(LONG.has(vr) ? 12 : 8);
  const view = new DataView(head.buffer);
  view.setUint16(0, parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, parseInt(tag.slice(4), 16), true);
  head.set(utf8.encode(vr), 4);
  if (LONG.has(vr)) view.setUint32(8, value.length, true);
  else view.setUint16(6, value.length, true);
  return joined([head, value]);
}
