// Gathers the fragments of encapsulated Pixel Data (PS3.5 A.4) by frame.
import { joinedBytes } from "#core/joined-bytes";

const ITEM = 0xe000;
const SEQUENCE_END = 0xe0dd;
/** Empty items take more memory than their eight bytes in the file; 65,536 frames of 16 fragments are more than any CT has. */
const MAX_FRAGMENTS = 2 ** 20;

interface Fragment {
  /** First byte of its item, counted from the item after the Basic Offset Table. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Why the fragments can't be given to frames: the file ends before they do, or nothing says where frames begin. */
type FragmentFault = "cut-off" | "unclear";

/**
 * The fragments of each frame, in order; views of `file`, no copies. `offsetBytes` is the first byte after the Pixel Data element's
 * header. Frames are told apart by one fragment each, else by the Basic Offset Table, else by the marker that begins a stream.
 */
export function fragmentsByFrame(
  file: Uint8Array,
  offsetBytes: number,
  frames: number,
): readonly (readonly Uint8Array[])[] | FragmentFault {
  const found = fragmentsOf(file, offsetBytes);
  if (!found || found.fragments.length === 0) return "cut-off";
  const { table, fragments } = found;
  if (frames <= 1) return [fragments.map(({ bytes }) => bytes)];
  if (fragments.length === frames) return fragments.map(({ bytes }) => [bytes]);
  if (fragments.length < frames) return "cut-off";
  const starts =
    table.length === frames
      ? table.map((offset) => fragments.findIndex((fragment) => fragment.offset === offset))
      : fragments.flatMap(({ bytes }, n) => (beginsStream(bytes) ? [n] : []));
  const ordered = starts[0] === 0 && starts.every((start, n) => n === 0 || start > starts[n - 1]);
  if (starts.length !== frames || !ordered) return "unclear";
  return starts.map((start, n) => fragments.slice(start, starts[n + 1]).map(({ bytes }) => bytes));
}

function fragmentsOf(
  file: Uint8Array,
  offsetBytes: number,
): { readonly table: readonly number[]; readonly fragments: readonly Fragment[] } | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const fragments: Fragment[] = [];
  let table: readonly number[] | null = null;
  let firstItem = 0;
  for (let at = offsetBytes; ;) {
    if (at + 8 > file.length) return null;
    const group = view.getUint16(at, true);
    const element = view.getUint16(at + 2, true);
    const lengthBytes = view.getUint32(at + 4, true);
    const end = at + 8 + lengthBytes;
    if (group === 0xfffe && element === SEQUENCE_END) return { table: table ?? [], fragments };
    if (group !== 0xfffe || element !== ITEM || end > file.length) return null;
    if (fragments.length > MAX_FRAGMENTS) return null;
    if (table) fragments.push({ offset: at - firstItem, bytes: file.subarray(at + 8, end) });
    else {
      const from = at + 8;
      table = Array.from({ length: lengthBytes >> 2 }, (_, n) => view.getUint32(from + 4 * n, true));
      firstItem = end;
    }
    at = end;
  }
}

/** SOI of JPEG and JPEG-LS, or SOC and SIZ of JPEG 2000: neither occurs inside a stream's entropy-coded data. */
const beginsStream = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && (bytes[1] === 0xd8 || (bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51));

/** Fragments as one stream; a single one is not copied. */
export function joined(fragments: readonly Uint8Array[]): Uint8Array {
  return fragments.length === 1 ? fragments[0] : joinedBytes(fragments);
}
