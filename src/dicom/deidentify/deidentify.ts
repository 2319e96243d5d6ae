// De-identifies the DICOM objects of one patient's case after PS3.15 Annex E, bytes to bytes: CT, SEG, SR and key objects under one map.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { Pseudonyms } from "#core/pseudonyms";
import { EMBEDDED_GROUP, type EmbeddedText } from "#core/report-document";
import { cleanRoot } from "./clean-elements.ts";
import { type Cleaning, type Counts, type Vocabulary, knownMeanings } from "./cleaning.ts";
import { type CropBox, type Cropped, crop, placeOf } from "./crop.ts";
import {
  type DataElement,
  type DataItem,
  type OpenedObject,
  type Tag,
  itemsAt,
  openObject,
  textAt,
  uint16At,
} from "./data-elements.ts";
import { CT_CLASSES, SEGMENTATION_CLASSES, gateProblem } from "./object-gate.ts";
import { HeadCheck } from "./head-check.ts";
import { CLEAN_PIXELS_CODE, METHOD_CODES, type Profile, TEACHING_PROFILE } from "./profile.ts";
import { storedPixels } from "./stored-pixels.ts";
import { writeElements } from "./write-elements.ts";

export interface OriginalFile {
  /** For messages alone: no name of an original reaches the result. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface DeidentifyOptions {
  readonly pseudonyms: Pseudonyms;
  readonly vocabulary: Vocabulary;
  /** One box a series: the default of a teaching case (`cropAround`). A series without one stays whole. */
  readonly crops: readonly CropBox[];
  /**
   * SOP Instance UIDs of the pictures whose every frame someone looked at, and found nothing that identifies. The case then claims Clean
   * Pixel Data (113101): every picture of it was looked at, for no other may leave.
   */
  readonly lookedAt?: ReadonlySet<string>;
  /** Someone said that no head is on the images, although their length or body part leaves it open. */
  readonly noHead?: boolean;
  /** De-identified findings, put into the reports that carried the original ones in a private element. */
  readonly findings?: EmbeddedText;
  readonly profile?: Profile;
}

export interface DeidentifiedFile {
  /** "CT-0001.dcm": kind and number alone. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

export interface Deidentified {
  readonly files: readonly DeidentifiedFile[];
  readonly counts: Counts;
  /** Images that were cropped away. */
  readonly imagesCropped: number;
}

interface Opened {
  readonly file: OriginalFile;
  readonly object: OpenedObject;
}

/**
 * Every date of the objects, those in comments and other texts among them: what `makePseudonyms` needs to choose a shift that turns
 * none into another, which the search of the result would take for the first. Unreadable files give none.
 */
export function originalDates(files: readonly OriginalFile[]): string[] {
  const dates = new Set<string>();
  const visit = (item: DataItem): void => {
    for (const element of item.values()) {
      if ("items" in element) element.items.forEach(visit);
      else if ("text" in element && element.vr !== "UI")
        for (const [, year, , month, day] of element.text.matchAll(DATE)) dates.add(year + month + day);
    }
  };
  for (const { bytes, name } of files) {
    const opened = openObject(bytes, name);
    if (opened.ok) visit(opened.value.root);
  }
  return [...dates];
}

/** YYYYMMDD (DA, the day of DT) and YYYY-MM-DD, also in the middle of a sentence. */
const DATE = /(?<!\d)((?:18|19|20)\d\d)([-./]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])/g;

/**
 * The objects without what identifies. Objects that may not leave are left out and told as problems of the result
 * ("deidentify/class", "deidentify/look-first"). The whole is refused where it would not be safe or true: files of two patients
 * ("deidentify/patients"), a scan that shows the head or may ("deidentify/shows-head", "deidentify/may-show-head"), a crop that cuts
 * a segment.
 * The same input gives the same bytes.
 */
export async function deidentify(
  files: readonly OriginalFile[],
  options: DeidentifyOptions,
): Promise<Result<Deidentified>> {
  const refused: Problem[] = [];
  const opened: Opened[] = [];
  for (const file of files) {
    const object = openObject(file.bytes, file.name);
    if (!object.ok) return object;
    const uid = textAt(object.value.root, "00080018");
    const gate = gateProblem(object.value.root, file.name, options.lookedAt?.has(uid) ?? false);
    if (gate) refused.push({ ...gate, severity: "warning" });
    else opened.push({ file, object: object.value });
  }
  const patients = new Set(opened.map(({ object }) => textAt(object.root, "00100020")));
  if (patients.size > 1) return fail(problem("deidentify/patients", { count: patients.size }));
  const stays = ({ object: { root } }: Opened): boolean => {
    const box = options.crops.find((one) => one.seriesInstanceUid === textAt(root, "0020000E"));
    return !box || !isCt(root) || box.instances.has(textAt(root, "00080018"));
  };
  const kept = opened.filter(stays);
  const cutOff = opened.filter((one) => !stays(one)).map(({ object }) => textAt(object.root, "00080018"));
  const gone = new Set([...cutOff, ...options.crops.flatMap(({ cropped }) => [...(cropped ?? [])])]);
  const cleaning = startCleaning(options, gone);
  const places = new Set(
    kept.flatMap(({ object }) => (isCt(object.root) ? (placeOf(object.root) ?? []) : [])),
  );
  const heads = new HeadCheck();
  const out: DeidentifiedFile[] = [];
  for (const one of kept) {
    const result = await deidentified(one, options, cleaning, places, heads);
    if (!result.ok) return result;
    const kind = textAt(one.object.root, "00080060").replace(/[^A-Z]/g, "") || "OBJECT";
    const number = out.filter(({ name }) => name.startsWith(`${kind}-`)).length + 1;
    out.push({ ...result.value, name: `${kind}-${String(number).padStart(4, "0")}.dcm` });
  }
  const head = heads.problem(options.noHead ?? false);
  if (head) return fail(head);
  return ok({ files: out, counts: cleaning.counts, imagesCropped: gone.size }, refused);
}

