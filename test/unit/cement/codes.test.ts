// Every code fits its attribute, passes its check digit, and is the one of the specification where that is beside the project.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as codes from "#cement/model/codes";
import { SITES } from "#cement/model/sites";
import { derivedUid } from "#core/derived-uid";
import type { CodedConcept } from "#core/coded-concept";
import { STANDARD_CODES, VERTEBRA_CODES } from "#core/standard-codes";

const isCode = (value: unknown): value is CodedConcept =>
  typeof value === "object" && value !== null && "value" in value && "scheme" in value && "meaning" in value;
const privateCodes = Object.values(codes)
  .flatMap((table): unknown[] => (isCode(table) ? [table] : Object.values(table)))
  .filter(isCode);
const standardCodes: readonly CodedConcept[] = [
  ...Object.values(STANDARD_CODES),
  ...Object.values(VERTEBRA_CODES),
];

/** SNOMED's check digit (Verhoeff). */
function verhoeffHolds(digits: string): boolean {
  const permute = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const multiply = (a: number, b: number): number => {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b - 5) % 5);
    return b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5;
  };
  let check = 0;
  digits
    .split("")
    .toReversed()
    .forEach((digit, place) => {
      let value = Number(digit);
      for (let n = 0; n < place % 8; n++) value = permute[value];
      check = multiply(check, value);
    });
  return check === 0;
}

describe("codes", () => {
  it("fit SH and LO, and none is there twice with two meanings", () => {
    const meanings = new Map<string, string>();
    for (const { value, scheme, meaning } of [...privateCodes, ...standardCodes]) {
      expect(value.length).toBeLessThanOrEqual(16);
      expect(meaning.length).toBeLessThanOrEqual(64);
      const known = meanings.get(`${scheme} ${value}`);
      expect(known ?? meaning).toBe(meaning);
      meanings.set(`${scheme} ${value}`, meaning);
    }
    expect(privateCodes.length).toBe(121);
    expect(privateCodes.every((code) => code.scheme === codes.PRIVATE_SCHEME.designator)).toBe(true);
  });

  it("of SNOMED CT pass its check digit", () => {
    const snomed = standardCodes.filter((code) => code.scheme === "SCT");
    expect(snomed.length).toBeGreaterThan(50);
    for (const { value, meaning } of snomed) expect([meaning, verhoeffHolds(value)]).toEqual([meaning, true]);
    expect(verhoeffHolds("447766008")).toBe(false);
  });

  it("of the sites are those of the site list", () => {
    for (const site of SITES) expect(codes.SITE_CODES[site.id].value).toBe(site.code);
  });

  const specification = join(import.meta.dirname, "../../../../shared/domain/codes.json");
  it.skipIf(!existsSync(specification))("are those of the specification", () => {
    const { standard, private: own } = JSON.parse(readFileSync(specification, "utf8"));
    const key = ({ value, scheme, meaning }: CodedConcept) => `${value}|${scheme}|${meaning}`;
    const ours = new Set([...privateCodes, ...standardCodes].map(key));
    expect([...standard, ...own].map(key).filter((code: string) => !ours.has(code))).toEqual([]);
  });
});

describe("a derived UID", () => {
  it("is a valid UID below 2.25 that follows from its names alone", () => {
    const seen = new Set<string>();
    for (let n = 0; n < 500; n++) {
      const uid = derivedUid("case", String(n));
      expect(uid).toMatch(/^2\.25\.[1-9]\d{30,38}$/);
      expect(uid.length).toBeLessThanOrEqual(64);
      seen.add(uid);
    }
    expect(seen.size).toBe(500);
    expect(derivedUid("case", "7")).toBe(derivedUid("case", "7"));
    expect(derivedUid("a", "bc")).not.toBe(derivedUid("ab", "c"));
  });
});
