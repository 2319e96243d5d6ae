// Counts the memory that our own code asks for, for tests that something is refused before it is taken.
import { vi } from "vitest";

/** Bytes that our own code asks for while `work` runs: every new buffer or array of a given length. */
export async function bytesTaken<T>(work: () => Promise<T> | T): Promise<{ value: T; bytes: number }> {
  let bytes = 0;
  for (const name of ["ArrayBuffer", "Uint8Array", "Int16Array", "Uint16Array"] as const) {
    const real = globalThis[name];
    const size = "BYTES_PER_ELEMENT" in real ? real.BYTES_PER_ELEMENT : 1;
    vi.stubGlobal(
      name,
      new Proxy(real, {
        construct(target, args: unknown[]) {
          if (typeof args[0] === "number") bytes += args[0] * size;
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a constructor gives
          return Reflect.construct(target, args) as object;
        },
      }),
    );
  }
  try {
    return { value: await work(), bytes };
  } finally {
    vi.unstubAllGlobals();
  }
}
