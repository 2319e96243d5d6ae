// Joining parts that are one leak, and splitting one that is two: one key, one undo step each.
import type { RunMask } from "#voxels/mask";
import { union } from "#voxels/set-operations";
import { gapBetween, pointsOf } from "../engine/shape.ts";
import { splitPart } from "../engine/split-part.ts";
import type { Part } from "../model/case-document.ts";
import { withNewPart } from "./find.ts";
import type { Reading } from "./reading.ts";
import { STEP, WHY } from "./words.ts";

/** Farther apart than this, two parts are not one trail. */
const JOIN_WITHIN_MM = 40;

export interface Rearranging {
  /** Joins the selected part with another one of the case. */
  mergeInto(partId: string): boolean;
  /** Joins the selected part with the nearest candidate or leak. */
  mergeNearest(): void;
  /** Splits the selected part where it is loose, else at its narrowest neck. */
  split(): void;
}

const JOIN_POINTS = 300;
const numberOf = (partId: string): number => Number(partId.slice(1));

/** What was measured on the whole is not true of a piece. */
function withoutMeasures(proposed: NonNullable<Part["proposed"]>): NonNullable<Part["proposed"]> {
  const { estimate: _estimate, geometry: _geometry, ...kept } = proposed;
  return kept;
}

/** Leaves `rest` to the part and makes each other piece a part of its own, in one undo step. */
export function landPieces(reading: Reading, part: Part, rest: RunMask, others: readonly RunMask[]): void {
  const first = `P${reading.document.get().next.part}`;
  const done = reading.change(STEP.split, (draft) => {
    let { document } = draft;
    draft.setMask(part.partId, rest);
    for (const piece of others)
      document = withNewPart(draft, document, piece, {
        newUid: reading.host.newUid,
        origin: part.origin === "proposed" ? "proposed" : "cut",
        role: part.role === "not_cement" ? "not_cement" : "undecided",
        lesionId: part.lesionId,
        componentId: part.componentId,
        ...(part.reason ? { reason: part.reason } : {}),
        ...(part.previous ? { previous: part.previous } : {}),
        ...(part.proposed ? { proposed: withoutMeasures(part.proposed) } : {}),
      });
    return document;
  });
  if (!done) return;
  if (part.role !== "undecided") reading.select(first);
  const names = [part.partId, ...others.map((_, n) => `P${numberOf(first) + n}`)];
  reading.host.notify(
    reading.say({
      en: `Split into ${names.length}: ${names.join(", ")}`,
      zh: `已拆分为 ${names.length} 部分：${names.join("、")}`,
    }),
    "success",
  );
}

export function createRearranging(reading: Reading): Rearranging {
  const { host } = reading;

  function mergeInto(partId: string, part = reading.selected()): boolean {
    if (!part || part.partId === partId) return false;
    const done = reading.change(STEP.merge, (draft) => {
      const mine = draft.mask(part.partId);
      const other = draft.mask(partId);
      if (mine) draft.setMask(partId, other ? union(other, mine) : mine);
      draft.deleteMask(part.partId);
      return {
        ...draft.document,
        parts: draft.document.parts.filter((entry) => entry.partId !== part.partId),
      };
    });
    if (done) reading.select(partId, { jump: false });
    return done;
  }

  return {
    mergeInto,
    mergeNearest() {
      const part = reading.selected();
      const { volume } = host.scene.get();
      const mine = part && reading.maskOf(part.partId);
      if (!part || !mine || !volume)
        return void host.notify(reading.say(part ? WHY.noVoxels : WHY.nothingSelected), "warning");
      const points = pointsOf(mine, volume.grid, JOIN_POINTS);
      const [nearest] = reading.document
        .get()
        .parts.flatMap((other) => {
          const mask = reading.maskOf(other.partId);
          if (
            other === part ||
            other.locked ||
            other.hidden ||
            !mask ||
            (other.role !== "undecided" && other.role !== "leak")
          )
            return [];
          return [{ other, mm: gapBetween(points, pointsOf(mask, volume.grid, JOIN_POINTS)) }];
        })
        .sort((a, b) => a.mm - b.mm);
      if (!nearest || nearest.mm > JOIN_WITHIN_MM)
        return void host.notify(reading.say(WHY.nothingToJoin), "warning");
      const { other, mm } = nearest;
      // what was decided already stays, and so does the part that the reader looks at
      const into = other.role === "leak" && part.role !== "leak" ? other.partId : part.partId;
      if (!mergeInto(into, into === part.partId ? other : part)) return;
      host.notify(
        reading.say({
          en: `Joined with ${other.partId}, ${mm.toFixed(0)} mm away, as ${into}`,
          zh: `已与 ${other.partId} 合并（相距 ${mm.toFixed(0)} mm），为 ${into}`,
        }),
        "success",
      );
    },
    split() {
      const part = reading.selected();
      const { volume } = host.scene.get();
      const mask = part && reading.maskOf(part.partId);
      if (!part || !mask || !volume)
        return void host.notify(reading.say(part ? WHY.noVoxels : WHY.nothingSelected), "warning");
      const [largest, ...others] = splitPart(mask, volume.grid);
      if (others.length === 0) return void host.notify(reading.say(WHY.noNeck), "warning");
      landPieces(reading, part, largest, others);
    },
  };
}
