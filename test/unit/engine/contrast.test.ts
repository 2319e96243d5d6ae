// Contrast, named by the header or seen in a vessel: venous and epidural proposals drop a step, with the reason; nothing else changes.
import { beforeAll, describe, expect, it } from "vitest";
import { patientFromVoxel } from "#core/space";
import type { CtVolume } from "#core/volume";
import { brightVessel } from "../../../plugins/cement-leakage/engine/contrast.ts";
import type { Proposal } from "../../../plugins/cement-leakage/engine/proposal.ts";
import { propose } from "../../../plugins/cement-leakage/engine/propose.ts";
import { patientMidline } from "../../../plugins/cement-leakage/engine/side.ts";
import { smallPhantom } from "../sample-data/small-phantom.ts";

/** The CT with a tube of this HU and diameter along the patient, in front of the sacrum: an iliac vessel with a blurred wall. */
function withTube(volume: CtVolume, value: number, diameterMm: number, [x, y]: readonly [number, number]) {
  const { grid } = volume;
  const hu = volume.hu.slice();
  for (let n = 0; n < hu.length; n++) {
    const i = n % grid.columns;
    const j = Math.floor(n / grid.columns) % grid.rows;
    const k = Math.floor(n / (grid.columns * grid.rows));
    const [px, py, pz] = patientFromVoxel(grid, i, j, k);
    const r = Math.hypot(px - x - 0.15 * pz, py - y);
    const share = 1 / (1 + Math.exp((r - diameterMm / 2) / 0.5));
    if (share > 0.005) hu[n] = Math.round(hu[n] * (1 - share) + share * (value + (hu[n] % 17)));
  }
  return { ...volume, hu };
}
const PLACE = [28, -18] as const;
/** Whole runs of the engine, on a machine that may be busy. */
const PATIENT_MS = 240_000;

describe("contrast", () => {
  let volume: CtVolume;
  let without: Proposal;
  beforeAll(() => {
    ({ volume } = smallPhantom());
    without = propose(volume);
  }, PATIENT_MS);
  const vesselIn = (ct: CtVolume) => {
    const midline = patientMidline(ct);
    if (!midline) throw new Error("no midline");
    return brightVessel(ct, midline, without.intraosseous[0].centroidMm);
  };

  it(
    "is seen in a vessel of 330 HU, and not in one of 60 or 150, in cement, bone or a full bladder",
    () => {
      const seen = vesselIn(withTube(volume, 330, 11, PLACE));
      expect(seen?.hu).toBeGreaterThan(290);
      expect(seen?.hu).toBeLessThan(350);
      expect(seen?.diameterMm).toBeGreaterThan(8);
      expect(seen?.diameterMm).toBeLessThan(13);
      for (const [hu, mm] of [
        [60, 11],
        [150, 11],
        [1800, 11],
        [330, 55],
        [330, 2.5],
      ])
        expect(vesselIn(withTube(volume, hu, mm, PLACE))).toBeNull();
      expect(vesselIn(volume)).toBeNull();
    },
    PATIENT_MS,
  );

  it(
    "seen in a vessel only is said in a note and in the sentences",
    () => {
      const { contrast, notes, candidates } = propose(withTube(volume, 330, 11, PLACE));
      expect(contrast?.agent).toBeNull();
      const hu = contrast?.vessel?.hu;
      expect(notes.map(({ en }) => en).join()).toContain(`a vessel measures ${hu} HU`);
      const vein = candidates.find(({ site }) => site === "sacral_venous_plexus");
      expect(vein?.confidence).toBe("possible");
      expect(vein?.reason.zh).toContain(`可见 ${hu} HU 的血管`);
    },
    PATIENT_MS,
  );

  it(
    "takes a step from venous and epidural proposals only, and says why",
    () => {
      const given = propose(volume, { contrastAgent: "IOMEPROL 350" });
      expect(given.contrast).toEqual({ agent: "IOMEPROL 350", vessel: null });
      expect(given.notes).toEqual(without.notes);
      const bySite = new Map(given.candidates.map((one) => [one.site, one]));
      const vein = bySite.get("sacral_venous_plexus");
      expect(without.candidates.find(({ site }) => site === "sacral_venous_plexus")?.confidence).toBe(
        "probable",
      );
      expect(vein?.confidence).toBe("possible");
      expect(vein?.reason.en).toMatch(/one step less sure, for contrast was given \(IOMEPROL 350\)/);
      expect(vein?.reason.zh).toContain("IOMEPROL 350");
      expect(bySite.get("anterior_epidural_space")?.reason.en).toContain("one step less sure");
      for (const site of ["anterior_sacral_space", "puncture_path"] as const)
        expect(bySite.get(site)).toEqual(without.candidates.find((one) => one.site === site));
      // Beside confidence and sentence, nothing is other than without contrast.
      const bare = ({ candidates, ...rest }: Proposal) => ({
        candidates: candidates.map(({ confidence: _confidence, reason: _reason, ...one }) => one),
        found: [rest.floorHu, rest.intraosseous, rest.rejected],
      });
      expect(bare(given)).toEqual(bare(without));
      expect(without.contrast).toBeUndefined();
    },
    PATIENT_MS,
  );
});
