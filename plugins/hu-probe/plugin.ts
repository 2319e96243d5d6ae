// The smallest plugin: the HU of the voxel where the reader looks. An installation switches it on in config.json.
import type { PanelPlugin } from "#contract";
import { voxelFromPatient } from "#core/space";
import { voxelIndex } from "#core/volume";

const title = { en: "HU probe", zh: "HU 探针" };

export const plugin: PanelPlugin = {
  ...{ id: "hu-probe", title, version: "1.0.0", contract: 1 },
  panel: (host) => (element) => {
    const show = () => {
      const { volume } = host.scene.get();
      const at = host.view.focus.get();
      const [i, j, k] =
        volume && at && !volume.relative ? voxelFromPatient(volume.grid, at).map(Math.round) : [];
      const hu = volume && i !== undefined ? `${volume.hu[voxelIndex(volume.grid, i, j, k)]} HU` : "–";
      element.textContent = `${title[host.locale.get()]}: ${hu}`;
    };
    show();
    const stops = [host.scene, host.view.focus, host.locale].map((one) => one.subscribe(show));
    return () => stops.forEach((stop) => stop());
  },
};
