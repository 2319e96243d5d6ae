// STOW-RS: objects into a study, one after the other; asks before it sends, so that nothing is stored twice and nothing overwritten.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import { joined } from "../encapsulated.ts";
import { MAX_OBJECT_BYTES } from "../input-limits.ts";
import { readHeader } from "../read-header.ts";
import { objectKindOf } from "../sop-class.ts";
import { archiveName } from "./archive-address.ts";
import type { ObjectToStore, StoredObject, StoreOutcome } from "./archive-types.ts";
import { type JsonDataSet, jsonItems, jsonNumber, jsonText, readJson } from "./dicom-json.ts";
import { type ArchiveCall, ask, canBeAskedAgain, waitBefore } from "./network.ts";
import { retrieveInstance } from "./retrieve.ts";
import { sameContent } from "./same-content.ts";
import { query } from "./search.ts";

const MAX_STORE_ANSWER_BYTES = 4 * 2 ** 20;
/** A line that fails while an object is sent: looked up, and sent again where it did not arrive. */
const SENDINGS = 4;

/** The answer comes once all is received and stored. */
const STORING_PATIENCE_MS = 180_000;

interface ReadyObject extends ObjectToStore {
  readonly sopInstanceUid: string;
  /** A report refers to its segmentation, which must be there first; key objects come last. */
  readonly rank: number;
}

/**
 * Stores segmentations, then reports, then others, each by its own request. Before each one the archive is asked for its UID: what is there
 * with the same content counts as stored, with other content it is refused. After the first object that fails none is sent. Resolves
 * with what became of each; asked again with the same objects it goes on with what is missing.
 */
export async function storeObjects(
  call: ArchiveCall,
  studyInstanceUid: string,
  objects: readonly ObjectToStore[],
  progress: (done: number, total: number) => void = () => undefined,
): Promise<StoreOutcome> {
  const ready: ReadyObject[] = [];
  for (const object of objects) {
    const checked = readyToStore(object, studyInstanceUid);
    if (!checked.ok) return notStored(objects, object, checked.problem);
    ready.push(checked.value);
  }
  ready.sort((a, b) => a.rank - b.rank || (a.sopInstanceUid < b.sopInstanceUid ? -1 : 1));
  const stored: StoredObject[] = [];
  let failed = false;
  for (const [n, object] of ready.entries()) {
    const { name, sopInstanceUid } = object;
    if (failed) {
      stored.push({ name, sopInstanceUid, state: "not-sent", problem: null });
      continue;
    }
    const outcome = await storeOne(call, studyInstanceUid, object);
    stored.push({ name, sopInstanceUid, ...outcome });
    failed = !isThere(outcome);
    progress(n + 1, ready.length);
  }
  return { objects: stored, complete: stored.every(isThere) };
}

const isThere = ({ state }: Pick<StoredObject, "state">): boolean =>
  state === "stored" || state === "already-there";

/** Nothing is sent where one of the objects is not what it should be. */
const notStored = (objects: readonly ObjectToStore[], wrong: ObjectToStore, why: Problem): StoreOutcome => ({
  objects: objects.map((object) => ({
    name: object.name,
    sopInstanceUid: "",
    state: object === wrong ? "refused" : "not-sent",
    problem: object === wrong ? why : null,
  })),
  complete: false,
});

function readyToStore(object: ObjectToStore, studyInstanceUid: string): Result<ReadyObject> {
  const header = readHeader(object.bytes, object.name);
  if (!header.ok) return fail(problem("archive/not-an-object", { fileName: object.name }));
  const { sopInstanceUid, sopClassUid, study, pixelData } = header.value;
  if (study.studyInstanceUid !== studyInstanceUid)
    return fail(problem("archive/another-study", { fileName: object.name }));
  const kind = objectKindOf(sopClassUid, pixelData !== null);
  const rank = kind === "SEG" ? 0 : kind === "SR" ? 1 : 2;
  return ok({ ...object, sopInstanceUid, rank });
}

type Outcome = Pick<StoredObject, "state" | "problem">;
const refused = (why: Problem): Outcome => ({ state: "refused", problem: why });
const notSent = (why: Problem): Outcome => ({ state: "not-sent", problem: why });

async function storeOne(call: ArchiveCall, study: string, object: ReadyObject): Promise<Outcome> {
  const archive = archiveName(call.address);
  const unconfirmed = problem("archive/store-unconfirmed", { archive, fileName: object.name });
  let sent = false;
  /** The archive took it, but did not say what became of it: it may list it a moment later. */
  let taken = false;
  for (let n = 1; ; n++) {
    const there = await whatIsThere(call, study, object);
    if (!there.ok) return notSent(there.problem);
    // What an interrupted sending of ours brought there is stored now.
    if (there.value === "same") return { state: sent ? "stored" : "already-there", problem: null };
    if (there.value === "other")
      return refused(problem("archive/uid-taken", { archive, fileName: object.name }));
    if (n > SENDINGS) return notSent(unconfirmed);
    if (!taken) {
      const answer = await send(call, study, object);
      sent = true;
      taken = answer.ok;
      if (answer.ok && answer.value) return answer.value;
      if (!answer.ok && answer.problem.code === "archive/conflict") return refused(answer.problem);
      if (!answer.ok && !canBeAskedAgain(answer.problem)) return notSent(answer.problem);
    }
    await waitBefore(call, n);
  }
}

