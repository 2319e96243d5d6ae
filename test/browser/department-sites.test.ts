// A department's own site in the browser: found by typing, tagged and asked; a broken file is said; and the jumps of the gaps.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { imagesShown } from "./case-page.ts";

const piriformis = {
  id: "local_piriformis",
  code: "PIR",
  scheme: "99XYZ",
  name: { en: "Piriformis", zh: "梨状肌" },
  synonyms: { en: ["hip rotator"], zh: ["盆壁肌"] },
  bones: ["sacrum"],
  checklist: true,
};

/** The page as it is with this file beside it. */
async function withTerms(page: Page, terms: unknown): Promise<void> {
  await page.unrouteAll();
  await page.route("**/terms.json", (route) => route.fulfill({ json: terms }));
  await page.reload();
}

/** Opens the list of gaps and goes to the first that says this. */
async function goTo(page: Page, gap: RegExp): Promise<void> {
  const list = page.locator("[data-testid=missing]");
  await list.evaluate((details: HTMLDetailsElement) => (details.open = true));
  await list.getByRole("button", { name: gap }).first().click();
}

/** Whether the field with the focus is what the selector names, and can be seen. */
const focused = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((wanted) => {
    const field = document.activeElement;
    const box = field?.getBoundingClientRect();
    return !!field?.matches(wanted) && !!box && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
  }, selector);

it.skipIf(!hasBrowser)(
  "finds a department's site by typing, asks for it, and jumps from each gap to its field",
  async () => {
    await using app = await openApp();
    const { page, complaints } = app;
    await page.addInitScript(() =>
      localStorage.setItem("preferences", '{"readerName":"Reader One","locale":"en"}'),
    );
    await withTerms(page, { sites: [{ ...piriformis, scheme: "SCT" }] });
    const notice = page.locator("[role=alert]").filter({ hasText: "terms.json" });
    await notice.first().waitFor();
    expect(await notice.first().innerText()).toContain("sites.0.scheme");

    await withTerms(page, { sites: [piriformis] });
    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    expect(await notice.count()).toBe(0);
    await page.mouse.move(0, 0);
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    const row = page.locator("[data-testid=checklist] [data-site=local_piriformis]");
    expect(await row.getAttribute("data-answer")).toBe("open");
    const field = page.locator("[data-testid=find-site]");
    await field.fill("needle tr");
    expect(await page.locator("[data-combobox-option]:visible").allInnerTexts()).toEqual(["Puncture path"]);
    await field.fill("盆壁");
    await screenshot(page, "find-site");
    await page.locator("[data-combobox-option]", { hasText: "Piriformis" }).click();
    await page.waitForSelector('[data-site=local_piriformis][data-answer="present"]');

    const undecided = page.locator('[data-testid=parts] [data-role="undecided"]');
    for (let left = await undecided.count(); left > 0; left = await undecided.count()) {
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        (before) => document.querySelectorAll('[data-testid=parts] [data-role="undecided"]').length < before,
        left,
      );
    }

    await goTo(page, /not answered/);
    expect(await focused(page, "[data-testid=checklist] [data-testid=absent]")).toBe(true);
    await screenshot(page, "jump-to-site");

    const date = page.locator('[data-field="date"] input');
    await date.fill("2999-01-01");
    await date.blur();
    await goTo(page, /date lies after the CT/);
    expect(await focused(page, '[data-field="date"] input')).toBe(true);
    await date.fill("");
    await date.blur();

    const details = page.locator("[data-testid=procedure-details]");
    await details.evaluate((element: HTMLDetailsElement) => (element.open = true));
    const success = details.locator('[data-field="technicalSuccess"]');
    await success.getByRole("button", { name: "Yes" }).click();
    await success.getByRole("button", { name: "Other" }).click();
    await details.evaluate((element: HTMLDetailsElement) => (element.open = false));
    await goTo(page, /another definition/);
    expect(await focused(page, '[data-field="technicalSuccess"] input')).toBe(true);
    await screenshot(page, "jump-to-procedure");
    expect(complaints).toEqual([]);
  },
  240_000,
);
