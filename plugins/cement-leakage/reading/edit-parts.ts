// Editing a part's form by keys: pieces, growing, smoothing, filling, locking. Each is one undo step; slow ones are shown first.
import type { CtVolume } from "#core/volume";
import { spacingMm, voxelFromPatient } from "#core/space";
import { ballRows } from "#voxels/ball";
import { boundingBox, boxVoxels, growBoxMm } from "#voxels/box";
import { islandAt, largestIsland, splitIslands, withoutSmallIslands } from "#voxels/islands";
import { isEmpty, maskHas, type RunMask } from "#voxels/mask";
import { difference, equalMasks, intersection, union, unionAll } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";
import { reshape, type Reshaping } from "../engine/reshape.ts";
import type { RunCementJob } from "../jobs.ts";
import { partOf, withPart, type Part } from "../model/case-document.ts";
import { volumeText } from "../model/measures.ts";
import type { LocalText } from "../model/sites.ts";
import { floorFor, withVoxels, type Preview } from "./draw-tools.ts";
import type { EditSettings, Reading } from "./reading.ts";
import { landPieces } from "./rearrange.ts";
import { SETTING, STEP, WHY } from "./words.ts";

/** Pieces below it stay with the part when it is split (DOMAIN §1.6: 5 mm3 is the least leak), and no more pieces than a reader looks at. */
const LEAST_PIECE_MM3 = 3;
const MOST_PIECES = 30;
/** Voxels around a part above which a change takes about a tenth of a second: smoothing reads each row of a ball around each of them. */
const SLOW_VOXELS = 8_000_000;
const SLOW_BALL_ROWS = 8_000_000;

const MAKING: LocalText = {
  en: "Being made; it is shown when it is ready. Esc drops it",
  zh: "正在计算，完成后显示。按 Esc 放弃",
};

export interface Editing {
  setEdit(change: Partial<EditSettings>): void;
  toggleBrushShape(): void;
  /** The range of the eraser while it is the tool, else that of the brush: the floor's side, or any voxel. */
  toggleRange(): void;
  invertRange(): void;
  toggleCutDepth(): void;
  toggleGrowDense(): void;
  /** Keeps the piece at the crosshair, else the largest. */
  keepPiece(): void;
  removePiece(): void;
  removeSmall(): void;
  splitPieces(): void;
  /** Moves the piece at the crosshair to the part that was selected before, or to a named one. */
  movePiece(toPartId?: string): void;
  /** These five are done in the worker where they take long; the promise ends when what they make is shown. */
  grow(): Promise<void>;
  shrink(): Promise<void>;
  smooth(): Promise<void>;
  fillHoles(): Promise<void>;
  fillBetween(): Promise<void>;
  toggleLock(partId?: string): void;
  toggleHidden(partId?: string): void;
  /** Takes over what is shown and waits; false when nothing does. What is still being made goes on. */
  confirm(): boolean;
  /** Drops it, also while it is being made; false when nothing waits. */
  dismiss(): boolean;
  dispose(): void;
}

interface Selected {
  readonly part: Part;
  readonly mask: RunMask;
  readonly volume: CtVolume;
}

