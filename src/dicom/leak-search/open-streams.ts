// Opens what is packed in an output file: zip entries, gzip, deflated DICOM, PNG text, pictures inside pages, escapes in texts.
import { gunzipSync, inflateSync, unzlibSync } from "fflate";
import { isDicom, walkDicom } from "./dicom-values.ts";

export interface Stream {
  /** "case.zip > CT-0001.dcm > data set, inflated". */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Compressed or picture bytes: letters turn up in them by chance. */
  readonly noise: boolean;
}

export interface OpenedStreams {
  readonly streams: readonly Stream[];
  /** What could not be opened, so that nothing can be said of it. */
  readonly unopened: readonly string[];
}

const DEEPEST = 8;
/** Runs of base64 signs from this length on are a packed file, not a word. */
const PACKED_RUN = 200;

/** Every stream of a file, itself first. */
export function openStreams(path: string, bytes: Uint8Array): OpenedStreams {
  const streams: Stream[] = [];
  const unopened: string[] = [];
  const open = (at: string, content: Uint8Array, depth: number): void => {
    if (depth > DEEPEST) {
      unopened.push(`${at}: packed too deep`);
      return;
    }
    try {
      const inner = openerOf(content);
      if (!inner) text(at, content, depth);
      else {
        const parts = inner(content);
        remaining(at, content, parts.covered);
        for (const part of parts.inside)
          if (part.noise) streams.push({ path: `${at} > ${part.name}`, bytes: part.bytes, noise: true });
          else open(`${at} > ${part.name}`, part.bytes, depth + 1);
      }
    } catch (error) {
      unopened.push(`${at}: ${error instanceof Error ? error.message : String(error)}`);
      streams.push({ path: at, bytes: content, noise: false });
    }
  };
  /** The bytes outside the opened parts in full, those inside as noise. */
  const remaining = (at: string, content: Uint8Array, covered: readonly Range[]): void => {
    if (covered.length === 0) {
      streams.push({ path: at, bytes: content, noise: false });
      return;
    }
    const plain = content.slice();
    for (const [from, to] of covered) {
      streams.push({ path: at, bytes: content.subarray(from, to), noise: true });
      plain.fill(0, from, to);
    }
    streams.push({ path: at, bytes: plain, noise: false });
  };
  const text = (at: string, content: Uint8Array, depth: number): void => {
    const latin = latin1(content);
    const covered: Range[] = [];
    for (const [start, end] of base64Runs(content)) {
      const packed = fromBase64(latin.slice(start, end));
      if (!packed) continue;
      if (end - start >= PACKED_RUN) covered.push([start, end]);
      open(`${at} > base64 at ${start}`, packed, depth + 1);
    }
    remaining(at, content, covered);
    const plain = unescaped(content, latin);
    if (plain) streams.push({ path: `${at} > without escapes`, bytes: plain, noise: false });
  };
  open(path, bytes, 0);
  return { streams, unopened };
}

type Range = readonly [from: number, to: number];
interface Inside {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly noise?: boolean;
}
interface Opened {
  readonly inside: readonly Inside[];
  /** Places that `inside` is the content of. */
  readonly covered: readonly Range[];
}

function openerOf(bytes: Uint8Array): ((bytes: Uint8Array) => Opened) | null {
  const starts = (...signature: number[]) => signature.every((byte, n) => bytes[n] === byte);
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return openZip;
  if (starts(0x1f, 0x8b))
    return (file) => ({
      inside: [{ name: "unpacked", bytes: gunzipSync(file) }],
      covered: [[10, file.length]],
    });
  if (starts(0x89, 0x50, 0x4e, 0x47)) return openPng;
  if (starts(0xff, 0xd8, 0xff)) return openJpeg;
  return isDicom(bytes) ? openDicom : null;
}

function openDicom(file: Uint8Array): Opened {
  const { bytes, inflated, pixels } = walkDicom(file);
  if (!inflated) return { inside: [], covered: pixels };
  const plain = bytes.slice();
  for (const [from, to] of pixels) plain.fill(0, from, to);
  return {
    inside: [
      { name: "data set, inflated", bytes: plain },
      ...pixels.map(([from, to]) => ({ name: "pixels", bytes: bytes.subarray(from, to), noise: true })),
    ],
    covered: [],
  };
}

