// What the FHIR R5 resources of a case are made of: codes, identifiers, names, references. Codes are those of the report, in FHIR's words.
import type { CodedConcept } from "#core/coded-concept";
import { derivedUid } from "#core/derived-uid";
import { PRIVATE_SCHEME } from "../model/codes.ts";
import { NOT_FOR_DIAGNOSIS } from "./prepare.ts";

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined };
export interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: Json | undefined;
}

/** FHIR's names of DICOM's coding schemes (HL7 DICOM SR to FHIR guide 1.0.0; PS3.16 table 8-1 for IBSI's UID). */
const SYSTEMS: Readonly<Record<string, string>> = {
  DCM: "http://dicom.nema.org/resources/ontology/DCM",
  SCT: "http://snomed.info/sct",
  LN: "http://loinc.org",
  UCUM: "http://unitsofmeasure.org",
  UMLS: "http://terminology.hl7.org/CodeSystem/umls",
  IBSI: "urn:oid:1.2.840.10008.2.16.13",
  RFC5646: "urn:ietf:bcp:47",
  [PRIVATE_SCHEME.designator]: `urn:oid:${PRIVATE_SCHEME.uid}`,
};
export const UCUM = "http://unitsofmeasure.org";
const DICOM_UID = "urn:dicom:uid";

/** A department's own scheme has no name that FHIR knows: its code is given in words, with the scheme's designator. */
export function concept({ value, scheme, meaning }: CodedConcept): Json {
  const system = SYSTEMS[scheme];
  return system
    ? { coding: [{ system, code: value, display: meaning }], text: meaning }
    : { text: `${meaning} (${value}, ${scheme})` };
}

/** DICOM SOP classes as the guide names them. */
export const sopClass = (uid: string): Json => ({
  system: "https://dicom.nema.org/medical/dicom/current/output/chtml/part04/sect_B.5",
  code: uid,
});

export const uidIdentifier = (uid: string, type?: CodedConcept): Json => ({
  ...(type ? { type: concept(type) } : {}),
  system: DICOM_UID,
  value: `urn:oid:${uid}`,
});

/** A UUID that follows from the names alone, as in `derivedUid`: the same export has the same identifiers every time. */
export function derivedUuid(...names: readonly string[]): string {
  const hex = BigInt(derivedUid(...names).slice("2.25.".length))
    .toString(16)
    .padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Resources by name within one bundle; each says what it is not for. */
export class ResourceSet {
  readonly #salt: string;
  readonly #resources = new Map<string, Resource>();

  constructor(salt: string) {
    this.#salt = salt;
  }

  /** Adds it, or finds the one that has this name, and refers to it. */
  add(
    resourceType: string,
    name: string,
    elements: { readonly [element: string]: Json | undefined },
  ): { readonly reference: string } {
    const id = derivedUuid(this.#salt, resourceType, name);
    if (!this.#resources.has(id))
      this.#resources.set(id, {
        resourceType,
        id,
        meta: { tag: [{ display: NOT_FOR_DIAGNOSIS }] },
        ...elements,
      });
    return { reference: `urn:uuid:${id}` };
  }

  entries(): Json[] {
    return [...this.#resources.values()].map((resource) => ({
      fullUrl: `urn:uuid:${resource.id}`,
      resource,
    }));
  }
}

/** "20250102" as FHIR's date; undefined where it is none. */
export function fhirDate(da: string): string | undefined {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(da);
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : undefined;
}

/** A DICOM person name (PS3.5 6.2.1.2): each of its groups (alphabetic, ideographic, phonetic) is a HumanName. */
export function humanNames(pn: string): Json[] {
  return pn
    .split("=")
    .filter((group) => /[^^\s]/.test(group))
    .map((group): Json => {
      const [family, given, middle, prefix, suffix] = group.split("^").map((part) => part.trim());
      const list = (...parts: readonly (string | undefined)[]) => {
        const known = parts.filter((part): part is string => !!part);
        return known.length > 0 ? known : undefined;
      };
      return {
        text: group.split("^").filter(Boolean).join(" "),
        family: family || undefined,
        given: list(given, middle),
        prefix: list(prefix),
        suffix: list(suffix),
      };
    });
}
