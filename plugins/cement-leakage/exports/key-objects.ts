// Findings to a key object selection: for each leak the slice with its largest cross-section (DOMAIN §4.5).
import { type Result, fail, ok } from "#core/problem";
import type { KeyObjectDocument } from "#core/report-document";
import { STANDARD_CODES } from "#core/standard-codes";
import type { RunMask } from "#voxels/mask";
import { siteOf } from "../model/sites.ts";
import { type PreparedExport, NOT_FOR_DIAGNOSIS, identityOf } from "./prepare.ts";
import { refusal } from "./refusals.ts";

/** Problem "export/no-leak" where no leak has voxels. */
export function keyObjectDocument(prepared: PreparedExport): Result<KeyObjectDocument> {
  const { source } = prepared;
  const leaks = prepared.segments.filter((segment) => segment.kind === "leak");
  if (leaks.length === 0) return fail(refusal("export/no-leak"));
  const slices = leaks.map((segment) => largestSlice(segment.mask));
  const images = [...new Set(slices)].toSorted((a, b) => a - b).map((k) => source.instances[k]);
  const lines = leaks.map(
    ({ leak }, n) =>
      `Slice ${slices[n] + 1}: leak ${leak.leakId}, ${siteOf(leak.site).name.en}, ${leak.side}`,
  );
  return ok({
    identity: identityOf(prepared, "keyObjects"),
    source,
    equipment: prepared.equipment,
    title: STANDARD_CODES.kosOfInterest,
    description: `Largest cross-section of each cement leak; ${NOT_FOR_DIAGNOSIS}.\r\n${lines.join("\r\n")}`,
    evidence: [
      {
        studyInstanceUid: source.study.studyInstanceUid,
        seriesInstanceUid: source.seriesInstanceUid,
        instances: images,
      },
    ],
    images,
  });
}

/** Slice with the most voxels; the lowest of equals. */
export function largestSlice(mask: RunMask): number {
  let best = 0;
  let most = -1;
  for (let k = 0; k < mask.slices; k++) {
    let voxels = 0;
    for (let n = mask.rowStart[k * mask.rows]; n < mask.rowStart[(k + 1) * mask.rows]; n++)
      voxels += mask.end[n] - mask.start[n];
    if (voxels > most) {
      most = voxels;
      best = k;
    }
  }
  return best;
}
