// A case between our own viewer and OHIF 3.13.2, what OHIF itself gets of it, another plugin beside it, and what is said when something is missing.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { voxelCount } from "#voxels/mask";
import { screenshot } from "../browser/browser.ts";
import { imagesShown, saved } from "../browser/case-page.ts";
import { leaksOn } from "../browser/archive-page.ts";
import { serveCement } from "./cement-site.ts";
import { segmentsOf, showPanel } from "./drive-ohif.ts";
import { exportedSegments } from "./exported-segments.ts";
import { describeInOhif } from "./ohif-site.ts";
import { phantomCt, type WrittenFile } from "./phantom-case.ts";
import {
  asPayload,
  countingContext,
  decideEverything,
  differing,
  exportAll,
  namesOf,
  openInOhifMode,
  openInViewer,
  sign,
  type Exported,
} from "./read-in-both.ts";

const PATIENCE = { timeout: 60_000 };
const PROBED = /^HU probe: -?\d+ HU$/;

const serve = (folder: string) =>
  serveCement(folder, { settings: { plugins: ["hu-probe"], viewer: "/viewer/" } });

describeInOhif("beside OHIF", { serve }, (site) => {
  const ct = phantomCt();

  it("a case begun in our own viewer goes on in OHIF and back, and its leaks reach OHIF's segmentations", async () => {
    const context = await countingContext(site.browser);
    const begun = await context.newPage();
    await openInViewer(begun, site.url, ct);
    await expect.poll(() => begun.getByText(PROBED).count(), PATIENCE).toBe(1);
    await decideEverything(begun);
    const leaks = await leaksOn(begun);
    await saved(begun);
    await begun.close();

    const page = await context.newPage();
    await openInOhifMode(page, site.url, ct);
    await expect.poll(() => leaksOn(page), PATIENCE).toEqual(leaks);
    await expect.poll(() => page.getByText(PROBED).count(), PATIENCE).toBe(1);
    await sign(page);
    const inOhif = await exportAll(page);
    await saved(page);

    await page.click("[data-testid=ohif-menu]");
    await page.click("[data-testid=ohif-mirror]");
    await page
      .getByText(/leaks copied/)
      .first()
      .waitFor(PATIENCE);
    const copied = (await segmentsOf(page)).map(({ label, positions }) => [label, positions.length]);
    expect(copied).toEqual(await leakVoxelsOf(inOhif, ct));
    await page.waitForTimeout(1000);
    await screenshot(page, "ohif-mirrored");
    // OHIF has turned to its own panel.
    await showPanel(page, "cement-leakage.panelModule.panel");
    await page.locator("[data-testid=theme]").click();
    await page.mouse.move(500, 5);
    await page.waitForTimeout(1000);
    await screenshot(page, "ohif-light");

    await page.click("[data-testid=ohif-menu]");
    await page.waitForTimeout(500);
    await screenshot(page, "ohif-menu");
    const opened = context.waitForEvent("page");
    await page.click("[data-testid=ohif-open-viewer]");
    const back = await opened;
    await imagesShown(back);
    await back.getByText("Signed by Reader One").first().waitFor(PATIENCE);
    const inViewer = await exportAll(back);
    expect(namesOf(inViewer, /seg|sr[.]dcm|findings[.]json/)).toHaveLength(3);
    expect(differing(inOhif, inViewer)).toEqual([]);
    await context.close();
  });

  it("takes a signed case along to the pages of our own viewer: teaching with its dialog open, the cohort with one case", async () => {
    const context = await countingContext(site.browser);
    const page = await context.newPage();
    await openInOhifMode(page, site.url, ct);
    const openedBy = async (link: string): Promise<Page> => {
      await page.click("[data-testid=ohif-menu]");
      const opening = context.waitForEvent("page");
      await page.locator(`[data-testid=${link}]`).click();
      return opening;
    };
    await page.click("[data-testid=ohif-menu]");
    const hint = page.locator("[data-testid=ohif-page-teaching]");
    await expect.poll(() => hint.innerText(), PATIENCE).toMatch(/without this case: .*sign/is);
    await page.keyboard.press("Escape");
    await hint.waitFor({ state: "detached" });
    await decideEverything(page);
    const leaks = await leaksOn(page);
    await sign(page);
    await saved(page);

    const teaching = await openedBy("ohif-page-teaching");
    await teaching.locator('[data-testid=teaching][data-step="ready"]').waitFor(PATIENCE);
    expect(await leaksOn(teaching)).toEqual(leaks);
    const report = await teaching.locator("[data-testid=teaching-report]").innerText();
    expect(report).toMatch(/Searched for \d+ identifying values in \d+ files: none found/);
    expect(new URL(teaching.url()).search).toBe("");
    await screenshot(teaching, "ohif-to-teaching");
    await teaching.close();

    const cohort = await openedBy("ohif-page-cohort");
    await cohort.locator("[data-testid=cohort-counted]").waitFor(PATIENCE);
    expect(await cohort.locator("[data-testid=cohort-counted]").innerText()).toBe(
      "1 patient · 1 lesion · 1 signed case",
    );
    expect(cohort.url()).toBe(`${site.url}/viewer/#/p/cement-leakage/cohort`);
    await screenshot(cohort, "ohif-to-cohort");
    await context.close();
  });

  it("refuses a stack with a hole that OHIF shows, and says why", async () => {
    const context = await countingContext(site.browser);
    const page = await context.newPage();
    const holed = ct.filter((_, n) => n < 40 || n > 46);
    await page.goto(`${site.url}/local`);
    await page.locator("input[type=file]").first().setInputFiles(holed.map(asPayload));
    await page.getByText("PHANTOM, SACRUM").first().click(PATIENCE);
    await page.getByRole("button", { name: "Cement leakage", exact: true }).click(PATIENCE);
    const refusal = page.locator("[data-testid=column-error]");
    await refusal.first().waitFor(PATIENCE);
    expect(await refusal.first().innerText()).toMatch(/slice|mm/i);
    expect(await page.locator("[data-testid=cement-panel]").count()).toBe(0);
    await screenshot(page, "ohif-refused");
    await context.close();
  });

  it("starts without the modules and says what is missing", async () => {
    const nothing = await mkdtemp(join(tmpdir(), "clv-nothing-"));
    const without = await serveCement(site.folder, { modules: nothing });
    const page = await site.browser.newPage();
    await page.goto(`${without.url}/local`);
    const notice = page.getByText(/Cement leakage reading is not available: \/cement\/ could not be loaded/);
    await notice.first().waitFor(PATIENCE);
    await page.locator("input[type=file]").first().setInputFiles(ct.map(asPayload));
    await page.getByText("PHANTOM, SACRUM").first().click(PATIENCE);
    await page.getByRole("button", { name: "Basic Viewer", exact: true }).waitFor(PATIENCE);
    expect(await page.getByRole("button", { name: "Cement leakage", exact: true }).count()).toBe(0);
    await screenshot(page, "ohif-without");
    await page.close();
    await without.close();
    await rm(nothing, { recursive: true });
  });
});

/** Label and voxels of each leak as the exported SEG has it. */
async function leakVoxelsOf(exported: Exported, ct: readonly WrittenFile[]): Promise<[string, number][]> {
  const { segments } = await exportedSegments(exported, ct);
  return segments.flatMap(({ description: { label }, mask }): [string, number][] => {
    const [, number = "", site = ""] = /^Leak K(\d+) ([^,]+)/.exec(label) ?? [];
    return number === "" ? [] : [[`${number} ${site}`, voxelCount(mask)]];
  });
}
