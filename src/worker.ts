// Composition root of the worker: the reading of CT files, and the jobs of every plugin.
import "#host/no-eval";
import type { ToWorker } from "#host/worker-protocol";
import type { CodecNote } from "#host/worker-watch";
import { tellOfCodecCalls } from "#dicom/codec-watch";
import { provideCodecs } from "#dicom/frame-decoders";
import { browserNetwork } from "#host/archive-end";
import { serveWorker } from "#host/worker-end";
import charls from "@cornerstonejs/codec-charls/decodewasm?url";
import jpegTurbo from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url";
import openjpeg from "@cornerstonejs/codec-openjpeg/decodewasm?url";
import openjph from "@cornerstonejs/codec-openjph/wasm?url";
import { jobs as cementJobs } from "../plugins/cement-leakage/jobs.ts";
import { tasks as cementTasks } from "../plugins/cement-leakage/tasks.ts";

// Beside the page, fetched when the first frame of such a syntax is decoded.
const CODEC_URLS = { charls, openjpeg, openjph, "libjpeg-turbo": jpegTurbo };
provideCodecs(async (codec) => {
  const answer = await fetch(CODEC_URLS[codec]);
  if (!answer.ok) throw new Error(`${codec}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
});

tellOfCodecCalls((decoding) => postMessage({ decoding } satisfies CodecNote));

const { receive } = serveWorker(
  { ...cementJobs },
  (message, transfer = []) => self.postMessage(message, { transfer }),
  browserNetwork,
  { ...cementTasks },
);
self.onmessage = ({ data }: MessageEvent<ToWorker>) => receive(data);
