// Inputs of the fuzz run: real files changed where their structure says it hurts, each made again from its seed and number.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { NamedBytes } from "./fuzz-sources.ts";

type Random = (below: number) => number;

/** Whole numbers below a bound from a seed (mulberry32): the same run everywhere. */
function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)];
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const NUMBERS = [0, 1, 2, 7, 8, 15, 16, 32, 255, 4096, 8193, 32767, 32768, 65534, 65535];
const LENGTHS = [0, 1, 3, 255, 65535, 1 << 20, 0x7fffffff, 0xfffffffe, 0xffffffff];
const TEXTS = [
  "",
  "0",
  "-1",
  "1e308",
  "-1e-320",
  "NaN",
  "1000000",
  "99999999999999999999",
  "0\\0\\0\\0\\0\\0",
  "1\\0",
  "\\".repeat(400),
  "<img src=x onerror=alert(1)>",
  "\u001b$B\u001b(J\u001b",
  "A".repeat(3000),
  "ISO 2022 IR 87\\ISO 2022 IR 13",
  "1.2.840.10008.1.2.1.99",
];
const SYNTAXES = [
  "",
  ".1",
  ".2",
  ".1.99",
  ".5",
  ".4.50",
  ".4.51",
  ".4.57",
  ".4.70",
  ".4.80",
  ".4.90",
  ".4.201",
].map((end) => `1.2.840.10008.1.2${end}`);
const VRS = ["SQ", "UN", "OW", "OB", "OV", "US", "DS", "PN", "UT", "zz", "\0\0"];
const LONG_VRS = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "UC", "UN", "UR", "UT"]);

/** An element of the top level, as far as the walk can follow the file. */
interface Place {
  readonly at: number;
  readonly lengthAt: number;
  readonly lengthSize: 2 | 4;
  readonly valueAt: number;
  readonly end: number;
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  readonly isPixelData: boolean;
}

/** Elements of the top level; meta header first where there is one. Sequences count as one element. */
function elementsOf(bytes: Uint8Array): readonly Place[] {
  const view = viewOf(bytes);
  const hasPreamble = bytes.length > 140 && view.getUint32(128) === 0x4449434d;
  const places: Place[] = [];
  let at = hasPreamble ? 132 : 0;
  let littleEndian = true;
  while (at + 12 <= bytes.length) {
    // Only Explicit VR Big Endian begins with the bytes 00 08.
    if (view.getUint16(at) === 0x0008) littleEndian = false;
    const isPixelData = view.getUint16(at, littleEndian) === 0x7fe0;
    const vr = String.fromCharCode(bytes[at + 4], bytes[at + 5]);
    const explicit = /^[A-Z]{2}$/.test(vr);
    const isLong = explicit && LONG_VRS.has(vr);
    const lengthSize = explicit && !isLong ? 2 : 4;
    const lengthAt = at + (isLong ? 8 : explicit ? 6 : 4);
    const length =
      lengthSize === 2 ? view.getUint16(lengthAt, littleEndian) : view.getUint32(lengthAt, littleEndian);
    const valueAt = lengthAt + lengthSize;
    const end = length === 0xffffffff ? bytes.length : Math.min(bytes.length, valueAt + length);
    places.push({ at, lengthAt, lengthSize, valueAt, end, explicit, littleEndian, isPixelData });
    if (isPixelData) break;
    at = end;
  }
  return places;
}

/** Rows, Columns, the bits and Samples per Pixel set together, as one absurd image. */
function changeSizes(random: Random, bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  const view = viewOf(out);
  const size = pick(random, NUMBERS);
  for (const { at, valueAt, end, littleEndian } of elementsOf(bytes)) {
    if (view.getUint16(at, littleEndian) !== 0x0028 || end - valueAt !== 2) continue;
    const isSize = [0x0010, 0x0011].includes(view.getUint16(at + 2, littleEndian));
    if (isSize) view.setUint16(valueAt, size, littleEndian);
    else if (random(8) === 0) view.setUint16(valueAt, pick(random, NUMBERS), littleEndian);
  }
  return out;
}

/** An element somewhere inside the sequences, found by a tag of theirs: what lies deeper than the walk goes. */
function changeInside(random: Random, bytes: Uint8Array): Uint8Array {
  const items: number[] = [];
  for (let at = 132; at + 16 < bytes.length; at++)
    if (bytes[at] === 0xfe && bytes[at + 1] === 0xff && bytes[at + 3] === 0xe0) items.push(at);
  if (items.length === 0) return changeSizes(random, bytes);
  const item = pick(random, items);
  const out = bytes.slice();
  if (random(2) === 0) viewOf(out).setUint32(item + 4, pick(random, LENGTHS), true);
  else return flipped(random, out, item, Math.min(out.length, item + 60));
  return out;
}

