// An OHIF extension made of plugins: one panel for OHIF's side panel, filled when a mode shows it.
import { textBesidePage } from "#host/beside-page";
import type { Plugin } from "#host/contract";
import { CONFIG, parseDeployment, type Deployment } from "#host/deployment";
import type { Problem } from "#core/problem";
import { createOhifHost, type OhifHost } from "./host-adapter.ts";
import { ohifPanel } from "./ohif-panel.tsx";
import type { Ohif } from "./ohif-types.ts";
import { definePanelElement, styleSheetAt } from "./panel-element.ts";

export interface ExtensionOptions {
  /** Also the panel's custom element, and in OHIF its place: "<id>.panelModule.panel". */
  readonly id: string;
  readonly version: string;
  /** Address of the module: its styles, and what the installation set, lie beside it. */
  readonly here: string;
  readonly startWorker: () => Worker;
  /** With what is to be told of the installation's own files. */
  readonly plugins: (deployment: Deployment) => Promise<{
    readonly plugins: readonly Plugin[];
    readonly problems: readonly Problem[];
  }>;
}

/** One visit of a mode. The host is made when its panel is first asked for: a mode without our panel costs nothing. */
function visit(start: (ohif: Ohif) => Promise<OhifHost>) {
  let enter: () => void = () => undefined;
  // OHIF mounts panels before it enters the mode, and the services are ready after.
  const entered = new Promise<void>((resolve) => (enter = resolve));
  let host: Promise<OhifHost> | null = null;
  return { enter, host: (ohif: Ohif) => (host ??= entered.then(() => start(ohif))), made: () => host };
}

export function extensionOf({ id, version, here, startWorker, plugins }: ExtensionOptions) {
  async function start(ohif: Ohif): Promise<OhifHost> {
    const config = await textBesidePage(CONFIG, here).catch(() => null);
    const { deployment, problems } = parseDeployment(config ?? "{}");
    const given = await plugins(deployment);
    const host = await createOhifHost({ ohif, plugins: given.plugins, startWorker, deployment, here });
    for (const wrong of [...problems, ...given.problems]) host.app.store.report(wrong);
    return host;
  }

  let current = visit(start);
  const tag = `${id}-panel`;
  return {
    id,
    version,
    preRegistration(ohif: Ohif): void {
      definePanelElement(tag, styleSheetAt(new URL("cement.css", here).href), async () =>
        ohifPanel(await current.host(ohif)),
      );
    },
    onModeEnter(): void {
      current.enter();
    },
    onModeExit(): void {
      const left = current;
      current = visit(start);
      void left.made()?.then((host) => host.dispose());
    },
    getPanelModule: () => [
      {
        name: "panel",
        iconName: "tab-segmentation",
        iconLabel: "Cement",
        label: "Bone cement",
        component: tag,
      },
    ],
  };
}
