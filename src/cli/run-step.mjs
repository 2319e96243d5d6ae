// Runs one program of a larger job: its output goes through, its failure names the step, a signal ends it too.
import { spawn } from "node:child_process";

/** A step of start or test that failed; `message` is meant for the person at the terminal. */
export class StepFailed extends Error {}

/**
 * @param {string} step what is being done, for the message
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string | undefined> }} options
 * @returns {Promise<void>} rejects with StepFailed when the program cannot be started or ends with another code than 0
 */
export function runStep(step, command, args, options) {
  return new Promise((accept, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "inherit", "inherit"],
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === "win32",
    });
    const stop = () => child.kill("SIGTERM");
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
    const done = () => {
      process.removeListener("SIGTERM", stop);
      process.removeListener("SIGINT", stop);
    };
    child.once("error", (error) => {
      done();
      reject(new StepFailed(`${step} failed: ${command} could not be started (${error.message})`));
    });
    child.once("close", (code, signal) => {
      done();
      if (code === 0) accept();
      else reject(new StepFailed(`${step} failed: ${command} ended with ${signal ?? `code ${code}`}`));
    });
  });
}
