// Series of an archive as if their files had been opened: headers from its metadata now, each image when it is loaded.
import { type Problem, ProblemError, type Result, fail, ok, problem } from "#core/problem";
import { MAX_HEADER_BYTES, MAX_OBJECT_BYTES } from "../input-limits.ts";
import type { InstanceHeader } from "../instance-header.ts";
import type { NamedFile, RetrieveOptions } from "../named-file.ts";
import { mapInParallel } from "../parallel.ts";
import type { RejectedFile } from "../open-files.ts";
import { readHeader } from "../read-header.ts";
import { type InstanceFile, type ReadSeries, listSeries } from "../series-list.ts";
import { objectKindOf } from "../sop-class.ts";
import { archiveName } from "./archive-address.ts";
import type { ArchiveAddress, ArchiveSeries } from "./archive-types.ts";
import { retrievedProblem } from "./compare-headers.ts";
import { type JsonDataSet, jsonNumber } from "./dicom-json.ts";
import { encodeJson } from "./encode-json.ts";
import { type ArchiveCall, type Network, canBeAskedAgain } from "./network.ts";
import { retrieveInstance, retrieveMetadata } from "./retrieve.ts";

export interface ArchiveRead {
  readonly series: readonly ReadSeries[];
  readonly rejected: readonly RejectedFile[];
}

/** Series whose headers are asked for at once. */
const SERIES_IN_FLIGHT = 3;

/**
 * Headers of every image of these series, stacked. Nothing is retrieved of their pixels. Reports series done and in all. A series that the
 * archive can't list is rejected with its reason; the others open all the same. Images are later asked for at `addressToLoadFrom()`.
 */
export async function readArchiveSeries(
  call: ArchiveCall,
  wanted: readonly ArchiveSeries[],
  progress: (done: number, total: number) => void = () => undefined,
  addressToLoadFrom: () => ArchiveAddress = () => call.address,
): Promise<Result<ArchiveRead>> {
  const instances: InstanceFile[] = [];
  const rejected: RejectedFile[] = [];
  let done = 0;
  let failure: Problem | null = null;
  const read = async (series: ArchiveSeries): Promise<void> => {
    if (failure) return;
    const name = series.seriesDescription || series.seriesNumber || series.modality;
    const listed = await retrieveMetadata(call, series);
    progress(++done, wanted.length);
    if (!listed.ok && canBeAskedAgain(listed.problem)) failure = listed.problem;
    if (!listed.ok) return void rejected.push({ path: name, problem: listed.problem });
    if (listed.value.length === 0) {
      const nothing = problem("archive/no-instances", { archive: archiveName(call.address) });
      return void rejected.push({ path: name, problem: nothing });
    }
    if (listed.value.every((set) => jsonNumber(set, "00280010") === null)) {
      const incomplete = problem("archive/headers-incomplete", { archive: archiveName(call.address) });
      return void rejected.push({ path: name, problem: incomplete });
    }
    for (const [at, set] of listed.value.entries()) {
      const path = `${name}/${at + 1}`;
      const header = headerOf(set, path);
      if (!header.ok) rejected.push({ path, problem: header.problem });
      else if (objectKindOf(header.value.sopClassUid, true) === null)
        instances.push({
          header: header.value,
          file: new RemoteImage(call.network, addressToLoadFrom, header.value),
          problems: header.problems,
        });
    }
  };
  await mapInParallel(wanted, SERIES_IN_FLIGHT, read, call.signal);
  if (failure) return fail(failure);
  if (instances.length === 0 && rejected.length > 0) return fail(rejected[0].problem);
  return ok({ series: listSeries(instances), rejected });
}

/** The listed header, its pixels taken for what they will be: sizes and syntax are those of the image once it is retrieved. */
function headerOf(set: JsonDataSet, path: string): Result<InstanceHeader> {
  const read = readHeader(encodeJson(set), path);
  if (!read.ok) return read;
  const { rows, columns, numberOfFrames, samplesPerPixel, bitsAllocated } = read.value.format;
  const pixelBytes = Math.ceil((rows * columns * numberOfFrames * samplesPerPixel * bitsAllocated) / 8);
  return ok(
    {
      ...read.value,
      fileSizeBytes: pixelBytes,
      pixelData: { offsetBytes: 0, lengthBytes: pixelBytes },
    },
    // There are no pixels yet that could be cut off.
    read.problems.filter((found: Problem) => found.code !== "read/truncated-pixels"),
  );
}

/** An image that is retrieved when its bytes are asked for, and is then the one that was listed, or refused. */
class RemoteImage implements NamedFile {
  readonly path: string;
  readonly #network: Network;
  readonly #address: () => ArchiveAddress;
  readonly #listed: InstanceHeader;
  /** Of an image that was looked at before its series is loaded. */
  #bytes: Uint8Array | null = null;

  constructor(network: Network, address: () => ArchiveAddress, listed: InstanceHeader) {
    this.path = listed.fileName;
    this.#network = network;
    this.#address = address;
    this.#listed = listed;
  }

  get size(): number {
    return this.#bytes?.length ?? this.#listed.fileSizeBytes;
  }

  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } {
    const toEnd = end >= this.size;
    return {
      arrayBuffer: async () => {
        const whole = await this.#whole();
        if (!whole.ok) throw new ProblemError(whole.problem);
        this.#bytes = whole.value;
        return new Uint8Array(whole.value.subarray(start, toEnd ? whole.value.length : end)).buffer;
      },
    };
  }

  async retrieve(options: RetrieveOptions = {}): Promise<Result<Uint8Array>> {
    const whole = await this.#whole(options);
    this.#bytes = options.keep && whole.ok ? whole.value : null;
    return whole;
  }

  async #whole({ signal, waiting }: RetrieveOptions = {}): Promise<Result<Uint8Array>> {
    if (this.#bytes) return ok(this.#bytes);
    const { study, seriesInstanceUid, sopInstanceUid, fileSizeBytes } = this.#listed;
    const { studyInstanceUid } = study;
    const address = this.#address();
    const most = Math.min(MAX_OBJECT_BYTES, 2 * fileSizeBytes + MAX_HEADER_BYTES);
    const bytes = await retrieveInstance(
      { network: this.#network, address, signal, waiting },
      { studyInstanceUid, seriesInstanceUid, sopInstanceUid },
      most,
    );
    if (!bytes.ok) return bytes;
    const image = readHeader(bytes.value, this.path);
    if (!image.ok) return image;
    const wrong = retrievedProblem(this.#listed, image.value, archiveName(address));
    return wrong ? fail(wrong) : bytes;
  }
}
