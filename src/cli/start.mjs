// `npm start`: installs what is missing, makes the sample case, builds, serves the app on this machine only.
import { parseArgs } from "node:util";
import { DIST, alone, buildApp, installPackages, makeSampleCase, refuseOldNode } from "./prepare.mjs";
import { StepFailed } from "./run-step.mjs";
import { serveFolder } from "./static-server.mjs";

const DEFAULT_PORT = 4173;

const HELP = `npm start [-- OPTIONS]
  --port N     listen on this port of 127.0.0.1 (default ${DEFAULT_PORT}, or the next free one; 0 is any)
  --no-serve   prepare only: packages, sample case, build
  --no-build   serve what is in dist/ as it is
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      "no-serve": { type: "boolean", default: false },
      "no-build": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535))
    throw new StepFailed(`--port wants a number from 0 to 65535, not "${values.port}".`);
  return { port, serve: !values["no-serve"], build: !values["no-build"], help: values.help };
}

/** @param {number | undefined} port */
async function serve(port) {
  const server = await serveFolder(DIST, {
    port: port ?? DEFAULT_PORT,
    nextWhenTaken: port === undefined,
  }).catch((/** @type {unknown} */ error) => {
    throw new StepFailed(`Serving dist/ failed: ${error instanceof Error ? error.message : String(error)}`);
  });
  process.stdout.write(
    `\nCement Leakage Viewer: ${server.url}\n(only from this machine; stop it with Ctrl-C)\n`,
  );
  const stop = () => void server.close().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

try {
  const options = readOptions();
  if (options.help) process.stdout.write(HELP);
  else {
    refuseOldNode();
    if (options.build)
      await alone(async () => {
        await installPackages();
        await makeSampleCase();
        await buildApp();
      });
    if (options.serve) await serve(options.port);
  }
} catch (error) {
  // What the person can act on in one line; a fault of ours with where it happened.
  const actionable = error instanceof StepFailed || (error instanceof TypeError && "code" in error);
  const text = error instanceof Error ? (actionable ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
