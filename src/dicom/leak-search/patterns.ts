// The byte patterns under which a value may stand in a file: scripts, escapes, orders of a name, forms of a date; and the search for them.
import type { IdentityValue } from "./identity.ts";

/** Fewer characters are found anywhere by chance; two ideographs are a name. */
const SHORTEST = { ascii: 4, other: 2 } as const;
/** In compressed or picture bytes, where four letters turn up by chance. */
export const SHORTEST_IN_NOISE = 8;

export interface Pattern {
  /** ASCII letters in lower case. */
  readonly bytes: Uint8Array;
  readonly value: IdentityValue;
  /** The writing that it stands for: the value, a part of it, another order. */
  readonly text: string;
  readonly form: string;
  /**
   * A digit (or dot) beside it would make it another number, a letter another word: "Lang" is no part of "language". Eight digits and more
   * may have a time behind them or another number before, but in the 39 digits of a random UID they stand by chance.
   */
  readonly alone: "no" | "digits" | "short run" | "uid" | "letters";
}

export const isSearchable = (text: string): boolean =>
  /[^\x20-\x7e]/.test(text) ? Array.from(text).length >= SHORTEST.other : text.length >= SHORTEST.ascii;

const utf8 = new TextEncoder();

/** All patterns of a value; none where it is too short to be searched. */
export function patternsOf(value: IdentityValue): Pattern[] {
  const out = new Map<string, Pattern>();
  for (const text of writings(value)) {
    if (!isSearchable(text)) continue;
    const alone = aloneness(text, value.kind);
    const add = (bytes: Uint8Array, form: string): void => {
      const folded = bytes.map(lower);
      const key = folded.join();
      if (!out.has(key)) out.set(key, { bytes: folded, value, text, form, alone });
    };
    for (const normal of new Set([text, text.normalize("NFC"), text.normalize("NFD")]))
      add(utf8.encode(normal), "UTF-8");
    add(utf16(text, true), "UTF-16");
    add(utf16(text, false), "UTF-16");
    if (Array.from(text).every((letter) => letter.charCodeAt(0) < 256))
      add(
        Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
        "Latin-1",
      );
    const escapes = {
      JSON: JSON.stringify(text).slice(1, -1),
      "JSON in ASCII": text.replace(
        /[^\x20-\x7e]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
      "a URL": percent(text),
      HTML: text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
      "HTML numbers": text.replace(/[^\x20-\x7e]/gu, (letter) => `&#${letter.codePointAt(0)};`),
      "HTML hexadecimal": text.replace(
        /[^\x20-\x7e]/gu,
        (letter) => `&#x${(letter.codePointAt(0) ?? 0).toString(16)};`,
      ),
    };
    for (const [form, escaped] of Object.entries(escapes)) add(utf8.encode(escaped), form);
  }
  const raw = value.raw && trimmed(value.raw).map(lower);
  if (raw && raw.length >= SHORTEST.ascii)
    out.set(raw.join(), { bytes: raw, value, text: value.text, form: "as in the original", alone: "no" });
  return [...out.values()];
}

function aloneness(text: string, kind: IdentityValue["kind"]): Pattern["alone"] {
  if (kind === "uid") return text.length < 30 ? "uid" : "no";
  if (/^\d{4,7}$/.test(text)) return "digits";
  if (/^\d{8,16}$/.test(text)) return "short run";
  return /^[A-Za-z]{4,5}$/.test(text) ? "letters" : "no";
}

function percent(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The ways in which programs and people write the same thing. */
function writings({ text, kind }: IdentityValue): Set<string> {
  if (kind === "date") {
    const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6, 8)];
    const [m, d] = [String(Number(month)), String(Number(day))];
    return new Set([
      text,
      `${year}-${month}-${day}`,
      `${year}/${month}/${day}`,
      `${year}.${month}.${day}`,
      `${day}.${month}.${year}`,
      `${day}/${month}/${year}`,
      `${month}/${day}/${year}`,
      `${d}.${m}.${year}`,
      `${m}/${d}/${year}`,
      `${d}/${m}/${year}`,
      `${day}-${month}-${year}`,
      `${year}年${m}月${d}日`,
      `${year}年${month}月${day}日`,
    ]);
  }
  const out = new Set([text]);
  if (kind === "uid") return out;
  // As file names have it, where most of it is left: "71" of a name in another script is a number like any other.
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "");
  out.add(plain);
  const safe = plain.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  if (safe.length * 4 >= text.length * 3) out.add(safe);
  if (kind === "name")
    for (const group of text.split("=")) {
      const parts = group.split(/[\^ ,]+/).filter(Boolean);
      parts.forEach((part) => out.add(part));
      const [family = "", given = ""] = parts;
      if (given !== "")
        for (const [a, b] of [
          [family, given],
          [given, family],
        ])
          for (const between of [" ", ", ", "^", "_", "-", ""]) out.add(`${a}${between}${b}`);
    }
  // A long text may be cut: its lines and sentences are looked for as well.
  if (text.length > 40)
    for (const part of text.split(/[\r\n.;。；]+/)) if (part.trim().length >= 12) out.add(part.trim());
  return out;
}

