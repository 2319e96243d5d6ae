// Reads a multipart answer (RFC 2046, PS3.18 8.6) while it arrives: delimiters may lie across the edges of chunks.
import { joined } from "../encapsulated.ts";

export type MultipartFault = "not-multipart" | "cut-off" | "too-large";

export type MultipartOutcome =
  | { readonly ok: true; readonly parts: readonly Uint8Array[] }
  | { readonly ok: false; readonly fault: MultipartFault };

const CR = 13;
const MAX_PART_HEADER_BYTES = 16_384;

/** The boundary of a Content-Type, with or without quotes; null where there is none or it could not delimit anything. */
export function boundaryOf(contentType: string): string | null {
  if (!/^\s*multipart\//i.test(contentType)) return null;
  const found = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(contentType);
  const boundary = found ? (found[1]?.replace(/\\(.)/g, "$1") ?? found[2]) : "";
  // RFC 2046 allows 70 characters; longer ones occur and do no harm.
  return boundary.length > 0 && boundary.length <= 200 ? boundary : null;
}

/**
 * The bodies of all parts. "cut-off" where the stream ends before the closing delimiter; what follows that is passed over, and a missing
 * line end after it is nothing. "too-large" as soon as the parts together have more than `maxBytes`: the stream is then cancelled.
 */
export async function readMultipart(
  stream: ReadableStream<Uint8Array>,
  boundary: string,
  maxBytes: number,
  progressed: () => void = () => undefined,
): Promise<MultipartOutcome> {
  const parts = new PartReader(boundary, maxBytes);
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    progressed();
    const fault = parts.push(value);
    if (fault) {
      await reader.cancel().catch(() => undefined);
      return { ok: false, fault };
    }
  }
  return parts.isWhole
    ? { ok: true, parts: parts.bodies }
    : { ok: false, fault: parts.sawDelimiter ? "cut-off" : "not-multipart" };
}

type State = "before" | "delimiter" | "header" | "body" | "after";

class PartReader {
  readonly bodies: Uint8Array[] = [];
  sawDelimiter = false;
  readonly #delimiter: Uint8Array;
  readonly #maxBytes: number;
  /** What was received and not yet understood. A line end stands before the first delimiter, which may be the first byte. */
  #pending: Uint8Array = new Uint8Array([CR, 10]);
  #state: State = "before";
  #body: Uint8Array[] = [];
  #bytes = 0;

  constructor(boundary: string, maxBytes: number) {
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
    this.#maxBytes = maxBytes;
  }

  get isWhole(): boolean {
    return this.#state === "after";
  }

  push(chunk: Uint8Array): MultipartFault | null {
    this.#pending = joined([this.#pending, chunk]);
    for (;;) {
      const before = this.#state;
      const length = this.#pending.length;
      const fault = this.#step();
      if (fault) return fault;
      if (this.#state === before && this.#pending.length === length) return null;
    }
  }

  /** Goes on as far as `#pending` allows. */
  #step(): MultipartFault | null {
    switch (this.#state) {
      case "before":
      case "body":
        return this.#passUpToDelimiter();
      case "delimiter":
        return this.#passDelimiterLine();
      case "header":
        return this.#passHeader();
      case "after":
        this.#pending = new Uint8Array(0);
        return null;
    }
  }

  #passUpToDelimiter(): MultipartFault | null {
    const at = this.#findDelimiter();
    // What can't be the beginning of a delimiter is content.
    const end = at >= 0 ? at : Math.max(0, this.#pending.length - this.#delimiter.length);
    if (this.#state === "body") {
      this.#bytes += end;
      if (this.#bytes > this.#maxBytes) return "too-large";
      if (end > 0) this.#body.push(this.#pending.subarray(0, end));
    }
    this.#pending = this.#pending.subarray(end);
    if (at < 0) return null;
    if (this.#state === "body") this.bodies.push(joined(this.#body));
    this.#body = [];
    this.sawDelimiter = true;
    this.#state = "delimiter";
    return null;
  }

  /** A delimiter is followed by "--", or by blanks and a line end; anything else is content that looks like one. */
  #findDelimiter(): number {
    const { length } = this.#delimiter;
    for (let at = this.#pending.indexOf(CR); at >= 0; at = this.#pending.indexOf(CR, at + 1)) {
      // With the byte behind it, which tells a delimiter from content that begins like one.
      if (at + length >= this.#pending.length) return -1;
      if (this.#pending[at + 1] !== 10) continue;
      if (!this.#delimiter.every((byte, n) => this.#pending[at + n] === byte)) continue;
      const next = this.#pending[at + length];
      if (next === 45 || next === CR || next === 32 || next === 9) return at;
    }
    return -1;
  }

  #passDelimiterLine(): MultipartFault | null {
    const rest = this.#pending.subarray(this.#delimiter.length);
    if (rest[0] === 45 && rest[1] === 45) {
      this.#state = "after";
      return null;
    }
    const lineEnd = indexOfLineEnd(rest, 0);
    if (lineEnd < 0) return rest.length > MAX_PART_HEADER_BYTES ? "not-multipart" : null;
    // The line end stays: a part without headers begins with it.
    this.#pending = rest.subarray(lineEnd);
    this.#state = "header";
    return null;
  }

  #passHeader(): MultipartFault | null {
    for (let at = 0; at >= 0; at = indexOfLineEnd(this.#pending, at + 2)) {
      if (this.#pending.length < at + 4) break;
      if (this.#pending[at + 2] !== CR || this.#pending[at + 3] !== 10) continue;
      this.#pending = this.#pending.subarray(at + 4);
      this.#state = "body";
      return null;
    }
    return this.#pending.length > MAX_PART_HEADER_BYTES ? "not-multipart" : null;
  }
}

function indexOfLineEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(CR, from); at >= 0; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] === 10) return at;
  return -1;
}