export function createEditing(
  reading: Reading,
  preview: Preview,
  slow = { voxels: SLOW_VOXELS, ballRows: SLOW_BALL_ROWS },
): Editing {
  const { host } = reading;
  const run = host.jobs.run as RunCementJob; // ids and types of this plugin's own table
  let making: { readonly partId: string; readonly stop: AbortController } | null = null;
  let waiting: (Selected & { readonly name: LocalText; readonly result: RunMask }) | null = null;

  const warn = (text: LocalText): void => host.notify(reading.say(text), "warning");
  const say = (text: LocalText): void => host.notify(reading.say(text), "info");
  const settings = (): EditSettings => reading.state.get().edit;
  function setEdit(change: Partial<EditSettings>): void {
    reading.setState({ edit: { ...settings(), ...change } });
  }

  /** The selected part with its voxels, or a word why not. */
  function selected(): Selected | null {
    const why = reading.whyNotVoxels();
    if (why) {
      host.notify(why, "warning");
      return null;
    }
    const part = reading.selected();
    const { volume } = host.scene.get();
    const mask = part && reading.maskOf(part.partId);
    if (part && mask && volume) return { part, mask, volume };
    warn(WHY.noVoxels);
    return null;
  }

  /** Voxels of all parts but this one, locked and hidden ones included: no part grows into another. */
  const othersOf = ({ part, volume }: Selected): RunMask =>
    unionAll(
      volume.grid,
      reading.document
        .get()
        .parts.flatMap((other) => (other.partId === part.partId ? [] : (reading.maskOf(other.partId) ?? []))),
    );

  function land(name: LocalText, { part }: Selected, result: RunMask): boolean {
    return reading.change(name, (draft) => {
      draft.setMask(part.partId, result);
      return withPart(draft.document, part.partId, (before) => ({
        ...before,
        origin: before.origin === "found" ? "painted" : before.origin,
      }));
    });
  }

  /** What comes of a change: no voxel of another part, not nothing, not the same; null with a word where it is none. */
  function changed(from: Selected, made: RunMask): RunMask | null {
    const result = union(intersection(made, from.mask), difference(made, othersOf(from)));
    if (isEmpty(result)) warn(WHY.wholePart);
    else if (equalMasks(result, from.mask)) say(WHY.nothingChanges);
    else return result;
    return null;
  }
  const sizesOf = ({ mask, volume }: Selected, result: RunMask): string =>
    [mask, result].map((each) => volumeText(maskVolumeMm3(each, volume.grid))).join(" → ");

  function landAtOnce(name: LocalText, from: Selected, made: RunMask): void {
    const result = changed(from, made);
    if (result && land(name, from, result))
      host.notify(`${reading.say(name)}: ${sizesOf(from, result)}`, "success");
  }

  /** Lands what `make` makes of the selected part. */
  function quick(name: LocalText, make: (from: Selected) => RunMask): void {
    dismiss();
    const from = selected();
    if (from) landAtOnce(name, from, make(from));
  }

  /** Lands a change of form at once, or makes it in the worker and shows it until the reader takes it over. */
  async function reshaped(
    name: LocalText,
    changeOf: (from: Selected) => Reshaping,
    isSlow: (from: Selected) => boolean,
  ): Promise<void> {
    dismiss();
    const from = selected();
    if (!from) return;
    const change = changeOf(from);
    if (!isSlow(from)) return landAtOnce(name, from, reshape(from.mask, from.volume, change));
    const mine = { partId: from.part.partId, stop: new AbortController() };
    const { signal } = mine.stop;
    making = mine;
    reading.setState({ waitingPartId: mine.partId });
    say(MAKING);
    let result: RunMask | null = null;
    try {
      const made = await run("cement-leakage/reshape", { mask: from.mask, change }, { signal });
      if (!signal.aborted) result = changed(from, made);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (making === mine) {
        making = null;
        if (!result) reading.setState({ waitingPartId: null });
      }
    }
    if (!result) return;
    waiting = { ...from, name, result };
    preview({ partId: from.part.partId, mask: result });
    const sizes = sizesOf(from, result);
    say({
      en: `${name.en}: ${sizes}. Take it over ({accept}) or drop it (Esc)`,
      zh: `${name.zh}：${sizes}。采用（{accept}）或放弃（Esc）`,
    });
  }

  function dismiss(): boolean {
    if (!making && !waiting) return false;
    making?.stop.abort(new DOMException("dropped by the reader", "AbortError"));
    making = null;
    waiting = null;
    reading.setState({ waitingPartId: null });
    preview(null);
    return true;
  }

  const around = ({ mask, volume }: Selected, mm: number): number => {
    const box = boundingBox(mask);
    return box ? boxVoxels(growBoxMm(box, mm, volume.grid)) : 0;
  };
  const slowWithin = (mm: number) => (from: Selected) => around(from, mm) > slow.voxels;

  /** The piece of the part that the crosshair is in. */
  function pieceAtFocus({ mask, volume }: Selected): RunMask | null {
    const focus = host.view.focus.get();
    if (!focus) return null;
    const [i, j, k] = voxelFromPatient(volume.grid, focus).map(Math.round);
    return maskHas(mask, i, j, k) ? islandAt(mask, i, j, k) : null;
  }

  /** The piece at the crosshair where it is not the whole part; else a word. */
  function loosePiece(from: Selected, whole: LocalText | null): RunMask | null {
    const piece = pieceAtFocus(from);
    if (!piece) warn(WHY.noPieceHere);
    else if (whole && equalMasks(piece, from.mask)) warn(whole);
    else return piece;
    return null;
  }

  function rangeKey(): "paintRange" | "eraseRange" {
    return host.tools.active.get() === "cement-leakage/erase" ? "eraseRange" : "paintRange";
  }
  function setRange(change: (now: EditSettings["paintRange"]) => EditSettings["paintRange"]): void {
    const key = rangeKey();
    const range = change(settings()[key]);
    setEdit({ [key]: range });
    say(reading.document.get().floorHu === null ? WHY.noFloorYet : SETTING.range[range]);
  }

  function flag(partId: string | undefined, key: "locked" | "hidden", on: LocalText, off: LocalText): void {
    const part = partId === undefined ? reading.selected() : partOf(reading.document.get(), partId);
    if (!part) return warn(WHY.nothingSelected);
    reading.change(part[key] ? off : on, (draft) =>
      withPart(draft.document, part.partId, ({ [key]: before, ...rest }) =>
        before ? rest : { ...rest, [key]: true },
      ),
    );
  }

  // What waits belongs to the case as it was: any other step, selection or case ends it.
  const stops = [
    reading.document.subscribe(() => void dismiss()),
    reading.state.subscribe(({ selectedPartId }) => {
      if (selectedPartId !== (making?.partId ?? waiting?.part.partId ?? selectedPartId)) dismiss();
    }),
  ];

  return {
    setEdit,
    toggleBrushShape() {
      const brushShape = settings().brushShape === "ball" ? "disc" : "ball";
      setEdit({ brushShape });
      say(SETTING.brushShape[brushShape]);
    },
    toggleRange: () => setRange((now) => (now === "all" ? "above" : "all")),
    invertRange: () => setRange((now) => (now === "below" ? "above" : "below")),
    toggleCutDepth() {
      const cutDepth = settings().cutDepth === "all" ? "shown" : "all";
      setEdit({ cutDepth });
      say(SETTING.cutDepth[cutDepth]);
    },
    toggleGrowDense() {
      const growDense = !settings().growDense;
      setEdit({ growDense });
      say(SETTING.growsInto[growDense ? "dense" : "any"]);
    },
    keepPiece: () => quick(STEP.keepPiece, (from) => pieceAtFocus(from) ?? largestIsland(from.mask)),
    removePiece() {
      const from = selected();
      const piece = from && loosePiece(from, WHY.wholePart);
      if (piece) quick(STEP.removePiece, ({ mask }) => difference(mask, piece));
    },
    removeSmall: () =>
      quick(STEP.removeSmall, ({ mask, volume }) =>
        withoutSmallIslands(mask, volume.grid, settings().smallMm3),
      ),
    splitPieces() {
      dismiss();
      const from = selected();
      if (!from) return;
      const [, ...others] = splitIslands(from.mask);
      const loose = others
        .filter((piece) => maskVolumeMm3(piece, from.volume.grid) >= LEAST_PIECE_MM3)
        .slice(0, MOST_PIECES);
      if (loose.length === 0) return warn(WHY.onePiece);
      landPieces(reading, from.part, loose.reduce(difference, from.mask), loose);
    },
    movePiece(toPartId) {
      dismiss();
      const from = selected();
      const piece = from && loosePiece(from, null);
      if (!from || !piece) return;
      const wanted = toPartId ?? reading.state.get().previousPartId;
      const to = wanted === null ? undefined : partOf(reading.document.get(), wanted);
      if (!to || to.partId === from.part.partId) return warn(WHY.noTarget);
      const done = reading.change(STEP.movePiece, (draft) => {
        const theirs = draft.mask(to.partId);
        draft.setMask(to.partId, theirs ? union(theirs, piece) : piece);
        const left = difference(from.mask, piece);
        return withVoxels(draft, draft.document, from.part.partId, left);
      });
      if (done) reading.select(to.partId, { jump: false });
    },
    grow() {
      const { stepMm, growDense } = settings();
      return reshaped(
        STEP.grow,
        ({ part }) => ({
          how: "grow",
          mm: stepMm,
          lowestHu: growDense ? floorFor(reading.document.get(), part) : null,
        }),
        slowWithin(stepMm),
      );
    },
    shrink: () => reshaped(STEP.shrink, () => ({ how: "shrink", mm: settings().stepMm }), slowWithin(0)),
    smooth() {
      const { smoothMm } = settings();
      return reshaped(
        STEP.smooth,
        () => ({ how: "smooth", mm: smoothMm }),
        (from) =>
          around(from, smoothMm) * ballRows(spacingMm(from.volume.grid), smoothMm).length > slow.ballRows,
      );
    },
    fillHoles: () => reshaped(STEP.fillHoles, () => ({ how: "fill-holes" }), slowWithin(0)),
    fillBetween: () => reshaped(STEP.fillBetween, () => ({ how: "fill-between" }), slowWithin(0)),
    toggleLock: (partId) => flag(partId, "locked", STEP.lock, STEP.unlock),
    toggleHidden: (partId) => flag(partId, "hidden", STEP.hide, STEP.show),
    confirm() {
      const ready = waiting;
      if (making) say(MAKING);
      if (!ready) return making !== null;
      dismiss();
      land(ready.name, ready, ready.result);
      return true;
    },
    dismiss,
    dispose: () => stops.forEach((stop) => stop()),
  };
}
