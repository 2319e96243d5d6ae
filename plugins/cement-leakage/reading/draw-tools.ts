// The pointer tools: cut by a line or a contour, brush, eraser, and a brush that takes from other parts. Each gesture is one undo step and leaves no trace when cancelled.
import type { PointerSample, ToolImplementation } from "#contract";
import { distance, type VoxelGrid } from "#core/space";
import type { CtVolume } from "#core/volume";
import { difference, intersection, union, unionAll } from "#voxels/set-operations";
import { boundingBox } from "#voxels/box";
import { emptyMask, isEmpty, type RunMask } from "#voxels/mask";
import { capsuleMask } from "#voxels/paint";
import { maskVolumeMm3 } from "#voxels/statistics";
import { cutByContour, cutByLine } from "../engine/cut.ts";
import { withinHu } from "../engine/reshape.ts";
import { partOf, withPart, type CaseDocument, type Part } from "../model/case-document.ts";
import { volumeText } from "../model/measures.ts";
import { withLocalThreshold, withNewPart } from "./find.ts";
import type { CaseDraft, EditSettings, HuRange, Reading } from "./reading.ts";
import { STEP, WHY } from "./words.ts";

/** Pieces below this stay with the part they came from: noise on the cut, not a leak (DOMAIN §1.6: 5 mm3 is the least). */
const LEAST_PIECE_MM3 = 3;

/** Shows a mask instead of a part's own one while a gesture is under way; null ends it. */
export type Preview = (change: { partId: string | null; mask: RunMask } | null) => void;

export function cutTool(reading: Reading, gesture: "line" | "contour"): ToolImplementation {
  let points: PointerSample[] = [];
  return {
    begin: (sample) => void (points = [sample]),
    move: (samples) => void points.push(...samples),
    cancel: () => void (points = []),
    disabledReason: reading.whyNotVoxels,
    finish() {
      const drawn = points;
      points = [];
      const part = reading.selected();
      const mask = part && reading.maskOf(part.partId);
      const { volume } = reading.host.scene.get();
      if (!part || !mask || !volume || drawn.length < 2) return;
      const { normal } = drawn[0];
      const pieces =
        gesture === "line"
          ? cutByLine(mask, volume.grid, { from: drawn[0].at, to: drawn[drawn.length - 1].at, normal })
          : contourPieces(mask, volume.grid, drawn, reading.state.get().edit.cutDepth);
      landCut(reading, part, mask, volume.grid, pieces);
    },
  };
}

/**
 * Inside and outside of a contour; the smaller side is the piece that was meant: a lassoed leak, or what lies beyond a bone
 * contour. Through the shown slab only, it is what was drawn around.
 */
function contourPieces(
  mask: RunMask,
  grid: VoxelGrid,
  drawn: readonly PointerSample[],
  depth: EditSettings["cutDepth"],
): RunMask[] {
  const { inside, outside } = cutByContour(mask, grid, {
    polygon: drawn.map((sample) => sample.at),
    normal: drawn[0].normal,
    ...(depth === "shown" ? { halfDepthMm: drawn[0].halfThicknessMm } : {}),
  });
  if (depth === "shown") return isEmpty(outside) ? [inside] : [outside, inside];
  const sides = [inside, outside].filter((side) => !isEmpty(side));
  return sides.sort((a, b) => maskVolumeMm3(b, grid) - maskVolumeMm3(a, grid));
}