function openZip(file: Uint8Array): Opened {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let end = file.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new RangeError("a zip without its directory");
  let at = view.getUint32(end + 16, true);
  const count = view.getUint16(end + 10, true);
  if (at === 0xffffffff || count === 0xffff) throw new RangeError("a zip64, which can't be opened here");
  const inside: Inside[] = [];
  const covered: Range[] = [];
  for (let n = 0; n < count; n++) {
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const [packed, nameLength] = [view.getUint32(at + 20, true), view.getUint16(at + 28, true)];
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength));
    if ((flags & 1) !== 0 || (method !== 0 && method !== 8))
      throw new RangeError(`${name} is packed or encrypted otherwise`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const data = file.subarray(start, start + packed);
    inside.push({ name, bytes: method === 8 ? inflateSync(data) : data });
    covered.push([start, start + packed]);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return { inside, covered };
}

function openPng(file: Uint8Array): Opened {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const inside: Inside[] = [];
  const covered: Range[] = [];
  const picture: Uint8Array[] = [];
  let at = 8;
  while (at + 12 <= file.length) {
    const length = view.getUint32(at, false);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const data = file.subarray(at + 8, at + 8 + length);
    const zero = data.indexOf(0);
    if (type === "IDAT") {
      picture.push(data);
      covered.push([at + 8, at + 8 + length]);
    } else if (type === "zTXt" || type === "iCCP")
      inside.push({ name: `${type} text`, bytes: unzlibSync(data.subarray(zero + 2)) });
    else if (type === "iTXt" && data[zero + 1] === 1) {
      const language = data.indexOf(0, zero + 3);
      inside.push({ name: "iTXt text", bytes: unzlibSync(data.subarray(data.indexOf(0, language + 1) + 1)) });
    }
    at += 12 + length;
    if (type === "IEND") break;
  }
  if (picture.length > 0) inside.push({ name: "picture", bytes: unzlibSync(joined(picture)), noise: true });
  return { inside, covered };
}

function openJpeg(file: Uint8Array): Opened {
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda)
    at += 2 + ((file[at + 2] << 8) | file[at + 3]);
  return { inside: [], covered: at < file.length ? [[at, file.length]] : [] };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function latin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return pieces.join("");
}

/** Runs of at least 24 base64 signs with up to two "=". Sign by sign: a regular expression runs out of stack on a run of megabytes. */
function base64Runs(bytes: Uint8Array): Range[] {
  const isSign = (sign: number): boolean =>
    (sign >= 0x30 && sign <= 0x39) ||
    (sign >= 0x41 && sign <= 0x5a) ||
    (sign >= 0x61 && sign <= 0x7a) ||
    sign === 0x2b ||
    sign === 0x2f;
  const runs: Range[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const start = at;
    while (at < bytes.length && isSign(bytes[at])) at++;
    if (at - start < 24) continue;
    for (let n = 0; n < 2 && bytes[at] === 0x3d; n++) at++;
    runs.push([start, at]);
  }
  return runs;
}

function fromBase64(text: string): Uint8Array | null {
  try {
    const whole = text.replace(/=+$/, "");
    return Uint8Array.from(atob(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0))), (letter) =>
      letter.charCodeAt(0),
    );
  } catch {
    return null;
  }
}

/** Texts with \u, percent and HTML escapes taken out; null where there is none. */
function unescaped(bytes: Uint8Array, latin: string): Uint8Array | null {
  if (!/\\u[0-9a-f]{4}|%[0-9a-f]{2}|&#x?[0-9a-f]+;/i.test(latin)) return null;
  const text = new TextDecoder().decode(bytes);
  const plain = text
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (hex) => parseInt(hex, 16))),
    )
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => character(parseInt(hex, 16)))
    .replace(/&#(\d{1,7});/g, (_, number: string) => character(Number(number)));
  return new TextEncoder().encode(plain);
}

const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : "");
