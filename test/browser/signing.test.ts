// A case that is not complete can't be signed: each gap and each contradiction is tried, and the words on the screen are read.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { acceptAll, findCement, openSample } from "./case-page.ts";

/** What stands in the list of missing things. */
async function missing(page: Page): Promise<string> {
  const list = page.locator("[data-testid=missing]");
  await list.evaluate((details: HTMLDetailsElement) => (details.open = true));
  return list.innerText();
}

/** Signing is refused, in words; the case stays a draft. */
async function refused(page: Page): Promise<string> {
  await page.keyboard.press("Control+Enter");
  const notice = page.locator("[role=alert]").last();
  await notice.waitFor({ timeout: 10_000 });
  expect(await page.locator("[data-testid=answer-line]").innerText()).toContain("Draft");
  return notice.innerText();
}

it.skipIf(!hasBrowser)(
  "is not signed while a part, a site, a leak's place or an answer is missing, or two values contradict each other",
  async () => {
    await using app = await openApp();
    const { page, complaints } = app;
    await openSample(page);
    await findCement(page);

    // A leak without a site; undone again.
    await page.keyboard.press("n");
    await page.keyboard.press("l");
    expect(await missing(page)).toContain("Leak 1: no site");
    expect(await refused(page)).toMatch(/missing/i);
    await page.click("[data-testid=selected-part] [data-site=puncture_path]");
    expect(await missing(page)).not.toContain("Leak 1: no site");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");

    // Parts that nobody has decided.
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    expect(await refused(page)).toMatch(/missing/i);
    expect(await missing(page)).toMatch(/Part P\d+ is not decided/);

    // Each is accepted with the site that was proposed.
    await acceptAll(page);

    // Sites that nobody has answered, and the look without marks.
    expect(await missing(page)).toMatch(/Lesion L1: .* not answered/);
    expect(await missing(page)).toContain("Scroll once through the cement with the marks off");

    // Two values that contradict each other: a root is named, then contact denied.
    const details = page.locator("[data-testid=leak-details]");
    await details.evaluate((element: HTMLDetailsElement) => (element.open = true));
    await details.getByRole("button", { name: "contact", exact: true }).click();
    await details.getByRole("button", { name: "S1", exact: true }).click();
    expect(await missing(page)).not.toContain("no contact with a nerve");
    await details.getByRole("button", { name: "no contact", exact: true }).click();
    expect(await missing(page)).toMatch(
      /Leak \d: roots are named \(S1\) and "no contact with a nerve" is said/,
    );
    await screenshot(page, "signing-contradiction");
    await details.getByRole("button", { name: "contact", exact: true }).click();
    expect(await missing(page)).not.toContain("roots are named");

    // Not assessable without a reason is no answer.
    const row = page.locator('[data-testid=checklist] [data-answer="open"]').first();
    const site = await row.getAttribute("data-site");
    await row.getByTitle("Not assessable").click();
    expect(await missing(page)).toMatch(/not assessable, because/);
    await page.locator(`[data-testid=checklist] [data-site="${site}"] input`).fill("outside the scan");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");

    // A vertebra is asked which one, and never about sacral sites.
    await page.getByRole("combobox", { name: "Bone" }).click();
    await page.getByRole("option", { name: "Vertebra" }).click();
    expect(await missing(page)).toContain("which vertebra?");
    const asked = await page
      .locator("[data-testid=checklist] [data-site]")
      .evaluateAll((rows: HTMLElement[]) => rows.map(({ dataset }) => dataset.site));
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((id) => /sacr|iliac|l5s1/.test(id ?? ""))).toEqual([]);
    // The sacral leaks don't belong to a vertebra, and the procedure was a sacroplasty.
    expect(await missing(page)).toContain("this site does not belong to the treated bone");
    expect(await missing(page)).toContain("no sacral or iliac bone was treated");
    expect(await refused(page)).toMatch(/missing/i);
    expect(complaints).toEqual([]);
  },
  240_000,
);
