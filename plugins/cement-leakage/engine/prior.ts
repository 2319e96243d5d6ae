// What an earlier CT decides: cement, sclerosis and calcification that were already there are no news, and are kept out of everything.
import { moved } from "#core/rigid";
import type { Vec3 } from "#core/space";
import { add, patientFromVoxel, voxelFromPatient } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { forEachRun, RunBuilder } from "#voxels/mask";
import { dilate, open } from "#voxels/morphology";
import { sampleHu } from "#voxels/resample";
import { difference, intersection, unionAll } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";
import type { LocalText } from "../model/sites.ts";
import { groupsThatMoveAsOne, REGISTRATION_FAILURES } from "./align-prior.ts";
import type { DensePart, DenseParts } from "./cement-mask.ts";
import { withHalo } from "./cement-mask.ts";
import { partFeatures } from "./part-features.ts";
import type { Rejected } from "./proposal.ts";
import type { RegistrationResult } from "./register-prior.ts";
import { registerPrior } from "./register-prior.ts";
import { gapBetween, pointsOf } from "./shape.ts";

/** A lump that was already there. */
export interface PreviousPart extends DensePart {
  readonly reason: LocalText;
  /** As bright as cement on the earlier CT; else dense bone, sclerosis or the like. */
  readonly cement: boolean;
}

export interface PriorComparison {
  /** What became of the earlier CT, with the registration's error in words; null where none was given. */
  readonly note: LocalText | null;
  /** The dense parts without what was already there. */
  readonly dense: DenseParts;
  readonly previous: readonly PreviousPart[];
  /** Whether it was laid over this CT near any of its cement. */
  readonly compared: boolean;
  /** Whether the earlier CT was laid over this one near a patient point. */
  comparedAt(p: Vec3): boolean;
  /** Why a part is no news; null where it is new, or nothing could be compared. */
  already(mask: RunMask): LocalText | null;
  /** Whether a part that was already there is cement of the earlier procedure: as bright as cement there, and near its lumps. */
  isEarlierCement(mask: RunMask): boolean;
  /** Whether most of what a part has above soft tissue came since; false where nothing could be compared. */
  isNew(mask: RunMask): boolean;
}

/** What lies farther from any registered cement than this is not decided. */
const REACH_MM = 90;
/** Of what a part has above soft tissue, this much was there before. */
const WAS_THERE = 0.75;
/** Of what is new, no more than this: the blur of the cortex that it lies on. */
const CAME_SINCE = 0.35;
const SOFT_TISSUE_HU = 60;
/** Earlier cement was nearly as dense as the plateau of this one. */
const CEMENT_BRIGHT = 0.6;
const LEAST_PREVIOUS_MM3 = 150;
/** Sclerosis can be as dense as this share of the patient's dense bone; earlier cement is brighter. */
const BRIGHTER_THAN_BONE = 1.15;
/** A detached piece of earlier cement lies this near to a lump of it. */
const EARLIER_GAP_MM = 60;

interface Place {
  readonly points: readonly Vec3[];
  readonly result: RegistrationResult;
}

/**
 * Lays the earlier CT over this one near each group of dense lumps, and takes out those that were already there. Without an earlier CT,
 * or where its bones can't be matched, nothing is taken out and the note says so.
 */
