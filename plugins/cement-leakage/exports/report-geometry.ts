// Where a leak lies, in numbers, for its measurement group; and for the whole study the balance and what could not be measured.
import type { ContentItem } from "#core/report-document";
import { STANDARD_CODES as S } from "#core/standard-codes";
import { CONCEPT_CODES as Q } from "../model/codes.ts";
import type { Findings, FindingsLeak } from "../model/findings.ts";
import { siteOf } from "../model/sites.ts";
import { DECIMALS } from "./prepare.ts";
import { number, remark } from "./report-items.ts";

/** Distances are from the leak's nearest voxel; a course of a nerve is estimated, and says so beside its number. */
export function geometryItems({ geometry }: FindingsLeak): ContentItem[] {
  if (!geometry) return [];
  const mm = DECIMALS.geometryMm;
  const estimated = geometry.nerveCourses ? [remark(`Course ${geometry.nerveCourses}`)] : [];
  return [
    ...number(Q.toCanal, geometry.toCanalMm, mm, S.mm),
    ...number(Q.toForamen, geometry.toForamenMm, mm, S.mm),
    ...number(Q.toPelvicSurface, geometry.toPelvicSurfaceMm, mm, S.mm),
    ...number(Q.toL5Estimated, geometry.toL5RootEstimatedMm, mm, S.mm, estimated),
    ...number(Q.toTrunkEstimated, geometry.toLumbosacralTrunkEstimatedMm, mm, S.mm, estimated),
    ...number(Q.neckArea, geometry.neckAreaMm2, DECIMALS.neckAreaMm2, S.mm2),
    ...number(Q.canalNarrowing, geometry.canalNarrowingPct, 0, S.percent, [
      remark("Largest share of the canal's depth, front to back, in any slice"),
    ]),
    ...number(Q.borderUncertainty, geometry.borderUncertaintyMm, mm, S.mm),
  ];
}

const statement = (text: string, children: readonly ContentItem[] = []): ContentItem => ({
  relationship: "CONTAINS",
  type: "TEXT",
  concept: S.comment,
  text,
  children,
});

/** Injected against found; nothing where it is not known what was injected. */
export function balanceItems({ massBalance }: Findings): ContentItem[] {
  if (!massBalance) return [];
  const { injectedMl, foundMl, foundCi95Ml, missingMl, words } = massBalance;
  const ml = (concept: (typeof Q)[keyof typeof Q], value: number | undefined, decimals: number) =>
    number(concept, value, decimals, S.ml, [], "HAS PROPERTIES");
  return [
    statement(`Balance: ${words}`, [
      ...ml(Q.injectedVolume, injectedMl, DECIMALS.injectedVolumeMl),
      ...ml(Q.foundVolume, foundMl, DECIMALS.balanceMl),
      ...ml(Q.foundVolumeLow, foundCi95Ml[0], DECIMALS.balanceMl),
      ...ml(Q.foundVolumeHigh, foundCi95Ml[1], DECIMALS.balanceMl),
      ...ml(Q.missingVolume, missingMl, DECIMALS.balanceMl),
    ]),
  ];
}

/** Leaks and other parts beside metal: they have no segment, so that only words can name them. */
export function notMeasurableItems({ leaks, notCement = [] }: Findings): ContentItem[] {
  const at = (mm: readonly number[] | undefined) => (mm ? `, middle at ${mm.join(", ")} mm (LPS)` : "");
  return [
    ...leaks.flatMap((leak) =>
      leak.notMeasurable
        ? [
            statement(
              `Leak ${leak.leakId}, ${siteOf(leak.site).name.en}, ${leak.side}: not measurable (${leak.notMeasurable})`,
            ),
          ]
        : [],
    ),
    ...notCement.flatMap((part) =>
      part.notMeasurable
        ? [statement(`Part ${part.partId}${at(part.centroidMm)}: not measurable (${part.notMeasurable})`)]
        : [],
    ),
  ];
}
