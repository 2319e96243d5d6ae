// A newer version of the app: noticed when its service worker waits, offered while no case is open, never taken by itself.
import { writable, type Readable } from "#core/readable";

export type UpdateAnswer = "taking-over" | "other-windows";

export interface AppUpdate {
  /** A newer version is at hand. */
  readonly waiting: Readable<boolean>;
  /** Starts it in place of this page's, which is loaded anew; not where another window of the app is open, which could hold a case. */
  take(): Promise<UpdateAnswer>;
}

/** The part of the browser's service workers that is used here. */
interface Workers {
  register(url: string): Promise<Registration>;
  readonly controller: unknown;
  addEventListener(type: "controllerchange", listener: () => void): void;
}
interface WaitingWorker {
  postMessage(message: string, transfer: Transferable[]): void;
}
interface Registration {
  readonly waiting: WaitingWorker | null;
  readonly installing: (EventTarget & { readonly state: string }) | null;
  addEventListener(type: "updatefound", listener: () => void): void;
}

export const noUpdates: AppUpdate = {
  waiting: writable(false),
  take: () => Promise.resolve("other-windows"),
};

/**
 * Registers the service worker beside the page. Nothing happens where there is none: a page that is served without one, over plain http,
 * or while developing. `reload` is called when the version that was taken has started.
 */
export async function watchUpdates(
  workers: Workers | undefined,
  url: string,
  reload: () => void,
): Promise<AppUpdate> {
  const registration = await workers?.register(url).catch(() => null);
  if (!workers || !registration) return noUpdates;
  const waiting = writable(registration.waiting !== null && workers.controller !== null);
  let isTaken = false;
  const follow = (): void => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => {
      // The first one of all has nothing to take the place of.
      if (installing.state === "installed" && workers.controller !== null) waiting.set(true);
    });
  };
  follow();
  registration.addEventListener("updatefound", follow);
  workers.addEventListener("controllerchange", () => {
    if (isTaken) reload();
  });
  return {
    waiting,
    take: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }: MessageEvent<UpdateAnswer>) => {
          port1.close();
          isTaken = data === "taking-over";
          resolve(data);
        };
        if (registration.waiting) registration.waiting.postMessage("take-over", [port2]);
        else reload();
      }),
  };
}
