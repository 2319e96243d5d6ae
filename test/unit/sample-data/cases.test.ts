// Every case the phantom offers can be made, and has what its name says.
import { expect, it } from "vitest";
import { DEFAULT_OPTIONS, PHANTOM_CASES } from "../../../sample-data/phantom-options.ts";
import { planCase } from "../../../sample-data/plan-case.ts";
import { COARSE, smallPhantom } from "./small-phantom.ts";

const planned = (chosen: (typeof PHANTOM_CASES)[number], seed = 2) =>
  planCase({ ...DEFAULT_OPTIONS, case: chosen, seed });

it.each(PHANTOM_CASES)("%s: leaks and lesions lie on the sides they are said to", (chosen) => {
  const { lesions } = planned(chosen);
  expect(lesions).toHaveLength(chosen === "two-lesions" ? 2 : 1);
  for (const { lesion, leaks } of lesions) {
    expect(leaks.length === 0).toBe(chosen === "no-leak");
    if (lesion.side !== "midline") expect(lesion.centreMm[0] > 0 ? "left" : "right").toBe(lesion.side);
    for (const { plan, solid } of leaks) {
      const middle = (solid.box.min[0] + solid.box.max[0]) / 2;
      if (plan.side !== "midline") expect(middle > 0 ? "left" : "right").toBe(plan.side);
    }
  }
});

it("treats both alae, one lesion each, in two-lesions", () => {
  expect(new Set(planned("two-lesions").lesions.map(({ lesion }) => lesion.side))).toEqual(
    new Set(["left", "right"]),
  );
});

it("lets cement out through the fracture line in a fracture", () => {
  const routes = planned("fracture").lesions.flatMap(({ leaks }) => leaks.map(({ plan }) => plan.route));
  expect(routes).toContain("fracture_line");
});

it("adds sclerotic metastases, a screw or old cement as things that are not leaks", () => {
  const kinds = (chosen: (typeof PHANTOM_CASES)[number]) => planned(chosen).mimics.map(({ kind }) => kind);
  expect(kinds("default")).toEqual(["arterial_calcification", "phlebolith", "needle_fragment", "speck"]);
  expect(kinds("blastic").filter((kind) => kind === "sclerotic_metastasis").length).toBeGreaterThan(2);
  expect(kinds("metal")).toContain("screw");
  expect(kinds("previous-cement")).toContain("previous_cement");
});

it("treats L4 in a vertebral case and names sites of a vertebra", () => {
  const { truth, masks } = smallPhantom({ ...COARSE, case: "vertebral", fovCentreYMm: 0 });
  expect(truth.lesions).toMatchObject([{ bone: "vertebra", vertebra: "L4", sacralLevels: [] }]);
  expect(truth.leaks.map(({ site }) => site)).toContain("intervertebral_disc");
  expect(masks.boneEnvelope.start.length).toBeGreaterThan(0);
});
