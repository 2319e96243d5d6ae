// `npm run build`: the app as static files in dist/, ready to be copied to any web server; src/DEPLOY.md says how.
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DIST, alone, buildApp, installPackages, makeSampleCase, refuseOldNode } from "./prepare.mjs";
import { StepFailed } from "./run-step.mjs";
import { CONFIG_NAME, finishSite, readConfig } from "./site-config.mjs";

const HELP = `npm run build [-- OPTIONS]
  --config FILE   becomes dist/config.json (else the one that is there stays)
  --archive URL   sets the archive in dist/config.json: "/dicom-web", "../dicom-web" or "https://pacs.example/dicom-web"
  --no-sample     leaves the sample case out
`;

try {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      archive: { type: "string" },
      "no-sample": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else {
    refuseOldNode();
    if (values.config !== undefined && (await readConfig(values.config)) === null)
      throw new StepFailed(`--config: there is no file ${values.config}.`);
    await alone(async () => {
      await installPackages();
      await makeSampleCase();
      await buildApp();
      const path = join(DIST, CONFIG_NAME);
      if (values.config !== undefined)
        await mkdir(DIST, { recursive: true }).then(() => copyFile(String(values.config), path));
      if (values.archive !== undefined) {
        const config = (await readConfig(path)) ?? {};
        const { archive } = config;
        const kept = typeof archive === "object" && archive !== null ? archive : {};
        await writeFile(
          path,
          `${JSON.stringify({ ...config, archive: { ...kept, url: values.archive } }, null, 2)}\n`,
        );
      }
      const { origins, url } = await finishSite(DIST);
      if (values["no-sample"]) await rm(join(DIST, "sample-case"), { recursive: true, force: true });
      process.stdout.write(
        `dist/ is ready; its archive: ${url ?? "none"}${origins.length > 0 ? ` (another origin: it must allow this page by CORS)` : ""}\n`,
      );
    });
  }
} catch (error) {
  const actionable = error instanceof StepFailed || (error instanceof TypeError && "code" in error);
  const text = error instanceof Error ? (actionable ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
