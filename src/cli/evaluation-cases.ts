// One case of the evaluation: makes it, lets the engine propose, and compares with the truth.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Vec3 } from "#core/space";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import type { RunMask } from "#voxels/mask";
import { emptyMask, voxelCount } from "#voxels/mask";
import { overlapCount, unionAll } from "#voxels/set-operations";
import { maskVolumeMm3 } from "#voxels/statistics";
import { propose } from "#cement/engine/propose";
import type { RealAnatomy } from "#sample-data/implant";
import { implant } from "#sample-data/implant";
import { makePhantom } from "#sample-data/make-phantom";
import type { PhantomOptions } from "#sample-data/phantom-options";
import { movedScan } from "#sample-data/moved-scan";
import { seededRandom } from "#sample-data/seeded-noise";
import { pelvisNifti, sacrumSeries, thinSlices } from "#sample-data/real-anatomies";
import { encodePng } from "./png.ts";
import { stacked, threePlanes } from "./three-planes.ts";

export type EvaluationTask =
  | {
      readonly stratum: string;
      readonly kind: "phantom";
      readonly options: Partial<PhantomOptions>;
      /** With an earlier CT of the same patient: moved, other slices, other noise. */
      readonly prior?: boolean;
    }
  | {
      readonly stratum: string;
      readonly kind: "implant";
      readonly anatomy: "pelvis" | "sacrum";
      /** Resampled to this step before anything is implanted; the scan's own slices where absent. */
      readonly resampledMm?: number;
      readonly seed: number;
      readonly shared: string;
    };

export interface LeakOutcome {
  readonly site: string;
  readonly volumeMm3: number;
  readonly found: boolean;
  readonly proposedSite: string | null;
  readonly estimateMm3: number | null;
  readonly ciMm3: readonly [number, number] | null;
  /** Of the best candidate; null where none was found. */
  readonly dice: number | null;
}

export interface CaseOutcome {
  readonly stratum: string;
  readonly label: string;
  readonly leaks: readonly LeakOutcome[];
  readonly falseCandidates: readonly string[];
  readonly intraosseousTruthMm3: number;
  readonly intraosseousEstimateMm3: number;
  readonly intraosseousCi: readonly [number, number];
  readonly thinSlices: boolean;
  readonly seconds: number;
  readonly picture: string | null;
}

interface KnownLeak {
  readonly site: string;
  readonly volumeMm3: number;
  /** Voxels at least half filled: what Dice is against. */
  readonly mask: RunMask;
  /** Voxels at least a tenth filled, of phantoms and implants alike: thin leaks fill no voxel of a thick slice by half. */
  readonly touched: RunMask;
}

interface KnownCase {
  readonly label: string;
  readonly volume: CtVolume;
  readonly prior?: CtVolume;
  readonly leaks: readonly KnownLeak[];
  readonly intraosseousMm3: number;
}

async function makeCase(task: EvaluationTask): Promise<KnownCase> {
  if (task.kind === "phantom") {
    const phantom = makePhantom(task.options, 0.25);
    const cut = task.options.case === "cut-off";
    return {
      label: `${task.stratum}-${task.options.seed}`,
      volume: phantom.volume,
      ...(task.prior ? { prior: earlierScan(task.options) } : {}),
      leaks: phantom.truth.leaks.map((leak) => {
        const { leaks, touchedByLeak } = phantom.masks;
        const none = emptyMask(phantom.volume.grid);
        const mask = leaks.get(leak.leakId) ?? none;
        // what lies beyond the scan cannot be found: there the truth is what was scanned
        const volumeMm3 = cut ? maskVolumeMm3(mask, phantom.volume.grid) : leak.volumeMm3;
        return { site: leak.site, volumeMm3, mask, touched: touchedByLeak.get(leak.leakId) ?? none };
      }),
      intraosseousMm3: cut
        ? [...phantom.masks.intraosseous.values()].reduce(
            (sum, mask) => sum + maskVolumeMm3(mask, phantom.volume.grid),
            0,
          )
        : phantom.truth.lesions.reduce((sum, lesion) => sum + lesion.volumeMm3, 0),
    };
  }
  const anatomy = await anatomyOf(task);
  const made = implant(anatomy, task.seed);
  return {
    label: `${task.stratum}-${task.seed}`,
    volume: made.volume,
    leaks: made.leaks,
    intraosseousMm3: made.intraosseous.volumeMm3,
  };
}

const anatomies = new Map<string, RealAnatomy>();

async function anatomyOf({
  anatomy,
  resampledMm,
  shared,
}: Extract<EvaluationTask, { kind: "implant" }>): Promise<RealAnatomy> {
  const key = `${anatomy} ${resampledMm ?? ""}`;
  const known = anatomies.get(key);
  if (known) return known;
  const scanned = anatomy === "pelvis" ? pelvisNifti(shared) : await sacrumSeries(shared);
  if (!scanned) throw new Error(`${shared}: no ${anatomy}`);
  const made = resampledMm === undefined ? scanned : thinSlices(scanned, resampledMm);
  anatomies.set(key, made);
  return made;
}

