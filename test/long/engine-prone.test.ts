// The engine tells sides and sites by the patient: the same phantom scanned prone or feet first gives the same proposal.
import { expect, it } from "vitest";
import { propose } from "../../plugins/cement-leakage/engine/propose.ts";
import { makePhantom } from "../../sample-data/make-phantom.ts";

it("proposes the same sites and sides in every scan position", () => {
  const told = (["HFS", "HFP", "FFS", "FFP"] as const).map((position) =>
    propose(
      makePhantom({ sliceMm: 1.5, columns: 256, fovMm: 230.4, fovCentreYMm: 35, seed: 41, position }, 0.4)
        .volume,
    )
      .candidates.map(({ site, side }) => `${site} ${side}`)
      .sort(),
  );
  expect(told[0].length).toBeGreaterThan(0);
  for (const other of told.slice(1)) expect(other).toEqual(told[0]);
});
