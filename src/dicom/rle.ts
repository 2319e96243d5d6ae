// Decodes an RLE Lossless frame (PS3.5 annex G): up to 15 byte planes, the most significant first, each packed by runs.

/** Native little-endian bytes of one sample per pixel. Throws RangeError where the stream is damaged or too short. */
export function decodeRle(bytes: Uint8Array, pixels: number, bytesPerPixel: number): Uint8Array {
  if (bytes.length < 64) throw new RangeError("an RLE frame begins with a header of 64 bytes");
  const header = new DataView(bytes.buffer, bytes.byteOffset, 64);
  const planes = header.getUint32(0, true);
  if (planes !== bytesPerPixel)
    throw new RangeError(`${planes} RLE segments for ${bytesPerPixel} bytes a pixel`);
  const out = new Uint8Array(pixels * bytesPerPixel);
  for (let plane = 0; plane < planes; plane++) {
    const from = header.getUint32(4 + 4 * plane, true);
    const to = plane + 1 < planes ? header.getUint32(8 + 4 * plane, true) : bytes.length;
    if (from < 64 || to < from || to > bytes.length)
      throw new RangeError("an RLE segment lies outside the frame");
    unpack(bytes.subarray(from, to), out, pixels, bytesPerPixel, bytesPerPixel - 1 - plane);
  }
  return out;
}

/** One byte plane (PackBits, PS3.5 G.3.1) to every `stride`-th byte from `first` on. */
function unpack(source: Uint8Array, out: Uint8Array, count: number, stride: number, first: number): void {
  let at = 0;
  let done = 0;
  while (done < count) {
    if (at >= source.length) throw new RangeError("an RLE segment ends before its pixels do");
    const control = source[at++];
    if (control === 128) continue;
    if (control < 128) {
      const length = Math.min(control + 1, count - done);
      if (at + length > source.length) throw new RangeError("an RLE segment ends within a literal run");
      for (let n = 0; n < length; n++) out[(done + n) * stride + first] = source[at + n];
      at += control + 1;
      done += length;
    } else {
      if (at >= source.length) throw new RangeError("an RLE segment ends within a run");
      const length = Math.min(257 - control, count - done);
      const value = source[at++];
      for (let n = 0; n < length; n++) out[(done + n) * stride + first] = value;
      done += length;
    }
  }
}
