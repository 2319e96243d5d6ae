// The whole reading in OHIF 3.13.2 on local files: the same decisions give the same bytes as in our own viewer.
import { expect, it } from "vitest";
import { screenshot } from "../browser/browser.ts";
import { describeInOhif } from "./ohif-site.ts";
import { phantomCt } from "./phantom-case.ts";
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

describeInOhif("a reading in OHIF", {}, (site) => {
  it("gives the bytes of our own viewer for the same decisions, clock and UIDs", async () => {
    const ct = phantomCt();
    const exported = [];
    for (const open of [openInViewer, openInOhifMode]) {
      const context = await countingContext(site.browser);
      const page = await context.newPage();
      await open(page, site.url, ct);
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
