// What became of the patients: VAS, ODI, KPS and analgesics at their time points, from a list with pseudonyms (DOMAIN §0, §7).
import { readCsv } from "./csv.ts";
import { meanOf, pairedT, signedRank, type MeanOf, type Pair } from "./paired.ts";
import { proportion, type Proportion } from "./proportions.ts";

export const SCALES = ["vas", "odi", "kps", "analgesic"] as const;
export type Scale = (typeof SCALES)[number];
const RANGE: Readonly<Record<Scale, readonly [number, number]>> = {
  vas: [0, 10],
  odi: [0, 100],
  kps: [0, 100],
  analgesic: [0, 3],
};

export interface PatientOutcome {
  /** By time point in the order of the list ("baseline", "day 3"); a missing value is not there. */
  readonly values: ReadonlyMap<string, Partial<Record<Scale, number>>>;
  readonly reintervention?: boolean;
  readonly eventIn30Days?: boolean;
}

export interface OutcomeList {
  readonly patients: ReadonlyMap<string, PatientOutcome>;
  readonly timePoints: readonly string[];
  /** Line and what is wrong with it; that line is left out. */
  readonly faults: readonly { readonly line: number; readonly why: string }[];
}

export const BASELINE = "baseline";

/**
 * Columns pseudonym, timepoint, vas, odi, kps, analgesic (0 none, 1 non-opioid, 2 weak, 3 strong opioid), reintervention, event30days
 * (yes or no); one line a patient and time point. Throws Error where pseudonym or timepoint is no column.
 */
export function readOutcomes(csv: string): OutcomeList {
  const { columns, rows } = readCsv(csv);
  for (const wanted of ["pseudonym", "timepoint"])
    if (!columns.includes(wanted)) throw new Error(`the list of outcomes has no column ${wanted}`);
  const patients = new Map<string, Gathered>();
  const timePoints: string[] = [];
  const faults: { line: number; why: string }[] = [];
  for (const { line, cells } of rows) {
    const { pseudonym, timepoint } = cells;
    const values: Partial<Record<Scale, number>> = {};
    const why = scaleFault(cells, values);
    if (pseudonym === "" || timepoint === "" || why) {
      faults.push({ line, why: why ?? "pseudonym or time point is empty" });
      continue;
    }
    if (!timePoints.includes(timepoint)) timePoints.push(timepoint);
    const patient: Gathered = patients.get(pseudonym) ?? { values: new Map() };
    if (patient.values.has(timepoint)) {
      faults.push({ line, why: `${pseudonym} has two lines for ${timepoint}` });
      continue;
    }
    patient.values.set(timepoint, values);
    const reintervention = yesNo(cells.reintervention);
    const event = yesNo(cells.event30days);
    if (reintervention !== undefined) patient.reintervention = reintervention;
    if (event !== undefined) patient.eventIn30Days = event;
    patients.set(pseudonym, patient);
  }
  return { patients, timePoints, faults };
}

interface Gathered {
  readonly values: Map<string, Partial<Record<Scale, number>>>;
  reintervention?: boolean;
  eventIn30Days?: boolean;
}

function scaleFault(
  cells: Readonly<Record<string, string>>,
  values: Partial<Record<Scale, number>>,
): string | null {
  for (const scale of SCALES) {
    const cell = cells[scale];
    if (cell === undefined || cell === "") continue;
    const value = Number(cell.replace(",", "."));
    const [low, high] = RANGE[scale];
    if (!(value >= low && value <= high)) return `${scale} ${cell} is not between ${low} and ${high}`;
    values[scale] = value;
  }
  return null;
}

const yesNo = (cell: string | undefined): boolean | undefined =>
  /^(yes|y|true|1|是)$/i.test(cell ?? "")
    ? true
    : /^(no|n|false|0|否)$/i.test(cell ?? "")
      ? false
      : undefined;

export interface OutcomeLine {
  readonly timePoint: string;
  /** Patients of the cohort with a value here: the number at risk of being counted. */
  readonly all: MeanOf | null;
  readonly n: number;
  readonly missing: number;
  /** Quartiles and ends, for the box plot. */
  readonly five: readonly [number, number, number, number, number] | null;
  /** Against baseline, of patients with both. */
  readonly change: {
    readonly pairs: number;
    readonly mean: MeanOf | null;
    readonly t: ReturnType<typeof pairedT>;
    readonly wilcoxon: ReturnType<typeof signedRank>;
  } | null;
}

/** One scale over the time points, of these patients. */
export function outcomeLines(
  list: OutcomeList,
  patients: readonly string[],
  scale: Scale,
): readonly OutcomeLine[] {
  const valueAt = (patient: string, timePoint: string): number | undefined =>
    list.patients.get(patient)?.values.get(timePoint)?.[scale];
  return list.timePoints.map((timePoint): OutcomeLine => {
    const values = patients.flatMap((patient) => valueAt(patient, timePoint) ?? []);
    const pairs = patients.flatMap((patient): Pair[] => {
      const [before, after] = [valueAt(patient, BASELINE), valueAt(patient, timePoint)];
      return before === undefined || after === undefined ? [] : [[before, after]];
    });
    return {
      timePoint,
      all: meanOf(values),
      n: values.length,
      missing: patients.length - values.length,
      five: values.length > 0 ? fiveNumbers(values) : null,
      change:
        timePoint === BASELINE
          ? null
          : {
              pairs: pairs.length,
              mean: meanOf(pairs.map(([before, after]) => after - before)),
              t: pairedT(pairs),
              wilcoxon: signedRank(pairs),
            },
    };
  });
}

/** Least, first quartile, median, third quartile, most (R's type 7). */
export function fiveNumbers(values: readonly number[]): readonly [number, number, number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
  };
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)];
}

/** VAS has fallen by at least this much from baseline (Tian 2020). */
export const RELIEF_VAS = 3;

/** Patients with relief of those with both values. */
export function painRelief(list: OutcomeList, patients: readonly string[], timePoint: string): Proportion {
  const falls = patients.flatMap((patient) => {
    const values = list.patients.get(patient)?.values;
    const [before, after] = [values?.get(BASELINE)?.vas, values?.get(timePoint)?.vas];
    return before === undefined || after === undefined ? [] : [before - after];
  });
  return proportion(falls.filter((fall) => fall >= RELIEF_VAS - 1e-9).length, falls.length);
}