export function compareWithPrior(
  volume: CtVolume,
  dense: DenseParts,
  prior: CtVolume | undefined,
  signal?: AbortSignal,
): PriorComparison {
  if (!prior) return undecided(dense, null);
  if (dense.main.length === 0)
    return undecided(dense, {
      en: "Earlier CT: not compared, nothing here is as dense as cement.",
      zh: "既往 CT：未比较，本次无骨水泥密度影。",
    });
  const places = registeredPlaces(volume, dense, prior, signal);
  const registered = places.flatMap(({ points, result }) => (result.ok ? [{ points, result }] : []));
  const note = noteOf(places);
  if (registered.length === 0) return undecided(dense, note);
  const registrationAt = (p: Vec3) => {
    const gaps = places.map(({ points }) => gapBetween(points, [p]));
    const nearest = gaps.indexOf(Math.min(...gaps));
    const { result } = places[nearest];
    return result.ok && gaps[nearest] <= REACH_MM ? result : null;
  };
  const priorHuOf = (mask: RunMask) => {
    const registration = registrationAt(middleOf(mask, volume));
    return registration && matchedHu(volume, prior, mask, registration);
  };
  const { plateauHu, denseBoneHu } = dense.floor;
  const isBright = ({ there }: Matched) =>
    upperQuartile(there) >= Math.max(CEMENT_BRIGHT * plateauHu, BRIGHTER_THAN_BONE * denseBoneHu);
  const already = (mask: RunMask): LocalText | null => {
    const there = priorHuOf(mask);
    if (!there || shareThere(there) < WAS_THERE) return null;
    return presentBefore(there);
  };
  const previous: PreviousPart[] = [];
  const main = dense.main.flatMap((part): DensePart[] => {
    signal?.throwIfAborted();
    const there = priorHuOf(part.mask);
    if (!there) return [part];
    if (shareThere(there) >= WAS_THERE) {
      const cement = isBright(there);
      previous.push({ ...part, cement, reason: cement ? previousCement(there) : presentBefore(there) });
      return [];
    }
    const old = oldCement(volume, part.mask, there, Math.min(dense.seedHu, CEMENT_BRIGHT * plateauHu));
    if (!old) return [part];
    const features = partFeatures(volume, old);
    previous.push({ mask: old, features, cement: true, reason: previousCement(there) });
    const rest = difference(part.mask, old);
    return [{ mask: rest, features: partFeatures(volume, rest) }];
  });
  if (main.length === 0)
    return undecided(dense, {
      en: "Earlier CT not used: all dense lumps of this CT are on it already. Is it really from before the procedure?",
      zh: "未使用既往 CT：本次全部致密影在其上均已存在。该 CT 确为术前所摄吗？",
    });
  const lumps = previous.flatMap(({ mask, cement }) => (cement ? pointsOf(mask, volume.grid, 200) : []));
  return {
    note,
    dense: { ...dense, main },
    previous,
    compared: true,
    comparedAt: (p) => registrationAt(p) !== null,
    already,
    isEarlierCement: (mask) => {
      const there = priorHuOf(mask);
      if (!there || shareThere(there) < WAS_THERE || !isBright(there)) return false;
      return gapBetween(lumps, pointsOf(mask, volume.grid, 100)) <= EARLIER_GAP_MM;
    },
    isNew: (mask) => {
      const there = priorHuOf(mask);
      return there !== null && shareThere(there) < CAME_SINCE;
    },
  };
}

const undecided = (dense: DenseParts, note: LocalText | null): PriorComparison => ({
  note,
  dense,
  previous: [],
  compared: false,
  comparedAt: () => false,
  already: () => null,
  isEarlierCement: () => false,
  isNew: () => false,
});

/** Registers at each group of lumps: the sacrum and a vertebra may have moved against each other since. */
function registeredPlaces(
  volume: CtVolume,
  dense: DenseParts,
  prior: CtVolume,
  signal?: AbortSignal,
): Place[] {
  const { grid } = volume;
  const groups = groupsThatMoveAsOne(
    dense.main.map((part) => part.mask),
    grid,
  );
  const everything = unionAll(
    grid,
    [...dense.main, ...dense.other, ...dense.metal].map((part) => part.mask),
  );
  const leftOut = withHalo(everything, volume, 400);
  const results = registerPrior(volume, prior, groups, leftOut, signal);
  return groups.map((points, n) => ({ points, result: results[n] }));
}

