// A small finished case for export tests: findings with two lesions' worth of answers, on the small CT series.
import { derivedUid } from "#core/derived-uid";
import type { VoxelGrid } from "#core/space";
import { voxelVolumeMm3 } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { ExportInput } from "#cement/exports/prepare";
import { type Findings, type FindingsLeak, SCHEMA_VERSION } from "#cement/model/findings";
import { findingsVerification } from "#cement/exports/verification";
import { NERVE_COURSES } from "#cement/model/measured-fields";
import { type RunMask, voxelCount } from "#voxels/mask";
import { boxMask, difference } from "#voxels/set-operations";
import { asymmetricMasks, smallHu, smallSeries, testEquipment } from "../dicom/small-series.ts";

/** HU statistics of a mask in the small CT, computed voxel by voxel. */
function measured(mask: RunMask, grid: VoxelGrid) {
  const values: number[] = [];
  for (let k = 0; k < grid.slices; k++)
    for (let j = 0; j < grid.rows; j++) {
      const row = k * grid.rows + j;
      for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
        for (let i = mask.start[n]; i < mask.end[n]; i++) values.push(smallHu(i, j, k) + 1500);
    }
  const mean = values.reduce((sum, hu) => sum + hu, 0) / values.length;
  const variance = values.reduce((sum, hu) => sum + (hu - mean) ** 2, 0) / values.length;
  return {
    volumeMm3: voxelCount(mask) * voxelVolumeMm3(grid),
    huMean: mean,
    huMax: Math.max(...values),
    huSd: Math.sqrt(variance),
    thresholdHu: 612.4,
  };
}

const leak = (
  leakId: string,
  site: FindingsLeak["site"],
  mask: RunMask,
  grid: VoxelGrid,
  more: Partial<FindingsLeak>,
): FindingsLeak => ({
  leakId,
  lesionRef: "L1",
  componentId: `C-${leakId}`,
  trackingUid: derivedUid("small case", leakId),
  ...measured(mask, grid),
  max3dDiameterMm: 12.3456,
  site,
  route: "unknown",
  tian2020Category: "other",
  side: "left",
  symptom: "not_assessed",
  confidence: "definite",
  ...more,
});

export function smallFindings(source: SeriesContext, masks: readonly RunMask[]): Findings {
  const { grid } = source;
  return {
    schemaVersion: SCHEMA_VERSION,
    documentId: "7b0c2f2e-0001-4000-8000-000000000001",
    createdAt: "2025-01-02T10:15:30Z",
    status: "final",
    definitionsVersion: "project draft",
    notForDiagnosis: "Research software, not a medical device: not for diagnosis.",
    software: { name: "Cement Leakage Viewer", version: "0.1.0" },
    imaging: {
      studyInstanceUid: source.study.studyInstanceUid,
      seriesInstanceUid: source.seriesInstanceUid,
      frameOfReferenceUid: source.frameOfReferenceUid,
      modality: "CT",
      studyDate: "2025-01-02",
      sliceThicknessMm: 1.25,
      sliceSpacingMm: 1.25,
      pixelSpacingMm: [0.8, 0.7],
      contrast: false,
      huClipped: false,
      patientPosition: source.patientPosition,
      fieldOfView: ["sacrum", "pelvis"],
    },
    procedure: {
      type: "sacroplasty",
      guidance: ["fluoroscopy"],
      cement: { product: "Palacos V" },
      technicalSuccess: { value: "yes", definition: "tian2020" },
    },
    lesions: [
      {
        lesionId: "L1",
        bone: "sacrum",
        side: "left",
        sacralLevels: ["S1", "S2"],
        denisZones: [1],
        injectedVolumeMl: 5.2,
        needles: [{ approach: "posterior_short_axis", gauge: 13, side: "left" }],
        cement: {
          trackingUid: derivedUid("small case", "L1"),
          ...measured(masks[0], grid),
          max3dDiameterMm: 20.5,
          volumeEstimateMm3: 512.3456,
          volumeCi95Mm3: [480.1, 540.9],
          incomplete: true,
        },
        leakage: "present",
      },
    ],
    leaks: [
      leak("K1", "anterior_sacral_space", masks[1], grid, {
        route: "cortical_defect",
        tian2020Category: "anterior_sacral_space",
        sacralLevels: ["S1"],
        maxBeyondCortexMm: 2.137,
        leakFractionPct: 11.119,
        extentGrade: 2,
        complication: { tian2020: "minor" },
      }),
      leak("K2", "sacral_venous_plexus", masks[2], grid, {
        route: "vein",
        tian2020Category: "sacral_venous_plexus",
        side: "right",
        confidence: "possible",
        huClipped: true,
        comment: '=HYPERLINK("http://example.test"), said "again"',
      }),
    ],
    siteAssessments: [
      { lesionRef: "L1", site: "anterior_sacral_space", answer: "present" },
      { lesionRef: "L1", site: "sacral_venous_plexus", answer: "present" },
      { lesionRef: "L1", site: "puncture_path", answer: "absent" },
      { lesionRef: "L1", site: "anterior_epidural_space", answer: "absent" },
      { lesionRef: "L1", site: "sacroiliac_joint", answer: "not_assessable", reason: "metal artefact" },
    ],
    measurements: [
      {
        measurementId: "M1",
        trackingUid: derivedUid("small case", "M1"),
        kind: "distance",
        pointsMm: [
          [-10.5, 4, 2.5],
          [-10.5, 7, 6.5],
        ],
        lengthMm: 5,
      },
      {
        measurementId: "M2",
        trackingUid: derivedUid("small case", "M2"),
        kind: "angle",
        pointsMm: [
          [0, 0, 0],
          [8, 0, 0],
          [0, 0, 0],
          [0, 4, 0],
        ],
        angleDegrees: 90,
      },
      {
        measurementId: "M3",
        trackingUid: derivedUid("small case", "M3"),
        kind: "ellipse",
        pointsMm: [
          [-4, 0, 5],
          [4, 0, 5],
          [0, -2, 5],
          [0, 2, 5],
        ],
        areaMm2: 25.1327,
        huMean: 812.34,
        huSd: 45.67,
        huMin: 700,
        huMax: 930,
        voxels: 45,
      },
    ],
    notAssessed: ["pulmonary_cement_embolism", "cardiac"],
    readers: [{ readerId: "READER^ONE", role: "radiologist", readAt: "2025-01-02T10:14:00Z" }],
  };
}

