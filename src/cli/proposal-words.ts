// A proposal in words: the lines of the command, and what stands beside its pictures.
import type { Proposal } from "#cement/engine/proposal";
import type { Findings, FindingsLeak } from "#cement/model/findings";
import { siteOf } from "#cement/model/sites";

/** What was found, a line each: cement in bone, leaks with their reasons, what is not cement. */
export function resultLines(findings: Findings, proposal: Proposal): string[] {
  const cement = findings.lesions.map((lesion) =>
    [
      `Cement ${lesion.lesionId}: in the ${lesion.bone === "other" ? "bone" : lesion.bone}`,
      lesion.side,
      ...(lesion.sacralLevels ? [lesion.sacralLevels.join(" ")] : []),
      lesion.cement ? volumeWords(lesion.cement) : "none found",
    ].join(", "),
  );
  const words =
    proposal.intraosseous.length + proposal.candidates.length === 0
      ? ["No cement was found in bone; nothing is proposed."]
      : [];
  if (cement.length > 0 && findings.leaks.length === 0) words.push("No leak is proposed.");
  const alerts = proposal.rejected.flatMap(({ kind, reason }) => (kind === "alert" ? [reason.en] : []));
  const rejected = (findings.notCement ?? [])
    .filter((part) => !alerts.includes(part.reason))
    .map((part) =>
      part.notMeasurable
        ? part.reason
        : `Not cement, ${Math.round(part.volumeMm3 ?? 0)} mm³, because: ${part.reason}`,
    );
  const earlier = (findings.previousCement ?? []).map(
    (part) =>
      `Earlier cement ${[part.previousId, part.side, volumeWords(part)].filter(Boolean).join(", ")}, not counted, because: ${part.reason}`,
  );
  const { massBalance } = findings;
  const balance = massBalance ? [`Balance: ${massBalance.words}`] : [];
  return [
    ...cement,
    ...words,
    ...alerts.map((alert) => `LOOK HERE: ${alert}`),
    ...findings.leaks.map(leakLine),
    ...notes(findings),
    ...balance,
    ...earlier,
    ...rejected,
  ];
}

const leakLine = (leak: FindingsLeak): string =>
  [
    `Leak ${leak.leakId}: ${siteOf(leak.site).name.en}`,
    leak.side,
    ...(leak.sacralLevels ? [leak.sacralLevels.join(" ")] : []),
    volumeWords(leak),
    `${leak.confidence}: ${leak.proposal?.reason ?? ""}`,
  ].join(", ");

const notes = (findings: Findings): string[] =>
  (findings.verificationLog ?? []).filter((line) => /^[KL]\d+: /.test(line)).map((line) => `  ${line}`);

/** "43 mm³, estimate 45 (39 to 50)": what the voxels add up to, and the estimate with its 95 % interval. */
export function volumeWords(measures: {
  volumeMm3?: number;
  volumeEstimateMm3?: number;
  volumeCi95Mm3?: [number, number];
  incomplete?: boolean;
}): string {
  const { volumeMm3, volumeEstimateMm3, volumeCi95Mm3: interval } = measures;
  if (volumeMm3 === undefined) return "not measurable";
  return [
    `${measures.incomplete ? "at least " : ""}${Math.round(volumeMm3)} mm³`,
    ...(volumeEstimateMm3 === undefined || !interval
      ? []
      : [
          `estimate ${Math.round(volumeEstimateMm3)} (${Math.round(interval[0])} to ${Math.round(interval[1])})`,
        ]),
  ].join(", ");
}
