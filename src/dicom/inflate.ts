// Inflates raw deflate data up to a limit: what lies beyond it is never held in memory.
import { Inflate } from "fflate";

export interface Inflated {
  readonly bytes: Uint8Array;
  /** The stream came to its own end within the limit. */
  readonly whole: boolean;
}

const STEP_BYTES = 16_384;

class LimitReached extends Error {}

/**
 * At most `limitBytes` of what `packed` inflates to; a stream that is cut off gives what could be inflated. Throws where it is damaged.
 * Takes memory for what was inflated and, while it joins it, once more.
 */
export function inflateUpTo(packed: Uint8Array, limitBytes: number): Inflated {
  const parts: Uint8Array[] = [];
  let total = 0;
  let whole = false;
  const inflate = new Inflate((part, final) => {
    const kept = part.subarray(0, limitBytes - total);
    parts.push(kept);
    total += kept.length;
    whole = final;
    if (kept.length < part.length) throw new LimitReached();
  });
  try {
    for (let at = 0; at < packed.length; at += STEP_BYTES)
      inflate.push(packed.subarray(at, at + STEP_BYTES), false);
    inflate.push(new Uint8Array(0), true);
  } catch (error) {
    if (error instanceof LimitReached) whole = false;
    else if (isEndOfStream(error)) whole = false;
    else throw error;
  }
  if (parts.length === 1) return { bytes: parts[0], whole };
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, whole };
}

/** fflate's code 0: the stream stops before its end. */
const isEndOfStream = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "code" in error && error.code === 0;
