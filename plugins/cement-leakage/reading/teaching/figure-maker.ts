// Figures of key images, drawn once for each picture while a teaching case is changed.
import type { CaseScene } from "../../teaching/case-scene.ts";
import { type Drawn, type Figure, drawnKey, drawnOf, figureOf } from "../../teaching/figure.ts";
import type { KeyImage } from "../../teaching/key-image.ts";

export type FigureMaker = (image: KeyImage) => Figure;

/** Pictures that are kept; those that were asked for longest ago go first. */
const MOST_DRAWN = 60;

/** Of one scene: what is changed of an image's words and arrows costs no drawing. */
export function figureMaker(scene: CaseScene): FigureMaker {
  const known = new Map<string, Drawn>();
  return (image) => {
    const key = drawnKey(image);
    const drawn = known.get(key) ?? drawnOf(scene, image);
    known.delete(key);
    known.set(key, drawn);
    for (const oldest of known.keys()) if (known.size > MOST_DRAWN) known.delete(oldest);
    return figureOf(image, drawn);
  };
}
