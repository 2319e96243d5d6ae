// Opens the voxels of the offline teaching page: a PNG of 8 or 16 bits, all slices below each other, rows predicted from the left.

/**
 * Samples of a PNG as `teaching/voxel-picture.ts` writes it, one a voxel. Pictures are not drawn to be read back: a browser
 * would make eight bits of them.
 * @param {string} base64
 * @returns {Promise<Uint8Array | Uint16Array>}
 */
export async function unpackVoxels(base64) {
  const file = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const view = new DataView(file.buffer);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const wide = file[24] === 16 ? 2 : 1;
  const packed = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + view.getUint32(at))
    if (view.getUint32(at + 4) === 0x49444154)
      packed.push(file.subarray(at + 8, at + 8 + view.getUint32(at)));
  const stream = new Blob(packed).stream().pipeThrough(new DecompressionStream("deflate"));
  const rows = new Uint8Array(await new Response(stream).arrayBuffer());
  const out = wide === 2 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const length = width * wide;
  for (let row = 0; row < height; row++) {
    const start = row * (length + 1) + 1;
    for (let n = wide; n < length; n++) rows[start + n] = (rows[start + n] + rows[start + n - wide]) & 255;
    for (let n = 0; n < width; n++)
      out[row * width + n] =
        wide === 2 ? (rows[start + 2 * n] << 8) | rows[start + 2 * n + 1] : rows[start + n];
  }
  return out;
}
