// The worker of the pages that the contract is held to: the viewer's own, with the checking plugin's jobs.
import { provideCodecs } from "#dicom/frame-decoders";
import { browserNetwork } from "#host/archive-end";
import { serveWorker } from "#host/worker-end";
import type { ToWorker } from "#host/worker-protocol";
import { checkJobs } from "./check-plugin.ts";

// The phantom is not compressed.
provideCodecs(() => Promise.reject(new Error("no codec")));
const { receive } = serveWorker(
  checkJobs,
  (message, transfer = []) => self.postMessage(message, { transfer }),
  browserNetwork,
);
self.onmessage = ({ data }: MessageEvent<ToWorker>) => receive(data);
