// The signed case without identity: its findings, its objects, the region that is shown, and what the teaching case proposes of them.
import type { Deidentifying, Host } from "#contract";
import { ProblemError, type Problem, problem } from "#core/problem";
import { caseFiles, findingsJson } from "../../exports/bundle.ts";
import { keyObjectDocument } from "../../exports/key-objects.ts";
import { type ExportInput, type PreparedExport, prepareExport } from "../../exports/prepare.ts";
import { FINDINGS_CREATOR, type Findings } from "../../model/findings.ts";
import { withCaseTerms } from "../../model/sites.ts";
import type { Region } from "../../teaching/case-region.ts";
import { type CaseScene, caseScene } from "../../teaching/case-scene.ts";
import { composeTeachingCase, type TeachingCase } from "../../teaching/compose.ts";
import { deidentifyFindings } from "../../teaching/deidentify-findings.ts";
import { type KeyImage, proposeKeyImages } from "../../teaching/key-image.ts";
import { teachingVocabulary, type TeachingVocabulary } from "../../teaching/teaching-vocabulary.ts";
import type { TeachingFile } from "../../teaching/teaching-zip.ts";
import type { Exporting } from "../export-case.ts";
import type { Reading } from "../reading.ts";
import { type OtherStudy, type PrivacyState, approvedTexts, leavingOf } from "./privacy.ts";

/** mm; smaller where the page would be too large for one file. */
const MARGINS_MM = [40, 25, 12] as const;
const MOST_VOXELS = 12_000_000;

const KEY_IMAGES = "Largest cross-section of each cement leak. Teaching case, not for diagnosis.";

export interface DeidentifiedCase {
  readonly record: ExportInput;
  readonly prepared: PreparedExport;
  readonly deidentifying: Deidentifying;
  readonly findings: Findings;
  /** Of the findings without any free text: this program's own words. */
  readonly composed: TeachingCase;
  /** Proposed. */
  readonly keyImages: readonly KeyImage[];
  readonly vocabulary: TeachingVocabulary;
  readonly region: Region;
  /** What pictures and page are made from: the region alone. */
  readonly scene: CaseScene;
  /** SEG, SR and key objects as they are exported. */
  readonly originals: readonly TeachingFile[];
  readonly objects: readonly (TeachingFile & { readonly sopClassUid: string })[];
  /** Other studies with an image that leaves. */
  readonly others: readonly OtherStudy[];
  readonly privacy: PrivacyState;
  /** Pictures among what leaves, by their original SOP Instance UIDs. */
  readonly lookedAt: ReadonlySet<string>;
  readonly locale: "en" | "zh";
}

/**
 * After the author's decisions, under the substitutes of `before` where there is one. Throws a ProblemError where there is no such case;
 * notes tell which objects were left out.
 */
export async function deidentifiedCase(
  { host }: Reading,
  exporting: Exporting,
  privacy: PrivacyState,
  before: DeidentifiedCase | null,
): Promise<{ readonly taught: DeidentifiedCase; readonly notes: readonly Problem[] }> {
  const locale = host.locale.get();
  const record = before?.record ?? exporting.record();
  const from = prepareExport(record);
  if (!from.ok) throw new ProblemError(from.problem);
  const prepared = from.value;
  const originals = objectsOf(record, prepared, host.dicom);
  const leaving = privacy.others.map((study) => ({ study, images: leavingOf(study, privacy.looked) }));
  const images = leaving.flatMap((one) => one.images);
  const deidentifying = await started(
    host,
    prepared,
    originals,
    privacy,
    before,
    images.map(({ file }) => file),
  );
  const approved = approvedTexts(privacy);
  const plain = deidentifyFindings(prepared.findings, deidentifying.pseudonyms, new Map());
  const cleaned = deidentifyFindings(prepared.findings, deidentifying.pseudonyms, approved);
  // What the engine had proposed, and its sentence about why, is no part of the answer.
  const findings = { ...cleaned, leaks: cleaned.leaks.map((leak) => ({ ...leak, proposal: undefined })) };
  // Of the findings without free text: an approved word is no word of this program, and is searched for identities.
  const vocabulary = teachingVocabulary({ ...record, findings: plain });
  if (!vocabulary.ok) throw new ProblemError(vocabulary.problem);
  const known = {
    ...vocabulary.value,
    texts: new Set([...vocabulary.value.texts, KEY_IMAGES]),
    approved,
  };
  const pictures = images.filter(({ look }) => look !== null);
  const lookedAt = new Set(pictures.map(({ sopInstanceUid }) => sopInstanceUid));
  const objects = await deidentifying.files(originals, {
    vocabulary: known,
    findings: { creator: FINDINGS_CREATOR, text: findingsJson(findings) },
    lookedAt,
    noHead: privacy.noHead,
  });
  if (!objects.ok) throw new ProblemError(objects.problem);
  // Pictures of other studies were looked at: what is still held back is the case's own CT, and page and figures are made of its voxels.
  const held = objects.problems.find(({ code }) => code === "deidentify/look-first");
  if (held) throw new ProblemError(problem("deidentify/case-images", held.details));
  const { volume } = host.scene.get();
  if (!volume) throw new ProblemError(problem("case/none-open"));
  const { region } = deidentifying;
  // Its pictures take seconds: they are drawn anew only where another region is shown.
  const same = before && JSON.stringify(before.region) === JSON.stringify(region);
  const scene = same ? before.scene : caseScene(volume, region, prepared.segments, plain);
  return {
    taught: {
      ...{ record, prepared, deidentifying, findings, originals, privacy, lookedAt, locale },
      composed: composeTeachingCase(plain, locale),
      vocabulary: known,
      scene,
      keyImages: before?.keyImages ?? proposeKeyImages(scene, plain, locale),
      region,
      objects: objects.value.files,
      others: leaving.flatMap((one) => (one.images.length > 0 ? [one.study] : [])),
    },
    notes: objects.problems,
  };
}

/** Around the findings, closer where that is too much for one page; or what the author chose, whatever its size. */
async function started(
  host: Host,
  prepared: PreparedExport,
  objects: readonly TeachingFile[],
  { region }: PrivacyState,
  before: DeidentifiedCase | null,
  others: readonly TeachingFile[],
): Promise<Deidentifying> {
  const masks = prepared.segments.map(({ mask }) => mask);
  let earlier = before?.deidentifying ?? null;
  for (const marginMm of MARGINS_MM) {
    const request = { masks, marginMm, objects, others, ...(region ? { region } : {}) };
    earlier = earlier ? await earlier.again(request) : await host.dicom.deidentify(request);
    const { columns, rows, slices } = earlier.region;
    if (region || columns * rows * slices <= MOST_VOXELS) break;
  }
  if (!earlier) throw new ProblemError(problem("case/none-open"));
  return earlier;
}

/** SEG, SR and the key images as exported. */
function objectsOf(record: ExportInput, prepared: PreparedExport, dicom: Host["dicom"]): TeachingFile[] {
  const files = caseFiles(record, dicom);
  if (!files.ok) throw new ProblemError(files.problem);
  const keyObjects = withCaseTerms(prepared.findings.terms, () => keyObjectDocument(prepared));
  const kept = files.value.filter(({ kind }) => kind === "SEG" || kind === "SR");
  if (!keyObjects.ok) return [...kept];
  const document = { ...keyObjects.value, description: KEY_IMAGES };
  return [...kept, { name: "key-images.dcm", bytes: dicom.encodeKeyObjects(document) }];
}