/** The small case with all that an engine can measure, cement of an earlier procedure, and metal. */
export function measuredCase(source = smallSeries()): ExportInput {
  const input = smallCase({}, source);
  const { findings, masks } = input;
  const { grid } = source;
  const inBox = boxMask(grid, { i0: 2, i1: 9, j0: 20, j1: 27, k0: 3, k1: 8 });
  const earlier = [...masks.cementOfLesion.values(), ...masks.leaks.values()].reduce(difference, inBox);
  const [first, second] = findings.leaks;
  return {
    ...input,
    masks: { ...masks, previous: new Map([["E1", earlier]]) },
    findings: {
      ...findings,
      imaging: { ...findings.imaging, priorStudyUid: derivedUid("small case", "earlier study") },
      verification: findingsVerification([
        {
          check: "geometry/spacing",
          outcome: "passed",
          figures: { slices: grid.slices, spacingMm: 1.25, largestDeviationMm: 0.003 },
        },
        { check: "geometry/tilt", outcome: "handled", figures: { tiltDegrees: 12 } },
        { check: "values/compression", outcome: "attention", figures: { ratio: 10, images: 3, of: 24 } },
      ]),
      leaks: [
        {
          ...first,
          geometry: {
            voxels: voxelCount(masks.leaks.get("K1") ?? inBox),
            attached: true,
            neckAreaMm2: 6.54,
            shape: "blob",
            borderUncertaintyMm: 0.9,
            toCanalMm: 11.2,
            toForamenMm: 6.4,
            toPelvicSurfaceMm: 0.3,
            toL5RootEstimatedMm: 14,
            toLumbosacralTrunkEstimatedMm: 9.5,
            nerveCourses: NERVE_COURSES,
            canalNarrowingPct: 0,
          },
        },
        second,
        {
          leakId: "K3",
          lesionRef: "L1",
          notMeasurable: "metal",
          site: "puncture_path",
          route: "needle_track",
          tian2020Category: "puncture_path",
          side: "left",
          symptom: "not_assessed",
          confidence: "probable",
        },
      ],
      previousCement: [
        {
          previousId: "E1",
          ...measured(earlier, grid),
          max3dDiameterMm: 8.1,
          trackingUid: derivedUid("small case", "E1"),
          side: "midline",
          reason: "Already on the earlier CT",
          centroidMm: [-8.5, -212.1, 46.4],
        },
      ],
      notCement: [{ partId: "P9", reason: "Metal", notMeasurable: "metal", centroidMm: [1, 2, 3] }],
      massBalance: {
        injectedMl: 5.2,
        foundMl: 0.713,
        foundCi95Ml: [0.6, 0.8],
        missingMl: 4.487,
        words: "4.5 mL of 5.2 mL injected not found on this CT",
      },
    },
  };
}

export function smallCase(change: Partial<Findings> = {}, source = smallSeries()): ExportInput {
  const masks = asymmetricMasks(source.grid);
  const uids = (kind: string) => ({
    sopInstanceUid: derivedUid("small case", kind, "instance"),
    seriesInstanceUid: derivedUid("small case", kind, "series"),
  });
  return {
    findings: { ...smallFindings(source, masks), ...change },
    masks: {
      cementOfLesion: new Map([["L1", masks[0]]]),
      leaks: new Map([
        ["K1", masks[1]],
        ["K2", masks[2]],
      ]),
      previous: new Map(),
    },
    source,
    equipment: testEquipment,
    uids: { segmentation: uids("SEG"), report: uids("SR"), keyObjects: uids("KO") },
    createdAt: new Date("2025-01-02T10:15:30Z"),
  };
}
