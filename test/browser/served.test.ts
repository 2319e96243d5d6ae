// The built app as a browser meets it: under the real headers, alone on its origin, with its sample case beside it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, launchBrowser, openPage, serveDist } from "./browser.ts";

describe.skipIf(!hasBrowser)("the app as served", () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serveDist>>;

  beforeAll(async () => {
    server = await serveDist();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("starts under the Content-Security-Policy without a complaint and asks nobody else for anything", async () => {
    const { page, complaints, strangers, close } = await openPage(browser, server.url);
    await page.getByRole("button").first().waitFor();
    expect(complaints).toEqual([]);
    expect(strangers).toEqual([]);
    await close();
  });

  it("is cross-origin isolated, so that workers may share memory", async () => {
    const { page, close } = await openPage(browser, server.url);
    expect(await page.evaluate(() => crossOriginIsolated && typeof SharedArrayBuffer === "function")).toBe(
      true,
    );
    await close();
  });

  it("finds WebGL2, which the views need", async () => {
    const { page, close } = await openPage(browser, server.url);
    const found = await page.evaluate(() => document.createElement("canvas").getContext("webgl2") !== null);
    expect(found).toBe(true);
    await close();
  });

  it("refuses a script that is not its own", async () => {
    const { page, close } = await openPage(browser, server.url);
    const ran = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "globalThis.intruder = true";
      document.head.append(script);
      await new Promise((wake) => setTimeout(wake, 50));
      return "intruder" in globalThis;
    });
    expect(ran).toBe(false);
    await close();
  });

  it("has the whole sample case beside it, each file with the size that the list says", async () => {
    const list: unknown = await (await fetch(`${server.url}sample-case/manifest.json`)).json();
    expect(list).toMatchObject({ files: expect.any(Array), totalBytes: expect.any(Number) });
    const { files } = list as { files: { path: string; bytes: number }[] };
    expect(files.length).toBeGreaterThan(50);
    for (const { path, bytes } of [files[0], files.at(-1)].filter((file) => file !== undefined)) {
      const response = await fetch(`${server.url}sample-case/${path}`);
      expect(response.headers.get("content-type")).toBe("application/dicom");
      expect((await response.arrayBuffer()).byteLength).toBe(bytes);
    }
  });
});
