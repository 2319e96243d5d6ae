// A real archive for tests: Orthanc on loopback through ../shared/check/orthanc.sh, in a folder of its own, killed and started by its pid.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROJECT_FOLDER } from "../../src/cli/prepare.mjs";
import { hasTool } from "./judges.ts";

const run = promisify(execFile);
const SCRIPT = join(PROJECT_FOLDER, "../shared/check/orthanc.sh");

export const hasOrthanc = (): boolean => existsSync(SCRIPT) && hasTool("Orthanc with DICOMweb");

export interface Orthanc {
  readonly dicomWebUrl: string;
  /** Ends the process at once, as a power cut would. What was stored stays. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it stored. */
  dispose(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((accept, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? accept(address.port) : reject(new Error("no port")),
      );
    });
  });

/** With `auth`, users viewer/viewer and readonly/readonly (who may only GET). */
export async function startOrthanc(options: { readonly auth?: boolean } = {}): Promise<Orthanc> {
  const folder = await mkdtemp(join(tmpdir(), "orthanc-"));
  const http = await freePort();
  const env = {
    ...process.env,
    RUN: folder,
    HTTP_PORT: String(http),
    DICOM_PORT: String(await freePort()),
    AUTH: options.auth ? "1" : "0",
  };
  const script = async (verb: string): Promise<void> => void (await run("bash", [SCRIPT, verb], { env }));
  const kill = async (): Promise<void> => {
    const pid = Number(await readFile(join(folder, "pid"), "utf8"));
    process.kill(pid, "SIGKILL");
    for (let n = 0; n < 200; n++) {
      try {
        process.kill(pid, 0);
      } catch {
        return;
      }
      await new Promise((go) => setTimeout(go, 20));
    }
  };
  await script("start");
  return {
    dicomWebUrl: `http://127.0.0.1:${http}/dicom-web`,
    kill,
    start: () => script("start"),
    async dispose() {
      await script("stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
