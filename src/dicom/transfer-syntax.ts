// The transfer syntaxes (PS3.5 section 10, PS3.6 annex A) that this project knows, and how the pixels of each are stored.

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
  /** The whole data set after the meta header is a raw deflate stream. */
  readonly deflated: boolean;
  /** Pixel Data is a sequence of fragments that a codec must decode. */
  readonly encapsulated: boolean;
  /** The encoding loses information whatever the encoder's settings. */
  readonly lossy: boolean;
}

export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
export const DEFLATED_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99";
export const EXPLICIT_BIG_ENDIAN = "1.2.840.10008.1.2.2";

const native = (uid: string, name: string, change: Partial<TransferSyntax> = {}): TransferSyntax => ({
  uid,
  name,
  explicitVr: true,
  bigEndian: false,
  deflated: false,
  encapsulated: false,
  lossy: false,
  ...change,
});
const encapsulated = (uid: string, name: string, lossy = false): TransferSyntax =>
  native(uid, name, { encapsulated: true, lossy });

const KNOWN: readonly TransferSyntax[] = [
  native(IMPLICIT_LITTLE_ENDIAN, "Implicit VR Little Endian", { explicitVr: false }),
  native(EXPLICIT_LITTLE_ENDIAN, "Explicit VR Little Endian"),
  native(DEFLATED_LITTLE_ENDIAN, "Deflated Explicit VR Little Endian", { deflated: true }),
  native(EXPLICIT_BIG_ENDIAN, "Explicit VR Big Endian", { bigEndian: true }),
  encapsulated("1.2.840.10008.1.2.5", "RLE Lossless"),
  encapsulated("1.2.840.10008.1.2.4.50", "JPEG Baseline (8 bit)", true),
  encapsulated("1.2.840.10008.1.2.4.51", "JPEG Extended (12 bit)", true),
  encapsulated("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection", true),
  encapsulated("1.2.840.10008.1.2.4.55", "JPEG Full Progression", true),
  encapsulated("1.2.840.10008.1.2.4.57", "JPEG Lossless"),
  encapsulated("1.2.840.10008.1.2.4.70", "JPEG Lossless, first-order prediction"),
  encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless"),
  encapsulated("1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", true),
  encapsulated("1.2.840.10008.1.2.4.90", "JPEG 2000 Lossless"),
  encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000", true),
  encapsulated("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless"),
  encapsulated("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 Lossless, RPCL"),
  encapsulated("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", true),
  encapsulated("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression"),
];
const byUid = new Map(KNOWN.map((syntax) => [syntax.uid, syntax]));

/** The syntax of a UID. An unknown one is taken as explicit, little endian and encapsulated, as every newer one is (PS3.5 A.4). */
export const transferSyntaxOf = (uid: string): TransferSyntax => byUid.get(uid) ?? encapsulated(uid, uid);
