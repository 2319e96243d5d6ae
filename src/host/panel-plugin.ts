// A plugin that is one panel, as the whole plugin that hosts take.
import type { PanelPlugin, Plugin } from "./contract.ts";

export function panelPlugin({ panel, ...about }: PanelPlugin): Plugin {
  const id = `${about.id}/panel`;
  return {
    manifest: {
      ...about,
      panels: [{ id, title: about.title }],
      ...{ commands: [], tools: [], pages: [], exporters: [], importers: [] },
    },
    activate: (host) => ({
      panels: { [id]: panel(host) },
      ...{ commands: {}, tools: {}, pages: {}, exporters: {}, importers: {} },
    }),
    jobs: {},
  };
}
