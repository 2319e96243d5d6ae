// Tells whoever can end this thread which file a codec is at work on: a codec that never returns can tell nobody itself.

let tell: (fileName: string | null) => void = () => undefined;

/** Called with the file before each call of a codec and with null after it. Set once by a composition root. */
export function tellOfCodecCalls(listener: (fileName: string | null) => void): void {
  tell = listener;
}

/** Runs one call of a codec, which is synchronous. */
export function codecCall<T>(fileName: string, work: () => T): T {
  tell(fileName);
  try {
    return work();
  } finally {
    tell(null);
  }
}
