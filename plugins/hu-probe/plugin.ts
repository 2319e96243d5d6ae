// The smallest plugin with a panel: the HU of the voxel where the reader looks. An installation switches it on in config.json.
import type { Activate, Plugin, PluginManifest } from "#contract";
import { voxelFromPatient } from "#core/space";
import { voxelIndex } from "#core/volume";

const manifest = {
  id: "hu-probe",
  title: { en: "HU probe", zh: "HU 探针" },
  version: "1.0.0",
  contract: 1,
  commands: [],
  tools: [],
  panels: [{ id: "hu-probe/panel", title: { en: "HU probe", zh: "HU 探针" } }],
  pages: [],
  exporters: [],
  importers: [],
} as const satisfies PluginManifest;

const activate: Activate<typeof manifest> = (host) => {
  function reading(): string {
    const { volume } = host.scene.get();
    const at = host.view.focus.get();
    if (!volume || !at || volume.relative) return "–";
    const [i, j, k] = voxelFromPatient(volume.grid, at).map(Math.round);
    return `${volume.hu[voxelIndex(volume.grid, i, j, k)]} HU (${at.map((mm) => mm.toFixed(1)).join(", ")} mm)`;
  }
  const panel = (element: HTMLElement) => {
    const show = () => {
      element.textContent = `${manifest.title[host.locale.get()]}: ${reading()}`;
    };
    show();
    const stops = [host.scene, host.view.focus, host.locale].map((readable) => readable.subscribe(show));
    return () => stops.forEach((stop) => stop());
  };
  return {
    commands: {},
    tools: {},
    panels: { "hu-probe/panel": panel },
    pages: {},
    exporters: {},
    importers: {},
  };
};

export const plugin: Plugin<typeof manifest> = { manifest, activate, jobs: {} };
