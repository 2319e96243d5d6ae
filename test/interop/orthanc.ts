// A real Orthanc on loopback for the tests of the archive: its own folder, ports and settings; it can be killed and started again.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Debian's packages `orthanc` and `orthanc-dicomweb` put them. */
const PROGRAM = "/usr/sbin/Orthanc";
const PLUGINS = "/usr/share/orthanc/plugins";
const DICOMWEB = join(PLUGINS, "libOrthancDicomWeb.so");
const SERVE_FOLDERS = join(PLUGINS, "libServeFolders.so");
const START_MS = 20_000;

export const whyNoOrthanc: string | null = [PROGRAM, DICOMWEB, SERVE_FOLDERS].every((path) =>
  existsSync(path),
)
  ? null
  : "Orthanc with its DICOMweb and ServeFolders plugins is not installed (Debian: orthanc orthanc-dicomweb)";

interface User {
  readonly name: string;
  readonly password: string;
}

export interface OrthancOptions {
  /** Nobody is asked for name and password where it is left out. */
  readonly user?: User;
  /** A second one, who may only GET. */
  readonly onlyReads?: User;
  /** Served at /viewer. */
  readonly app?: string;
}

export interface Orthanc {
  /** "http://127.0.0.1:PORT/" */
  readonly url: string;
  readonly dicomWeb: string;
  /** Its REST interface, signed in. */
  rest(path: string, init?: RequestInit): Promise<Response>;
  /** As a power cut does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((accept, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => accept(typeof address === "object" && address ? address.port : 0));
    });
  });
}

export async function startOrthanc(options: OrthancOptions = {}): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), "clv-orthanc-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  await mkdir(join(folder, "db"));
  const { onlyReads } = options;
  if (onlyReads) await writeFile(join(folder, "filter.lua"), onlyGets(onlyReads.name));
  await writeFile(join(folder, "orthanc.json"), JSON.stringify(settings(folder, port, options)));
  const headers: Record<string, string> = options.user
    ? { authorization: `Basic ${btoa(`${options.user.name}:${options.user.password}`)}` }
    : {};
  const rest = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } });
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const log = await open(join(folder, "log"), "a");
    const started = spawn(PROGRAM, [join(folder, "orthanc.json")], { stdio: ["ignore", log.fd, log.fd] });
    child = started;
    const untilMs = Date.now() + START_MS;
    while (Date.now() < untilMs && started.exitCode === null) {
      const answer = await rest("system").catch(() => null);
      if (answer?.ok) {
        await log.close();
        return;
      }
      await new Promise((wake) => setTimeout(wake, 50));
    }
    await log.close();
    throw new Error(`Orthanc did not start; its log is ${join(folder, "log")}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = child;
    child = null;
    if (!ended || ended.exitCode !== null) return;
    const gone = new Promise((accept) => ended.once("exit", accept));
    ended.kill(signal);
    await gone;
  }

  await start();
  return {
    url,
    dicomWeb: `${url}dicom-web`,
    rest,
    kill: () => end("SIGKILL"),
    start,
    async stop() {
      await end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** No DICOM port (it would listen on every interface), no plugin that Orthanc 1.10 can be brought down with. */
function settings(folder: string, port: number, { user, onlyReads, app }: OrthancOptions): object {
  const users = [user, onlyReads].flatMap((one) => (one ? [[one.name, one.password]] : []));
  return {
    Name: "test",
    StorageDirectory: join(folder, "db"),
    IndexDirectory: join(folder, "db"),
    Plugins: [DICOMWEB, SERVE_FOLDERS],
    HttpPort: port,
    RemoteAccessAllowed: false,
    DicomServerEnabled: false,
    AuthenticationEnabled: users.length > 0,
    RegisteredUsers: Object.fromEntries(users),
    ...(onlyReads ? { LuaScripts: [join(folder, "filter.lua")] } : {}),
    OverwriteInstances: false,
    UnknownSopClassAccepted: true,
    DicomWeb: { Enable: true, Root: "/dicom-web/", StudiesMetadata: "Full", SeriesMetadata: "Full" },
    ...(app
      ? {
          ServeFolders: {
            AllowCache: false,
            Extensions: { ".mjs": "application/javascript", ".webmanifest": "application/manifest+json" },
            Folders: { "/viewer": app },
          },
        }
      : {}),
  };
}

/** Orthanc answers 403 where this gives false. */
const onlyGets = (name: string): string => `
function IncomingHttpRequestFilter(method, uri, ip, username, httpHeaders)
  return username ~= "${name}" or method == "GET"
end
`;
