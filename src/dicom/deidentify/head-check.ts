// Keeps a head from leaving with a spine: which CT images may show one, by their shape, their names and how far they reach.
import { type Problem, problem } from "#core/problem";
import { type DataItem, itemsAt, numbersAt, textAt, uint16At } from "./data-elements.ts";
import { type PlacedSigns, headSigns, isSeenOver } from "./head-signs.ts";
import { LONGEST_WITHOUT_HEAD_MM, namesHead, reasonToLook } from "./object-gate.ts";

/** Slices nearer than this to one that was looked at are not looked at: thin ones show the same. */
const LOOKED_APART_MM = 2.5;

interface SeriesSeen {
  /** Of some slices. */
  readonly signs: PlacedSigns[];
  readonly alongMm: number[];
  named: boolean;
}

/** Told of each CT image that would leave, as it is stored, uncropped; says at the end whether a head may be among them. */
export class HeadCheck {
  readonly #series = new Map<string, SeriesSeen>();

  look(root: DataItem, pixels: Uint8Array | null): void {
    const uid = textAt(root, "0020000E");
    const seen = this.#series.get(uid) ?? { signs: [], alongMm: [], named: false };
    this.#series.set(uid, seen);
    seen.named ||= namesHead(root);
    if (reasonToLook(root) === "not-axial") seen.alongMm.push(...reachMm(root));
    else lookAt(root, pixels, seen);
  }

  /** "deidentify/shows-head" holds for good; "deidentify/may-show-head" asks for someone's word (`noHead`). */
  problem(noHead: boolean): Problem | null {
    for (const { signs, alongMm, named } of this.#series.values()) {
      const lengthMm = extent(alongMm);
      if (isSeenOver(signs, "skull")) {
        const skull = signs.filter((one) => one.skull).map((one) => one.alongMm);
        return problem("deidentify/shows-head", { lengthMm: extent(skull) });
      }
      const why = named
        ? "name"
        : lengthMm > LONGEST_WITHOUT_HEAD_MM
          ? "length"
          : isSeenOver(signs, "faceOrNeck")
            ? "neck"
            : null;
      if (why && !noHead) return problem("deidentify/may-show-head", { lengthMm, why });
    }
    return null;
  }
}

/** How far a localizer or reformat goes along the patient; what is on it, who looks at it sees. */
function reachMm(root: DataItem): number[] {
  const from = numbersAt(root, "00200032", 3);
  const direction = numbersAt(root, "00200037", 6);
  const spacing = numbersAt(root, "00280030", 2);
  if (!from || !direction || !spacing) return [];
  const down = (uint16At(root, "00280010") ?? 0) * spacing[0] * direction[5];
  const across = (uint16At(root, "00280011") ?? 0) * spacing[1] * direction[2];
  return [from[2], from[2] + down + across];
}

const extent = (places: readonly number[]): number =>
  places.length > 0 ? Math.round(Math.max(...places) - Math.min(...places)) : 0;

function lookAt(root: DataItem, pixels: Uint8Array | null, { signs, alongMm: places }: SeriesSeen): void {
  const rows = uint16At(root, "00280010") ?? 0;
  const columns = uint16At(root, "00280011") ?? 0;
  const [shared] = itemsAt(root, "52009229");
  const groups = itemsAt(root, "52009230");
  const frames = Math.max(1, groups.length);
  for (let frame = 0; frame < frames; frame++) {
    const within = [groups[frame], shared, root];
    const [place] = itemsAt(groups[frame] ?? new Map(), "00209113");
    const alongMm = numbersAt(place ?? root, "00200032", 3)?.[2];
    if (alongMm === undefined) continue;
    places.push(alongMm);
    if (signs.some((one) => Math.abs(one.alongMm - alongMm) < LOOKED_APART_MM)) continue;
    const spacing = firstNumbers(within, "00289110", "00280030", 2);
    const is16 = uint16At(root, "00280100") === 16 && pixels && pixels.length >= frames * rows * columns * 2;
    if (!is16 || !spacing) continue;
    const [rowMm, columnMm] = spacing;
    const hu = storedHu(root, within, pixels, frame * rows * columns);
    signs.push({ alongMm, ...headSigns({ rows, columns, rowMm, columnMm, hu }) });
  }
}

function storedHu(
  root: DataItem,
  within: readonly (DataItem | undefined)[],
  pixels: Uint8Array,
  first: number,
): (n: number) => number {
  const [intercept] = firstNumbers(within, "00289145", "00281052", 1) ?? [0];
  const [slope] = firstNumbers(within, "00289145", "00281053", 1) ?? [1];
  const signed = uint16At(root, "00280103") === 1;
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return (n) => {
    const at = 2 * (first + n);
    return (signed ? view.getInt16(at, true) : view.getUint16(at, true)) * slope + intercept;
  };
}

/** Of the first functional group (its item under `sequence`) or data set that has them. */
function firstNumbers(
  items: readonly (DataItem | undefined)[],
  sequence: string,
  tag: string,
  count: number,
): readonly number[] | null {
  for (const item of items) {
    if (!item) continue;
    const [inside] = itemsAt(item, sequence);
    const numbers = (inside && numbersAt(inside, tag, count)) ?? numbersAt(item, tag, count);
    if (numbers) return numbers;
  }
  return null;
}
