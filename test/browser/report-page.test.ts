// The report page of the sample case: exported, its numbers compared with the JSON beside it, printed to PDF on one sheet, sent to print.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportPage, type ReportPicture } from "../../plugins/cement-leakage/exports/report-page.ts";
import { findingsSchema, type Findings } from "../../plugins/cement-leakage/model/findings.ts";
import { atPointer, numbersOf, partOf, wordsOf } from "../unit/cement/page-reader.ts";
import {
  BROWSER_EXPORT,
  hasBrowser,
  launchBrowser,
  openPage,
  SCREENSHOTS,
  screenshot,
  serveDist,
  type WatchedPage,
} from "./browser.ts";
import { imagesShown } from "./case-page.ts";

/** CSS pixels of A4 at 96 dpi. */
const A4 = { width: 794, height: 1123 };

describe.skipIf(!hasBrowser)("the report page of the sample case", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;
  let watched: WatchedPage;
  let findings: Findings;
  let html: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await serveDist();
    watched = await openPage(browser, server.url);
    const { page } = watched;
    await page.addInitScript(() =>
      localStorage.setItem("preferences", '{"readerName":"Reader One","locale":"en"}'),
    );
    await page.reload();
    await page.click("[data-testid=open-sample]");
    await imagesShown(page);
    await page.mouse.move(0, 0);
    await page.keyboard.press("g");
    await page.waitForSelector("[data-testid=accept]", { timeout: 120_000 });
    const undecided = page.locator('[data-testid=parts] [data-role="undecided"]');
    for (let left = await undecided.count(); left > 0; left = await undecided.count()) {
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        (before) => document.querySelectorAll('[data-testid=parts] [data-role="undecided"]').length < before,
        left,
      );
    }
    const open = page.locator('[data-testid=checklist] [data-answer="open"] [data-testid=absent]');
    while ((await open.count()) > 0) await open.first().click();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("comes in the zip beside the findings it is made from, with a picture of each leak", async () => {
    const { page } = watched;
    await page.click("[data-testid=export]");
    await page.waitForSelector("[data-testid=print-page]");
    await page.waitForTimeout(400); // the menu fades in
    await screenshot(page, "export-menu");
    const waiting = page.waitForEvent("download");
    await page.click('[data-exporter="cement-leakage/export-all"]');
    const download = await waiting;
    await mkdir(BROWSER_EXPORT, { recursive: true });
    const path = join(BROWSER_EXPORT, "report-page.zip");
    await download.saveAs(path);
    const zip = Object.entries(unzipSync(new Uint8Array(await readFile(path))));
    const named = (end: string): string =>
      strFromU8(zip.find(([name]) => name.endsWith(end))?.[1] ?? new Uint8Array());
    findings = findingsSchema.parse(JSON.parse(named(".json")));
    html = named("cement-report-DRAFT.html");
    expect(findings.leaks).toHaveLength(4);
    expect(picturesOf(html).map(({ leakId }) => leakId)).toEqual(findings.leaks.map(({ leakId }) => leakId));
  }, 60_000);

  it("has the JSON's numbers, each of them, and what is urgent first", () => {
    const numbers = numbersOf(html);
    for (const { field, value } of numbers)
      expect(`${field} ${String(atPointer(findings, field))}`).toBe(`${field} ${value}`);
    const fields = new Set(numbers.map(({ field }) => field));
    findings.leaks.forEach((leak, n) => {
      for (const field of [
        "volumeMm3",
        "volumeEstimateMm3",
        "volumeCi95Mm3/0",
        "volumeCi95Mm3/1",
        "max3dDiameterMm",
      ])
        expect(fields).toContain(`/leaks/${n}/${field}`);
      expect(fields.has(`/leaks/${n}/maxBeyondCortexMm`)).toBe(leak.maxBeyondCortexMm !== undefined);
    });
    expect(fields).toContain("/lesions/0/cement/volumeMm3");
    expect(wordsOf(partOf(html, "answer") ?? "")).toMatch(/^4 cement leaks, together /);
    expect(wordsOf(partOf(html, "urgent") ?? "")).toMatch(/epidural/i);
  });

  it("fills one sheet of A4 in either language, with all pictures drawn and nothing cut off at the side", async () => {
    for (const locale of ["en", "zh"] as const) {
      const text = locale === "en" ? html : reportPage({ findings, pictures: picturesOf(html), locale });
      expect(await sheets(text, `report-page-${locale}`)).toBe(1);
    }
  }, 120_000);

  it("still fills one sheet with all that a case of four leaks usually says, and two with eight leaks", async () => {
    const full: Findings = {
      ...findings,
      status: "final",
      readers: [{ readerId: "Reader One", role: "radiologist", readAt: "2026-01-02T03:04:05Z" }],
      lesions: findings.lesions.map((lesion) => ({ ...lesion, injectedVolumeMl: 8 })),
      massBalance: { injectedMl: 8, foundMl: 6.1, foundCi95Ml: [5.2, 7.1], missingMl: 1.9, words: "" },
      verificationLog: ["One gap of 2 mm between slices 44 and 45 was filled", "The header names no kernel"],
    };
    const pictures = picturesOf(html);
    const leaks = [
      ...findings.leaks,
      ...findings.leaks.map((leak) => ({ ...leak, leakId: `${leak.leakId}0` })),
    ];
    const twice = [...pictures, ...pictures.map((picture) => ({ ...picture, leakId: `${picture.leakId}0` }))];
    for (const locale of ["en", "zh"] as const) {
      expect(
        await sheets(reportPage({ findings: full, pictures, locale }), `report-page-full-${locale}`),
      ).toBe(1);
      const eight = reportPage({ findings: { ...full, leaks }, pictures: twice, locale });
      expect(await sheets(eight, `report-page-eight-${locale}`)).toBe(2);
    }
  }, 120_000);

  it("goes to the print dialog by its key, as a page in which nothing runs", async () => {
    const { page } = watched;
    // Nothing runs inside the printed page, so what is told of it is heard from outside.
    await page.evaluate(() => {
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes)
            if (node instanceof HTMLIFrameElement)
              node.addEventListener("load", () =>
                node.contentWindow?.addEventListener("beforeprint", () => {
                  document.body.dataset.printed = `${node.getAttribute("sandbox") ?? ""}|${node.contentDocument?.body.innerText ?? ""}`;
                }),
              );
      }).observe(document.body, { childList: true });
    });
    await page.keyboard.press("Shift+Y");
    await page.waitForSelector("body[data-printed]", { timeout: 30_000 });
    const printed = (await page.locator("body").getAttribute("data-printed")) ?? "";
    expect(printed).toMatch(/^allow-same-origin allow-modals\|/);
    expect(printed).toContain("4 cement leaks, together");
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  }, 60_000);

  /** Opens a page as on A4, leaves it as `name`.png and .pdf among the screenshots, and counts its sheets. */
  async function sheets(text: string, name: string): Promise<number> {
    await mkdir(SCREENSHOTS, { recursive: true });
    const paper = await openPage(browser, "about:blank", { viewport: A4 });
    await paper.page.setContent(text, { waitUntil: "load" });
    await paper.page.emulateMedia({ media: "print" });
    const drawn = await paper.page
      .locator("img")
      .evaluateAll((images: HTMLImageElement[]) => images.map((image) => image.naturalWidth));
    expect(drawn.length).toBeGreaterThanOrEqual(4);
    expect(Math.min(...drawn)).toBeGreaterThan(400);
    const beyond = await paper.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(beyond).toBeLessThanOrEqual(0);
    await paper.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
    const pdf = await paper.page.pdf({ preferCSSPageSize: true, printBackground: true });
    await writeFile(join(SCREENSHOTS, `${name}.pdf`), pdf);
    expect(paper.complaints).toEqual([]);
    expect(paper.strangers).toEqual([]);
    await paper.close();
    return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  }
});

/** The pictures of a page, as they were handed to it. */
function picturesOf(html: string): ReportPicture[] {
  return [...html.matchAll(/<figure data-leak="([^"]+)">([\s\S]*?)<\/figure>/g)].flatMap(
    ([, leakId, inside]) => {
      const dataUrl = /<img src="([^"]+)"/.exec(inside)?.[1];
      const plane = (["axial", "sagittal", "coronal"] as const).find((name) =>
        inside.includes(`${name}, bone window`),
      );
      return dataUrl && plane ? [{ leakId, dataUrl, plane, window: { widthHu: 2000, levelHu: 500 } }] : [];
    },
  );
}
