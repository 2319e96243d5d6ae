// What pictures of a teaching case are drawn from: the region alone, its voxels and their labels, and the colour of each label.
import type { VoxelGrid } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { NumberedSegment } from "../exports/prepare.ts";
import type { Findings } from "../model/findings.ts";
import { siteOf, withCaseTerms } from "../model/sites.ts";
import { croppedVolume, labelsOf, type LabelledMask, type Region } from "./case-region.ts";

export interface SceneMask extends LabelledMask {
  /** "" for cement that is no leak. */
  readonly leakId: string;
  /** "#rrggbb" */
  readonly color: string;
}

export interface CaseScene {
  /** Of the region. */
  readonly volume: CtVolume;
  /** On the region's grid, `[k][j][i]`. */
  readonly labels: Uint8Array;
  readonly seriesGrid: VoxelGrid;
  /** On the grid of the series: cement in bone first. */
  readonly masks: readonly SceneMask[];
}

const IN_BONE = 1;
const IN_BONE_COLOR = "#dee2e6";
const FIRST_LEAK = 2;

export function caseScene(
  volume: CtVolume,
  region: Region,
  segments: readonly NumberedSegment[],
  findings: Findings,
): CaseScene {
  return withCaseTerms(findings.terms, () => {
    const leaks = segments.flatMap((one) => (one.kind === "leak" ? [one] : []));
    const masks: SceneMask[] = [
      ...segments.flatMap((one): SceneMask[] =>
        one.kind === "leak" ? [] : [{ label: IN_BONE, mask: one.mask, leakId: "", color: IN_BONE_COLOR }],
      ),
      ...leaks.map(({ leak, mask }, n): SceneMask => ({
        label: FIRST_LEAK + n,
        mask,
        leakId: leak.leakId,
        color: siteOf(leak.site).color,
      })),
    ];
    return {
      volume: croppedVolume(volume, region),
      labels: labelsOf(region, masks),
      seriesGrid: volume.grid,
      masks,
    };
  });
}

export const rgbOf = (hex: string): readonly [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];
