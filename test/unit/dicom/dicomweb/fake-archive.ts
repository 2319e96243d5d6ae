// A DICOMweb archive in memory behind a fake fetch and clock: answers as Orthanc does, counts requests, and fails where a test wants it to.
import dicomParser, { type DataSet } from "dicom-parser";
import type { ArchiveAddress, ArchiveSeries, Credentials } from "#dicom/dicomweb/archive-types";
import type { ArchiveCall, Network } from "#dicom/dicomweb/network";
import type { JsonDataSet } from "#dicom/dicomweb/dicom-json";

export interface SeenRequest {
  readonly method: string;
  /** Below the root, with its query. */
  readonly path: string;
  readonly authorization: string | null;
  readonly accept: string | null;
}

type Interference = (
  request: SeenRequest,
) => Response | null | undefined | "drop" | "silence" | Promise<Response | null>;

const ROOT = "https://pacs.test/dicom-web";
export const BOUNDARY = "a part's boundary";
/** Shorter waits are those between tries: they pass at once. Longer ones are time limits. */
const TIME_LIMIT_MS = 20_000;

export class FakeArchive implements Network {
  readonly requests: SeenRequest[] = [];
  readonly waits: number[] = [];
  /** By SOP Instance UID. */
  readonly instances = new Map<string, Uint8Array>();
  /** Answers in the archive's place: "drop" breaks the line before the answer, "silence" never answers. */
  interfere: Interference = () => null;
  /** Bytes of each chunk of an answer. */
  chunkBytes = 1000;
  #limits: (() => void)[] = [];

  constructor(files: readonly Uint8Array[] = []) {
    for (const file of files) this.add(file);
  }

  add(file: Uint8Array): void {
    this.instances.set(uidOf(file, "00080018"), file);
  }

  signedIn(credentials: Credentials = { kind: "none" }, signal?: AbortSignal): ArchiveCall {
    const address: ArchiveAddress = { rootUrl: ROOT, credentials };
    return { network: this, address, signal };
  }

  count(pattern: RegExp): number {
    return this.requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;
  }

  /** Lets every time limit that runs now pass. */
  passTimeLimits(): void {
    for (const pass of this.#limits.splice(0)) pass();
  }

  random(): number {
    return 0.5;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      if (ms > TIME_LIMIT_MS) this.#limits.push(resolve);
      else {
        this.waits.push(ms);
        setTimeout(resolve, 0);
      }
    });
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const request = {
      method: init.method ?? "GET",
      path: url.slice(ROOT.length),
      authorization: headers.get("Authorization"),
      accept: headers.get("Accept"),
    };
    this.requests.push(request);
    init.signal?.throwIfAborted();
    const instead = await this.interfere(request);
    if (instead === "drop") throw new TypeError("fetch failed");
    if (instead === "silence")
      return new Promise((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true });
      });
    if (instead) return abortable(instead, init.signal);
    return init.method === "POST" ? this.#take(init) : this.#answer(request.path);
  }

  #answer(path: string): Response {
    const [place, search = ""] = path.split("?");
    const parameters = new URLSearchParams(search);
    const [, , study, , series, , instance] = place.split("/");
    const sets = [...this.instances.values()]
      .map(jsonOf)
      .filter((set) => !study || place.startsWith("/instances") || valueOf(set, "0020000D") === study)
      .filter((set) => !series || valueOf(set, "0020000E") === series);
    if (instance) {
      const file = this.instances.get(instance);
      return file ? this.multipart([file]) : new Response("no such instance", { status: 404 });
    }
    if (place.endsWith("/metadata")) return json(sets);
    const uid = parameters.get("SOPInstanceUID");
    if (place.endsWith("/instances"))
      return json(sets.filter((set) => uid === null || valueOf(set, "00080018") === uid));
    if (place.endsWith("/series")) return json(distinct(sets, "0020000E"));
    const from = Number(parameters.get("offset"));
    return json(distinct(sets, "0020000D").slice(from, from + Number(parameters.get("limit"))));
  }

  /** An answer of several parts, in chunks that are cut without regard for delimiters. */
  multipart(parts: readonly Uint8Array[], boundary = BOUNDARY): Response {
    const text = new TextEncoder();
    const pieces = parts.flatMap((part) => [
      text.encode(
        `\r\n--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${part.length}\r\n\r\n`,
      ),
      part,
    ]);
    const whole = Buffer.concat([...pieces, text.encode(`\r\n--${boundary}--`)]);
    return new Response(chunked(whole, this.chunkBytes), {
      headers: { "Content-Type": `multipart/related; type="application/dicom"; boundary="${boundary}"` },
    });
  }

  /** STOW-RS: takes every part; what it has already it keeps. */
  async #take(init: RequestInit): Promise<Response> {
    const body = Buffer.from(await new Response(init.body).arrayBuffer());
    const boundary = /boundary=(.+)$/.exec(new Headers(init.headers).get("Content-Type") ?? "")?.[1] ?? "?";
    const parts = body.toString("latin1").split(`--${boundary}`).slice(1, -1);
    const stored = parts.map((part) => {
      const file = Buffer.from(part.slice(part.indexOf("\r\n\r\n") + 4, -2), "latin1");
      this.add(new Uint8Array(file));
      return referenced(uidOf(file, "00080018"));
    });
    return json([{ "00081199": { vr: "SQ", Value: stored } }]);
  }
}

