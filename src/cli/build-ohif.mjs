// `npm run build:ohif`: the modules that a prebuilt OHIF loads, in dist-ohif/; plugins/cement-leakage/ohif/README.md says where they go.
import { alone, buildForOhif, installPackages, refuseOldNode } from "./prepare.mjs";
import { StepFailed } from "./run-step.mjs";

try {
  refuseOldNode();
  await alone(async () => {
    await installPackages();
    await buildForOhif();
  });
  process.stdout.write(
    "dist-ohif/ is ready: put it beside OHIF as /cement/, and app-config.cement.js at the end of its app-config.js.\n",
  );
} catch (error) {
  const text =
    error instanceof Error ? (error instanceof StepFailed ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
