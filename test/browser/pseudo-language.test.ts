// Every word that a reader sees comes from a table of texts: in the test language what was written past them stands without marks.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { hasBrowser, openApp } from "./browser.ts";
import { rememberedAs, walkScreens } from "./screens.ts";
import { serveSmallSample } from "./small-sample.ts";

/** Data: ids of patient, part, lesion and level, the made-up series and reader, units, standards, the letters of directions. */
const DATA =
  /^[APLRHF]$|PHANTOM-\d+|Phantom \d mm|Reader One|\b[PLSTCM]\d+(\/[A-Z]\d+)*\b|\bL5\b|\b(mm[²³]?|mL|HU|MB|CT)\b|mm[²³]|\b(AM|PM|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/g;

/** What is shown, or said by a screen reader, and is neither marked nor data nor the writing on a key. */
const unmarked = (page: Page): Promise<string[]> =>
  page.evaluate(
    ([data]) => {
      const found = new Set<string>();
      const isData = new RegExp(data, "g");
      const take = (said: string | null): void => {
        let left = said ?? "";
        // Texts put together from others have marks within marks: the inner ones first.
        for (let before = ""; before !== left;) {
          before = left;
          left = left.replaceAll(/⟦[^⟦⟧]*⟧/g, " ");
        }
        if (/\p{L}/u.test(left.replaceAll(isData, " "))) found.add((said ?? "").trim());
      };
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement;
        if (element && !element.closest("kbd, style, script, [data-keys]") && element.checkVisibility())
          take(node.textContent);
      }
      for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
        if (element.checkVisibility())
          for (const name of ["aria-label", "title", "placeholder"]) take(element.getAttribute(name));
      return [...found];
    },
    [DATA.source],
  );

it.skipIf(!hasBrowser)("leaves no word unmarked on any screen in the test language", async () => {
  await using app = await openApp({ search: "?lang=pseudo" });
  const { page } = app;
  await serveSmallSample(page);
  await rememberedAs(page, { locale: "en", readerName: "Reader One" });
  const found: string[] = [];
  await walkScreens(page, async (screen) => {
    expect(await page.locator("h1").first().innerText()).toMatch(/⟦|PHANTOM/);
    for (const words of await unmarked(page)) found.push(`${screen}: ${words}`);
  });
  expect(found).toEqual([]);
});
