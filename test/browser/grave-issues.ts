// What axe finds on the screen as it is that keeps a reader from working; axe's own script must have been added to the page.
import type axe from "axe-core";
import type { Page } from "playwright-core";

/** axe's own words for what hinders, of its four ranks. */
const GRAVE = ["serious", "critical"];

declare global {
  interface Window {
    axe: typeof axe;
  }
}

export async function graveIssues(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ""))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} | ${failureSummary ?? ""}`),
    );
}
