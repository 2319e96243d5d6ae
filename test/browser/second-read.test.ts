// A second reader in the app: the first read out of sight, then both side by side, then the third version between them.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { acceptAll, decide, openSample } from "./case-page.ts";
import { lookWithoutMarks } from "./screens.ts";

/** Every open line of the checklist is answered, the look without marks done, the case signed. */
async function finish(page: Page): Promise<void> {
  const open = page.locator('[data-testid=checklist] [data-answer="open"]');
  for (let left = await open.count(); left > 0; left = await open.count()) {
    await page.keyboard.press("-");
    await page.waitForFunction(
      (before) => document.querySelectorAll('[data-testid=checklist] [data-answer="open"]').length < before,
      left,
    );
  }
  await lookWithoutMarks(page, "body:not(:has([data-testid=missing]))");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector("text=Signed by", { timeout: 10_000 });
}

async function propose(page: Page): Promise<void> {
  await page.keyboard.press("g");
  await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
}

it.skipIf(!hasBrowser)(
  "reads blinded, compares leak by leak, and adjudicates",
  async () => {
    await using app = await openApp();
    const { page, complaints } = app;
    await openSample(page);
    await propose(page);
    await acceptAll(page);
    await finish(page);

    await page.click("[data-testid=second-read]");
    await page.waitForSelector("[data-testid=blinded]");
    // Nothing of the first read is in sight: no part, no leak, no answer.
    expect(await page.locator("[data-testid=parts] [data-role]").count()).toBe(0);
    expect(await page.locator("[data-testid=answer-line]").innerText()).toContain("not looked for yet");
    await screenshot(page, "second-read-blinded");

    await propose(page);
    await decide(page, "x"); // the second reader takes one leak for something else
    await acceptAll(page);
    await finish(page);

    const comparison = page.locator("[data-testid=comparison]");
    await comparison.scrollIntoViewIfNeeded();
    expect(await comparison.innerText()).toContain("missed by the second reader");
    expect(await page.locator("[data-testid=pair-figures]").innerText()).toMatch(/sites alike 3\/3/);
    await screenshot(page, "second-read-compared");

    await page.click("[data-testid=adjudicate]");
    const line = comparison.locator("[data-differs]").first();
    await line.getByRole("textbox").fill("seen in two planes");
    await line.getByRole("button", { name: "First", exact: true }).click();
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid=parts] [data-role="leak"]').length === 4,
    );
    await comparison.scrollIntoViewIfNeeded();
    await screenshot(page, "second-read-adjudicated");
    expect(complaints).toEqual([]);
  },
  300_000,
);
