// OHIF 3.13.2 on a real Orthanc: a case is read there, stored, and its findings are found again; the bytes are those of our own viewer.
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { leaksOn, openOfferedFindings, store, storedStates } from "../browser/archive-page.ts";
import { modalitiesIn, storeSmallCase } from "../browser/archive-site.ts";
import { screenshot } from "../browser/browser.ts";
import { imagesShown } from "../browser/case-page.ts";
import { startOrthanc, whyNoOrthanc, type Orthanc } from "../interop/orthanc.ts";
import type { ServedApp } from "../npm-app.ts";
import { serveCement } from "./cement-site.ts";
import { describeInOhif } from "./ohif-site.ts";
import {
  countingContext,
  decideEverything,
  differing,
  exportAll,
  namesOf,
  panelShown,
  sign,
} from "./read-in-both.ts";

let orthanc: Orthanc;
let study = "";

async function serve(folder: string): Promise<ServedApp> {
  orthanc = await startOrthanc();
  await storeSmallCase(orthanc);
  const [{ MainDicomTags }] = (await (await orthanc.rest("studies?expand")).json()) as {
    MainDicomTags: { StudyInstanceUID: string };
  }[];
  study = MainDicomTags.StudyInstanceUID;
  return serveCement(folder, { orthanc });
}

describeInOhif("on Orthanc, OHIF", { serve, whyNot: whyNoOrthanc }, (site) => {
  afterAll(() => orthanc?.stop());

  const openInViewer = async (page: Page): Promise<void> => {
    await page.goto(`${site.url}/viewer/`);
    await page.click("[data-testid=open-archive]");
    await page.fill("[data-testid=archive-id]", "PHANTOM*");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-testid=archive-results] tr[data-study]:focus");
    await page.keyboard.press("Enter");
    await imagesShown(page);
    await page.mouse.move(0, 0);
  };
  const openInOhif = async (page: Page): Promise<void> => {
    await page.goto(`${site.url}/cement-leakage?StudyInstanceUIDs=${study}`);
    await panelShown(page);
  };

  it("is read, stored, reloaded and found again, byte for byte as our own viewer exports it", async () => {
    const mine = await countingContext(site.browser);
    const viewer = await mine.newPage();
    await openInViewer(viewer);
    await decideEverything(viewer);
    await sign(viewer);
    const ours = await exportAll(viewer);
    await mine.close();

    const context = await countingContext(site.browser);
    const page = await context.newPage();
    await openInOhif(page);
    await decideEverything(page);
    await sign(page);
    const inOhif = await exportAll(page);
    expect(namesOf(ours, /seg|sr[.]dcm|findings[.]json/)).toHaveLength(3);
    expect(differing(ours, inOhif)).toEqual([]);

    await store(page);
    expect(await storedStates(page)).toEqual(["stored", "stored", "stored"]);
    await screenshot(page, "ohif-stored");
    expect(await modalitiesIn(orthanc)).toEqual(["CT", "KO", "SEG", "SR"]);
    for (const kind of ["SEG", "SR"]) {
      const [name] = namesOf(ours, kind === "SEG" ? /seg[.]dcm/ : /sr[.]dcm/);
      expect(Buffer.compare(await storedFile(kind), ours[name])).toBe(0);
    }
    const leaks = await leaksOn(page);
    expect(leaks.length).toBeGreaterThanOrEqual(3);
    await context.close();

    // Another reader's browser, which has nothing of the case.
    const elsewhere = await countingContext(site.browser);
    const again = await elsewhere.newPage();
    await openInOhif(again);
    await openOfferedFindings(again);
    expect(await leaksOn(again)).toEqual(leaks);
    await again.getByText("Signed by Reader One").first().waitFor();
    await elsewhere.close();
  });

  /** The one object of this modality as the archive has it. */
  async function storedFile(modality: string): Promise<Buffer> {
    const found = await orthanc.rest("tools/find", {
      method: "POST",
      body: JSON.stringify({ Level: "Instance", Query: { Modality: modality } }),
    });
    const ids = (await found.json()) as string[];
    expect(ids).toHaveLength(1);
    return Buffer.from(await (await orthanc.rest(`instances/${ids[0]}/file`)).arrayBuffer());
  }
});