const isCt = (root: DataItem): boolean => CT_CLASSES.has(textAt(root, "00080016"));

function startCleaning(
  { profile, pseudonyms, vocabulary }: DeidentifyOptions,
  gone: ReadonlySet<string>,
): Cleaning {
  return {
    profile: profile ?? TEACHING_PROFILE,
    pseudonyms,
    texts: vocabulary.texts,
    approved: vocabulary.approved ?? new Map<string, string>(),
    schemeUids: vocabulary.schemeUids,
    meanings: knownMeanings(vocabulary.codes),
    gone,
    counts: { unlisted: new Map(), privateAttributes: 0, texts: 0, codes: 0, references: 0 },
  };
}

async function deidentified(
  { file, object }: Opened,
  options: DeidentifyOptions,
  cleaning: Cleaning,
  keptPlaces: ReadonlySet<string>,
  heads: HeadCheck,
): Promise<Result<Omit<DeidentifiedFile, "name">>> {
  const pixels = await storedPixels(file.bytes, file.name, object);
  if (!pixels.ok) return pixels;
  if (isCt(object.root)) heads.look(object.root, pixels.value);
  const cropped = croppedObject(object.root, pixels.value, options, file.name, keptPlaces);
  if (!cropped.ok) return cropped;
  const cleaned = cleanRoot(cropped.value.root, cleaning);
  if (!cleaned) return fail(problem("deidentify/nothing-left", { fileName: file.name }));
  const root = withMethod(cleaned, object.root, options);
  const deep = (uint16At(root, "00280100") ?? 16) > 8;
  const data = cropped.value.pixels;
  return ok({
    bytes: writeElements(root, data && { vr: deep ? "OW" : "OB", bytes: data }),
    sopClassUid: textAt(root, "00080016"),
    sopInstanceUid: textAt(root, "00080018"),
  });
}

function croppedObject(
  root: DataItem,
  pixels: Uint8Array | null,
  { crops }: DeidentifyOptions,
  fileName: string,
  keptPlaces: ReadonlySet<string>,
): Result<Omit<Cropped, "pixels"> & { readonly pixels: Uint8Array | null }> {
  const isSegmentation = SEGMENTATION_CLASSES.has(textAt(root, "00080016"));
  if (!pixels || (!isSegmentation && !isCt(root))) return ok({ root, pixels });
  const series = isSegmentation
    ? itemsAt(root, "00081115").map((item) => textAt(item, "0020000E"))
    : [textAt(root, "0020000E")];
  const box = crops.find(({ seriesInstanceUid }) => series.includes(seriesInstanceUid));
  return box
    ? crop(root, pixels, box, isSegmentation ? "SEG" : "CT", fileName, keptPlaces)
    : ok({ root, pixels });
}

/** What was done, in the object (PS3.15 E.1.1, PS3.3 C.7.1.1 and C.12.1). */
function withMethod(cleaned: DataItem, original: DataItem, options: DeidentifyOptions): DataItem {
  const profile = options.profile ?? TEACHING_PROFILE;
  // The method is the patient's (PS3.3 C.7.1.1), the same in every object of the case.
  const looked = (options.lookedAt?.size ?? 0) > 0;
  const codes = [...METHOD_CODES, ...(looked ? [CLEAN_PIXELS_CODE] : [])];
  const root = new Map<Tag, DataElement>(cleaned);
  root.set("00120062", { vr: "CS", text: "YES" });
  root.set("00120063", { vr: "LO", text: `PS3.15 ${profile.edition} Annex E, Cement Leakage Viewer` });
  root.set("00120064", {
    vr: "SQ",
    items: codes.map(
      ([value, meaning]) =>
        new Map<Tag, DataElement>([
          ["00080100", { vr: "SH", text: value }],
          ["00080102", { vr: "SH", text: "DCM" }],
          ["00080104", { vr: "LO", text: meaning }],
        ]),
    ),
  });
  root.set("00280303", { vr: "CS", text: "MODIFIED" });
  if (options.lookedAt?.has(textAt(original, "00080018"))) root.set("00280301", { vr: "CS", text: "NO" });
  const { findings } = options;
  // A foreign private element of the same place is not ours to write.
  if (findings && textAt(original, `${EMBEDDED_GROUP}0010`) === findings.creator)
    root
      .set(`${EMBEDDED_GROUP}0010`, { vr: "LO", text: findings.creator })
      .set(`${EMBEDDED_GROUP}1001`, { vr: "UT", text: findings.text });
  return root;
}

/**
 * Every word that the de-identifier itself may leave or write, for the search after it (`allowed`): these can't be told from an
 * original's. What the author approved is not among them; it is the search's `approved`.
 */
export const vocabularyWords = ({ texts, codes, schemeUids }: Vocabulary): string[] => [
  ...texts,
  ...schemeUids,
  ...knownMeanings(codes).values(),
  ...knownMeanings(codes).keys(),
  ...[...METHOD_CODES, CLEAN_PIXELS_CODE].map(([, meaning]) => meaning),
  ...["Teaching case", "Contrast agent", "not stated", "Series", "Reader", "Item"],
];
