// A coded concept (PS3.16): clinical meaning is always value + scheme, with the meaning for people.

export interface CodedConcept {
  /** At most 16 characters (VR SH). */
  readonly value: string;
  /** SCT, DCM, UCUM, IBSI, LN, UMLS, the private 99BCLT or another private one. */
  readonly scheme: string;
  /** At most 64 characters (VR LO). */
  readonly meaning: string;
}

/** A coding scheme that DICOM does not register, for the Coding Scheme Identification Sequence (PS3.3 C.12.1.1.4). */
export interface CodingScheme {
  /** Private designators begin with "99". */
  readonly designator: string;
  readonly uid?: string;
  readonly name: string;
  readonly responsibleOrganization?: string;
}
