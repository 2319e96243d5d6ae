// Builds what the contract is held to in a browser: our own page, and the door for OHIF, each with the checking plugin in it.
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vite";
import ohifConfig from "../../plugins/cement-leakage/ohif/vite.config.ts";
import { DIST_OHIF, PROJECT_FOLDER } from "../../src/cli/prepare.mjs";

const HERE = join(PROJECT_FOLDER, "test", "contract");

/** Into these two folders. */
export async function buildContractPages(page: string, modules: string): Promise<void> {
  const quiet = { root: HERE, logLevel: "error" } as const;
  await build({
    ...quiet,
    configFile: join(PROJECT_FOLDER, "src", "vite.config.ts"),
    build: { outDir: page, emptyOutDir: true },
  });
  const { build: output } = ohifConfig;
  await build({
    ...quiet,
    ...ohifConfig,
    configFile: false,
    build: {
      ...output,
      outDir: modules,
      rolldownOptions: { ...output?.rolldownOptions, input: { "cement-ext": join(HERE, "ohif-door.ts") } },
    },
  });
  await copyFile(join(DIST_OHIF, "cement-mode.mjs"), join(modules, "cement-mode.mjs"));
}
