// The SOP classes (PS3.4 annex B) that decide what becomes of a file: CT image, an object that is reopened with a CT, or neither.

export const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
const ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1";
/** Cone-beam CT of an angiography suite (PS3.3 A.53). */
export const XRAY_3D_ANGIOGRAPHIC = "1.2.840.10008.5.1.4.1.1.13.1.1";
const LEGACY_ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.2";

/** Media Storage Directory: the DICOMDIR of a disc. */
export const MEDIA_INDEX = "1.2.840.10008.1.3.10";

export type ObjectKind = "SEG" | "SR" | "KOS" | "PR" | "RTSTRUCT" | "DOSE" | "JSON" | "OTHER";

const KINDS: Readonly<Record<string, ObjectKind>> = {
  "1.2.840.10008.5.1.4.1.1.66.4": "SEG",
  "1.2.840.10008.5.1.4.1.1.66.7": "SEG",
  "1.2.840.10008.5.1.4.1.1.88.59": "KOS",
  "1.2.840.10008.5.1.4.1.1.88.67": "DOSE",
  "1.2.840.10008.5.1.4.1.1.88.68": "DOSE",
  "1.2.840.10008.5.1.4.1.1.481.3": "RTSTRUCT",
};

/**
 * Kind of a non-image object; null for an image, which belongs to a series whether it can be opened or not. A CT image without pixels
 * stays an image, so that its series says what is wrong with it.
 */
export function objectKindOf(sopClassUid: string, hasPixelData: boolean): ObjectKind | null {
  const kind = KINDS[sopClassUid];
  if (kind) return kind;
  if (sopClassUid.startsWith("1.2.840.10008.5.1.4.1.1.88.")) return "SR";
  if (sopClassUid.startsWith("1.2.840.10008.5.1.4.1.1.11.")) return "PR";
  return hasPixelData || sopClassUid === CT_IMAGE_STORAGE ? null : "OTHER";
}

export const isMultiFrameCt = (sopClassUid: string): boolean =>
  sopClassUid === ENHANCED_CT || sopClassUid === LEGACY_ENHANCED_CT || sopClassUid === XRAY_3D_ANGIOGRAPHIC;

/** Secondary captures: screens, photographs, scans of paper. */
export const isCapture = (sopClassUid: string): boolean =>
  sopClassUid === "1.2.840.10008.5.1.4.1.1.7" || sopClassUid.startsWith("1.2.840.10008.5.1.4.1.1.7.");
