// A coded concept (PS3.16): clinical meaning is always value + scheme, with the meaning for people.

export interface CodedConcept {
  /** At most 16 characters (VR SH). */
  readonly value: string;
  /** SCT, DCM, UCUM, IBSI, LN, UMLS or the private 99BCLT. */
  readonly scheme: string;
  /** At most 64 characters (VR LO). */
  readonly meaning: string;
}

/** Codes are equal by value and scheme; meanings vary between editions. */
export const sameCode = (a: CodedConcept, b: CodedConcept): boolean =>
  a.value === b.value && a.scheme === b.scheme;