/** The patient before the procedure: elsewhere on the table, turned by up to 7 degrees, 2.5 mm slices of 0.9 mm pixels. */
function earlierScan(options: Partial<PhantomOptions>): CtVolume {
  const seed = (options.seed ?? 1) + 1;
  const random = seededRandom(seed, "earlier scan");
  const turn = () => random.between(-0.12, 0.12);
  return movedScan(makePhantom({ ...options, before: true }, 0.5).volume, {
    motion: {
      turn: [turn(), turn(), turn()],
      shiftMm: [random.between(-40, 40), random.between(-40, 40), random.between(-300, 300)],
    },
    pixelMm: 0.9,
    sliceMm: 2.5,
    noiseHu: 15,
    seed,
  });
}

/** A find counts when a quarter of the candidate lies on the leak; the candidate with the largest overlap is the leak's. */
export async function evaluateCase(task: EvaluationTask, pictures: string | null): Promise<CaseOutcome> {
  const known = await makeCase(task);
  const started = performance.now();
  const proposal = propose(known.volume, { prior: known.prior });
  const seconds = (performance.now() - started) / 1000;
  const { candidates } = proposal;
  const matched = new Set<number>();
  const leaks = known.leaks.map((leak): LeakOutcome => {
    let best = -1;
    let most = 0;
    candidates.forEach((candidate, n) => {
      const shared = overlapCount(candidate.mask, leak.touched);
      if (shared === 0 || shared < 0.25 * voxelCount(candidate.mask)) return;
      matched.add(n);
      if (shared > most) [most, best] = [shared, n];
    });
    const found = candidates[best];
    return {
      site: leak.site,
      volumeMm3: leak.volumeMm3,
      found: found !== undefined,
      proposedSite: found?.site ?? null,
      estimateMm3: found?.volumeEstimateMm3 ?? null,
      ciMm3: found?.volumeCi95Mm3 ?? null,
      dice: found
        ? (2 * overlapCount(found.mask, leak.mask)) /
          Math.max(1, voxelCount(found.mask) + voxelCount(leak.mask))
        : null,
    };
  });
  const wrong = candidates.filter((_, n) => !matched.has(n));
  const missed = known.leaks.filter((leak, n) => !leaks[n].found && leak.volumeMm3 >= 20);
  let picture: string | null = null;
  if (pictures && wrong.length + missed.length > 0) {
    mkdirSync(pictures, { recursive: true });
    picture = join(pictures, `${known.label}.png`);
    const outlines = [
      {
        mask: unionAll(
          known.volume.grid,
          known.leaks.map((leak) => leak.touched),
        ),
        rgb: [80, 160, 255] as const,
      },
      {
        mask: unionAll(
          known.volume.grid,
          candidates.map((candidate) => candidate.mask),
        ),
        rgb: [255, 210, 60] as const,
      },
    ];
    const places: Vec3[] = [
      ...wrong.map((candidate) => candidate.centroidMm),
      ...missed.map((leak) => centreOf(leak.touched, known.volume)),
    ];
    writeFileSync(
      picture,
      encodePng(stacked(places.slice(0, 6).map((at) => threePlanes(known.volume, at, outlines)))),
    );
  }
  return {
    stratum: task.stratum,
    label: known.label,
    leaks,
    falseCandidates: wrong.map((candidate) => candidate.reason.en),
    intraosseousTruthMm3: known.intraosseousMm3,
    intraosseousEstimateMm3: proposal.intraosseous.reduce((sum, part) => sum + part.volumeEstimateMm3, 0),
    intraosseousCi: [
      proposal.intraosseous.reduce((sum, part) => sum + part.volumeCi95Mm3[0], 0),
      proposal.intraosseous.reduce((sum, part) => sum + part.volumeCi95Mm3[1], 0),
    ],
    thinSlices:
      Math.abs(known.volume.grid.slicePositions[1][2] - known.volume.grid.slicePositions[0][2]) <= 1.25,
    seconds,
    picture,
  };
}

function centreOf(mask: RunMask, { grid }: CtVolume): Vec3 {
  let sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let k = 0; k < mask.slices; k++)
    for (let j = 0; j < mask.rows; j++)
      for (let n = mask.rowStart[k * mask.rows + j]; n < mask.rowStart[k * mask.rows + j + 1]; n++)
        for (let i = mask.start[n]; i < mask.end[n]; i++) {
          sum = [sum[0] + i, sum[1] + j, sum[2] + k];
          count++;
        }
  const c = Math.max(1, count);
  return patientFromVoxel(grid, sum[0] / c, sum[1] / c, sum[2] / c);
}
