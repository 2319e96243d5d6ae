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

/** Percentile interval (95 %) from 4,000 draws of a fixed seed; null for fewer than two patients. */
export function clusterInterval(clusters: readonly Cluster[]): Interval | null {
  const held = clusters.filter(({ of }) => of > 0);
  if (held.length < 2) return null;
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
