// Steps over the Extended Offset Table (PS3.5 A.4) before Pixel Data: dicom-parser does not know its representation OV.
import type { Element } from "dicom-parser";

export const EXTENDED_OFFSET_TABLE = "x7fe00001";
const PIXEL_DATA_ELEMENT = 0x0010;

/** Where the table begins, and Pixel Data behind it; null where the bytes end before that. */
interface TablePlace {
  readonly startBytes: number;
  readonly pixelData: { readonly offsetBytes: number; readonly lengthBytes: number } | null;
}

/**
 * `table` is the element as dicom-parser misread it. The table's own numbers are not needed: an object that has one keeps each frame
 * in exactly one fragment.
 */
export function placeOfTable(bytes: Uint8Array, table: Element): TablePlace | null {
  if (table.vr !== "OV") return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const startBytes = table.dataOffset - 8;
  for (let at = startBytes; at + 12 <= bytes.length && view.getUint16(at, true) === 0x7fe0;) {
    const lengthBytes = view.getUint32(at + 8, true);
    if (view.getUint16(at + 2, true) === PIXEL_DATA_ELEMENT)
      return {
        startBytes,
        pixelData: { offsetBytes: at + 12, lengthBytes: lengthBytes === 0xffffffff ? -1 : lengthBytes },
      };
    at += 12 + lengthBytes;
  }
  return { startBytes, pixelData: null };
}
