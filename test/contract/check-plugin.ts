// A plugin with a little of everything, through which the claims of the contract reach a host.
import type { Activate, Host, Plugin, PluginManifest } from "#contract";
import type { Job } from "#core/job";
import { voxelIndex } from "#core/volume";

export const CHECK_ID = "contract-check";

const manifest = {
  id: CHECK_ID,
  title: { en: "Contract", zh: "约定" },
  version: "1.0.0",
  contract: 1,
  commands: [{ id: `${CHECK_ID}/verb`, title: { en: "Verb", zh: "动词" }, shortcut: "Shift+w" }],
  tools: [
    {
      id: `${CHECK_ID}/line`,
      title: { en: "Line", zh: "线" },
      hint: { en: "Draws a line", zh: "画线" },
      gesture: "line",
    },
  ],
  panels: [{ id: `${CHECK_ID}/panel`, title: { en: "Contract", zh: "约定" } }],
  pages: [],
  exporters: [],
  importers: [],
} as const satisfies PluginManifest;

const huAt: Job<readonly [number, number, number], number> = (place, { volume, progress }) => {
  progress(1);
  return volume.hu[voxelIndex(volume.grid, ...place)];
};
const forever: Job<null, never> = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });

export const checkJobs = { [`${CHECK_ID}/hu-at`]: huAt, [`${CHECK_ID}/forever`]: forever };

/** `given` is handed the host as soon as there is one. */
export function checkPlugin(given: (host: Host) => void): Plugin<typeof manifest> {
  const nothing = (): void => undefined;
  const activate: Activate<typeof manifest> = (host) => {
    given(host);
    return {
      commands: { [`${CHECK_ID}/verb`]: { run: nothing } } as const,
      tools: {
        [`${CHECK_ID}/line`]: { begin: nothing, move: nothing, finish: nothing, cancel: nothing },
      } as const,
      panels: {
        [`${CHECK_ID}/panel`]: (element: HTMLElement) => {
          element.textContent = "Contract";
          element.dataset.testid = "contract-panel";
          return () => element.replaceChildren();
        },
      } as const,
      pages: {},
      exporters: {},
      importers: {},
    };
  };
  return { manifest, activate, jobs: checkJobs };
}
