// Composition root of the worker: the reading of CT files, and the jobs of every plugin.
import type { ToWorker } from "#host/worker-protocol";
import { serveWorker } from "#host/worker-end";
import { jobs as cementJobs } from "../plugins/cement-leakage/jobs.ts";

const { receive } = serveWorker({ ...cementJobs }, (message) => postMessage(message));
self.onmessage = ({ data }: MessageEvent<ToWorker>) => receive(data);
