// Attributes beyond PS3.15 Table E.1-1 that stay in a de-identified object, and how each is checked. What stands in neither list is left out.
import { type Tag, tagOf } from "./data-elements.ts";

/** What becomes of an attribute that has a rule. */
export type Action =
  /** Left out; emptied; filled with a value that says nothing. */
  | "remove"
  | "empty"
  | "dummy"
  | "uid"
  | "date"
  | "time"
  | "person"
  /** Items are treated one by one. */
  | "items"
  /** SR content items: kept by what they say. */
  | "content"
  | "label"
  | "subject"
  | "sex"
  | "age"
  | "size"
  /** Stays where it is a number. */
  | "number"
  /** Stays where every value is a term of `TERMS`. */
  | "term"
  /** Stays where it is a UID that DICOM registered. */
  | "registered"
  | "schemes"
  /** Stays where the whole value is approved or of a form that names nobody; else the substitute, or nothing. */
  | { readonly words: string | null; readonly form?: RegExp };

const each = (action: Action, keywords: string): (readonly [Tag, Action])[] =>
  keywords
    .trim()
    .split(/\s+/)
    .map((keyword) => [tagOf(keyword), action] as const);

/** The project's own rows (DOMAIN 6): a reader types into these, and the table has none of them. */
export const OWN_ROWS: ReadonlyMap<Tag, Action> = new Map([
  ...each("label", "SegmentLabel TrackingID"),
  ...each({ words: null }, "SegmentDescription TextValue"),
  ...each({ words: "" }, "ContentDescription"),
  ...each({ words: "CASE" }, "ContentLabel"),
  ...each({ words: "not stated" }, "SegmentAlgorithmName AlgorithmName ManufacturerModelName"),
  ...each({ words: "not stated", form: /^\d{1,3}(\.\d{1,3}){0,3}$/ }, "AlgorithmVersion SoftwareVersions"),
  ...each(
    {
      words: "not stated",
      form: /^(siemens( healthineers)?|ge medical systems|philips( medical systems)?|toshiba|canon( medical systems| _?mec)?|hitachi|united imaging|uih|neusoft|neuviz)$/i,
    },
    "Manufacturer",
  ),
  ...each(
    {
      words: null,
      form: /^([A-Z][a-z]?\d{2,3}[a-z]{0,2}(\\\d)?|FC\d{2}|STANDARD|SOFT|BONE|BONEPLUS|DETAIL|EDGE|LUNG|CHEST|[A-F]|YA|YB|YC|UA|UB|UC)$/,
    },
    "ConvolutionKernel",
  ),
  ...each({ words: null, form: /^\d{1,4}$/ }, "StackID TemplateIdentifier"),
]);

const SEQUENCES = `
  ReferencedSeriesSequence ReferencedInstanceSequence ReferencedSOPSequence CurrentRequestedProcedureEvidenceSequence
  PertinentOtherEvidenceSequence PredecessorDocumentsSequence PerformedProcedureCodeSequence ContentTemplateSequence
  ConceptNameCodeSequence ConceptCodeSequence MeasuredValueSequence MeasurementUnitsCodeSequence NumericValueQualifierCodeSequence
  SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence PlanePositionSequence PlaneOrientationSequence
  PixelMeasuresSequence FrameContentSequence SegmentIdentificationSequence DerivationImageSequence DerivationCodeSequence
  PurposeOfReferenceCodeSequence SegmentSequence SegmentedPropertyCategoryCodeSequence SegmentedPropertyTypeCodeSequence
  SegmentedPropertyTypeModifierCodeSequence SegmentationAlgorithmIdentificationSequence AlgorithmFamilyCodeSequence
  AnatomicRegionSequence AnatomicRegionModifierSequence DimensionOrganizationSequence DimensionIndexSequence
  PixelValueTransformationSequence FrameVOILUTSequence FrameAnatomySequence CTImageFrameTypeSequence CTAcquisitionTypeSequence
  CTAcquisitionDetailsSequence CTTableDynamicsSequence CTPositionSequence CTGeometrySequence CTReconstructionSequence
  CTExposureSequence CTXRayDetailsSequence IrradiationEventIdentificationSequence ContrastBolusAgentSequence`;

