// The tour of the sample case, by keys alone: seven steps in both languages, each goes on when it is done; Escape leaves it, and nothing waits for it.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, openApp, screenshot } from "./browser.ts";
import { imagesShown } from "./case-page.ts";
import { lookWithoutMarks, rememberedAs } from "./screens.ts";

const STEPS = 7;

const stepReached = (page: Page, step: number): Promise<unknown> =>
  page.waitForSelector(`[data-testid=tour][data-step="${step}"]`, { timeout: 120_000 });

/** The first key that the step names. */
const firstKey = async (page: Page): Promise<string> =>
  (await page.locator("[data-testid=tour] kbd").first().innerText()).trim();

/** Presses a key until fewer rows are left, and so on until none is. */
async function pressAway(page: Page, key: string, rows: string): Promise<void> {
  const found = page.locator(rows);
  for (let left = await found.count(); left > 0; left = await found.count()) {
    await page.keyboard.press(key);
    await page.waitForFunction(([selector, before]) => document.querySelectorAll(selector).length < before, [
      rows,
      left,
    ] as const);
  }
}

it.skipIf(!hasBrowser)("leads through the sample case in seven steps by the keys that it names", async () => {
  await using app = await openApp();
  const { page, complaints } = app;
  await rememberedAs(page, { locale: "en", readerName: "Reader One" });
  await page.locator("[data-testid=open-tour]").focus();
  await page.keyboard.press("Enter");
  await imagesShown(page);

  const said: string[] = [];
  const listen = async (step: number): Promise<void> => {
    await stepReached(page, step);
    said.push(await page.locator("[data-testid=tour] [role=status]").innerText());
  };
  await listen(1);
  expect(await firstKey(page)).toBe("F");
  await page.keyboard.press("f");
  await listen(2);
  expect(await firstKey(page)).toBe("G");
  await page.keyboard.press("g");
  await listen(3);
  await screenshot(page, "tour");
  expect(await firstKey(page)).toBe("↵");
  await page.keyboard.press("Enter");
  await listen(4);
  await pressAway(page, "Enter", '[data-testid=parts] [data-role="undecided"]');
  await listen(5);
  expect(await firstKey(page)).toBe("-");
  await pressAway(page, "-", '[data-testid=checklist] [data-answer="open"]');
  await listen(6);
  expect(await firstKey(page)).toBe("H");
  await lookWithoutMarks(page, '[data-testid=tour][data-step="7"]');
  await listen(7);
  expect(await firstKey(page)).toBe("Ctrl ↵");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector('[data-testid=tour][data-step="0"]', { timeout: 20_000 });
  expect(said.map((words) => /^(\d) of 7/.exec(words)?.[1])).toEqual(
    Array.from({ length: STEPS }, (_, n) => String(n + 1)),
  );
  await page.keyboard.press("Escape");
  await page.waitForSelector("[data-testid=tour]", { state: "detached" });
  expect(complaints).toEqual([]);
});

it.skipIf(!hasBrowser)(
  "follows changed keys, speaks Chinese, and leaves Escape to what is open",
  async () => {
    await using app = await openApp();
    const { page, complaints } = app;
    await page.addInitScript(() =>
      localStorage.setItem("preferences", '{"locale":"zh","keyMap":{"cement-leakage/find":"Shift+z"}}'),
    );
    await page.reload();
    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    expect(await page.locator("[data-testid=tour]").count()).toBe(0);
    await page.click("[data-testid=case-menu]");
    await page.click("[data-testid=start-tour]");
    await page.waitForSelector("[role=menu]", { state: "detached" });
    await stepReached(page, 1);
    expect(await page.locator("[data-testid=tour]").innerText()).toMatch(/第 1 步，共 7 步[\s\S]*查找骨水泥/);
    expect(await firstKey(page)).toBe("⇧Z");
    // Nothing is blocked: other keys do what they always do, and a dialog keeps its Escape.
    await page.keyboard.press("?");
    await page.waitForSelector("[data-testid=keys-sheet]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("[data-testid=keys-sheet]", { state: "detached" });
    await page.keyboard.press("a");
    await page.waitForSelector('nav [aria-pressed="true"]');
    await page.keyboard.press("Escape");
    await page.waitForSelector('nav [aria-pressed="true"]', { state: "detached" });
    expect(await page.locator("[data-testid=tour]").count()).toBe(1);
    await page.keyboard.press("Shift+Z");
    await stepReached(page, 2);
    await page.keyboard.press("Escape");
    await page.waitForSelector("[data-testid=tour]", { state: "detached" });
    expect(complaints).toEqual([]);
  },
);
