// The interval of a rate whose cases come in clusters: lesions within a patient are not independent.
// Field and Welsh, J R Stat Soc B 2007;69:369: whole patients are drawn with replacement.
import type { Interval } from "./proportions.ts";
import { mulberry } from "./random.ts";

/** How many of a patient's lesions have it, of how many. */
export interface Cluster {
  readonly count: number;
  readonly of: number;
}

export const BOOTSTRAP_DRAWS = 4000;
const SEED = 20200101;

/** From this many patients on, the large-sample interval differs from the drawn one by less than its own third digit. */
const LARGE = 2000;

/**
 * Percentile interval (95 %) from 4,000 draws of a fixed seed; of 2,000 patients and more the large-sample interval of a ratio of
 * cluster totals (Cochran, Sampling Techniques, 2.11), which says the same without the draws. Null for fewer than two patients.
 */
export function clusterInterval(clusters: readonly Cluster[]): Interval | null {
  const held = clusters.filter(({ of }) => of > 0);
  if (held.length < 2) return null;
  if (held.length >= LARGE) return largeSample(held);
  const random = mulberry(SEED);
  const rates = new Float64Array(BOOTSTRAP_DRAWS);
  for (let draw = 0; draw < BOOTSTRAP_DRAWS; draw++) {
    let count = 0;
    let of = 0;
    for (let n = 0; n < held.length; n++) {
      const drawn = held[Math.floor(random() * held.length)];
      count += drawn.count;
      of += drawn.of;
    }
    rates[draw] = count / of;
  }
  rates.sort();
  const at = (share: number) => rates[Math.min(BOOTSTRAP_DRAWS - 1, Math.floor(share * BOOTSTRAP_DRAWS))];
  return [at(0.025), at(0.975)];
}

function largeSample(clusters: readonly Cluster[]): Interval {
  const n = clusters.length;
  const of = clusters.reduce((sum, cluster) => sum + cluster.of, 0);
  const rate = clusters.reduce((sum, { count }) => sum + count, 0) / of;
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.count - rate * cluster.of) ** 2, 0);
  const half = (1.959963984540054 * Math.sqrt((n * squares) / (n - 1))) / of;
  return [Math.max(0, rate - half), Math.min(1, rate + half)];
}
