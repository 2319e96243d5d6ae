// The signed case without identity: its findings, its objects, the region that is shown, and what the teaching case proposes of them.
import type { Deidentifying, Host } from "#contract";
import { ProblemError, type Problem, problem } from "#core/problem";
import { STANDARD_CODES } from "#core/standard-codes";
import { caseFiles, findingsJson } from "../../exports/bundle.ts";
import { keyObjectDocument } from "../../exports/key-objects.ts";
import { type ExportInput, type PreparedExport, prepareExport } from "../../exports/prepare.ts";
import { FINDINGS_CREATOR, type Findings } from "../../model/findings.ts";
import { withCaseTerms } from "../../model/sites.ts";
import type { Region } from "../../teaching/case-stack.ts";
import { composeTeachingCase, type TeachingCase } from "../../teaching/compose.ts";
import { deidentifyFindings } from "../../teaching/deidentify-findings.ts";
import { teachingVocabulary, type TeachingVocabulary } from "../../teaching/teaching-vocabulary.ts";
import type { TeachingFile } from "../../teaching/teaching-zip.ts";
import type { Exporting } from "../export-case.ts";
import type { Reading } from "../reading.ts";

/** mm; smaller where the page would be too large for one file. */
const MARGINS_MM = [40, 25, 12] as const;
const MOST_VOXELS = 12_000_000;

const KEY_IMAGES = "Largest cross-section of each cement leak. Teaching case, not for diagnosis.";

export interface DeidentifiedCase {
  readonly prepared: PreparedExport;
  readonly deidentifying: Deidentifying;
  readonly findings: Findings;
  readonly composed: TeachingCase;
  readonly vocabulary: TeachingVocabulary;
  readonly region: Region;
  /** SEG, SR and key objects as they are exported. */
  readonly originals: readonly TeachingFile[];
  readonly objects: readonly TeachingFile[];
  readonly locale: "en" | "zh";
}

/** Throws a ProblemError where there is no such case; notes tell which objects were left out. */
export async function deidentifiedCase(
  { host }: Reading,
  exporting: Exporting,
): Promise<{ readonly taught: DeidentifiedCase; readonly notes: readonly Problem[] }> {
  const locale = host.locale.get();
  const record = exporting.record();
  const from = prepareExport(record);
  if (!from.ok) throw new ProblemError(from.problem);
  const prepared = from.value;
  const originals = objectsOf(record, prepared, host.dicom);
  const masks = prepared.segments.map(({ mask }) => mask);
  const { series, volume } = host.scene.get();
  if (!series || !volume) throw new ProblemError(problem("case/none-open"));
  let deidentifying: Deidentifying | null = null;
  let region: Region | null = null;
  for (const marginMm of MARGINS_MM) {
    deidentifying = await host.dicom.deidentify({ masks, marginMm, objects: originals });
    const { crop } = deidentifying;
    const kept = series.instances.flatMap(({ sopInstanceUid }, k) =>
      crop.instances.has(sopInstanceUid) ? [k] : [],
    );
    region = { ...crop, firstSlice: kept[0] ?? 0, slices: kept.length };
    if (region.columns * region.rows * region.slices <= MOST_VOXELS) break;
  }
  if (!deidentifying || !region) throw new ProblemError(problem("case/none-open"));
  const cleaned = deidentifyFindings(prepared.findings, deidentifying.pseudonyms, new Map());
  // What the engine had proposed, and its sentence about why, is no part of the answer.
  const findings = { ...cleaned, leaks: cleaned.leaks.map((leak) => ({ ...leak, proposal: undefined })) };
  const vocabulary = teachingVocabulary({ ...record, findings: cleaned });
  if (!vocabulary.ok) throw new ProblemError(vocabulary.problem);
  const known = { ...vocabulary.value, texts: new Set([...vocabulary.value.texts, KEY_IMAGES]) };
  const objects = await deidentifying.files(originals, {
    vocabulary: known,
    findings: { creator: FINDINGS_CREATOR, text: findingsJson(findings) },
  });
  if (!objects.ok) throw new ProblemError(objects.problem);
  return {
    taught: {
      prepared,
      deidentifying,
      findings,
      composed: composeTeachingCase(findings, locale),
      vocabulary: known,
      region,
      originals,
      objects: objects.value.files,
      locale,
    },
    notes: objects.problems,
  };
}

/** SEG and SR as exported, and the key images under the title by which a teaching file's receiver takes them (IHE TCE). */
function objectsOf(record: ExportInput, prepared: PreparedExport, dicom: Host["dicom"]): TeachingFile[] {
  const files = caseFiles(record, dicom);
  if (!files.ok) throw new ProblemError(files.problem);
  const keyObjects = withCaseTerms(prepared.findings.terms, () => keyObjectDocument(prepared));
  const kept = files.value.filter(({ kind }) => kind === "SEG" || kind === "SR");
  if (!keyObjects.ok) return [...kept];
  const document = {
    ...keyObjects.value,
    title: STANDARD_CODES.kosTeachingExport,
    description: KEY_IMAGES,
  };
  return [...kept, { name: "key-images.dcm", bytes: dicom.encodeKeyObjects(document) }];
}
