// QIDO-RS: which studies, series and instances an archive has.
import { type Result, fail, ok } from "#core/problem";
import { objectKindOf } from "../sop-class.ts";
import { archiveName } from "./archive-address.ts";
import type {
  ArchiveSeries,
  ArchiveSeriesKind,
  ArchiveStudy,
  StudyPage,
  StudyQuery,
} from "./archive-types.ts";
import { type JsonDataSet, jsonNumber, jsonText, jsonTexts, readJson } from "./dicom-json.ts";
import { type ArchiveCall, ask } from "./network.ts";

const MAX_SEARCH_BYTES = 32 * 2 ** 20;
const ACCEPT_JSON = "application/dicom+json";
/** Beyond what a study answers unasked (PS3.18 table 10.6.1-5): description, and the counts that are optional. */
const STUDY_FIELDS = ["00081030", "00080061", "00201206", "00201208", "00101010"];
export const SERIES_FIELDS = ["0008103E", "00080021", "00080031", "00201209", "00080016"];

export async function query(
  call: ArchiveCall,
  path: string,
  parameters: readonly (readonly [string, string])[],
): Promise<Result<readonly JsonDataSet[]>> {
  const archive = archiveName(call.address);
  const search = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return ask(
    call,
    { path: search === "" ? path : `${path}?${search}`, accept: ACCEPT_JSON },
    (answer, progressed) => readJson(answer, archive, MAX_SEARCH_BYTES, progressed),
  );
}

/** One more study than asked for tells whether a further page has any. */
export async function searchStudies(call: ArchiveCall, wanted: StudyQuery): Promise<Result<StudyPage>> {
  const { studyDateFrom: from, studyDateTo: to } = wanted;
  const date = from === "" && to === "" ? "" : from === to ? from : `${from}-${to}`;
  const matches: readonly (readonly [string, string])[] = [
    ["PatientName", namePattern(wanted.patientName)],
    ["PatientID", wanted.patientId.trim()],
    ["StudyDate", date],
    ["ModalitiesInStudy", wanted.modality],
  ];
  const found = await query(call, "/studies", [
    ...matches.filter(([, value]) => value !== ""),
    ["limit", String(wanted.limit + 1)],
    ["offset", String(wanted.offset)],
    ...STUDY_FIELDS.map((tag) => ["includefield", tag] as const),
  ]);
  if (!found.ok) return found;
  const studies = found.value.filter((set) => jsonText(set, "0020000D") !== "").map(studyOf);
  return ok({
    studies: studies.slice(0, wanted.limit).sort(newestFirst),
    offset: wanted.offset,
    hasMore: studies.length > wanted.limit,
  });
}

/** "smith, j" is family and given name; a name without wildcards is meant as its beginning, for archives compare whole names. */
function namePattern(name: string): string {
  const text = name.trim().replace(/\s*,\s*/g, "^");
  return text === "" || /[*?]/.test(text) ? text : `${text}*`;
}

/** Archives answer in an order of their own; the pages are theirs. */
const newestFirst = ({ study: a }: ArchiveStudy, { study: b }: ArchiveStudy): number =>
  `${b.studyDate} ${b.studyTime}`.localeCompare(`${a.studyDate} ${a.studyTime}`, "en");

function studyOf(set: JsonDataSet): ArchiveStudy {
  return {
    patient: {
      patientName: jsonText(set, "00100010"),
      patientId: jsonText(set, "00100020"),
      patientBirthDate: jsonText(set, "00100030"),
      patientSex: jsonText(set, "00100040"),
      patientAge: jsonText(set, "00101010"),
    },
    study: {
      studyInstanceUid: jsonText(set, "0020000D"),
      studyId: jsonText(set, "00200010"),
      studyDate: jsonText(set, "00080020"),
      studyTime: jsonText(set, "00080030"),
      studyDescription: jsonText(set, "00081030"),
      accessionNumber: jsonText(set, "00080050"),
      referringPhysicianName: jsonText(set, "00080090"),
    },
    modalities: jsonTexts(set, "00080061"),
    seriesCount: jsonNumber(set, "00201206"),
    instanceCount: jsonNumber(set, "00201208"),
  };
}

/** By number, then UID. */
export async function searchSeries(
  call: ArchiveCall,
  studyInstanceUid: string,
): Promise<Result<readonly ArchiveSeries[]>> {
  const found = await query(
    call,
    `/studies/${encodeURIComponent(studyInstanceUid)}/series`,
    SERIES_FIELDS.map((tag) => ["includefield", tag] as const),
  );
  if (!found.ok) return fail(found.problem);
  const series = found.value
    .filter((set) => jsonText(set, "0020000E") !== "")
    .map((set) => seriesOf(set, studyInstanceUid));
  return ok(series.sort(byNumber));
}

export const seriesOf = (set: JsonDataSet, studyInstanceUid: string): ArchiveSeries => ({
  studyInstanceUid,
  seriesInstanceUid: jsonText(set, "0020000E"),
  seriesNumber: jsonText(set, "00200011"),
  seriesDescription: jsonText(set, "0008103E"),
  modality: jsonText(set, "00080060"),
  seriesDate: jsonText(set, "00080021"),
  seriesTime: jsonText(set, "00080031"),
  instanceCount: jsonNumber(set, "00201209"),
  kind: kindOf(jsonText(set, "00080060"), jsonText(set, "00080016")),
});

/** Modality decides; few archives tell the SOP class of a series. */
function kindOf(modality: string, sopClassUid: string): ArchiveSeriesKind {
  const kind = sopClassUid === "" ? null : objectKindOf(sopClassUid, true);
  if (kind === "SEG" || modality === "SEG") return "SEG";
  if (kind === "KOS" || modality === "KO") return "KOS";
  if (kind === "SR" || modality === "SR") return "SR";
  return modality === "CT" || modality === "XA" ? "images" : "other";
}

const byNumber = (a: ArchiveSeries, b: ArchiveSeries): number =>
  Number(a.seriesNumber) - Number(b.seriesNumber) || (a.seriesInstanceUid < b.seriesInstanceUid ? -1 : 1);
