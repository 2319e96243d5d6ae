// Writes a DICOM Segmentation, BINARY or LABELMAP, on the CT's own grid (PS3.3 A.51 and A.91; DOMAIN §5), packed straight from runs.
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
  LABEL_MAP_SEGMENTATION_STORAGE,
  SEGMENTATION_STORAGE,
  codeItem,
  derivedInstance,
  imageReferenceItem,
  referenceItem,
} from "./derived-instance.ts";
import { type LabelFrame, packLabels } from "./label-frames.ts";
import { type DataSet, writePart10 } from "./part10.ts";

/** Attribute tags that the dimensions and functional groups point at (VR AT). */
const REFERENCED_SEGMENT_NUMBER = 0x0062000b;
const SEGMENT_IDENTIFICATION_SEQUENCE = 0x0062000a;
const IMAGE_POSITION_PATIENT = 0x00200032;
const PLANE_POSITION_SEQUENCE = 0x00209113;

/**
 * One Part 10 file. `masks` holds the voxels of each segment by its number, on `document.source.grid`. BINARY: a segment's frames are
 * the slices that hold it, ascending k. LABELMAP: a frame for each slice that holds any segment, its pixels the segment numbers; the
 * pixels of none are 0, which is the Pixel Padding Value and described as background. The same arguments give the same bytes.
 * Throws ProblemError: seg/no-segments, seg/segment-numbers, seg/empty-segment, seg/other-grid, seg/no-frame-of-reference,
 * seg/incomplete-equipment, seg/overlap (LABELMAP only).
 */
export function writeSegmentation(
  document: SegmentationDocument,
  masks: ReadonlyMap<number, RunMask>,
): Uint8Array {
  const { source, identity } = document;
  const held = heldMasks(document, masks);
  const slicesUsed = [...new Set(held.flatMap(({ slices }) => slices))].toSorted((a, b) => a - b);
  const dimensionUid = derivedUid(identity.sopInstanceUid, "dimensions");
  const labels = document.form === "LABELMAP";
  const overlap = masksOverlap(held.map(({ mask }) => mask));
  if (labels && overlap) throw new ProblemError(problem("seg/overlap"));
  const image = labels
    ? labelMapImage(held, slicesUsed, source)
    : binaryImage(held, new Map(slicesUsed.map((k, n) => [k, n + 1])), source);
  return writePart10({
    ...derivedInstance(
      document,
      labels ? LABEL_MAP_SEGMENTATION_STORAGE : SEGMENTATION_STORAGE,
      "SEG",
      document.codingSchemes,
    ),
    FrameOfReferenceUID: source.frameOfReferenceUid,
    PositionReferenceIndicator: "",
    ImageType: ["DERIVED", "PRIMARY"],
    ...lossyHistory(source),
    BurnedInAnnotation: "NO",
    ContentLabel: document.contentLabel,
    ContentDescription: document.contentDescription,
    ContentCreatorName: document.contentCreatorName,
    SegmentsOverlap: overlap ? "YES" : "NO",
    // The background comes last: readers that count the items instead of reading their numbers still name every segment rightly.
    SegmentSequence: [...document.segments.map(segmentItem), ...(labels ? [BACKGROUND] : [])],
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: source.seriesInstanceUid,
        ReferencedInstanceSequence: instancesOf(source, slicesUsed).map(referenceItem),
      },
    ],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionUid }],
    DimensionIndexSequence: [
      ...(labels
        ? []
        : [
            {
              DimensionOrganizationUID: dimensionUid,
              DimensionIndexPointer: REFERENCED_SEGMENT_NUMBER,
              FunctionalGroupPointer: SEGMENT_IDENTIFICATION_SEQUENCE,
              DimensionDescriptionLabel: "Referenced Segment Number",
            },
          ]),
      {
        DimensionOrganizationUID: dimensionUid,
        DimensionIndexPointer: IMAGE_POSITION_PATIENT,
        FunctionalGroupPointer: PLANE_POSITION_SEQUENCE,
        DimensionDescriptionLabel: "Image Position (Patient)",
      },
    ],
    SharedFunctionalGroupsSequence: [sharedGroups(source)],
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: source.grid.rows,
    Columns: source.grid.columns,
    PixelRepresentation: 0,
    ...image,
  });
}

/** A segment's voxels and the slices that hold them. */
interface HeldMask extends LabelFrame {
  readonly slices: readonly number[];
}

