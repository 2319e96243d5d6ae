// Rows, columns and components that an encoded frame states itself, read before a codec takes memory for them.
import type { PixelFormat } from "./instance-header.ts";

export interface StreamSize {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
}

/**
 * Size in the frame header of a JPEG or JPEG-LS stream (ITU-T T.81 B.2.2, T.87 C.2.2) or in the SIZ marker of a JPEG 2000 one
 * (ISO/IEC 15444-1, A.5.1; HTJ2K has the same), bare or in a JP2 file, as some writers store it. Null where there is neither.
 */
export function streamSizeOf(bytes: Uint8Array): StreamSize | null {
  if (bytes.length < 12) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4) === JP2_SIGNATURE) return jp2Size(bytes, view);
  if (bytes[0] !== 0xff) return null;
  return bytes[1] === 0x4f ? jpeg2000Size(view) : bytes[1] === 0xd8 ? jpegSize(view) : null;
}

/** Refuses (throws RangeError) a stream whose own size is not that of the header: a codec would take memory for it first. */
export function refuseOtherSize(bytes: Uint8Array, { rows, columns }: PixelFormat): void {
  const size = streamSizeOf(bytes);
  if (!size) throw new RangeError("the stream does not begin as its transfer syntax demands");
  if (size.rows !== rows || size.columns !== columns || size.components !== 1)
    throw new RangeError(`${size.columns} x ${size.rows} x ${size.components} in the stream`);
}

const JP2_SIGNATURE = 0x6a502020;
const JP2_CODESTREAM = 0x6a703263;

/** Of the first codestream box (ISO/IEC 15444-1, I.4); boxes with 64-bit lengths hold no CT slice. */
function jp2Size(bytes: Uint8Array, view: DataView): StreamSize | null {
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === JP2_CODESTREAM && length !== 1) {
      const stream = bytes.subarray(at + 8);
      return stream[0] === 0xff && stream[1] === 0x4f
        ? jpeg2000Size(new DataView(stream.buffer, stream.byteOffset, stream.byteLength))
        : null;
    }
    if (length < 8) return null;
    at += length;
  }
  return null;
}

/** The main header begins with SOC and SIZ. Tiles and subsampling count too: each tile costs a codec memory, whatever its size. */
function jpeg2000Size(view: DataView): StreamSize | null {
  if (view.byteLength < 45 || view.getUint16(2) !== 0xff51) return null;
  const [width, height, left, top, tileWidth, tileHeight] = [8, 12, 16, 20, 24, 28].map((at) =>
    view.getUint32(at),
  );
  const columns = width - left;
  const rows = height - top;
  const tiles = Math.ceil(columns / tileWidth) * Math.ceil(rows / tileHeight);
  const whole = view.getUint8(43) === 1 && view.getUint8(44) === 1;
  if (columns < 1 || rows < 1 || !(tiles <= MAX_TILES) || !whole) return null;
  return { rows, columns, components: view.getUint16(40) };
}
const MAX_TILES = 4096;

function jpegSize(view: DataView): StreamSize | null {
  let found: StreamSize | null = null;
  let at = 2;
  while (at + 10 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    // Start of scan: coded data follow. Fill bytes before a marker are 0xff.
    if (marker === 0xda) return found;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame) {
      // One frame header to a frame: a codec might believe another.
      if (found) return null;
      found = {
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
      };
    }
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}
