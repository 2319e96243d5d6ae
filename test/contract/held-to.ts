// How a page is held to the contract from outside: once the plugin has its host, the page offers to run the claims.
import type { Plugin } from "#contract";
import { checkPlugin } from "./check-plugin.ts";
import { verdictsOf, type Verdicts } from "./claims.ts";

declare global {
  interface Window {
    holdToContract?: () => Promise<Verdicts>;
  }
}

export const offeringPlugin = (): Plugin =>
  checkPlugin((host) => {
    window.holdToContract = () => verdictsOf(host, true);
  });

export const contractWorker = (): Worker =>
  new Worker(new URL("./contract-worker.ts", import.meta.url), { type: "module" });
