// From the cohort to a rate, to its cases, to the CT with the leak in view, and back with the filters kept.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sampleCohort } from "../../sample-data/cohort.ts";
import { signedCaseFiles } from "../unit/host/signed-case-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { hasBrowser, openApp, screenshot } from "./browser.ts";

it.skipIf(!hasBrowser)(
  "goes from a number to the CT behind it, and back to the same question",
  async () => {
    await using folder = await temporaryFolder("cohort");
    const own = await signedCaseFiles();
    await mkdir(join(folder.path, "own case"));
    for (const [name, bytes] of own.files) await writeFile(join(folder.path, "own case", name), bytes);
    for (const [n, findings] of sampleCohort().findings.entries())
      await writeFile(join(folder.path, `case-${n}.json`), JSON.stringify(findings));
    await using app = await openApp();
    const { page, complaints, strangers } = app;
    await page.click("[data-testid=page-cohort]");
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.click("[data-testid=cohort-folder]"),
    ]);
    await chooser.setFiles(folder.path);
    const counted = page.locator("[data-testid=cohort-counted]");
    await counted.waitFor({ timeout: 60_000 });
    expect(await counted.innerText()).toBe("36 patients · 42 lesions · 36 signed cases");
    expect(await page.locator("[data-testid=rate-any-leak-patient]").innerText()).toContain("13/36");
    // Without a list of procedures every rate says among whom it is.
    expect(await page.locator("[data-testid=cohort-answers]").innerText()).toContain("Among submitted cases");
    await screenshot(page, "cohort");

    await page.click("[data-testid=cohort-question]");
    await page.getByRole("option", { name: "Presacral space" }).click();
    await page.waitForFunction(() => location.hash.includes("question=category"));
    const asked = page.url();
    expect(asked).not.toMatch(/PHANTOM|PH-0001|S\d\d/);

    const presacral = page.locator("[data-testid='rate-category:anterior_sacral_space-patient']");
    expect(await presacral.innerText()).toContain("4/36");
    await presacral.click();
    const rows = page.locator("[data-testid=case-list] tbody tr");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(4);
    await screenshot(page, "cohort-cases");
    // The youngest is the case whose CT lies in the folder too.
    await rows.last().locator("[data-testid=open-listed]").click();
    await page.waitForSelector("[data-testid=selected-part]", { timeout: 60_000 });
    expect(await page.locator("[data-testid=answer-line]").innerText()).toContain("1 leak");
    const centre = await page
      .locator('div[data-view="axial"]')
      .first()
      .evaluate((element: HTMLElement) => (element.dataset.centerMm ?? "").split(" ").map(Number));
    // The leak's own slice is the one that is shown.
    expect(Math.abs(centre[2] - own.leakAt[2])).toBeLessThan(1.25);
    await screenshot(page, "cohort-case-open");

    await page.click("[data-testid=back-to-page]");
    await counted.waitFor({ timeout: 60_000 });
    expect(page.url()).toBe(asked);
    await rows.first().waitFor();
    expect(await rows.count()).toBe(4);
    // The browser's own button leads out of it.
    await page.keyboard.press("Escape");
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
  },
  240_000,
);