/** One bit a voxel, a frame for each slice of each segment. */
function binaryImage(
  held: readonly HeldMask[],
  positionIndex: ReadonlyMap<number, number>,
  source: SeriesContext,
): DataSet {
  const frames = held.flatMap(({ segmentNumber, mask, slices }) =>
    slices.map((k): SegmentFrame => ({ segmentNumber, mask, k })),
  );
  return {
    SegmentationType: "BINARY",
    PerFrameFunctionalGroupsSequence: frames.map(({ segmentNumber, k }) => ({
      FrameContentSequence: [{ DimensionIndexValues: [segmentNumber, positionIndex.get(k) ?? 0] }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segmentNumber }],
      ...frameGroups(k, source),
    })),
    NumberOfFrames: frames.length,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelData: packFrames(frames, source.grid.rows, source.grid.columns),
  };
}

/** One number a voxel, a frame for each slice that holds anything; 16 bits where 8 don't hold the numbers. */
function labelMapImage(held: readonly HeldMask[], slices: readonly number[], source: SeriesContext): DataSet {
  const bits = held.length > 255 ? 16 : 8;
  return {
    SegmentationType: "LABELMAP",
    PixelPaddingValue: 0,
    PerFrameFunctionalGroupsSequence: slices.map((k, n) => ({
      FrameContentSequence: [{ DimensionIndexValues: [n + 1] }],
      ...frameGroups(k, source),
    })),
    NumberOfFrames: slices.length,
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelData: packLabels(held, slices, source.grid.rows, source.grid.columns, bits),
  };
}

/** What the pixels of no segment are: every value of a label map is described (PS3.3 C.8.20.2). */
const BACKGROUND: DataSet = {
  SegmentNumber: 0,
  SegmentLabel: "Background",
  SegmentAlgorithmType: "MANUAL",
  SegmentedPropertyCategoryCodeSequence: [codeItem(STANDARD_CODES.spatialConcept)],
  SegmentedPropertyTypeCodeSequence: [codeItem(STANDARD_CODES.background)],
};

/** The instances that hold these slices, each once: a multi-frame CT holds many. */
const instancesOf = ({ instances }: SeriesContext, slices: readonly number[]): InstanceReference[] => [
  ...new Map(slices.map((k) => [instances[k].sopInstanceUid, instances[k]])).values(),
];

/** The segments in the order of their numbers, none of them empty. */
function heldMasks(document: SegmentationDocument, masks: ReadonlyMap<number, RunMask>): HeldMask[] {
  const { grid, frameOfReferenceUid } = document.source;
  const { manufacturer, manufacturerModelName, deviceSerialNumber, softwareVersions } = document.equipment;
  if ([manufacturer, manufacturerModelName, deviceSerialNumber, softwareVersions].includes(""))
    throw new ProblemError(problem("seg/incomplete-equipment"));
  if (frameOfReferenceUid === "") throw new ProblemError(problem("seg/no-frame-of-reference"));
  if (document.segments.length === 0) throw new ProblemError(problem("seg/no-segments"));
  return document.segments.map((segment, n) => {
    if (segment.number !== n + 1)
      throw new ProblemError(problem("seg/segment-numbers", { expected: n + 1, found: segment.number }));
    const mask = maskOf(masks, segment.number);
    if (isEmpty(mask))
      throw new ProblemError(
        problem("seg/empty-segment", { segmentNumber: segment.number, label: segment.label }),
      );
    if (mask.columns !== grid.columns || mask.rows !== grid.rows || mask.slices !== grid.slices)
      throw new ProblemError(problem("seg/other-grid", { segmentNumber: segment.number }));
    return { segmentNumber: segment.number, mask, slices: occupiedSlices(mask) };
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

/** Where slice k lies, and the image that it was made from. The codes are one object for all frames: they are encoded once. */
const frameGroups = (k: number, source: SeriesContext): DataSet => ({
  PlanePositionSequence: [{ ImagePositionPatient: source.grid.slicePositions[k] }],
  DerivationImageSequence: [
    {
      DerivationCodeSequence: DERIVATION,
      SourceImageSequence: [
        {
          ...imageReferenceItem(source.instances[k]),
          PurposeOfReferenceCodeSequence: PURPOSE,
          SpatialLocationsPreserved: "YES",
        },
      ],
    },
  ],
});

const DERIVATION: readonly DataSet[] = [codeItem(STANDARD_CODES.segmentationDerivation)];
const PURPOSE: readonly DataSet[] = [codeItem(STANDARD_CODES.sourceImageProcessing)];
