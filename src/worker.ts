// Composition root of the worker: the reading of CT files, and the jobs of every plugin.
import "#host/no-eval";
import type { ToWorker } from "#host/worker-protocol";
import type { CodecNote } from "#host/worker-watch";
import { tellOfCodecCalls } from "#dicom/codec-watch";
import { provideCodecs } from "#dicom/frame-decoders";
import { browserNetwork } from "#host/archive-end";
import { createSliceWorkers, sliceWorkerCount } from "#host/slice-workers";
import { serveWorker } from "#host/worker-end";
import { fetchedCodecs } from "./codec-urls.ts";
import { jobs as cementJobs } from "../plugins/cement-leakage/jobs.ts";
import { tasks as cementTasks } from "../plugins/cement-leakage/tasks.ts";

provideCodecs(fetchedCodecs);

tellOfCodecCalls((decoding) => postMessage({ decoding } satisfies CodecNote));

const slices = createSliceWorkers(
  () => new Worker(new URL("./slice-worker.ts", import.meta.url), { type: "module" }),
  sliceWorkerCount(navigator.hardwareConcurrency),
);
// This one is woken when a case is likely to come; so are those.
slices.wake();

const { receive } = serveWorker(
  { ...cementJobs },
  (message, transfer = []) => self.postMessage(message, { transfer }),
  browserNetwork,
  { ...cementTasks },
  slices.read,
);
self.onmessage = ({ data }: MessageEvent<ToWorker>) => receive(data);