/** Undefined-length sequences inside each other, closed or left open. */
function nested(random: Random, { explicit, littleEndian }: Place): Uint8Array {
  const depth = pick(random, [1, 3, 40, 400, 6000, 20_000]);
  const level = new DataView(new ArrayBuffer(explicit ? 20 : 16));
  level.setUint16(0, 0x0040, littleEndian);
  level.setUint16(2, 0xa730, littleEndian);
  if (explicit) level.setUint16(4, 0x5351);
  level.setUint32(explicit ? 8 : 4, 0xffffffff, littleEndian);
  const item = explicit ? 12 : 8;
  level.setUint16(item, 0xfffe, littleEndian);
  level.setUint16(item + 2, 0xe000, littleEndian);
  level.setUint32(item + 4, pick(random, [0xffffffff, 0xffffffff, 16, 0]), littleEndian);
  const one = new Uint8Array(level.buffer);
  const out = new Uint8Array(one.length * depth);
  for (let n = 0; n < depth; n++) out.set(one, n * one.length);
  return out;
}

function changeElement(random: Random, bytes: Uint8Array, place: Place): Uint8Array {
  const { at, lengthAt, lengthSize, valueAt, end, littleEndian, explicit } = place;
  const out = bytes.slice();
  const view = viewOf(out);
  switch (random(10)) {
    case 0: {
      const length = pick(random, LENGTHS);
      if (lengthSize === 2) view.setUint16(lengthAt, length & 0xffff, littleEndian);
      else view.setUint32(lengthAt, length, littleEndian);
      return out;
    }
    case 1:
      if (explicit) out.set(ascii(pick(random, VRS)), at + 4);
      return out;
    case 2:
      return joined(out.subarray(0, at), out.subarray(end));
    case 3:
      return joined(out.subarray(0, end), out.subarray(at));
    case 4:
      return joined(out.subarray(0, at), nested(random, place), out.subarray(at));
    case 5:
      if (end - valueAt >= 2) view.setUint16(valueAt, pick(random, NUMBERS), littleEndian);
      return out;
    case 6: {
      const text = ascii(pick(random, TEXTS).slice(0, lengthSize === 2 ? 65_534 : undefined));
      if (lengthSize === 2) view.setUint16(lengthAt, text.length, littleEndian);
      else view.setUint32(lengthAt, text.length, littleEndian);
      return joined(out.subarray(0, valueAt), text, out.subarray(end));
    }
    case 7:
      return out.subarray(0, at + random(Math.max(1, end - at + 1)));
    case 8:
      view.setUint16(at + 2, random(65_536), littleEndian);
      return out;
    default:
      return flipped(random, out, valueAt, end);
  }
}

function flipped(random: Random, bytes: Uint8Array, from: number, to: number): Uint8Array {
  if (to <= from) return bytes;
  const out = bytes.slice();
  const times = 1 + random(8);
  for (let n = 0; n < times; n++)
    out[from + random(to - from)] = pick(random, [0, 0xff, 0x80, random(256), random(256)]);
  return out;
}

/** Pixel Data: its streams, their markers and lengths, and the items that hold them. */
function changePixels(random: Random, bytes: Uint8Array): Uint8Array {
  const pixels = elementsOf(bytes).find((place) => place.isPixelData);
  if (!pixels) return flipped(random, bytes, 0, bytes.length);
  const { valueAt: from, end: to } = pixels;
  const out = bytes.slice();
  switch (random(6)) {
    case 0:
      return out.subarray(0, from + random(to - from + 1));
    case 1: {
      const markers: number[] = [];
      for (let at = from; at + 12 < to; at++)
        if (out[at] === 0xff && out[at + 1] > 0x4e && out[at + 1] < 0xff) markers.push(at);
      if (markers.length === 0) return flipped(random, out, from, to);
      const marker = pick(random, markers);
      return flipped(random, out, marker + 1, Math.min(to, marker + 3 + random(20)));
    }
    case 2: {
      const a = from + random(to - from);
      out.fill(random(256), a, Math.min(to, a + random(200)));
      return out;
    }
    case 3: {
      const a = from + random(to - from);
      return joined(out.subarray(0, a), out.subarray(from, a), out.subarray(a));
    }
    case 4:
      if (to - from >= 16)
        viewOf(out).setUint32(from + pick(random, [4, 8, 12]), pick(random, LENGTHS), true);
      return out;
    default:
      return flipped(random, out, from, to);
  }
}

/** The data set of a deflated file is changed in its inflated form, or its stream as it is. */
function changeDeflated(random: Random, bytes: Uint8Array): Uint8Array {
  const meta = elementsOf(bytes).filter(({ at }) => viewOf(bytes).getUint16(at, true) === 2);
  const start = meta.at(-1)?.end ?? 0;
  if (random(3) === 0) return flipped(random, bytes, start, bytes.length);
  let body: Uint8Array = new Uint8Array(inflateRawSync(bytes.subarray(start)));
  body = random(4) === 0 ? joined(body, new Uint8Array(2 ** random(24))) : changeDataSet(random, body);
  return joined(bytes.subarray(0, start), new Uint8Array(deflateRawSync(body)));
}

