// Where the earlier CT lies over this one: registered by the bones near this case's cement, or near the crosshair before any is found.
import type { PriorPlacement } from "#contract";
import type { Vec3 } from "#core/space";
import { voxelCount } from "#voxels/mask";
import { REGISTRATION_FAILURES } from "../engine/align-prior.ts";
import type { RunCementJob } from "../jobs.ts";
import type { Reading } from "./reading.ts";
import { WHY } from "./words.ts";

export function placePriorOf(reading: Reading): (focus: Vec3) => Promise<readonly PriorPlacement[]> {
  const { host } = reading;
  const run = host.jobs.run as RunCementJob; // ids and types of this plugin's own table
  return async (focus) => {
    const cement = reading.document
      .get()
      .parts.filter((part) => part.role !== "not_cement")
      .flatMap((part) => reading.maskOf(part.partId) ?? [])
      .sort((a, b) => voxelCount(b) - voxelCount(a));
    const places = await run("cement-leakage/align-prior", { cement, focus });
    if (!places) return [{ at: focus, toPrior: null, errorMm: null, why: WHY.notEarlier }];
    return places.map(({ at, result }): PriorPlacement =>
      result.ok
        ? { at, toPrior: result.toPrior, errorMm: result.errorMm, why: null }
        : { at, toPrior: null, errorMm: result.errorMm, why: REGISTRATION_FAILURES[result.reason] },
    );
  };
}
