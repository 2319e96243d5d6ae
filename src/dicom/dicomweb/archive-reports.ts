// The reports of one program in a whole archive: listed page by page, retrieved a few at a time, what was retrieved before left out.
import { type Problem, type Result, fail, ok } from "#core/problem";
import type { RejectedFile } from "../open-files.ts";
import { mapInParallel } from "../parallel.ts";
import { type RetrievedObject, retrieveObjects } from "./archive-objects.ts";
import type { ArchiveSeries } from "./archive-types.ts";
import { jsonText } from "./dicom-json.ts";
import { type ArchiveCall, canBeAskedAgain } from "./network.ts";
import { query, SERIES_FIELDS, seriesOf } from "./search.ts";

export interface WantedReports {
  /** The Series Description begins so. */
  readonly description: string;
  /** Series that were retrieved before, with the instances that they had then: passed over while the archive counts as many. */
  readonly known: ReadonlyMap<string, number>;
  /** Told of each series as soon as it is there, so that what was retrieved before a cancellation is not asked for again. */
  readonly take: (series: ArchiveSeries, reports: readonly RetrievedObject[]) => void;
}

export interface FoundReports {
  /** UIDs of all series of such reports, known ones too. */
  readonly series: readonly string[];
  readonly rejected: readonly RejectedFile[];
}

/** Series asked for at once; an archive may answer fewer. */
const PAGE = 100;
/** No archive has as many: one that answers without end is left. */
const MOST_PAGES = 10_000;
const SERIES_IN_FLIGHT = 4;

/** Reports series done and in all, once they are listed. One that can't be retrieved is rejected with its reason; the others come. */
export async function retrieveReports(
  call: ArchiveCall,
  { description, known, take }: WantedReports,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<Result<FoundReports>> {
  const listed = await listReports(call, description);
  if (!listed.ok) return listed;
  const wanted = listed.value.filter(({ seriesInstanceUid, instanceCount }) => {
    const had = known.get(seriesInstanceUid);
    return had === undefined || (instanceCount !== null && instanceCount !== had);
  });
  const rejected: RejectedFile[] = [];
  let done = 0;
  let failure: Problem | null = null;
  await mapInParallel(
    wanted,
    SERIES_IN_FLIGHT,
    async (series) => {
      if (failure) return;
      const found = await retrieveObjects(call, [series]);
      progress(++done, wanted.length);
      if (found.ok)
        take(
          series,
          found.value.filter(({ kind }) => kind === "SR"),
        );
      else if (canBeAskedAgain(found.problem)) failure = found.problem;
      else rejected.push({ path: series.seriesInstanceUid, problem: found.problem });
    },
    call.signal,
  );
  if (failure) return fail(failure);
  return ok({ series: listed.value.map(({ seriesInstanceUid }) => seriesInstanceUid), rejected });
}

async function listReports(call: ArchiveCall, description: string): Promise<Result<ArchiveSeries[]>> {
  const series = new Map<string, ArchiveSeries>();
  // A page begins behind what was answered, whether or not it was wanted: some archives answer fewer than asked for, some do not
  // know the keys and answer everything.
  let offset = 0;
  const seen = new Set<string>();
  for (let page = 0; page < MOST_PAGES; page++) {
    call.signal?.throwIfAborted();
    const found = await query(call, "/series", [
      ["Modality", "SR"],
      ["SeriesDescription", `${description}*`],
      ["limit", String(PAGE)],
      ["offset", String(offset)],
      ...SERIES_FIELDS.map((tag) => ["includefield", tag] as const),
    ]);
    if (!found.ok) return found;
    const before = seen.size;
    for (const set of found.value) {
      const one = seriesOf(set, jsonText(set, "0020000D"));
      seen.add(one.seriesInstanceUid);
      if (one.studyInstanceUid === "" || one.seriesInstanceUid === "") continue;
      if (one.kind === "SR" && one.seriesDescription.startsWith(description))
        series.set(one.seriesInstanceUid, one);
    }
    offset += found.value.length;
    // Nothing, or the same as before from an archive that knows no offset: that was all.
    if (seen.size === before) break;
  }
  return ok([...series.values()]);
}
