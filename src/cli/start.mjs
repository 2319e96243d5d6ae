// `npm start`: installs what is missing, makes the sample case, builds, serves the app on this machine only.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DIST, alone, buildApp, installPackages, makeSampleCase, refuseOldNode } from "./prepare.mjs";
import { archiveProxy } from "./archive-proxy.mjs";
import { archiveOrigins } from "./page-policy.mjs";
import { StepFailed } from "./run-step.mjs";
import { CONFIG_NAME, readConfig } from "./site-config.mjs";
import { serveFolder } from "./static-server.mjs";

const DEFAULT_PORT = 4173;
const ARCHIVE_PATH = "/dicom-web/";

const HELP = `npm start [-- OPTIONS]
  --port N     listen on this port of 127.0.0.1 (default ${DEFAULT_PORT}, or the next free one; 0 is any)
  --archive URL  a DICOMweb archive ("http://127.0.0.1:8042/dicom-web"), which the page meets at /dicom-web/ of this server
  --no-serve   prepare only: packages, sample case, build
  --no-build   serve what is in dist/ as it is
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      archive: { type: "string" },
      "no-serve": { type: "boolean", default: false },
      "no-build": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535))
    throw new StepFailed(`--port wants a number from 0 to 65535, not "${values.port}".`);
  const { archive } = values;
  if (archive !== undefined && !(URL.canParse(archive) && /^https?:$/.test(new URL(archive).protocol)))
    throw new StepFailed(`--archive wants an http or https address, not "${archive}".`);
  return { port, archive, serve: !values["no-serve"], build: !values["no-build"], help: values.help };
}

/**
 * With an archive named: its requests are passed on, and the page is told that it is here.
 * @param {string} archive
 * @param {Record<string, unknown>} config
 */
function archiveHere(archive, config) {
  const pass = archiveProxy(archive, ARCHIVE_PATH);
  const kept = typeof config.archive === "object" ? config.archive : {};
  const text = JSON.stringify({ ...config, archive: { login: "password", ...kept, url: ARCHIVE_PATH } });
  /** @type {NonNullable<Parameters<typeof serveFolder>[1]>["before"]} */
  const before = (request, response) => {
    if (request.url !== `/${CONFIG_NAME}`) return pass(request, response);
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache" }).end(text);
    return true;
  };
  return before;
}

/** @param {number | undefined} port @param {string | undefined} archive */
async function serve(port, archive) {
  const config = (await readConfig(join(DIST, CONFIG_NAME))) ?? {};
  const server = await serveFolder(DIST, {
    port: port ?? DEFAULT_PORT,
    nextWhenTaken: port === undefined,
    ...(archive === undefined
      ? { archives: archiveOrigins(config) }
      : { before: archiveHere(archive, config) }),
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
    if (options.serve) await serve(options.port, options.archive);
  }
} catch (error) {
  // What the person can act on in one line; a fault of ours with where it happened.
  const actionable = error instanceof StepFailed || (error instanceof TypeError && "code" in error);
  const text = error instanceof Error ? (actionable ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
