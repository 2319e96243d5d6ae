// Writes a DICOM Segmentation, BINARY, on the CT's own grid (PS3.3 A.51; DOMAIN §5), packed straight from runs.
import { derivedUid } from "#core/derived-uid";
import { ProblemError, problem } from "#core/problem";
import type { SegmentationDocument, SegmentDescription } from "#core/segmentation-document";
import { type VoxelGrid, dot, sliceNormal, sliceSpacingMm } from "#core/space";
import { STANDARD_CODES } from "#core/standard-codes";
import type { InstanceReference, SeriesContext } from "#core/study";
import { type RunMask, isEmpty } from "#voxels/mask";
import { type SegmentFrame, masksOverlap, occupiedSlices, packFrames } from "./bit-frames.ts";
import { cielabFromHex } from "./cielab-color.ts";
import {
  SEGMENTATION_STORAGE,
  codeItem,
  derivedInstance,
  imageReferenceItem,
  referenceItem,
} from "./derived-instance.ts";
import { type DataSet, writePart10 } from "./part10.ts";

/** Attribute tags that the dimensions and functional groups point at (VR AT). */
const REFERENCED_SEGMENT_NUMBER = 0x0062000b;
const SEGMENT_IDENTIFICATION_SEQUENCE = 0x0062000a;
const IMAGE_POSITION_PATIENT = 0x00200032;
const PLANE_POSITION_SEQUENCE = 0x00209113;

/**
 * One Part 10 file. `masks` holds the voxels of each segment by its number, on `document.source.grid`. A segment's frames are the
 * slices that hold it, ascending k. The same arguments give the same bytes.
 * Throws ProblemError: seg/no-segments, seg/segment-numbers, seg/empty-segment, seg/other-grid, seg/no-frame-of-reference,
 * seg/incomplete-equipment.
 */
export function writeSegmentation(
  document: SegmentationDocument,
  masks: ReadonlyMap<number, RunMask>,
): Uint8Array {
  const { source, identity } = document;
  const frames = framesOf(document, masks);
  const slicesUsed = [...new Set(frames.map((frame) => frame.k))].toSorted((a, b) => a - b);
  const positionIndex = new Map(slicesUsed.map((k, n) => [k, n + 1]));
  const dimensionUid = derivedUid(identity.sopInstanceUid, "dimensions");
  const pixels = packFrames(frames, source.grid.rows, source.grid.columns);
  return writePart10({
    ...derivedInstance(document, SEGMENTATION_STORAGE, "SEG", document.codingSchemes),
    FrameOfReferenceUID: source.frameOfReferenceUid,
    PositionReferenceIndicator: "",
    ImageType: ["DERIVED", "PRIMARY"],
    ...lossyHistory(source),
    BurnedInAnnotation: "NO",
    ContentLabel: document.contentLabel,
    ContentDescription: document.contentDescription,
    ContentCreatorName: document.contentCreatorName,
    SegmentationType: "BINARY",
    SegmentsOverlap: masksOverlap(document.segments.map(({ number }) => maskOf(masks, number)))
      ? "YES"
      : "NO",
    SegmentSequence: document.segments.map(segmentItem),
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: source.seriesInstanceUid,
        ReferencedInstanceSequence: instancesOf(source, slicesUsed).map(referenceItem),
      },
    ],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionUid }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID: dimensionUid,
        DimensionIndexPointer: REFERENCED_SEGMENT_NUMBER,
        FunctionalGroupPointer: SEGMENT_IDENTIFICATION_SEQUENCE,
        DimensionDescriptionLabel: "Referenced Segment Number",
      },
      {
        DimensionOrganizationUID: dimensionUid,
        DimensionIndexPointer: IMAGE_POSITION_PATIENT,
        FunctionalGroupPointer: PLANE_POSITION_SEQUENCE,
        DimensionDescriptionLabel: "Image Position (Patient)",
      },
    ],
    SharedFunctionalGroupsSequence: [sharedGroups(source)],
    PerFrameFunctionalGroupsSequence: frames.map((frame) =>
      frameGroups(frame, source, positionIndex.get(frame.k) ?? 0),
    ),
    NumberOfFrames: frames.length,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: source.grid.rows,
    Columns: source.grid.columns,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    PixelData: pixels,
  });
}

/** The instances that hold these slices, each once: a multi-frame CT holds many. */
const instancesOf = ({ instances }: SeriesContext, slices: readonly number[]): InstanceReference[] => [
  ...new Map(slices.map((k) => [instances[k].sopInstanceUid, instances[k]])).values(),
];

