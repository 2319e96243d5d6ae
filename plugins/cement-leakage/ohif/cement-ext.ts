// OHIF's door to this folder: the extension module that app-config.js loads beside the built app.
import "#host/no-eval";
import "@mantine/core/styles.css";
import { textBesidePage } from "#host/beside-page";
import { extraPlugins } from "../../../src/extra-plugins.ts";
import { parseDepartmentTerms, unreadableTerms } from "../model/department-terms.ts";
import { setDepartmentTerms } from "../model/sites.ts";
import { plugin as cementLeakage } from "../plugin.ts";
import { extensionOf } from "./extension.ts";

/** A department's own sites, beside this module. */
const TERMS = "terms.json";
const here = import.meta.url;

const readTerms = () =>
  textBesidePage(TERMS, here).then(
    (text) => (text === null ? null : parseDepartmentTerms(text, TERMS)),
    (error: unknown) => ({ ok: false, problem: unreadableTerms(TERMS, error) }) as const,
  );

export default extensionOf({
  id: "cement-leakage",
  version: cementLeakage.manifest.version,
  here,
  startWorker: () => new Worker(new URL("../../../src/worker.ts", import.meta.url), { type: "module" }),
  async plugins(deployment) {
    const [terms, extra] = await Promise.all([readTerms(), extraPlugins(deployment.plugins)]);
    if (terms?.ok) setDepartmentTerms(terms.value);
    return {
      plugins: [cementLeakage, ...extra.plugins],
      problems: [...extra.problems, ...(terms && !terms.ok ? [terms.problem] : [])],
    };
  },
});
