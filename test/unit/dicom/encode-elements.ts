// Writes a CT slice element by element in any native encoding, with or without preamble and meta header; independent of the writer.
import { deflateSync } from "fflate";

export interface Encoding {
  readonly explicitVr: boolean;
  readonly bigEndian?: boolean;
  readonly deflated?: boolean;
  readonly transferSyntaxUid: string;
  readonly preamble: boolean;
  readonly meta: boolean;
}

type Value = string | number | Uint8Array;
type ElementRow = readonly [group: number, element: number, vr: string, value: Value];

/** A 4 x 3 slice with stored values 0, 1000, 2000, … and intercept -1024; `change` replaces or adds rows by tag. */
export function encodeSlice(encoding: Encoding, change: readonly ElementRow[] = []): Uint8Array {
  const pixels = new Uint8Array(24);
  const view = new DataView(pixels.buffer);
  for (let n = 0; n < 12; n++) view.setUint16(n * 2, n * 1000, !encoding.bigEndian);
  const rows: ElementRow[] = [
    [0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2"],
    [0x0008, 0x0018, "UI", "2.25.42"],
    [0x0008, 0x0060, "CS", "CT"],
    [0x0010, 0x0010, "PN", "TEST^CASE"],
    [0x0020, 0x000d, "UI", "2.25.40"],
    [0x0020, 0x000e, "UI", "2.25.41"],
    [0x0020, 0x0032, "DS", "-1\\-2\\3.5"],
    [0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0"],
    [0x0028, 0x0002, "US", 1],
    [0x0028, 0x0004, "CS", "MONOCHROME2"],
    [0x0028, 0x0010, "US", 3],
    [0x0028, 0x0011, "US", 4],
    [0x0028, 0x0030, "DS", "0.8\\0.5"],
    [0x0028, 0x0100, "US", 16],
    [0x0028, 0x0101, "US", 16],
    [0x0028, 0x0102, "US", 15],
    [0x0028, 0x0103, "US", 0],
    [0x0028, 0x1052, "DS", "-1024"],
    [0x0028, 0x1053, "DS", "1"],
    [0x7fe0, 0x0010, "OW", pixels],
  ];
  const merged = [...rows.filter((row) => !change.some((other) => tagOf(other) === tagOf(row))), ...change];
  merged.sort((a, b) => tagOf(a) - tagOf(b));
  let body = concat(
    merged.map((row) => encodeElement(row, encoding.explicitVr, encoding.bigEndian ?? false)),
  );
  if (encoding.deflated) body = deflateSync(body);
  const meta = encoding.meta
    ? [encodeElement([0x0002, 0x0010, "UI", encoding.transferSyntaxUid], true, false)]
    : [];
  const preamble = encoding.preamble ? [new Uint8Array(128), ascii("DICM")] : [];
  return concat([...preamble, ...meta, body]);
}

const tagOf = (row: ElementRow): number => row[0] * 65536 + row[1];

function encodeElement(
  [group, element, vr, value]: ElementRow,
  explicitVr: boolean,
  bigEndian: boolean,
): Uint8Array {
  const bytes = valueBytes(value, vr, bigEndian);
  const long = explicitVr && ["OB", "OW", "SQ", "UN"].includes(vr);
  const head = new DataView(new ArrayBuffer(long ? 12 : 8));
  head.setUint16(0, group, !bigEndian);
  head.setUint16(2, element, !bigEndian);
  if (!explicitVr) head.setUint32(4, bytes.length, !bigEndian);
  else {
    head.setUint8(4, vr.charCodeAt(0));
    head.setUint8(5, vr.charCodeAt(1));
    if (long) head.setUint32(8, bytes.length, !bigEndian);
    else head.setUint16(6, bytes.length, !bigEndian);
  }
  return concat([new Uint8Array(head.buffer), bytes]);
}

function valueBytes(value: Value, vr: string, bigEndian: boolean): Uint8Array {
  if (value instanceof Uint8Array) return value.length % 2 === 0 ? value : concat([value, ascii(" ")]);
  if (typeof value === "string")
    return ascii(value.length % 2 === 0 ? value : value + (vr === "UI" ? "\0" : " "));
  const view = new DataView(new ArrayBuffer(2));
  view.setUint16(0, value, !bigEndian);
  return new Uint8Array(view.buffer);
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
