// Gathers the fragments of encapsulated Pixel Data (PS3.5 A.4) of a single-frame instance.

const ITEM = 0xe000;
const SEQUENCE_END = 0xe0dd;

/**
 * The encoded stream of the only frame: all fragments after the Basic Offset Table, in order, without the table.
 * `offsetBytes` is the first byte after the Pixel Data element's header. Null where the file ends before the fragments do.
 */
export function encodedFrame(file: Uint8Array, offsetBytes: number): Uint8Array | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const fragments: Uint8Array[] = [];
  let at = offsetBytes;
  let isOffsetTable = true;
  for (;;) {
    if (at + 8 > file.length) return null;
    const group = view.getUint16(at, true);
    const element = view.getUint16(at + 2, true);
    const lengthBytes = view.getUint32(at + 4, true);
    at += 8;
    if (group === 0xfffe && element === SEQUENCE_END) break;
    if (group !== 0xfffe || element !== ITEM || at + lengthBytes > file.length) return null;
    if (!isOffsetTable) fragments.push(file.subarray(at, at + lengthBytes));
    isOffsetTable = false;
    at += lengthBytes;
  }
  if (fragments.length === 0) return null;
  if (fragments.length === 1) return fragments[0];
  const out = new Uint8Array(fragments.reduce((sum, part) => sum + part.length, 0));
  let to = 0;
  for (const part of fragments) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}
