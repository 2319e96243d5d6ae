// After a new search for cement: what was decided stays decided, on the newly found voxels.
import type { VoxelGrid } from "#core/space";
import { isEmpty, type RunMask } from "#voxels/mask";
import { overlapCount, union } from "#voxels/set-operations";
import type { FoundPart } from "../engine/find-cement.ts";
import { regrow } from "../engine/regrow.ts";

export interface Carried {
  /** New voxels of each earlier part; one that vanished is missing. */
  readonly kept: ReadonlyMap<string, RunMask>;
  /** Parts that touch nothing earlier, with what the engine thinks of them. */
  readonly fresh: readonly { readonly mask: RunMask; readonly found: FoundPart }[];
}

/** `earlier` maps part ids to masks; a found part that holds several of them is divided by nearness along the cement. */
export function carryDecisions(
  earlier: ReadonlyMap<string, RunMask>,
  found: readonly FoundPart[],
  grid: VoxelGrid,
): Carried {
  const kept = new Map<string, RunMask>();
  const fresh: { mask: RunMask; found: FoundPart }[] = [];
  const give = (id: string, mask: RunMask): void => {
    if (isEmpty(mask)) return;
    const before = kept.get(id);
    kept.set(id, before ? union(before, mask) : mask);
  };
  for (const part of found) {
    const inside = new Map([...earlier].filter(([, mask]) => overlapCount(mask, part.mask) > 0));
    if (inside.size === 0) fresh.push({ mask: part.mask, found: part });
    else if (inside.size === 1) for (const id of inside.keys()) give(id, part.mask);
    else {
      const divided = regrow(inside, part.mask, grid);
      for (const [id, mask] of divided.carried) give(id, mask);
      for (const mask of divided.fresh) fresh.push({ mask, found: part });
    }
  }
  return { kept, fresh };
}
