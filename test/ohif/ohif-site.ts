// What every drive through OHIF needs: the app from npm served with our modules beside it, and a browser; both end with the block of tests.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { hasBrowser, launchBrowser } from "../browser/browser.ts";
import type { ServedApp } from "../npm-app.ts";
import { serveCement } from "./cement-site.ts";
import { ohifApp } from "./ohif-app.ts";

const VERSION = "3.13.2";
const app = hasBrowser ? await ohifApp(VERSION) : { whyNot: "there is no Chromium on this machine" };

export interface OhifSite {
  /** OHIF's folder. */
  readonly folder: string;
  readonly browser: Browser;
  /** Where it is served, no slash at the end. */
  readonly url: string;
}

export interface OhifSiteOptions {
  /** Instead of OHIF on local files with our modules beside it; what else it starts is the test's to end. */
  readonly serve?: (folder: string) => Promise<ServedApp>;
  /** What else there has to be, in words where it is missing. */
  readonly whyNot?: string | null;
}

/** Tests on OHIF 3.13.2; where it can't be had they are skipped, and their name says why. The site is there once the tests run. */
export function describeInOhif(
  what: string,
  { serve = serveCement, whyNot = null }: OhifSiteOptions,
  tests: (site: OhifSite) => void,
): void {
  const why = "whyNot" in app ? app.whyNot : whyNot;
  const folder = "whyNot" in app ? "" : app.folder;
  const notRun = why === null ? "" : ` - not run: ${why}`;
  describe.skipIf(why !== null)(`${what} ${VERSION}${notRun}`, () => {
    let browser: Browser;
    let server: ServedApp;
    beforeAll(async () => {
      server = await serve(folder);
      browser = await launchBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });
    tests({
      folder,
      get browser() {
        return browser;
      },
      get url() {
        return server.url;
      },
    });
  });
}
