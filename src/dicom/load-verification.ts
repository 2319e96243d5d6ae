// What reading the pixels adds to the verification log of a series: whether all were read, the scanner's ceiling, loss found late.
import type { Problem } from "#core/problem";
import type { VerificationEntry } from "#core/verification-log";
import type { CtVolume } from "#core/volume";

/** What decoding knows of one slice. */
interface DecodedSlice {
  readonly maxHu: number;
  readonly lossy: boolean;
}

/** The stack's entries, followed by those of its voxels. `noticed` is what decoding reported, once per kind. */
export function verifyVoxels(
  entries: readonly VerificationEntry[],
  volume: CtVolume,
  slices: readonly DecodedSlice[],
  noticed: readonly Problem[],
): readonly VerificationEntry[] {
  const images = slices.filter(({ lossy }) => lossy).length;
  const odd = noticed.some(({ code }) => code.startsWith("decode/"));
  const { clippedAtHu, relative } = volume;
  if (relative) {
    const { because, air, tissue, airOutside = false } = relative;
    const uncalibrated: VerificationEntry = {
      check: "values/uncalibrated",
      outcome: "attention",
      figures: { because, air, tissue, airOutside, clipped: clippedAtHu !== null, slices: slices.length },
    };
    return entries.map((entry) => (entry.check === "values/units" ? uncalibrated : entry));
  }
  return [
    // An archive may list images without saying that they are lossy; the images themselves do.
    ...entries.map((entry): VerificationEntry =>
      entry.check === "values/compression" && entry.outcome === "passed" && images > 0
        ? { ...entry, outcome: "attention", figures: { ratio: "", images, of: slices.length } }
        : entry,
    ),
    {
      check: "values/decoded",
      outcome: odd ? "handled" : "passed",
      figures: {
        slices: slices.length,
        highestHu: slices.reduce((highest, { maxHu }) => Math.max(highest, maxHu), -32768),
      },
    },
    clippedAtHu === null
      ? { check: "values/ceiling", outcome: "passed", figures: {} }
      : { check: "values/ceiling", outcome: "attention", figures: { clippedAtHu } },
  ];
}
