// A Chromium whose process belongs to the test, with a profile that outlives it: to be killed as a crash would, and started again.
import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { CHROMIUM_ARGUMENTS } from "../browser/browser.ts";
import { browserPath } from "../tools.mjs";

export interface OwnChromium {
  readonly page: Page;
  /** SIGKILL for the browser and all that it started, at once; resolves when it is gone. */
  kill(): Promise<void>;
}

const START_MS = 60_000;

/** Starts it on a profile folder with a page of that address. `kill()` it, or it outlives the test. */
export async function startChromium(profile: string, url: string): Promise<OwnChromium> {
  const executable = browserPath();
  if (!executable) throw new Error("No Chromium on this machine.");
  const portFile = join(profile, "DevToolsActivePort");
  await rm(portFile, { force: true });
  // The singleton links of the one that was killed: a new one would take it for alive.
  for (const name of ["SingletonLock", "SingletonSocket", "SingletonCookie"])
    await rm(join(profile, name), { force: true });
  const child = spawn(
    executable,
    [
      ...CHROMIUM_ARGUMENTS,
      ...["--headless", "--disable-dev-shm-usage", "--window-size=1440,900", "--no-default-browser-check"],
      ...["--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
    ],
    // Its own group, so that nothing of it is left.
    { stdio: "ignore", detached: true },
  );
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async (): Promise<void> => {
    if (child.pid && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
    await gone;
  };
  try {
    const browser = await connected(portFile);
    const [context] = browser.contexts();
    const page = context.pages()[0] ?? (await context.newPage());
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(url);
    return { page, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

async function connected(portFile: string): Promise<Browser> {
  const until = Date.now() + START_MS;
  for (;;) {
    const port = (await readFile(portFile, "utf8").catch(() => "")).split("\n")[0];
    if (port) return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    if (Date.now() > until) throw new Error(`Chromium did not open its port within ${START_MS / 1000} s.`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
