// WADO-RS: whole instances as they are stored, and the headers of a series.
import { type Result, fail, ok, problem } from "#core/problem";
import { joined } from "../encapsulated.ts";
import { MAX_JSON_BYTES } from "../input-limits.ts";
import { archiveName } from "./archive-address.ts";
import { type JsonDataSet, notDicom, readJson } from "./dicom-json.ts";
import { boundaryOf, readMultipart } from "./multipart.ts";
import { type ArchiveCall, ask } from "./network.ts";

/** Bytes as stored, whatever their syntax: the one request that archives answer alike (frames come decoded, mislabelled or not at all). */
const AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/** For archives that do not know the star: as they like to send it, which the image's own header then says. */
const AS_OFFERED = 'multipart/related; type="application/dicom"';

/** Archives that keep headers in files read thousands of them before they answer. */
const LISTING_PATIENCE_MS = 120_000;

export interface InstancePlace {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

export const seriesPath = (place: Omit<InstancePlace, "sopInstanceUid">): string =>
  `/studies/${encodeURIComponent(place.studyInstanceUid)}/series/${encodeURIComponent(place.seriesInstanceUid)}`;

/** The Part 10 file of an instance, byte for byte as the archive has it; at most `maxBytes`. */
export async function retrieveInstance(
  call: ArchiveCall,
  place: InstancePlace,
  maxBytes: number,
): Promise<Result<Uint8Array>> {
  const stored = await retrieveAs(AS_STORED, call, place, maxBytes);
  const notUnderstood = !stored.ok && [400, 406].includes(Number(stored.problem.details.status));
  return notUnderstood ? retrieveAs(AS_OFFERED, call, place, maxBytes) : stored;
}

function retrieveAs(
  accept: string,
  call: ArchiveCall,
  place: InstancePlace,
  maxBytes: number,
): Promise<Result<Uint8Array>> {
  const archive = archiveName(call.address);
  const path = `${seriesPath(place)}/instances/${encodeURIComponent(place.sopInstanceUid)}`;
  return ask(call, { path, accept }, async (answer, progressed) => {
    const tooLarge = problem("archive/answer-too-large", { archive, megabytes: Math.ceil(maxBytes / 1e6) });
    const type = answer.headers.get("Content-Type") ?? "";
    const boundary = boundaryOf(type);
    if (!answer.body) return fail(notDicom(answer, archive));
    if (boundary === null) {
      // Some answer one instance without the parts around it.
      if (!/^\s*application\/dicom\s*(;|$)/i.test(type)) return fail(notDicom(answer, archive));
      const bytes = await readWhole(answer.body, maxBytes, progressed);
      return bytes ? ok(bytes) : fail(tooLarge);
    }
    const read = await readMultipart(answer.body, boundary, maxBytes, progressed);
    if (!read.ok) {
      if (read.fault === "too-large") return fail(tooLarge);
      return fail(
        read.fault === "cut-off" ? problem("archive/answer-cut-off", { archive }) : notDicom(answer, archive),
      );
    }
    const [first] = read.parts;
    return first ? ok(first) : fail(problem("archive/not-found", { archive }));
  });
}

/** The headers of a series' instances as DICOM JSON. */
export function retrieveMetadata(
  call: ArchiveCall,
  place: Omit<InstancePlace, "sopInstanceUid">,
): Promise<Result<readonly JsonDataSet[]>> {
  const archive = archiveName(call.address);
  return ask(
    call,
    {
      path: `${seriesPath(place)}/metadata`,
      accept: "application/dicom+json",
      patienceMs: LISTING_PATIENCE_MS,
    },
    (answer, progressed) => readJson(answer, archive, MAX_JSON_BYTES, progressed),
  );
}

async function readWhole(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  progressed: () => void,
): Promise<Uint8Array | null> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks);
    progressed();
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    chunks.push(value);
  }
}