function landCut(
  reading: Reading,
  part: Part,
  mask: RunMask,
  grid: VoxelGrid,
  pieces: readonly RunMask[],
): void {
  const loose = pieces.slice(1).filter((piece) => maskVolumeMm3(piece, grid) >= LEAST_PIECE_MM3);
  if (loose.length === 0) {
    reading.host.notify(reading.say(WHY.cutMissed), "warning");
    return;
  }
  const first = `P${reading.document.get().next.part}`;
  const done = reading.change(STEP.cut, (draft) => {
    let document = draft.document;
    let rest = mask;
    for (const piece of loose) {
      rest = difference(rest, piece);
      document = withNewPart(draft, document, piece, {
        newUid: reading.host.newUid,
        origin: "cut",
        role: part.role === "not_cement" ? "not_cement" : "undecided",
        lesionId: part.lesionId,
        componentId: part.componentId,
        ...(part.previous ? { previous: part.previous } : {}),
      });
    }
    draft.setMask(part.partId, rest);
    const { volume } = reading.host.scene.get();
    if (volume && document.floorHu === document.proposedFloorHu)
      for (const added of document.parts.slice(draft.document.parts.length))
        document = withLocalThreshold(draft, document, added.partId, cementOf(document, draft, grid), volume);
    return document;
  });
  if (!done) return;
  reading.select(first, { jump: false });
  const size = volumeText(maskVolumeMm3(loose[0], grid));
  reading.host.notify(
    reading.say({
      en: `Cut off: ${size} is now part ${first}. Choose its site in the list, or say that it is intraosseous ({intraosseous}) or not cement ({not-cement})`,
      zh: `已切分：${size} 现为部分 ${first}。请在列表中选择部位，或判为骨内（{intraosseous}）或非骨水泥（{not-cement}）`,
    }),
    "success",
  );
}

/** A part whose last voxel is gone goes with it: nothing can be signed that has no voxels. */
export function withVoxels(
  draft: CaseDraft,
  document: CaseDocument,
  partId: string,
  mask: RunMask,
  changedSlices?: readonly [k0: number, k1: number],
): CaseDocument {
  if (!isEmpty(mask)) {
    draft.setMask(partId, mask, changedSlices);
    return document;
  }
  draft.deleteMask(partId);
  return { ...document, parts: document.parts.filter((part) => part.partId !== partId) };
}

/** All parts together. */
const cementOf = (document: CaseDocument, draft: CaseDraft, grid: VoxelGrid): RunMask =>
  unionAll(
    grid,
    document.parts.map((part) => draft.mask(part.partId)).filter((mask) => mask !== null),
  );

/** The lower bound of cement where this part is drawn: its own, else the case's; null before cement was searched. */
export const floorFor = (document: CaseDocument, part: Part | null): number | null =>
  part?.thresholdHu ?? document.floorHu;

/**
 * The samples of one pointer event that lie at least `stepMm` from the one before, and the last of all: a pointer tells its place a
 * thousand times a second, and each of them would be a mask of its own.
 */
export function thinned(
  samples: readonly PointerSample[],
  before: PointerSample | null,
  stepMm: number,
): PointerSample[] {
  let last = before;
  return samples.filter((sample, n) => {
    if (n < samples.length - 1 && last && distance(sample.at, last.at) < stepMm) return false;
    last = sample;
    return true;
  });
}

/** The voxels of a mask in the range; all of them where no floor is known yet. */
function inRange(mask: RunMask, volume: CtVolume, range: HuRange, floorHu: number | null): RunMask {
  if (range === "all" || floorHu === null) return mask;
  const [low, high] = range === "above" ? [floorHu, Infinity] : [-Infinity, Math.ceil(floorHu) - 1];
  return withinHu(mask, volume, low, high);
}

/**
 * Brush, eraser, or the brush that takes what it touches from other parts: a ball in 3D or a disc as deep as what is shown,
 * on voxels of the range that is set. Works on the selected part; painting without one starts a new one. Locked and hidden
 * parts keep their voxels.
 */
