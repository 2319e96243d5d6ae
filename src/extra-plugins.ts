// Plugins that an installation switches on by name in config.json ("plugins"): the same list for the page and for OHIF.
import { problem, type Problem } from "#core/problem";
import type { PanelPlugin, Plugin } from "#contract";
import { panelPlugin } from "#host/panel-plugin";

const EXTRA: Readonly<Record<string, () => Promise<{ readonly plugin: PanelPlugin }>>> = {
  "hu-probe": () => import("../plugins/hu-probe/plugin.ts"),
};

/** Loaded in the order of their names; a name that nobody has is told. */
export async function extraPlugins(
  names: readonly string[] = [],
): Promise<{ readonly plugins: readonly Plugin[]; readonly problems: readonly Problem[] }> {
  const isKnown = (name: string): boolean => Object.hasOwn(EXTRA, name);
  const loaded = await Promise.all(names.filter(isKnown).map((name) => EXTRA[name]()));
  const known = Object.keys(EXTRA).join(", ");
  return {
    plugins: loaded.map(({ plugin }) => panelPlugin(plugin)),
    problems: names
      .filter((name) => !isKnown(name))
      .map((name) => problem("config/unknown-plugin", { name, known }, "warning")),
  };
}