function utf16(text: string, little: boolean): Uint8Array {
  const out = new Uint8Array(text.length * 2);
  const view = new DataView(out.buffer);
  for (let n = 0; n < text.length; n++) view.setUint16(2 * n, text.charCodeAt(n), little);
  return out;
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--;
  return bytes.subarray(0, end);
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && lower(byte) >= 0x61 && lower(byte) <= 0x7a;

/** All patterns by the first three of their bytes, so that most places of a file are passed with one look. */
export class PatternIndex {
  readonly #first = new Uint8Array(1 << 16);
  readonly #byStart = new Map<number, Pattern[]>();

  constructor(patterns: readonly Pattern[]) {
    for (const pattern of patterns) {
      const [a, b, c] = pattern.bytes;
      const start = a | (b << 8) | (c << 16);
      this.#first[start & 0xffff] = 1;
      const known = this.#byStart.get(start);
      if (known) known.push(pattern);
      else this.#byStart.set(start, [pattern]);
    }
  }

  /** Calls `found` at each place of a pattern of at least `shortest` bytes. */
  search(bytes: Uint8Array, shortest: number, found: (pattern: Pattern, at: number) => void): void {
    for (let at = 0; at + 3 <= bytes.length; at++) {
      const two = lower(bytes[at]) | (lower(bytes[at + 1]) << 8);
      if (this.#first[two] === 0) continue;
      for (const pattern of this.#byStart.get(two | (lower(bytes[at + 2]) << 16)) ?? [])
        if (pattern.bytes.length >= shortest && standsAt(bytes, at, pattern)) found(pattern, at);
    }
  }
}

function standsAt(bytes: Uint8Array, at: number, { bytes: pattern, alone }: Pattern): boolean {
  if (at + pattern.length > bytes.length) return false;
  for (let n = 3; n < pattern.length; n++) if (lower(bytes[at + n]) !== pattern[n]) return false;
  if (alone === "no") return true;
  const [before, after] = [bytes[at - 1], bytes[at + pattern.length]] as (number | undefined)[];
  if (alone === "letters") return !isLetter(before) && !isLetter(after);
  if (alone === "short run") return digitsAround(bytes, at, pattern.length) <= LONGEST_NUMBER;
  if (isDigit(before) || isDigit(after)) return false;
  return (
    alone === "digits" || (before !== 0x2e && !(after === 0x2e && isDigit(bytes[at + pattern.length + 1])))
  );
}

/** Digits of a number that somebody wrote: a date with its time to the microsecond has 20. UUIDs as UIDs have 36 to 39 (PS3.5 B.2). */
const LONGEST_NUMBER = 30;

/** How long the run of digits is in which the pattern stands. */
function digitsAround(bytes: Uint8Array, at: number, length: number): number {
  let [from, to] = [at, at + length];
  while (isDigit(bytes[from - 1])) from--;
  while (isDigit(bytes[to])) to++;
  return to - from;
}
