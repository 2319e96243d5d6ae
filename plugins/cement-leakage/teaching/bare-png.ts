// A PNG that another program wrote, without anything but its pixels: no text, no time, no profile.
import { joinedBytes } from "#core/joined-bytes";

/** Chunks that a picture can't do without (PNG 11.2), and transparency. */
const NEEDED = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS"]);
const SIGNATURE_BYTES = 8;
/** Length, type and check sum around a chunk's data. */
const AROUND_BYTES = 12;

export function barePng(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const kept = [file.subarray(0, SIGNATURE_BYTES)];
  let at = SIGNATURE_BYTES;
  while (at + AROUND_BYTES <= file.length) {
    const end = at + AROUND_BYTES + view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (NEEDED.has(type)) kept.push(file.subarray(at, end));
    at = end;
    if (type === "IEND") break;
  }
  return joinedBytes(kept);
}
