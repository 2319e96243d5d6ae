// The fixed vocabulary of a teaching case: the texts and codes that this program itself writes for the de-identified findings.
import type { CodedConcept } from "#core/coded-concept";
import { type Result, ok } from "#core/problem";
import { keyObjectDocument } from "../exports/key-objects.ts";
import { type ExportInput, prepareExport } from "../exports/prepare.ts";
import { reportDocument } from "../exports/report.ts";
import { segmentationExport } from "../exports/segmentation.ts";
import { FINDINGS_CREATOR } from "../model/findings.ts";
import { withCaseTerms } from "../model/sites.ts";

/** As `deidentify` of the DICOM layer takes it. */
export interface TeachingVocabulary {
  readonly texts: ReadonlySet<string>;
  /** What may stay of texts that someone typed: see `freeTextsOf`. */
  readonly approved?: ReadonlyMap<string, string>;
  readonly codes: readonly CodedConcept[];
  readonly schemeUids: ReadonlySet<string>;
}

/** As the program names itself where an installation sets nothing else. */
export const PROGRAM_EQUIPMENT = {
  manufacturer: "Cement Leakage Viewer project",
  manufacturerModelName: "Cement Leakage Viewer",
  deviceSerialNumber: "0",
};

/** Fields of the documents whose texts are another's: they are never part of the vocabulary. */
const OF_THE_ORIGINAL = new Set([
  "source",
  "identity",
  "evidence",
  "predecessors",
  "embedded",
  "contentCreatorName",
]);

/**
 * `input` with the findings that `deidentifyFindings` made, but of the original series: what SEG, SR and key objects of these findings
 * say. A text of the original objects that is not among them was typed by someone. Fails as the exports do.
 */
export const teachingVocabulary = (input: ExportInput): Result<TeachingVocabulary> =>
  withCaseTerms(input.findings.terms, () => {
    const { seriesInstanceUid } = input.source;
    const findings = { ...input.findings, imaging: { ...input.findings.imaging, seriesInstanceUid } };
    // An installation may call itself after its hospital: only this program's own name may stay.
    const equipment = { ...PROGRAM_EQUIPMENT, softwareVersions: input.findings.software.version };
    const prepared = prepareExport({ ...input, findings, equipment });
    if (!prepared.ok) return prepared;
    const texts = new Set<string>([FINDINGS_CREATOR]);
    const codes = new Map<string, CodedConcept>();
    const collect = (node: unknown): void => {
      if (typeof node === "string") texts.add(node);
      else if (Array.isArray(node)) node.forEach(collect);
      else if (isCode(node)) codes.set(`${node.value}|${node.scheme}`, node);
      else if (typeof node === "object" && node !== null)
        for (const [key, value] of Object.entries(node))
          if (!OF_THE_ORIGINAL.has(key) && !/uid$/i.test(key)) collect(value);
    };
    const segmentation = segmentationExport(prepared.value);
    if (segmentation.ok) collect(segmentation.value.document);
    const report = reportDocument(prepared.value);
    if (report.ok) collect(report.value);
    const keyObjects = keyObjectDocument(prepared.value);
    for (const document of [
      segmentation.ok && segmentation.value.document,
      report.ok && report.value,
      keyObjects.ok && keyObjects.value,
    ])
      if (document) texts.add(document.identity.seriesDescription);
    if (keyObjects.ok) collect(keyObjects.value);
    const schemes = [
      segmentation.ok ? segmentation.value.document.codingSchemes : [],
      report.ok ? report.value.codingSchemes : [],
    ];
    return ok({
      texts,
      codes: [...codes.values()],
      schemeUids: new Set(schemes.flat().flatMap(({ uid }) => uid ?? [])),
    });
  });

const isCode = (node: unknown): node is CodedConcept =>
  typeof node === "object" &&
  node !== null &&
  "value" in node &&
  "scheme" in node &&
  "meaning" in node &&
  typeof node.value === "string" &&
  typeof node.scheme === "string" &&
  typeof node.meaning === "string";