/** As fetch does: the body breaks off when the request is aborted. */
const abortable = (answer: Response, signal: AbortSignal | null | undefined): Response =>
  answer.body && signal
    ? new Response(answer.body.pipeThrough(new TransformStream(), { signal }), answer)
    : answer;

export const referenced = (uid: string, reason?: readonly [tag: string, code: number]): JsonDataSet => ({
  "00081155": { vr: "UI", Value: [uid] },
  ...(reason ? { [reason[0]]: { vr: "US", Value: [reason[1]] } } : {}),
});

export const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/dicom+json" } });

export const chunked = (bytes: Uint8Array, chunkBytes: number): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(new Uint8Array(bytes.subarray(at, at + chunkBytes)));
      at += chunkBytes;
    },
  });
};

export const seriesOf = (file: Uint8Array, kind: ArchiveSeries["kind"] = "images"): ArchiveSeries => ({
  studyInstanceUid: uidOf(file, "0020000D"),
  seriesInstanceUid: uidOf(file, "0020000E"),
  seriesNumber: "3",
  seriesDescription: "Bone 1.0",
  modality: "CT",
  seriesDate: "",
  seriesTime: "",
  instanceCount: null,
  kind,
});

export const uidOf = (file: Uint8Array, tag: string): string => valueOf(jsonOf(file), tag);

function valueOf(set: JsonDataSet, tag: string): string {
  const value = (set[tag] as { Value?: unknown[] } | undefined)?.Value?.[0];
  return typeof value === "string" || typeof value === "number" ? `${value}` : "";
}

function distinct(sets: readonly JsonDataSet[], tag: string): readonly JsonDataSet[] {
  return [...new Map(sets.map((set) => [valueOf(set, tag), set])).values()];
}

const jsonSets = new WeakMap<Uint8Array, JsonDataSet>();

function jsonOf(file: Uint8Array): JsonDataSet {
  const known = jsonSets.get(file) ?? jsonOfDataSet(dicomParser.parseDicom(file));
  jsonSets.set(file, known);
  return known;
}

/** Of a data set with explicit representations; what is binary is left out, as bulk data. */
function jsonOfDataSet(set: DataSet): JsonDataSet {
  const out: Record<string, unknown> = {};
  for (const [tag, element] of Object.entries(set.elements)) {
    const name = tag.slice(1).toUpperCase();
    const { vr = "UN" } = element;
    if (name < "0003" || /^(O|U[NRT])/.test(vr)) continue;
    if (vr === "SQ") {
      const items = (element.items ?? []).map((item) => (item.dataSet ? jsonOfDataSet(item.dataSet) : {}));
      out[name] = { vr, Value: items };
    } else if (vr === "US" || vr === "SS") {
      const number = vr === "US" ? set.uint16(tag) : set.int16(tag);
      out[name] = { vr, Value: [number] };
    } else {
      const bytes = set.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
      const values = new TextDecoder()
        .decode(bytes)
        .replace(/[\0 ]+$/, "")
        .split("\\");
      if (values.join("") === "") out[name] = { vr };
      else if (vr === "PN") out[name] = { vr, Value: values.map((Alphabetic) => ({ Alphabetic })) };
      else out[name] = { vr, Value: vr === "DS" || vr === "IS" ? values.map(Number) : values };
    }
  }
  return out;
}
