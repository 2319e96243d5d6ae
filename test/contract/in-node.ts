// The contract's claims on the host without a page.
import type { Host } from "#contract";
import { headless } from "../unit/host/headless.ts";
import { smallSeries, smallVolume } from "../unit/host/small-case.ts";
import { checkJobs, checkPlugin } from "./check-plugin.ts";
import { verdictsOf, type Verdicts } from "./claims.ts";

export async function verdictsInNode(): Promise<Verdicts> {
  const hosts: Host[] = [];
  const host = headless([checkPlugin((given) => hosts.push(given))], checkJobs);
  const volume = smallVolume();
  await host.open(volume, smallSeries(volume.grid));
  return verdictsOf(hosts[0], false);
}
