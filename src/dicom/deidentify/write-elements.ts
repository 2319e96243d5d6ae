// Writes a tree of attributes as a Part 10 file: Explicit VR Little Endian, UTF-8, explicit lengths, an empty preamble.
import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLEMENTATION_CLASS_UID } from "../part10.ts";
import type { DataElement, DataItem, Tag } from "./data-elements.ts";

const LONG = new Set("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" "));
/** Length fields of 16 bits hold no more. */
const MAX_SHORT = 0xfffe;
const utf8 = new TextEncoder();

interface Encoded {
  readonly tag: Tag;
  readonly vr: string;
  readonly length: number;
  readonly value: Uint8Array | readonly (readonly Encoded[])[];
}

/** `root` needs SOP Class UID and SOP Instance UID. `pixels` become Pixel Data as they stand. */
export function writeElements(root: DataItem, pixels: DataElement | null): Uint8Array {
  const uidAt = (tag: Tag): DataElement => root.get(tag) ?? { vr: "UI", text: "" };
  const meta = encodeItem(
    new Map<Tag, DataElement>([
      ["00020001", { vr: "OB", bytes: new Uint8Array([0, 1]) }],
      ["00020002", uidAt("00080016")],
      ["00020003", uidAt("00080018")],
      ["00020010", { vr: "UI", text: EXPLICIT_VR_LITTLE_ENDIAN }],
      ["00020012", { vr: "UI", text: IMPLEMENTATION_CLASS_UID }],
      ["00020013", { vr: "SH", text: "CEMENTVIEW_1" }],
    ]),
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, lengthOf(meta), true);
  const content = new Map(root).set("00080005", { vr: "CS", text: "ISO_IR 192" });
  if (pixels) content.set("7FE00010", pixels);
  const parts = [
    ...encodeItem(new Map([["00020000", { vr: "UL", bytes: length }]])),
    ...meta,
    ...encodeItem(content),
  ];
  const file = new Uint8Array(132 + lengthOf(parts));
  file.set([0x44, 0x49, 0x43, 0x4d], 128);
  write(parts, file, new DataView(file.buffer), 132);
  return file;
}

function encodeItem(item: DataItem): Encoded[] {
  return [...item]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, element]) => {
      if ("items" in element) {
        const items = element.items.map(encodeItem);
        return {
          tag,
          vr: "SQ",
          length: items.reduce((sum, one) => sum + 8 + lengthOf(one), 0),
          value: items,
        };
      }
      const bytes = "text" in element ? utf8.encode(element.text) : element.bytes;
      const value = even(bytes, "text" in element && element.vr !== "UI" ? 0x20 : 0);
      if (!LONG.has(element.vr) && value.length > MAX_SHORT)
        throw new RangeError(`${tag} is longer than ${element.vr} allows`);
      return { tag, vr: element.vr, length: value.length, value };
    });
}

function even(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const out = new Uint8Array(bytes.length + 1);
  out.set(bytes);
  out[bytes.length] = padding;
  return out;
}

const lengthOf = (elements: readonly Encoded[]): number =>
  elements.reduce((sum, { vr, length }) => sum + (LONG.has(vr) ? 12 : 8) + length, 0);

function write(elements: readonly Encoded[], file: Uint8Array, view: DataView, start: number): number {
  let at = start;
  for (const { tag, vr, length, value } of elements) {
    view.setUint16(at, parseInt(tag.slice(0, 4), 16), true);
    view.setUint16(at + 2, parseInt(tag.slice(4), 16), true);
    view.setUint8(at + 4, vr.charCodeAt(0));
    view.setUint8(at + 5, vr.charCodeAt(1));
    if (LONG.has(vr)) view.setUint32(at + 8, length, true);
    else view.setUint16(at + 6, length, true);
    at += LONG.has(vr) ? 12 : 8;
    if (value instanceof Uint8Array) {
      file.set(value, at);
      at += length;
    } else
      for (const item of value) {
        view.setUint16(at, 0xfffe, true);
        view.setUint16(at + 2, 0xe000, true);
        view.setUint32(at + 4, lengthOf(item), true);
        at = write(item, file, view, at + 8);
      }
  }
  return at;
}
