// Makes a phantom: in process for tests and the evaluation, or as a folder of DICOM files with truth.json from the command line.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { RunMask } from "#voxels/mask";
import type { Vec3, VoxelGrid } from "#core/space";
import type { CtVolume } from "#core/volume";
import { COCCYX_TIP_MM } from "./anatomy.ts";
import { cementHu } from "./cement.ts";
import { seriesFiles } from "./dicom-series.ts";
import type { SeriesFile } from "./dicom-series.ts";
import { maskOf, occupy } from "./occupancy.ts";
import type { OccupiedVoxels } from "./occupancy.ts";
import { metalStreaks } from "./metalwork.ts";
import { gridInPosition, maskInPosition, voxelsInPosition } from "./patient-position.ts";
import { DEFAULT_OPTIONS, FILE_ORDERS, PATIENT_POSITIONS, PHANTOM_CASES } from "./phantom-options.ts";
import type { PhantomOptions } from "./phantom-options.ts";
import { vertebraTopMm } from "./pelvis.ts";
import { planCase } from "./plan-case.ts";
import type { PlannedCase } from "./plan-case.ts";
import { renderVolume } from "./render.ts";
import type { AxialGrid, CountedSolid } from "./render.ts";
import { seededRandom } from "./seeded-noise.ts";
import type { Solid } from "./shapes.ts";
import { tiltedScan } from "./tilted-scan.ts";
import { truthOf } from "./truth.ts";
import type { PhantomTruth } from "./truth.ts";

/** Voxels at least half filled unless told, on the CT grid. */
export interface TruthMasks {
  /** By leakId. */
  readonly leaks: ReadonlyMap<string, RunMask>;
  /** By leakId: the voxels at least a tenth filled. A vein fills no voxel of a thick slice by half. */
  readonly touchedByLeak: ReadonlyMap<string, RunMask>;
  /** By lesionId. */
  readonly intraosseous: ReadonlyMap<string, RunMask>;
  /** By mimicId. */
  readonly mimics: ReadonlyMap<string, RunMask>;
  /** The treated bone as its cortex bounds it: cavities in, canal and foramina out. */
  readonly boneEnvelope: RunMask;
}

export interface Phantom {
  readonly options: PhantomOptions;
  readonly volume: CtVolume;
  readonly truth: PhantomTruth;
  readonly masks: TruthMasks;
  /** The DICOM files, made as they are asked for. */
  files(): Generator<SeriesFile>;
}

const SCANNER = { blurMm: 0.6, lowestHu: -1024, highestHu: 3071 };

/** Makes the phantom of the given options (the rest as `DEFAULT_OPTIONS`). `truthStepMm` is the step of the exact volumes. */
export function makePhantom(asked: Partial<PhantomOptions> = {}, truthStepMm = 0.125): Phantom {
  const options: PhantomOptions = { ...DEFAULT_OPTIONS, ...asked };
  const { seed } = options;
  const planned = planCase(options);
  const axial = axialGrid(options, planned);
  const counted: CountedSolid[] = [];
  const count = (solid: Solid, hu: CountedSolid["hu"]): OccupiedVoxels => {
    const occupied = occupy(solid, axial);
    counted.push({ occupied, hu });
    return occupied;
  };
  const filled = (occupied: OccupiedVoxels, least?: number): RunMask =>
    maskInPosition(maskOf(occupied, axial.grid, least), options.position);
  const random = seededRandom(seed, "cement HU");
  const leaks = new Map<string, RunMask>();
  const touchedByLeak = new Map<string, RunMask>();
  const intraosseous = new Map<string, RunMask>();
  const mimics = new Map<string, RunMask>();
  for (const lesion of options.before ? [] : planned.lesions) {
    const inside = cementHu(seed, random.between(1700, 2100), 480);
    intraosseous.set(lesion.lesion.lesionId, filled(count(lesion.intraosseous, inside)));
    for (const leak of lesion.leaks) {
      const occupied = count(leak.solid, cementHu(seed, random.between(1500, 2100), 300));
      leaks.set(leak.leakId, filled(occupied));
      touchedByLeak.set(leak.leakId, filled(occupied, 0.1));
    }
  }
  const mimicsThen = planned.mimics.filter(({ kind }) => !options.before || kind !== "needle_fragment");
  for (const mimic of mimicsThen) mimics.set(mimic.mimicId, filled(count(mimic.solid, mimic.hu)));
  const envelope = occupy(planned.envelope, axial, 2);
  const hu = renderVolume(
    axial,
    planned.layers,
    counted,
    { ...SCANNER, noiseHu: options.noiseHu },
    seed,
    metalStreaks(counted, axial, seed),
  );
  let clipped = false;
  for (let n = 0; n < hu.length && !clipped; n++) clipped = hu[n] >= SCANNER.highestHu;
  const volume: CtVolume = {
    grid: gridInPosition(axial.grid, options.position),
    hu: voxelsInPosition(hu, axial.grid, options.position),
    storableHu: [SCANNER.lowestHu, SCANNER.highestHu],
    clippedAtHu: clipped ? SCANNER.highestHu : null,
  };
  return {
    options,
    volume,
    truth: truthOf(planned, options, truthStepMm, scannedZ(axial)),
    masks: {
      leaks,
      touchedByLeak,
      intraosseous,
      mimics,
      boneEnvelope: filled(envelope),
    },
    files: () => seriesFiles(volume, options),
  };
}

