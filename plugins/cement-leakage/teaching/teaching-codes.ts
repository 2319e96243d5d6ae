// Codes of the Additional Teaching File Information document: titles and classes are DICOM's, its rows those of IHE (TCE, RAD TF-2 4.52).
import type { CodedConcept } from "#core/coded-concept";

const ihe = (value: string, meaning: string): CodedConcept => ({ value, scheme: "IHERADTF", meaning });
const dicom = (value: string, meaning: string): CodedConcept => ({ value, scheme: "DCM", meaning });

/** Read from PixelMed's TID_IHE_TCE_AddTFInfo and from RSNA's receiver; DICOM's from CID 7018 and PS3.16 Annex D. */
export const TEACHING_CODES = {
  /** CID 7018. */
  title: dicom("128712", "Additional Teaching File Information"),
  author: ihe("TCE101", "Author"),
  abstract: ihe("TCE104", "Abstract"),
  keywords: ihe("TCE105", "Keywords"),
  discussion: ihe("TCE106", "Discussion"),
  diagnosis: ihe("TCE107", "Diagnosis"),
  organSystem: ihe("TCE108", "Organ system"),
  history: dicom("121060", "History"),
  finding: dicom("121071", "Finding"),
  anatomy: dicom("112005", "Radiographic anatomy"),
  modality: dicom("121139", "Modality"),
  /** Values of CID 7017 and CID 7016. */
  category: dicom("128723", "Teaching File Category"),
  level: dicom("128724", "Level of Difficulty"),
  ct: dicom("CT", "Computed Tomography"),
} as const;
