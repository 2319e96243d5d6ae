// One contract, every host: the claims run in Node, in our own page, and through the adapter in each OHIF that is tried; the table stands in
// the README of the adapter.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { serveFolder } from "../../src/cli/static-server.mjs";
import { hasBrowser, launchBrowser } from "../browser/browser.ts";
import { imagesShown } from "../browser/case-page.ts";
import { buildContractPages } from "../contract/build-pages.ts";
import { CLAIMS, type Verdicts } from "../contract/claims.ts";
import { verdictsInNode } from "../contract/in-node.ts";
import { serveCement } from "./cement-site.ts";
import { isBeta, OHIF_VERSIONS, ohifApp } from "./ohif-app.ts";
import { phantomCt } from "./phantom-case.ts";
import { asPayload, openInOhifMode } from "./read-in-both.ts";

const README = join(PROJECT_FOLDER, "plugins", "cement-leakage", "ohif", "README.md");

/** By host: what became of each claim, or in words why it was not tried. */
const table = new Map<string, Verdicts | string>();

describe.skipIf(!hasBrowser)("the contract", () => {
  let browser: Browser;
  let folder = "";
  const page = () => join(folder, "page");
  const modules = () => join(folder, "modules");

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "clv-contract-"));
    await buildContractPages(page(), modules());
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
    process.stdout.write(`\n${asMarkdown()}\n`);
  });

  const verdictsOn = async (open: (page: Page) => Promise<void>): Promise<Verdicts> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    try {
      const shown = await context.newPage();
      await open(shown);
      return await shown.evaluate(() => window.holdToContract!());
    } finally {
      await context.close();
    }
  };
  const broken = (verdicts: Verdicts) => Object.entries(verdicts).filter(([, why]) => why !== null);

  it("holds on the host without a page", async () => {
    const verdicts = await verdictsInNode();
    table.set("without a page", verdicts);
    expect(broken(verdicts)).toEqual([]);
  });

  it("holds on our own page", async () => {
    const server = await serveFolder(page());
    const verdicts = await verdictsOn(async (shown) => {
      await shown.goto(server.url);
      await shown.setInputFiles("[data-testid=pick-files]", phantomCt().map(asPayload));
      await imagesShown(shown);
    }).finally(() => void server.close());
    table.set("our own page", verdicts);
    expect(broken(verdicts)).toEqual([]);
    expect(Object.keys(verdicts)).toEqual(CLAIMS.map(({ says }) => says));
  });

  it.for(OHIF_VERSIONS)("holds in OHIF %s", async (version, { skip }) => {
    const host = `OHIF ${version}`;
    const app = await ohifApp(version);
    if ("whyNot" in app) {
      table.set(host, `not run: ${app.whyNot}`);
      skip(app.whyNot);
      return;
    }
    const server = await serveCement(app.folder, { modules: modules() });
    const verdicts = await verdictsOn((shown) =>
      openInOhifMode(shown, server.url, phantomCt(), "contract-panel"),
    )
      .catch((error: unknown) => {
        if (!isBeta(version)) throw error;
        return `fails: ${String(error).split("\n")[0]}`;
      })
      .finally(() => void server.close());
    table.set(host, verdicts);
    const wrong = typeof verdicts === "string" ? verdicts : broken(verdicts);
    // What a beta breaks is told in the table, and fails nothing.
    expect(isBeta(version) ? [] : wrong).toEqual([]);
  });

  it("is told in the adapter's README as it is", async () => {
    expect(await readFile(README, "utf8")).toContain(asMarkdown());
  });
});

function asMarkdown(): string {
  const hosts = [...table.keys()];
  const cell = (host: string, says: string): string => {
    const verdicts = table.get(host);
    if (typeof verdicts !== "object") return verdicts ?? "";
    return says in verdicts ? (verdicts[says] === null ? "✓" : `✗ ${verdicts[says]}`) : "–";
  };
  return [
    `| claim | ${hosts.join(" | ")} |`,
    `|---|${hosts.map(() => "---|").join("")}`,
    ...CLAIMS.map(({ says }) => `| ${says} | ${hosts.map((host) => cell(host, says)).join(" | ")} |`),
  ].join("\n");
}