/** Whether the archive has the object's UID, in whatever study, and whether what it has is this object. */
async function whatIsThere(
  call: ArchiveCall,
  study: string,
  { sopInstanceUid, bytes }: ReadyObject,
): Promise<Result<"nothing" | "same" | "other">> {
  const found = await searchInstance(call, study, sopInstanceUid);
  if (!found.ok) return found;
  // Some archives match more than was asked for.
  const there = found.value.find((set) => jsonText(set, "00080018") === sopInstanceUid);
  if (!there) return ok("nothing");
  const theirs = await retrieveInstance(
    call,
    {
      studyInstanceUid: jsonText(there, "0020000D"),
      seriesInstanceUid: jsonText(there, "0020000E"),
      sopInstanceUid,
    },
    MAX_OBJECT_BYTES,
  );
  if (!theirs.ok) return theirs;
  return ok(sameContent(bytes, theirs.value) ? "same" : "other");
}

/** In all studies; of an archive that can't search so, in the study. A study that it does not have yet holds nothing. */
async function searchInstance(
  call: ArchiveCall,
  study: string,
  sopInstanceUid: string,
): Promise<Result<readonly JsonDataSet[]>> {
  const wanted = [
    ["SOPInstanceUID", sopInstanceUid],
    ["includefield", "0020000D"],
    ["includefield", "0020000E"],
  ] as const;
  const everywhere = await query(call, "/instances", wanted);
  if (everywhere.ok || !NOT_OFFERED.has(everywhere.problem.code)) return everywhere;
  const inStudy = await query(call, `/studies/${encodeURIComponent(study)}/instances`, wanted);
  if (!inStudy.ok) return inStudy.problem.code === "archive/not-found" ? ok([]) : inStudy;
  const unnamed = { "0020000D": { vr: "UI", Value: [study] } };
  return ok(inStudy.value.map((set) => ({ ...unnamed, ...set })));
}

/** 400, 404, 405 or 501 for a search over all studies, which an archive need not offer. */
const NOT_OFFERED: ReadonlySet<string> = new Set([
  "archive/not-found",
  "archive/unexpected-status",
  "archive/server-error",
]);

/** What the archive says of the object; null where it says nothing of it. */
async function send(call: ArchiveCall, study: string, object: ReadyObject): Promise<Result<Outcome | null>> {
  const archive = archiveName(call.address);
  const boundary = boundaryFor(object);
  const text = new TextEncoder();
  const body = joined([
    text.encode(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    object.bytes,
    text.encode(`\r\n--${boundary}--\r\n`),
  ]);
  return ask(
    call,
    {
      method: "POST",
      path: `/studies/${encodeURIComponent(study)}`,
      accept: "application/dicom+json",
      contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
      body: new Uint8Array(body),
      patienceMs: STORING_PATIENCE_MS,
      // Refused in whole or in part; the body says why.
      statuses: [409],
    },
    async (answer, progressed) => {
      const read = await readJson(answer, archive, MAX_STORE_ANSWER_BYTES, progressed);
      // Of a success in another form than JSON it is looked up what became of it.
      if (!read.ok) return answer.status === 409 ? fail(problem("archive/conflict", { archive })) : ok(null);
      const said = outcomeOf(read.value, object, archive);
      return said === null && answer.status === 409
        ? fail(problem("archive/conflict", { archive }))
        : ok(said);
    },
  );
}

/** No boundary of this form is in a DICOM file by chance: it holds the object's own UID in full, twice. */
const boundaryFor = ({ sopInstanceUid }: ReadyObject): string =>
  `part-${sopInstanceUid.slice(-24)}-${sopInstanceUid.slice(-24)}`;

/** PS3.18 table I.2-1: what failed is named also in an answer that is called a success (200, 202). */
function outcomeOf(sets: readonly JsonDataSet[], object: ReadyObject, archive: string): Outcome | null {
  const fileName = object.name;
  const mine = (tag: string): JsonDataSet | undefined =>
    sets
      .flatMap((set) => jsonItems(set, tag))
      .find((item) => jsonText(item, "00081155") === object.sopInstanceUid);
  const failed = mine("00081198");
  if (failed)
    return refused(
      problem("archive/store-refused", { archive, fileName, reason: hexOf(jsonNumber(failed, "00081197")) }),
    );
  // Failures that can't be told apart by instance.
  const other = sets.flatMap((set) => jsonItems(set, "0008119A"))[0];
  const taken = mine("00081199");
  if (!taken)
    return other
      ? refused(
          problem("archive/store-refused", {
            archive,
            fileName,
            reason: hexOf(jsonNumber(other, "00081197")),
          }),
        )
      : null;
  const warning = jsonNumber(taken, "00081196");
  return {
    state: "stored",
    problem: warning
      ? problem("archive/stored-with-warning", { archive, fileName, reason: hexOf(warning) }, "warning")
      : null,
  };
}

const hexOf = (reason: number | null): string =>
  reason === null ? "?" : reason.toString(16).toUpperCase().padStart(4, "0");
