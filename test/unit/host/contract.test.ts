// The contract on the host without a page: the same claims run in our own page and in OHIF's by `npm run test:ohif`.
import { expect, it } from "vitest";
import { CLAIMS } from "../../contract/claims.ts";
import { verdictsInNode } from "../../contract/in-node.ts";

it("holds every claim that needs no drawn image", async () => {
  const verdicts = await verdictsInNode();
  expect(Object.keys(verdicts)).toEqual(CLAIMS.filter(({ drawn }) => !drawn).map(({ says }) => says));
  expect(Object.entries(verdicts).filter(([, why]) => why !== null)).toEqual([]);
});
