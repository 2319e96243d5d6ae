// A stroke lands while it is drawn: what a crash may cost is what was drawn in the last second, however long the pointer is held down.
import type { ToolImplementation } from "./contract.ts";
import type { GestureSink } from "./viewport-port.ts";

/** How old what is drawn and not landed may become: the rest of a second is for writing it, on a machine with other work too. */
const LAND_AFTER_MS = 500;

/** The tool as the pointer's path is handed to it; `land` is called while the pointer is down, where the tool has it. */
export function landingSink(tool: ToolImplementation): GestureSink {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sinceMs = 0;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const land = (): void => {
    stop();
    tool.land?.();
  };
  const landSoon = (): void => {
    if (!tool.land) return;
    if (timer === undefined) {
      sinceMs = Date.now();
      timer = setTimeout(land, LAND_AFTER_MS);
      // Where the pointer keeps a slow machine busy, its timers come late.
    } else if (Date.now() - sinceMs >= LAND_AFTER_MS) land();
  };
  return {
    begin(sample) {
      stop();
      tool.begin(sample);
      landSoon();
    },
    move(samples) {
      tool.move(samples);
      landSoon();
    },
    finish() {
      stop();
      tool.finish();
    },
    cancel() {
      stop();
      tool.cancel();
    },
  };
}
