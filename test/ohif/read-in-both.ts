// The same reading in our own viewer and in OHIF: the same keys, the same clock, the same UIDs; what is exported is compared byte for byte.
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { acceptAll, imagesShown } from "../browser/case-page.ts";
import type { WrittenFile } from "./phantom-case.ts";

const READER = { readerName: "Reader One", locale: "en" } as const;
const NOW = new Date("2026-03-04T05:06:07Z");
const PATIENCE = { timeout: 90_000 };

/** A context with a clock that stands still and UIDs that count on; OHIF's own UIDs are left alone. */
export async function countingContext(
  browser: Browser,
  preferences: object = READER,
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  await context.clock.install({ time: NOW });
  await context.clock.setFixedTime(NOW);
  await context.addInitScript((kept) => {
    if (localStorage.getItem("preferences") === null) localStorage.setItem("preferences", kept);
    const random = crypto.randomUUID.bind(crypto);
    let last = 0;
    crypto.randomUUID = () => {
      // Cornerstone asks for some as well, in both pages.
      const [, , caller = ""] = (new Error("who asks").stack ?? "").split("\n");
      const isOurs = /\/cement\/cement-ext[.]mjs|\/viewer\/assets\/index-/.test(caller);
      return isOurs ? (`00000000-0000-4000-8000-${String(++last).padStart(12, "0")}` as const) : random();
    };
  }, JSON.stringify(preferences));
  return context;
}

export const asPayload = ({ name, bytes }: WrittenFile) => ({
  name,
  mimeType: "application/dicom",
  buffer: Buffer.from(bytes),
});

/** Our own viewer with these files. */
export async function openInViewer(page: Page, url: string, files: readonly WrittenFile[]): Promise<void> {
  await page.goto(`${url}/viewer/`);
  await page.setInputFiles("[data-testid=pick-files]", files.map(asPayload));
  await imagesShown(page);
  await page.mouse.move(0, 0);
}

/** OHIF's mode with our panel, and these files from the disk. */
export async function openInOhifMode(
  page: Page,
  url: string,
  files: readonly WrittenFile[],
  panel?: string,
): Promise<void> {
  await page.goto(`${url}/local`);
  await page.locator("input[type=file]").first().setInputFiles(files.map(asPayload), PATIENCE);
  await page.getByText("PHANTOM, SACRUM").first().click(PATIENCE);
  await page.getByRole("button", { name: "Cement leakage", exact: true }).click(PATIENCE);
  await panelShown(page, panel);
}

/** The panel with the CT open in it, and OHIF's image with the overlay's canvas over it. */
export async function panelShown(page: Page, panel = "cement-panel"): Promise<void> {
  await page.locator(`[data-testid=${panel}]`).waitFor(PATIENCE);
  await page
    .locator('canvas[data-cement-overlay][data-plane="axial"]')
    .first()
    .waitFor({ ...PATIENCE, state: "attached" });
  await page.mouse.move(500, 5);
}

/** Finds the cement, takes over what is proposed. */
export async function decideEverything(page: Page): Promise<void> {
  await page.keyboard.press("f");
  await page.locator("[data-testid=propose]").waitFor(PATIENCE);
  await page.keyboard.press("g");
  await page.locator("[data-testid=accept]").first().waitFor(PATIENCE);
  await acceptAll(page);
}

/** Answers every site that is open with "absent", looks through the cement once without marks, and signs. */
export async function sign(page: Page): Promise<void> {
  const open = page.locator('[data-testid=checklist] [data-answer="open"]');
  for (let left = await open.count(); left > 0; left--) {
    await page.keyboard.press("-");
    await open.nth(left - 1).waitFor({ state: "detached" });
  }
  await page.keyboard.press("h");
  const missing = page.locator("[data-testid=missing]");
  for (const key of ["PageUp", "PageDown"])
    for (let n = 0; n < 20 && (await missing.count()) > 0; n++) {
      await page.keyboard.press(key);
      await page.waitForTimeout(250);
    }
  await page.keyboard.press("h");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Signed by Reader One").first().waitFor(PATIENCE);
}

export type Exported = Readonly<Record<string, Uint8Array>>;

export const namesOf = (exported: Exported, like: RegExp): string[] =>
  Object.keys(exported).filter((name) => like.test(name));

/** Names of files that only one has, or whose bytes are not the same. */
export const differing = (a: Exported, b: Exported): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => !a[name] || !b[name] || Buffer.compare(a[name], b[name]) !== 0,
  );

/** Everything that "Export all" packs, by name. */
export async function exportAll(page: Page): Promise<Exported> {
  await page.click("[data-testid=export]");
  const waiting = page.waitForEvent("download");
  await page.click('[data-exporter="cement-leakage/export-all"]');
  const download = await waiting;
  return unzipSync(new Uint8Array(await readFile(await download.path())));
}
