// The whole reading in OHIF 3.13.2 on local files: the same decisions give the same bytes as in our own viewer.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, launchBrowser, screenshot } from "../browser/browser.ts";
import { serveCement } from "./cement-site.ts";
import type { ServedApp } from "../npm-app.ts";
import { ohifApp } from "./ohif-app.ts";
import { phantomCt, type WrittenFile } from "./phantom-case.ts";
import {
  countingContext,
  decideEverything,
  differing,
  exportAll,
  namesOf,
  openInOhifMode,
  openInViewer,
  sign,
} from "./read-in-both.ts";

const VERSION = "3.13.2";
const app = hasBrowser ? await ohifApp(VERSION) : { whyNot: "there is no Chromium on this machine" };
const why = "whyNot" in app ? ` - not run: ${app.whyNot}` : "";

describe.skipIf(why !== "")(`a reading in OHIF ${VERSION}${why}`, () => {
  let browser: Browser;
  let server: ServedApp;
  let ct: readonly WrittenFile[];

  beforeAll(async () => {
    if ("whyNot" in app) return;
    ct = phantomCt();
    server = await serveCement(app.folder);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("gives the bytes of our own viewer for the same decisions, clock and UIDs", async () => {
    const exported = [];
    for (const open of [openInViewer, openInOhifMode]) {
      const context = await countingContext(browser);
      const page = await context.newPage();
      await open(page, server.url, ct);
      await decideEverything(page);
      await sign(page);
      if (open === openInOhifMode) await screenshot(page, "ohif-signed");
      exported.push(await exportAll(page));
      await context.close();
    }
    const [ours, inOhif] = exported;
    expect(namesOf(ours, /seg|sr[.]dcm|findings[.]json/)).toHaveLength(3);
    expect(differing(ours, inOhif)).toEqual([]);
  });
});
