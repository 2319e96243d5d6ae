// Gives native DICOM files of one 12-bit frame a lossless JPEG-LS coat, as archives keep them.
import charls from "@cornerstonejs/codec-charls/wasmjs";
import dicomParser from "dicom-parser";

const JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80";

/** CharLS' encoder as Cornerstone's build has it (embind; the package carries no types). */
interface Encoder {
  getDecodedBuffer(frame: {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
  }): Uint8Array;
  encode(): void;
  /** A view of the codec's own memory. */
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

/** Makes the function that writes a file anew (Explicit VR Little Endian, pixels its last element) as JPEG-LS with one fragment. */
export async function jpegLsFiles(): Promise<(file: Uint8Array) => Uint8Array> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const start = charls as (options: object) => Promise<{ JpegLSEncoder: new () => Encoder }>;
  const { JpegLSEncoder } = await start({ print: () => undefined, printErr: () => undefined });
  return (file) => {
    const dataSet = dicomParser.parseDicom(file);
    const { x00020000: length, x00020010: syntax, x7fe00010: pixels } = dataSet.elements;
    const frame = {
      width: dataSet.uint16("x00280011") ?? 0,
      height: dataSet.uint16("x00280010") ?? 0,
      bitsPerSample: dataSet.uint16("x00280101") ?? 0,
      componentCount: 1,
    };
    const encoder = new JpegLSEncoder();
    encoder.getDecodedBuffer(frame).set(file.subarray(pixels.dataOffset, pixels.dataOffset + pixels.length));
    encoder.encode();
    const stream = encoder.getEncodedBuffer().slice();
    encoder.delete();

    const name = new TextEncoder().encode(JPEG_LS_LOSSLESS);
    const meta = file.slice(0, syntax.dataOffset);
    const grown = name.length - syntax.length;
    const of = (bytes: Uint8Array) => new DataView(bytes.buffer);
    of(meta).setUint16(syntax.dataOffset - 2, name.length, true);
    of(meta).setUint32(length.dataOffset, of(meta).getUint32(length.dataOffset, true) + grown, true);
    const attributes = file.subarray(syntax.dataOffset + syntax.length, pixels.dataOffset - 12);
    return joined([meta, name, attributes, pixelData(stream)]);
  };
}

/** Encapsulated Pixel Data (PS3.5 A.4): an empty Basic Offset Table, one fragment of even length, the delimiter. */
function pixelData(stream: Uint8Array): Uint8Array {
  const even = stream.length + (stream.length % 2);
  const bytes = new Uint8Array(12 + 8 + 8 + even + 8);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, group: number, element: number, length: number) => {
    view.setUint16(at, group, true);
    view.setUint16(at + 2, element, true);
    view.setUint32(at + 4, length, true);
  };
  tag(0, 0x7fe0, 0x0010, 0);
  bytes.set([0x4f, 0x42, 0, 0], 4);
  view.setUint32(8, 0xffffffff, true);
  tag(12, 0xfffe, 0xe000, 0);
  tag(20, 0xfffe, 0xe000, even);
  bytes.set(stream, 28);
  tag(28 + even, 0xfffe, 0xe0dd, 0);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