/** Patient z at which the scan of a case ends: L5 to coccyx, L3 to S1 for a vertebra, or through the cement. */
function scanRange(
  { case: chosen, seed }: PhantomOptions,
  { sacrum, lesions }: PlannedCase,
): readonly [number, number] {
  const zOf = (v: number, s: number) => sacrum.frame.patientFromSacral(0, v, s)[2];
  const top = zOf(20, chosen === "vertebral" ? vertebraTopMm(3) + 6 : vertebraTopMm(5) - 4);
  const low = Math.floor(
    chosen === "vertebral" ? zOf(10, 14) : zOf(0, COCCYX_TIP_MM * sacrum.parameters.height) - 8,
  );
  if (chosen !== "cut-off") return [low, top];
  const random = seededRandom(seed, "cut-off");
  const cement = lesions[0].lesion.centreMm[2] + random.between(-3, 3);
  return random.chance(0.7) ? [low, cement] : [cement, top];
}

const scannedZ = ({ grid, origin, spacing }: AxialGrid): readonly [number, number] => [
  origin[2] - spacing[2] / 2,
  origin[2] + (grid.slices - 0.5) * spacing[2],
];

function axialGrid(options: PhantomOptions, planned: PlannedCase): AxialGrid {
  const { columns, fovMm, sliceMm } = options;
  const pixelMm = fovMm / columns;
  const [low, top] = scanRange(options, planned);
  const slices = Math.ceil((top - low) / sliceMm);
  const origin: Vec3 = [
    (-(columns - 1) / 2) * pixelMm,
    options.fovCentreYMm - ((columns - 1) / 2) * pixelMm,
    low,
  ];
  const grid: VoxelGrid = {
    columns,
    rows: columns,
    slices,
    columnSpacingMm: pixelMm,
    rowSpacingMm: pixelMm,
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    slicePositions: Array.from({ length: slices }, (_, k): Vec3 => [origin[0], origin[1], low + k * sliceMm]),
  };
  return { grid, origin, spacing: [pixelMm, pixelMm, sliceMm] };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      seed: { type: "string" },
      case: { type: "string" },
      position: { type: "string" },
      "slice-mm": { type: "string" },
      columns: { type: "string" },
      "fov-mm": { type: "string" },
      order: { type: "string" },
      before: { type: "boolean" },
      tilt: { type: "string" },
    },
  });
  if (!values.out) {
    process.stderr.write(
      `Usage: npx tsx sample-data/make-phantom.ts --out FOLDER [--seed N] [--case ${PHANTOM_CASES.join("|")}]\n` +
        `  [--position ${PATIENT_POSITIONS.join("|")}] [--slice-mm 1] [--columns 512] [--fov-mm 358.4] [--order ascending|descending|shuffled] [--before] [--tilt DEGREES]\n`,
    );
    process.exit(2);
  }
  const choose = <T extends string>(
    name: string,
    value: string | undefined,
    from: readonly T[],
    usual: T,
  ): T => {
    if (value === undefined) return usual;
    const found = from.find((choice) => choice === value);
    if (found === undefined) throw new Error(`--${name} must be one of ${from.join(", ")}, not ${value}`);
    return found;
  };
  const numeric = (name: string, value: string | undefined, usual: number): number => {
    if (value === undefined) return usual;
    const parsed = Number(value);
    if (!Number.isFinite(parsed) || parsed < 0) throw new Error(`--${name} must be a number, not ${value}`);
    return parsed;
  };
  const started = performance.now();
  const usual = DEFAULT_OPTIONS;
  const options: PhantomOptions = {
    ...usual,
    seed: numeric("seed", values.seed, usual.seed),
    case: choose("case", values.case, PHANTOM_CASES, usual.case),
    position: choose("position", values.position, PATIENT_POSITIONS, usual.position),
    sliceMm: numeric("slice-mm", values["slice-mm"], usual.sliceMm),
    columns: numeric("columns", values.columns, usual.columns),
    fovMm: numeric("fov-mm", values["fov-mm"], usual.fovMm),
    fileOrder: choose("order", values.order, FILE_ORDERS, usual.fileOrder),
    before: values.before ?? usual.before,
  };
  const tiltDegrees = numeric("tilt", values.tilt, 0);
  // Tilted slices are cut from slices twice as thin.
  const phantom = makePhantom(
    tiltDegrees > 0 ? { ...options, sliceMm: options.sliceMm / 2, noiseHu: 0 } : options,
  );
  const series =
    tiltDegrees > 0
      ? seriesFiles(tiltedScan(phantom.volume, { ...options, tiltDegrees }), options, tiltDegrees)
      : phantom.files();
  const folder = join(values.out, "ct");
  await mkdir(folder, { recursive: true });
  let files = 0;
  for (const { fileName, bytes } of series) {
    await writeFile(join(folder, fileName), bytes);
    files++;
  }
  await writeFile(join(values.out, "truth.json"), `${JSON.stringify(phantom.truth, null, 1)}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${files} CT files and truth.json in ${values.out} (${seconds} s)\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
