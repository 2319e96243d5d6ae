// The segmentations and reports of a study, retrieved whole.
import { type Result, fail, ok, problem } from "#core/problem";
import { MAX_OBJECT_BYTES } from "../input-limits.ts";
import { readHeader } from "../read-header.ts";
import { type ObjectKind, objectKindOf } from "../sop-class.ts";
import { archiveName } from "./archive-address.ts";
import type { ArchiveSeries } from "./archive-types.ts";
import { jsonText } from "./dicom-json.ts";
import type { ArchiveCall } from "./network.ts";
import { retrieveInstance, seriesPath } from "./retrieve.ts";
import { query } from "./search.ts";

export interface RetrievedObject {
  /** Description of its series and number in it; for messages. */
  readonly path: string;
  readonly kind: ObjectKind;
  readonly bytes: Uint8Array;
}

/** Every instance of these series that is neither image nor unknown, in the order of the series and then of their UIDs. */
export async function retrieveObjects(
  call: ArchiveCall,
  wanted: readonly ArchiveSeries[],
  progress: (done: number, total: number) => void = () => undefined,
): Promise<Result<readonly RetrievedObject[]>> {
  const objects: RetrievedObject[] = [];
  for (const [n, series] of wanted.entries()) {
    const listed = await query(call, `${seriesPath(series)}/instances`, []);
    if (!listed.ok) return listed;
    const uids = listed.value.map((set) => jsonText(set, "00080018")).filter((uid) => uid !== "");
    for (const [at, sopInstanceUid] of uids.sort().entries()) {
      const path = `${series.seriesDescription || series.modality}/${at + 1}`;
      const bytes = await retrieveInstance(call, { ...series, sopInstanceUid }, MAX_OBJECT_BYTES);
      if (!bytes.ok) return bytes;
      const header = readHeader(bytes.value, path);
      if (!header.ok) return header;
      if (header.value.sopInstanceUid !== sopInstanceUid)
        return fail(
          problem("archive/another-instance", { archive: archiveName(call.address), fileName: path }),
        );
      const kind = objectKindOf(header.value.sopClassUid, header.value.pixelData !== null);
      if (kind) objects.push({ path, kind, bytes: bytes.value });
    }
    progress(n + 1, wanted.length);
  }
  return ok(objects);
}
