// Whether two Part 10 files hold the same object: an archive may write its own meta header before it.

const PREAMBLE_BYTES = 132;
const TRANSFER_SYNTAX = 0x0010;

/** Equal bytes; or equal data sets in one transfer syntax behind different meta headers. */
export function sameContent(a: Uint8Array, b: Uint8Array): boolean {
  if (sameBytes(a, b)) return true;
  const [ours, theirs] = [splitFile(a), splitFile(b)];
  return (
    ours !== null &&
    theirs !== null &&
    ours.transferSyntax === theirs.transferSyntax &&
    sameBytes(ours.dataSet, theirs.dataSet)
  );
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, n) => byte === b[n]);

/** The meta header is explicit little endian whatever follows it (PS3.10 7.1). */
function splitFile(file: Uint8Array): { transferSyntax: string; dataSet: Uint8Array } | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = PREAMBLE_BYTES;
  let transferSyntax = "";
  while (at + 8 <= file.length && view.getUint16(at, true) === 2) {
    const isLong = /^O[BDFLVW]|^SQ|^U[CNRT]/.test(String.fromCharCode(file[at + 4], file[at + 5]));
    if (isLong && at + 12 > file.length) return null;
    const start = at + (isLong ? 12 : 8);
    const length = isLong ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    if (view.getUint16(at + 2, true) === TRANSFER_SYNTAX)
      transferSyntax = String.fromCharCode(...file.subarray(start, start + length)).replace(/\0/g, "");
    at = start + length;
  }
  return at <= file.length && transferSyntax !== "" ? { transferSyntax, dataSet: file.subarray(at) } : null;
}
