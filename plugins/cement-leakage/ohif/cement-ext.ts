// OHIF's door to this folder: the extension module that app-config.js loads beside the built app.
import "#host/no-eval";
import "@mantine/core/styles.css";
import { textBesidePage } from "#host/beside-page";
import { CONFIG, parseDeployment } from "#host/deployment";
import { parseDepartmentTerms } from "../model/department-terms.ts";
import { setDepartmentTerms } from "../model/sites.ts";
import { plugin as cementLeakage } from "../plugin.ts";
import { createOhifHost, type OhifHost } from "./host-adapter.ts";
import { ohifPanel } from "./ohif-panel.tsx";
import type { Ohif } from "./ohif-types.ts";
import { definePanelElement, styleSheetAt } from "./panel-element.ts";

const ID = "cement-leakage";
const TAG = "cement-leakage-panel";
/** Where this module lies: its styles, and what the installation set, lie beside it. */
const HERE = import.meta.url;
const TERMS = "terms.json";

/** One visit of a mode. The host is made when its panel is first asked for: a mode without our panel costs nothing. */
function visit() {
  let enter: () => void = () => undefined;
  const entered = new Promise<void>((resolve) => (enter = resolve));
  let host: Promise<OhifHost> | null = null;
  return { enter, host: (ohif: Ohif) => (host ??= entered.then(() => start(ohif))), made: () => host };
}

let registered: Ohif | null = null;
let current = visit();

async function start(ohif: Ohif): Promise<OhifHost> {
  const [config, terms] = await Promise.all([
    textBesidePage(CONFIG, HERE).catch(() => null),
    textBesidePage(TERMS, HERE).catch(() => null),
  ]);
  const { deployment, problems } = parseDeployment(config ?? "{}");
  const parsed = terms === null ? null : parseDepartmentTerms(terms, TERMS);
  if (parsed?.ok) setDepartmentTerms(parsed.value);
  const host = await createOhifHost({
    ohif,
    plugins: [cementLeakage],
    startWorker: () => new Worker(new URL("../../../src/worker.ts", import.meta.url), { type: "module" }),
    deployment,
  });
  for (const wrong of problems) host.app.store.report(wrong);
  if (parsed && !parsed.ok) host.app.store.report(parsed.problem);
  return host;
}

const extension = {
  id: ID,
  version: cementLeakage.manifest.version,
  preRegistration(ohif: Ohif): void {
    registered = ohif;
    definePanelElement(TAG, styleSheetAt(new URL(/* @vite-ignore */ "cement.css", HERE).href), async () => {
      if (!registered) throw new Error("OHIF mounted the panel of an extension that it did not register");
      return ohifPanel(await current.host(registered));
    });
  },
  onModeEnter(): void {
    current.enter();
  },
  onModeExit(): void {
    const left = current;
    current = visit();
    void left.made()?.then((host) => host.dispose());
  },
  getPanelModule: () => [
    {
      name: "panel",
      iconName: "tab-segmentation",
      iconLabel: "Cement",
      label: "Bone cement",
      component: TAG,
    },
  ],
};

export default extension;
