// Decodes DICOM text by its Specific Character Set (0008,0005): PS3.3 C.12.1.1.2, PS3.5 6.1.2 and annexes H to K.

/** Single-valued sets without code extensions, and what each term means to TextDecoder. */
const WHOLE_SETS: Readonly<Record<string, string>> = {
  "": "utf-8",
  "ISO_IR 6": "utf-8",
  "ISO_IR 100": "windows-1252",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 148": "windows-1254",
  "ISO_IR 203": "iso-8859-15",
  "ISO_IR 13": "shift_jis",
  "ISO_IR 166": "windows-874",
  "ISO_IR 192": "utf-8",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** How the bytes of a code element become characters: a decoder, and what surrounds or changes the bytes for it. */
interface CodeElement {
  readonly encoding: string;
  /** Set the high bit of every byte (a 94x94 set designated to G0 read by a decoder that expects it in G1). */
  readonly raise?: boolean;
  /** JIS X 0212 in EUC-JP has 0x8F before every pair. */
  readonly pairMark?: number;
}

const ASCII: CodeElement = { encoding: "windows-1252" };
const KATAKANA: CodeElement = { encoding: "shift_jis" };

/** Escape sequences (PS3.3 table C.12-3 and C.12-4) without the leading ESC, and the half (G0: bytes below 0x80, G1: above) they set. */
const ESCAPES: Readonly<Record<string, readonly ["G0" | "G1", CodeElement]>> = {
  "(B": ["G0", ASCII],
  "(J": ["G0", ASCII],
  ")I": ["G1", KATAKANA],
  "-A": ["G1", { encoding: "windows-1252" }],
  "-B": ["G1", { encoding: "iso-8859-2" }],
  "-C": ["G1", { encoding: "iso-8859-3" }],
  "-D": ["G1", { encoding: "iso-8859-4" }],
  "-L": ["G1", { encoding: "iso-8859-5" }],
  "-G": ["G1", { encoding: "iso-8859-6" }],
  "-F": ["G1", { encoding: "iso-8859-7" }],
  "-H": ["G1", { encoding: "iso-8859-8" }],
  "-M": ["G1", { encoding: "windows-1254" }],
  "-b": ["G1", { encoding: "iso-8859-15" }],
  "-T": ["G1", { encoding: "windows-874" }],
  $B: ["G0", { encoding: "euc-jp", raise: true }],
  "$(D": ["G0", { encoding: "euc-jp", raise: true, pairMark: 0x8f }],
  "$)C": ["G1", { encoding: "euc-kr" }],
  "$)A": ["G1", { encoding: "gb18030" }],
};

/** G1 at the start of each value, from the first of several character sets (ISO 2022 terms share the numbers of ISO_IR). */
const INITIAL_G1: Readonly<Record<string, string>> = {
  "ISO 2022 IR 13": "shift_jis",
  "ISO 2022 IR 149": "euc-kr",
  "ISO 2022 IR 58": "gb18030",
};

const decoders = new Map<string, TextDecoder>();
function decodeWith(encoding: string, bytes: Uint8Array): string {
  let decoder = decoders.get(encoding);
  if (!decoder) decoders.set(encoding, (decoder = new TextDecoder(encoding)));
  return decoder.decode(bytes);
}

/**
 * Text of a SH, LO, ST, LT, PN or UT value. `characterSets` are the values of (0008,0005), possibly none.
 * Bytes that the declared set does not define become U+FFFD; an undeclared set is read as UTF-8 where that is valid, else as
 * Windows-1252 (`isUndeclared` tells the caller). Padding is stripped.
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const text = isAscii(bytes) ? asciiText(bytes) : decodeEncoded(bytes, characterSets);
  return text.replace(/[\0 ]+$/u, "");
}

/** True when the bytes hold characters beyond ASCII although the file declares no character set that could hold them. */
export const isUndeclared = (bytes: Uint8Array, characterSets: readonly string[]): boolean =>
  !isAscii(bytes) &&
  characterSets.every((term) => term === "" || term === "ISO_IR 6" || term === "ISO 2022 IR 6");

function decodeEncoded(bytes: Uint8Array, characterSets: readonly string[]): string {
  const first = characterSets[0] ?? "";
  if (characterSets.length <= 1 && !first.startsWith("ISO 2022")) {
    const encoding = WHOLE_SETS[first] ?? "utf-8";
    if (first === "" || first === "ISO_IR 6" || WHOLE_SETS[first] === undefined) return decodeGuess(bytes);
    return decodeWith(encoding, bytes);
  }
  // UTF-8 and GB18030 forbid code extensions (C.12.1.1.2): if one is named first, the other values are noise.
  if (
    first in WHOLE_SETS &&
    ["utf-8", "gb18030", "gbk"].includes(WHOLE_SETS[first]) &&
    first !== "" &&
    first !== "ISO_IR 6"
  ) {
    return decodeWith(WHOLE_SETS[first], bytes);
  }
  return decodeIso2022(bytes, first);
}

function decodeGuess(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return decodeWith("windows-1252", bytes);
  }
}

function initialG1(first: string): CodeElement {
  const named = INITIAL_G1[first];
  if (named) return { encoding: named };
  return { encoding: WHOLE_SETS[first.replace("ISO 2022 IR", "ISO_IR")] ?? "windows-1252" };
}

function decodeIso2022(bytes: Uint8Array, first: string): string {
  let g0: CodeElement = ASCII;
  let g1 = initialG1(first);
  let out = "";
  let run: number[] = [];
  let runElement: CodeElement = ASCII;
  const flush = () => {
    if (run.length > 0) out += decodeRun(run, runElement);
    run = [];
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x1b) {
      const sequence = escapeAt(bytes, at + 1);
      if (sequence) {
        flush();
        const [half, element] = ESCAPES[sequence];
        if (half === "G0") g0 = element;
        else g1 = element;
        at += sequence.length;
        continue;
      }
    }
    const element = byte < 0x80 ? g0 : g1;
    // A delimiter or control character ends the value or line: back to the initial sets (PS3.5 6.1.2.5.3).
    const control = byte < 0x20 || (g0 === ASCII && (byte === 0x5c || byte === 0x5e || byte === 0x3d));
    if (element !== runElement || control) flush();
    runElement = control ? ASCII : element;
    run.push(byte);
    if (control) {
      g0 = ASCII;
      g1 = initialG1(first);
    }
  }
  flush();
  return out;
}

function escapeAt(bytes: Uint8Array, at: number): string | undefined {
  for (const size of [2, 3]) {
    const sequence = String.fromCharCode(...bytes.subarray(at, at + size));
    if (sequence in ESCAPES) return sequence;
  }
  return undefined;
}

function decodeRun(run: readonly number[], element: CodeElement): string {
  const bytes: number[] = [];
  run.forEach((byte, n) => {
    if (element.pairMark !== undefined && n % 2 === 0) bytes.push(element.pairMark);
    bytes.push(element.raise ? byte | 0x80 : byte);
  });
  return decodeWith(element.encoding, Uint8Array.from(bytes));
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80 && byte !== 0x1b);
const asciiText = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
