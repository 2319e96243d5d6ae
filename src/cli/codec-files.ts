// On the command line the codecs' WebAssembly is read from the installed packages.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { provideCodecs } from "#dicom/frame-decoders";

const FILES = {
  charls: "@cornerstonejs/codec-charls/decodewasm",
  openjpeg: "@cornerstonejs/codec-openjpeg/decodewasm",
  openjph: "@cornerstonejs/codec-openjph/wasm",
  "libjpeg-turbo": "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm",
} as const;

/** Called once before a CT is read. */
export function provideInstalledCodecs(): void {
  const { resolve } = createRequire(import.meta.url);
  provideCodecs(async (codec) => new Uint8Array(await readFile(resolve(FILES[codec]))));
}
