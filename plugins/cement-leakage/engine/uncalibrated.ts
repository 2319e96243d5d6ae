// A proposal on values that are no HU: its sentences name relative values as such, and estimates that rest on HU are left out.
import type { LocalText } from "../model/sites.ts";

/** "1432 HU" as "relative value 1432": on such a CT the engine's figures stand on the scale of air and soft tissue (`CtVolume.relative`). */
export const relativeText = ({ en, zh }: LocalText): LocalText => ({
  en: en.replace(HU_FIGURE, (_, figure: string) => `relative value ${figure}`),
  zh: zh.replace(HU_FIGURE, (_, figure: string) => `相对值 ${figure}`),
});

/** "1432 HU", "812 of 1500 HU", "812 / 1500 HU". */
const HU_FIGURE = /(-?\d+(?:\.\d+)?(?: (?:of|\/) -?\d+(?:\.\d+)?)?) HU/g;

interface Worded {
  readonly reason: LocalText;
  readonly notes?: readonly LocalText[];
}

/** The same with relative values named as such. */
export function inRelativeWords<T extends Worded>(things: readonly T[]): T[] {
  return things.map((thing) => ({
    ...thing,
    reason: relativeText(thing.reason),
    ...(thing.notes ? { notes: thing.notes.map(relativeText) } : {}),
  }));
}
