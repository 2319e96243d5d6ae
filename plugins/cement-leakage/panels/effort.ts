// How long a case took and how many keys and clicks: counted on this machine, shown at the end, never exported.
import { writable, type Readable } from "#core/readable";
import type { Reading } from "../reading/reading.ts";

export interface Effort {
  readonly keys: number;
  readonly clicks: number;
  /** ms since the case was opened, stopped at sign-off. */
  readonly elapsedMs: number;
}

export interface EffortCounter {
  readonly effort: Readable<Effort>;
  dispose(): void;
}

const none: Effort = { keys: 0, clicks: 0, elapsedMs: 0 };

export function countEffort(reading: Reading, page: Document): EffortCounter {
  const effort = writable<Effort>(none);
  let openedAt = reading.host.now().getTime();
  let series = reading.host.scene.get().series;
  const isOpen = (): boolean => reading.document.get().status === "draft";
  const add = (change: Partial<Pick<Effort, "keys" | "clicks">>): void => {
    if (!isOpen()) return;
    effort.set({ ...effort.get(), ...change, elapsedMs: reading.host.now().getTime() - openedAt });
  };
  const onKey = (): void => add({ keys: effort.get().keys + 1 });
  const onClick = (): void => add({ clicks: effort.get().clicks + 1 });
  page.addEventListener("keydown", onKey, true);
  page.addEventListener("pointerdown", onClick, true);
  const stop = reading.host.scene.subscribe((scene) => {
    if (scene.series === series) return;
    series = scene.series;
    openedAt = reading.host.now().getTime();
    effort.set(none);
  });
  return {
    effort,
    dispose() {
      page.removeEventListener("keydown", onKey, true);
      page.removeEventListener("pointerdown", onClick, true);
      stop();
    },
  };
}
