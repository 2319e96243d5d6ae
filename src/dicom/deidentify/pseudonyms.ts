// Makes the substitutes of one patient's case: a keyed hash for UIDs, one shift for all dates, roles for names (PS3.15 E.1, E.3.9).
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Pseudonyms } from "#core/pseudonyms";

/** At least a year, at most ten, into the past: no shifted date lies in the future. */
const SHIFT_DAYS = { least: 366, most: 3650 } as const;
const DAY_MS = 86_400_000;
/** Registered by DICOM: SOP classes, transfer syntaxes, well-known frames of reference. They identify nobody. */
const REGISTERED = /^1\.2\.840\.10008\./;

export interface PseudonymSource {
  /** 32 random bytes, kept nowhere: who has them can test a guessed UID. */
  readonly key: Uint8Array;
  /** DA values of the originals: the shift is chosen so that no shifted one equals an original one. */
  readonly dates: readonly string[];
  /** Patient's name and ID of the result; "CASE-" and six signs of the key's hash where left out. */
  readonly subject?: string;
}

/** The same source gives the same substitutes. Throws RangeError for a key of fewer than 16 bytes. */
export function makePseudonyms({ key, dates, subject }: PseudonymSource): Pseudonyms {
  if (key.length < 16) throw new RangeError("the key of a case needs at least 16 random bytes");
  const shiftDays = chosenShift(key, dates);
  const readers = numbered("Reader");
  const labels = numbered("Item");
  return {
    subject: subject ?? `CASE-${hex(keyed(key, "subject")).slice(0, 6).toUpperCase()}`,
    uid: (original) => (original === "" || REGISTERED.test(original) ? original : uidOf(key, original)),
    date: (original) => shifted(original, shiftDays),
    reader: readers,
    label: labels,
  };
}

const keyed = (key: Uint8Array, text: string): Uint8Array =>
  hmac(sha256, key, new TextEncoder().encode(text));
const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** 2.25 and a UUID of version 8 as a decimal number (PS3.5 B.2). */
function uidOf(key: Uint8Array, original: string): string {
  const bytes = keyed(key, `uid ${original}`).slice(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${hex(bytes)}`)}`;
}

function chosenShift(key: Uint8Array, dates: readonly string[]): number {
  const originals = new Set(dates.map((date) => date.slice(0, 8)));
  const span = SHIFT_DAYS.most - SHIFT_DAYS.least + 1;
  for (let attempt = 0; attempt < span; attempt++) {
    const number = BigInt(`0x${hex(keyed(key, `shift ${attempt}`)).slice(0, 12)}`);
    const days = SHIFT_DAYS.least + Number(number % BigInt(span));
    if (![...originals].some((date) => originals.has(shifted(date, days)))) return days;
  }
  throw new RangeError("the dates of the case leave no shift free");
}

/** Days back; what follows the date stays as it is. */
function shifted(text: string, days: number): string {
  const found = /^(\d{4})(-?)(\d{2})\2(\d{2})(.*)$/s.exec(text.trim());
  if (!found) return "";
  const [, year, dash, month, day, rest] = found;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isDate = new Date(at).getUTCDate() === Number(day) && Number(month) >= 1 && Number(month) <= 12;
  // A time, with parts of a second and an offset; anything else is not a date with a time but a text.
  if (!isDate || !/^(T?[\d:]*(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)?)$/.test(rest)) return "";
  const [iso] = new Date(at - days * DAY_MS).toISOString().split("T");
  return `${iso.replaceAll("-", dash)}${rest}`;
}

function numbered(word: string): (original: string) => string {
  const numbers = new Map<string, number>();
  return (original) => {
    const key = original.trim();
    const number = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, number);
    return `${word} ${number}`;
  };
}
