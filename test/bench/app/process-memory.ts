// The peak memory of a browser's page and GPU process, sampled from /proc while it works.
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";

const EVERY_MS = 100;
const BYTES_OF_KB = 1024;

/** Bytes at their highest, each process for itself, and both together at one moment. */
export interface PeakMemory {
  readonly page: number;
  readonly gpu: number;
  readonly both: number;
}

/** Begins to sample the processes of a browser; the function given back ends it. Null where there is no /proc to ask. */
export async function samplePeak(browser: Browser): Promise<() => Promise<PeakMemory | null>> {
  const session = await browser.newBrowserCDPSession();
  const peak = { page: 0, gpu: 0, both: 0 };
  const ended = new AbortController();
  const sampling = (async () => {
    while (!ended.signal.aborted) {
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      const of = async (type: string): Promise<number> => {
        const ids = processInfo.filter((each) => each.type.toLowerCase() === type).map(({ id }) => id);
        // The browser keeps a spare page process that shows nothing.
        return Math.max(0, ...(await Promise.all(ids.map(ownBytes))));
      };
      const [page, gpu] = [await of("renderer"), await of("gpu")];
      peak.page = Math.max(peak.page, page);
      peak.gpu = Math.max(peak.gpu, gpu);
      peak.both = Math.max(peak.both, page + gpu);
      await new Promise((wake) => setTimeout(wake, EVERY_MS));
    }
  })();
  // A browser that has gone can't be asked; why it went is told by who drove it.
  const sampled = sampling.catch(() => undefined);
  return async () => {
    ended.abort();
    await sampled;
    return peak.page > 0 ? peak : null;
  };
}

/** Memory of a process without the files that it maps: the browser's own program is shared by all. */
async function ownBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB/gm)].map(([, kB]) => Number(kB));
  return BYTES_OF_KB * kilobytes.reduce((sum, kB) => sum + kB, 0);
}
