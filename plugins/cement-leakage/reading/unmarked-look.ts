// Before sign-off the reader sees the cement once without the engine's marks: what the engine missed shows itself only there.
import { voxelFromPatient } from "#core/space";
import { boundingBox } from "#voxels/box";
import type { Reading } from "./reading.ts";
import { STEP } from "./words.ts";

/** Share of the cement's height that must have been passed, and how many slices on the way count as a look: paging skips four of five. */
const SHARE_PASSED = 0.8;
const ENOUGH_SLICES = 10;
const PAGE_SLICES = 5;
const FEWEST_SLICES = 3;

/** Notes in the case, once, that the slices were drawn one by one with the marks off. Returns the stop. */
export function watchUnmarkedLook(reading: Reading): () => void {
  const { host } = reading;
  const seen = new Set<number>();
  const forget = (): void => seen.clear();

  function look(): void {
    const { volume } = host.scene.get();
    const at = host.view.seenUnmarked.get();
    const document = reading.document.get();
    if (!volume || !at) return;
    if (document.unmarkedLook || document.status !== "draft") return;
    seen.add(Math.round(voxelFromPatient(volume.grid, at)[2]));
    const range = cementSlices(reading);
    if (!range) return;
    const [first, last] = range;
    const passed = [...seen].filter((k) => k >= first && k <= last);
    const span = last - first + 1;
    const covered = passed.length === 0 ? 0 : Math.max(...passed) - Math.min(...passed) + 1;
    const paged = Math.max(FEWEST_SLICES, Math.floor((SHARE_PASSED * span) / PAGE_SLICES));
    if (covered < SHARE_PASSED * span || passed.length < Math.min(ENOUGH_SLICES, paged, span)) return;
    const done = reading.change(STEP.unmarkedLook, (draft) => ({ ...draft.document, unmarkedLook: true }));
    if (done)
      host.notify(
        reading.say({
          en: "Seen without marks: show them again ({host/overlays})",
          zh: "已无标记浏览：请重新显示标记（{host/overlays}）",
        }),
        "success",
      );
  }

  const stops = [host.view.seenUnmarked.subscribe(look), host.scene.subscribe(forget)];
  return () => stops.forEach((stop) => stop());
}

/** First and last slice of cement in bone and of what may have leaked. */
function cementSlices(reading: Reading): readonly [number, number] | null {
  let first = Infinity;
  let last = -Infinity;
  for (const part of reading.document.get().parts) {
    const mask = part.role === "not_cement" ? null : reading.maskOf(part.partId);
    const box = mask && boundingBox(mask);
    if (!box) continue;
    first = Math.min(first, box.k0);
    last = Math.max(last, box.k1 - 1);
  }
  return last < first ? null : [first, last];
}