function changeDataSet(random: Random, bytes: Uint8Array): Uint8Array {
  let out = bytes;
  const times = 1 + random(4);
  for (let n = 0; n < times && out.length > 16; n++) {
    const elements = elementsOf(out);
    out =
      random(3) === 0 || elements.length === 0
        ? changePixels(random, out)
        : changeElement(random, out, pick(random, elements));
  }
  return out;
}

function changeSyntax(random: Random, bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 600));
  const at = text.indexOf("1.2.840.10008.1.2", text.indexOf("\u0010\0UI"));
  if (at < 0) return bytes;
  const old = /^[\d.]+\0?/.exec(text.slice(at))?.[0].length ?? 0;
  const out = bytes.slice();
  out.set(ascii(pick(random, SYNTAXES).slice(0, old).padEnd(old, "\0")), at);
  return out;
}

/** One DICOM file, changed. */
function changedFile(random: Random, sources: readonly NamedBytes[]): NamedBytes {
  const { name, bytes } = pick(random, sources);
  const kind = random(14);
  if (kind === 12) return { name, bytes: changeSizes(random, bytes) };
  if (kind === 13) return { name, bytes: changeInside(random, bytes) };
  if (name.startsWith("deflated") && kind < 9) return { name, bytes: changeDeflated(random, bytes) };
  if (kind < 4) return { name, bytes: changeDataSet(random, bytes) };
  if (kind < 8) return { name, bytes: changePixels(random, bytes) };
  if (kind === 8) return { name, bytes: changeSyntax(random, bytes) };
  if (kind === 9) {
    const other = pick(random, sources).bytes;
    return {
      name,
      bytes: joined(bytes.subarray(0, random(bytes.length)), other.subarray(random(other.length))),
    };
  }
  return { name, bytes: flipped(random, bytes, 0, bytes.length) };
}

const ENTRY_NAMES = [
  "a",
  "b/c",
  "../x",
  "/etc/x",
  "C:\\x",
  "a\0b",
  "__proto__",
  "constructor",
  "d/",
  "\u00ff",
  "..",
  "e\\f",
];

/** A zip of stored or deflated entries, its directory at the end; fields of both are changed now and then. */
function zipOf(random: Random, entries: readonly NamedBytes[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const wrong = (value: number): number =>
    random(40) === 0 ? pick(random, [...LENGTHS, value + 1, value - 1]) : value;
  for (const { name, bytes } of entries) {
    const deflated = random(2) === 0;
    const packed = deflated ? new Uint8Array(deflateRawSync(bytes)) : bytes;
    const nameBytes = ascii(name);
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, wrong(0x04034b50), true);
    local.setUint16(8, deflated ? 8 : 0, true);
    local.setUint32(18, packed.length, true);
    local.setUint32(22, bytes.length, true);
    local.setUint16(26, wrong(nameBytes.length), true);
    const central = new DataView(new ArrayBuffer(46));
    central.setUint32(0, wrong(0x02014b50), true);
    central.setUint16(8, wrong(0), true);
    central.setUint16(10, wrong(deflated ? 8 : 0), true);
    central.setUint32(20, wrong(packed.length), true);
    central.setUint32(24, wrong(bytes.length), true);
    central.setUint16(28, wrong(nameBytes.length), true);
    central.setUint32(42, wrong(offset), true);
    locals.push(new Uint8Array(local.buffer), nameBytes, packed);
    directory.push(new Uint8Array(central.buffer), nameBytes);
    offset += 30 + nameBytes.length + packed.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, wrong(entries.length), true);
  end.setUint32(16, wrong(offset), true);
  return joined(...locals, ...directory, new Uint8Array(end.buffer));
}

function changedZip(random: Random, sources: readonly NamedBytes[], depth = 0): NamedBytes {
  const entries = Array.from({ length: 1 + random(4) }, (_, n): NamedBytes => {
    const kind = random(8);
    const inner =
      kind === 0 && depth < 4 ? changedZip(random, sources, depth + 1) : changedFile(random, sources);
    const bytes = kind === 1 ? new Uint8Array(2 ** random(22)) : inner.bytes;
    return { name: random(12) === 0 ? pick(random, ENTRY_NAMES) : `d/${n}`, bytes };
  });
  const bytes = zipOf(random, entries);
  return { name: "case.zip", bytes: random(3) === 0 ? flipped(random, bytes, 0, bytes.length) : bytes };
}

/** The files of input `index` of the run with `seed`: one or a few that are read together. */
export function fuzzInput(
  seed: number,
  index: number,
  sources: readonly NamedBytes[],
): readonly NamedBytes[] {
  const random = randomOf(seed, index);
  const kind = random(10);
  if (kind === 0) return [changedZip(random, sources)];
  if (kind === 1)
    return Array.from({ length: 2 + random(3) }, (_, n) => ({
      ...changedFile(random, sources),
      name: `f${n}`,
    }));
  return [changedFile(random, sources)];
}
