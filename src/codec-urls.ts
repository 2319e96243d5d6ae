// Where the workers get the codecs' WebAssembly: beside the page, when the first frame of such a syntax is decoded.
import type { provideCodecs } from "#dicom/frame-decoders";
import charls from "@cornerstonejs/codec-charls/decodewasm?url";
import jpegTurbo from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url";
import openjpeg from "@cornerstonejs/codec-openjpeg/decodewasm?url";
import openjph from "@cornerstonejs/codec-openjph/wasm?url";

const CODEC_URLS = { charls, openjpeg, openjph, "libjpeg-turbo": jpegTurbo };

export const fetchedCodecs: Parameters<typeof provideCodecs>[0] = async (codec) => {
  const answer = await fetch(CODEC_URLS[codec]);
  if (!answer.ok) throw new Error(`${codec}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};
