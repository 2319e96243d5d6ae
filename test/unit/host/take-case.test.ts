// What the viewer does with a case that another page handed over: opens it, begins the verb that a page names, or gives the page its files.
import { beforeEach, describe, expect, it } from "vitest";
import type { FileWithPath, Host, Plugin, PluginManifest } from "#contract";
import type { HandedOver } from "#host/hand-over";
import { manifestProblems } from "#host/registry";
import { takeCase } from "#host/take-case";
import { headless, type Headless } from "./headless.ts";
import { smallSeries, smallVolume } from "./small-case.ts";

const words = (en: string) => ({ en, zh: en });
const pageOf = (path: string, fromCase?: PluginManifest["pages"][number]["fromCase"]) => ({
  ...{ id: `linked/${path}`, path, title: words(path), hint: words(path) },
  ...(fromCase ? { fromCase } : {}),
});
const manifest = {
  id: "linked",
  title: words("Linked"),
  version: "1.0.0",
  contract: 1,
  commands: [
    { id: "linked/begin", title: words("Begin") },
    { id: "linked/never", title: words("Never") },
  ],
  tools: [],
  panels: [],
  pages: [
    pageOf("verb", { command: "linked/begin" }),
    pageOf("barred", { command: "linked/never" }),
    pageOf("files", { exporter: "linked/out" }),
    pageOf("plain"),
  ],
  exporters: [{ id: "linked/out", title: words("Out"), description: words("Out") }],
  importers: [],
} as const satisfies PluginManifest;

const fileOf = (path: string): FileWithPath => ({ path, file: new File(["x"], path) });
const ct: HandedOver["ct"] = { kind: "files", files: [fileOf("ct")] };

describe("a case taken from another page", () => {
  let host: Headless;
  let linked: Host;
  let begun: (string | undefined)[];

  beforeEach(async () => {
    begun = [];
    const noPage = () => () => undefined;
    const plugin: Plugin<typeof manifest> = {
      manifest,
      jobs: {},
      activate: (given) => ({
        commands: {
          "linked/begin": { run: () => void begun.push(given.scene.get().series?.seriesInstanceUid) },
          "linked/never": { run: () => void begun.push("never"), disabledReason: () => "not signed" },
        },
        tools: {},
        panels: {},
        pages: {
          "linked/verb": noPage,
          "linked/barred": noPage,
          "linked/files": noPage,
          "linked/plain": noPage,
        },
        exporters: { "linked/out": { run: async () => [], disabledReason: () => null } },
        importers: {},
      }),
    };
    host = headless([plugin]);
    linked = host.hostOf("linked");
    const volume = smallVolume();
    await host.open(volume, smallSeries(volume.grid));
    host.app.closeCase();
  });
  const taken = (page?: HandedOver["page"]) => takeCase(host.app, page ? { ct, page } : { ct });
  const screen = () => host.app.state.get().screen;

  it("opens", async () => {
    await taken();
    expect([screen(), begun]).toEqual(["case", []]);
  });

  it("opens, begins what the page names, and leads back to the page", async () => {
    await taken({ id: "linked/verb", files: [] });
    expect(begun).toEqual([linked.scene.get().series?.seriesInstanceUid]);
    expect(begun[0]).toBeTruthy();
    expect(screen()).toBe("case");
    host.app.backToPage();
    expect(host.app.hash.get()).toBe("#/p/linked/verb");
  });

  it("says why what the page names can't begin, and stays open", async () => {
    await taken({ id: "linked/barred", files: [] });
    expect([screen(), begun]).toEqual(["case", []]);
    expect(host.app.state.get().notices.at(-1)?.text).toBe("not signed");
  });

  it("is given to the page with its CT, once", async () => {
    await taken({ id: "linked/files", files: [fileOf("findings.json")] });
    expect(screen()).toBe("page");
    expect(host.app.hash.get()).toBe("#/p/linked/files");
    expect(linked.page.given.get().map(({ path }) => path)).toEqual(["ct", "findings.json"]);
    expect(linked.page.takeGiven()).toHaveLength(2);
    const left = linked.page.given.get();
    expect(left).toEqual([]);
    expect(linked.page.takeGiven()).toEqual([]);
    // No change to tell of: a page asks whenever it is told.
    expect(linked.page.given.get()).toBe(left);
  });

  it("is given with its files alone where the CT lies in an archive", async () => {
    const archived = { kind: "archive", studyInstanceUid: "2.25.1", seriesInstanceUid: "2.25.2" } as const;
    await takeCase(host.app, {
      ct: archived,
      page: { id: "linked/files", files: [fileOf("findings.json")] },
    });
    expect(linked.page.given.get().map(({ path }) => path)).toEqual(["findings.json"]);
  });

  it.each(["linked/plain", "linked/begin", "other/page"])("opens and runs nothing for %s", async (id) => {
    await taken({ id, files: [fileOf("findings.json")] });
    expect([screen(), begun]).toEqual(["case", []]);
    expect(linked.page.given.get()).toEqual([]);
  });
});

it("refuses a page that names what its plugin does not declare", () => {
  const pages = [pageOf("lost", { command: "linked/out" })];
  const [wrong] = manifestProblems({ ...manifest, pages });
  expect(wrong).toMatchObject({ code: "plugin/link-unknown", details: { id: "linked/out" } });
  expect(manifestProblems(manifest)).toEqual([]);
});