function meanOf(points: readonly Vec3[]): Vec3 {
  const sum = points.reduce<Vec3>((a, p) => add(a, p), [0, 0, 0]);
  const count = Math.max(1, points.length);
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

const middleOf = (mask: RunMask, { grid }: CtVolume): Vec3 => meanOf(pointsOf(mask, grid, 300));

/** HU here and on the earlier CT, voxel by voxel in the order of the mask's runs. */
interface Matched {
  readonly here: Int16Array;
  readonly there: Float32Array;
}

/**
 * The earlier HU at a part's voxels. The registration is off by a fraction of a millimetre: the part with 2 mm around it is shifted by
 * up to that much to where the two scans agree best, so that a thin calcification meets itself.
 */
function matchedHu(
  volume: CtVolume,
  prior: CtVolume,
  mask: RunMask,
  { toPrior, errorMm }: Extract<RegistrationResult, { ok: true }>,
): Matched | null {
  const { grid, hu } = volume;
  const huAt = (p: Vec3) => sampleHu(prior, ...voxelFromPatient(prior.grid, p), NaN);
  const around = sampledPlaces(volume, dilate(mask, grid, 2), 1500);
  const step = Math.max(0.4, Math.min(1.2, errorMm));
  let best: Vec3 = [0, 0, 0];
  let least = Infinity;
  for (const z of [0, -step, step])
    for (const y of [0, -step, step])
      for (const x of [0, -step, step]) {
        let sum = 0;
        let count = 0;
        for (const place of around) {
          const value = huAt(add(moved(toPrior, place.p), [x, y, z]));
          if (Number.isNaN(value)) continue;
          sum += Math.min(400, Math.abs(value - place.hu));
          count++;
        }
        if (count < 0.8 * around.length || count === 0) continue;
        // a shift has to earn its place
        const cost = sum / count + 4 * Math.hypot(x, y, z);
        if (cost < least) [least, best] = [cost, [x, y, z]];
      }
  if (least === Infinity) return null;
  const here: number[] = [];
  const there: number[] = [];
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++) {
      here.push(hu[(k * grid.rows + j) * grid.columns + i]);
      there.push(huAt(add(moved(toPrior, patientFromVoxel(grid, i, j, k)), best)));
    }
  });
  return { here: Int16Array.from(here), there: Float32Array.from(there) };
}

function sampledPlaces({ grid, hu }: CtVolume, mask: RunMask, most: number): { p: Vec3; hu: number }[] {
  const places: { p: Vec3; hu: number }[] = [];
  let voxels = 0;
  forEachRun(mask, (_j, _k, start, end) => void (voxels += end - start));
  const every = Math.max(1, voxels / most);
  let seen = 0;
  let next = 0;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++, seen++) {
      if (seen < next) continue;
      next += every;
      places.push({ p: patientFromVoxel(grid, i, j, k), hu: hu[(k * grid.rows + j) * grid.columns + i] });
    }
  });
  return places;
}

/** Of what the part has above soft tissue here, the share that the earlier CT has at the same voxels, 0 to 1. */
function shareThere({ here, there }: Matched): number {
  let both = 0;
  let all = 0;
  for (let n = 0; n < here.length; n++) {
    const above = Math.max(0, here[n] - SOFT_TISSUE_HU);
    all += above;
    if (!Number.isNaN(there[n])) both += Math.max(0, Math.min(above, there[n] - SOFT_TISSUE_HU));
  }
  return all > 0 ? both / all : 0;
}

function upperQuartile(values: Float32Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known.length === 0 ? 0 : Math.round(known[Math.floor(0.75 * (known.length - 1))]);
}

const presentBefore = ({ there }: Matched): LocalText => ({
  en: `Already on the earlier CT, as dense at the same place (${upperQuartile(there)} HU): bone, sclerosis, calcification or earlier cement`,
  zh: `既往 CT 同一部位已同样致密（${upperQuartile(there)} HU）：骨质、硬化、钙化或既往骨水泥`,
});

const previousCement = ({ there }: Matched): LocalText => ({
  en: `Already on the earlier CT (${upperQuartile(there)} HU): cement of an earlier procedure, or a lump as dense; kept out of volumes and rates`,
  zh: `既往 CT 已存在（${upperQuartile(there)} HU）：既往手术骨水泥或同等致密影；不计入体积和发生率`,
});

