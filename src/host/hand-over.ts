// A case goes from one page of this installation to another: the page that opens the other's window hands it the CT, by message and never
// by address. What was read so far lies in the storage that both have, for both are of one origin.
import type { CaseSource } from "./journal.ts";
import type { FileWithPath } from "./contract.ts";

/** What is handed over: the CT's own files, or a study of the archive that both know. */
export type HandedOver =
  | { readonly kind: "files"; readonly files: readonly FileWithPath[] }
  | { readonly kind: "archive"; readonly studyInstanceUid: string; readonly seriesInstanceUid: string };

interface Ready {
  readonly cementLeakage: "ready";
}
interface Handed {
  readonly cementLeakage: "handed";
  readonly case: HandedOver;
}

const isOurs = (data: unknown): data is Ready | Handed =>
  typeof data === "object" && data !== null && "cementLeakage" in data;

/** A window for `url`, given the case once it is ready for it. False where the browser let no window open. */
export function handOver(page: Window, url: string, handed: HandedOver): boolean {
  const { origin } = page.location;
  if (new URL(url, page.location.href).origin !== origin) return false;
  const other = page.open(url, "_blank");
  if (!other) return false;
  const answer = ({ source, origin: from, data }: MessageEvent<unknown>): void => {
    if (source !== other || from !== origin || !isOurs(data) || data.cementLeakage !== "ready") return;
    page.removeEventListener("message", answer);
    other.postMessage({ cementLeakage: "handed", case: handed } satisfies Handed, origin);
  };
  page.addEventListener("message", answer);
  return true;
}

export interface Taker {
  openFiles(files: readonly FileWithPath[], source?: CaseSource): Promise<void>;
  openStudy(studyInstanceUid: string, seriesInstanceUid: string): Promise<void>;
}

/** Tells the page that opened this one that it is ready, and takes what that hands over; nothing of any other page. */
export function takeHandedOver(page: Window, taker: Taker): void {
  const opener: unknown = page.opener;
  if (!isWindow(opener)) return;
  const { origin } = page.location;
  page.addEventListener("message", ({ source, origin: from, data }: MessageEvent<unknown>) => {
    if (source !== opener || from !== origin || !isOurs(data) || data.cementLeakage !== "handed") return;
    const { case: handed } = data;
    if (handed.kind === "files") void taker.openFiles(handed.files, { kind: "files" });
    else void taker.openStudy(handed.studyInstanceUid, handed.seriesInstanceUid);
  });
  opener.postMessage({ cementLeakage: "ready" } satisfies Ready, origin);
}

const isWindow = (opener: unknown): opener is Window => typeof opener === "object" && opener !== null;
