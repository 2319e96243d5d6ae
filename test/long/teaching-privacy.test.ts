// What leaves with a teaching case, in the browser: a fluoroscopy run looked at frame by frame, a drawn crop, and the zip that is saved.
import { mkdir, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { findingsSchema } from "../../plugins/cement-leakage/model/findings.ts";
import { fluoroscopy, FLUOROSCOPY_FRAMES } from "../unit/dicom/other-study.ts";
import { smallSeries } from "../unit/dicom/small-series.ts";
import { BROWSER_EXPORT, hasBrowser, openApp, screenshot } from "../browser/browser.ts";
import { acceptAll, openSample } from "../browser/case-page.ts";
import { finish } from "../browser/screens.ts";

const SAMPLE_PATIENT_ID = "PHANTOM-1";
const OPERATOR = "VEXQUAZOR^JYN";

describe.skipIf(!hasBrowser)("the zip of a teaching case", () => {
  it("holds the case cropped as drawn and a run whose every frame was looked at, and nothing that identifies", async () => {
    await using app = await openApp();
    const { page, complaints } = app;
    await openSample(page);
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    await acceptAll(page);
    await finish(page);
    await page.click("[data-testid=export]");
    await page.click("[data-testid=make-teaching-case]");
    await page.waitForSelector('[data-testid=teaching][data-step="ready"]', { timeout: 120_000 });

    await page.click("[data-testid=teaching-crop]");
    const first = page.getByRole("slider", { name: "Slices: first" });
    await first.scrollIntoViewIfNeeded();
    await screenshot(page, "teaching-crop");
    await first.press("ArrowLeft");
    await page.click("[data-testid=teaching-crop]");

    const { patient } = smallSeries();
    const run = fluoroscopy({
      patient: { ...patient, patientId: SAMPLE_PATIENT_ID },
      date: "20241230",
      name: "procedure",
      more: { OperatorsName: OPERATOR },
    });
    await mkdir(BROWSER_EXPORT, { recursive: true });
    const path = join(BROWSER_EXPORT, "procedure-run.dcm");
    await writeFile(path, run.bytes);
    await page.click("[data-testid=teaching-others]");
    const chooser = page.waitForEvent("filechooser");
    await page.click("[data-testid=teaching-add-files]");
    await (await chooser).setFiles(path);
    await page.click("[data-testid=look-at-frames]");
    for (let n = 1; n < FLUOROSCOPY_FRAMES; n++) await page.click("[data-testid=next-frame]");
    await screenshot(page, "teaching-frames");
    await page.click("[data-testid=close-frames]");
    await page.check("[data-testid=nothing-found]");
    await screenshot(page, "teaching-studies");

    const waiting = page.waitForEvent("download", { timeout: 60_000 });
    await page.click("[data-testid=teaching-save-zip]");
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^CASE-[0-9A-F]{6}_teaching-case\.zip$/);
    const zip = unzipSync(new Uint8Array(readFileSync(await download.path())));
    const kinds = new Set(Object.keys(zip).map((name) => name.replace(/-\d+\.dcm$/, "")));
    for (const kind of [
      "CT",
      "SEG",
      "SR",
      "KO",
      "XA",
      "manifest.dcm",
      "manifest",
      "teaching-information.dcm",
    ])
      expect([...kinds]).toContain(`dicom/${kind}`);
    const findings = findingsSchema.parse(JSON.parse(strFromU8(zip["findings.json"])));
    expect(findings.subject?.pseudonym).toMatch(/^CASE-/);
    const report = page.locator("[data-testid=teaching-report]");
    expect(await report.getAttribute("data-clean")).toBe("true");
    for (const [name, bytes] of Object.entries(zip))
      for (const value of [OPERATOR, "VEXQUAZOR", SAMPLE_PATIENT_ID, "20241230"])
        expect([name, value, strFromU8(bytes, true).includes(value)]).toEqual([name, value, false]);
    expect(complaints).toEqual([]);
  }, 300_000);
});