/** The lump of earlier cement that new cement has joined; null where there is none worth the name, or nothing else is left. */
function oldCement(
  volume: CtVolume,
  mask: RunMask,
  { here, there }: Matched,
  leastHu: number,
): RunMask | null {
  const { grid } = volume;
  const builder = new RunBuilder(grid);
  let n = 0;
  forEachRun(mask, (j, k, start, end) => {
    for (let i = start; i < end; i++, n++)
      if (there[n] >= leastHu && there[n] >= WAS_THERE * here[n]) builder.add(k * grid.rows + j, i, i + 1);
  });
  const core = open(builder.finish(), grid, 1.2);
  if (maskVolumeMm3(core, grid) < LEAST_PREVIOUS_MM3) return null;
  // the rim of old cement is old as well: a thin shell left over by blur is no new cement
  const old = intersection(mask, dilate(core, grid, 1.2));
  const fresh = open(difference(mask, old), grid, 1);
  return maskVolumeMm3(fresh, grid) < LEAST_PREVIOUS_MM3 / 2 ? mask : old;
}

function noteOf(places: readonly Place[]): LocalText {
  const good = places.flatMap(({ result }) => (result.ok ? [result] : []));
  const bad = places.flatMap(({ result }) => (result.ok ? [] : [result]));
  if (good.length === 0) {
    const [{ reason, errorMm }] = bad;
    const off = errorMm === null ? "" : ` (${errorMm.toFixed(1)} mm)`;
    return {
      en: `Earlier CT not used: ${REGISTRATION_FAILURES[reason].en}${off}. What only it could decide is marked no prior.`,
      zh: `未使用既往 CT：${REGISTRATION_FAILURES[reason].zh}${off}。仅能由其判定者标为“无既往 CT”。`,
    };
  }
  const worst = Math.max(...good.map(({ errorMm }) => errorMm)).toFixed(1);
  const overlap = Math.round(100 * Math.min(...good.map((one) => one.overlap)));
  const partly =
    bad.length > 0
      ? {
          en: ` At ${bad.length} of ${places.length} places with dense lumps it could not be matched.`,
          zh: ` ${places.length} 处致密影中有 ${bad.length} 处无法配准。`,
        }
      : { en: "", zh: "" };
  return {
    en: `Earlier CT compared: bones near the cement matched with a mean surface distance of ${worst} mm (${overlap} % of them lie in it).${partly.en}`,
    zh: `已与既往 CT 比较：骨水泥附近骨面配准，平均面距 ${worst} mm（其中 ${overlap} % 在其扫描范围内）。${partly.zh}`,
  };
}

/** Smaller parts are specks; nothing is said of the earlier CT. */
const LEAST_MM3 = 5;

/**
 * The rejected parts with the earlier CT's word on each: already there, not there, or no prior. What was there before is no alert.
 * `notes` lose the reasons of alerts that are none.
 */
export function decidedByPrior(
  earlier: PriorComparison,
  rejected: readonly Rejected[],
  notes: readonly LocalText[],
): { readonly rejected: Rejected[]; readonly notes: LocalText[] } {
  const rewritten = new Map<LocalText, LocalText | null>();
  const known = new Map(earlier.previous.map(({ mask, cement }) => [mask, cement]));
  const decided = rejected.map((part): Rejected => {
    if (part.kind === "metal" || part.volumeMm3 < LEAST_MM3) return part;
    const lump = known.get(part.mask);
    if (lump !== undefined) return lump ? { ...part, kind: "previous" } : part;
    const already = earlier.already(part.mask);
    const compared = earlier.comparedAt(part.centroidMm);
    const reason =
      already ??
      (compared
        ? marked(part.reason, "not on the earlier CT", "既往 CT 未见")
        : marked(part.reason, "no prior", "无既往 CT"));
    if (part.kind === "alert") rewritten.set(part.reason, already ? null : reason);
    const { kind, ...rest } = part;
    if (!already) return { ...rest, ...(kind ? { kind } : {}), reason };
    return { ...rest, ...(earlier.isEarlierCement(part.mask) ? { kind: "previous" } : {}), reason };
  });
  const said = notes.flatMap((note) => {
    const now = rewritten.get(note);
    return now === undefined ? [note] : now === null ? [] : [now];
  });
  return { rejected: decided, notes: said };
}

const marked = (reason: LocalText, en: string, zh: string): LocalText =>
  reason.en.startsWith("Already on the earlier CT")
    ? reason
    : { en: `${reason.en} (${en})`, zh: `${reason.zh}（${zh}）` };