const NUMBERS = `
  SeriesNumber AcquisitionNumber InstanceNumber ImagePositionPatient ImageOrientationPatient SliceLocation SliceThickness
  SpacingBetweenSlices PixelSpacing KVP XRayTubeCurrent Exposure ExposureTime GantryDetectorTilt DataCollectionDiameter
  ReconstructionDiameter DistanceSourceToDetector DistanceSourceToPatient FocalSpots RescaleIntercept RescaleSlope WindowCenter
  WindowWidth NumberOfFrames LossyImageCompressionRatio CTDIvol SpiralPitchFactor SingleCollimationWidth TotalCollimationWidth
  TableSpeed TableFeedPerRotation RevolutionTime ReferencedFrameNumber ReferencedSegmentNumber NumericValue FloatingPointValue
  Rows Columns BitsAllocated BitsStored HighBit PixelRepresentation SamplesPerPixel PlanarConfiguration PixelPaddingValue
  PixelPaddingRangeLimit SegmentNumber RecommendedDisplayCIELabValue DimensionIndexPointer FunctionalGroupPointer
  DimensionIndexValues InStackPositionNumber TemporalPositionIndex GraphicData MaximumFractionalValue FrameAcquisitionNumber
  ImagerPixelSpacing PositionerPrimaryAngle PositionerSecondaryAngle IntensifierSize EstimatedRadiographicMagnificationFactor
  FrameTime FrameTimeVector FrameIncrementPointer CineRate RecommendedDisplayFrameRate`;

const TERM_ATTRIBUTES = `
  ImageType Modality PatientPosition BodyPartExamined ScanOptions ConversionType LossyImageCompression LossyImageCompressionMethod
  PhotometricInterpretation RescaleType BurnedInAnnotation SegmentationType SegmentAlgorithmType SegmentsOverlap
  SegmentationFractionalType Laterality ImageLaterality FrameLaterality FrameType PixelPresentation VolumetricProperties
  VolumeBasedCalculationTechnique PresentationLUTShape CompletionFlag VerificationFlag PreliminaryFlag ValueType RelationshipType
  ContinuityOfContent MappingResource GraphicType SpatialLocationsPreserved PatientOrientation RotationDirection AcquisitionType
  VOILUTFunction ExposureModulationType RadiationSetting PixelIntensityRelationship PositionerMotion FieldOfViewShape`;

/** Attributes that carry the picture, its geometry and the structure of reports; none of them is in the table. */
export const KEPT: ReadonlyMap<Tag, Action> = new Map([
  ...each("items", SEQUENCES),
  ...each("number", NUMBERS),
  ...each("term", TERM_ATTRIBUTES),
  ...each("registered", "SOPClassUID ReferencedSOPClassUID"),
  ...each("schemes", "CodingSchemeIdentificationSequence"),
  // Type 2 attributes that identify nobody.
  ...each("empty", "PositionReferenceIndicator"),
]);

/** Defined terms that may stay; a name is never one of them. */
export const TERMS: ReadonlySet<string> = new Set(
  `ORIGINAL DERIVED PRIMARY SECONDARY AXIAL LOCALIZER VOLUME NONE MIXED REFORMATTED MPR CT_SOM5 CT SEG SR KO OT PR
  HFS HFP FFS FFP HFDL HFDR FFDL FFDR HELIX SPIRAL SEQUENCED CONSTANT_ANGLE WSD DV SI DRW 00 01 MONOCHROME1 MONOCHROME2 RGB HU US
  YES NO BINARY FRACTIONAL LABELMAP PROBABILITY OCCUPANCY MANUAL AUTOMATIC SEMIAUTOMATIC UNDEFINED L R B U LEFT RIGHT COLOR
  MONOCHROME DISTORTED SAMPLED IDENTITY INVERSE PARTIAL COMPLETE UNVERIFIED VERIFIED PRELIMINARY FINAL
  CONTAINER TEXT NUM CODE UIDREF PNAME DATE TIME DATETIME IMAGE COMPOSITE SCOORD SCOORD3D TCOORD
  CONTAINS SEPARATE CONTINUOUS DCMR POINT MULTIPOINT POLYLINE POLYGON ELLIPSE ELLIPSOID CIRCLE
  REORIENTED_ONLY CW CC LINEAR LINEAR_EXACT SIGMOID PELVIS LSPINE TSPINE CSPINE SPINE ABDOMEN CHEST HIP SACRUM COCCYX
  SSPINE LSSPINE TLSPINE ABDOMENPELVIS CHESTABDPELVIS A P H F GR LIN LOG DISP STATIC DYNAMIC ROUND RECTANGLE HEXAGONAL XA RF
  ISO_10918_1 ISO_14495_1 ISO_15444_1 ISO_15444_2 BONECEMENT`
    .split(/\s+/)
    .concat(
      "HAS OBS CONTEXT",
      "HAS CONCEPT MOD",
      "HAS PROPERTIES",
      "HAS ACQ CONTEXT",
      "INFERRED FROM",
      "SELECTED FROM",
      "SINGLE PLANE",
      "BIPLANE A",
      "BIPLANE B",
      "SC",
      "HELICAL MODE",
      "AXIAL MODE",
      "STATIONARY",
      "",
    ),
);
