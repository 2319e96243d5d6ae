// A worker that only writes down which archive it is asked for, and as whom.
import type { ArchiveAddress } from "#dicom/dicomweb/archive-types";
import { archiveLine } from "#host/archive-line";
import type { WorkerLine } from "#host/worker-protocol";

export function headlessWorker(): { worker: WorkerLine; asked: ArchiveAddress[] } {
  const asked: ArchiveAddress[] = [];
  const nothing = (): Promise<never> => Promise.reject(new Error("not asked for here"));
  const worker: WorkerLine = {
    read: nothing,
    load: nothing,
    job: nothing,
    task: nothing,
    thumbnail: nothing,
    originals: nothing,
    forget: nothing,
    archive: archiveLine(async ({ address }) => {
      asked.push(address);
      // What is answered is not looked at.
      return undefined as never;
    }),
    dispose: () => undefined,
  };
  return { worker, asked };
}
