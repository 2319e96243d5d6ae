// How the identifying values of one patient's case are replaced: the same original gives the same substitute in every object and file.

/** Made once for a case (`makePseudonyms` of `dicom/deidentify`), used for its DICOM objects and its findings alike. */
export interface Pseudonyms {
  /** Patient's name and ID of the teaching case: invented, 4 to 16 of A-Z, 0-9 and dash. */
  readonly subject: string;
  /** A UID below 2.25. UIDs that DICOM itself registers (1.2.840.10008…) stay. */
  uid(original: string): string;
  /** A DA ("20250102"), DT or ISO date with or without a time, moved by whole days; "" where it is no date. */
  date(original: string): string;
  /** "Reader 1", in the order in which names are first met. */
  reader(name: string): string;
  /** "Item 1" in the same way, for labels that someone typed. */
  label(text: string): string;
}

/** Lower end of the five-year band, 90 for everyone older than 89: 67 is 65. */
export const ageBand = (years: number): number => (years > 89 ? 90 : Math.floor(years / 5) * 5);
