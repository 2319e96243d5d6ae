// Composition root of the workers that read slices: files and codecs, and nothing else.
import "#host/no-eval";
import { fetchedCodecs } from "./codec-urls.ts";
import { type SliceOrder, answerSlice } from "#host/slice-workers";
import { provideCodecs } from "#dicom/frame-decoders";

provideCodecs(fetchedCodecs);

self.onmessage = async ({ data }: MessageEvent<SliceOrder>) => {
  const answer = await answerSlice(data);
  self.postMessage(answer, { transfer: answer.hu ? [answer.hu.buffer] : [] });
};
