// The verification log in the exports: whole in the findings and the report object, in short in text and on the page.
import fc from "fast-check";
import { expect, it } from "vitest";
import { prepareExport } from "#cement/exports/prepare";
import { reportDocument } from "#cement/exports/report";
import { reportPage } from "#cement/exports/report-page";
import { findingsText } from "#cement/exports/text";
import { parseFindings } from "#cement/model/parse-findings";
import type { ContentItem } from "#core/report-document";
import { verificationLine } from "#core/verification-log";
import { findingsArbitrary } from "./findings-arbitrary.ts";
import { measuredCase } from "./small-case.ts";

function exported() {
  const prepared = prepareExport(measuredCase());
  if (!prepared.ok) throw new Error(prepared.problem.code);
  return prepared.value;
}

const textsOf = (items: readonly ContentItem[]): string[] =>
  items.flatMap((item) => [...(item.type === "TEXT" ? [item.text] : []), ...textsOf(item.children ?? [])]);

it("stands in the findings with figures and with words in both languages, and is read back as written", () => {
  const { findings } = exported();
  const tilt = findings.verification?.find(({ check }) => check === "geometry/tilt");
  expect(tilt).toEqual({
    check: "geometry/tilt",
    outcome: "handled",
    figures: { tiltDegrees: 12 },
    checked: { en: "Gantry tilt", zh: "机架倾斜" },
    found: { en: "12.0° by the positions", zh: "按位置计算为 12.0°" },
    done: {
      en: "Shown straight; masks, volumes and SEG stay on the acquired slices; growing and shrinking by mm are approximate across slices",
      zh: "显示已校直；掩膜、体积与 SEG 均在采集切片上；按 mm 扩大与缩小在跨切片方向为近似",
    },
  });
  const [other] = fc.sample(findingsArbitrary, { numRuns: 1, seed: 3 });
  const read = parseFindings(JSON.stringify({ ...other, verification: findings.verification }));
  expect(read.ok && read.value.verification).toEqual(findings.verification);
});

it("stands in the report object as one numbered text, passes too", () => {
  const document = reportDocument(exported());
  if (!document.ok) throw new Error(document.problem.code);
  const log = textsOf(document.value.content).filter((text) => text.startsWith("CT checked"));
  expect(log).toHaveLength(1);
  expect(log[0]).toMatch(
    /1\. \[passed\] Distance between slices: 11 slices, spacing 1\.250 mm, largest deviation 0\.003 mm\./,
  );
  expect(log[0]).toMatch(
    /2\. \[handled\] Gantry tilt: 12\.0° by the positions; Shown straight; masks, volumes and SEG/,
  );
  expect(log[0]).toMatch(/3\. \[attention\] Compression: with loss, 10:1/);
});

it("is told in short in the text and on the page: what passed is counted, the rest is named", () => {
  const { findings } = exported();
  expect(findingsText(findings, "en")).toMatch(
    /CT checked when it was opened: 1 of 3 checks passed\. Gantry tilt: 12\.0° by the positions; .* Compression: with loss, 10:1/,
  );
  expect(findingsText(findings, "zh")).toMatch(
    /打开 CT 时的核查：3 项核查中 1 项通过。机架倾斜：按位置计算为 12\.0°/,
  );
  const page = reportPage({ findings, pictures: [], locale: "en" });
  expect(page).toContain("1 of 3 checks passed, to be noted: Gantry tilt, Compression");
  const { verification, ...old } = findings;
  expect(verification).toBeDefined();
  expect(findingsText(old, "en")).not.toContain("checks passed");
  expect(reportPage({ findings: old, pictures: [], locale: "en" })).not.toContain("checks passed");
});

it("shows a check without words by its name and figures", () => {
  expect(verificationLine({ check: "made/up", outcome: "passed", figures: { lengthMm: 3 } }, "en")).toBe(
    "made/up: lengthMm 3.",
  );
});
