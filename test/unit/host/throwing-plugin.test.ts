// A plugin that throws wherever it is asked: the viewer stays up, the work stays, and the message names the plugin.
import { describe, expect, it } from "vitest";
import type { Host, Plugin, PluginManifest } from "#contract";
import { emptyMask } from "#voxels/mask";
import { headless, type Headless } from "./headless.ts";
import { SIZE, smallSeries, smallVolume } from "./small-case.ts";

const words = (en: string) => ({ en, zh: en });
const manifest = {
  id: "bad",
  title: words("Bad"),
  version: "1.0.0",
  contract: 1,
  commands: [
    { id: "bad/now", title: words("Now"), shortcut: "q" },
    { id: "bad/later", title: words("Later"), shortcut: "w" },
  ],
  tools: [{ id: "bad/tool", title: words("Tool"), shortcut: "v", gesture: "brush", hint: words("Draw") }],
  panels: [],
  pages: [],
  exporters: [],
  importers: [],
} as const satisfies PluginManifest;

const fault = (where: string): never => {
  throw new Error(`fault of ${where}`);
};

async function open(): Promise<{ host: Headless; plugin: Host }> {
  let given: Host | null = null;
  const bad: Plugin = {
    manifest,
    jobs: {},
    activate(host) {
      given = host;
      return {
        commands: {
          "bad/now": { run: () => fault("now"), disabledReason: () => fault("asking") },
          "bad/later": { run: () => Promise.reject(new Error("fault of later")) },
        },
        tools: {
          "bad/tool": {
            begin: () => fault("begin"),
            move: () => fault("move"),
            finish: () => fault("finish"),
            cancel: () => fault("cancel"),
          },
        },
        panels: {},
        pages: {},
        exporters: {},
        importers: {},
        pick: () => fault("pick"),
        summary: () => fault("summary"),
      };
    },
  };
  const host = headless([bad]);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  if (!given) throw new Error("not activated");
  return { host, plugin: given };
}
const said = ({ app }: Headless) =>
  app.state
    .get()
    .notices.map(({ text }) => text)
    .join("\n");

describe("a throwing plugin", () => {
  it("costs no command, tool or click the viewer, and is named with what it said", async () => {
    const { host } = await open();
    const { commands, tools, pick } = host.app.plugins[0].implementation;
    await commands["bad/now"].run();
    expect(said(host)).toMatch(/plugin bad failed \(bad\/now: fault of now\)/);
    await commands["bad/later"].run();
    expect(said(host)).toMatch(/fault of later/);
    const tool = tools["bad/tool"];
    tool.begin({ at: [0, 0, 0], normal: [0, 0, 1], halfThicknessMm: 1 });
    expect(said(host)).toMatch(/fault of begin/);
    tool.cancel();
    expect(pick?.([0, 0, 0])).toBe(false);
    expect(said(host)).toMatch(/fault of pick/);
    expect(host.app.state.get().screen).toBe("case");
  });

  it("gives its fault as the reason why a verb can't be used, without a notice for each drawing", async () => {
    const { host } = await open();
    expect(host.app.plugins[0].implementation.commands["bad/now"].disabledReason?.()).toMatch(
      /fault of asking/,
    );
    expect(host.app.state.get().notices).toEqual([]);
  });

  it("keeps the step whose summary could not be written", async () => {
    const { host } = await open();
    host.edit("bad", { kept: true });
    expect(host.app.state.get().documents).toEqual({ bad: { kept: true } });
    expect(host.app.state.get().history.done).toHaveLength(1);
  });

  it("says that nothing is saved where nothing is saved", async () => {
    const { host } = await open();
    await host.app.plugins[0].implementation.commands["bad/now"].run();
    expect(said(host)).toMatch(/Your work is saved/);
    host.edit("bad", {});
    await host.app.plugins[0].implementation.commands["bad/now"].run();
    expect(host.app.state.get().notices.at(-1)?.text).toMatch(/NOTHING IS SAVED/);
  });

  it("is refused an overlay that lies on other voxels than the CT's, at once", async () => {
    const { plugin } = await open();
    const layer = {
      id: "x",
      color: "#ff0000",
      fillOpacity: 0.3,
      outlineWidthPx: 1,
      surface: false,
      mask: emptyMask({ ...SIZE, slices: SIZE.slices + 1 }),
    };
    expect(() => plugin.overlays.set([layer])).toThrow(/layer x/);
    expect(() => plugin.overlays.set([{ ...layer, mask: emptyMask(SIZE), color: "red" }])).toThrow(/colour/);
    expect(() => plugin.overlays.set([{ ...layer, mask: emptyMask(SIZE) }])).not.toThrow();
  });
});