export function brushTool(
  reading: Reading,
  mode: "paint" | "erase" | "take",
  preview: Preview,
): ToolImplementation {
  let last: PointerSample | null = null;
  /** What is drawn and has not landed yet. */
  let stroke: RunMask | null = null;
  /** One for each stroke: its landings are one undo step. */
  let within = {};
  /** The stroke began with nothing selected and made the part that it goes on with. */
  let madeHere = false;
  /** The part that the stroke began on: a key pressed meanwhile may select another one. */
  let target: string | null = null;
  /** The part turned out to be locked or hidden when the stroke began: a tool stays active while parts change. */
  let barred = false;

  const masksOfOthers = (kept: boolean): RunMask[] =>
    reading.document.get().parts.flatMap((other) => {
      const isKept = other.locked === true || other.hidden === true;
      return other.partId === target || isKept !== kept ? [] : (reading.maskOf(other.partId) ?? []);
    });

  /** The part as it would be after the stroke so far. */
  function result(): {
    part: Part | null;
    mask: RunMask;
    changedSlices?: readonly [number, number];
  } | null {
    const { volume } = reading.host.scene.get();
    if (!volume || !stroke) return null;
    const part = target === null ? null : (partOf(reading.document.get(), target) ?? null);
    if (target !== null && part === null) return null; // undone or joined under the stroke
    const before = (part && reading.maskOf(part.partId)) ?? emptyMask(volume.grid);
    const box = boundingBox(stroke);
    const changedSlices = box ? ([box.k0, box.k1] as const) : undefined;
    const { edit } = reading.state.get();
    const range = mode === "paint" ? edit.paintRange : mode === "erase" ? edit.eraseRange : "all";
    const touched = inRange(stroke, volume, range, floorFor(reading.document.get(), part));
    if (mode === "erase") return { part, mask: difference(before, touched), changedSlices };
    if (mode === "take") {
      const theirs = masksOfOthers(false).map((mask) => intersection(mask, touched));
      return { part, mask: union(before, unionAll(volume.grid, theirs)), changedSlices };
    }
    const free = masksOfOthers(true).reduce(difference, touched);
    return { part, mask: union(before, free), changedSlices };
  }

  function extend(samples: readonly PointerSample[]): void {
    const { volume } = reading.host.scene.get();
    if (!volume || barred) return;
    const radiusMm = reading.host.tools.radiusMm.get();
    const flat = reading.state.get().edit.brushShape === "disc";
    for (const sample of thinned(samples, last, radiusMm / 4)) {
      const { at: point, normal, halfThicknessMm } = sample;
      const plane = flat ? { plane: { point, normal, halfThicknessMm } } : {};
      const piece = capsuleMask(volume.grid, (last ?? sample).at, point, radiusMm, plane);
      stroke = stroke ? union(stroke, piece) : piece;
      last = sample;
    }
    const now = result();
    if (now) preview({ partId: now.part?.partId ?? null, mask: now.mask });
  }

  function forget(): void {
    last = null;
    stroke = null;
    preview(null);
  }

  /** Lands what is drawn since the last landing; the part that a stroke made is the one it goes on with. */
  function land(): void {
    const now = result();
    stroke = null;
    if (!now) return;
    const { part, mask, changedSlices } = now;
    if (!part && (mode !== "paint" || isEmpty(mask))) return;
    let made: string | null = null;
    const done = reading.change(
      STEP[mode],
      (draft) => {
        let { document } = draft;
        if (mode !== "erase") {
          // A voxel belongs to one part only: what is painted here is taken from the others.
          for (const other of document.parts) {
            if (other.partId === part?.partId) continue;
            const theirs = draft.mask(other.partId);
            if (theirs && !isEmpty(intersection(theirs, mask)))
              document = withVoxels(draft, document, other.partId, difference(theirs, mask));
          }
        }
        if (part) {
          document = withVoxels(draft, document, part.partId, mask, changedSlices);
          return withPart(document, part.partId, (before) => ({
            ...before,
            origin: before.origin === "found" ? "painted" : before.origin,
          }));
        }
        made = `P${document.next.part}`;
        document = withNewPart(draft, document, mask, {
          newUid: reading.host.newUid,
          origin: "painted",
          role: "undecided",
          lesionId: null,
        });
        return document;
      },
      { within },
    );
    // Refused, and said so: the rest of the stroke would be refused again and again.
    if (!done) barred = true;
    if (made === null) return;
    target = made;
    madeHere = true;
    reading.select(made, { jump: false });
  }

  return {
    begin(sample) {
      within = {};
      const why = reading.selected() ? reading.whyNotVoxels() : null;
      barred = why !== null;
      if (why) return void reading.host.notify(why, "warning");
      target = reading.selected()?.partId ?? null;
      madeHere = false;
      extend([sample]);
    },
    move: extend,
    land() {
      land();
      // What has landed is drawn as it is.
      preview(null);
    },
    cancel() {
      forget();
      reading.host.withdraw(within);
      if (madeHere) reading.select(null, { jump: false });
    },
    disabledReason() {
      return mode === "paint" && !reading.selected() ? reading.whyNot() : reading.whyNotVoxels();
    },
    finish() {
      land();
      forget();
    },
  };
}