/** The frames in file order: segments by number, then slices by k. */
function framesOf(document: SegmentationDocument, masks: ReadonlyMap<number, RunMask>): SegmentFrame[] {
  const { grid, frameOfReferenceUid } = document.source;
  const { manufacturer, manufacturerModelName, deviceSerialNumber, softwareVersions } = document.equipment;
  if ([manufacturer, manufacturerModelName, deviceSerialNumber, softwareVersions].includes(""))
    throw new ProblemError(problem("seg/incomplete-equipment"));
  if (frameOfReferenceUid === "") throw new ProblemError(problem("seg/no-frame-of-reference"));
  if (document.segments.length === 0) throw new ProblemError(problem("seg/no-segments"));
  return document.segments.flatMap((segment, n) => {
    if (segment.number !== n + 1)
      throw new ProblemError(problem("seg/segment-numbers", { expected: n + 1, found: segment.number }));
    const mask = maskOf(masks, segment.number);
    if (isEmpty(mask))
      throw new ProblemError(
        problem("seg/empty-segment", { segmentNumber: segment.number, label: segment.label }),
      );
    if (mask.columns !== grid.columns || mask.rows !== grid.rows || mask.slices !== grid.slices)
      throw new ProblemError(problem("seg/other-grid", { segmentNumber: segment.number }));
    return occupiedSlices(mask).map((k) => ({ segmentNumber: segment.number, mask, k }));
  });
}

function maskOf(masks: ReadonlyMap<number, RunMask>, segmentNumber: number): RunMask {
  const mask = masks.get(segmentNumber);
  if (!mask) throw new ProblemError(problem("seg/empty-segment", { segmentNumber }));
  return mask;
}

/** Lossy Image Compression of the source holds for what was derived from it (PS3.3 C.7.6.1.1.5). */
const lossyHistory = (source: SeriesContext): DataSet => ({
  LossyImageCompression: source.lossyImageCompression ? "01" : "00",
});

function segmentItem(segment: SegmentDescription): DataSet {
  const manual = segment.algorithmType === "MANUAL";
  return {
    SegmentNumber: segment.number,
    SegmentLabel: segment.label,
    SegmentDescription: segment.description === "" ? undefined : segment.description,
    SegmentAlgorithmType: segment.algorithmType,
    SegmentAlgorithmName: manual ? undefined : segment.algorithmName,
    SegmentationAlgorithmIdentificationSequence: manual
      ? undefined
      : [
          {
            AlgorithmFamilyCodeSequence: [
              codeItem(
                segment.algorithmType === "AUTOMATIC"
                  ? STANDARD_CODES.morphologicalOperations
                  : STANDARD_CODES.manualProcessing,
              ),
            ],
            AlgorithmName: segment.algorithmName,
            AlgorithmVersion: segment.algorithmVersion,
          },
        ],
    SegmentedPropertyCategoryCodeSequence: [codeItem(segment.propertyCategory)],
    SegmentedPropertyTypeCodeSequence: [
      {
        ...codeItem(segment.propertyType),
        SegmentedPropertyTypeModifierCodeSequence: itemsOrNone(segment.propertyTypeModifiers.map(codeItem)),
      },
    ],
    AnatomicRegionSequence: segment.anatomicRegion
      ? [
          {
            ...codeItem(segment.anatomicRegion),
            AnatomicRegionModifierSequence: itemsOrNone(segment.anatomicRegionModifiers.map(codeItem)),
          },
        ]
      : undefined,
    TrackingID: segment.trackingId,
    TrackingUID: segment.trackingUid,
    RecommendedDisplayCIELabValue: cielabFromHex(segment.displayColor),
  };
}

const itemsOrNone = (items: readonly DataSet[]): readonly DataSet[] | undefined =>
  items.length > 0 ? items : undefined;

function sharedGroups(source: SeriesContext): DataSet {
  const { grid } = source;
  const spacingMm = sliceSpacingMm(grid);
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [...grid.rowDirection, ...grid.columnDirection] }],
    PixelMeasuresSequence: [
      {
        PixelSpacing: [grid.rowSpacingMm, grid.columnSpacingMm],
        SliceThickness: source.sliceThicknessMm ?? spacingMm,
        SpacingBetweenSlices: evenlySpaced(grid) ? spacingMm : undefined,
      },
    ],
  };
}

/** Whether one number describes the distance of neighbouring slices along their normal (1 %), tilted or not. */
function evenlySpaced(grid: VoxelGrid): boolean {
  if (grid.slices < 2) return false;
  const normal = sliceNormal(grid);
  const spacing = sliceSpacingMm(grid);
  const depths = grid.slicePositions.map((position) => dot(position, normal));
  return depths.every((depth, k) => k === 0 || Math.abs(depth - depths[k - 1] - spacing) <= 0.01 * spacing);
}

function frameGroups(frame: SegmentFrame, source: SeriesContext, positionIndex: number): DataSet {
  return {
    FrameContentSequence: [{ DimensionIndexValues: [frame.segmentNumber, positionIndex] }],
    PlanePositionSequence: [{ ImagePositionPatient: source.grid.slicePositions[frame.k] }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: frame.segmentNumber }],
    DerivationImageSequence: [
      {
        DerivationCodeSequence: [codeItem(STANDARD_CODES.segmentationDerivation)],
        SourceImageSequence: [
          {
            ...imageReferenceItem(source.instances[frame.k]),
            PurposeOfReferenceCodeSequence: [codeItem(STANDARD_CODES.sourceImageProcessing)],
            SpatialLocationsPreserved: "YES",
          },
        ],
      },
    ],
  };
}
