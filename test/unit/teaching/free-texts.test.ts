// Free text word by word: what is offered, how it is divided, and what stays.
import { describe, expect, it } from "vitest";
import { approvedWords, freeTextsOf, piecesOf } from "#cement/teaching/free-texts";
import { measuredCase } from "../cement/small-case.ts";

const wordsOf = (text: string) =>
  piecesOf(text).flatMap(({ text: one, word }) => (word === null ? [] : [one]));

describe("free texts of a case", () => {
  it("are offered once each, with the place where they were typed", () => {
    const { findings } = measuredCase();
    const twice = {
      ...findings,
      procedure: { ...findings.procedure, indication: "Pain" },
      leaks: findings.leaks.map((leak) => ({ ...leak, comment: "Told Dr Qua" })),
      complications: [{ type: "other" as const, text: "Told Dr Qua", tian2020: "none" as const }],
      history: [{ at: "2026-01-01T00:00:00Z", who: "Qua", what: "signed" }],
    };
    const offered = freeTextsOf(twice);
    expect(offered.filter(({ text }) => text === "Told Dr Qua").map(({ where }) => where.en)).toEqual([
      "Comment on K1",
    ]);
    expect(offered[0]).toEqual({ text: "Pain", where: { en: "Indication", zh: "适应证" } });
    expect(offered.some(({ text }) => text === "Qua")).toBe(false);
  });
});

describe("a text", () => {
  it("is divided into words, in Chinese too, and joins to itself again", () => {
    for (const text of ["Seen by Dr. Qua-Zor (M) on 03/04.", "与王小东医生讨论，骨水泥渗漏。", "  \n a"])
      expect(
        piecesOf(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    expect(wordsOf("Seen by Dr. Qua")).toEqual(["Seen", "by", "Dr", "Qua"]);
    expect(wordsOf("骨水泥渗漏").length).toBeGreaterThan(1);
  });

  it("keeps the approved words alone, with a mark where others stood between them", () => {
    const text = "Told Dr Qua, ward 7: stable.";
    expect(approvedWords(text, new Set())).toBe("");
    expect(approvedWords(text, new Set([5]))).toBe("stable.");
    expect(approvedWords(text, new Set([0, 5]))).toBe("Told … stable.");
    expect(approvedWords(text, new Set([2, 3]))).toBe("Qua, ward");
    for (const whole of [text, '=HYPERLINK("x")'])
      expect(approvedWords(whole, new Set(wordsOf(whole).keys()))).toBe(whole);
  });
});
