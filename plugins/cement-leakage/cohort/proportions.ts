// Shares of a whole with their intervals (DOMAIN §7).
// Wilson, J Am Stat Assoc 1927;22:209; Clopper and Pearson, Biometrika 1934;26:404; Newcombe, Stat Med 1998;17:857.
import { betaQuantile, normalQuantile, normalTwoSided } from "./distributions.ts";

export type Interval = readonly [low: number, high: number];

export interface Proportion {
  /** How many have it. */
  readonly count: number;
  /** Of how many that were asked and answered. */
  readonly of: number;
  /** 0 to 1; null of none. */
  readonly share: number | null;
  readonly wilson: Interval | null;
}

/** `count` of `of`, with the Wilson score interval without continuity correction. Throws RangeError unless 0 <= count <= of. */
export function proportion(count: number, of: number): Proportion {
  check(count, of);
  return { count, of, share: of === 0 ? null : count / of, wilson: of === 0 ? null : wilson(count, of) };
}

/** Wilson score interval, 0 to 1. */
export function wilson(count: number, of: number, confidence = 0.95): Interval {
  check(count, of);
  if (of === 0) return [0, 1];
  const z = normalQuantile(0.5 + confidence / 2);
  const p = count / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  // At the ends the score interval touches them; rounding must not step over.
  return [count === 0 ? 0 : middle - half, count === of ? 1 : middle + half];
}

/** The exact interval of Clopper and Pearson, 0 to 1: wide, never too short. */
export function clopperPearson(count: number, of: number, confidence = 0.95): Interval {
  check(count, of);
  if (of === 0) return [0, 1];
  const tail = (1 - confidence) / 2;
  return [
    count === 0 ? 0 : betaQuantile(tail, count, of - count + 1),
    count === of ? 1 : betaQuantile(1 - tail, count + 1, of - count),
  ];
}

/** Pooled two-sided z test of two independent proportions, without continuity correction; null where all or none have it. */
export function twoProportions(
  a: Proportion,
  b: Proportion,
): { readonly z: number; readonly p: number } | null {
  if (a.of === 0 || b.of === 0) return null;
  const pooled = (a.count + b.count) / (a.of + b.of);
  const variance = pooled * (1 - pooled) * (1 / a.of + 1 / b.of);
  if (variance === 0) return null;
  const z = (a.count / a.of - b.count / b.of) / Math.sqrt(variance);
  return { z, p: normalTwoSided(z) };
}

function check(count: number, of: number): void {
  if (!Number.isInteger(count) || !Number.isInteger(of) || count < 0 || of < count)
    throw new RangeError(`${count} of ${of} is no proportion`);
}
