// A case goes from one page of this installation to another: the page that opens the other's window hands it the CT, by message and never
// by address. What was read so far lies in the storage that both have, for both are of one origin.
import type { FileWithPath } from "./contract.ts";

/** The CT's own files, or a study of the archive that both know. */
export type HandedCt =
  | { readonly kind: "files"; readonly files: readonly FileWithPath[] }
  | { readonly kind: "archive"; readonly studyInstanceUid: string; readonly seriesInstanceUid: string };

/** What is handed over: a case to open, or one that a plugin's page takes up as its manifest says (`fromCase`). */
export interface HandedOver {
  readonly ct: HandedCt;
  readonly page?: {
    readonly id: string;
    /** Of the exporter that the page names; none where it names a command. */
    readonly files: readonly FileWithPath[];
  };
}

interface Ready {
  readonly cementLeakage: "ready";
}
interface Handed {
  readonly cementLeakage: "handed";
  readonly case: HandedOver;
}

const isOurs = (data: unknown): data is Ready | Handed =>
  typeof data === "object" && data !== null && "cementLeakage" in data;

/**
 * A window for `url`, opened at once (a browser lets none open long after the click), and given the case when both are ready. False
 * where the browser let no window open, or the address is of another origin.
 */
export function handOver(page: Window, url: string, handed: Promise<HandedOver>): boolean {
  const { origin } = page.location;
  if (new URL(url, page.location.href).origin !== origin) return false;
  const other = page.open(url, "_blank");
  if (!other) return false;
  const answer = ({ source, origin: from, data }: MessageEvent<unknown>): void => {
    if (source !== other || from !== origin || !isOurs(data) || data.cementLeakage !== "ready") return;
    page.removeEventListener("message", answer);
    void handed.then((whole) =>
      other.postMessage({ cementLeakage: "handed", case: whole } satisfies Handed, origin),
    );
  };
  page.addEventListener("message", answer);
  // Why is told by whoever made it; the window stays as it opened, without the case.
  handed.catch(() => page.removeEventListener("message", answer));
  return true;
}

/** Tells the page that opened this one that it is ready, and takes what that hands over; nothing of any other page. */
export function takeHandedOver(page: Window, take: (handed: HandedOver) => void): void {
  const opener: unknown = page.opener;
  if (!isWindow(opener)) return;
  const { origin } = page.location;
  page.addEventListener("message", ({ source, origin: from, data }: MessageEvent<unknown>) => {
    if (source !== opener || from !== origin || !isOurs(data) || data.cementLeakage !== "handed") return;
    take(data.case);
  });
  opener.postMessage({ cementLeakage: "ready" } satisfies Ready, origin);
}

const isWindow = (opener: unknown): opener is Window => typeof opener === "object" && opener !== null;
